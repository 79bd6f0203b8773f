"""Flag registers, bit by bit: EFLAGS, CR0 and CR4, PSTATE, CPSR, and those of RISC-V and PowerPC."""

import re
from collections.abc import Iterator

from sitegen.crash.explain.words import Word, flags

EFLAGS = {
    1 << 0: ("CF", "carry"),
    1 << 2: ("PF", "even parity"),
    1 << 4: ("AF", "carry of the low digit"),
    1 << 6: ("ZF", "the last result was zero"),
    1 << 7: ("SF", "it was negative"),
    1 << 8: ("TF", "single steps"),
    1 << 9: ("IF", "interrupts are on"),
    1 << 10: ("DF", "strings run backwards"),
    1 << 11: ("OF", "signed overflow"),
    1 << 14: ("NT", "nested task"),
    1 << 16: ("RF", "resumes after a fault"),
    1 << 17: ("VM", "virtual 8086 mode"),
    1 << 18: ("AC", "the kernel may touch user memory (SMAP), or checks alignment"),
    1 << 19: ("VIF", "virtual interrupt flag"),
    1 << 20: ("VIP", "virtual interrupt pending"),
    1 << 21: ("ID", "CPUID can be used"),
}
_CR0 = {
    1 << 0: ("PE", "protected mode"),
    1 << 3: ("TS", "the FPU is lazily switched"),
    1 << 16: ("WP", "read-only pages are so for the kernel, too"),
    1 << 31: ("PG", "paging"),
}
_CR4 = {
    1 << 5: ("PAE", "long page table entries"),
    1 << 7: ("PGE", "global pages"),
    1 << 11: ("UMIP", "user mode is kept from some instructions"),
    1 << 12: ("LA57", "5 levels of page tables"),
    1 << 16: ("FSGSBASE", "user mode may set FS and GS"),
    1 << 17: ("PCIDE", "address spaces are numbered"),
    1 << 20: ("SMEP", "the kernel cannot run user pages"),
    1 << 21: ("SMAP", "nor touch them by accident"),
    1 << 22: ("PKE", "protection keys"),
    1 << 23: ("CET", "shadow stacks and branch tracking"),
}


def eflags_words(value: int, *, user: bool) -> tuple[str, str]:
    """What EFLAGS says, in brief and as sentences."""
    on = value & 1 << 9
    brief = "interrupts on" if on else "interrupts off"
    text = f"EFLAGS: {flags(value, EFLAGS) or 'no flag is set'}."
    if not on and not user:
        text += " Interrupts were off on this CPU: the code could not sleep."
    return brief, text


def control_words(name: str, value: int) -> tuple[str, str]:
    """What CR0 or CR4 says, in brief and as a sentence; empty strings for others."""
    if name == "cr0":
        protected = value & 1 << 16
        brief = "" if protected else "write protection is off"
        return brief, f"CR0: {flags(value, _CR0)}."
    if name == "cr4":
        return "", f"CR4: {flags(value, _CR4) or 'none of the bits that matter here is set'}."
    return "", ""


_PSTATE_LETTERS = {
    "n": "the last result was negative",
    "z": "it was zero",
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
_PSTATE = re.compile(
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


_ARM = re.compile(
    r"Flags: (?P<nzcv>[nNzZcCvV]{4})  IRQs (?P<irq>on|off)  FIQs (?:on|off)  Mode (?P<mode>\w{2,10})"
    r"(?:  ISA (?P<isa>\w+))?"
)
_ARM_MODES = {
    "SVC_32": "SVC_32: supervisor mode, the kernel.",
    "USER_32": "USER_32: a user program.",
    "IRQ_32": "IRQ_32: the first instructions of an interrupt.",
    "ABT_32": "ABT_32: the first instructions of a data or prefetch abort.",
    "UND_32": "UND_32: the first instructions of an undefined instruction's exception.",
}


def arm_flag_words(text: str) -> Iterator[Word]:
    """32-bit ARM's `Flags: nZCv  IRQs on  FIQs on  Mode SVC_32 ...`."""
    found = _ARM.search(text)
    if found is None:
        return
    capitals = ", ".join(
        f"{one} ({_PSTATE_LETTERS[one.lower()]})" for one in found["nzcv"] if one.isupper()
    )
    yield Word(
        found.start("nzcv"),
        found.end("nzcv"),
        f"CPSR, capitals are set: {capitals or 'none is'}.",
        weight="plain",
    )
    if found["irq"] == "off":
        yield Word(
            found.start("irq"),
            found.end("irq"),
            "Interrupts were off on this CPU: the code could not sleep.",
        )
    if mode := _ARM_MODES.get(found["mode"]):
        yield Word(found.start("mode"), found.end("mode"), mode)


_CAUSES = {
    0: "the address of an instruction was not aligned",
    1: "an instruction could not be fetched (access fault)",
    2: "an instruction that the CPU does not know",
    3: "a breakpoint (`ebreak`), which BUG() and WARN() are made of",
    4: "the address of a load was not aligned",
    5: "a load was refused (access fault)",
    6: "the address of a store was not aligned",
    7: "a store was refused (access fault)",
    8: "a system call",
    12: "a page fault while fetching an instruction",
    13: "a page fault of a load",
    15: "a page fault of a store",
}


def riscv_words(name: str, value: int) -> tuple[str, str]:
    """What `cause` or `status` of RISC-V says, in brief and as a sentence; else empty strings."""
    if name == "cause":
        if value >> 63:
            return "an interrupt", "The highest bit is set: an interrupt."
        said = _CAUSES.get(value)
        return (said, f"scause {value}: {said}.") if said else ("", "")
    if name == "status":
        came = "the kernel" if value & 0x100 else "a user program"
        on = "on" if value & 0x20 else "off"
        return f"from {came}", (
            f"SPP is {'1' if value & 0x100 else '0'}: it came from {came}. "
            f"SPIE: interrupts were {on}."
        )
    return "", ""
