"""The registers of a dump -> what their values are, as far as the log itself proves it."""

from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import NamedTuple

from sitegen.crash.arch import Arch
from sitegen.crash.code import full_name
from sitegen.crash.explain import values
from sitegen.crash.explain.cpu import find_cpu
from sitegen.crash.explain.cpu.flags import LA57
from sitegen.crash.explain.values import Meaning
from sitegen.model import Explanation, Register, State, Weight

_STACK = 0x4000
"""Stacks begin at multiples of their size, which is at least this on 64-bit machines."""
_STACK_32 = 0x2000
# x86-64: where things lie in the kernel's half, of Documentation/arch/x86/x86_64/mm.rst.
_IMAGE = range(0xFFFFFFFF80000000, 0xFFFFFFFFC0000000)
# Only without KASLR, which moves them, and with 4 levels of page tables.
_FIXED = (
    (range(0xFFFF888000000000, 0xFFFFC88000000000), "memory, in the kernel's direct map"),
    (range(0xFFFFC90000000000, 0xFFFFE90000000000), "vmalloc area, where stacks are, too"),
    (range(0xFFFFEA0000000000, 0xFFFFEB0000000000), "a `struct page`"),
)
_NO_VALUES = frozenset(
    [
        "cs",
        "ds",
        "es",
        "ss",
        "dr0",
        "dr1",
        "dr2",
        "dr3",
        "dr6",
        "dr7",
        "pkru",
        "eflags",
        "rflags",
        "cr0",
        "cr3",
        "cr4",
        "mode",
        "psr",
        "pstate",
        "status",
        "cause",
        "prid",
        "hi",
        "lo",
        "psw",
        "msr",
        "dsisr",
        "cr",
        "xer",
        "irqmask",
        "softe",
        "crmd",
        "prmd",
        "euen",
        "ecfg",
        "estat",
    ]
)
"""Registers of flags and modes, by full name: their value is no pointer, whatever it looks like."""


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


# MIPS prints registers by number; assemblers and disassemblers by what they are used for.
_MIPS = [
    "zero",
    "at",
    "v0",
    "v1",
    "a0",
    "a1",
    "a2",
    "a3",
    "t0",
    "t1",
    "t2",
    "t3",
    "t4",
    "t5",
    "t6",
    "t7",
    "s0",
    "s1",
    "s2",
    "s3",
    "s4",
    "s5",
    "s6",
    "s7",
    "t8",
    "t9",
    "k0",
    "k1",
    "gp",
    "sp",
    "fp",
    "ra",
]


def values_of(state: State) -> dict[str, int]:
    """The values by full register name; on i386 under the names of x86-64, too."""
    found: dict[str, int] = {}
    for register in state.registers:
        found.setdefault(plain_name(register.name), register.value)
    return found


@lru_cache(maxsize=1024)
def plain_name(printed: str) -> str:
    """The full name of a register as dumps print it.

    >>> plain_name("R08"), plain_name("EAX"), plain_name("GPR03"), plain_name("$ 4")
    ('r8', 'rax', 'r3', 'a0')
    """
    name = full_name(printed.replace(" ", ""))
    if name[:3] == "gpr" and name[3:].isdecimal():
        return f"r{int(name[3:])}"
    if name[:1] == "$" and name[1:].isdecimal():
        return _MIPS[int(name[1:])] if int(name[1:]) < len(_MIPS) else name
    if name[:2] == "r0" and len(name) == 3:
        return f"r{name[2]}"
    return name


def kernel_registers(state: State, known: Known) -> Iterator[Explanation]:
    """Those of the kernel's registers that can be told, in the order of the dump."""
    found = values_of(state)
    sp = stack_pointer(found, known.arch)
    own = {plain_name(name) for name in known.arch.sp}
    fixed = known.slide == 0 and not found.get("cr4", 0) & LA57
    for register in state.registers:
        name = plain_name(register.name)
        if special := _special(name, register, known):
            yield special
        elif name in _NO_VALUES or (known.arch.name == "i386" and name in ("fs", "gs")):
            continue
        elif role := known.roles.get(name):
            yield _explained(register, role, "misleading" if role.pattern else "telling")
        elif meaning := _pattern(register.value, known.arch):
            yield _explained(register, meaning, "telling" if meaning.pattern else "plain")
        elif name in own:
            text = f"The stack pointer. {find_cpu(known.arch.name).calls}"
            yield Explanation(register.at, text, weight="plain")
        elif place := _place(register.value, sp, known, fixed=fixed):
            yield _explained(register, place, "plain")


def stack_pointer(found: Mapping[str, int], arch: Arch) -> int | None:
    """The value of the stack pointer among registers by full name; None when it is not there."""
    sp = next((found[name] for name in map(plain_name, arch.sp) if name in found), None)
    return found.get("rsp") if sp is None else sp


_FAILED = frozenset({"badaddr", "badvaddr", "badv", "badva", "dar"})


def _special(name: str, register: Register, known: Known) -> Explanation | None:
    """Registers that say by their name what they are."""
    value = register.value
    if name == "cr2":
        brief, text = _cr2(value, known.fault)
        weight: Weight = "telling" if known.fault is not None else "plain"
        return Explanation(register.at, text, brief, weight)
    if name in _FAILED and value == known.fault:
        text = "The address whose access failed."
        return Explanation(register.at, text, "the address that faulted", "plain")
    reader = find_cpu(known.arch.name).registers.get(name)
    said = reader(value) if reader is not None else None
    return None if said is None else Explanation(register.at, said.text, said.brief, said.weight)


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
        if not value % size:
            return Meaning(
                "the lowest end of the stack", "The lowest address of the kernel's stack."
            )
        where = f"{abs(away):#x} {'above' if away > 0 else 'below'} the stack pointer"
        unused = "" if away > 0 else ", in the part that is not in use"
        return Meaning(f"the stack, {where}", f"On the kernel's stack, {where}{unused}.")
    tag = values.find_tag(value, known.arch.name)
    if tag is not None:
        return Meaning(
            f"an address with the tag {tag:#x}",
            f"An address of the kernel, with KASAN's tag {tag:#x}.",
        )
    if known.arch.name != "x86_64":
        return None
    if known.slide is not None and value in _IMAGE:
        unslid = f"; {value - known.slide:#x} in vmlinux" if known.slide else ""
        return Meaning(f"in the kernel image{unslid}", f"In the area of the kernel image{unslid}.")
    if known.slide and value in values.MODULES:
        return Meaning("in a module", "In the area of modules.")
    if fixed:
        for area, words in _FIXED:
            if value in area:
                return Meaning(words.partition(",")[0], f"{words[0].upper()}{words[1:]}.")
    return None


def _explained(register: Register, meaning: Meaning, weight: Weight) -> Explanation:
    return Explanation(register.at, meaning.text, meaning.brief, weight)
