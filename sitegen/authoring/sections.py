"""The skeleton of a case: the sections that a kernel postmortem has, and when each applies.

A section that the author is to write holds a paragraph that begins with `TODO:`, which says
what belongs there. Nothing in a skeleton guesses: what is not known is asked.
"""

from collections.abc import Callable
from typing import NamedTuple

from sitegen.authoring.draft import Part, todo
from sitegen.authoring.facts import Facts
from sitegen.authoring.likes import Like
from sitegen.authoring.render import code


class Section(NamedTuple):
    """A section of the skeleton."""

    heading: str
    applies: Callable[[Facts], bool]
    text: Callable[[Facts], str]


def _always(facts: Facts) -> bool:
    del facts
    return True


def _is_bug(facts: Facts) -> bool:
    """Whether something is to be mended: nobody asked for the crash."""
    return not facts.deliberate


def _has_culprit(facts: Facts) -> bool:
    """Whether some commit may have brought it: hardware fails without one."""
    return _is_bug(facts) and facts.kind not in HARDWARE


HARDWARE = frozenset({"mce", "serror"})
"kinds that no commit need have brought"


def _says(text: str) -> Callable[[Facts], str]:
    return lambda _: todo(text)


def _analysis(facts: Facts) -> str:
    parts = [todo(QUESTIONS.get(facts.kind) or _QUESTION)]
    if facts.chain and facts.function:
        ask = _SEEN_HERE if facts.kind in NOTICED else _WRONG_HERE
        parts += [f":::{{frame}} {facts.function}\n{todo(ask)}\n:::"]
    if facts.chain:
        parts += [":::{chain}\n:::"]
    return "\n\n".join(parts)


NOTICED = frozenset({"list-corruption", "page-poison", "slub"})
"kinds whose function only found the damage: another had done it before"
_WRONG_HERE = "say what is wrong in this function, or what it was handed."
_SEEN_HERE = "this is where it was noticed, and not who did it. Who wrote there, and when?"
_QUESTION = "walk from the log to the cause. Which line failed, on what value, and where did that value come from?"
_FREED = "who freed the object, who still held a pointer, and which lock or reference should have kept it alive?"
_NULL = "which pointer was NULL, who should have set it, and who may clear it while others read?"
_WILD = "where does the address come from: poison of a freed object, an error code, text, an index out of range?"
_LOCKS = "in which two orders are the locks taken, and which of them is wrong?"
_SPIN = "what does the CPU go around in, and what should have ended it or let others run?"
_MEMORY = (
    "what used the memory, and was that wanted? `Mem-Info` and the table of tasks in the log tell."
)
_CHECK = "which condition does the check ask for, and how could it fail?"
_OVERWRITTEN = (
    "who wrote over it: a freed object, an overflow of a neighbour, two that do not lock?"
)
# By kind: what the log leaves open, and the author has to find out.
QUESTIONS = {
    "null-deref": _NULL,
    "kasan-null": _NULL,
    "paging": _WILD,
    "gpf": _WILD,
    "kasan-wild": _WILD,
    "kasan-uaf": _FREED,
    "kfence-uaf": _FREED,
    "kasan-oob": "how large is the object, which index or length went beyond it, and who should have checked it?",
    "kasan-free": "who freed it first, and why did the second one not know?",
    "refcount": "which get or put is missing or twice on this way?",
    "list-corruption": _OVERWRITTEN,
    "page-poison": _OVERWRITTEN,
    "slub": _OVERWRITTEN,
    "kmsan": "where was the memory allocated, and which path leaves it uninitialised?",
    "kcsan": "which two accesses race, and what should order them?",
    "lockdep": _LOCKS,
    "spinlock": "who held the lock, and why did it not let go?",
    "hung-task": "what does the task wait for, who holds it, and what does that one wait for?",
    "soft-lockup": _SPIN,
    "hard-lockup": _SPIN,
    "rcu-stall": "what keeps the CPU from a quiescent state: a loop, interrupts off, a hypervisor that took it away?",
    "workqueue": "which work never ends, and what waits behind it?",
    "atomic-sleep": "what made the context atomic, and what in it sleeps?",
    "oom": _MEMORY,
    "oom-kill": _MEMORY,
    "alloc-failure": _MEMORY,
    "leak": "who allocated it, and on which path is it forgotten?",
    "netdev-leak": "who still holds a reference to the device, and on which path is it forgotten?",
    "stack-overflow": "what recursed, or put too much on the stack?",
    "bug": _CHECK,
    "warning": _CHECK,
    "no-root": "what did `root=` name, which drivers and file systems were there, and was there an initramfs?",
    "no-init": "which program should have been init, and why could it not be run?",
    "init-killed": "why did init end: its exit code or signal stands in the message.",
    "mce": "which unit reported what: memory, bus, cache? What do the BMC and earlier logs say?",
    "serror": "which device or memory answered with an error, and what had just been written to it?",
}

_IMPACT = "say who was hit, how many machines, and what their users saw. Give the case a severity if your team has them."

SECTIONS: tuple[Section, ...] = (
    Section(
        "How to reproduce",
        _always,
        _says(
            "the commands, the hardware and the configuration it takes, and how often it happens then. "
            "What sets it off belongs into `trigger:` of the front matter: it heads the chain."
        ),
    ),
    Section("Analysis", _always, _analysis),
    Section(
        "Root cause",
        _is_bug,
        _says("in one or two sentences: what is wrong, since when, and why nobody saw it before."),
    ),
    Section(
        "Fix",
        _is_bug,
        _says(
            "the commit, once there is one, as `fixed:` below `fixes:` in the front matter. "
            "Until then: who works on it, and what to do in the meantime."
        ),
    ),
    Section(
        "Regression range",
        _has_culprit,
        _says(
            "the last version that was good and the first that is bad; the commit that brought it as "
            "`introduced:` below `fixes:`."
        ),
    ),
    Section(
        "What helped finding it",
        _is_bug,
        _says("the tool, the option, the colleague, the question. The next one starts there."),
    ),
    Section(
        "Timeline",
        _is_bug,
        _says("when it was first seen, reported, understood, worked around, fixed and rolled out."),
    ),
    Section(
        "Follow-ups",
        _always,
        _says("what is left to do, as a list with names: `- [ ] a test for it (who)`."),
    ),
)
"""In the order in which they stand."""


def skeleton(facts: Facts) -> tuple[Part, ...]:
    """The sections that apply to a crash."""
    return tuple(
        Part(section.heading, section.text(facts)) for section in SECTIONS if section.applies(facts)
    )


def lead(facts: Facts, *, dated: bool) -> str:
    """What stands above the log: the crash in a sentence, and what is to be added."""
    parts = [summary(facts), todo(_IMPACT)]
    if not dated:
        parts.append(todo("when did it happen? Add `date: YYYY-MM-DD` to the front matter."))
    return "\n\n".join(parts)


def summary(facts: Facts) -> str:
    """The crash in a sentence or two, from nothing but the evidence."""
    what = facts.label or "A crash"
    seen = "noticed in" if facts.kind in NOTICED else "in"
    where = f" {seen} {code(facts.function)}" if facts.function else ""
    if facts.inlined_into:
        where += f", inlined in {code(facts.inlined_into)}"
    place = f" ({code(facts.place)})" if facts.place else ""
    said = f"{what}{where}{place}"
    if facts.origin:
        said += f", on the way from {facts.origin}"
    elif facts.comm:
        pid = "" if facts.pid is None else f" (PID {facts.pid})"
        said += f", while {code(facts.comm)}{pid} ran"
    kernel = f"Kernel {code(facts.kernel)}" if facts.kernel else ""
    if kernel and facts.arch:
        kernel += f" on {facts.arch}"
    times = f"Seen {facts.logs} times." if facts.logs > 1 else ""
    return " ".join(filter(None, (f"{said}.", kernel and f"{kernel}.", times)))


def comparisons(likes: tuple[Like, ...]) -> tuple[Part, ...]:
    """The section that names known cases like this one; none where there are none."""
    if not likes:
        return ()
    items = (f"- {like.link}: {like.reason}." for like in likes)
    question = todo(
        "compare with these. If it is the same bug, add the log to that case and delete this one; "
        "else say what differs."
    )
    return (Part("Seen before?", "\n".join([*items, "", question])),)
