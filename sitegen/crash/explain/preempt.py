"""The preempt count, and what lines about sleeping in the wrong place print of it."""

import re
from collections.abc import Iterator

from sitegen.crash.explain.words import Word

_FIELDS = (
    ("preemption is disabled", 0, 0xFF),
    ("within a softirq, or with them disabled", 8, 0xFF),
    ("within a hard interrupt", 16, 0xF),
    ("within an NMI", 20, 0xF),
)
_SCHEDULING = re.compile(
    r"scheduling while atomic: \S.{0,40}?/(?P<pid>\d{1,10})/0x(?P<count>[0-9a-f]{8})"
)
_EXITED = re.compile(r"exited with preempt_count (?P<count>\d{1,10})")
_COUNT = re.compile(r"preempt_count(?:=|: ?)(?P<count>[0-9a-f]{1,8})\b")
_IRQS = re.compile(r"exited with (?P<off>irqs disabled)")
_ATOMIC = re.compile(
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


def preempt_words(text: str) -> Iterator[Word]:
    """Each word of the line that tells whether the task could sleep."""
    if found := _SCHEDULING.search(text):
        count = count_text(int(found["count"], 16))
        extra = (
            " The task called the scheduler all the same. Whoever took the lock or disabled preemption "
            "may no longer be in the trace."
            if int(found["count"], 16)
            else ""
        )
        yield Word(found.start("count") - 2, found.end("count"), count + extra, weight="misleading")
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
        atomic = (
            "1: code that must not sleep"
            if found["atomic"] != "0"
            else "0: the count allows to sleep"
        )
        yield Word(found.start("atomic"), found.end("atomic"), f"{atomic}.")
        off = "1: interrupts are off" if found["irqs"] != "0" else "0: interrupts are on"
        yield Word(found.start("irqs"), found.end("irqs"), f"{off}.")
        if found["block"] and found["block"] != "0":
            said = "1 or more: within a section that promised not to block (non_block_start())."
            yield Word(found.start("block"), found.end("block"), said)
