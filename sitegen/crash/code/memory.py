"""The memory that one instruction touches.

Capstone tells it for x86, arm and s390; for the others the operands' text does, which has
one form per family. Where capstone errs about reading and writing, the tables here say so.
"""

import re
from typing import Any, NamedTuple

from sitegen.crash.code.machines import Family
from sitegen.crash.code.names import full_name, register_of
from sitegen.crash.lazy import Lazy


class Memory(NamedTuple):
    """A place in memory that an instruction reads, writes or jumps through."""

    base: str
    "full register name in lower case; empty for none"
    scaled: str
    "a second register, of which `scale` times the value is added"
    scale: int
    "0 when the sum cannot be told"
    offset: int
    segment: str
    "`fs` or `gs`, the base of which is added; else empty"
    size: int
    "in bytes; 0 where it is not known"
    writes: bool
    reads: bool
    extend: str = ""
    "`u` or `s` when the lower 32 bits of the second register are extended so"


MEMORY = 3
"""Capstone's type of an operand in memory."""

# They compute with an address, or hint at it, and touch no memory.
_NO_ACCESS = Lazy(r"lea|nop|prefetch|prfm|endbr|adr|la(?:rl|y)?$|dcb(?!z)|icb|tlbie|pref|cache")
# They write zeros to the cache line that a register points into.
_ZEROS = Lazy(r"(?:zva|0), (?P<base>[xr]\d{1,2})$")


def memories(one: Any, mnemonic: str, family: Family) -> list[Memory]:  # noqa: ANN401  reason: capstone ships no types
    """The places in memory that capstone's instruction accesses, in order of its operands."""
    if _NO_ACCESS.match(mnemonic):
        return []
    if mnemonic in ("dc", "dcbz") and (zeroed := _ZEROS.match(one.op_str)):
        return [Memory(zeroed["base"], "", 1, 0, "", 0, writes=True, reads=False)]
    if family in ("riscv", "powerpc", "mips"):
        return _from_text(one.op_str, mnemonic, family)
    if family == "arm" and (found := _multiple(one, mnemonic)):
        return [found]
    return [
        _memory(one, operand, index, mnemonic, family)
        for index, operand in enumerate(one.operands)
        if operand.type == MEMORY
    ]


_WRITE = 2
_READ = 1
# Where capstone says otherwise.
_X86_WRITES = Lazy(r"stos|f(?:n?st|ist)|fn?save|fxsave|xsave|stmxcsr|s[gi]dt")
_X86_BOTH = Lazy(r"cmpxchg|xadd|xchg")
_STORES: dict[Family, Lazy] = {
    "x86": Lazy(r"(?!)"),
    "arm64": Lazy(r"st|cas|swp|ldadd|ldclr|ldset|ldeor|ldsmax|ldumax|sw"),
    "arm": Lazy(r"st|vst|push|swp"),
    "riscv": Lazy(r"(?:c\.)?(?:s[bhwd](?:sp)?|fs[wdq](?:sp)?)$|sc\.|amo"),
    "powerpc": Lazy(r"st"),
    "mips": Lazy(r"s(?:[bhwd]|[wd][lrc]\d?|cd?)$"),
    "s390": Lazy(r"st|mv|xc$|oc$|nc$|[nox]i|cs|lao|laa|mvc|as[ig]|ag?si"),
}
_BOTH: dict[Family, Lazy] = {
    "x86": _X86_BOTH,
    "arm64": Lazy(r"cas|swp|ld(?:add|clr|set|eor|smax|umax)"),
    "arm": Lazy(r"swp"),
    "riscv": Lazy(r"amo"),
    "powerpc": Lazy(r"(?!)"),
    "mips": Lazy(r"(?!)"),
    "s390": Lazy(r"xc$|oc$|nc$|[nox]i|cs|laa|lao|as[ig]|ag?si"),
}


def _memory(
    one: Any,  # noqa: ANN401  reason: capstone ships no types
    operand: Any,  # noqa: ANN401  reason: see above
    index: int,
    mnemonic: str,
    family: Family,
) -> Memory:
    memory = operand.mem
    base = register_of(one, memory.base, family)
    scaled = register_of(one, getattr(memory, "index", 0), family)
    scale, extend = _scale(operand, family)
    reads, writes = _ways(operand, index, mnemonic, family)
    return Memory(
        base=base,
        scaled=scaled,
        scale=scale,
        offset=memory.disp,
        segment=register_of(one, getattr(memory, "segment", 0), family),
        size=operand.size if family == "x86" else _size(one.op_str, mnemonic, family),
        writes=writes,
        reads=reads,
        extend=extend,
    )


def _ways(operand: Any, index: int, mnemonic: str, family: Family) -> tuple[bool, bool]:  # noqa: ANN401  reason: see above
    """Whether the operand is read, and whether it is written."""
    if _BOTH[family].match(mnemonic):
        return True, True
    if family == "s390" and mnemonic == "mvc":
        return bool(index), not index
    if family != "x86":
        stores = _STORES[family].match(mnemonic) is not None
        return not stores, stores
    if _X86_WRITES.match(mnemonic):
        return False, True
    return bool(operand.access & _READ), bool(operand.access & _WRITE)


# Of arm64: extensions of an index register, by capstone's numbers; and shifts.
_EXTENSIONS = {3: "u", 7: "s"}
_WHOLE = frozenset({0, 4, 8})
_LEFT = 1


def _scale(operand: Any, family: Family) -> tuple[int, str]:  # noqa: ANN401  reason: see above
    """What the second register is multiplied with, and how it is extended before."""
    if family == "x86":
        return int(operand.mem.scale), ""
    extend = getattr(operand, "ext", 0)
    if extend not in _EXTENSIONS and extend not in _WHOLE:
        return 0, ""
    shift = getattr(operand, "shift", None)
    # `ldr r2, [r1, -r3]` of 32-bit ARM.
    sign = -1 if getattr(operand, "subtracted", False) else 1
    words = _EXTENSIONS.get(extend, "")
    if shift is None or not shift.type:
        return sign, words
    # 1 is arm64's LSL, 2 is ARM's.
    left = shift.type == (_LEFT if family == "arm64" else _LEFT + 1)
    return (sign << shift.value if left and shift.value < 64 else 0), words


_LIST = Lazy(r"(?P<base>\w+)(?P<back>!?), \{(?P<list>[^}]{1,200})\}")


def _multiple(one: Any, mnemonic: str) -> Memory | None:  # noqa: ANN401  reason: see above
    """The memory of 32-bit ARM's `ldm r3, {r4, r5}` and `push {r4, lr}`; None for others."""
    if mnemonic in ("push", "pop"):
        count = one.op_str.count(",") + 1
        offset = -4 * count if mnemonic == "push" else 0
        return Memory("sp", "", 1, offset, "", 4 * count, mnemonic == "push", mnemonic == "pop")
    found = _LIST.match(one.op_str)
    if found is None or not mnemonic.startswith(("ldm", "stm", "vldm", "vstm")):
        return None
    unit = 8 if found["list"].startswith("d") else 4
    size = unit * (found["list"].count(",") + 1)
    offset = {"ib": 4, "db": -size, "da": 4 - size}.get(mnemonic[-2:], 0)
    stores = "st" in mnemonic[:3]
    return Memory(full_name(found["base"]), "", 1, offset, "", size, stores, not stores)


_PLACE = Lazy(r"(?P<offset>-?(?:0x)?[0-9a-f]{0,16})\(\$?(?P<base>\w{1,4})\)")
_INDEXED = Lazy(r"(?P<value>\w{1,4}), (?P<base>\w{1,4}), (?P<index>\w{1,4})$")
_POWER_INDEXED = Lazy(r"(?:l|st)\w{0,6}x(?:1|\.)?$|l[bhwdq]arx|st[bhwdq]cx")


def _from_text(operands: str, mnemonic: str, family: Family) -> list[Memory]:
    """The memory of `lw $v0, 0x10($a0)`, `ldx r3, r9, r11` and their like."""
    stores = _STORES[family].match(mnemonic) is not None
    reads = not stores or _BOTH[family].match(mnemonic) is not None
    size = _size(operands, mnemonic, family)
    if found := _PLACE.search(operands):
        offset = int(found["offset"], 0) if found["offset"] not in ("", "-") else 0
        base = "" if family == "powerpc" and found["base"] == "0" else full_name(found["base"])
        return [Memory(base, "", 1, offset, "", size, stores, reads)]
    if family == "powerpc" and _POWER_INDEXED.match(mnemonic):
        indexed = _INDEXED.search(operands)
        if indexed is None:
            return []
        base = "" if indexed["base"] == "0" else indexed["base"]
        return [Memory(base, indexed["index"], 1, 0, "", size, stores, reads)]
    return []


_LETTERS = {"b": 1, "h": 2, "w": 4, "d": 8, "q": 16}
_SIZED: dict[Family, Lazy] = {
    "x86": Lazy(r"(?!)"),
    "arm64": Lazy(r"(?:ld|st)\w{0,8}?(?P<size>[bh])$|ld\w{0,4}(?P<word>sw)$"),
    "arm": Lazy(r"(?:ld|st)(?:r|rex)s?(?P<size>[bhd])"),
    "riscv": Lazy(r"(?:c\.)?f?[ls](?P<size>[bhwd])u?(?:sp)?$|(?:lr|sc|amo\w{1,6})\.(?P<word>[wd])"),
    "powerpc": Lazy(r"(?:l|st)f?(?P<size>[bhwd])"),
    "mips": Lazy(r"[ls](?P<size>[bhwd])u?c?\d?$|ll|sc"),
    "s390": Lazy(r"(?!)"),
}
_BY_REGISTER = {"w": 4, "x": 8, "b": 1, "h": 2, "s": 4, "d": 8, "q": 16}


def _size(operands: str, mnemonic: str, family: Family) -> int:
    """Bytes that the instruction moves to or from memory; 0 where its name does not tell."""
    found = _SIZED[family].match(mnemonic)
    if found is not None and found.groupdict().get("size"):
        return _LETTERS[found["size"]]
    if found is not None:
        return _LETTERS.get((found.groupdict().get("word") or "w")[-1], 4)
    if family == "arm64":
        # The register tells: `ldp x12, x13, [x1]`. That of `stxr w0, x1, [x2]` is the second.
        told = operands.partition(", ")[2] if re.match(r"stl?xr", mnemonic) else operands
        size = _BY_REGISTER.get(told[:1], 0)
        return 2 * size if re.match(r"(?:ld|st)n?p", mnemonic) else size
    return 4 if family == "arm" and mnemonic.startswith(("ldr", "str")) else 0
