"""Where it happened: the CPU and task, the queue it worked for, the hardware, the modules."""

from collections.abc import Iterator

from sitegen.crash.explain.topics.shape import Topic, rule
from sitegen.crash.explain.words import Word
from sitegen.crash.lazy import Lazy

_LONGEST_NAME = 15
_TASK = Lazy(
    r"\bPID: {1,4}(?P<pid>\d{1,10}) {1,2}Comm: (?P<comm>\S.{0,40}?)(?= (?:Not tainted|Tainted:)|$)"
)
_THREADS: tuple[tuple[Lazy, str, bool], ...] = tuple(
    (Lazy(pattern), text, misleads)
    for pattern, text, misleads in (
        (
            r"swapper/\d{1,5}$",
            "The idle task of this CPU: whatever happened came by an interrupt, not from a process.",
            True,
        ),
        (
            r"kworker/",
            "A worker thread, which runs what others have queued: who queued it is not in the trace.",
            False,
        ),
        (r"ksoftirqd/\d", "The thread that runs softirqs of its CPU.", False),
        (
            r"migration/\d",
            "The thread that moves tasks between CPUs, and stops CPUs for others.",
            False,
        ),
        (
            r"khungtaskd$",
            "The thread that looks for hung tasks: it reports them, and does not hang.",
            True,
        ),
        (r"rcu[a-z_]{0,10}(?:/\d|$)", "A thread of RCU, which waits for readers to finish.", False),
        (r"kswapd\d", "The thread that frees memory when it runs short.", False),
        (r"kcompactd\d", "The thread that moves pages to have free ones side by side.", False),
        (r"khugepaged$", "The thread that makes large pages of small ones.", False),
        (r"jbd2/", "The thread that writes ext4's journal.", False),
        (r"kthreadd$", "The thread that starts all other kernel threads.", False),
        (r"irq/\d", "The thread of an interrupt's handler.", False),
        (r"kauditd$|kdevtmpfs$|oom_reaper$|watchdogd$", "A thread of the kernel's own.", False),
    )
)
_BOOT = "The kernel's own first thread, before it starts `init`: this happened while the kernel was booting."


def task_words(text: str) -> Iterator[Word]:
    """`PID: 92 Comm: sh`: who ran."""
    found = _TASK.search(text)
    if found is None:
        return
    start, end = found.span("comm")
    comm = found["comm"]
    if comm.startswith("swapper") and found["pid"] == "1":
        yield Word(start, end, _BOOT)
        return
    for pattern, said, misleads in _THREADS:
        if pattern.match(comm):
            yield Word(start, end, said, weight="misleading" if misleads else "telling")
            return
    said = "The task that ran: the program's name, unless it gave itself another one."
    if len(comm) == _LONGEST_NAME:
        said += f" Names are cut to {_LONGEST_NAME} characters: this one may be longer."
    if found["pid"] == "1":
        said = "Process 1, the first one: the kernel panics when it ends."
    yield Word(start, end, said, weight="plain")


_QUEUE = Lazy(r"Workqueue: {1,3}(?P<queue>\S{1,60})(?: (?P<function>[A-Za-z_][\w.]{0,120}))?")
_SHARED = Lazy(r"events(?:_\w{1,30})?$")


def queue_words(text: str) -> Iterator[Word]:
    """`Workqueue: events do_free_init`: the queue, and the function that its worker ran."""
    found = _QUEUE.search(text)
    if found is None or found["queue"].startswith("0x"):
        return
    said = "The workqueue that this worker thread served."
    if _SHARED.match(found["queue"]):
        said = (
            "The workqueue that this worker thread served: one of the kernel's own, shared by all."
        )
    yield Word(found.start("queue"), found.end("queue"), said, weight="plain")
    if found["function"]:
        said = "The work: the function that the worker thread was running."
        yield Word(found.start("function"), found.end("function"), said)


_MACHINES = (
    (r"QEMU", "A virtual machine run by QEMU (with KVM or without)."),
    (r"VMware", "A virtual machine of VMware."),
    (r"innotek GmbH VirtualBox", "A virtual machine of VirtualBox."),
    (r"Microsoft Corporation Virtual Machine", "A virtual machine of Hyper-V, Azure among them."),
    (r"Xen", "A virtual machine of Xen."),
    (r"Amazon EC2", "A virtual machine of Amazon EC2."),
    (r"Google(?: Google)? Compute Engine", "A virtual machine of Google; syzbot runs there."),
    (r"linux,dummy-virt", "QEMU's `virt` board: a virtual machine."),
    (r"riscv-virtio,qemu", "QEMU's `virt` board: a virtual machine."),
    (r"ARM-Versatile Express", "A board of Arm's, which QEMU imitates, too."),
    (r"Bochs Bochs", "A virtual machine run by QEMU or Bochs."),
    (r"KVM KVM|Red Hat KVM|Alibaba Cloud|DigitalOcean|Hetzner", "A virtual machine (KVM)."),
    (r"Firecracker", "A small virtual machine (Firecracker)."),
    (r"crosvm", "A virtual machine of Chrome OS or Android (crosvm)."),
)
_KNOWN = "|".join(pattern for pattern, _ in _MACHINES)

MACHINE = Topic(
    rules=(
        rule(
            "CPU:",
            r"^CPU: {1,4}(?P<w>\d{1,5})\b",
            "The CPU that this was printed on, counted from 0.",
            "plain",
        ),
        rule(
            "CPU:",
            r"\bUID: {1,4}(?P<w>\d{1,10})\b",
            "The user whose task it was, by number; 0 is root.",
            "plain",
        ),
        rule(
            "CPU:",
            r"(?P<w>#\d{1,6})(?:[ -]|$)",
            "How often this kernel was built, as the builder counts.",
            "plain",
        ),
        *(rule("Hardware", rf"Hardware name: (?P<w>{name})", text) for name, text in _MACHINES),
        rule("Hardware", r"(?P<w>\(emulated by qemu\))", "A virtual machine run by QEMU."),
        rule(
            "Hardware",
            rf"Hardware name: (?!{_KNOWN})(?P<w>\S.{{0,80}}?)(?=, BIOS|$| \(DT\))",
            "The machine's maker and model, as its firmware calls them.",
            "plain",
        ),
        rule("Hardware", r"(?P<w>\(DT\))$", "Described by a device tree, not by ACPI.", "plain"),
        rule(
            "Hardware",
            r"(?P<w>BIOS \S.{0,60})$",
            "The firmware and its date.",
            "plain",
        ),
        rule(
            "Sched_ext:",
            r"Sched_ext: (?P<w>\S{1,80} \([a-z+]{2,20}\))",
            "A scheduler loaded as a BPF program chose which task ran: the kernel's own was set aside.",
        ),
        rule(
            "Sched_ext:",
            r"(?P<w>runnable_at=[-+]\d{1,10}ms)",
            "For how long the task had waited for its turn.",
            "plain",
        ),
        rule(
            "Stopper:",
            r"Stopper: (?P<w>(?!0x)\S{1,120})",
            "What the CPU had been stopped for by another one, which stands behind the arrow.",
        ),
        rule(
            "Modules",
            r"(?P<w>Modules linked in:)\s*$",
            "No module was loaded: everything in the trace is in vmlinux.",
            "plain",
        ),
        rule(
            "Modules",
            r"(?P<w>Modules linked in:) \S",
            "The modules that were loaded, the latest first. Letters behind them tell how they came in.",
            "plain",
        ),
        rule(
            "Modules",
            r"(?P<w>\[last unloaded: [^\]]{1,80}\])",
            "The module that was removed last: its code is gone.",
        ),
    ),
    readers={"CPU:": (task_words,), "Workqueue:": (queue_words,)},
)
