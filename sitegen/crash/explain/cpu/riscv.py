"""What RISC-V prints of a trap: status, cause. Of the RISC-V privileged architecture."""

from sitegen.crash.explain.cpu.shape import Cpu, Said

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
    9: "a call of the firmware",
    12: "a page fault while fetching an instruction",
    13: "a page fault of a load",
    15: "a page fault of a store",
    18: "a jump or return to a place that is no target of such (control flow integrity)",
    19: "an error of the hardware",
    20: "a page fault of a guest's fetch",
    21: "a page fault of a guest's load",
    23: "a page fault of a guest's store",
}
_INTERRUPTS = {1: "from another CPU", 5: "of the timer", 9: "of a device"}


def _cause(value: int) -> Said | None:
    for bits in (64, 32):
        if value >> bits - 1 == 1:
            number = value & (1 << bits - 1) - 1
            who = _INTERRUPTS.get(number, f"number {number}")
            return Said("an interrupt", f"The highest bit is set: an interrupt, {who}.", "telling")
    said = _CAUSES.get(value)
    return Said(said, f"scause {value}: {said}.", "telling") if said else None


def _status(value: int) -> Said:
    came = "the kernel" if value & 0x100 else "a user program"
    off = not value & 0x20
    text = (
        f"SPP is {'1' if value & 0x100 else '0'}: it came from {came}. "
        f"SPIE: interrupts were {'off' if off else 'on'}."
    )
    if value & 0x40000:
        text += " SUM: the kernel was allowed to touch user memory."
    return Said(f"from {came}", text, "telling" if off else "plain")


CPU = Cpu(
    registers={"cause": _cause, "status": _status},
    lines={},
    calls=(
        "a0 to a7 hold a function's arguments when it begins, a0 and a1 its result; ra is where it "
        "returns to, tp points to the task, s0 to the frame."
    ),
)
