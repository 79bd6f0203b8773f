"""From one entry of a unit to the next on the same level."""

from sitegen.crash.symbols.abbreviations import Abbreviation
from sitegen.crash.symbols.forms import AT_SIBLING
from sitegen.crash.symbols.unit import Unit


def sibling(unit: Unit, kind: Abbreviation, at: int) -> int:
    """The position of the next entry on the same level; 0 when the entry does not say."""
    data = unit.data
    if kind.hop >= 0:
        return int.from_bytes(data[at + kind.hop : at + kind.hop + 4], unit.order)
    if kind.late_hop >= 0 and data[at + kind.block] < 0x80:
        at += kind.block + 1 + data[at + kind.block] + kind.late_hop
        return int.from_bytes(data[at : at + 4], unit.order)
    if not kind.has(AT_SIBLING):
        return 0
    found = unit.find(kind, at, AT_SIBLING)
    return found[1] if found and isinstance(found[1], int) else 0


def over(unit: Unit, kind: Abbreviation, at: int) -> int:
    """Where the next entry on the same level stands."""
    if not kind.children:
        return unit.after(kind, at)
    following = sibling(unit, kind, at)
    if following > at:
        return following
    depth = 1
    at = unit.after(kind, at)
    end = len(unit.data)
    while depth and at < end:
        known, at = unit.entry(at)
        if known is None:
            depth -= 1
        else:
            depth += known.children
            at = unit.after(known, at)
    return at
