"""What s390 prints of a program check: the interruption code, the PSW, the TEID.

Of the z/Architecture Principles of Operation.
"""

from collections.abc import Iterator, Sequence

from sitegen.crash.explain.cpu.shape import Cpu, Said
from sitegen.crash.explain.words import Word
from sitegen.crash.lazy import Lazy
from sitegen.model import Record, Weight

_CODES = {
    0x01: "operation exception: an instruction that the CPU does not know; BUG() of older kernels",
    0x02: "privileged operation: only the kernel may run the instruction",
    0x03: "execute exception",
    0x04: "protection: the page is mapped, but must not be written to",
    0x05: "addressing: there is no such memory",
    0x06: "specification: an address that is not aligned, or operands that make no sense",
    0x07: "data exception: of decimal or floating point, or a compare-and-trap",
    0x08: "fixed-point overflow",
    0x09: "fixed-point division by zero, or by too small a number",
    0x0A: "decimal overflow",
    0x0B: "decimal division by zero",
    0x10: "segment translation: nothing is mapped there",
    0x11: "page translation: nothing is mapped there",
    0x12: "translation specification: the page tables are damaged",
    0x13: "special operation: not allowed in this mode",
    0x15: "operand exception",
    0x18: "transaction constraint",
    0x1B: "vector processing exception",
    0x38: "ASCE type: the address is beyond what the page tables cover (a wild pointer)",
    0x39: "region first translation: nothing is mapped there",
    0x3A: "region second translation: nothing is mapped there",
    0x3B: "region third translation: nothing is mapped there",
    0x3D: "secure storage access: memory of a protected virtual machine",
    0x3E: "non-secure storage access",
    0x40: "monitor event: `mc`, which BUG() and WARN() are made of",
    0x80: "PER: a watchpoint or single step",
}
# The PSW is left, or set back by the kernel, to the instruction itself.
_STAYS = frozenset({0x04, 0x10, 0x11, 0x38, 0x39, 0x3A, 0x3B, 0x3D})

_OOPS = Lazy(r"\b(?P<code>[0-9a-f]{4}) ilc:(?P<length>[0-3])")
_BITS: tuple[tuple[str, str, str, Weight], ...] = (
    (
        "R",
        "[01]",
        "R: PER, which reports watchpoints and single steps, is on (1) or off.",
        "plain",
    ),
    ("T", "1", "T: addresses go through page tables.", "plain"),
    ("T", "0", "T 0: addresses are physical.", "telling"),
    ("IO", "1", "IO: interrupts of devices are let in.", "plain"),
    (
        "IO",
        "0",
        "IO 0: interrupts of devices are held back on this CPU: the code could not sleep.",
        "telling",
    ),
    ("EX", "1", "EX: external interrupts, such as the timer's, are let in.", "plain"),
    ("EX", "0", "EX 0: external interrupts, such as the timer's, are held back.", "telling"),
    ("Key", r"\d", "Key: the storage protection key; the kernel's is 0.", "plain"),
    ("M", "[01]", "M: machine checks are let in (1).", "plain"),
    ("W", "1", "W: a wait state: the CPU was idle.", "telling"),
    ("P", "0", "P 0: supervisor state: the kernel ran.", "plain"),
    (
        "P",
        "1",
        "P: problem state, which is user mode: these are a process's registers.",
        "telling",
    ),
    (
        "AS",
        "[0-3]",
        "AS: which address space: 0 primary, 1 by access registers, 2 secondary, 3 home.",
        "plain",
    ),
    ("CC", "[0-3]", "CC: the condition code, the result of the last comparison.", "plain"),
    ("PM", r"\w", "PM: which arithmetic errors trap.", "plain"),
    ("RI", "[01]", "RI: runtime instrumentation.", "plain"),
    ("EA", "3", "EA 3: 64-bit addresses.", "plain"),
    ("EA", "[01]", "EA: 24- or 31-bit addresses.", "telling"),
)
_FIELDS = tuple(
    (Lazy(rf"\b(?P<w>{name}:(?:{values}))(?= |$)"), text, weight)
    for name, values, text, weight in _BITS
)
_TEID = Lazy(r"\bTEID: (?P<value>[0-9a-f]{16})")
_SPACES = ("the primary", "by access registers", "the secondary", "the home")
_STORE = 1
_ACCESSES = {_STORE: "a store", 2: "a fetch"}
_ENTRY = Lazy(r"\b(?P<name>AS|R[123]|S|P):(?P<value>[0-9a-f]{16})")
_INVALID, _PAGE_INVALID, _PROTECTED = 0x20, 0x400, 0x200


def teid_access(value: int) -> str:
    """`a store` or `a fetch`, as the translation-exception identification says; empty when it does not."""
    return _ACCESSES.get(value >> 10 & 3, "")


def is_store(value: int) -> bool:
    """Whether the translation-exception identification says that it was a store."""
    return value >> 10 & 3 == _STORE


def find_code(records: Sequence[Record]) -> int | None:
    """The program interruption code in the records, its highest bits left out; None when they print none."""
    found = next((one for record in records if (one := _OOPS.search(record.text))), None)
    return int(found["code"], 16) & 0xFF if found else None


def code_text(code: int) -> str:
    """What the program interruption code stands for, as half a sentence; empty for one not known."""
    return _CODES.get(code & 0xFF, "")


def stays(code: int) -> bool:
    """Whether the PSW of such an exception points to the instruction itself, not behind it."""
    return code in _STAYS


def oops_words(text: str) -> Iterator[Word]:
    """`Oops: 0038 ilc:3 [#1]`."""
    found = _OOPS.search(text)
    if found is None:
        return
    if said := code_text(int(found["code"], 16)):
        text = f"Program interruption code {found['code']}: {said}."
        yield Word(found.start("code"), found.end("code"), text)
    text = f"The instruction was {2 * int(found['length'])} bytes long."
    yield Word(found.start("length"), found.end("length"), text, weight="plain")


def psw_words(text: str) -> Iterator[Word]:
    """`R:0 T:1 IO:1 EX:1 Key:0 M:1 W:0 P:0 AS:3 CC:0 PM:0 RI:0 EA:3`: the PSW's bits."""
    for pattern, said, weight in _FIELDS:
        if found := pattern.search(text):
            yield Word(found.start("w"), found.end("w"), said, weight=weight)


def teid_words(text: str) -> Iterator[Word]:
    """`TEID: ...`, which tells more of the access."""
    found = _TEID.search(text)
    if found is None:
        return
    value = int(found["value"], 16)
    access = teid_access(value)
    said = f"{access}, in {_SPACES[value & 3]} address space" if access else ""
    said = said or f"in {_SPACES[value & 3]} address space"
    text = f"Translation-exception identification: the page of the address, and how it was accessed: {said}."
    yield Word(found.start("value"), found.end("value"), text)


def table_words(text: str) -> Iterator[Word]:
    """`AS:... R3:... S:... P:...`: the page tables on the way to the address."""
    entries = list(_ENTRY.finditer(text))
    if not entries:
        return
    last = entries[-1]
    value = int(last["value"], 16)
    if last["name"] == "P":
        end = (
            "it says that no page is there"
            if value & _PAGE_INVALID
            else "the page is there, to be read only"
            if value & _PROTECTED
            else "the page is there"
        )
    else:
        end = (
            "it says that nothing is mapped from there on"
            if value & _INVALID
            else "the way ends there"
        )
    said = (
        "The page tables on the way to the address: the address space (AS), regions (R1 to R3), "
        f"segment (S) and page (P). The last entry is {last['name']}: {end}."
    )
    yield Word(entries[0].start(), last.end(), said)


CPU = Cpu(
    registers={
        "psw": lambda _: Said(
            "",
            "PSW: the program status word: how the CPU ran, then where. Its bits stand below by name.",
        ),
    },
    lines={
        **dict.fromkeys(
            (
                "Oops:",
                "specification",
                "illegal",
                "data",
                "fixpoint",
                "monitor",
                "operand",
                "kernel",
            ),
            (oops_words,),
        ),
        "Failing": (teid_words,),
    },
    calls=(
        "r2 to r6 hold a function's arguments when it begins, r2 its result; r14 is where it returns "
        "to, r15 the stack pointer."
    ),
    starts={"R:": psw_words, "AS:": table_words},
)
