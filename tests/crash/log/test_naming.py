"""Titles by rule. The rules' effect on whole logs is in the golden ones; here are the corners."""

import re

import pytest

from sitegen.crash.log import parse
from sitegen.crash.log.cleaning import clean
from sitegen.crash.log.crashtypes import find_type
from sitegen.crash.log.guilty import find_guilty_file
from sitegen.crash.log.kinds import KINDS, TRACE, classify
from sitegen.crash.log.oopses import OOPSES
from sitegen.crash.log.oopses.shape import RIP
from sitegen.crash.log.triggers import HINTS, MOST_SAID, find_oops
from sitegen.crash.log.walk import pattern, pick, strip_syscall
from sitegen.crash.names.demangle import demangle


@pytest.mark.parametrize(
    ("raw", "cleaned"),
    [
        ("BUG: x at 0xffff888012345678", "BUG: x at ADDR"),
        (
            "INFO: Freed in f+0x14/0x20 age=57 cpu=0 pid=18338",
            "INFO: Freed in f age=NUM cpu=NUM pid=NUM",
        ),
        ("x fs/a.c:12:3 y", "x fs/a.c:LINE y"),
        ("stuck on CPU#3 for 12s", "stuck on CPU for 12s"),
        ("from 10.0.0.1 to 192.168.1.20", "from IP to IP"),
        ("syz-executor.3/1234: syzkaller9", "syz-executor: syzkaller"),
        ("a\tb  c\x07\u00e9", "a b c"),
        ("x" * 200, "x" * 120),
        ("id 1234567890", "id ADDR"),
    ],
)
def test_a_title_is_cleaned_of_what_differs_between_runs(raw: str, cleaned: str) -> None:
    assert clean(raw) == cleaned


@pytest.mark.parametrize(
    ("text", "trigger"),
    [
        ("watchdog: BUG: soft lockup - CPU#0 stuck", "BUG:"),
        ("WARNING: CPU: 0 PID: 1 at a.c:1 f+0x1/0x2", "WARNING:"),
        ("traps: x[1] general protection fault ip:1 sp:2 error:0 in libc.so", None),
        ("INFO: lockdep is turned off.", None),
        ("ODEBUG: free active", None),
        ("XFS (sda1): WARNING: something", None),
        ("Internal error: Oops: 5 [#1]", "Internal error:"),
        ("all is well", None),
    ],
)
def test_a_trigger_begins_a_report_unless_it_is_chatter(text: str, trigger: str | None) -> None:
    oops = find_oops(text)
    assert (oops.trigger if oops else None) == trigger


def test_a_system_calls_prefix_goes_once_the_longest_that_fits() -> None:
    assert strip_syscall("SyS_pause") == "pause"
    assert strip_syscall("__x64_sys_rmdir") == "sys_rmdir"
    assert strip_syscall("__do_sys_bpf") == "bpf"
    assert strip_syscall("vfs_rmdir") == "vfs_rmdir"


def test_of_a_stalled_cpu_the_callee_of_the_anchor_is_named() -> None:
    assert pick(["leaf", "my_write", "__vfs_write"], "stall").name == "my_write"
    assert pick(["process_one_work", "worker_thread"], "stall").name == "process_one_work"
    assert pick(["x", "smp_call_function_many"], "stall").name == "smp_call_function"
    assert pick(["x", "y"], "stall").bad


def test_of_a_hung_task_what_everybody_waits_for_comes_first() -> None:
    assert pick(["__schedule", "my_wait", "rtnl_lock"], "hung").name == "rtnl_lock"
    assert pick(["synchronize_rcu_expedited"], "hung").name == "synchronize_rcu"
    assert pick(["__schedule", "io_schedule", "my_read"], "hung").name == "my_read"
    assert pick(["__schedule"], "hung").bad


@pytest.mark.parametrize(
    ("line", "function"),
    [
        ("RIP: 0010:widget_set+0x1b/0x40 [widget]", "widget_set"),
        ("RIP: 0010:[<ffffffff81000000>]  [<ffffffff81000000>] f.isra.1+0x1/0x2", "f"),
        ("pc : f+0x8/0x20", "f"),
        ("PC is at f+0x8/0x20", "f"),
        ("NIP [c000000000001234] f+0x8/0x20", "f"),
        ("RIP: 0033:0x47b7a0", None),
        ("RIP: 0010:0x0", None),
    ],
)
def test_a_pc_line_names_a_function_or_none(line: str, function: str | None) -> None:
    found = pattern(RIP).search(line)
    assert found is not None
    assert found["f"] == function


@pytest.mark.parametrize(
    ("mangled", "path"),
    [
        ("_RNvNtCs9jEwPDbx20M_4core9panicking9panic_fmt", "core::panicking::panic_fmt"),
        ("_RNvCscSpY9Juk0HT_7___rustc17rust_begin_unwind", "__rustc::rust_begin_unwind"),
        ("_RINvCs1_5alloc4makemE", "alloc::make::<u32>"),
        ("_RINvC1a3genRDNtC1b5DebugEL_EB2_", "a::gen::<&dyn b::Debug>"),
        ("_RINvC1a3genDNtC1b4IterEL0_EB2_", "_RINvC1a3genDNtC1b4IterEL0_EB2_"),
        (
            "_RINvC1a3genDG_INtC1b2FnTRL0_hEEp6OutputRL0_hEL_EB2_",
            "a::gen::<dyn for<'a> b::Fn<(&'a u8,), Output = &'a u8>>",
        ),
        ("_RINvC1a3genFhThlEEuEB2_", "a::gen::<fn(u8, (u8, i32))>"),
        ("_RINvC1a3genFUKCPhQhEzEB2_", 'a::gen::<unsafe extern "C" fn(*const u8, &mut u8) -> !>'),
        ("_RINvC1a3genFG_RL0_hERL0_hEB2_", "a::gen::<for<'a> fn(&'a u8) -> &'a u8>"),
        ("_RINvC1a3arrKj3_Kb1_Kc78_Kan5_EB2_", "a::arr::<3, true, 'x', -5>"),
        ("_RNvNtC1au9gre_6ka8i3bar", "a::gr\u00f6\u00dfe::bar"),
        ("_ZN4core3fmt5write17h0123456789abcdefE", "core::fmt::write"),
        (
            "_ZN68_$LT$core..fmt..builders..PadAdapter$u20$as$u20$core..fmt..Write$GT$9write_str17h58e4c28cf0d9d8e3E",
            "<core::fmt::builders::PadAdapter as core::fmt::Write>::write_str",
        ),
        ("_ZN7android6Looper8pollOnceEi", "android::Looper::pollOnce"),
        ("_ZNK3foo3barEv", "foo::bar"),
        ("_ZN3fooD2Ev", "foo::~foo"),
        ("_ZN12_GLOBAL__N_13fooEv", "(anonymous namespace)::foo"),
        ("_Z3fooi", "foo"),
        ("_ZN3fooIiE3barEv.cold", "foo<int>::bar.cold"),
        ("_ZN9fooE", "_ZN9fooE"),
        ("_RNvB", "_RNvB"),
        ("_R", "_R"),
        ("_ZN", "_ZN"),
        ("vfs_write", "vfs_write"),
    ],
)
def test_mangled_names_are_written_as_their_source_does(mangled: str, path: str) -> None:
    assert demangle(mangled) == path


def test_a_forged_rust_name_ends() -> None:
    assert demangle("_RNv" + "N" * 5000) == "_RNv" + "N" * 5000
    name = "_RNvB" + "B0_" * 200
    assert demangle(name) == name


def test_the_guilty_file_is_the_deepest_of_the_first_part() -> None:
    lines = [
        " kasan_report+0x1/0x2 mm/kasan/report.c:1",
        " f+0x1/0x2 net/ipv4/ip_output.c:10",
        " g+0x1/0x2 net/ipv4/netfilter/x.c:5",
        " h+0x1/0x2 fs/read_write.c:7",
    ]
    assert find_guilty_file("KASAN: x", lines) == "net/ipv4/netfilter/x.c"
    assert find_guilty_file("KASAN: x", lines[:1]) == "mm/kasan/report.c"
    assert find_guilty_file("KASAN: x", [" f+0x1/0x2"]) == ""


def test_the_guilty_file_of_a_stall_stands_below_the_interrupt() -> None:
    lines = [
        " rcu_check+0x1/0x2 drivers/rcu.c:1",
        " apic_timer_interrupt+0x1/0x2 arch/x86/entry/entry_64.S:1",
        " f+0x1/0x2 net/sched/sch.c:10",
    ]
    assert find_guilty_file("INFO: rcu detected stall in f", lines) == "net/sched/sch.c"
    assert find_guilty_file("BUG: soft lockup in f", lines) == "drivers/rcu.c"
    assert find_guilty_file("INFO: rcu detected stall in f", lines[:2]) == "drivers/rcu.c"


def test_types_follow_from_titles() -> None:
    assert find_type("BUG: unable to handle kernel paging request in f") == "MEMORY_SAFETY_BUG"
    assert find_type("general protection fault in f") == "DoS"
    assert find_type("INFO: trying to register non-static key in f") == ""
    assert find_type("KASAN: slab-out-of-bounds Write in f") == "KASAN-WRITE"


def test_every_kind_has_one_label_or_labels_of_its_own_words() -> None:
    for key, label in ((kind.key, kind.label) for kind in (*KINDS, TRACE)):
        assert re.fullmatch(r"[a-z0-9-]+", key)
        assert label


def test_every_trigger_of_the_table_has_a_kind_that_tells_its_words() -> None:
    for oops in OOPSES:
        kind, message = classify(f"{oops.trigger} something in f+0x1/0x2 [#1]")
        assert kind in KINDS
        assert message


def test_the_panic_that_follows_from_an_oops_belongs_to_it() -> None:
    log = parse(
        "BUG: kernel NULL pointer dereference, address: 0\nOops: 0000 [#1]\nRIP: 0010:f+0x1/0x2\n"
        "Call Trace:\n g+0x1/0x2\n---[ end trace 0 ]---\n"
        "Kernel panic - not syncing: Fatal exception\n"
    )
    assert [(report.kind, report.panicked) for report in log.reports] == [("null-deref", True)]


def test_a_panic_of_its_own_is_a_report_of_its_own() -> None:
    log = parse(
        "WARNING: at a.c:1 f+0x1/0x2\nKernel panic - not syncing: widget lost\nCall Trace:\n g+0x1/0x2\n"
    )
    assert [report.kind for report in log.reports] == ["warning", "panic"]


def test_a_stack_that_was_only_printed_is_no_crash() -> None:
    log = parse("Call Trace:\n f+0x1/0x2\n g+0x1/0x2\n")
    assert [(report.kind, report.crash, report.title) for report in log.reports] == [
        ("trace", False, "Stack trace in f")
    ]


def test_a_log_of_nothing_has_no_reports() -> None:
    assert parse("").reports == ()
    assert parse("hello\nworld\n").reports == ()


def doubling(links: int, inner: str = "T") -> str:
    """A mangled name of types, each of which is a pair of references to the one before."""
    digits = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"

    def reference(place: int) -> str:
        number, text = place - 1, ""
        while number:
            number, digit = divmod(number, 62)
            text = digits[digit] + text
        return f"B{text or '0'}_"

    name = "INvC1a1b"
    before = len(name)
    name += "u"
    for _ in range(links):
        place = len(name)
        name += inner + reference(before) * 2 + "E"
        before = place
    return f"_R{name}E"


@pytest.mark.parametrize(
    "name", [doubling(40), "_RINvC1a1b" + "K" + "B9_" * 600 + "E", "_RINvC1a1b" + "A" * 900 + "u"]
)
def test_a_forged_rust_name_is_given_back(name: str) -> None:
    assert demangle(name) == name


def test_after_a_call_for_all_cpus_the_lines_of_every_cpu_belong() -> None:
    log = parse(
        "[    1.000000][   T30] INFO: task syz:7 blocked for more than 143 seconds.\n"
        "[    1.000000][   T30] task:syz state:D\n"
        "[    1.000000][   T30] Sending NMI from CPU 1 to CPUs 0:\n"
        "[    1.000000][    C0] Call Trace:\n"
        "[    1.000000][    C0]  my_wait_on_it+0x1/0x2\n"
        "[    1.000000][    C0]  vfs_write+0x1/0x2\n"
        "[    1.000000][    C0]  ksys_write+0x1/0x2\n"
    )
    assert [(one.title, one.corrupted) for one in log.reports][:1] == [
        ("INFO: task hung in vfs_write", None)
    ]


def test_a_program_s_line_below_the_longest_one_is_no_rest_of_it() -> None:
    log = parse(
        "[    1.000000] BUG: kernel NULL pointer dereference, address: 0\n"
        "[    1.000000] Hardware name: a machine whose maker gave it a name that is long enough\n"
        "executing program 7:\n"
        "[    1.000000][    C1] WARNING: at a.c:1 f+0x1/0x2\n"
        "[    1.000000] RIP: 0010:g+0x1/0x2\n"
        "[    1.000000] Call Trace:\n"
        "[    1.000000]  h+0x1/0x2\n"
    )
    assert log.reports[0].title.endswith("NULL pointer dereference in corrupted")


def test_a_hint_stands_in_every_trigger() -> None:
    assert all(any(hint in oops.trigger for hint in HINTS) for oops in OOPSES)


def test_a_trigger_far_on_in_a_line_is_found() -> None:
    line = "noise " * MOST_SAID + "BUG: unable to handle page fault for address: 0 " + "x" * 9000
    (report,) = parse(f"{line}\nRIP: 0010:f+0x1/0x2\nCall Trace:\n g+0x1/0x2\n h+0x1/0x2\n").reports
    assert report.title == "BUG: unable to handle kernel paging request in f"


def test_modules_of_a_long_line_are_all_read() -> None:
    names = [f"module_{number}" for number in range(400)]
    log = parse(f"BUG: scheduling while atomic: sh/1/0x2\nModules linked in: {' '.join(names)}\n")
    assert [module.name for module in log.reports[0].modules] == names
