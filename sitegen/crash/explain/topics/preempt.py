"""The preempt count, and what lines about sleeping in the wrong place print of it."""

import re
from collections.abc import Iterator

from sitegen.crash.explain.topics.shape import Topic, rule
from sitegen.crash.explain.words import Word
from sitegen.crash.lazy import Lazy

_FIELDS = (
    ("preemption is disabled", 0, 0xFF),
    ("within a softirq, or with them disabled", 8, 0xFF),
    ("within a hard interrupt", 16, 0xF),
    ("within an NMI", 20, 0xF),
)
_SCHEDULING = Lazy(
    r"scheduling while atomic: \S.{0,40}?/(?P<pid>\d{1,10})/0x(?P<count>[0-9a-f]{8})"
)
_EXITED = Lazy(r"exited with preempt_count (?P<count>\d{1,10})")
_COUNT = Lazy(r"preempt_count(?:=|: ?)(?P<count>[0-9a-f]{1,8})\b")
_IRQS = Lazy(r"exited with (?P<off>irqs disabled)")
_NEST = Lazy(r"RCU nest depth: (?P<depth>\d{1,4}), expected: (?P<expected>\d{1,4})")
_ATOMIC = Lazy(
    r"in_atomic\(\): (?P<atomic>\d), irqs_disabled\(\): (?P<irqs>\d)"
    r"(?:, non_block: (?P<block>\d))?"
)


def count_text(count: int) -> str:
    """What a preempt count says, as sentences.

    >>> count_text(0x10001)
    'Preempt count 0x10001: preemption is disabled; within a hard interrupt. Such code must not sleep.'
    """
    said = []
    for words, shift, mask in _FIELDS:
        depth = count >> shift & mask
        if depth:
            said.append(words + (f", {depth} deep" if depth > 1 and shift < 20 else ""))
    if not said:
        return f"Preempt count {count:#x}: nothing forbids to sleep."
    return f"Preempt count {count:#x}: {'; '.join(said)}. Such code must not sleep."


def scheduling_text(count: int) -> str:
    """What the count says where the scheduler was entered: of it, 1 is the scheduler's own."""
    if not count:
        return (
            "Preempt count 0x0: it should be 1 here, for the scheduler itself. Preemption was enabled once "
            "more than it was disabled: mostly after an earlier report, which set the count straight."
        )
    said = count_text(count)
    if count & 0xFF > 1:
        said = said.replace(" deep", " deep, one of them by the scheduler itself", 1)
    return (
        f"{said} The task called the scheduler all the same. Whoever took the lock or disabled preemption "
        "may no longer be in the trace."
    )


def preempt_words(text: str) -> Iterator[Word]:
    """Each word of the line that tells whether the task could sleep."""
    if found := _SCHEDULING.search(text):
        said = scheduling_text(int(found["count"], 16))
        yield Word(found.start("count") - 2, found.end("count"), said, weight="misleading")
    elif found := _EXITED.search(text):
        said = count_text(int(found["count"]))
        extra = " It was killed while it held a lock or had preemption disabled, and nobody undoes that."
        yield Word(found.start("count"), found.end("count"), said + extra)
    elif found := _COUNT.search(text):
        yield Word(found.start("count"), found.end("count"), count_text(int(found["count"], 16)))
    if found := _IRQS.search(text):
        said = "The task was killed while interrupts were off on its CPU."
        yield Word(found.start("off"), found.end("off"), said)
    if found := _ATOMIC.search(text):
        yield from _atomic(found)
    if found := _NEST.search(text):
        same = found["depth"] == found["expected"]
        said = (
            "Within no section of RCU's readers, which would forbid to sleep."
            if found["depth"] == "0"
            else "So many sections of RCU's readers deep: they forbid to sleep."
        )
        yield Word(*found.span("depth"), said, weight="plain" if same else "telling")


def _atomic(found: re.Match[str]) -> Iterator[Word]:
    atomic = (
        "1: code that must not sleep" if found["atomic"] != "0" else "0: the count allows to sleep"
    )
    yield Word(found.start("atomic"), found.end("atomic"), f"{atomic}.")
    off = "1: interrupts are off" if found["irqs"] != "0" else "0: interrupts are on"
    yield Word(found.start("irqs"), found.end("irqs"), f"{off}.")
    if found["block"] and found["block"] != "0":
        said = "1 or more: within a section that promised not to block (non_block_start())."
        yield Word(found.start("block"), found.end("block"), said)


PREEMPT = Topic(
    rules=(
        rule(
            "BUG:",
            r"(?P<w>scheduling while atomic)",
            "The task went to sleep while it held a spinlock or had disabled preemption or interrupts.",
        ),
        rule(
            "BUG:",
            r"(?P<w>sleeping function called from invalid context)",
            "A function that may sleep was called where sleeping is forbidden.",
        ),
        rule(
            "Preemption",
            r"(?P<w>Preemption disabled at)",
            "Who disabled it, and so forbade to sleep: that is the place to look at.",
        ),
    ),
    readers=dict.fromkeys(
        ("BUG:", "note:", "in_atomic():", "preempt_count:", "RCU"), (preempt_words,)
    ),
)
