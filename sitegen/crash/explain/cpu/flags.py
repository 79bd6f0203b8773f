"""x86's flag and control registers, bit by bit."""

from sitegen.crash.explain.words import flags

EFLAGS = {
    1 << 0: ("CF", "carry"),
    1 << 2: ("PF", "even parity"),
    1 << 4: ("AF", "carry of the low digit"),
    1 << 6: ("ZF", "the last result was zero"),
    1 << 7: ("SF", "the last result was negative"),
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
    1 << 21: ("SMAP", "the kernel cannot touch user pages by accident"),
    1 << 22: ("PKE", "protection keys"),
    1 << 23: ("CET", "shadow stacks and branch tracking"),
}
LA57 = 1 << 12
SMAP = 1 << 21


def eflags_words(value: int, *, user: bool) -> tuple[str, str]:
    """What EFLAGS says, in brief and as sentences."""
    on = value & 1 << 9
    brief = "interrupts on" if on else "interrupts off"
    text = f"EFLAGS: {flags(value, EFLAGS) or 'no flag is set'}."
    if not on and not user:
        text += " Interrupts were off on this CPU: the code could not sleep."
    return brief, text


def cr0_text(value: int) -> str:
    """What CR0 says, as a sentence."""
    return f"CR0: {flags(value, _CR0) or 'none of the bits that matter here is set'}."


def cr4_text(value: int) -> str:
    """What CR4 says, as a sentence."""
    return f"CR4: {flags(value, _CR4) or 'none of the bits that matter here is set'}."
