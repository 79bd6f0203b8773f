"""What a step runs in: its task, an interrupt, a soft interrupt. Read from the way there.

A log marks where a stack begins, and not on all architectures; what runs on it is known by the
entries on the way and by the functions that run soft interrupts.
"""

from collections.abc import Iterable, Iterator

from sitegen.crash.chain.steps import Step
from sitegen.model import Context

_SOFT = frozenset({"__do_softirq", "handle_softirqs", "__softirqentry_text_start"})
_BY_MECHANISM: dict[str, Context] = {"interrupt": "irq", "non-maskable interrupt": "nmi"}


def contexts_of(steps: Iterable[Step]) -> Iterator[Context]:
    """The context of each step, entry first."""
    context: Context = "task"
    stack: Context = "task"
    for index, step in enumerate(steps):
        if step.stop.context != stack:
            stack = context = step.stop.context
        if step.edge.kind == "entry":
            context = _BY_MECHANISM.get(step.edge.mechanism, context)
        elif step.edge.kind == "trap" and index:
            context = "exception"
        if step.function in _SOFT and context in {"task", "irq"}:
            context = "softirq"
        yield context
