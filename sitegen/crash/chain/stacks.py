"""Which of a report's stacks is the crash's own, and which registers belong to it."""

from collections.abc import Sequence

from sitegen.crash.log.trace import is_secondary
from sitegen.model import CallTrace, Context, Report, State

_INWARD: dict[Context, int] = {"nmi": 0, "exception": 1, "irq": 2, "softirq": 3, "task": 4}


def crash_stack(traces: Sequence[CallTrace]) -> tuple[CallTrace, ...]:
    """The parts of a report's own stack, innermost first: an interrupt's, then the task's.

    It is the first one that was not kept from before (SLUB prints `Allocated in ...` above its
    own), or the first at all where all were. A part belongs to it while titles stay the same
    and contexts go outwards; what follows (`Freed by task 312`, another task) is another stack.
    """
    own = (index for index, trace in enumerate(traces) if not is_secondary(trace.title))
    found: list[CallTrace] = []
    for trace in traces[next(own, 0) :]:
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
