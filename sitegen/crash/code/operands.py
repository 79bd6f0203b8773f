"""One instruction, taken apart: the memory it touches, the registers it writes, where it leads."""

import re
from typing import Any, NamedTuple

from sitegen.crash.code.machines import MACHINES, Family, decoder
from sitegen.crash.code.memory import Memory, memories
from sitegen.crash.code.names import register_of
from sitegen.crash.lazy import Lazy


class Detail(NamedTuple):
    """One instruction, taken apart."""

    mnemonic: str
    "without prefixes"
    memory: tuple[Memory, ...]
    written: tuple[str, ...]
    "full names of the registers it writes"
    jumps: bool
    "a jump, call or return"
    through: str
    "the register that holds where it jumps to; empty for none"
    size: int
    "in bytes"
    repeats: bool = False
    "repeated by a prefix, as often as a register says"
    stack: int = 0
    "bytes it puts on the stack beside its operands; negative for those it takes off"
    takes: tuple[str, ...] = ()
    "full names of the registers that stand as operands by themselves, in order"


_REGISTER = 1
"""Capstone's type of an operand that is a register."""
_PREFIX = Lazy(r"(?:lock|rep|repe|repz|repne|repnz|notrack|xacquire|xrelease|data16|bnd) ")


def detail(data: bytes, machine: str) -> Detail | None:
    """The first instruction of `data`, taken apart; None when it is none."""
    if machine not in MACHINES:
        return None
    known = MACHINES[machine]
    taken = decoder(machine, deep=True)
    one = next(iter(taken.disasm(data[:16], 0, 1)), None)
    if one is None:
        return None
    mnemonic = one.mnemonic
    while found := _PREFIX.match(mnemonic):
        mnemonic = mnemonic[found.end() :]
    groups = {taken.group_name(group) for group in one.groups}
    jumps = bool(groups & {"jump", "call", "ret", "return", "int", "iret"})
    written = _written(one, mnemonic, known.family)
    jumps = jumps or "pc" in written or _JUMPS[known.family].match(mnemonic) is not None
    return Detail(
        mnemonic=mnemonic,
        memory=tuple(memories(one, mnemonic, known.family)),
        written=written,
        jumps=jumps,
        through=_through(one, known.family) if jumps else "",
        size=one.size,
        repeats=one.mnemonic.startswith("rep"),
        stack=_stack(mnemonic, known.bits // 8) if known.family == "x86" else 0,
        takes=tuple(
            register_of(one, operand.reg, known.family)
            for operand in one.operands
            if operand.type == _REGISTER
        ),
    )


# Where the decoder's groups leave out what goes elsewhere.
_JUMPS: dict[Family, Lazy] = {
    "x86": Lazy(r"call|ret|jmp|iret|sysret|sysexit"),
    "arm64": Lazy(r"blr|br|ret|eret"),
    "arm": Lazy(r"blx?|bx"),
    "riscv": Lazy(r"(?:c\.)?(?:jal?r?|ret|b[a-z]{2,3}z?|ecall|mret|sret)$"),
    "powerpc": Lazy(r"b(?!rinc|permd)|sc$|rfid"),
    "mips": Lazy(r"j|b(?!reak|it)|eret|syscall"),
    "s390": Lazy(r"b(?:r|c|as|ct|x)|j|svc|c[lg]?[gr]?i?j"),
}


def _through(one: Any, family: Family) -> str:  # noqa: ANN401  reason: capstone ships no types
    """The register that holds the target of a jump; empty for none."""
    operands = one.operands
    if family == "powerpc":
        for name in ("ctr", "lr"):
            if re.match(rf"b\w*{name}l?$", one.mnemonic):
                return name
        return ""
    if family in ("riscv", "s390", "mips"):
        if not re.match(r"(?:c\.)?(?:jalr|jr|basr|br)$", one.mnemonic):
            return ""
        registers = [operand for operand in operands if operand.type == _REGISTER]
        return register_of(one, registers[-1].reg, family) if registers else ""
    if operands and operands[0].type == _REGISTER:
        name = register_of(one, operands[0].reg, family)
        if name != "pc":
            return name
        # 32-bit ARM's `mov pc, lr`.
        last = operands[-1]
        return register_of(one, last.reg, family) if last.type == _REGISTER else ""
    return ""


# --- Registers --------------------------------------------------------------------------------

_FIRST_IS_READ = Lazy(
    r"st|s[bhwd]$|c\.s[wd]|fs[wdq]|cmp|tst|teq|cmn|b|j|cb|tb|t[wd]|trap|c\.[bj]|mt|push|c[gl]?r?$|test"
)


def _written(one: Any, mnemonic: str, family: Family) -> tuple[str, ...]:  # noqa: ANN401  reason: see above
    """Full names of the registers that the instruction writes."""
    if family in ("x86", "arm64", "arm"):
        return tuple(register_of(one, number, family) for number in one.regs_access()[1])
    if _FIRST_IS_READ.match(mnemonic) or not one.operands:
        return ()
    first = one.operands[0]
    name = register_of(one, first.reg, family) if first.type == _REGISTER else ""
    return (name,) if name else ()


def _stack(mnemonic: str, word: int) -> int:
    """Bytes that x86's instruction puts on the stack by itself."""
    if mnemonic.startswith(("call", "push", "enter")):
        return word
    if mnemonic.startswith(("ret", "pop", "iret")):
        return -word
    return 0
