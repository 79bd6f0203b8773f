"""What lock debugging (lockdep) prints: locks with how they were used, and the state of a CPU."""

from collections.abc import Iterator

from sitegen.crash.explain.topics.shape import ADDRESS, HELD, Topic, rule
from sitegen.crash.explain.words import Word
from sitegen.crash.lazy import Lazy

_USAGE = Lazy(r"\{(?P<marks>[-.?+]{4,8})\}(?:-\{(?P<outer>\d):(?P<inner>\d)\})?")
_CONTEXTS = ("hard interrupts", "softirqs")
_MARKS = {
    "-": "taken within {0}",
    "+": "taken while {0} were enabled",
    "?": "taken within {0}, and while they were enabled: an interrupt may meet its own CPU's lock",
}
_WAITS = {
    "1": "spins, and is never held back (1)",
    "2": "spins (2: raw_spinlock_t; in most kernels spinlock_t, too)",
    "3": "may sleep (3: a mutex; in kernels that check the nesting of raw locks, a spinlock_t)",
    "4": "may sleep (4: a mutex and its like)",
    "5": "may sleep (5)",
}


def usage_text(marks: str) -> str:
    """What the letters between braces say of how a lock was used so far, as a sentence.

    >>> usage_text("+.+.")
    'How it was used: taken while hard interrupts were enabled; taken while softirqs were enabled.'
    """
    said = []
    for index, context in enumerate(_CONTEXTS):
        for offset, how in ((0, ""), (1, " for reading")):
            position = 2 * index + offset
            mark = marks[position] if position < len(marks) else "."
            if mark in _MARKS:
                words = _MARKS[mark].format(context)
                said.append(words.replace("taken", f"taken{how}"))
    if not said:
        return "How it was used: always with interrupts disabled, and never within one."
    return f"How it was used: {'; '.join(said)}."


def usage_words(text: str) -> Iterator[Word]:
    """`(&lock){+.+.}-{3:3}`: the letters, and what sort of lock it is."""
    found = _USAGE.search(text)
    if found is None:
        return
    risky = "?" in found["marks"]
    yield Word(
        found.start("marks") - 1,
        found.end("marks") + 1,
        usage_text(found["marks"]),
        weight="telling" if risky else "plain",
    )
    waits = _WAITS.get(found["inner"] or "")
    if found["outer"] == "1" and found["inner"] != "1":
        waits = "never waited for (1), as rcu_read_lock()"
    if waits:
        said = f"The sort of lock, by what waiting for it means: {waits}."
        yield Word(found.start("outer") - 1, found.end("inner") + 1, said, weight="plain")


_CONTEXT = Lazy(
    r"\[HC(?P<hc>\d)\[(?:\d{1,10})\]:SC(?P<sc>\d)\[(?:\d{1,10})\]:HE(?P<he>\d):SE(?P<se>\d)\]"
)


def context_words(text: str) -> Iterator[Word]:
    """`sh/92 [HC0[0]:SC0[0]:HE1:SE1] takes:`: in what context the task runs."""
    found = _CONTEXT.search(text)
    if found is None:
        return
    where = (
        "within a hard interrupt"
        if found["hc"] != "0"
        else "within a softirq"
        if found["sc"] != "0"
        else "in neither a hard interrupt nor a softirq"
    )
    hard, soft = ("on" if found[name] != "0" else "off" for name in ("he", "se"))
    yield Word(
        found.start(),
        found.end(),
        f"The context: {where}; hard interrupts (HE) are {hard}, softirqs (SE) {soft}.",
    )


_IRQ_STATE = Lazy(r"\{(?P<on>[\w-]{4,30})\} -> \{(?P<in>[\w-]{4,30})\}")
_STATE = Lazy(r"^(?:\{(?P<state>[A-Z-]{4,30})\}) state was registered at")


def state_text(name: str) -> str:
    """What a state such as `IN-HARDIRQ-W` says of how a lock was taken, as half a sentence."""
    what = "softirqs" if "SOFTIRQ" in name else "hard interrupts"
    how = "for reading" if name.endswith("-R") else "for writing"
    if name.startswith("IN-"):
        return f"taken within {what}, {how}"
    if "-ON" in name:
        return f"taken while {what} were enabled, {how}"
    return "taken"


def state_words(text: str) -> Iterator[Word]:
    """`inconsistent {HARDIRQ-ON-W} -> {IN-HARDIRQ-W} usage.` and `{...} state was registered at:`."""
    if found := _IRQ_STATE.search(text):
        said = (
            f"The lock was once {state_text(found['on'])}, and is now {state_text(found['in'])}: an "
            "interrupt could come while it is held, and wait for it for ever."
        )
        yield Word(found.start(), found.end(), said)
    elif found := _STATE.search(text):
        said = f"Below stands where it was once {state_text(found['state'])}."
        yield Word(found.start("state") - 1, found.end("state") + 1, said)


_LOCKED: tuple[str, ...] = (ADDRESS, HELD, "->", "--->", "*", "...", "is", "which", "and")

LOCKS = Topic(
    rules=(
        rule(
            "but",
            r"(?P<w>but task is already holding lock)",
            "The lock that it holds now. Elsewhere they were taken the other way round.",
            kinds="lockdep",
        ),
        rule(
            "which",
            r"(?P<w>which lock already depends on the new lock)",
            "Somewhere the new lock was held, and then this one was taken: two CPUs doing both at once wait "
            "for each other.",
        ),
        rule(
            "the",
            r"(?P<w>the existing dependency chain)",
            "How one lock came to depend on the other: each trace shows where its lock was taken while the "
            "lock of the next entry was held. #0 is what the task does now.",
        ),
        rule(
            "Possible",
            r"(?P<w>Possible (?:\w{2,20} )?unsafe locking scenario)",
            "How it would end in a deadlock, told as a table: time runs downwards.",
        ),
        rule(
            "***",
            r"(?P<w>DEADLOCK)",
            "It need not have happened now: lockdep tells that it can.",
            "misleading",
        ),
        rule(
            "Chain",
            r"(?P<w>Chain exists of)",
            "The locks in the order in which they were taken, at different times and places.",
        ),
        rule(
            "irq",
            r"irq event stamp: (?P<w>\d{1,12})",
            "How often interrupts were switched on or off in this task. The lines below say where last.",
            "plain",
        ),
        *(
            rule(
                first,
                rf"(?P<w>{first} last {{1,2}}(?:enabled|disabled)) at \(\d",
                f"Where {first} were last switched so; the number orders it among the others.",
                "plain",
            )
            for first in ("hardirqs", "softirqs")
        ),
        rule(
            "INFO:",
            r"(?P<w>lockdep is turned off)",
            "Lock debugging had stopped after an earlier report: it knows no locks any more.",
        ),
        rule(
            "turning",
            r"(?P<w>turning off the locking correctness validator)",
            "Lock debugging (lockdep) reports nothing more from here on.",
            "plain",
        ),
        rule(
            "Disabling",
            r"(?P<w>lock debugging due to kernel taint)",
            "Lock debugging (lockdep) reports nothing more from here on.",
            "plain",
        ),
        rule(
            "rcu_scheduler_active",
            r"rcu_scheduler_active = (?P<w>\d)",
            "How far RCU was set up: 2, the kernel had booted.",
            "plain",
        ),
        rule(
            "rcu_scheduler_active",
            r"debug_locks = (?P<w>\d)",
            "Whether lock debugging was still on: 0 after its first report.",
            "plain",
        ),
        rule(
            "other",
            r"(?P<w>other info that might help us debug this)",
            "What follows is for whoever looks closer: locks held, and the trace.",
            "plain",
        ),
    ),
    readers={
        **dict.fromkeys(_LOCKED, (usage_words,)),
        "inconsistent": (state_words,),
        "{": (state_words,),
    },
    kinds={"lockdep": (context_words, state_words)},
)
