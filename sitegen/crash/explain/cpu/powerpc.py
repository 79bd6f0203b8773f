"""What PowerPC prints of an exception: MSR, the trap's number, DSISR. Of the Power ISA, Book III."""

from collections.abc import Iterator

from sitegen.crash.explain.cpu.shape import Cpu, Said
from sitegen.crash.explain.words import Word, flags
from sitegen.crash.lazy import Lazy
from sitegen.model import Weight

_MSR = {
    "SF": "SF: 64-bit mode.",
    "HV": "HV: the kernel runs as the hypervisor, on the bare machine.",
    "VEC": "VEC: vector registers may be used.",
    "VSX": "VSX: vector-scalar registers may be used.",
    "SPE": "SPE: the signal processing unit may be used.",
    "EE": "EE: external interrupts are let in (the kernel also keeps a mask of its own, IRQMASK).",
    "PR": "PR: problem state, which is user mode. These are a process's registers.",
    "FP": "FP: floating point may be used.",
    "ME": "ME: machine checks are taken, instead of stopping the CPU.",
    "SE": "SE: single steps.",
    "BE": "BE: traps at each branch.",
    "DE": "DE: debug events are taken.",
    "IR": "IR: addresses of instructions go through page tables.",
    "DR": "DR: addresses of data go through page tables.",
    "PMM": "PMM: the performance monitor is to count here.",
    "RI": "RI: the CPU can go on after this exception. Missing: it came in the midst of another one.",
    "LE": "LE: little-endian.",
    "TM": "TM: transactional memory (E: may be used, T or S: within a transaction).",
    "CE": "CE: critical interrupts are let in.",
    "GS": "GS: guest state.",
    "CM": "CM: 64-bit mode.",
}
_TRAPS = {
    0x100: "system reset, perhaps asked for to see where the CPU is",
    0x200: "machine check: the hardware reported an error",
    0x300: "data storage: a load or store met no page, or one that forbids it",
    0x380: "data segment: a load or store used an address in no segment (a wild pointer)",
    0x400: "instruction storage: there is nothing to run at the PC, or it must not be run",
    0x480: "instruction segment: the PC is in no segment (a wild pointer)",
    0x500: "an external interrupt",
    0x600: "alignment: the address of a load or store is not aligned",
    0x700: "program check: an illegal instruction or a trap, which BUG() and WARN() are made of",
    0x800: "floating point is not available",
    0x900: "the decrementer: the timer's interrupt",
    0x980: "the hypervisor's decrementer",
    0xA00: "a doorbell: another CPU's message",
    0xC00: "a system call",
    0xD00: "trace: a single step or branch",
    0xE00: "a hypervisor's data storage interrupt",
    0xE20: "a hypervisor's instruction storage interrupt",
    0xE40: "an instruction that the CPU does not know, to be emulated",
    0xE60: "hypervisor maintenance: the hardware reported an error that can be recovered",
    0xE80: "a doorbell: another CPU's message",
    0xEA0: "an external interrupt, for the hypervisor",
    0xF00: "the performance monitor",
    0xF20: "vector registers are not available",
    0xF40: "vector-scalar registers are not available",
    0xF60: "a facility is not available",
    0xF80: "a facility is not available, says the hypervisor",
    0x1500: "a number that floating point has to be helped with",
    0x1700: "a vector instruction that has to be helped with",
    0x3000: "a system call by `scv`",
}
_DSISR = {
    0x80000000: ("bit 0", "a direct-store segment"),
    0x40000000: ("bit 1", "no page is mapped there"),
    0x10000000: ("bit 3", "no code may be run there"),
    0x08000000: ("bit 4", "the page is mapped, but not for this kind of access"),
    0x04000000: ("bit 5", "memory that must not be accessed by such an instruction"),
    0x02000000: ("bit 6", "a store"),
    0x00400000: ("bit 9", "a watchpoint"),
    0x00200000: ("bit 10", "forbidden by a protection key, or in no segment"),
    0x00080000: ("bit 12", "page tables of a form that is not supported"),
    0x00040000: ("bit 13", "the reference and change bits could not be set"),
    0x00020000: ("bit 14", "a page of the page tables themselves"),
}
"""Bits as IBM counts them, the highest of the 32 first."""
_STORE = 0x02000000
_SIGNALS = {
    4: "SIGILL, for an instruction that the CPU does not know",
    5: "SIGTRAP, for a trap (BUG() and WARN())",
    7: "SIGBUS, for an error of memory or alignment",
    8: "SIGFPE, for arithmetic",
    11: "SIGSEGV, for an access to memory that is not there",
}


def trap_text(number: int) -> str:
    """What exception the number stands for, as half a sentence; empty for one not known."""
    # The lowest bits are the kernel's own marks of a frame.
    return _TRAPS.get(number & ~0xF, "")


_TRAP = Lazy(r"\bTRAP: (?P<number>[0-9a-f]{3,4})\b")
_INTERRUPT = Lazy(r"^--- interrupt: (?P<number>[0-9a-f]{3,4})\b")
_NAMES = Lazy(r"<(?P<names>[A-Z0-9,\[\]]{2,80})>")
_NAME = Lazy(r"[A-Z]{2,4}")
_SIG = Lazy(r"\b(?P<w>sig: (?P<number>\d{1,2}))\b")
_UNIT = Lazy(r"\S{2,20}")
_BUILD = {
    "LE": "LE: little-endian.",
    "BE": "BE: big-endian.",
    "MMU=Radix": "Radix: page tables are a tree, as on other processors.",
    "MMU=Hash": "Hash: page tables are one large hash table.",
    "pSeries": "pSeries: a partition or a virtual machine (under PowerVM or KVM).",
    "PowerNV": "PowerNV: the bare machine, without a hypervisor below.",
    "NUMA": "NUMA: memory is nearer to some CPUs than to others.",
    "SMP": "SMP: built for several CPUs.",
    "PREEMPT": "PREEMPT: kernel code may be interrupted by other tasks wherever it does not forbid it.",
    "PAGE_SIZE=64K": "Pages are 64 KiB.",
    "PAGE_SIZE=4K": "Pages are 4 KiB.",
}


def trap_words(text: str) -> Iterator[Word]:
    """`TRAP: 0300` of a `REGS:` line, and `--- interrupt: 3000`."""
    found = _TRAP.search(text) or _INTERRUPT.search(text)
    if found and (said := trap_text(int(found["number"], 16))):
        start, end = found.span("number")
        yield Word(start, end, f"The exception that led here, {found['number']}: {said}.")


def msr_words(text: str) -> Iterator[Word]:
    """The names of the bits behind MSR's value."""
    found = _NAMES.search(text)
    if found is None:
        return
    for name in _NAME.finditer(text, *found.span("names")):
        if said := _MSR.get(name[0]):
            weight: Weight = "telling" if name[0] == "PR" else "plain"
            yield Word(name.start(), name.end(), said, weight=weight)


def oops_words(text: str) -> Iterator[Word]:
    """`Oops: Kernel access of bad area, sig: 11 [#1]`."""
    if found := _SIG.search(text):
        said = _SIGNALS.get(int(found["number"]))
        if said:
            text = f"The signal that a process would have got for it: {said}."
            yield Word(found.start("w"), found.end("w"), text, weight="plain")


def build_words(text: str) -> Iterator[Word]:
    """`LE PAGE_SIZE=64K MMU=Radix SMP NR_CPUS=2048 NUMA pSeries`."""
    for found in _UNIT.finditer(text[:200]):
        if said := _BUILD.get(found[0]):
            yield Word(found.start(), found.end(), said, weight="plain")


def dsisr_text(value: int) -> str:
    """What the bits of DSISR say, as a sentence."""
    said = flags(value, _DSISR)
    load = "" if value & _STORE else "; bit 6 is clear, a load"
    return f"DSISR: {said or 'no bit of meaning is set'}{load}."


def _dsisr(value: int) -> Said:
    return Said("a store" if value & _STORE else "a load", dsisr_text(value), "telling")


def _condition(value: int) -> Said:
    first = value >> 28 & 0xF
    told = {8: "less", 4: "greater", 2: "equal"}.get(first & 0xE, "nothing")
    return Said(
        "",
        "CR: eight results of comparisons, one a digit, CR0 first: 8 less, 4 greater, 2 equal, 1 overflow. "
        f"CR0 says {told}.",
    )


def _xer(value: int) -> Said:
    names = {1 << 31: ("SO", "overflow since it was last cleared"), 1 << 30: ("OV", "overflow")}
    names[1 << 29] = ("CA", "carry")
    return Said("", f"XER: {flags(value, names) or 'neither carry nor overflow'}.")


_MASK = Lazy(r"\b(?:IRQMASK|SOFTE): (?P<value>[0-9a-f]{1,16})\b")


def mask_words(text: str) -> Iterator[Word]:
    """`IRQMASK: 0`, and `SOFTE: 1` of older kernels, which means the same."""
    found = _MASK.search(text)
    if found is None:
        return
    value = int(found["value"], 16)
    off = value & 1 if "IRQMASK" in found[0] else not value & 1
    if off:
        said = "Interrupts were held back by the kernel on this CPU: the code could not sleep."
        yield Word(*found.span("value"), said)
    else:
        said = "The kernel let interrupts in on this CPU."
        yield Word(*found.span("value"), said, weight="plain")


_USER, _INTERRUPTS = 1 << 14, 1 << 15


def _msr(value: int) -> Said:
    who = "a process ran" if value & _USER else "the kernel ran"
    on = bool(value & _INTERRUPTS)
    text = (
        f"MSR: the machine's state before the exception: {who}, external interrupts were "
        f"{'let in' if on else 'held back'}. Behind it, its bits by name."
    )
    return Said("", text, "plain" if on else "telling")


CPU = Cpu(
    registers={
        "msr": _msr,
        "dsisr": _dsisr,
        "cr": _condition,
        "xer": _xer,
        "cfar": lambda _: Said(
            "", "CFAR: the last branch that was taken: from where control came to the code at NIP."
        ),
        "ctr": lambda _: Said(
            "", "CTR: counts loops, and holds the target of a call by pointer (`bctrl`)."
        ),
        "lr": lambda _: Said(
            "",
            "LR: where the function returns to; in one that has made a call, it is where that call returned to.",
        ),
    },
    lines={
        "REGS:": (trap_words,),
        "---": (trap_words,),
        "MSR:": (msr_words, mask_words),
        **dict.fromkeys(("CFAR:", "DAR:", "SOFTE:", "IRQMASK:"), (mask_words,)),
        "Oops:": (oops_words,),
        **dict.fromkeys(("LE", "BE", "SMP", "PREEMPT"), (build_words,)),
    },
    calls=(
        "GPR03 to GPR10 hold a function's arguments when it begins, GPR03 its result; GPR01 is the "
        "stack pointer, GPR02 points to the table of addresses, GPR13 to what belongs to the CPU."
    ),
)
