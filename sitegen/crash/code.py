"""The bytes of a `Code:` line -> instructions. The one door to capstone.

Knows instruction sets, nothing of logs: what a value means is for `explain`. Imports
capstone at the first bytes that are asked for, which takes a tenth of a second.
"""

import re
from functools import cache, lru_cache
from typing import Any, NamedTuple

LONGEST = 512
"""Bytes of a dump that are looked at; kernels print 64."""

LONGEST_BEFORE = 128
"""Bytes before the mark that are decoded: each may be where an instruction begins."""

# Machine: capstone's names of architecture and mode, bytes of the smallest instruction, of the longest.
_MACHINES = {
    "x86_64": ("CS_ARCH_X86", ("CS_MODE_64",), 1, 15),
    "i386": ("CS_ARCH_X86", ("CS_MODE_32",), 1, 15),
    "aarch64": ("CS_ARCH_ARM64", ("CS_MODE_ARM",), 4, 4),
    "arm": ("CS_ARCH_ARM", ("CS_MODE_ARM",), 4, 4),
    "thumb": ("CS_ARCH_ARM", ("CS_MODE_THUMB",), 2, 4),
    "riscv64": ("CS_ARCH_RISCV", ("CS_MODE_RISCV64", "CS_MODE_RISCVC"), 2, 4),
}
# As assemblers and newer binutils print them: the size is said by the mode.
_PLAIN = {
    **{f"{name}{size}": name for name in ("call", "ret", "jmp", "push", "pop") for size in "lq"},
    "popal": "popa",
    "pushal": "pusha",
}
# What the decoders of 16-, 32- and 64-bit names share.
_LOW = {name: f"r{name}" for name in ("ax", "bx", "cx", "dx", "si", "di", "bp")}
_OTHERS = {"esp": "rsp", "spl": "rsp", "fp": "x29", "wsp": "sp"}


class Piece(NamedTuple):
    """An instruction, or bytes that are none."""

    start: int
    "index of its first byte in the dump"
    size: int
    text: str
    "as assemblers write it, AT&T's way on x86; empty for bytes that are no whole instruction"
    target: int | None = None
    "of a direct jump or call: the index in the dump it leads to, perhaps outside"


class Memory(NamedTuple):
    """A place in memory that an instruction reads, writes or jumps through."""

    base: str
    "full register name in lower case; empty for none"
    scaled: str
    "a second register, of which `scale` times the value is added"
    scale: int
    offset: int
    segment: str
    "`fs` or `gs`, the base of which is added; else empty"
    size: int
    "in bytes; 0 where the decoder does not say"
    writes: bool
    reads: bool


class Detail(NamedTuple):
    """One instruction, taken apart."""

    mnemonic: str
    memory: tuple[Memory, ...]
    written: tuple[str, ...]
    "full names of the registers it writes"
    jumps: bool
    "a jump, call or return"
    through: str
    "the register that holds where it jumps to; empty for none"


def pieces(
    data: bytes, machine: str, *, mark: int | None, entry: int | None = None
) -> tuple[Piece, ...]:
    """The instructions of `data` in order, one of which begins at `mark`; together they cover it.

    Decoding starts where it lands exactly on `entry` (where the function begins) and on
    `mark`, as early as possible: the first bytes may be the end of an instruction.
    Empty for machines that are not known, and where nothing can be told: bytes of
    instructions of any length without a mark.
    """
    if machine not in _MACHINES or not data:
        return ()
    data = data[:LONGEST]
    _, _, unit, longest = _MACHINES[machine]
    if mark is None or not 0 <= mark < len(data):
        if unit == 1:
            return ()
        mark = 0
    own = _run(data, machine, entry, mark) if entry is not None and 0 < entry < mark else None
    if own is not None and entry is not None:
        found = [*_stretch(data, machine, entry, unit), *own]
    else:
        found = _stretch(data, machine, mark, unit)
    found += _onwards(data, machine, mark, unit, longest)
    return tuple(found)


def around(data: bytes, machine: str, *, mark: int, entry: int) -> Piece | None:
    """The instruction that `mark` lies within, decoding from `entry`; None when one begins there."""
    if machine not in _MACHINES or not 0 <= entry < mark < len(data[:LONGEST]):
        return None
    for piece in _decode(data[:LONGEST], machine, entry):
        if piece.start >= mark:
            return None
        if piece.start + piece.size > mark:
            return piece
    return None


def detail(data: bytes, machine: str) -> Detail | None:
    """The first instruction of `data`, taken apart; None when it is none."""
    if machine not in _MACHINES:
        return None
    decoder = _decoder(machine, deep=True)
    one = next(iter(decoder.disasm(data[:16], 0, 1)), None)
    if one is None:
        return None
    groups = {decoder.group_name(group) for group in one.groups}
    _, written = one.regs_access() if machine != "riscv64" else ((), ())
    names = tuple(full_name(one.reg_name(register) or "") for register in written)
    operands = () if _NO_ACCESS.match(one.mnemonic) else one.operands
    memory = tuple(_memory(one, operand, machine) for operand in operands if operand.type == 3)
    jumps = bool(groups & {"jump", "call", "ret", "int"})
    through = ""
    if groups & {"jump", "call"} and one.operands and one.operands[0].type == 1:
        through = full_name(one.reg_name(one.operands[0].reg) or "")
    return Detail(one.mnemonic, memory, names, jumps, through)


@lru_cache(maxsize=1024)
def full_name(register: str) -> str:
    """The whole register that a name of a part of it stands for: `rax` for `eax`, `x0` for `w0`.

    >>> full_name("r8d"), full_name("eax"), full_name("w3")
    ('r8', 'rax', 'x3')
    """
    name = register.lower()
    if name in _LOW:
        return _LOW[name]
    if name[:1] == "e" and name[1:] in _LOW:
        return _LOW[name[1:]]
    if len(name) == 2 and name[1] in "lh" and f"{name[0]}x" in _LOW:
        return f"r{name[0]}x"
    if name.endswith("l") and name[:-1] in _LOW:
        return _LOW[name[:-1]]
    if found := re.fullmatch(r"(r\d{1,2})[dwb]", name):
        return found[1]
    if found := re.fullmatch(r"w(\d{1,2})", name):
        return f"x{found[1]}"
    return _OTHERS.get(name, name)


# --- Where instructions begin ----------------------------------------------------------------


def _stretch(data: bytes, machine: str, end: int, unit: int) -> list[Piece]:
    """The instructions up to `end`, on which the last one ends; before them what is left over."""
    for first in range(end % unit + max(end - LONGEST_BEFORE, 0) // unit * unit, end, unit):
        if found := _run(data, machine, first, end):
            return [Piece(0, first, ""), *found] if first else found
    return [Piece(0, end, "")] if end else []


def _run(data: bytes, machine: str, start: int, end: int) -> list[Piece] | None:
    """The instructions from `start` to `end`; None when the last one does not end there."""
    found = _decode(data[:end], machine, start)
    return found if found and found[-1].start + found[-1].size == end else None


def _onwards(data: bytes, machine: str, start: int, unit: int, longest: int) -> list[Piece]:
    """The instructions from `start` on; the last piece may be cut off by the end of the dump."""
    found: list[Piece] = []
    while start < len(data):
        run = _decode(data, machine, start)
        found += run
        start = run[-1].start + run[-1].size if run else start
        if start < len(data):
            if len(data) - start < longest and unit < longest:
                found.append(Piece(start, len(data) - start, ""))
                break
            size = min(unit, len(data) - start)
            found.append(Piece(start, size, "(bad)"))
            start += size
    return found


def _decode(data: bytes, machine: str, start: int) -> list[Piece]:
    found = []
    for address, size, mnemonic, operands in _decoder(machine).disasm_lite(data[start:], start):
        text, target = _written(mnemonic, operands, machine, address)
        found.append(Piece(address, size, text, target))
    return found


_LONG = re.compile(r"\$(-?\d{2,20}|-0x[0-9a-f]{1,16})(?![\da-fx])")
_TARGET = re.compile(r"(?:.*[ ,])?(#?)(-?0x[0-9a-f]+|-?\d+)$")
_BRANCH = {
    "x86": re.compile(r"call|j[a-z]{1,4}$|loop"),
    "arm64": re.compile(r"bl?$|b\.[a-z]{2}$|cbn?z$|tbn?z$"),
    "arm": re.compile(
        r"blx?(?:[a-z]{2})?$|b(?:eq|ne|[chl][csioe]|mi|pl|v[sc]|g[et]|l[te])?(?:\.w)?$|cbn?z$"
    ),
    "riscv": re.compile(r"(?:c\.)?(?:b[a-z]{2,5}|j|jal|jr)$"),
}
_FAMILY = {"x86_64": "x86", "i386": "x86", "aarch64": "arm64", "arm": "arm", "thumb": "arm"}


def _written(mnemonic: str, operands: str, machine: str, at: int) -> tuple[str, int | None]:
    """The instruction's text; for direct jumps without the target, which stands beside it."""
    family = _FAMILY.get(machine, "riscv")
    if family == "x86":
        mnemonic = " ".join(_PLAIN.get(word, word) for word in mnemonic.split())
    if _BRANCH[family].match(mnemonic) and (found := _TARGET.match(operands)):
        value = int(found[2], 0)
        bits = 64 if machine in ("x86_64", "aarch64", "riscv64") else 32
        target = value + at if family == "riscv" else value
        if target >> (bits - 1):
            target -= 1 << bits
        kept = operands[: found.start(1)].rstrip(" ,")
        return f"{mnemonic} {kept}".rstrip(), target
    if family == "x86":
        mask = (1 << (64 if machine == "x86_64" else 32)) - 1
        operands = _LONG.sub(lambda found: f"${int(found[1], 0) & mask:#x}", operands)
    elif mnemonic in ("adr", "adrp"):
        # The dump does not say at which address it stands.
        operands = operands.replace("#", ".+")
    return f"{mnemonic} {operands}".rstrip(), None


# --- Capstone ---------------------------------------------------------------------------------


@cache
def _decoder(machine: str, *, deep: bool = False) -> Any:  # noqa: ANN401  reason: capstone ships no types
    import capstone  # noqa: PLC0415  reason: only a log with a `Code:` line pays for it

    arch, modes, _, _ = _MACHINES[machine]
    mode = sum(getattr(capstone, name) for name in modes)
    decoder = capstone.Cs(getattr(capstone, arch), mode)
    if arch == "CS_ARCH_X86":
        decoder.syntax = capstone.CS_OPT_SYNTAX_ATT
    decoder.detail = deep
    return decoder


# They compute with an address, or hint at it, and touch no memory.
_NO_ACCESS = re.compile(r"lea|nop|prefetch|prfm|endbr|adr")
_STORES = re.compile(r"(?:c\.)?(?:s[bhwd](?:sp)?|fs[wd](?:sp)?|st\w*|str\w*|sc\.|push|amo)")
_WRITE = 2
_READ = 1


def _memory(one: Any, operand: Any, machine: str) -> Memory:  # noqa: ANN401  reason: capstone ships no types
    memory = operand.mem

    def name(number: int) -> str:
        return full_name(one.reg_name(number) or "") if number else ""

    stores = _STORES.match(one.mnemonic) is not None
    access = getattr(operand, "access", 0) if _FAMILY.get(machine) == "x86" else 0
    return Memory(
        base=name(memory.base),
        scaled=name(getattr(memory, "index", 0)),
        scale=_scale(operand, machine),
        offset=memory.disp,
        segment=name(getattr(memory, "segment", 0)),
        size=getattr(operand, "size", 0) if _FAMILY.get(machine) == "x86" else 0,
        writes=bool(access & _WRITE) if access else stores,
        reads=bool(access & _READ) if access else not stores,
    )


def _scale(operand: Any, machine: str) -> int:  # noqa: ANN401  reason: capstone ships no types
    if _FAMILY.get(machine) == "x86":
        return int(operand.mem.scale)
    shift = getattr(operand, "shift", None)
    # Extended or shifted otherwise than to the left: 0 says that the sum cannot be told.
    if getattr(operand, "ext", 0):
        return 0
    if shift is None or not shift.type:
        return 1
    return 1 << shift.value if shift.type in (1, 2) and shift.value < 64 else 0
