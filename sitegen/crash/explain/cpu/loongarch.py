"""What LoongArch prints of an exception: CRMD to ESTAT. Of the LoongArch Reference Manual, volume 1."""

from collections.abc import Iterator

from sitegen.crash.explain.cpu.shape import Cpu, Said
from sitegen.crash.explain.words import Word
from sitegen.crash.lazy import Lazy
from sitegen.model import Weight

CODES = {
    0x0: "an interrupt",
    0x1: "a load met no page",
    0x2: "a store met no page",
    0x3: "a fetch met no page",
    0x4: "a store to a page that is mapped, but not to be written to",
    0x5: "a load from a page that must not be read",
    0x6: "a fetch from a page that must not be run",
    0x7: "the page is for a higher privilege",
    0x8: "an address that is none (of the fetch with subcode 0, of a load or store with 1)",
    0x9: "the address is not aligned",
    0xA: "a bound check failed",
    0xB: "a system call",
    0xC: "`break`, which BUG() and WARN() are made of",
    0xD: "an instruction that the CPU does not know",
    0xE: "an instruction that this privilege must not use",
    0xF: "the FPU is switched off",
    0x10: "the 128-bit vector unit is switched off",
    0x11: "the 256-bit vector unit is switched off",
    0x12: "a floating point error",
    0x13: "a watchpoint",
    0x14: "the binary translation unit is switched off",
}


def exception_code(status: int) -> int:
    """The exception's number in ESTAT."""
    return status >> 16 & 0x3F


_BITS: tuple[tuple[str, str, str, Weight], ...] = (
    ("CRMD:", r"\bPLV[0-3]\b", "The privilege now: 0 is the kernel, 3 user mode.", "plain"),
    ("CRMD:", r"-IE\b", "Interrupts are off: the CPU has entered an exception.", "plain"),
    ("CRMD:", r"\+IE\b", "Interrupts are on.", "plain"),
    ("CRMD:", r"\+PG\b", "Addresses go through page tables.", "plain"),
    ("CRMD:", r"\+DA\b", "Addresses are physical.", "telling"),
    ("PRMD:", r"\bPPLV0\b", "Before the exception the kernel ran.", "plain"),
    (
        "PRMD:",
        r"\bPPLV3\b",
        "Before the exception a process ran: these are its registers.",
        "telling",
    ),
    ("PRMD:", r"\+PIE\b", "Interrupts were on before the exception.", "plain"),
    (
        "PRMD:",
        r"-PIE\b",
        "Interrupts were off before the exception: the code could not sleep.",
        "telling",
    ),
    (
        "EUEN:",
        r"[-+]FPE [-+]SXE [-+]ASXE [-+]BTE",
        "Which units may be used: FPU, 128-bit and 256-bit vectors, binary translation.",
        "plain",
    ),
    ("ECFG:", r"LIE=[\d,-]{0,40}", "Which interrupts are enabled, by number.", "plain"),
    (
        "ECFG:",
        r"VS=\d{1,2}",
        "How far exception vectors stand apart, as a power of two.",
        "plain",
    ),
    ("ESTAT:", r"IS=[\d,-]{0,40}", "Which interrupts wait, by number.", "plain"),
)
_WORDS = tuple(
    (first, Lazy(rf"(?P<w>{pattern})"), text, weight) for first, pattern, text, weight in _BITS
)
_CODE = Lazy(r"\bE[Cc]ode=(?P<code>\d{1,2})\b")


def state_words(text: str) -> Iterator[Word]:
    """The words behind CRMD, PRMD, EUEN, ECFG and ESTAT."""
    label = text.lstrip()[:6]
    for first, pattern, said, weight in _WORDS:
        if label.startswith(first) and (found := pattern.search(text)):
            yield Word(found.start("w"), found.end("w"), said, weight=weight)
    if (found := _CODE.search(text)) and (known := CODES.get(int(found["code"]))):
        yield Word(found.start(), found.end(), f"Which exception: {known}.")


def _status(value: int) -> Said | None:
    said = CODES.get(exception_code(value))
    if said is None:
        return None
    return Said(said, f"ESTAT, exception code {exception_code(value)}: {said}.", "telling")


CPU = Cpu(
    registers={
        "estat": _status,
        "crmd": lambda _: Said("", "CRMD: the current mode, after the exception came in."),
        "prmd": lambda _: Said("", "PRMD: the mode before the exception."),
        "prid": lambda _: Said("", "PRID: which CPU it is."),
    },
    lines=dict.fromkeys(("CRMD:", "PRMD:", "EUEN:", "ECFG:", "ESTAT:"), (state_words,)),
    calls=(
        "a0 to a7 hold a function's arguments when it begins, a0 its result; ra is where it returns to, "
        "tp points to the task, u0 to what belongs to the CPU."
    ),
)
