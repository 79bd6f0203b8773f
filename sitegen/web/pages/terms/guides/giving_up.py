"""Guides to where the kernel itself said that it cannot, or should not, go on."""

from sitegen.web.pages.terms.guides.shape import Guide

GIVING_UP = {
    "bug": Guide(
        "The kernel found something that must not be and gave up: `BUG()` or `BUG_ON()`.",
        (
            "`kernel BUG at FILE:LINE!`: the condition stands there.",
            "The registers at `ud2`: the values it was about are often still in them.",
        ),
        (
            "Ask which of the condition's parts was true, and who should have kept it from being so.",
            "Where going on is possible a `WARN_ON_ONCE()` and an error code are the better answer.",
        ),
    ),
    "warning": Guide(
        "The kernel found something that should not be, said so, and went on.",
        (
            "The line: the condition stands there; a text before it says what was meant.",
            "What comes after in the log: the warning may be the first sign of it.",
            "`panic_on_warn`: then this was the end.",
        ),
        (
            "A warning that a program can set off at will is a bug in itself.",
            "Otherwise read it as a BUG: who let the state become so.",
        ),
    ),
    "panic": Guide(
        "The kernel called `panic()`: it cannot go on, or was told not to.",
        (
            "`not syncing:` is followed by the reason.",
            "`Fatal exception`: an oops came before, and that one is to be read.",
            "The function that called `panic()`.",
        ),
        ("Read the first report in the log; the panic is what was done about it.",),
    ),
    "oom": Guide(
        "Memory ran out, and there was nothing left that could be killed, or that was forbidden.",
        (
            "The table of tasks: who has most.",
            (
                "`Mem-Info`: whether it is in processes, in caches, or in slabs: `slab_unreclaimable`"
                " is the kernel's own."
            ),
        ),
        (
            "A slab that grows and grows is a leak: `slabtop`, kmemleak.",
            "A limit of a control group is no lack of memory: `memory.max`.",
        ),
    ),
    "oom-kill": Guide(
        "Memory ran out, and a process was killed to get some back. The kernel itself is well.",
        (
            (
                "`invoked oom-killer: gfp_mask=..., order=...`: what was wanted; an order above 3 asks"
                " for much in one piece."
            ),
            "`oom-kill:constraint=`: whether a control group's limit was reached, or all memory.",
            "The table of tasks, the largest `rss`; `Killed process` names who was chosen.",
        ),
        ("See what grew: the process, a cache, or the kernel's slabs.",),
    ),
    "alloc-failure": Guide(
        "Memory could not be had in the form that was asked for. Mostly the caller copes.",
        (
            "`order`: above 0 it must be in one piece, and memory may only be in pieces.",
            "The mask: `GFP_ATOMIC` may not wait, and is allowed to fail.",
        ),
        (
            (
                "`kvmalloc()` for what need not be in one piece; `__GFP_NOWARN` where there is another"
                " way."
            ),
        ),
    ),
    "no-root": Guide(
        "The file system that the boot loader named as root could not be mounted.",
        (
            "The name after `root=` and the list of partitions above: whether the disk is there.",
            "`unknown-block(0,0)`: the name was not even understood as a device.",
        ),
        (
            "A missing initramfs, or one without the disk's driver, is the usual cause.",
            "Check `root=`, and that the file system is built in or in the initramfs.",
        ),
    ),
    "no-init": Guide(
        "The kernel mounted its root and found no program there to start as process 1.",
        ("`Requested init ... failed (error -N)`: whether it is missing, or cannot be run.",),
        (
            (
                "Error -2 is a missing file or loader, -8 a program for another machine, -13 one that"
                " may not be run."
            ),
        ),
    ),
    "init-killed": Guide(
        "Process 1 ended. Without it there is no system.",
        (
            (
                "`exitcode=`: the low seven bits are a signal (0x0b is a segmentation fault), the next"
                " byte what it returned."
            ),
            "What the console printed before: init's own words.",
        ),
        ("Look for the cause in user space: libraries, the root file system, its configuration.",),
    ),
    "vfs": Guide(
        "A file system should go, and something in it is still in use, or was given back twice.",
        (
            "`Busy inodes after unmount`: a reference to an inode is left.",
            "`Close: file count is 0`: a file was closed once too often.",
        ),
        ("Look for an `iput()`, `dput()` or `fput()` too few, or too many.",),
    ),
    "rust-panic": Guide(
        "Rust code panicked: an index out of bounds, an `unwrap()` of nothing, an overflow.",
        ("`panicked at FILE:LINE`: the expression, and what it says.",),
        ("Return an error instead: code in the kernel must not panic for what can happen.",),
    ),
    "reboot": Guide(
        "The kernel began anew without having said anything.",
        ("The last lines before: what it was doing.",),
        (
            "A triple fault, a watchdog of the hardware or the firmware, or power.",
            "`earlyprintk`, a console without buffering, or pstore may catch the last words.",
        ),
    ),
    "info": Guide(
        "The kernel noted something that is worth a look, and went on.",
        ("The line itself.",),
        ("Whether it matters depends on what it says.",),
    ),
    "program": Guide(
        "A program, not the kernel, printed its own crash on the console.",
        ("Its own stack trace.",),
        ("Look there; the kernel is only the messenger.",),
    ),
}
