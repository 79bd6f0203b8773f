"""What arm64 prints of an exception: ESR and its fields, PSTATE, the page tables on the way.

Of the Arm Architecture Reference Manual, part D.
"""

from collections.abc import Iterator

from sitegen.crash.explain.cpu import tables
from sitegen.crash.explain.cpu.shape import Cpu, Said
from sitegen.crash.explain.words import Reader, Word
from sitegen.crash.lazy import Lazy

CLASSES = {
    0x00: "unknown reason, mostly an instruction that does not exist",
    0x01: "WFI or WFE was trapped",
    0x07: "an FPU or SIMD instruction was trapped",
    0x0A: "a 64-byte load or store is not to be used here",
    0x0D: "branch target exception (BTI): a jump led to a place that is no target of jumps",
    0x0E: "illegal execution state",
    0x15: "a system call (SVC)",
    0x16: "a call of the hypervisor (HVC)",
    0x17: "a call of the secure monitor (SMC)",
    0x18: "an access to a system register was trapped",
    0x19: "an SVE instruction was trapped",
    0x1D: "an SME instruction was trapped",
    0x1C: "pointer authentication failed",
    0x20: "instruction abort from user mode",
    0x21: "instruction abort in the kernel: the CPU could not fetch what it jumped to",
    0x22: "the PC is not aligned",
    0x24: "data abort from user mode",
    0x25: "data abort in the kernel: a load or store failed",
    0x26: "the stack pointer is not aligned",
    0x27: "a memory copy or set instruction (MOPS) has to begin anew",
    0x2C: "floating point exception",
    0x2D: "a return to another place than the one that was called from (guarded control stack)",
    0x2F: "SError: an error that the memory system reported later",
    0x30: "hardware breakpoint, from user mode",
    0x31: "hardware breakpoint",
    0x32: "single step, from user mode",
    0x33: "single step",
    0x34: "watchpoint, from user mode",
    0x35: "watchpoint",
    0x3C: "BRK instruction",
}
"""Exception classes: bits 31 to 26 of ESR_ELx."""

_FAULTS = {
    0x00: "an address too large for the page tables",
    0x04: "nothing is mapped there (translation fault)",
    0x08: "the page was not marked as accessed (access flag fault)",
    0x0C: "the page is mapped, but not for this kind of access (permission fault)",
    0x10: "the bus answered with an error (synchronous external abort)",
    0x14: "the bus answered with an error while page tables were read",
    0x18: "parity or ECC error of memory",
    0x1C: "parity or ECC error while page tables were read",
    0x21: "the address is not aligned",
    0x11: "the tag of the pointer is not the memory's (MTE)",
    0x30: "conflicting entries in the TLB",
}
_BRK = {
    0x800: "BUG() or WARN(): brk #0x800 is what they are made of",
    0x004: "a kprobe",
    0x005: "a uprobe",
    0x100: "a trap of the compiler for what cannot happen",
    0x400: "kgdb",
    0x401: "kgdb",
    0x900: "software tag-based KASAN reports an access",
    0x5512: "UBSAN traps on undefined behaviour",
}


def fault_status(code: int) -> str:
    """What the fault status code of an abort says, with the level; empty for one not known."""
    if code in (0x11, 0x21, 0x30):
        return _FAULTS[code]
    said = _FAULTS.get(code & ~3)
    if said is None:
        return ""
    level = code & 3
    return f"{said}, at level {level} of the page tables" if code < 0x10 or code & 4 else said


def esr_text(value: int) -> str:
    """The sentences that an ESR stands for; empty for an unknown class."""
    value &= 0xFFFFFFFF
    kind = value >> 26
    said = CLASSES.get(kind)
    if said is None:
        return ""
    text = f"Exception syndrome: EC {kind:#04x}, {said}"
    if kind in (0x20, 0x21, 0x24, 0x25):
        if kind in (0x24, 0x25):
            text += f"; WnR {value >> 6 & 1}, a {'write' if value & 0x40 else 'read'}"
        if status := fault_status(value & 0x3F):
            text += f"; FSC {value & 0x3F:#04x}, {status}"
    elif kind == 0x3C:
        comment = value & 0xFFFF
        text += f"; its number is {comment:#x}"
        if why := brk_text(comment):
            text += f", {why}"
    return f"{text}."


def brk_text(comment: int) -> str:
    """What a BRK of this number is for in the kernel; empty where it is not known."""
    if comment in _BRK:
        return _BRK[comment]
    if comment & ~0xFF == 0x900:
        return _BRK[0x900]
    return _BRK[0x5512] if comment & ~0xFF == 0x5500 else ""


_LINES: tuple[tuple[Lazy, str], ...] = tuple(
    (Lazy(pattern), text)
    for pattern, text in (
        (r"SET = (?P<w>\d)", "Synchronous error type: of use for SErrors only."),
        (r"FnV = (?P<w>\d)", "FAR not valid: 0, the address printed above is the one that failed."),
        (r"EA = (?P<w>\d)", "External abort type: which error of the bus; 0 for all others."),
        (
            r"S1PTW = (?P<w>\d)",
            "0: the fault is of the access itself, not of a walk through page tables of a guest.",
        ),
        (
            r"ISV = (?P<w>0),",
            "0: the syndrome does not describe the instruction further; usual in the kernel.",
        ),
        (r"CM = (?P<w>\d)", "1 for an instruction that maintains caches."),
        (r"GCS = (?P<w>\d)", "1 for an access to a guarded control stack."),
        (r"Overlay = (?P<w>\d)", "1 when permission overlays refused the access."),
        (r"DirtyBit = (?P<w>\d)", "1 when the fault is about the dirty state of a page."),
        (r"TnD = (?P<w>\d)", "1 when the tag could not be accessed."),
        (r"TagAccess = (?P<w>\d)", "1 when a tag was what could not be accessed."),
        (r"Xs = (?P<w>\d+)", "Which register the instruction uses, for 64-byte stores."),
    )
)
_ESR = Lazy(r"\bESR(?: = |: )0x(?P<value>[0-9a-f]{8,16})")
_INTERNAL = Lazy(r"Internal error: (?P<what>[^:]{1,60}(?:- BUG)?): (?P<code>[0-9a-f]{1,16}) \[#")
_EC = Lazy(r"\bEC = 0x(?P<code>[0-9a-f]{2}): (?P<words>[^,]{1,60})")
_IL = Lazy(r"\bIL = (?P<bits>\d\d) bits")
_FSC = Lazy(r"\b(?:D|I)?FSC = 0x(?P<code>[0-9a-f]{2})(?:: (?P<words>.{1,60}))?")
_WNR = Lazy(r"\bWnR = (?P<bit>[01])")


def exception_words(text: str) -> Iterator[Word]:
    """The words of a line of `Mem abort info:`, `Data abort info:` or `Internal error:`."""
    if (found := _ESR.search(text)) and (said := esr_text(int(found["value"], 16))):
        yield Word(found.start("value") - 2, found.end("value"), said)
    if found := _EC.search(text):
        said = CLASSES.get(int(found["code"], 16), "")
        if said:
            yield Word(
                found.start("code") - 2,
                found.end("words"),
                f"Exception class: {said}.",
                weight="plain",
            )
    if found := _IL.search(text):
        said = f"The instruction was {found['bits']} bits long."
        yield Word(found.start("bits"), found.end("bits"), said, weight="plain")
    if (found := _FSC.search(text)) and (said := fault_status(int(found["code"], 16))):
        yield Word(
            found.start("code") - 2,
            found.end(),
            f"Fault status: {said}.",
            weight="plain",
        )
    if found := _WNR.search(text):
        said = "1: the access was a write." if found["bit"] == "1" else "0: the access was a read."
        yield Word(found.start("bit"), found.end("bit"), f"Write, not read. {said}", weight="plain")
    for pattern, said in _LINES:
        if found := pattern.search(text):
            yield Word(found.start("w"), found.end("w"), said, weight="plain")


def internal_words(text: str) -> Iterator[Word]:
    """The code of `Internal error: Oops: 96000006 [#1]`: the ESR again, or BUG's."""
    found = _INTERNAL.search(text)
    if found is None:
        return
    value = int(found["code"], 16)
    if value and (said := esr_text(value)):
        yield Word(found.start("code"), found.end("code"), said)
    elif not value:
        said = "0: no syndrome belongs to it; BUG() came here by its own BRK instruction."
        yield Word(found.start("code"), found.end("code"), said)


_BAD_MODE = Lazy(r"code (?P<code>0x[0-9a-f]{8,16}) -- ")


def bad_mode_words(text: str) -> Iterator[Word]:
    """`Bad mode in Error handler detected on CPU0, code 0xbf000000 -- SError`."""
    if (found := _BAD_MODE.search(text)) and (said := esr_text(int(found["code"], 16))):
        yield Word(found.start("code"), found.end("code"), said)


_PSTATE_LETTERS = {
    "n": "the last result was negative",
    "z": "the last result was zero",
    "c": "carry",
    "v": "signed overflow",
    "d": "debug exceptions are masked",
    "a": "SErrors are masked",
    "i": "interrupts are masked",
    "f": "fast interrupts are masked",
}
_PSTATE_WORDS = {
    "PAN": "the kernel may not touch user memory unless it says so",
    "UAO": "user access is overridden",
    "TCO": "tag checks are off",
    "DIT": "timing does not depend on data",
    "SSBS": "speculative store bypass is allowed",
}
_PSTATE = Lazy(
    r"\bpstate: ?(?P<value>[0-9a-f]{8,16}) \((?P<nzcv>[nNzZcCvV]{4}) (?P<daif>[dD][aA][iI][fF])"
    r"(?P<words>[^)]{0,80})\)"
)
_MODES = {
    0x0: "EL0, a user program",
    0x4: "EL1, the kernel",
    0x5: "EL1, the kernel",
    0x9: "EL2, a hypervisor",
}


def pstate_words(text: str) -> Iterator[Word]:
    """arm64's `pstate: 60400005 (nZCv daif +PAN ...)`."""
    found = _PSTATE.search(text)
    if found is None:
        return
    value = int(found["value"], 16)
    mode = _MODES.get(value & 0xF)
    if mode:
        said = f"The lowest four bits are {value & 0xF:#x}: the CPU ran at {mode}."
        yield Word(found.start("value"), found.end("value"), said, weight="plain")
    capitals = [letter for letter in found["nzcv"] + found["daif"] if letter.isupper()]
    said = ", ".join(f"{one} ({_PSTATE_LETTERS[one.lower()]})" for one in capitals)
    masked = "I" in found["daif"]
    text = f"Capitals are set: {said or 'none is'}. " + (
        "I: interrupts were off on this CPU: the code could not sleep."
        if masked
        else "i is small: interrupts were on."
    )
    yield Word(found.start("nzcv"), found.end("daif"), text)
    if set_ := [word for word in _PSTATE_WORDS if f"+{word}" in found["words"]]:
        said = ", ".join(f"{word} ({_PSTATE_WORDS[word]})" for word in set_)
        start = found.start("words") + len(found["words"]) - len(found["words"].lstrip())
        yield Word(start, found.end("words"), f"`+` is on, `-` off: {said}.", weight="plain")


_READ: tuple[Reader, ...] = (exception_words,)
CPU = Cpu(
    registers={
        "pmr_save": lambda value: Said(
            "",
            f"PMR: the priority that interrupts need to be let in; {value:#x} holds "
            + ("most of them back." if value < 0xE0 else "none back."),
        ),
    },
    lines={
        **dict.fromkeys(
            (
                *("ESR", "EC", "SET", "EA", "FSC", "ISV", "CM", "GCS", "Overlay", "IL", "DFSC"),
                *("TnD", "ESR:"),
            ),
            _READ,
        ),
        "pstate:": (pstate_words,),
        "Internal": (internal_words,),
        **dict.fromkeys(("Bad", "SError"), (bad_mode_words,)),
    },
    calls=(
        "x0 to x7 hold a function's arguments when it begins, x0 its result; lr (x30) is where it "
        "returns to, x29 points to the frame."
    ),
    starts={"[": tables.arm64_words},
)
