"""What x86 prints of an exception: error codes, selectors, the page tables on the way."""

import re
from collections.abc import Iterator

from sitegen.crash.explain.words import Word
from sitegen.model import Weight

_PF = {
    0: ("no page is mapped there", "the page is mapped, but not for this kind of access"),
    1: ("a read", "a write"),
    2: ("by the kernel", "by user mode"),
    3: ("", "a reserved bit is set in the page tables, which are damaged"),
    4: ("", "to fetch an instruction: the CPU tried to run it"),
    5: ("", "forbidden by protection keys"),
    6: ("", "of a shadow stack"),
    15: ("", "refused by SGX"),
    31: ("", "refused by the reverse map table (SEV-SNP)"),
}


def page_fault_text(code: int) -> str:
    """What the bits of a page fault's error code say.

    >>> page_fault_text(2)
    'Error code 0x2: bit 0 clear, no page is mapped there; bit 1 set, a write; bit 2 clear, by the kernel.'
    """
    said = []
    for bit, (clear, set_) in _PF.items():
        if code >> bit & 1:
            said.append(f"bit {bit} set, {set_}")
        elif clear and not (bit == 1 and code & 1 << 4):
            said.append(f"bit {bit} clear, {clear}")
    return f"Error code {code:#x}: {'; '.join(said)}."


def selector_text(code: int) -> str:
    """What the error code of a general protection fault and its like says."""
    if not code:
        return (
            "Error code 0: no segment had to do with it. In the kernel that is mostly an address "
            "that is not canonical."
        )
    table = "IDT" if code & 2 else "LDT" if code & 4 else "GDT"
    text = f"Error code {code:#x}: entry {code >> 3} of the {table}"
    return text + ("; raised by an event from outside of the program." if code & 1 else ".")


_DIE = re.compile(
    r"^(?P<what>(?:Oops: )?(?:Oops|general protection fault(?:, .{0,80}?)?|invalid opcode|divide error"
    r"|int3|stack segment|segment not present|invalid TSS|alignment check|bounds|double fault"
    r"|stack guard page|control protection(?: fault)?)): (?P<code>[0-9a-f]{4,8}) (?P<number>\[#(?P<count>\d{1,5})\])"
    r"(?P<build>(?: [A-Z_]{2,20}){0,8})"
)
_SELECTOR = ("general protection", "stack segment", "segment not present", "invalid TSS")
_BUILD = {
    "PREEMPT": "PREEMPT: kernel code may be interrupted by other tasks wherever it does not forbid it.",
    "PREEMPT_RT": "PREEMPT_RT: a real-time kernel; spinlocks sleep, and interrupts run in threads.",
    "SMP": "SMP: built for several CPUs.",
    "NOPTI": "NOPTI: user and kernel share page tables; page table isolation (against Meltdown) is off.",
    "PTI": "PTI: page table isolation (against Meltdown) is on.",
    "KASAN": "KASAN: built with the address sanitizer, which finds uses after free and out of bounds.",
    "DEBUG_PAGEALLOC": "DEBUG_PAGEALLOC: freed pages are unmapped, so that their use faults.",
    "LE": "LE: little-endian.",
    "BE": "BE: big-endian.",
}
_WORD = re.compile(r"[A-Z_]{2,20}")
_PLAIN = frozenset({"SMP", "LE", "BE", "NOPTI", "PTI"})


def die_words(text: str) -> Iterator[Word]:
    """`Oops: 0002 [#1] PREEMPT SMP NOPTI`: the code, which oops it is, how the kernel was built."""
    found = _DIE.search(text)
    if found is None:
        return
    code = int(found["code"], 16)
    what = found["what"].removeprefix("Oops: ")
    if what == "Oops":
        said = page_fault_text(code)
    elif what.startswith(_SELECTOR):
        said = selector_text(code)
    else:
        said = f"Error code {code:#x}: this exception has none of its own."
    yield Word(found.start("code"), found.end("code"), said, weight="telling" if code else "plain")
    yield from count_words(text)
    yield from build_words(text, found.start("build"))


_NUMBER = re.compile(r"\[#(?P<count>\d{1,5})\]")


def count_words(text: str) -> Iterator[Word]:
    """`[#2]`: the how manieth oops it is."""
    if found := _NUMBER.search(text):
        count = int(found["count"])
        if count > 1:
            said = f"Oops number {count} since boot. Look for the first one: this may only follow from it."
            yield Word(found.start(), found.end(), said, weight="misleading")
        else:
            yield Word(found.start(), found.end(), "The first oops since boot.")


def build_words(text: str, start: int = 0) -> Iterator[Word]:
    """Capitals behind an oops or a release: how the kernel was built."""
    for found in _WORD.finditer(text, start):
        if said := _BUILD.get(found[0]):
            weight: Weight = "plain" if found[0] in _PLAIN else "telling"
            yield Word(found.start(), found.end(), said, weight=weight)


_PF_KIND = re.compile(
    r"#PF: (?P<who>supervisor|user) (?P<what>[a-z ]{3,40}?) in (?P<mode>kernel|user) mode"
)
_PF_CODE = re.compile(r"#PF: error_code\((?P<code>0x[0-9a-f]{1,8})\)")
_ENTRY = re.compile(r"\b(?P<name>PGD|P4D|PUD|PMD|PTE) (?P<value>[0-9a-f]{1,16}|BAD)\b")


def page_fault_words(text: str) -> Iterator[Word]:
    """The `#PF:` lines."""
    if found := _PF_KIND.search(text):
        who = "the kernel's" if found["who"] == "supervisor" else "user mode's"
        by = "the kernel" if found["mode"] == "kernel" else "a program"
        said = f"#PF is a page fault: an access with {who} rights, made by {by}."
        weight: Weight = (
            "plain" if (found["who"], found["mode"]) == ("supervisor", "kernel") else "telling"
        )
        yield Word(found.start("who"), found.end("who"), said, weight=weight)
    if found := _PF_CODE.search(text):
        said = page_fault_text(int(found["code"], 16))
        yield Word(found.start("code"), found.end("code"), said)


def page_table_words(text: str) -> Iterator[Word]:
    """`PGD 1bfb7067 P4D 1bfb7067 PUD 1bfb8067 PMD 0`: where the walk to the address ended."""
    entries = list(_ENTRY.finditer(text))
    if not entries:
        return
    last = entries[-1]
    names = ", ".join(one["name"] for one in entries)
    if last["value"] == "BAD":
        said = (
            f"The page tables on the way to the address ({names}): the last one could not be read."
        )
    elif int(last["value"], 16) == 0:
        said = (
            f"The page table entries on the way to the address ({names}). The {last['name']} is 0: "
            "nothing is mapped from there on."
        )
    else:
        value = int(last["value"], 16)
        rights = [
            "present" if value & 1 else "not present",
            "writable" if value & 2 else "read-only",
            "for user mode" if value & 4 else "for the kernel only",
        ]
        if value >> 63:
            rights.append("not executable")
        said = (
            f"The page table entries on the way to the address ({names}). The last one, the "
            f"{last['name']}, says {', '.join(rights)}."
        )
    yield Word(entries[0].start(), last.end(), said)


_SEGMENT = re.compile(r"\b(?P<name>[RE]IP|[RE]?SP|CS): {1,2}(?P<selector>[0-9a-f]{4})(?=[: ]|$)")
_TAKEN = frozenset({"RIP", "EIP"})


def segment_words(text: str) -> Iterator[Word]:
    """The code segment before the PC: whether the CPU ran the kernel or a program."""
    found = _SEGMENT.match(text.lstrip())
    if found is None or found["name"] not in _TAKEN:
        return
    start = len(text) - len(text.lstrip()) + found.start("selector")
    selector = int(found["selector"], 16)
    if selector & 3 == 3:
        bits = ", a 32-bit one" if found["name"] == "RIP" and selector == 0x23 else ""
        said = (
            f"{found['selector']} is the code segment of user mode{bits}. These registers were saved "
            "when the process entered the kernel: they are the process's, not the place of the "
            "crash."
        )
        yield Word(start, start + 4, said, weight="misleading")
    else:
        said = f"{found['selector']} is the kernel's code segment: the CPU was running kernel code."
        yield Word(start, start + 4, said, weight="plain")
