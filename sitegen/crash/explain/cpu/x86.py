"""What x86 prints of an exception: error codes, selectors, the page tables on the way.

Of the Intel 64 and IA-32 manual, volume 3.
"""

from collections.abc import Iterator

from sitegen.crash.explain.cpu import tables
from sitegen.crash.explain.cpu.flags import cr0_text, cr4_text, eflags_words
from sitegen.crash.explain.cpu.shape import Cpu, Said
from sitegen.crash.explain.words import Reader, Word
from sitegen.crash.lazy import Lazy
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


_DIE = Lazy(
    r"^(?P<what>(?:Oops: )?(?:Oops|general protection fault(?:, .{0,80}?)?|invalid opcode|divide error"
    r"|int3|stack segment|segment not present|invalid TSS|alignment check|bounds|double fault"
    r"|stack guard page|control protection(?: fault)?|kernel stack overflow \(page fault\))): "
    r"(?P<code>[0-9a-f]{4,8}) (?P<number>\[#(?P<count>\d{1,5})\])(?P<build>(?: [A-Z_]{2,20}){0,8})"
)
_SELECTOR = ("general protection", "stack segment", "segment not present", "invalid TSS")
_CONTROL = {
    1: "a return to another place than the one that was called from (shadow stack)",
    2: "a far return to another place than the one that was called from (shadow stack)",
    3: "an indirect call or jump to a place that is no target of such: no `endbr` stands there (IBT)",
    4: "a shadow stack that may not be switched to",
    5: "a shadow stack that is in use already",
}
_BUILD = {
    "PREEMPT": "PREEMPT: kernel code may be interrupted by other tasks wherever it does not forbid it.",
    "PREEMPT(full)": "PREEMPT(full): kernel code may be interrupted by other tasks wherever it does not forbid it.",
    "PREEMPT(lazy)": "PREEMPT(lazy): kernel code may be interrupted by other tasks, mostly at the next timer tick.",
    "PREEMPT(voluntary)": "PREEMPT(voluntary): kernel code lets other tasks run where it says so, and is not interrupted by them elsewhere.",
    "PREEMPT(none)": "PREEMPT(none): kernel code is not interrupted by other tasks.",
    "PREEMPT_RT": "PREEMPT_RT: a real-time kernel; spinlocks sleep, and interrupts run in threads.",
    "PREEMPT_DYNAMIC": "PREEMPT_DYNAMIC: how far kernel code may be interrupted is chosen at boot.",
    "SMP": "SMP: built for several CPUs.",
    "NOPTI": "NOPTI: user and kernel share page tables; page table isolation (against Meltdown) is off.",
    "PTI": "PTI: page table isolation (against Meltdown) is on.",
    "KASAN": "KASAN: built with the address sanitizer, which finds uses after free and out of bounds.",
    "DEBUG_PAGEALLOC": "DEBUG_PAGEALLOC: freed pages are unmapped, so that their use faults.",
}
_WORD = Lazy(r"\bPREEMPT_\{RT,(?:\(full\)|LAZY|FULL)\}|\b[A-Z_]{2,20}\b(?:\([a-z]{4,9}\))?")
_PLAIN = frozenset({"SMP", "NOPTI", "PTI", "PREEMPT", "PREEMPT_DYNAMIC"})


def die_words(text: str) -> Iterator[Word]:
    """`Oops: 0002 [#1] PREEMPT SMP NOPTI`: the code, and how the kernel was built."""
    found = _DIE.search(text)
    if found is None:
        return
    code = int(found["code"], 16)
    what = found["what"].removeprefix("Oops: ")
    if what == "Oops":
        said = page_fault_text(code)
    elif what.startswith(_SELECTOR):
        said = selector_text(code)
    elif what.startswith("control") and (known := _CONTROL.get(code & 0x7FFF)):
        said = f"Error code {code:#x}: {known}."
    else:
        said = f"Error code {code:#x}: this exception has none of its own."
    yield Word(found.start("code"), found.end("code"), said, weight="telling" if code else "plain")
    yield from build_words(text, found.start("build"))


def build_words(text: str, start: int = 0) -> Iterator[Word]:
    """Capitals behind an oops or a release: how the kernel was built."""
    for found in _WORD.finditer(text, start):
        if said := _BUILD.get("PREEMPT_RT" if found[0].startswith("PREEMPT_{") else found[0]):
            weight: Weight = (
                "plain" if found[0] in _PLAIN or found[0].startswith("PREEMPT(") else "telling"
            )
            yield Word(found.start(), found.end(), said, weight=weight)


_PF_KIND = Lazy(
    r"#PF: (?P<who>supervisor|user) (?P<what>[a-z ]{3,40}?) in (?P<mode>kernel|user) mode"
)
_PF_CODE = Lazy(r"#PF: error_code\((?P<code>0x[0-9a-f]{1,8})\)")


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


_SEGMENT = Lazy(r"\b(?P<name>[RE]IP): {1,2}(?P<selector>[0-9a-f]{4})(?=[: ]|$)")


def segment_words(text: str) -> Iterator[Word]:
    """The code segment before the PC: whether the CPU ran the kernel or a program."""
    found = _SEGMENT.match(text.lstrip())
    if found is None:
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


_NX = Lazy(r"exploit attempt\? \(uid: \d{1,10}\)")
_USER_CODE = Lazy(r"unable to execute userspace code \(SMEP\?\)")


def execute_words(text: str) -> Iterator[Word]:
    """`kernel tried to execute NX-protected page - exploit attempt? (uid: 0)`."""
    if found := _NX.search(text):
        said = (
            "The kernel jumped to memory that holds no code. That a program made it do so is one "
            "way; mostly a function pointer is damaged."
        )
        yield Word(found.start(), found.end(), said, weight="misleading")
    if found := _USER_CODE.search(text):
        said = "SMEP keeps the kernel from running code of programs: a function pointer led there."
        yield Word(found.start(), found.end(), said, weight="misleading")


_PANIC = Lazy(r"\berror_code: (?P<code>0x[0-9a-f]{1,8})")


def trap_words(text: str) -> Iterator[Word]:
    """`traps: PANIC: double fault, error_code: 0x0`."""
    if found := _PANIC.search(text):
        said = "A double fault's error code is always 0."
        if int(found["code"], 16) == 0:
            yield Word(found.start("code"), found.end("code"), said, weight="plain")


# --- Registers --------------------------------------------------------------------------------


def _eflags(value: int) -> Said:
    brief, text = eflags_words(value, user=False)
    return Said(brief, text, "plain" if value & 1 << 9 else "telling")


def _cr0(value: int) -> Said:
    protected = value & 1 << 16
    return Said("" if protected else "write protection is off", cr0_text(value))


def _dr7(value: int) -> Said | None:
    return Said("", "DR7: no hardware breakpoint is set.") if value == 0x400 else None


def _pkru(value: int) -> Said | None:
    text = "PKRU: memory with any protection key but 0 is closed to the process, as at its start."
    return Said("", text) if value == 0x55555554 else None


_SHARED = {
    "eflags": _eflags,
    "rflags": _eflags,
    "cr0": _cr0,
    "cr3": lambda _: Said("", "CR3: where the page tables in use begin, physically."),
    "cr4": lambda value: Said("", cr4_text(value)),
    "dr7": _dr7,
}
_DIES: dict[str, tuple[Reader, ...]] = dict.fromkeys(
    (
        *(
            "Oops:",
            "general",
            "invalid",
            "divide",
            "int3:",
            "stack",
            "segment",
            "double",
            "control",
        ),
        *("alignment", "bounds:", "kernel"),
    ),
    (die_words,),
)
_LINES: dict[str, tuple[Reader, ...]] = {
    **_DIES,
    "kernel": (die_words, execute_words),
    "unable": (execute_words,),
    "#PF:": (page_fault_words,),
    **dict.fromkeys(("PGD", "P4D", "PUD", "PMD", "PTE", "*pde", "*pdpt"), (tables.x86_words,)),
    **dict.fromkeys(("RIP:", "EIP:"), (segment_words,)),
    **dict.fromkeys(("traps:", "PANIC:"), (trap_words,)),
}

X86_64 = Cpu(
    registers={
        **_SHARED,
        "fs": lambda _: Said("", "FS: the base of the process's thread-local memory."),
        "gs": lambda _: Said(
            "", "GS: the base of the memory that belongs to this CPU (per-CPU variables)."
        ),
        "knlgs": lambda _: Said("", "knlGS: what GS is swapped with on the way to user mode."),
        "orig_rax": lambda _: Said(
            "",
            "In the kernel: of an interrupt or exception its number or error code, -1 (all bits set) "
            "for none. No system call.",
        ),
        "pkru": _pkru,
    },
    lines=_LINES,
    calls=(
        "RDI, RSI, RDX, RCX, R8 and R9 hold a function's arguments when it begins, in this order; RAX "
        "its result."
    ),
)
I386 = Cpu(
    registers={
        **_SHARED,
        "ds": lambda _: Said(
            "", "DS, ES, SS: selectors of the segments that data and the stack are in."
        ),
        "fs": lambda value: Said(
            "",
            "FS: the selector of the segment with what belongs to this CPU (per-CPU variables)."
            if value
            else "FS: a selector; 0 is none.",
        ),
        "gs": lambda _: Said(
            "", "GS: a selector, left as the process had it unless it is the stack protector's."
        ),
    },
    lines=_LINES,
    calls="EAX, EDX and ECX hold a function's first arguments when it begins, EAX its result.",
)
