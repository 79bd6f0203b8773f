"""An operand in memory and the registers -> its address, and how to say it."""

from collections.abc import Mapping

from sitegen.crash.code import Memory
from sitegen.crash.explain.access import Access
from sitegen.crash.explain.culprit import Found

_ZEROS = frozenset({"xzr", "zero", "riz", "eiz"})
_LOW = (1 << 32) - 1


def address_of(memory: Memory, found: Found) -> int | None:
    """The sum of the operand's parts; None when one of them is not known."""
    total = memory.offset
    if memory.segment in ("fs", "gs"):
        if memory.segment not in found.values or found.arch.bits == 32:
            return None
        total += found.values[memory.segment]
    for name, scale in ((memory.base, 1), (memory.scaled, memory.scale)):
        if not name or name in _ZEROS:
            continue
        if name not in found.values or not scale:
            return None
        value = found.values[name]
        if name == memory.scaled and memory.extend:
            value &= _LOW
            value -= (value >> 31) << 32 if memory.extend == "s" else 0
        total += value * scale
    return total & (1 << found.arch.bits) - 1


def verb_of(memory: Memory, access: Access) -> str:
    """How the operand is accessed; where the decoder does not fit the log, as the log says."""
    if access.how == "write" and not memory.writes:
        return "writes"
    if access.how == "read" and not memory.reads:
        return "reads"
    if memory.writes and memory.reads:
        return "reads and writes"
    return "writes" if memory.writes else "reads"


def expression_of(memory: Memory, printed: Mapping[str, str]) -> str:
    """The sum as a person writes it: `RAX + RCX * 8 + 0x28`; `printed` has the registers' names."""
    parts = []
    if memory.segment in ("fs", "gs"):
        parts.append(memory.segment.upper())
    if memory.base and memory.base not in _ZEROS:
        parts.append(printed.get(memory.base, memory.base))
    if memory.scaled and memory.scaled not in _ZEROS:
        times = f" * {memory.scale}" if memory.scale > 1 else ""
        parts.append(printed.get(memory.scaled, memory.scaled) + times)
    text = " + ".join(parts)
    if memory.offset and not text:
        return f"{memory.offset & (1 << 64) - 1:#x}"
    if memory.offset:
        sign = "-" if memory.offset < 0 else "+"
        text += f" {sign} {abs(memory.offset):#x}" if text else f"{memory.offset:#x}"
    return text or "0x0"
