"""How a report begins and ends: cut marks, end traces, panics and why they came."""

from collections.abc import Iterator

from sitegen.crash.explain.topics.shape import Topic, rule
from sitegen.crash.explain.words import Word
from sitegen.crash.lazy import Lazy

_SIGNALS = [
    "SIGHUP",
    "SIGINT",
    "SIGQUIT",
    "SIGILL",
    "SIGTRAP",
    "SIGABRT",
    "SIGBUS",
    "SIGFPE",
    "SIGKILL",
    "SIGUSR1",
    "SIGSEGV",
    "SIGUSR2",
    "SIGPIPE",
    "SIGALRM",
    "SIGTERM",
]
_EXIT = Lazy(r"exitcode=(?P<code>0x[0-9a-f]{8})\b")


def exit_text(code: int) -> str:
    """What a process's exit code says, as a sentence.

    >>> exit_text(0x300), exit_text(0xB)
    ('It returned 3: the program ended by itself.', 'Signal 11 (SIGSEGV) killed it.')
    """
    signal = code & 0x7F
    if not signal:
        return f"It returned {code >> 8 & 0xFF}: the program ended by itself."
    name = f" ({_SIGNALS[signal - 1]})" if signal <= len(_SIGNALS) else ""
    dumped = ", and its memory was dumped" if code & 0x80 else ""
    return f"Signal {signal}{name} killed it{dumped}."


def exit_words(text: str) -> Iterator[Word]:
    """`exitcode=0x0000000b` of the first process."""
    if found := _EXIT.search(text):
        yield Word(found.start("code"), found.end("code"), exit_text(int(found["code"], 16)))


_FOLLOWS = "The panic only follows from the report above"

ENDS = Topic(
    rules=(
        rule(
            "------------[",
            r"\[ cut here \]",
            "A report begins here: copy from this line on.",
            "plain",
        ),
        rule(
            "8<---",
            r"cut here ---",
            "A report begins here: copy from this line on.",
            "plain",
        ),
        rule(
            "---[",
            r"---\[ end trace (?P<w>[0-9a-f]{8,16}) \]---",
            "The report ends here. The number once told oopses apart; in newer kernels it is always 0.",
            "plain",
        ),
        rule(
            "---[",
            r"---\[ end (?P<w>Kernel panic)",
            "The machine stopped here for good, unless it is told to reboot (`panic=`).",
            "plain",
        ),
        rule(
            "Kernel",
            r"(?P<w>not syncing)",
            "The kernel gives up at once: what was not written to the disks is lost.",
            "plain",
        ),
        rule(
            "Kernel",
            r"not syncing: .{0,40}?(?P<w>Fatal exception in interrupt)",
            "The panic only follows from the oops above, which happened in an interrupt, or in an "
            "exception that counts as one (int3, double fault): there is no process to kill instead.",
        ),
        rule(
            "Kernel",
            r"not syncing: (?:.{1,40}: )?(?P<w>Fatal exception)(?! in)",
            "The panic only follows from the oops above: panic_on_oops is set. The cause is there.",
        ),
        rule(
            "Kernel",
            r"(?P<w>panic_on_warn set|kernel: panic_on_warn)",
            f"{_FOLLOWS}: the kernel was told to panic on any (panic_on_warn).",
        ),
        rule(
            "Kernel",
            r"(?P<w>hung_task: blocked tasks)",
            "The panic comes from the watchdog of hung tasks, and the trace below is that thread's. The "
            "tasks that hang are reported above.",
            "misleading",
        ),
        rule(
            "Kernel",
            r"(?P<w>softlockup: hung tasks)",
            f"{_FOLLOWS}: the kernel was told to panic on a soft lockup.",
        ),
        rule(
            "Kernel",
            r"not syncing: (?P<w>RCU Stall)",
            f"{_FOLLOWS}: the kernel was told to panic on a stall of RCU.",
        ),
        rule(
            "Kernel",
            r"not syncing: (?P<w>sysrq triggered crash)",
            "Somebody asked for it: by `echo c > /proc/sysrq-trigger`, or by a key. Nothing is wrong "
            "with the kernel.",
            "misleading",
        ),
        rule(
            "Kernel",
            r"(?P<w>panic forced after error)",
            "The file system found itself damaged, and was mounted with `errors=panic`.",
        ),
        rule(
            "Kernel",
            r"(?P<w>Attempted to kill init!)",
            "Whatever ended process 1 comes first: look above for why it died.",
        ),
        rule(
            "Kernel",
            r"(?P<w>Attempted to kill the idle task!)",
            "An oops happened while a CPU had nothing to do, mostly in an interrupt.",
        ),
        rule(
            "Kernel",
            r"(?P<w>System is deadlocked on memory)",
            "There is no process left that could be killed to free memory.",
        ),
        rule(
            "Kernel",
            r"(?P<w>stack-protector: Kernel stack is corrupted in)",
            "At its end a function found the guard beside its variables changed: one of them was "
            "written past its end, in it or in a function that it called.",
        ),
        rule(
            "Kernel",
            r"(?P<w>corrupted stack end detected inside scheduler)",
            "The word at the end of a task's stack was written over: the stack had overflowed.",
        ),
        rule(
            "Kernel",
            r"(?P<w>Timeout: Not all CPUs entered broadcast exception handler)",
            "The hardware reported an error (machine check), and some CPUs did not answer.",
        ),
        rule(
            "Kernel",
            r"(?P<w>No working init found|Requested init \S{1,80} failed)",
            "The root file system is there, but not a program on it to start with.",
        ),
        rule(
            "Kernel",
            r"(?P<w>unknown-block\(\d{1,5},\d{1,7}\))",
            "The device that should hold the root file system, by its numbers. (0,0): the name given "
            "with `root=` was not found; a driver or the initramfs is missing.",
        ),
        rule(
            "Kernel",
            r"Kernel Offset: (?P<w>0x[0-9a-f]{1,16}) from",
            "What address randomisation (KASLR) added to all addresses of the image in this boot: subtract "
            "it to find them in vmlinux.",
        ),
        rule(
            "Kernel",
            r"\((?P<w>relocation range): 0x",
            "The addresses among which the place of the image was drawn.",
            "plain",
        ),
        rule(
            "Kernel",
            r"Kernel Offset: (?P<w>disabled)",
            "Address randomisation was off: addresses are those of vmlinux.",
        ),
        rule(
            "PHYS_OFFSET:", r"(?P<w>0x[0-9a-f]{1,16})", "Where memory begins, physically.", "plain"
        ),
        rule(
            "CPU",
            r"^CPU features: (?P<w>0x[0-9a-f,x]{1,60})",
            "Which features and workarounds of CPUs the kernel uses, as a bitmap.",
            "plain",
        ),
        rule(
            "SMP:",
            r"(?P<w>stopping secondary CPUs)",
            "The CPU that panicked stops the others, so that nothing else happens.",
            "plain",
        ),
        rule(
            "SMP:",
            r"(?P<w>failed to stop secondary CPUs)",
            "Other CPUs did not answer: they hang with interrupts off, or are gone.",
        ),
        rule(
            "Rebooting",
            r"(?P<w>in \d{1,6} seconds)",
            "The machine restarts after this time: `panic=` on the command line.",
            "plain",
        ),
        rule(
            "Dumping",
            r"(?P<w>ftrace buffer)",
            "What was traced before the crash (ftrace_dump_on_oops), if anything was.",
            "plain",
        ),
        rule(
            "Fixing",
            r"(?P<w>Fixing recursive fault)",
            "The task died again while it was being killed. It is left as it is.",
        ),
        rule(
            "note:",
            r"^note: (?P<w>\S.{0,40}\[\d{1,10}\] exited)",
            "The kernel killed this task because of the oops above.",
            "plain",
        ),
    ),
    readers={"Kernel": (exit_words,)},
)
