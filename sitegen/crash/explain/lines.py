"""Lines of a report -> the words in them that a newcomer would look up."""

import re
from collections.abc import Callable, Iterator

from sitegen.crash.explain import arm64, bits, preempt, taint, x86
from sitegen.crash.explain.rules import RULES, Rule
from sitegen.crash.explain.words import Word

_BY_FIRST: dict[str, tuple[Rule, ...]] = {}
for _one in RULES:
    _BY_FIRST[_one.first] = (*_BY_FIRST.get(_one.first, ()), _one)

_Reader = Callable[[str], Iterator[Word]]


def _cpu(text: str) -> Iterator[Word]:
    yield from taint.taint_words(text)
    yield from x86.build_words(text)


def _internal(text: str) -> Iterator[Word]:
    yield from x86.count_words(text)
    yield from x86.build_words(text)


# Lines that have words of their own, by the first word.
_READERS: dict[str, tuple[_Reader, ...]] = {
    "#PF:": (x86.page_fault_words,),
    "PGD": (x86.page_table_words,),
    **dict.fromkeys(
        ("Oops:", "general", "invalid", "divide", "int3:", "stack", "segment", "double", "control"),
        (x86.die_words,),
    ),
    "Internal": (_internal,),
    **dict.fromkeys(("CPU:", "Tainted:", "Not"), (_cpu,)),
    "Modules": (taint.module_words,),
    "BUG:": (preempt.preempt_words,),
    "BUG": (taint.taint_words,),
    **dict.fromkeys(("note:", "in_atomic():", "preempt_count:"), (preempt.preempt_words,)),
    **dict.fromkeys(
        (
            *("ESR", "EC", "SET", "EA", "FSC", "ISV", "CM", "GCS", "Overlay", "IL", "DFSC", "TnD"),
            "ESR:",
        ),
        (arm64.exception_words,),
    ),
    **dict.fromkeys(("pstate:",), (bits.pstate_words,)),
    "Flags:": (bits.arm_flag_words,),
    **dict.fromkeys(("RIP:", "EIP:"), (x86.segment_words,)),
}
_BY_ARCH: dict[tuple[str, str], _Reader] = {
    ("Internal", "aarch64"): arm64.internal_error,
    ("Internal", "arm"): arm64.arm_error,
}
_FIRST = re.compile(r"\s{0,12}(\S{1,40})")


def line_words(text: str, arch: str) -> Iterator[Word]:
    """The words of the line that have an explanation, in no order."""
    found = _FIRST.match(text)
    if found is None:
        return
    first = found[1]
    for reader in _READERS.get(first, ()):
        yield from reader(text)
    special = _BY_ARCH.get((first, arch))
    if special is not None:
        yield from special(text)
    for rule in _BY_FIRST.get(first, ()):
        if word := rule.pattern.search(text):
            group = "w" if "w" in rule.pattern.groupindex else 0
            yield Word(word.start(group), word.end(group), rule.text, weight=rule.weight)
