"""Reports of CPU exceptions, panics, BUG() and UBSAN.

Formats, skipped functions and titles are syzkaller's (pkg/report/linux.go, Apache-2.0,
Copyright syzkaller project authors), taken as facts, so that titles agree with syzbot's.
"""

from sitegen.crash.log.oopses.shape import (
    BY_RIP,
    BY_RIP_AND_TRACE,
    BY_TRACE,
    Format,
    Oops,
)

_PANIC = r"Kernel panic - not syncing: "

FAULTS = (
    Oops(
        "Unable to handle kernel",
        (
            Format(
                r"Unable to handle kernel (?P<what>paging request|NULL pointer dereference|access to user memory)",
                "BUG: unable to handle kernel {what} in {f}",
                BY_RIP_AND_TRACE,
                alt=("bad-access in {f}",),
            ),
        ),
    ),
    Oops(
        "general protection fault",
        (
            Format(
                r"general protection fault.*:",
                "general protection fault in {f}",
                BY_RIP_AND_TRACE,
                alt=("bad-access in {f}",),
            ),
        ),
        # A process's own fault, which the kernel only reports.
        unless=r"general protection fault .*error:[0-9]+ in ",
    ),
    Oops(
        "stack segment: ",
        (Format(r"stack segment: ", "stack segment fault in {f}", BY_RIP_AND_TRACE),),
    ),
)

PANIC = Oops(
    "Kernel panic",
    (
        Format(
            rf"{_PANIC}stack-protector:",
            "kernel panic: stack is corrupted in {f}",
            needs=(rf"{_PANIC}stack-protector: Kernel stack is corrupted in: <FUNC>",),
            traceless=True,
        ),
        Format(
            rf"{_PANIC}stack-protector:",
            "kernel panic: stack is corrupted in {f}",
            BY_TRACE,
            needs=(rf"{_PANIC}stack-protector: Kernel stack is corrupted in: [0-9a-f]+",),
            skip="stack_chk",
        ),
        Format(
            rf"{_PANIC}corrupted stack end",
            "kernel panic: corrupted stack end in {f}",
            BY_TRACE,
            needs=(rf"{_PANIC}corrupted stack end detected inside scheduler",),
            skip="schedule|retint_kernel",
            alt=("stack-overflow in {f}",),
            pick="stall",
        ),
        Format(
            rf"{_PANIC}kernel stack overflow",
            "kernel stack overflow in {f}",
            BY_TRACE,
            skip="bad_stack",
            alt=("stack-overflow in {f}",),
            pick="stall",
        ),
        Format(rf"{_PANIC}Attempted to kill init!", "kernel panic: Attempted to kill init!"),
        Format(
            rf"{_PANIC}Couldn't open N_TTY ldisc for [^ ]+ --- error -[0-9]+",
            "kernel panic: Couldn't open N_TTY ldisc",
        ),
        # These follow a report; alone, its header is lost.
        *(
            Format(rf"{_PANIC}{what}", f"kernel panic: {what}", corrupted=True)
            for what in ("Fatal exception", "panic_on_warn set", "hung_task: blocked tasks")
        ),
        Format(rf"{_PANIC}(?P<rest>.*)", "kernel panic: {rest}"),
    ),
)

TRAPS = (
    Oops(
        "PANIC: double fault",
        (Format(r"PANIC: double fault", "PANIC: double fault in {f}", BY_RIP),),
    ),
    Oops(
        "rust_kernel: panicked",
        (
            Format(
                r"rust_kernel: panicked",
                "{what} in {f}",
                BY_TRACE,
                needs=(r"rust_kernel: panicked at", r"(?P<what>.+)"),
                skip="__rustc::rust_begin_unwind",
            ),
        ),
    ),
    Oops(
        "kernel BUG",
        (
            Format(
                r"kernel BUG at mm/usercopy\.c",
                "BUG: bad usercopy in {f}",
                BY_TRACE,
                skip="usercopy|__check",
            ),
            Format(
                r"kernel BUG at lib/list_debug\.c",
                "BUG: corrupted list in {f}",
                BY_TRACE,
                alt=("bad-access in {f}",),
            ),
            Format(
                r"kernel BUG at (?P<rest>.*)", "kernel BUG in {f}", BY_RIP_AND_TRACE, skip="^skb_"
            ),
        ),
    ),
    Oops("Kernel BUG", (Format(r"Kernel BUG (?P<rest>.*)", "kernel BUG {rest}"),)),
    Oops(
        "BUG kmalloc-",
        (Format(r"BUG kmalloc-.*: Object already free", "BUG: Object already free"),),
    ),
    Oops("divide error:", (Format(r"divide error: ", "divide error in {f}", BY_RIP),)),
    Oops("divide_error:", (Format(r"divide_error: ", "divide error in {f}", BY_RIP),)),
    Oops("invalid opcode:", (Format(r"invalid opcode: ", "invalid opcode in {f}", BY_RIP),)),
    Oops("int3:", (Format(r"int3: ", "int3 in {f}", BY_RIP_AND_TRACE),)),
    Oops(
        "UBSAN:",
        (
            Format(
                r"UBSAN:",
                "UBSAN: undefined-behaviour in {f}",
                BY_TRACE,
                needs=(r"UBSAN: Undefined behaviour in",),
                skip="ubsan|overflow",
            ),
            Format(
                r"UBSAN: array-index-out-of-bounds in",
                "UBSAN: array-index-out-of-bounds in {f}",
                BY_TRACE,
                skip="ubsan|overflow",
                alt=("bad-access in {f}",),
            ),
            Format(
                r"UBSAN:",
                "UBSAN: {what} in {f}",
                BY_TRACE,
                needs=(r"UBSAN: (?P<what>.*?) in",),
                skip="ubsan|overflow",
            ),
        ),
    ),
)

ABORTS = (
    *(
        Oops(
            f"{what}:",
            (
                Format(
                    rf"{what}:",
                    f"{what} in {{f}}",
                    BY_RIP_AND_TRACE,
                    alt=("bad-access in {f}",),
                ),
            ),
        )
        for what in ("Internal error", "Unhandled fault")
    ),
    Oops(
        "Alignment trap:", (Format(r"Alignment trap:", "Alignment trap in {f}", BY_RIP_AND_TRACE),)
    ),
)
