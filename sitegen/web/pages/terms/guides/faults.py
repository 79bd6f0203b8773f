"""Guides to what the processor refused: bad addresses, bad instructions, a full stack."""

from sitegen.web.pages.terms.guides.shape import Guide

FAULTS = {
    "null-deref": Guide(
        "The kernel followed a pointer that was NULL, or close enough to it: a member of a"
        " structure at NULL is an address of a few bytes to a few kilobytes.",
        (
            (
                "The address: it is the offset of the member. `0000000000000028` is a member 0x28"
                " bytes into a structure whose pointer was NULL."
            ),
            (
                "The register that held the pointer: the instruction at the PC names it, and the dump"
                " shows a zero, or a small number."
            ),
            (
                "`#PF: supervisor read` or `write`, or `Oops: 0002`: a write often means that"
                " something was set up too late, a read that it was torn down too early."
            ),
            (
                "A PC that is zero itself: a function pointer was NULL. The way is told by the return"
                " address on the stack."
            ),
        ),
        (
            "Find the member at that offset (`pahole -C`), and by it the pointer in the line.",
            (
                "Ask who sets the pointer, who clears it, and what keeps the two from meeting this"
                " reader: a lock, a reference, an order at start and stop."
            ),
            "A check for NULL in this place mends the report, seldom the bug.",
        ),
    ),
    "paging": Guide(
        "The kernel accessed an address that is not mapped, or not for this kind of access.",
        (
            (
                "The address says where it came from: poison of freed objects (`6b6b6b6b`), of list"
                " entries (`dead000000000100`), an error code as a pointer (`ffffffffffffff..`), text."
            ),
            (
                "The error code: a `permissions violation` on a mapped page is a write to read-only"
                " data or code, or an instruction fetch from data."
            ),
            "The page table walk (`PGD ... P4D ... PUD ...`): which level had no entry.",
            "Whether the address is just behind an object: then it ran past the end.",
        ),
        (
            (
                "Build with KASAN, or boot with `kfence.sample_interval`, and let it happen again: it"
                " will name the object, and who allocated and freed it."
            ),
            "With poison in the address look for a use after free, with text in it for an overflow.",
        ),
    ),
    "user-access": Guide(
        "The kernel accessed memory of user space by an ordinary load or store. It must go through"
        " `copy_from_user()` and its kin, which open the door and mend a fault.",
        (
            "The address: below the border of user space, and often a pointer that a program gave.",
            (
                "The instruction: a plain access is a missing `copy_from_user()`, one inside such a"
                " function a missing check of the range."
            ),
        ),
        (
            "Look for a pointer that lost its `__user`; sparse finds those.",
            (
                "If the pointer should have been the kernel's own, it was overwritten: see the page"
                " fault kind."
            ),
        ),
    ),
    "gpf": Guide(
        "The processor refused an instruction without a page fault. In the kernel that is nearly"
        " always an access through an address that is not canonical: bits 47 to 63 are not equal.",
        (
            (
                "The registers of the operand: a canonical pointer with some high bytes overwritten,"
                " poison (`6b6b6b6b6b6b6b6b`), text, or a list entry's poison."
            ),
            (
                "With KASAN, `maybe wild-memory-access in range` or `null-ptr-deref in range`: the"
                " address was the shadow's, and that line has turned it back."
            ),
            "The error code in brackets: not zero where a segment selector was bad.",
        ),
        (
            "Say first what the value is; then whose object the pointer was read from.",
            "Run it again with KASAN where the kernel had none.",
        ),
    ),
    "stack-segment": Guide(
        "The processor refused an access through the stack pointer or the frame pointer: the"
        " address was not canonical, as with a general protection fault.",
        (
            "RSP and RBP: one of them is no stack address.",
            "The frames: they can only be believed as far as that pointer was right.",
        ),
        ("Look for code that computed with the frame pointer, or wrote over its saved copy.",),
    ),
    "double-fault": Guide(
        "While the processor was entering one exception a second one came. Mostly the stack could"
        " not take the first: it was full, or the stack pointer was bad.",
        (
            "RSP: next to the end of its stack, or no stack at all.",
            (
                "`<#DF>`: what stands under it ran on the stack of the double fault; what comes after"
                " it is the task."
            ),
            "One function many times over: a recursion.",
        ),
        (
            "With a full stack go on as with a stack overflow.",
            (
                "Without one look at what changes the stack pointer: entry code, a return to a stack"
                " that was freed."
            ),
        ),
    ),
    "divide": Guide(
        "An integer was divided by zero, or the quotient was too large for its register.",
        (
            "The divisor's register at the PC: zero, or the dividend is too large for it.",
            (
                "Who computed it: often a count, a rate or a size that came from a device, a file"
                " system or a program."
            ),
        ),
        ("Check it where it enters the kernel, not where it is divided by.",),
    ),
    "invalid-opcode": Guide(
        "The processor met an instruction that it does not know. `ud2` is put there on purpose:"
        " by BUG(), by the compiler behind code that cannot be reached, by its checks.",
        (
            (
                "The bytes at the PC: `0f 0b` is `ud2`, on purpose; anything else is code that is"
                " damaged, or meant for another processor."
            ),
            (
                "No `kernel BUG at` line although it is `ud2`: a compiler's check, or an indirect call"
                " that CFI refused."
            ),
        ),
        (
            "Compare the bytes with those of the image at that address.",
            "If they differ, something wrote into code, or code was patched while it ran.",
        ),
    ),
    "int3": Guide(
        "A breakpoint that nobody had set. Code that is being patched has one for a moment, and"
        " probes use it: something ran into it outside of its time.",
        (
            "The function at the PC: a static branch, an ftrace entry, a kprobe.",
            "What patched code just then: loading of a module, tracing, a live patch.",
        ),
        ("Look at the order in which the patching is done and the places are registered.",),
    ),
    "alignment": Guide(
        "An access was to an address that is not a multiple of what it needs.",
        (
            (
                "The instruction: atomic and exclusive accesses and those to devices insist on"
                " alignment where ordinary ones do not."
            ),
            "The address: odd by how much, and from which member.",
        ),
        (
            (
                "Look for a packed structure, a cast from a byte buffer, or a pointer that was"
                " computed by hand; `get_unaligned()` is for those."
            ),
        ),
    ),
    "stack-overflow": Guide(
        "The kernel's stack is full. It is 8 to 32 KB, does not grow, and ends with a page that is"
        " not mapped.",
        (
            "A function, or a circle of functions, again and again: a recursion without an end.",
            "Without one: large frames. `CONFIG_FRAME_WARN` and `scripts/checkstack.pl` name them.",
            (
                "Layers upon layers: a file system on a device mapper on a network, and an interrupt"
                " on top."
            ),
        ),
        (
            "Give the recursion a bound, or make it a loop.",
            "Take buffers off the stack; hand deep work to a work queue.",
        ),
    ),
    "stack-smashed": Guide(
        "The value that the compiler puts between a function's variables and its return address"
        " was changed: something wrote past the end of a buffer on the stack.",
        (
            "The function named: the buffer is in it, or in a function that it gave it to.",
            "What of its arguments is a length.",
        ),
        (
            "Look at each array and structure on that function's stack, and who fills it.",
            "KASAN finds the write itself, where this finds it when the function returns.",
        ),
    ),
    "oops": Guide(
        "The processor refused something, and the architecture has no more special name for it.",
        (
            "The number after `Internal error` and the syndrome (`ESR`): what was refused.",
            "The fault address, where there is one.",
        ),
        ("Go on as with a page fault, once the syndrome is known.",),
    ),
    "mce": Guide(
        "The processor reported an error of the hardware that it could not correct.",
        (
            (
                "`Bank` and status: what reported it (memory, cache, bus, PCI), and whether the"
                " context is lost."
            ),
            "The address and `MISC`: which memory module.",
        ),
        (
            "Decode the status with `mcelog` or `rasdaemon`; look for corrected errors before it.",
            "The functions in the trace are where the processor was; they are seldom to blame.",
        ),
    ),
    "serror": Guide(
        "An error arrived that no instruction can be blamed for: a bus or a device answered an"
        " earlier access with a failure.",
        (
            "The syndrome: whether the error is of a form that the processor can describe.",
            "What touched a device last: SError comes late, the PC is only nearby.",
        ),
        (
            "Look for registers of a device that is switched off, without clock, or not there.",
            "On a server look for memory errors.",
        ),
    ),
}
