"""What x86 prints when the hardware reports an error (machine check). Of the Intel manual, volume 3."""

from collections.abc import Iterator

from sitegen.crash.explain.topics.shape import Topic, rule
from sitegen.crash.explain.words import Word
from sitegen.crash.lazy import Lazy

_GLOBAL = (
    (1 << 0, "the interrupted program could be gone on with"),
    (1 << 1, "the PC belongs to the error"),
    (1 << 2, "it is being handled"),
)
_STATUS = (
    (1 << 63, "VAL, the rest is valid"),
    (1 << 62, "OVER, an earlier error was lost"),
    (1 << 61, "UC, the hardware could not correct it"),
    (1 << 60, "EN, it was to be reported"),
    (1 << 59, "MISCV, MISC says more"),
    (1 << 58, "ADDRV, ADDR is the address"),
    (1 << 57, "PCC, the CPU's state is not to be trusted: nothing can go on"),
)
_EXCEPTION = Lazy(
    r"Machine Check(?: Exception)?: (?P<global>[0-9a-f]{1,16}) (?P<bank>Bank \d{1,3}): (?P<status>[0-9a-f]{16})"
)
_PLACE = Lazy(r"RIP (?P<exact>!INEXACT!)? ?(?P<segment>[0-9a-f]{2}):<")
_FIELD = Lazy(
    r"\b(?P<name>TSC|ADDR|MISC|PROCESSOR|TIME|SOCKET|APIC|microcode) (?P<value>[0-9a-f:]{1,16})"
)
_FIELDS = {
    "TSC": "When, as the CPU counts.",
    "ADDR": "The physical address that the error is about.",
    "MISC": "What else the bank tells; what, depends on the CPU.",
    "PROCESSOR": "The CPU: its vendor (0 Intel, 2 AMD), and its model as CPUID tells it.",
    "TIME": "When, in seconds since 1970.",
}


def check_words(text: str) -> Iterator[Word]:
    """`CPU 0: Machine Check Exception: 5 Bank 4: be00000000000135` and the lines below it."""
    if found := _EXCEPTION.search(text):
        value = int(found["global"], 16)
        said = ", ".join(words for bit, words in _GLOBAL if value & bit) or "nothing is set"
        yield Word(
            *found.span("global"),
            f"The state of machine checks on this CPU: {said}.",
            weight="plain",
        )
        yield Word(
            *found.span("bank"),
            "The part of the CPU that reported it: caches, memory controller, buses. Which one, depends on the model.",
            weight="plain",
        )
        value = int(found["status"], 16)
        said = "; ".join(words for bit, words in _STATUS if value & bit) or "nothing is set"
        yield Word(
            *found.span("status"),
            f"The bank's status: {said}. The last four digits, {value & 0xFFFF:04x}, are the sort of error.",
        )
    if (found := _PLACE.search(text)) and found["exact"]:
        yield Word(
            *found.span("exact"),
            "Where the CPU happened to be, not what caused the error.",
            weight="misleading",
        )
    for field in _FIELD.finditer(text[:300]):
        if words := _FIELDS.get(field["name"]):
            yield Word(*field.span("value"), words, weight="plain")


MCE = Topic(
    rules=tuple(
        one
        for first in ("mce:", "[Hardware")
        for one in (
            rule(
                first,
                r"(?P<w>\[Hardware Error\])",
                "The hardware tells of an error of its own; the kernel only prints it.",
            ),
            rule(
                first,
                r"(?P<w>Processor Context Corrupt)",
                "The CPU cannot go on from here: the kernel must stop.",
            ),
            rule(
                first,
                r"(?P<w>Run the above through 'mcelog --ascii')",
                "A program that says in words what the numbers mean.",
                "plain",
            ),
        )
    ),
    readers={"mce:": (check_words,), "[Hardware": (check_words,)},
)
