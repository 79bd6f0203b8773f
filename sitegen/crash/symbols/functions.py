"""One unit -> the functions active at an address, and the calls in a function.

Steps from sibling to sibling and goes down only where the ranges hold the address; without
sibling references (clang) it steps over every entry.
"""

import struct
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence

from sitegen.crash.symbols import forms
from sitegen.crash.symbols.dwarf import Unit
from sitegen.crash.symbols.forms import (
    AT_CALL_COLUMN,
    AT_CALL_FILE,
    AT_CALL_LINE,
    AT_SIBLING,
    TAG_BLOCK,
    TAG_INLINED,
    TAG_SUBPROGRAM,
    Abbreviation,
    DwarfError,
    uleb,
)
from sitegen.crash.symbols.ranges import ranges_of
from sitegen.crash.symbols.units import Units
from sitegen.record import Record

_FOUR = struct.Struct("<I")
_MOST_CODES = 0xFFFF
_MOST_LISTS = 1 << 16
"bytes of range lists of one unit that are looked at"
_START_LENGTH = b"\x07"


Hint = tuple[int, str]
"the symbol that an address lies in: where it begins, and its name without suffixes"


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
    positions: dict[int, int] = {}
    for address in addresses if hints else ():
        hint = hints.get(address) if hints else None
        position = _named(units, unit, address, hint) if hint else None
        if position is not None:
            positions[address] = position
    left = sorted({address for address in addresses if address not in positions})
    if left:
        positions.update(_subprograms(unit, left))
    found = {}
    for address, position in positions.items():
        chain = _chain(unit, position, address)
        found[address] = tuple(_active(units, unit, at) for at in reversed(chain))
    return found


def _named(units: Units, unit: Unit, address: int, hint: Hint) -> int | None:
    """The entry of the hinted function, found by the bytes of its low PC, if it covers `address`.

    Stepping over all entries of a unit takes a millisecond, this a tenth of one. Bytes that only
    look like an entry would have to name the very function.
    """
    start, name = hint
    data = unit.data
    needles = [(forms.AT_LOW_PC, forms.F_ADDR, start.to_bytes(8, "little"))]
    listed = _range_list_at(unit, start)
    if listed is not None:
        needle = listed.to_bytes(unit.wide, "little")
        needles.append((forms.AT_RANGES, forms.F_SEC_OFFSET, needle))
    for attribute, form, needle in needles:
        kinds = _functions_with(unit, attribute, form)
        at = data.find(needle)
        while at >= 0:
            for code, offset in kinds:
                position = at - offset
                if position > unit.root and data.startswith(code, position):
                    try:
                        if _is_of(units, unit, position, address, name):
                            return position
                    except DwarfError:
                        pass  # it only looked like an entry
            at = data.find(needle, at + 1)
    return None


def _functions_with(unit: Unit, attribute: int, form: int) -> list[tuple[bytes, int]]:
    """(code as written, offset of the attribute from it) of the kinds of functions that have it so."""
    found = []
    for code in unit.table.of_tag(TAG_SUBPROGRAM):
        offset = unit.table[code].offset_of(attribute, form)
        if offset >= 0 and code < 0x4000:
            written = bytes([code] if code < 0x80 else [code & 0x7F | 0x80, code >> 7])
            found.append((written, offset + len(written)))
    return found


def _range_list_at(unit: Unit, start: int) -> int | None:
    """Where the list that begins with `start` stands in .debug_rnglists, by GCC's order: before the unit's."""
    if unit.version < 5:
        return None
    last = unit.find(*unit.top, forms.AT_RANGES)
    if last is None or last[0] != forms.F_SEC_OFFSET or isinstance(last[1], bytes):
        return None
    first = max(last[1] - _MOST_LISTS, 0)
    near = unit.debug.read("rnglists", first, last[1])
    at = near.rfind(_START_LENGTH + start.to_bytes(8, "little"))
    return first + at if at >= 0 else None


def _is_of(units: Units, unit: Unit, position: int, address: int, name: str) -> bool:
    kind, at = unit.entry(position)
    if kind is None or not any(low <= address < high for low, high in ranges_of(unit, kind, at)):
        return False
    return name_of(units, unit, position) == name


def subprogram_at(unit: Unit, address: int) -> int | None:
    """The position of the function's entry that covers `address`."""
    return _subprograms(unit, [address]).get(address)


def _subprograms(unit: Unit, addresses: list[int]) -> dict[int, int]:
    """Entries of functions that cover sorted addresses. The loop that a decode spends its time in."""
    found: dict[int, int] = {}
    data = unit.data
    end = len(data)
    table = unit.table
    opens = unit.opens
    plans = _plans(unit)
    known = len(plans)
    four = _FOUR.unpack_from
    kind, at = unit.top
    if not kind.children:
        return found
    position = unit.after(kind, at)
    depth = 1
    try:
        while position < end:
            code = data[position]
            at = position + 1
            if code >= 0x80:
                if data[at] < 0x80:
                    code = code & 0x7F | data[at] << 7
                    at += 1
                else:
                    code, at = uleb(data, position)
            plan = plans[code] if code < known else 0
            if plan > 0:
                position += plan
                continue
            if plan < 0:
                following = four(data, position - plan)[0]
                if following <= position:
                    raise DwarfError("an entry whose sibling comes before it")
                position = following
                continue
            if code == 0:
                depth -= 1
                if depth == 0:
                    break
                position = at
                continue
            kind = table[code]
            if kind.tag == TAG_SUBPROGRAM:
                if kind.span is not None:
                    low, length, size = kind.span
                    low = int.from_bytes(data[at + low : at + low + 8], "little")
                    size = int.from_bytes(data[at + length : at + length + size], "little")
                    ranges: Sequence[tuple[int, int]] = ((low, low + size),)
                else:
                    ranges = ranges_of(unit, kind, at)
                for low, high in ranges:
                    for address in addresses[bisect_left(addresses, low) :]:
                        if address >= high:
                            break
                        found.setdefault(address, position)
                if len(found) == len(addresses):
                    break
            if kind.children and kind.tag not in opens:
                sibling = _sibling(unit, kind, at)
                if sibling > position:
                    position = sibling
                    continue
            if kind.children:
                depth += 1
            position = unit.after(kind, at)
    except (KeyError, IndexError, struct.error) as error:
        raise DwarfError("entries that cannot be read") from error
    return found


def _plans(unit: Unit) -> list[int]:
    """How to get over an entry of each code: its size, or minus the place of its sibling reference.

    0 wants a look: a function, a list's end, an entry of varying size or without sibling.
    """
    codes = unit.table.spellings
    plans = [0] * (min(max(codes, default=0), _MOST_CODES) + 1)
    for code in codes:
        if code > _MOST_CODES:
            continue
        kind = unit.table[code]
        if kind.tag == TAG_SUBPROGRAM:
            continue
        width = 1 if code < 0x80 else 2 if code < 0x4000 else 3
        if not kind.children:
            plans[code] = kind.fixed + width if kind.fixed >= 0 else 0
        elif kind.hop >= 0 and kind.tag not in unit.opens:
            plans[code] = -kind.hop - width
    return plans


def _sibling(unit: Unit, kind: Abbreviation, at: int) -> int:
    """The position of the next entry on the same level; 0 when the entry does not say."""
    data = unit.data
    if kind.hop >= 0:
        return int.from_bytes(data[at + kind.hop : at + kind.hop + 4], "little")
    if kind.late_hop >= 0 and data[at + kind.block] < 0x80:
        at += kind.block + 1 + data[at + kind.block] + kind.late_hop
        return int.from_bytes(data[at : at + 4], "little")
    if not kind.has(AT_SIBLING):
        return 0
    found = unit.find(kind, at, AT_SIBLING)
    return found[1] if found and isinstance(found[1], int) else 0


def _chain(unit: Unit, position: int, address: int) -> list[int]:
    """The function's entry and the inlined ones in it that cover `address`, outermost first."""
    chain = [position]
    kind, at = unit.entry(position)
    if kind is None or not kind.children:
        return chain
    end = len(unit.data)
    position = unit.after(kind, at)
    depth = 1
    inside = 0
    while position < end:
        known, at = unit.entry(position)
        if known is None:
            depth -= 1
            if depth <= inside:  # leaving the innermost entry that covers the address
                break
            position = at
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
        position = _over(unit, known, at)
    return chain


def _over(unit: Unit, kind: Abbreviation, at: int) -> int:
    """Where the next entry on the same level stands."""
    if not kind.children:
        return unit.after(kind, at)
    sibling = _sibling(unit, kind, at)
    if sibling > at:
        return sibling
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


def origins(units: Units, unit: Unit, position: int) -> Iterator[tuple[Unit, Abbreviation, int]]:
    """The entry, and those it takes its name and declaration from, nearest first; never for ever."""
    for _ in range(forms.MOST_HOPS):
        kind, at = unit.entry(position)
        if kind is None:
            return
        yield unit, kind, at
        target = unit.reference(kind, at, forms.AT_ABSTRACT_ORIGIN)
        if target is None:
            target = unit.reference(kind, at, forms.AT_SPECIFICATION)
        if target is None:
            return
        home = unit if unit.offset < target < unit.end else units.holding(target)
        if home is None:
            return
        unit, position = home, target - home.offset


def name_of(units: Units, unit: Unit, position: int) -> str:
    """The name of a function; empty when it has none."""
    for home, kind, at in origins(units, unit, position):
        name = home.text(kind, at, forms.AT_NAME)
        if name:
            return name
    return ""


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
        sibling = _sibling(unit, known, at) if known.children else 0
        position = sibling if following < sibling <= place else following
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
            position = _over(unit, known, at)
    return found
