"""The shape of a topic: a table of words with what they mean, and readers for words that need more."""

from collections.abc import Mapping
from typing import NamedTuple

from sitegen.crash.explain.words import Reader
from sitegen.crash.lazy import Lazy
from sitegen.model import Weight

NUMBER, ADDRESS, HELD, STALLED, WAITED, BYTES, FIELDS = (
    *("<number>", "<address>", "<held>", "<stalled>", "<waited>", "<bytes>", "<fields>"),
)
"""What stands for a line's first word, where that is another one in each log: see `SHAPES`."""
SHAPES: tuple[tuple[Lazy, str], ...] = tuple(
    (Lazy(pattern), name)
    for pattern, name in (
        (r"#\d{1,3}:$", HELD),  # a held lock
        (r"task:\S", "task:"),
        (r"CPU#\d", "CPU#N"),
        (r"oom-kill:", "oom-kill:"),
        (r"Oops\[#\d{1,5}\]:$", "Oops"),
        (r"\d{1,5}-[.!?oOND\d]{4,5}:$|\d{1,5}:$", STALLED),  # a CPU that RCU waits for
        (r"\((?:t=|detected$)", WAITED),
        (r"0?x?[0-9a-f]{8,16}-0?x?[0-9a-f]{8,16}$", BYTES),
        (r"0?x?[0-9a-f]{8,16}:?$", ADDRESS),
        (r"\d{1,12}$", NUMBER),
        (r"[a-z_()]{3,30}:\d{1,12}(?:kB)?$", FIELDS),
    )
)
"""Looked for in order."""


class Rule(NamedTuple):
    """A word, and what it means wherever it stands like this."""

    first: str
    "the first word of the lines it stands in, or one of the names above"
    pattern: str
    "its group `w` is the word, else all of it; compiled when a line first asks for it"
    text: str
    weight: Weight = "telling"
    kinds: frozenset[str] = frozenset()
    "of the reports it stands in; empty for all"


def rule(first: str, pattern: str, text: str, weight: Weight = "telling", kinds: str = "") -> Rule:
    return Rule(first, pattern, text, weight, frozenset(kinds.split()))


class Topic(NamedTuple):
    """What belongs together."""

    rules: tuple[Rule, ...]
    readers: Mapping[str, tuple[Reader, ...]] = {}
    "by the first word of the lines, or what stands for it"
    kinds: Mapping[str, tuple[Reader, ...]] = {}
    "by the kind of report: for every line of it"
