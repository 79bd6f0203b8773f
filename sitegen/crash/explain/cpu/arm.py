"""What 32-bit ARM prints of an abort: the fault status register, CPSR, the control register."""

from collections.abc import Iterator
from typing import Literal

from sitegen.crash.explain.cpu import tables
from sitegen.crash.explain.cpu.shape import Cpu, Said
from sitegen.crash.explain.words import Word, flags
from sitegen.crash.lazy import Lazy
from sitegen.model import Weight

_SHORT = {
    0x01: "the address is not aligned",
    0x02: "debug event",
    0x03: "access flag fault of a section",
    0x04: "instruction cache maintenance",
    0x05: "nothing is mapped there (section translation fault)",
    0x06: "access flag fault of a page",
    0x07: "nothing is mapped there (page translation fault)",
    0x08: "the bus answered with an error",
    0x09: "no access to the domain of the section",
    0x0B: "no access to the domain of the page",
    0x0C: "the bus answered with an error while page tables were read",
    0x0D: "mapped, but not for this kind of access (section permission fault)",
    0x0E: "the bus answered with an error while page tables were read",
    0x0F: "mapped, but not for this kind of access (page permission fault)",
    0x16: "the bus answered with an error, later",
    0x19: "parity error of memory",
}
"""Fault status of the short page table format."""
_LONG = {
    0x04: "nothing is mapped there (translation fault)",
    0x08: "the page was not marked as accessed (access flag fault)",
    0x0C: "mapped, but not for this kind of access (permission fault)",
    0x10: "the bus answered with an error",
    0x14: "the bus answered with an error while page tables were read",
    0x21: "the address is not aligned",
    0x22: "debug event",
    0x11: "the bus answered with an error, later",
}
"""The same of the long format (LPAE)."""
_LPAE, _WRITE, _FETCH = 1 << 9, 1 << 11, 1 << 31


_MAPPED = {
    **dict.fromkeys((_SHORT[0x05], _SHORT[0x07], _LONG[0x04]), False),
    **dict.fromkeys((_SHORT[0x0D], _SHORT[0x0F], _LONG[0x0C]), True),
}
_UNALIGNED = frozenset({_SHORT[0x01], _LONG[0x21]})


def fault_status(value: int) -> str:
    """What a fault status register says, as half a sentence; empty when it is not known."""
    if value & _LPAE:
        code = value & 0x3F
        return _LONG.get(code) or (_LONG.get(code & ~3, "") if code < 0x18 else "")
    return _SHORT.get(value & 0xF | value >> 6 & 0x10, "")


def is_mapped(value: int) -> bool | None:
    """Whether a fault status register says that a page was there; None when it says neither."""
    return _MAPPED.get(fault_status(value))


def is_unaligned(value: int) -> bool:
    """Whether a fault status register says that the address was not aligned."""
    return fault_status(value) in _UNALIGNED


def access_of(value: int) -> Literal["fetch", "write", "read"]:
    """`fetch`, `write` or `read`: how memory was accessed, by the fault status register."""
    return "fetch" if value & _FETCH else "write" if value & _WRITE else "read"


_INTERNAL = Lazy(r"Internal error: (?P<what>[^:]{1,60}(?:- BUG)?): (?P<code>[0-9a-f]{1,8}) \[#")
_UNHANDLED = Lazy(r"Unhandled (?:prefetch )?(?:fault|abort): .{1,60}\(0x(?P<code>[0-9a-f]{3,8})\)")
_ACCESSES = {
    "fetch": "it was fetched as an instruction",
    "write": "bit 11 says that it was a write",
    "read": "bit 11 says that it was a read",
}


def oops_words(text: str) -> Iterator[Word]:
    """`Internal error: Oops: 817 [#1]` and `Unhandled fault: ... (0x1008)`."""
    found = _INTERNAL.search(text) or _UNHANDLED.search(text)
    if found is None or "- BUG" in found[0] or "undefined" in found[0]:
        return
    value = int(found["code"], 16)
    if said := fault_status(value):
        shown = value & ~_FETCH
        text = f"Fault status {shown:#x}: {said}; {_ACCESSES[access_of(value)]}."
        yield Word(found.start("code"), found.end("code"), text)


_FLAGS = Lazy(
    r"Flags: (?P<nzcv>[nNzZcCvV]{4})  (?P<irqs>IRQs (?P<irq>on|off))  FIQs (?:on|off)  Mode (?P<mode>\w{2,10})"
    r"(?:  (?P<isa>ISA (?P<set>\w{2,10})))?"
)
_CONDITIONS = {
    "n": "the last result was negative",
    "z": "the last result was zero",
    "c": "carry",
    "v": "signed overflow",
}
_MODES = {
    "SVC_32": "SVC_32: supervisor mode, the kernel.",
    "SYS_32": "SYS_32: system mode, the kernel.",
    "USER_32": "USER_32: a user program. These are its registers.",
    "IRQ_32": "IRQ_32: the first instructions of an interrupt.",
    "FIQ_32": "FIQ_32: a fast interrupt.",
    "ABT_32": "ABT_32: the first instructions of a data or prefetch abort.",
    "UND_32": "UND_32: the first instructions of an undefined instruction's exception.",
}


def flag_words(text: str) -> Iterator[Word]:
    """`Flags: nZCv  IRQs on  FIQs on  Mode SVC_32 ...`."""
    found = _FLAGS.search(text)
    if found is None:
        return
    capitals = ", ".join(
        f"{one} ({_CONDITIONS[one.lower()]})" for one in found["nzcv"] if one.isupper()
    )
    said = f"CPSR, capitals are set: {capitals or 'none is'}."
    yield Word(found.start("nzcv"), found.end("nzcv"), said, weight="plain")
    if found["irq"] == "off":
        said = "Interrupts were off on this CPU: the code could not sleep."
        yield Word(found.start("irqs"), found.end("irqs"), said)
    if mode := _MODES.get(found["mode"]):
        weight: Weight = "plain" if found["mode"] == "SVC_32" else "telling"
        yield Word(found.start("mode"), found.end("mode"), mode, weight=weight)
    if found["set"] == "Thumb":
        said = "Thumb: instructions of 2 or 4 bytes."
        yield Word(found.start("isa"), found.end("isa"), said, weight="plain")


_CONTROL = {
    1 << 0: ("M", "page tables are in use"),
    1 << 1: ("A", "alignment is checked"),
    1 << 2: ("C", "the data cache is on"),
    1 << 12: ("I", "the instruction cache is on"),
    1 << 13: ("V", "exception vectors are at 0xffff0000"),
    1 << 28: ("TRE", "memory types are remapped"),
    1 << 29: ("AFE", "pages carry an access flag"),
}
_DAC_ROW = Lazy(
    r"Control: (?P<control>[0-9a-f]{8})(?:  Table: (?P<table>[0-9a-f]{8}))?(?:  DAC: (?P<dac>[0-9a-f]{8}))?"
)


def control_words(text: str) -> Iterator[Word]:
    """`Control: 10c5387d  Table: 58d6c06a  DAC: 00000051`."""
    found = _DAC_ROW.search(text)
    if found is None:
        return
    said = f"The system control register: {flags(int(found['control'], 16), _CONTROL) or 'nothing is on'}."
    yield Word(found.start("control"), found.end("control"), said, weight="plain")
    if found["table"]:
        said = "Where the page tables in use begin, physically."
        yield Word(found.start("table"), found.end("table"), said, weight="plain")
    if found["dac"]:
        said = (
            "Domain access control: two bits for each of 16 domains of memory: 0 no access, 1 as the "
            "pages say, 3 all."
        )
        yield Word(found.start("dac"), found.end("dac"), said, weight="plain")


_STATES = {0x10: "user mode", 0x12: "an interrupt", 0x13: "the kernel", 0x17: "an abort"}
_STATES |= {0x11: "a fast interrupt", 0x1B: "an undefined instruction", 0x1F: "the kernel"}


def _psr(value: int) -> Said:
    mode = _STATES.get(value & 0x1F, "a mode of its own")
    off = value & 1 << 7
    text = f"CPSR: the lowest five bits are {value & 0x1F:#x}, {mode}; interrupts are {'off' if off else 'on'}"
    return Said("", f"{text}, {'Thumb' if value & 1 << 5 else 'ARM'} instructions.")


CPU = Cpu(
    registers={"psr": _psr},
    lines={
        "Internal": (oops_words,),
        "Unhandled": (oops_words,),
        "Flags:": (flag_words,),
        "Control:": (control_words,),
    },
    calls=(
        "r0 to r3 hold a function's first four arguments when it begins, r0 its result; lr is where it "
        "returns to, fp points to the frame."
    ),
    starts={"[": tables.arm_words},
)
