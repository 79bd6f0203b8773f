"""Which frames of a report lead to the crash, entry first.

Frames that the unwinder doubts are no part of it, nor is what the kernel ran
afterwards to report.
"""

from collections.abc import Mapping, Sequence
from typing import Literal, NamedTuple

from sitegen.crash.arch import Arch, is_exception_entry
from sitegen.crash.chain.reporters import REPORTING, name_of, without_reporting
from sitegen.crash.chain.stacks import crash_stack, crash_state
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
    kept = without_reporting(_inward(report, stack), arch, report.kind)
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
    """The functions inside of the crash, in the order they were called: they ran to report it.

    Of a task that waits they are the scheduler's.
    """
    every = _inward(report, crash_stack(report.traces))
    kept = without_reporting(every, arch, report.kind)
    dropped = every[: len(every) - len(kept)]
    return tuple(name for frame, _ in reversed(dropped) if (name := name_of(frame)))


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
    if pc is not None and not (inner and name_of(inner[0][0]) in REPORTING | {"panic"}):
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
    if lr.symbol is None or name_of(lr) == name_of(pc) or any(_same(lr, one) for one in inner[:2]):
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


def _same(frame: Frame, pc: Frame) -> bool:
    """Whether a trace's first frame repeats the PC, as arm64 prints it."""
    if frame.symbol is None or pc.symbol is None:
        return frame.address is not None and frame.address == pc.address
    return frame.symbol == pc.symbol
