"""What MIPS prints of an exception: Status, Cause. Of the MIPS architecture, volume III."""

from collections.abc import Iterator

from sitegen.crash.explain.cpu.shape import Cpu, Said
from sitegen.crash.explain.words import Word, flags
from sitegen.crash.lazy import Lazy

_CODES = {
    0: "an interrupt",
    1: "a store to a page that is mapped, but not to be written to",
    2: "a load or fetch met no page",
    3: "a store met no page",
    4: "a load or fetch used an address that is not aligned, or not the kernel's to use",
    5: "a store used an address that is not aligned, or not the kernel's to use",
    6: "the bus answered a fetch with an error",
    7: "the bus answered a load or store with an error",
    8: "a system call",
    9: "`break`, which BUG() is made of",
    10: "an instruction that the CPU does not know",
    11: "a coprocessor, such as the FPU, is switched off",
    12: "arithmetic overflow",
    13: "a trap instruction, which BUG_ON() is made of",
    14: "a floating point error of the vector unit",
    15: "a floating point error",
    19: "a load from a page that must not be read",
    20: "a fetch from a page that must not be run",
    21: "the vector unit is switched off",
    23: "a watchpoint",
    24: "machine check: the hardware reported an error",
    26: "the DSP unit is switched off",
    30: "an error of the cache",
}
_STATUS = {
    1 << 0: ("IE", "interrupts are enabled"),
    1 << 1: ("EXL", "within an exception: interrupts are off"),
    1 << 2: ("ERL", "within an error's exception"),
    1 << 7: ("KX", "the kernel uses 64-bit addresses"),
    1 << 22: ("BEV", "exceptions go to the firmware"),
    1 << 28: ("CU0", "coprocessor 0 may be used"),
    1 << 29: ("CU1", "the FPU may be used"),
}
_MODES = ("the kernel ran", "supervisor mode", "a process ran", "no mode")
DELAY_SLOT = 1 << 31
"""Of Cause: the instruction that failed stands behind the one that the PC points to, a branch."""


def exception_code(cause: int) -> int:
    """The exception's number in the Cause register."""
    return cause >> 2 & 0x1F


def _cause(value: int) -> Said | None:
    code = exception_code(value)
    said = _CODES.get(code)
    if said is None:
        return None
    text = f"Cause, exception code {code}: {said}."
    if value & DELAY_SLOT:
        text += (
            " The highest bit is set: it was the instruction in the delay slot, behind the branch that "
            "the PC points to."
        )
    return Said(said, text, "telling")


def _status(value: int) -> Said:
    mode = _MODES[value >> 3 & 3]
    said = flags(value, _STATUS)
    return Said("", f"Status: {mode}" + (f"; {said}." if said else "."))


_EXC = Lazy(r"\bExcCode (?P<code>[0-9a-f]{2})\b")
_WORDS = {
    "KERNEL": "The CPU ran the kernel.",
    "USER": "The CPU ran a process: these are its registers.",
    "EXL": "EXL: the CPU had entered an exception.",
    "ERL": "ERL: the CPU had entered an error's exception.",
    "IE": "IE: interrupts were enabled before.",
}
_WORD = Lazy(r"\b(?:KERNEL|USER|EXL|ERL|IE)\b")


def cause_words(text: str) -> Iterator[Word]:
    """`(ExcCode 02)`."""
    if (found := _EXC.search(text)) and (said := _CODES.get(int(found["code"], 16))):
        yield Word(found.start("code"), found.end("code"), f"Which exception: {said}.")


def status_words(text: str) -> Iterator[Word]:
    """The words behind `Status:`."""
    for found in _WORD.finditer(text):
        yield Word(found.start(), found.end(), _WORDS[found[0]], weight="plain")


CPU = Cpu(
    registers={
        "status": _status,
        "cause": _cause,
        "hi": lambda _: Said("", "Hi and Lo: the results of multiplication and division."),
        "prid": lambda _: Said("", "PrId: which CPU it is."),
    },
    lines={"Cause": (cause_words,), "Status:": (status_words,)},
    calls=(
        "Four registers a row: $4 to $7 (a0 to a3) hold a function's arguments when it begins, $2 (v0) "
        "its result; $29 is the stack pointer, $31 (ra) where the function returns to."
    ),
)
