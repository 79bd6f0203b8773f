"""One unit and an address -> the entry of the function that covers it.

By the bytes of what is known of the function, or by stepping from sibling to sibling over all
entries of the unit; where there are no sibling references (clang), over every entry.
"""

import struct
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence

from sitegen.crash.symbols import forms
from sitegen.crash.symbols.forms import TAG_SUBPROGRAM, DwarfError, uleb
from sitegen.crash.symbols.names import symbol_of
from sitegen.crash.symbols.ranges import ranges_of
from sitegen.crash.symbols.siblings import sibling
from sitegen.crash.symbols.unit import Unit
from sitegen.crash.symbols.units import Units

_FOUR = {"little": struct.Struct("<I"), "big": struct.Struct(">I")}
_MOST_CODES = 0xFFFF
_MOST_LISTS = 1 << 14
"bytes of range lists of one unit that are looked at"
_MOST_TRIES = 8
_START_LENGTH = b"\x07"

Hint = tuple[int, str]
"the symbol that an address lies in: where it begins, and its name without suffixes"


def entries_at(
    units: Units, unit: Unit, addresses: Sequence[int], hints: Mapping[int, Hint] | None = None
) -> dict[int, int]:
    """The position of the function's entry that covers each address; nothing where none does."""
    found: dict[int, int] = {}
    for address in addresses if hints else ():
        hint = hints.get(address) if hints else None
        position = _named(units, unit, address, hint) if hint else None
        if position is not None:
            found[address] = position
    left = sorted({address for address in addresses if address not in found})
    if left:
        found.update(_subprograms(unit, left))
    return found


def subprogram_at(unit: Unit, address: int) -> int | None:
    """The position of the function's entry that covers `address`."""
    return _subprograms(unit, [address]).get(address)


def _named(units: Units, unit: Unit, address: int, hint: Hint) -> int | None:
    """The entry of the hinted function, found by the bytes of its low PC, if it covers `address`.

    Stepping over all entries of a unit takes a millisecond, this a tenth of one. Bytes that only
    look like an entry would have to name the very function.
    """
    start, name = hint
    for attribute, form, needle in _needles(unit, start):
        for position in _functions_with(unit, attribute, form, needle):
            try:
                if _is_of(units, unit, position, address, name):
                    return position
            except DwarfError:
                continue  # it only looked like an entry
    return None


def _needles(unit: Unit, start: int) -> Iterator[tuple[int, int, bytes]]:
    """(attribute, form, bytes) by which an entry may say that its code begins at `start`."""
    yield forms.AT_LOW_PC, forms.F_ADDR, start.to_bytes(unit.word, unit.order)
    for listed in _range_lists(unit, start):
        yield forms.AT_RANGES, forms.F_SEC_OFFSET, listed.to_bytes(unit.wide, unit.order)


def _functions_with(unit: Unit, attribute: int, form: int, needle: bytes) -> Iterator[int]:
    """Positions of what looks like the entry of a function with these bytes for an attribute.

    From the end of the unit: functions stand behind the types that they use.
    """
    data = unit.data
    kinds = unit.table.placed(TAG_SUBPROGRAM, attribute, form)
    at = data.rfind(needle) if kinds else -1
    while at >= 0:
        for code, distance in kinds:
            position = at - distance
            if position > unit.root and data.startswith(code, position):
                yield position
        at = data.rfind(needle, 0, at + len(needle) - 1)


def _range_lists(unit: Unit, start: int) -> Iterator[int]:
    """Where lists that hold `start` may begin in .debug_rnglists, as GCC writes them: before the unit's.

    With it as the first range, or as the second behind one: the `.cold` part of a function.
    """
    last = unit.find(*unit.top, forms.AT_RANGES) if unit.version == 5 else None
    if last is None or last[0] != forms.F_SEC_OFFSET or isinstance(last[1], bytes):
        return
    first = max(last[1] - _MOST_LISTS, 0)
    near = unit.debug.read("rnglists", first, last[1])
    needle = _START_LENGTH + start.to_bytes(unit.word, unit.order)
    at = near.rfind(needle)
    for _ in range(_MOST_TRIES):
        if at < 0:
            return
        yield first + at
        for size in range(1, 4):  # of the length of the range before
            before = at - len(needle) - size
            if before >= 0 and near.startswith(_START_LENGTH, before):
                yield first + before
        at = near.rfind(needle, 0, at)


def _is_of(units: Units, unit: Unit, position: int, address: int, name: str) -> bool:
    kind, at = unit.entry(position)
    if kind is None or not any(low <= address < high for low, high in ranges_of(unit, kind, at)):
        return False
    return symbol_of(units, unit, position) == name


def _subprograms(unit: Unit, addresses: list[int]) -> dict[int, int]:
    """Entries of functions that cover sorted addresses. The loop that a decode spends its time in."""
    found: dict[int, int] = {}
    data = unit.data
    end = len(data)
    table = unit.table
    opens = unit.opens
    plans = _plans(unit)
    known = len(plans)
    word, order = unit.word, unit.order
    four = _FOUR[order].unpack_from
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
                    low = int.from_bytes(data[at + low : at + low + word], order)
                    size = int.from_bytes(data[at + length : at + length + size], order)
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
                following = sibling(unit, kind, at)
                if following > position:
                    position = following
                    continue
            if kind.children:
                depth += 1
            position = unit.after(kind, at)
    except (IndexError, struct.error) as error:
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
