"""Tasks and CPUs that do not come on: hung tasks, lockups, stalls of RCU, other CPUs' backtraces."""

import re
from collections.abc import Iterator

from sitegen.crash.explain.topics.shape import NUMBER, STALLED, WAITED, Topic, rule
from sitegen.crash.explain.words import Word
from sitegen.crash.lazy import Lazy

_STATES = (
    ("D", "sleeps and cannot be interrupted: waits for a lock or a device."),
    ("R", "runs, or is ready to."),
    ("S", "sleeps and may be woken by signals."),
    ("I", "an idle kernel thread."),
    ("T", "stopped by a signal."),
    ("t", "stopped by a debugger."),
    ("Z", "a zombie: it ended, and its parent has not asked for its status."),
    ("X", "dead."),
    ("P", "parked: a kernel thread of a CPU that is off."),
)
_STALL = (
    r"rcu(?:_preempt|_sched|_bh|_tasks\w{0,20})?",
    "The flavour of RCU: which kind of readers it waits for.",
)

_CPU = Lazy(
    r"(?P<cpu>\d{1,5})-(?P<marks>[O.][o.][N.][!?.\d]):? \((?P<ticks>\d{1,10}) (?P<what>ticks this GP|GPs behind)\)"
    r"(?: idle=(?P<idle>[0-9a-f]{1,8}/\d{1,10}/(?:0x)?[0-9a-f]{1,16}))?(?: softirq=(?P<softirq>\d{1,10}/\d{1,10}))?"
    r"(?: fqs=(?P<fqs>\d{1,10}))?(?P<boot> \(false positive\?\))?"
)
_FEW = 10


def stalled_words(text: str) -> Iterator[Word]:
    """`1-....: (999 ticks this GP) idle=b664/1/0x4000000000000000 softirq=152/152 fqs=499`."""
    found = _CPU.search(text)
    if found is None:
        return
    yield Word(
        *found.span("cpu"),
        f"CPU {found['cpu']} has kept RCU waiting: it has not told that it is done with its readers.",
    )
    marks = found["marks"]
    if marks != "....":
        said = []
        if "O" in marks:
            said.append("O: the CPU is offline")
        if "o" in marks:
            said.append("o: it was offline when the grace period began")
        if "N" in marks:
            said.append("N: it will be offline in the next one")
        if marks[3] == "!":
            said.append(
                "!: it did not answer RCU's interrupt in half the time: interrupts were off"
            )
        elif marks[3].isdecimal():
            said.append(
                f"{marks[3]}: so many grace periods ago it was sent an interrupt, and did not answer"
            )
        if said:
            yield Word(*found.span("marks"), f"{'; '.join(said)}.")
    if found["what"] == "ticks this GP":
        few = int(found["ticks"]) < _FEW
        said_of = "next to none: it did not even serve timer ticks" if few else "it did serve them"
        yield Word(
            found.start("ticks"),
            found.end("what"),
            f"Timer ticks of the CPU within this grace period; {said_of}.",
        )
    else:
        yield Word(
            found.start("ticks"),
            found.end("what"),
            "So many grace periods passed without the CPU noticing: it sleeps, or hangs with interrupts off.",
        )
    yield from _fields(found)


def _fields(found: re.Match[str]) -> Iterator[Word]:
    if found["idle"]:
        nesting = found["idle"].split("/")
        busy = nesting[1] != "0"
        said = "it was not idle" if busy else "it was idle, as RCU counts"
        yield Word(
            *found.span("idle"),
            f"RCU's counters of idleness; the second one, {nesting[1]}, says that {said}.",
            weight="plain",
        )
    if found["softirq"]:
        begun, now = found["softirq"].split("/")
        none = begun == now
        said = "none in between" if none else "some in between"
        yield Word(
            *found.span("softirq"),
            f"RCU's softirqs on this CPU, when the grace period began and now: {said}.",
            weight="telling" if none else "plain",
        )
    if found["fqs"]:
        none = found["fqs"] == "0"
        yield Word(
            *found.span("fqs"),
            "How often RCU's thread looked for CPUs to prod"
            + (": never, so that the thread itself could not run." if none else "."),
            weight="telling" if none else "plain",
        )


_WAIT = Lazy(
    r"\bt=(?P<t>\d{1,10}) jiffies,? g=(?P<g>-?\d{1,20}),? q=(?P<q>\d{1,12})(?: ncpus=(?P<n>\d{1,5}))?"
)


def waited_words(text: str) -> Iterator[Word]:
    """`(t=1000 jiffies g=-819 q=12 ncpus=2)`, also behind `detected by`."""
    found = _WAIT.search(text)
    if found is None:
        return
    yield Word(
        found.start("t"),
        found.end("t") + len(" jiffies"),
        "How long the grace period lasts; a jiffy is 1 to 10 ms (CONFIG_HZ).",
    )
    yield Word(*found.span("g"), "The number of the grace period.", weight="plain")
    yield Word(
        *found.span("q"),
        "Callbacks that wait for it on all CPUs: memory that cannot be freed before.",
        weight="plain",
    )
    if found["n"]:
        yield Word(*found.span("n"), "CPUs that are online.", weight="plain")


_TASK = Lazy(
    r"^task:\S.{0,30}? state:\w .{0,12}?stack:(?P<stack> {0,6}\d{1,8}) .{0,40}?(?P<ppid>ppid: {0,8}\d{1,10})"
    r".{0,60}?(?P<flags> flags:0x[0-9a-f]{1,16})"
)


def task_words(text: str) -> Iterator[Word]:
    """`task:sh  state:D stack:0  pid:92  ppid:1  flags:0x00004002`: the columns of a task."""
    found = _TASK.match(text)
    if found is None:
        return
    start = found.start("stack") + len(found["stack"]) - len(found["stack"].lstrip())
    yield Word(
        start,
        found.end("stack"),
        "Bytes of its stack that were never used; 0 where the kernel does not count them.",
        weight="plain",
    )
    yield Word(*found.span("ppid"), "The process that started it.", weight="plain")
    yield Word(
        found.start("flags") + 1,
        found.end("flags"),
        "Marks of the thread: a signal waits, it is traced, and so on.",
        weight="plain",
    )


STALLS = Topic(
    rules=(
        rule(
            "watchdog:",
            r"(?P<w>soft lockup) - CPU#\d{1,5} stuck for \d{1,6}s",
            "The watchdog's own thread had no turn on this CPU for so long. The registers show where the "
            "CPU was when the timer's interrupt looked.",
        ),
        rule(
            "watchdog:",
            r"(?P<w>[Hh]ard LOCKUP)",
            "The timer's interrupt did not come for so long: the CPU runs with interrupts off. It was the "
            "non-maskable one (NMI) that looked.",
        ),
        rule(
            "watchdog:",
            r"(?P<w>\[\S.{0,30}?:\d{1,10}\])$",
            "The task that ran on the CPU, and its number.",
            "plain",
        ),
        rule(
            "CPU#N",
            r"(?P<w>Utilization every)",
            "What the CPU did with its time while it was stuck, span by span.",
        ),
        rule(
            "INFO:",
            r"(?P<w>blocked for more than \d{1,8} seconds)",
            "The task sleeps and cannot be woken by signals (state D). What it waits for is the question: "
            "a lock, or a disk that does not answer. The trace shows where it sleeps.",
        ),
        rule(
            "INFO:",
            r"(?P<w>is blocked on an? (?:mutex|semaphore|rwsem))",
            "The lock that it waits for, and the task that holds it, if the kernel can tell.",
        ),
        rule(
            '"echo',
            r"(?P<w>hung_task_timeout_secs)",
            "After this many seconds a sleeping task counts as hung; 0 switches the report off.",
            "plain",
        ),
        rule(
            "Future",
            r"(?P<w>Future hung task reports are suppressed)",
            "No more of them in this boot: others may hang unseen.",
            "plain",
        ),
        rule(
            "Showing",
            r"(?P<w>all locks held in the system)",
            "Every task with the locks that it holds or waits for: look for the one that the hung task "
            "waits for.",
        ),
        *(
            rule("task:", rf"\bstate:(?P<w>{letter})\b", f"{letter}: {text}")
            for letter, text in _STATES
        ),
        *(
            one
            for first in ("rcu:", "INFO:")
            for one in (
                rule(
                    first,
                    r"(?P<w>self-detected stall)",
                    "RCU waits for every CPU to pass a point where no reader is left. This CPU itself notices "
                    "that it has not: it runs without a pause, or interrupts or preemption are off.",
                ),
                rule(
                    first,
                    r"(?P<w>detected (?:expedited )?stalls? on CPUs/tasks)",
                    "RCU waits for every CPU to pass a point where no reader is left. Those listed below have "
                    "not; their backtraces, if they could be had, are what matters.",
                ),
                rule(first, rf"INFO: (?P<w>{_STALL[0]}) ", _STALL[1], "plain"),
            )
        ),
        rule(
            "rcu:",
            r"(?P<w>kthread (?:starved for \d{1,10} jiffies|timer wakeup didn't happen))",
            "RCU's own thread had no turn for so long: what keeps the CPU from it is the cause.",
        ),
        rule(
            "rcu:",
            r"(?P<w>OOM is now expected behavior)",
            "What RCU is to free cannot be freed: memory will run out.",
            "plain",
        ),
        rule(
            "rcu:",
            r"(?P<w>RCU grace-period kthread stack dump)",
            "Where RCU's own thread is. It waits, and is mostly not the one to blame.",
            "misleading",
        ),
        rule(
            "rcu:",
            r"(?P<w>Stack dump where RCU GP kthread last ran)",
            "What runs on the CPU on which RCU's own thread ran last.",
        ),
        rule(
            "rcu:",
            r"(?P<w>Tasks blocked on level-\d)",
            "Tasks that were put aside within a section of RCU's readers, by number.",
        ),
        rule(
            "Sending",
            r"(?P<w>Sending NMI)",
            "The other CPUs are asked for a backtrace by an interrupt that cannot be held back.",
            "plain",
        ),
        rule(
            "NMI",
            r"(?P<w>NMI backtrace for cpu \d{1,5}) skipped: idling",
            "This CPU was idle: nothing of interest there.",
            "plain",
        ),
        rule(
            "NMI",
            r"(?P<w>NMI backtrace for cpu \d{1,5})(?! skipped)",
            "What this CPU was doing when it was asked.",
        ),
        rule(
            NUMBER,
            r"^\d{1,5} (?P<w>locks? held by \S.{0,30}?/\d{1,10})",
            "The locks that the task held, the one taken last at the end.",
        ),
    ),
    readers={
        STALLED: (stalled_words,),
        WAITED: (waited_words,),
        "rcu:": (stalled_words, waited_words),
        "task:": (task_words,),
    },
)
