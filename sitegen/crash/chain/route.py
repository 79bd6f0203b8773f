"""Which frames of a report lead to the crash, entry first.

Frames that the unwinder doubts are no part of it, nor is what the kernel ran
afterwards to report.
"""

from collections.abc import Mapping, Sequence
from typing import Literal, NamedTuple

from sitegen.crash.arch import Arch, is_exception_entry
from sitegen.crash.names import bare_name
from sitegen.crash.symbols.values import Decoded, Undecoded
from sitegen.model import CallTrace, Context, Frame, Report, State

Answers = Mapping[Frame, Decoded | Undecoded]
"""What each frame of a report decodes to; a frame that was not asked about is not in it."""


class Stop(NamedTuple):
    """A frame on the way."""

    frame: Frame
    context: Context
    arrival: Literal["start", "call", "interrupt"]
    "how control came here: the outermost frame, a call, or an exception or interrupt"
    register: bool = False
    "not of the trace: its return address stands in the link register"
    doubted: tuple[Frame, ...] = ()
    "unreliable frames of the trace between this one and the one before it on the way, innermost first"

    @property
    def name(self) -> str:
        """The function's name, bare; of a return address at a function's start the one before it."""
        symbol = self.frame.symbol
        if symbol is None:
            return ""
        if symbol.size and not symbol.offset and self.frame.lookup == "return":
            return f"the function before {bare_name(symbol.name)}"
        return bare_name(symbol.name)


def decoded(stop: Stop, answers: Answers) -> Decoded | None:
    answer = answers.get(stop.frame)
    return answer if isinstance(answer, Decoded) else None


def route(report: Report, arch: Arch | None = None) -> tuple[Stop, ...]:
    """The frames from the entry to the crash; empty when the report has none that can be trusted."""
    stack = crash_stack(report.traces)
    state = crash_state(report, stack)
    kept = _without_reporting(_inward(report, stack), arch)
    caller = _leaf_caller(state, [frame for frame, _ in kept])
    if caller is not None:
        kept.insert(1, (caller, kept[0][1]))
    doubted = _doubted(stack)
    stops = []
    for index, (frame, context) in reversed(list(enumerate(kept))):
        outer = kept[index + 1][0] if index + 1 < len(kept) else None
        stops.append(
            Stop(
                frame,
                context,
                _arrival(outer, frame, arch),
                frame is caller,
                doubted.get(outer, ()) if outer else (),
            )
        )
    return tuple(stops)


def reporting(report: Report, arch: Arch | None = None) -> tuple[str, ...]:
    """The functions that ran after the crash and only to report it, in the order they were called."""
    every = _inward(report, crash_stack(report.traces))
    kept = _without_reporting(every, arch)
    dropped = every[: len(every) - len(kept)]
    return tuple(name for frame, _ in reversed(dropped) if (name := _name(frame)))


def _inward(report: Report, stack: Sequence[CallTrace]) -> list[tuple[Frame, Context]]:
    """The frames that can be trusted, innermost first, with the PC where the log prints it."""
    inner = [
        (frame, trace.context)
        for trace in stack
        for frame in trace.frames
        if frame.reliable and (frame.symbol or frame.address is not None)
    ]
    inner = _once(inner[:_MOST])
    state = crash_state(report, stack)
    pc = state.pc if state else None
    if pc is not None and pc.symbol is None and not inner:
        return []  # an address that lies in no function, and nothing that leads there
    if pc is not None and not (inner and _name(inner[0][0]) in REPORTING | {"panic"}):
        if inner and _same(inner[0][0], pc):
            inner[0] = (pc, inner[0][1])
        else:
            inner.insert(0, (pc, inner[0][1] if inner else "task"))
    return inner


def _doubted(stack: Sequence[CallTrace]) -> dict[Frame, tuple[Frame, ...]]:
    """The unreliable frames just inside of each reliable one."""
    found: dict[Frame, tuple[Frame, ...]] = {}
    run: list[Frame] = []
    for trace in stack:
        for frame in trace.frames:
            if not frame.reliable:
                run.append(frame)
            else:
                found[frame] = tuple(run[-_MOST_DOUBTED:])
                run = []
    return found


_MOST_DOUBTED = 16
"""Unreliable frames that are looked at between two others, the outermost."""


def _leaf_caller(state: State | None, inner: Sequence[Frame]) -> Frame | None:
    """The caller of a function that has no frame yet: it stands in the link register alone.

    Frame pointers lead from such a function to its caller's caller. A register that holds an
    address of the function itself is what an earlier call left in it.
    """
    if state is None or state.lr is None or not inner or inner[0] != state.pc:
        return None
    lr, pc = state.lr, inner[0]
    if lr.symbol is None or _name(lr) == _name(pc) or any(_same(lr, one) for one in inner[:2]):
        return None
    return lr


_MOST = 4096
"""Frames that are followed, from the innermost: no kernel stack holds as many."""


def _once(inner: list[tuple[Frame, Context]]) -> list[tuple[Frame, Context]]:
    """The frames of a log in which each line stands twice, as two consoles on one port print it."""
    names = [(frame.symbol, frame.address) for frame, _ in inner]
    # Recursion is no such log: its outermost function, the entry, would stand there once.
    twice = len(names) >= 2 * 2 and names[::2] == names[1::2] and names[-1] != names[-3]
    return inner[1::2] if twice else inner


def _arrival(
    outer: Frame | None, frame: Frame, arch: Arch | None
) -> Literal["start", "call", "interrupt"]:
    if outer is None:
        return "start"
    # An exact address is where something was interrupted: what is inside of it was not called.
    if outer.lookup == "exact":
        return "interrupt"
    # asm_common_interrupt calls common_interrupt, which once was an entry itself.
    entered = _is_entry(frame, arch) and not _is_entry(outer, arch)
    return "interrupt" if entered else "call"


def _is_entry(frame: Frame, arch: Arch | None) -> bool:
    return frame.symbol is not None and is_exception_entry(frame.symbol.name, arch)


# --- which stack -----------------------------------------------------------------------------

_INWARD: dict[Context, int] = {"nmi": 0, "exception": 1, "irq": 2, "softirq": 3, "task": 4}


def crash_stack(traces: Sequence[CallTrace]) -> tuple[CallTrace, ...]:
    """The parts of the first stack of a report, innermost first: an interrupt's, then the task's.

    A part belongs to it while titles stay the same and contexts go outwards; what
    follows (`Freed by task 312`, another task) is another stack.
    """
    found: list[CallTrace] = []
    for trace in traces:
        if found and (
            trace.title != found[0].title or _INWARD[trace.context] <= _INWARD[found[-1].context]
        ):
            break
        found.append(trace)
    return tuple(found)


def crash_state(report: Report, stack: Sequence[CallTrace]) -> State | None:
    """The kernel's state printed above the stack: where it crashed, or what had run too long."""
    before = stack[0].at.line if stack else report.last + 1
    found = None
    for state in report.states:
        if state.pc is not None and not state.user and state.first < before:
            found = state
    return found


def _same(frame: Frame, pc: Frame) -> bool:
    """Whether a trace's first frame repeats the PC, as arm64 prints it."""
    if frame.symbol is None or pc.symbol is None:
        return frame.address is not None and frame.address == pc.address
    return frame.symbol == pc.symbol


# --- what the kernel ran to report -----------------------------------------------------------

_DUMPING = frozenset(
    {
        *("dump_stack", "dump_stack_lvl", "__dump_stack", "show_stack", "show_stack_regs"),
        *("show_trace", "show_trace_log_lvl", "show_regs", "__show_regs", "dump_backtrace"),
        *("unwind_backtrace", "walk_stackframe", "show_backtrace", "sched_show_task"),
        *("nmi_cpu_backtrace", "nmi_trigger_cpumask_backtrace", "arch_trigger_cpumask_backtrace"),
        *("kasan_report", "__kasan_report", "print_report", "print_address_description"),
        *("kasan_report_invalid_free", "kasan_report_double_free", "kasan_object_err"),
        *(
            "ubsan_epilogue",
            "kmsan_report",
            "__msan_warning",
            "kcsan_report",
            "kfence_report_error",
        ),
    }
)
"""Printers of a stack and of a sanitizer's finding."""

_DYING = frozenset(
    {
        *("__warn", "warn_slowpath_common", "warn_slowpath_fmt", "warn_slowpath_null"),
        *("check_panic_on_warn", "report_bug", "__report_bug", "handle_bug", "fixup_bug"),
        *("panic", "vpanic", "nmi_panic", "die", "__die", "__die_body", "die_addr", "oops_end"),
        # x86
        *("do_error_trap", "do_trap", "do_trap_no_signal", "do_invalid_op", "do_int3"),
        *("do_divide_error", "do_general_protection", "do_double_fault", "no_context"),
        *("page_fault_oops", "bad_area", "bad_area_nosemaphore", "__bad_area_nosemaphore"),
        *("kernelmode_fixup_or_oops", "do_user_addr_fault", "do_kern_addr_fault"),
        *("handle_page_fault", "__do_page_fault", "do_page_fault", "mce_panic", "do_machine_check"),
        # arm64 and arm
        *("__do_kernel_fault", "die_kernel_fault", "do_bad_area", "do_translation_fault"),
        *("do_mem_abort", "do_sp_pc_abort", "do_tag_check_fault", "arm64_notify_die"),
        *("bug_handler", "brk_handler", "call_break_hook", "do_debug_exception", "bug_brk_handler"),
        *("el1_abort", "el1_dbg", "el1_undef", "el1_brk64", "do_el1_undef", "do_el1_brk64"),
        *("el1h_64_sync_handler", "el1_sync_handler", "do_DataAbort", "do_PrefetchAbort"),
        *("do_undefinstr", "__bug"),
        # RISC-V, PowerPC, s390
        *(
            "do_trap_break",
            "do_trap_insn_illegal",
            "handle_break",
            "do_trap_error",
            "bad_page_fault",
        ),
        *(
            "program_check_exception",
            "__bad_page_fault",
            "monitor_event_exception",
            "__do_pgm_check",
        ),
    }
)
"""What runs between an exception's entry and the printers, where the report is of that exception."""

REPORTING = _DUMPING | _DYING - {"panic", "vpanic"}
_PREFIXES = ("__asan_report_", "__ubsan_handle_", "kasan_report_", "print_bad_")


def _without_reporting(
    inner: list[tuple[Frame, Context]], arch: Arch | None
) -> list[tuple[Frame, Context]]:
    """The frames (innermost first) without those that only report.

    The kernel reports a BUG, a WARNING or a bad access from within the exception they
    raise: all that is inside of it goes. A stack that ends in panic() keeps it: that is
    where control went by itself.
    """
    for index, (frame, _) in enumerate(inner):
        name = _name(frame)
        symbol = frame.symbol
        if symbol and index and is_exception_entry(symbol.name, arch):
            return inner[index + 1 :] or inner
        if not (name in _DUMPING or name in _DYING or name.startswith(("exc_", *_PREFIXES))):
            break
    names = [_name(frame) for frame, _ in inner]
    for index, name in enumerate(names):
        if name in {"panic", "vpanic"}:
            return inner[index:]
        if name not in _DUMPING | _DYING:
            break
    first = 0
    while first + 1 < len(inner) and (
        names[first] in REPORTING or names[first].startswith(_PREFIXES)
    ):
        first += 1
    return inner[first:]


def _name(frame: Frame) -> str:
    return bare_name(frame.symbol.name) if frame.symbol else ""
