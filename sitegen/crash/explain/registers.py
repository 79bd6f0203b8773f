"""The registers of a dump -> what their values are, as far as the log itself proves it."""

from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import NamedTuple

from sitegen.crash.arch import Arch
from sitegen.crash.code import full_name
from sitegen.crash.explain import bits, values
from sitegen.crash.explain.values import Meaning
from sitegen.model import Explanation, Register, State, Weight

_STACK = 0x4000
"""Stacks begin at multiples of their size, which is at least this on 64-bit machines."""
_STACK_32 = 0x2000
# x86-64: where things lie in the kernel's half, of Documentation/arch/x86/x86_64/mm.rst.
_IMAGE = range(0xFFFFFFFF80000000, 0xFFFFFFFFC0000000)
_MODULES = range(0xFFFFFFFFC0000000, 0xFFFFFFFFFF000000)
# Only without KASLR, which moves them, and with 4 levels of page tables.
_FIXED = (
    (range(0xFFFF888000000000, 0xFFFFC88000000000), "memory, in the kernel's direct map"),
    (range(0xFFFFC90000000000, 0xFFFFE90000000000), "vmalloc area, where stacks are, too"),
    (range(0xFFFFEA0000000000, 0xFFFFEB0000000000), "a `struct page`"),
)
_LA57 = 1 << 12
_NO_VALUES = frozenset(
    {"cs", "ds", "es", "ss", "dr0", "dr1", "dr2", "dr3", "dr6", "pkru", "mode", "psr", "pstate"}
)


class Known(NamedTuple):
    """What the rest of the log tells of the values in a dump."""

    arch: Arch
    slide: int | None
    fault: int | None
    "the address of the fault"
    roles: Mapping[str, Meaning]
    "by full name: registers that the marked instruction uses"
    process: Mapping[int, str]
    "values that the process handed over, and what each is"


def is_process(state: State) -> bool:
    """Whether the dump's code is a process's. Older kernels print theirs below its registers."""
    return state.user and (state.pc is None or state.pc.symbol is None)


def values_of(state: State) -> dict[str, int]:
    """The values by full register name; on i386 under the names of x86-64, too."""
    found: dict[str, int] = {}
    for register in state.registers:
        found.setdefault(plain_name(register.name), register.value)
    return found


@lru_cache(maxsize=1024)
def plain_name(printed: str) -> str:
    """The full name of a register as dumps print it.

    >>> plain_name("R08"), plain_name("EAX"), plain_name("x29")
    ('r8', 'rax', 'x29')
    """
    name = full_name(printed.replace(" ", ""))
    if name[:2] == "r0" and len(name) == 3:
        return f"r{name[2]}"
    return name


def kernel_registers(state: State, known: Known) -> Iterator[Explanation]:
    """Those of the kernel's registers that can be told, in the order of the dump."""
    found = values_of(state)
    sp = next((found[name] for name in known.arch.sp if name in found), None)
    if sp is None:
        sp = found.get("rsp")
    fixed = known.slide == 0 and not found.get("cr4", 0) & _LA57
    for register in state.registers:
        name = plain_name(register.name)
        if name in _NO_VALUES:
            continue
        if special := _special(name, register, known):
            yield special
        elif role := known.roles.get(name):
            yield _explained(register, role, "misleading" if role.pattern else "telling")
        elif meaning := _pattern(register.value, known.arch):
            yield _explained(register, meaning, "telling" if meaning.pattern else "plain")
        elif name not in known.arch.sp and (
            place := _place(register.value, sp, known, fixed=fixed)
        ):
            yield _explained(register, place, "plain")


def _special(name: str, register: Register, known: Known) -> Explanation | None:
    """Registers that say by their name what they are."""
    value = register.value
    weight: Weight = "plain"
    brief = text = ""
    if name in ("eflags", "rflags"):
        brief, text = bits.eflags_words(value, user=False)
        weight = "plain" if value & 1 << 9 else "telling"
    elif name in ("cr0", "cr4"):
        brief, text = bits.control_words(name, value)
    elif name == "cr2":
        brief, text = _cr2(value, known.fault)
        weight = "telling" if known.fault is not None else "plain"
    elif name == "cr3":
        text = "CR3: where the page tables in use begin, physically."
    elif name in ("fs", "gs", "knlgs"):
        text = _BASES[name]
    elif name == "dr7" and value == 0x400:
        text = "DR7: no hardware breakpoint is set."
    elif name == "orig_rax":
        brief, text = _ORIGIN
    elif name in ("cause", "status") and known.arch.name == "riscv64":
        brief, text = bits.riscv_words(name, value)
        weight = "telling" if name == "cause" else "plain"
    elif name in ("badaddr", "badvaddr", "badv", "badva", "dar") and value == known.fault:
        brief, text = "the address that faulted", "The address whose access failed."
    if not text:
        return None
    return Explanation(register.at, text, brief, weight)


_BASES = {
    "fs": "FS: the base of the process's thread-local memory.",
    "gs": "GS: the base of the memory that belongs to this CPU (per-CPU variables).",
    "knlgs": "knlGS: what GS is swapped with on the way to user mode.",
}
_ORIGIN = (
    "",
    (
        "In the kernel: of an interrupt or exception its number or error code, -1 (all bits set) for "
        "none. No system call."
    ),
)


def _cr2(value: int, fault: int | None) -> tuple[str, str]:
    if value == fault:
        return "the address that faulted", "CR2: the address whose access caused the page fault."
    return (
        "of another page fault",
        "CR2: the address of the last page fault on this CPU. It is not the one of this report.",
    )


def _pattern(value: int, arch: Arch) -> Meaning | None:
    """What the value says by itself."""
    if not value:
        return None
    return (
        values.find_poison(value, arch.bits)
        or values.find_shadow(value, arch.name)
        or values.find_error(value, arch.bits)
        or values.find_text(value, arch.bits)
    )


def _place(value: int, sp: int | None, known: Known, *, fixed: bool) -> Meaning | None:
    """Where in memory the value points, if the log proves it."""
    if said := known.process.get(value):
        return Meaning(said, f"The same value as {said}.")
    size = _STACK if known.arch.bits == 64 else _STACK_32
    if sp is not None and sp and value // size == sp // size:
        away = value - sp
        if not away:
            return Meaning("the stack pointer", "The value of the stack pointer.")
        where = f"{abs(away):#x} {'above' if away > 0 else 'below'} the stack pointer"
        gone = "" if away > 0 else ": left behind by functions that have returned"
        return Meaning(f"the stack, {where}", f"On the kernel's stack, {where}{gone}.")
    if known.arch.name != "x86_64":
        return None
    if known.slide is not None and value in _IMAGE:
        unslid = f"; {value - known.slide:#x} in vmlinux" if known.slide else ""
        return Meaning(f"in the kernel image{unslid}", f"In the area of the kernel image{unslid}.")
    if known.slide and value in _MODULES:
        return Meaning("in a module", "In the area of modules.")
    if fixed:
        for area, words in _FIXED:
            if value in area:
                return Meaning(words.partition(",")[0], f"{words[0].upper()}{words[1:]}.")
    return None


def _explained(register: Register, meaning: Meaning, weight: Weight) -> Explanation:
    return Explanation(register.at, meaning.text, meaning.brief, weight)
