"""Where a chain comes from, what its steps run in, and why there is none."""

import pytest
from msgspec.structs import replace

from sitegen.crash.arch import find_arch
from sitegen.crash.chain.absent import absent
from sitegen.crash.chain.link import link
from sitegen.crash.chain.origin import origin
from sitegen.model import CrashLog, Task

X86, ARM64 = find_arch("x86_64"), find_arch("aarch64")


class Told:
    """A report's chain, and its origin in words."""

    def __init__(self, report, image, *, arch=X86, lines=()):
        report = replace(report, task=Task(1, 42, "sh"), last=max(report.last, len(lines)))
        log = CrashLog(tuple(lines) or ("",) * report.last, (), (report,))
        self.chain = link(report, image.answers(report), image=image, arch=arch)
        self.words = origin(self.chain, report, log)
        self.contexts = [step.context for step in self.chain]


def test_a_system_call_is_named_with_who_made_it(make, image):
    trace = make.trace("f", "do_syscall_64", "entry_SYSCALL_64")
    assert Told(make.report(trace, make.state(user=True, orig_rax=1)), image).words == (
        "write(2) by sh, PID 42"
    )
    assert Told(make.report(trace), image).words == "a system call by sh, PID 42"


def test_a_thread_is_named_with_what_it_runs(make, image):
    for name in ("process_one_work", "worker_thread", "kthread", "ret_from_fork", "my_work"):
        image.put(name)
        image.calls(name, "")
    names = ("process_one_work", "worker_thread", "kthread", "ret_from_fork")
    report = make.report(make.trace("my_work", *names))
    assert Told(report, image).words == "work item my_work in sh, PID 42"
    lines = ("[  1.0] Workqueue: events my_work [mine]",)
    assert Told(report, image, lines=lines).words == (
        "work item my_work of workqueue events in sh, PID 42"
    )
    report = make.report(make.trace("f", "worker_thread", "kthread", "ret_from_fork"))
    assert Told(report, image, lines=lines).words == (
        "work item my_work of workqueue events in sh, PID 42"
    ), "the line tells where the trace does not"
    report = make.report(make.trace("g", "kthread", "ret_from_fork"))
    assert Told(report, image).words == "kernel thread sh, PID 42"


def test_an_interrupt_stands_on_top_of_what_it_interrupted(make, image):
    report = make.report(
        make.trace(
            *("f", "run_timer_softirq", "handle_softirqs", "__irq_exit_rcu"),
            *("sysvec_apic_timer_interrupt", "asm_sysvec_apic_timer_interrupt"),
            *("g!", "do_syscall_64", "entry_SYSCALL_64"),
        ),
        make.state(user=True, orig_rax=1),
    )
    told = Told(report, image)
    assert told.words == "timer softirq on CPU 1 on top of write(2) by sh, PID 42"
    assert told.contexts == [*["task"] * 3, *["irq"] * 3, *["softirq"] * 3]
    assert [step.function for step in told.chain if step.interrupted] == ["g"]


def test_the_callback_that_runs_is_named_before_the_softirq(make, image):
    for name in ("call_timer_fn", "my_timer"):
        image.put(name)
    image.calls("call_timer_fn", "")
    image.holds("my_timer", "timer", type="timer_list", member="function")
    image.jumping["my_timer"] = ()
    names = ("call_timer_fn", "run_timer_softirq", "handle_softirqs", "el1h_64_irq")
    report = make.report(make.trace("my_timer", *names, "do_idle!", "cpu_startup_entry"))
    told = Told(report, image, arch=ARM64)
    assert told.words == "timer my_timer on CPU 1 on top of the idle task of CPU 1"
    assert told.contexts[-1] == "softirq", "arm64 does not mark the stacks"


def test_exceptions_of_the_kernel_and_of_programs_are_told_apart(make, image):
    trace = make.trace("f", "asm_exc_page_fault", "g!", "do_syscall_64", "entry_SYSCALL_64")
    told = Told(make.report(trace), image)
    assert told.words == "page fault on CPU 1 on top of a system call by sh, PID 42"
    assert told.contexts == ["task", "task", "task", "exception", "exception"]
    told = Told(make.report(make.trace("f", "exc_page_fault", "asm_exc_page_fault")), image)
    assert told.words == "page fault in user mode, of sh, PID 42"
    assert set(told.contexts) == {"task"}


def test_what_an_entry_calls_is_no_second_entry(make, image):
    names = ("f", "common_interrupt", "asm_common_interrupt", "do_idle!", "start_secondary")
    chain = Told(make.report(make.trace(*names)), image).chain
    assert [step.function for step in chain if step.interrupted] == ["do_idle"]


def test_a_beginning_that_is_not_known_is_not_told(make, image):
    assert Told(make.report(make.trace("f", "g")), image).words == ""
    report = make.report(make.trace("f", "asm_exc_nmi", "g!", "h"))
    assert Told(report, image).words == ("non-maskable interrupt on CPU 1 on top of sh, PID 42")


# --- no chain --------------------------------------------------------------------------------


def test_a_report_whose_frames_are_all_in_doubt_has_no_chain_and_says_why(make, image):
    report = make.report(make.state("0x12"), make.trace("? f", "? g"))
    assert Told(report, image).chain == ()
    found = absent(report, {})
    assert found.reason == (
        "the kernel vouches for none of the trace's frames, of which there are 2, "
        "and the PC lies in no function"
    )
    assert found.caller.symbol.name == "f"


def test_where_the_function_is_known_it_is_a_step_all_the_same(make, image):
    report = make.report(make.state("h"), make.trace("? f"))
    assert [step.function for step in Told(report, image).chain] == ["h"]
    assert absent(report, {}).reason.startswith("the kernel vouches for none of the trace's frames")
    assert absent(report, {}).caller is None


@pytest.mark.parametrize(
    ("state", "reason"),
    [
        ("f", "the log prints no call trace"),
        ("", "the log prints neither a call trace nor where it crashed"),
    ],
)
def test_a_report_without_a_trace_says_so(make, state, reason):
    report = make.report(*([make.state(state)] if state else []))
    assert absent(report, {}).reason == reason


def test_the_possible_caller_is_one_that_calls_through_a_pointer(make, image):
    for name in ("noise", "caller"):
        image.put(name)
    image.calls("noise", "other")
    image.calls("caller", "")
    report = make.report(make.state("0x0"), make.trace("? noise", "? caller", "outer"))
    assert absent(report, image.answers(report), image).caller.symbol.name == "caller"
    assert absent(report, {}).caller.symbol.name == "noise"
    assert absent(report, {}).reason == ""


def test_a_bad_pc_that_a_frame_calls_needs_no_possible_caller(make):
    report = make.report(make.state("0x0"), make.trace("caller", "? noise", "outer"))
    assert absent(report, {}) == absent(report, {})._replace(reason="", caller=None)
