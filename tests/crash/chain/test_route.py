import pytest
from msgspec.structs import replace

from sitegen.crash.arch import find_arch
from sitegen.crash.chain.route import reporting, route

X86 = find_arch("x86_64")


def names(report, arch=X86):
    return [stop.name or hex(stop.frame.address) for stop in route(report, arch)]


def arrivals(report):
    return [stop.arrival for stop in route(report, X86)]


def test_entry_comes_first_and_doubtful_frames_are_left_out(make):
    report = make.report(make.trace("? f", "g", "? h", "do_syscall_64", "entry_SYSCALL_64"))
    assert names(report) == ["entry_SYSCALL_64", "do_syscall_64", "g"]
    assert arrivals(report) == ["start", "call", "call"]


def test_the_chain_of_a_panic_ends_at_panic(make):
    report = make.report(make.trace("dump_stack_lvl", "panic", "sysrq_handle_crash", "entry"))
    assert names(report) == ["entry", "sysrq_handle_crash", "panic"]


def test_the_pc_of_an_oops_is_the_last_step(make):
    report = make.report(make.state("cm_read"), make.trace("cm_write", "entry"))
    assert names(report) == ["entry", "cm_write", "cm_read"]


def test_a_pc_that_the_trace_repeats_is_one_step(make):
    report = make.report(make.state("cm_read"), make.trace("cm_read!", "entry"))
    assert names(report) == ["entry", "cm_read"]


def test_registers_of_the_process_and_of_later_dumps_are_not_where_it_crashed(make):
    trace = ("f", "entry")
    assert names(make.report(make.state("user_code", user=True), make.trace(*trace))) == [
        "entry",
        "f",
    ]
    report = make.report(make.trace(*trace), make.state("later"))
    assert names(report) == ["entry", "f"]


def test_what_reports_a_warning_from_within_its_exception_is_left_out(make):
    inside = ("dump_stack_lvl", "panic", "check_panic_on_warn.cold", "__warn", "report_bug")
    entry = ("handle_bug", "exc_invalid_op", "asm_exc_invalid_op")
    report = make.report(make.trace(*inside, *entry, "cm_warn!", "cm_write", "entry"))
    assert names(report) == ["entry", "cm_write", "cm_warn"]


def test_a_panic_within_an_exception_that_does_something_else_stays(make):
    report = make.report(
        make.trace("dump_stack_lvl", "panic", "handler", "exc_int3", "asm_exc_int3", "f!", "entry")
    )
    assert names(report) == ["entry", "f", "asm_exc_int3", "exc_int3", "handler", "panic"]
    assert arrivals(report) == ["start", "call", "interrupt", "call", "call", "call"]


def test_sanitizers_are_left_out(make):
    report = make.report(make.trace("dump_stack_lvl", "print_report", "kasan_report", "f", "entry"))
    assert names(report) == ["entry", "f"]
    report = make.report(make.trace("dump_stack", "__ubsan_handle_shift_out_of_bounds", "f"))
    assert names(report) == ["f"]


def test_a_trace_of_reporters_alone_keeps_one(make):
    assert names(make.report(make.trace("dump_stack", "show_stack"))) == ["show_stack"]


def test_an_interrupt_stands_on_top_of_the_task(make):
    report = make.report(
        make.state("fault"),
        make.trace("timer_fn", "sysvec_apic_timer_interrupt", context="irq"),
        make.trace("asm_sysvec_apic_timer_interrupt", "halt!", "do_idle", "start"),
    )
    assert names(report) == [
        *("start", "do_idle", "halt", "asm_sysvec_apic_timer_interrupt"),
        *("sysvec_apic_timer_interrupt", "timer_fn", "fault"),
    ]
    assert [stop.context for stop in route(report)] == ["task"] * 4 + ["irq"] * 3
    assert arrivals(report)[3:5] == ["interrupt", "call"]


def test_another_stack_of_the_report_is_not_mixed_in(make):
    report = make.report(
        make.trace("f", "entry"),
        make.trace("kmalloc", "g", title="Allocated by task 12"),
    )
    assert names(report) == ["entry", "f"]
    report = make.report(make.trace("f", "entry"), make.trace("g", "other"))
    assert names(report) == ["entry", "f"]


def test_lines_printed_twice_are_taken_once(make):
    report = make.report(make.trace("panic", "panic", "f", "f", "entry", "entry"))
    assert names(report) == ["entry", "f", "panic"]
    report = make.report(make.trace("f", "f", "g", "entry"))
    assert names(report) == ["entry", "g", "f", "f"], "recursion stays"


def test_without_frames_to_trust_there_is_no_way(make):
    assert route(make.report(), X86) == ()
    assert route(make.report(make.trace("? f", "? g")), X86) == ()


def test_a_pc_without_a_name_is_a_step(make):
    assert names(make.report(make.state("0x0"), make.trace("f"))) == ["f", "0x0"]


def test_what_only_reported_is_named_in_the_order_it_was_called(make):
    report = make.report(make.trace("dump_stack", "show_stack", "panic", "f", "g"))
    assert reporting(report) == ("show_stack", "dump_stack")
    assert [stop.name for stop in route(report)] == ["g", "f", "panic"]
    assert reporting(make.report(make.trace("f", "g"))) == ()


def test_a_stack_kept_from_before_is_not_the_reports_own(make):
    before = (
        make.trace("kmalloc", "g", title="Allocated in g+0x1/0x2 age=2 cpu=1 pid=94"),
        make.trace("kfree", "h", title="Freed in h+0x1/0x2 age=2 cpu=1 pid=94"),
    )
    own = make.trace("dump_stack_lvl", "f", "entry")
    assert names(make.report(*before, own)) == ["entry", "f"]
    assert names(make.report(*before)) == ["g", "kmalloc"], "there is no other"
    lock = make.trace("lock_acquire", "g", title="-> #1 (&x){+.+.}-{3:3}")
    assert names(make.report(lock, own)) == ["entry", "f"]


@pytest.mark.parametrize(
    ("kind", "inside", "end"),
    [
        ("slub", ("dump_stack_lvl", "check_bytes_and_report", "check_object"), "get_partial_node"),
        ("page-poison", ("dump_stack_lvl", "__kernel_unpoison_pages"), "get_page_from_freelist"),
        ("oom-kill", ("dump_stack_lvl", "dump_header", "oom_kill_process"), "out_of_memory"),
        ("atomic-sleep", ("dump_stack", "__schedule_bug", "__schedule", "schedule"), "msleep"),
        ("hung-task", ("__schedule", "schedule", "schedule_preempt_disabled"), "__mutex_lock"),
        ("hung-task", ("__switch_to", "__schedule", "schedule", "io_schedule"), "folio_wait_bit"),
    ],
)
def test_the_machinery_of_a_kind_is_no_step(make, kind, inside, end):
    report = replace(make.report(make.trace(*inside, end, "f", "entry")), kind=kind)
    assert names(report) == ["entry", "f", end]
    assert reporting(report, X86) == inside[::-1]


def test_the_machinery_of_another_kind_is_a_step(make):
    report = make.report(make.state("__schedule"), make.trace("schedule", "f"))
    assert names(report) == ["f", "schedule", "__schedule"]
    alone = replace(make.report(make.trace("__schedule", "schedule")), kind="hung-task")
    assert names(alone) == ["schedule"], "one is kept"
