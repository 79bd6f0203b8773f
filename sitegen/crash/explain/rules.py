"""Words of a report's lines and what they mean, as a table.

A rule is looked for only in lines that begin with its word, so that a line costs one look
into a table.
"""

import re
from typing import NamedTuple

from sitegen.model import Weight


class Rule(NamedTuple):
    """A word, and what it means wherever it stands like this."""

    first: str
    "the first word of the lines it stands in"
    pattern: re.Pattern[str]
    "its group `w` is the word, else all of it"
    text: str
    weight: Weight = "telling"


def _rule(first: str, pattern: str, text: str, weight: Weight = "telling") -> Rule:
    return Rule(first, re.compile(pattern), text, weight)


_LOCK = (
    "The letters between braces tell how the lock was used: within hard interrupts and with them on, "
    "within softirqs and with them on, each for writing, then for reading. `.` never, `-` within, "
    "`+` with them enabled, `?` both."
)

RULES: tuple[Rule, ...] = (
    _rule(
        "------------[",
        r"\[ cut here \]",
        "A report begins here: copy from this line on.",
        "plain",
    ),
    _rule(
        "---[",
        r"---\[ end trace (?P<w>[0-9a-f]{8,16}) \]---",
        "The report ends here. The number once told oopses apart; in newer kernels it is always 0.",
        "plain",
    ),
    _rule(
        "---[",
        r"---\[ end (?P<w>Kernel panic)",
        "The machine stopped here for good, unless it is told to reboot (`panic=`).",
        "plain",
    ),
    _rule(
        "Kernel",
        r"(?P<w>not syncing)",
        "The kernel gives up at once: what was not written to the disks is lost.",
        "plain",
    ),
    _rule(
        "Kernel",
        r"not syncing: .{0,40}?(?P<w>Fatal exception in interrupt)",
        "The panic only follows from the oops above, which happened in an interrupt or killed the "
        "idle task: there is no process to kill instead.",
    ),
    _rule(
        "Kernel",
        r"not syncing: (?:.{1,40}: )?(?P<w>Fatal exception)(?! in)",
        "The panic only follows from the oops above: panic_on_oops is set. The cause is there.",
    ),
    _rule(
        "Kernel",
        r"(?P<w>panic_on_warn set)",
        "The panic only follows from the warning above: the kernel was told to panic on any.",
    ),
    _rule(
        "Kernel",
        r"(?P<w>hung_task: blocked tasks)",
        "The panic comes from the watchdog of hung tasks, and the trace below is that thread's. The "
        "tasks that hang are reported above.",
        "misleading",
    ),
    _rule(
        "Kernel",
        r"(?P<w>Attempted to kill init!)(?: exitcode=0x(?P<code>[0-9a-f]{8}))?",
        "The first process ended, and a system cannot live without it. Of the exit code, the second "
        "byte from the right is what it returned, the last one the signal that killed it.",
    ),
    _rule(
        "Kernel",
        r"(?P<w>unknown-block\(\d{1,5},\d{1,7}\))",
        "The device that should hold the root file system, by its numbers. (0,0): the name given "
        "with `root=` was not found; a driver or the initramfs is missing.",
    ),
    _rule(
        "Kernel",
        r"Kernel Offset: (?P<w>0x[0-9a-f]{1,16}) from",
        "What address randomisation (KASLR) added to all addresses of the image in this boot: subtract "
        "it to find them in vmlinux.",
    ),
    _rule(
        "Kernel",
        r"Kernel Offset: (?P<w>disabled)",
        "Address randomisation was off: addresses are those of vmlinux.",
    ),
    _rule("PHYS_OFFSET:", r"(?P<w>0x[0-9a-f]{1,16})", "Where memory begins, physically.", "plain"),
    _rule(
        "CPU",
        r"^CPU features: (?P<w>0x[0-9a-f,x]{1,60})",
        "Which features and workarounds of CPUs the kernel uses, as a bitmap.",
        "plain",
    ),
    _rule(
        "SMP:",
        r"(?P<w>stopping secondary CPUs)",
        "The CPU that panicked stops the others, so that nothing else happens.",
        "plain",
    ),
    _rule(
        "Rebooting",
        r"(?P<w>in \d{1,6} seconds)",
        "The machine restarts after this time: `panic=` on the command line.",
        "plain",
    ),
    _rule(
        "CPU:",
        r"(?P<w>#\d{1,6})(?: |$)",
        "How often this kernel was built, as the builder counts.",
        "plain",
    ),
    _rule(
        "CPU:",
        r"Comm: (?P<w>swapper/\d{1,5})",
        "The idle task of this CPU: whatever happened came by an interrupt, not from a process.",
        "misleading",
    ),
    _rule(
        "CPU:",
        r"Comm: (?P<w>kworker/\S{1,20})",
        "A worker thread, which runs what others have queued: who queued it is not in the trace.",
    ),
    _rule("CPU:", r"Comm: (?P<w>ksoftirqd/\d{1,5})", "The thread that runs softirqs of its CPU."),
    _rule(
        "Workqueue:",
        r"Workqueue: \s*(?P<w>\S{1,60})",
        "The workqueue and, behind it, the function that the worker thread was running.",
    ),
    _rule(
        "Hardware",
        r"Hardware name: (?P<w>QEMU)",
        "A virtual machine run by QEMU (with KVM or without).",
    ),
    _rule("Hardware", r"Hardware name: (?P<w>VMware)", "A virtual machine of VMware."),
    _rule(
        "Hardware",
        r"Hardware name: (?P<w>innotek GmbH VirtualBox)",
        "A virtual machine of VirtualBox.",
    ),
    _rule(
        "Hardware",
        r"Hardware name: (?P<w>Microsoft Corporation Virtual Machine)",
        "A virtual machine of Hyper-V, Azure among them.",
    ),
    _rule("Hardware", r"Hardware name: (?P<w>Xen)", "A virtual machine of Xen."),
    _rule(
        "Hardware",
        r"Hardware name: (?P<w>Amazon EC2)",
        "A virtual machine of Amazon EC2.",
    ),
    _rule(
        "Hardware",
        r"Hardware name: (?P<w>Google(?: Google)? Compute Engine)",
        "A virtual machine of Google; syzbot runs there.",
    ),
    _rule(
        "Hardware",
        r"Hardware name: (?P<w>linux,dummy-virt)",
        "QEMU's `virt` board: a virtual machine.",
    ),
    _rule(
        "Hardware",
        r"Hardware name: (?P<w>riscv-virtio,qemu)",
        "QEMU's `virt` board: a virtual machine.",
    ),
    _rule("Hardware", r"(?P<w>\(emulated by qemu\))", "A virtual machine run by QEMU."),
    _rule(
        "Hardware",
        r"(?P<w>BIOS \S.{0,60})$",
        "The firmware and its date.",
        "plain",
    ),
    _rule(
        "Code:",
        r"(?P<w>Bad RIP value|Unable to access opcode bytes)",
        "There is no memory at the PC to read code from: of the kernel's PC, the CPU had jumped to a "
        "wrong address, and the caller is the first frame of the trace; of a process's, its page is "
        "not in memory.",
        "misleading",
    ),
    _rule(
        "Fixing",
        r"(?P<w>Fixing recursive fault)",
        "The task died again while it was being killed. It is left as it is.",
    ),
    _rule(
        "WARNING:",
        r"WARNING: CPU: \d{1,5} PID: \d{1,10} (?P<w>at \S{1,200})",
        "A WARN() in the source: something that should not be, noticed by the kernel itself. It went "
        "on running.",
    ),
    _rule(
        "kernel",
        r"(?P<w>BUG at) ",
        "A BUG() in the source: something that must not be, noticed by the kernel itself. It did not "
        "go on.",
    ),
    _rule(
        "watchdog:",
        r"(?P<w>soft lockup) - CPU#\d{1,5} stuck for \d{1,6}s",
        "A CPU ran kernel code for so long without scheduling that its watchdog thread could not run. "
        "The registers show where it was when the timer looked.",
    ),
    _rule(
        "watchdog:",
        r"(?P<w>[Hh]ard LOCKUP)",
        "A CPU did not even serve timer interrupts any more: it runs with interrupts off.",
    ),
    _rule(
        "INFO:",
        r"(?P<w>blocked for more than \d{1,8} seconds)",
        "The task sleeps and cannot be woken by signals (state D). What it waits for is the question: "
        "a lock, or a disk that does not answer. The trace shows where it sleeps.",
    ),
    _rule(
        '"echo',
        r"(?P<w>hung_task_timeout_secs)",
        "After this many seconds a sleeping task counts as hung; 0 switches the report off.",
        "plain",
    ),
    *(
        _rule(first, rf"\bstate:(?P<w>{letter})\b", f"{letter}: {text}")
        for first in ("task:",)
        for letter, text in (
            ("D", "sleeps and cannot be interrupted: waits for a lock or a device."),
            ("R", "runs, or is ready to."),
            ("S", "sleeps and may be woken by signals."),
            ("I", "an idle kernel thread."),
            ("T", "stopped by a signal."),
            ("Z", "a zombie: it ended, and its parent has not asked for its status."),
        )
    ),
    *(
        rule
        for first in ("rcu:", "INFO:")
        for rule in (
            _rule(
                first,
                r"(?P<w>self-detected stall)",
                "RCU waits for every CPU to pass a point where no reader is left. This CPU itself notices "
                "that it has not: it runs without a pause, or interrupts or preemption are off.",
            ),
            _rule(
                first,
                r"(?P<w>detected stalls? on CPUs/tasks)",
                "RCU waits for every CPU to pass a point where no reader is left. Those listed below have "
                "not; their backtraces, if they could be had, are what matters.",
            ),
            _rule(
                first,
                r"(?P<w>\(\d{1,10} ticks this GP\))",
                "Timer ticks of that CPU within the grace period: near 0, it does not even serve ticks.",
            ),
        )
    ),
    _rule(
        "(t=",
        r"\(t=(?P<w>\d{1,10} jiffies)",
        "How long the grace period lasts; a jiffy is 1 to 10 ms (CONFIG_HZ).",
    ),
    _rule(
        "rcu_scheduler_active",
        r"debug_locks = (?P<w>\d)",
        "Whether lock debugging was still on: 0 after its first report.",
        "plain",
    ),
    _rule(
        "Disabling",
        r"(?P<w>lock debugging due to kernel taint)",
        "Lock debugging (lockdep) reports nothing more from here on.",
        "plain",
    ),
    _rule(
        "The",
        r"located (?P<w>\d{1,10} bytes inside of)",
        "Within the object: what was wrong is the time (it is freed), not the place.",
    ),
    _rule(
        "The",
        r"located (?P<w>\d{1,10} bytes to the right of)",
        "Behind the end of the object: out of bounds.",
    ),
    _rule(
        "Memory",
        r"(?P<w>Memory state around the buggy address)",
        "KASAN's shadow: a byte for each 8 bytes of memory. 00 all may be used, 01 to 07 only the first "
        "so many, fb freed, fa freed (the first bytes of the object), fc red zone of slab objects, "
        "fe red zone of pages, ff freed page, f1 to f3 red zones on the stack, f9 of globals. "
        "`>` and `^` point to the access.",
    ),
    _rule(
        "FIX",
        r"FIX \S{1,60}: (?P<w>Restoring [^0]{1,40})",
        "Slab debugging repairs the bytes and goes on; the damage is done all the same.",
    ),
    _rule(
        "Redzone",
        r"(?P<w>Redzone)",
        "What stands around the object; bb when it is free, cc when in use. Others: written over.",
    ),
    _rule(
        "Object",
        r"(?P<w>Object) ",
        "The object's bytes; 6b 6b 6b … a5 when it was freed and nobody has written to it since.",
    ),
    _rule(
        "Padding",
        r"(?P<w>Padding)",
        "Bytes between objects; all 5a unless someone wrote there.",
        "plain",
    ),
    _rule(
        "page:",
        r"refcount:(?P<w>\d{1,10})",
        "How many users the page has; 0 means that it is free.",
        "plain",
    ),
    _rule(
        "Out",
        r"(?P<w>oom_score_adj:-?\d{1,5})",
        "Makes a process more (up to 1000) or less likely to be chosen.",
    ),
    _rule(
        "Modules",
        r"(?P<w>Modules linked in:)\s*$",
        "No module was loaded: everything in the trace is in vmlinux.",
        "plain",
    ),
    _rule(
        "Modules",
        r"(?P<w>\[last unloaded: [^\]]{1,80}\])",
        "The module that was removed last: its code is gone.",
    ),
    _rule(
        "FAR:",
        r"(?P<w>0x[0-9a-f]{8,16})",
        "Fault address register: the address that was accessed.",
    ),
    _rule(
        "Insufficient",
        r"(?P<w>Insufficient stack space)",
        "The kernel's stack is full: the guard page below it was hit, and the exception itself had no "
        "room. Look for a function that calls itself.",
    ),
    _rule(
        "user",
        r"(?P<w>user pgtable)",
        "The page tables of the process: the address is in its half.",
    ),
    _rule(
        "swapper",
        r"(?P<w>swapper pgtable)",
        "The kernel's own page tables: the address is in the kernel's half.",
    ),
    _rule(
        "Mem",
        r"(?P<w>Mem abort info)",
        "What the CPU says of the access that failed, field by field.",
        "plain",
    ),
    _rule(
        "BUG:",
        r"(?P<w>scheduling while atomic)",
        "The task went to sleep while it held a spinlock or had disabled preemption or interrupts.",
    ),
    _rule(
        "BUG:",
        r"(?P<w>sleeping function called from invalid context)",
        "A function that may sleep was called where sleeping is forbidden.",
    ),
    _rule(
        "BUG:",
        r"(?P<w>TASK stack guard page was hit)",
        "The kernel's stack is full: the page below it, which is never mapped, was touched. Look for a "
        "function that calls itself, or for large variables.",
    ),
    _rule(
        "refcount_t:",
        r"(?P<w>underflow; use-after-free)",
        "A reference was dropped once too often: the object may have been freed while still in use.",
    ),
    _rule(
        "refcount_t:",
        r"(?P<w>addition on 0; use-after-free)",
        "A reference was taken on an object without any: it was already being freed.",
    ),
    _rule(
        "refcount_t:",
        r"(?P<w>saturated; leaking memory)",
        "The count stopped at its limit and the object is never freed any more.",
    ),
    *(_rule(first, r"(?P<w>\{[-.?+]{4,6}\}-\{\d:\d\})", _LOCK) for first in ("is", "which")),
    _rule(
        "inconsistent",
        r"(?P<w>\{[\w-]{4,30}\} -> \{[\w-]{4,30}\})",
        "The lock was once taken with interrupts enabled (ON), and is now taken within one (IN): an "
        "interrupt could come while it is held, and wait for it for ever.",
    ),
    _rule(
        "note:",
        r"^note: (?P<w>\S.{0,40}\[\d{1,10}\] exited)",
        "The kernel killed this task because of the oops above.",
        "plain",
    ),
)
