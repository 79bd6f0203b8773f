"""Words of oopses and warnings on any processor: what the kernel itself noticed, where it ran."""

from collections.abc import Iterator

from sitegen.crash.explain.topics.shape import Topic, rule
from sitegen.crash.explain.values import find_poison
from sitegen.crash.explain.words import Word
from sitegen.crash.lazy import Lazy

_NUMBER = Lazy(r"\[#(?P<count>\d{1,5})\]")


def count_words(text: str) -> Iterator[Word]:
    """`[#2]`: the how manieth oops it is."""
    if found := _NUMBER.search(text):
        count = int(found["count"])
        if count > 1:
            said = f"Oops number {count} since boot. Look for the first one: this may only follow from it."
            yield Word(found.start(), found.end(), said, weight="misleading")
        else:
            yield Word(found.start(), found.end(), "The first oops since boot.", weight="plain")


_OPCODES = Lazy(
    r"(?P<w>Unable to access opcode bytes)(?: at)?(?: RIP)? (?P<address>0x[0-9a-f]{1,16})"
)
_BEFORE = 42
"""Bytes before the PC that x86's kernel prints."""
_USER_END = 1 << 47


def opcode_words(text: str) -> Iterator[Word]:
    """`Code: Unable to access opcode bytes at 0xffffffffffffffd6.`: whose PC it is, and what it says."""
    found = _OPCODES.search(text)
    if found is None:
        return
    start = int(found["address"], 16)
    pc = start + _BEFORE & (1 << 64) - 1
    shown = f"The bytes of code around the PC begin {_BEFORE} bytes before it, at {start:#x}"
    if pc < 0x10000:
        said = f"{shown}: the PC is {pc:#x}, where no code is."
        yield Word(*found.span("w"), said, weight="misleading")
    elif start < _USER_END:
        said = f"{shown}, in the process's program: that page is not in memory. It is no error."
        yield Word(*found.span("w"), said, weight="plain")
    else:
        said = f"{shown}: no memory is there. The CPU had jumped to a wrong address."
        yield Word(*found.span("w"), said, weight="misleading")


_VALUE = Lazy(r"\b(?P<value>[0-9a-f]{16})\b")
_MOST_VALUES = 4


def list_words(text: str) -> Iterator[Word]:
    """`list_del corruption. prev->next should be X, but was dead000000000100`: values that tell."""
    for found in list(_VALUE.finditer(text[:400]))[:_MOST_VALUES]:
        if meaning := find_poison(int(found["value"], 16), 64):
            yield Word(found.start("value"), found.end("value"), meaning.text)


_LIST = (
    (
        r"next is LIST_POISON1",
        "The entry was deleted before: list_del() leaves LIST_POISON1 in it.",
    ),
    (
        r"prev is LIST_POISON2",
        "The entry was deleted before: list_del() leaves LIST_POISON2 in it.",
    ),
    (
        r"(?:prev->next|next->prev) should be",
        (
            "A neighbour of the entry does not point back to it: it, or the neighbour, was written over, "
            "freed, or changed by two CPUs at once."
        ),
    ),
    (r"double add", "The entry that is to be added is on the list already, at this very place."),
    (r"is NULL", "An entry whose pointers are NULL was never on a list, or was cleared."),
)

FAULTS = Topic(
    rules=(
        rule(
            "Code:",
            r"(?P<w>Bad RIP value|Bad EIP value|bad PC value)",
            "There is no memory at the PC to read code from. Of the kernel: the CPU had jumped to a "
            "wrong address, and who called it is the first frame of the trace. Of a process: its page is "
            "not in memory.",
            "misleading",
        ),
        rule(
            "WARNING:",
            r"WARNING: CPU: \d{1,5} PID: \d{1,10} (?P<w>at \S{1,200})",
            "The line of the source that the WARN() stands in.",
            "plain",
        ),
        rule(
            "kernel",
            r"kernel BUG at (?P<w>\S{1,200}:\d{1,6})!",
            "The line of the source that the BUG() stands in.",
            "plain",
        ),
        rule(
            "Faulting",
            r"(?P<w>Faulting instruction address)",
            "The instruction that failed: the address that NIP holds below.",
            "plain",
        ),
        rule(
            "Fault",
            r"(?P<w>using kernel ASCE)",
            "The page tables in use were the kernel's.",
            "plain",
        ),
        rule(
            "Last",
            r"(?P<w>Last Breaking-Event-Address)",
            "The last place from which control went elsewhere than to the next instruction: a jump, call "
            "or return.",
        ),
        rule(
            "Krnl",
            r"(?P<w>Krnl Code)",
            "The instructions around the PC, taken apart by the kernel. `>` stands before the one that the "
            "PSW points to, `#` before the one above it.",
            "plain",
        ),
        rule(
            "Process",
            r"Process (?P<w>\S.{0,20}? \(pid: \d{1,10})",
            "The process on whose behalf the kernel ran.",
            "plain",
        ),
        rule(
            "FAR:",
            r"(?P<w>0x[0-9a-f]{8,16})",
            "Fault address register: the address that was accessed.",
        ),
        rule(
            "Insufficient",
            r"(?P<w>Insufficient stack space)",
            "The guard page below the stack was hit, and the exception itself had no room on it. Look for "
            "a function that calls itself.",
        ),
        *(
            rule(
                first,
                rf"(?P<w>{first} stack): {{1,6}}\[",
                f"Where the {what} lies in memory.",
                "plain",
            )
            for first, what in (
                ("Task", "task's stack"),
                ("IRQ", "stack of interrupts"),
                ("Overflow", "stack that takes over when the task's is full"),
            )
        ),
        rule(
            "user",
            r"(?P<w>user pgtable)",
            "The page tables of the process: the address is in its half.",
        ),
        rule(
            "swapper",
            r"(?P<w>swapper pgtable)",
            "The kernel's own page tables: the address is in the kernel's half.",
        ),
        rule(
            "Mem",
            r"(?P<w>Mem abort info)",
            "What the CPU says of the access that failed, field by field.",
            "plain",
        ),
        rule(
            "BUG:",
            r"(?P<w>(?:TASK |IRQ |NMI )?stack guard page was hit)",
            "The page below the stack, which is never mapped, was touched. Look for a function that calls "
            "itself, or for large variables.",
        ),
        rule(
            "KASAN:",
            r"KASAN: (?P<w>null-ptr-deref) in range",
            "The access itself was about to be made in this range, near a NULL pointer. The address above "
            "is where KASAN looked up whether it may be.",
            "misleading",
        ),
        rule(
            "KASAN:",
            r"KASAN: (?P<w>(?:maybe|probably) (?:wild-memory|user-memory)-access) in range",
            "The access itself was about to be made in this range. The address above is where KASAN looked "
            "up whether it may be.",
            "misleading",
        ),
        rule(
            "refcount_t:",
            r"(?P<w>underflow; use-after-free)",
            "A reference was dropped once too often: the object may have been freed while still in use.",
        ),
        rule(
            "refcount_t:",
            r"(?P<w>addition on 0; use-after-free)",
            "A reference was taken on an object without any: it was already being freed.",
        ),
        rule(
            "refcount_t:",
            r"(?P<w>decrement hit 0; leaking memory)",
            "The last reference was dropped in a way that frees nothing.",
        ),
        rule(
            "refcount_t:",
            r"(?P<w>saturated; leaking memory)",
            "The count stopped at its limit and the object is never freed any more.",
        ),
        rule(
            "usercopy:",
            r"(?P<w>exposure attempt)",
            "A copy to user space would have handed over bytes beside the object.",
        ),
        rule(
            "usercopy:",
            r"(?P<w>overwrite attempt)",
            "A copy from user space would have written over bytes beside the object.",
        ),
        rule(
            "usercopy:",
            r"(?P<w>\(offset \d{1,10}, size \d{1,10}\)|\(offset \d{1,10}, size \d{1,10}\)!)",
            "Where in the object the copy was to begin, and how long it was to be.",
        ),
        *(
            rule(first, rf"(?P<w>{pattern})", text)
            for first in ("list_del", "list_add")
            for pattern, text in _LIST
        ),
    ),
    readers={
        **dict.fromkeys(
            (
                *("Oops:", "Oops", "general", "invalid", "divide", "int3:", "stack"),
                *("segment", "double", "control", "Internal", "alignment", "bounds:", "kernel"),
                *("monitor", "specification", "illegal", "fixpoint", "operand", "data", "BUG:"),
            ),
            (count_words,),
        ),
        "Code:": (opcode_words,),
        "list_del": (list_words,),
        "list_add": (list_words,),
    },
)
