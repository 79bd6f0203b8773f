"""One unit -> the functions active at an address, and the calls in a function.

Goes down only where the ranges hold the address.
"""

from collections.abc import Mapping, Sequence

from sitegen.crash.symbols import forms
from sitegen.crash.symbols.forms import (
    AT_CALL_COLUMN,
    AT_CALL_FILE,
    AT_CALL_LINE,
    TAG_BLOCK,
    TAG_INLINED,
    DwarfError,
    uleb,
)
from sitegen.crash.symbols.names import name_of
from sitegen.crash.symbols.ranges import ranges_of
from sitegen.crash.symbols.siblings import over, sibling
from sitegen.crash.symbols.subprograms import Hint, entries_at
from sitegen.crash.symbols.unit import Unit
from sitegen.crash.symbols.units import Units
from sitegen.record import Record


class Active(Record):
    """A function active at an address: its entry, and where it was inlined."""

    unit: Unit
    position: int
    name: str
    call_file: int | None
    "file index of the unit's line program; None for the function that is not inlined"
    call_line: int | None
    call_column: int | None


class Site(Record):
    """A call that DWARF records."""

    return_pc: int | None
    call_pc: int | None
    origin: int | None
    "offset in .debug_info of the entry of the callee; None for a call through a pointer"
    tail: bool


def active_at(
    units: Units, unit: Unit, addresses: Sequence[int], hints: Mapping[int, Hint] | None = None
) -> dict[int, tuple[Active, ...]]:
    """For each address the functions active there, innermost first; nothing where none is."""
    found = {}
    for address, position in entries_at(units, unit, addresses, hints).items():
        chain = _chain(unit, position, address)
        found[address] = tuple(_active(units, unit, at) for at in reversed(chain))
    return found


def _chain(unit: Unit, position: int, address: int) -> list[int]:
    """The function's entry and the inlined ones in it that cover `address`, outermost first."""
    chain = [position]
    kind, at = unit.entry(position)
    if kind is None or not kind.children:
        return chain
    data, table = unit.data, unit.table
    end = len(data)
    position = unit.after(kind, at)
    depth = 1
    inside = 0
    while position < end:
        code, at = data[position], position + 1
        if code >= 0x80:
            code, at = uleb(data, position)
        if not code:
            depth -= 1
            if depth <= inside:  # leaving the innermost entry that covers the address
                break
            position = at
            continue
        known = table[code]
        if not known.children and known.fixed >= 0 and known.tag != TAG_INLINED:
            position = at + known.fixed  # most are parameters and variables
            continue
        if known.tag in {TAG_INLINED, TAG_BLOCK}:
            ranges = ranges_of(unit, known, at)
            if any(low <= address < high for low, high in ranges):
                if known.tag == TAG_INLINED:
                    chain.append(position)
                    inside = depth
                if not known.children:
                    break
                depth += 1
                position = unit.after(known, at)
                continue
            if known.tag == TAG_BLOCK and not ranges and known.children:
                depth += 1
                position = unit.after(known, at)
                continue
        position = over(unit, known, at)
    return chain


def _active(units: Units, unit: Unit, position: int) -> Active:
    kind, at = unit.entry(position)
    if kind is None:
        raise DwarfError("a function without an entry")
    name = name_of(units, unit, position)
    if kind.tag != TAG_INLINED:
        return Active(unit, position, name, None, None, None)
    return Active(
        unit,
        position,
        name,
        unit.number(kind, at, AT_CALL_FILE) or 0,
        unit.number(kind, at, AT_CALL_LINE),
        unit.number(kind, at, AT_CALL_COLUMN),
    )


def sites_in(unit: Unit, position: int) -> list[Site]:
    """All calls in the function whose entry stands at `position`, inlined parts included."""
    kind, at = unit.entry(position)
    if kind is None or not kind.children:
        return []
    found = []
    end = len(unit.data)
    depth = 1
    position = unit.after(kind, at)
    while depth and position < end:
        known, at = unit.entry(position)
        if known is None:
            depth -= 1
            position = at
            continue
        if known.tag in {forms.TAG_CALL_SITE, forms.TAG_GNU_CALL_SITE}:
            gnu = known.tag == forms.TAG_GNU_CALL_SITE
            found.append(
                Site(
                    unit.number(known, at, forms.AT_LOW_PC if gnu else forms.AT_CALL_RETURN_PC),
                    unit.number(known, at, forms.AT_CALL_PC),
                    unit.reference(
                        known, at, forms.AT_ABSTRACT_ORIGIN if gnu else forms.AT_CALL_ORIGIN
                    ),
                    known.has(forms.AT_GNU_TAIL_CALL if gnu else forms.AT_CALL_TAIL_CALL),
                )
            )
        depth += known.children
        position = unit.after(known, at)
    return found


def entry_over(unit: Unit, place: int) -> int | None:
    """The position of the innermost entry whose own attributes hold the byte at `place`."""
    kind, at = unit.top
    position = unit.after(kind, at)
    end = len(unit.data)
    while position <= place and position < end:
        known, at = unit.entry(position)
        if known is None:
            position = at
            continue
        following = unit.after(known, at)
        if place < following:
            return position
        beside = sibling(unit, known, at) if known.children else 0
        position = beside if following < beside <= place else following
    return None


def inlined_ranges(unit: Unit, position: int) -> list[tuple[int, int]]:
    """What the functions inlined in an entry cover, on all levels below it."""
    kind, at = unit.entry(position)
    if kind is None or not kind.children:
        return []
    found: list[tuple[int, int]] = []
    end = len(unit.data)
    depth = 1
    position = unit.after(kind, at)
    while depth and position < end:
        known, at = unit.entry(position)
        if known is None:
            depth -= 1
            position = at
            continue
        if known.tag == TAG_INLINED:
            found.extend(ranges_of(unit, known, at))
        if known.tag in {TAG_INLINED, TAG_BLOCK}:
            depth += known.children
            position = unit.after(known, at)
        else:
            position = over(unit, known, at)
    return found
