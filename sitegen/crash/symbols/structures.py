"""Names of structures, unions and typedefs -> their entries in DWARF, those that differ once each.

A kernel has a copy of `struct file` in most of its 2000 units, so none is walked that need not be:
where a name is written like nothing else in the image, its bytes are searched for; a name that ends
many others (`page`) is looked for in a few units first, which tells how it is written.
"""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from sitegen.crash.symbols import functions
from sitegen.crash.symbols.forms import (
    AT_DECL_LINE,
    AT_NAME,
    F_STRING,
    F_STRP,
    DwarfError,
)
from sitegen.crash.symbols.reader import Reader
from sitegen.crash.symbols.siblings import over
from sitegen.crash.symbols.unit import Unit
from sitegen.crash.symbols.values import ImageError

TAGS = {"struct": 0x13, "union": 0x17, "": 0x16}
"""By the keyword before the name; a typedef has none."""

AT_BYTE_SIZE, AT_DECLARATION = 0x0B, 0x3C

MOST = 4
"types of one name that differ, at most"
_FEW = 24
"spellings that are searched for at once"
_WALKED = 48
"units walked for a name that ends many others, before all its spellings are searched for"
_MOST_SPELLINGS = 256
"spellings that are searched for: a tenth of a second each in a kernel"
_OFFSET = 4
"bytes of an offset of .debug_str, in the 32-bit form of DWARF"
_SHORT = 8
"characters of a name that GCC may write into the entry itself: fewer than an offset has bytes"
_PIECE = 1 << 24
"bytes of .debug_info looked through at once"


class Structure(NamedTuple):
    """The entry of a type."""

    unit: Unit
    position: int


def find_structures(
    reader: Reader, keyword: str, name: str, starts: list[int]
) -> tuple[Structure, ...] | None:
    """The definitions of a type in the image that differ in size or line; none when it has none.

    `starts` are addresses of functions whose units may know it. None where that cannot be told: the
    name ends too many others, or not all units are here. Up to seconds for a kernel. A type that is
    only declared is no definition. Units in `.dwo` files are not looked at.
    """
    try:
        return _find(reader, keyword, name, starts) or (() if _is_whole(reader) else None)
    except (DwarfError, ImageError):
        return None


def _is_whole(reader: Reader) -> bool:
    """Whether all that the image's types are written in is in .debug_info, as far as its first units tell."""
    if not reader.has_lines or reader.debug.section("types") is not None:
        return False
    return not any(Unit(reader.debug, offset).dwo_name for offset in reader.units.offsets[:8])


def _find(reader: Reader, keyword: str, name: str, starts: list[int]) -> tuple[Structure, ...]:
    tag, spelled = TAGS[keyword], name.encode()
    if len(name) < _SHORT:
        hits = _written(reader, tag, F_STRING, [spelled + b"\0"])
        found = _distinct(hits, is_typedef=not keyword)
        if found:
            return found
    spellings = _spellings(reader, spelled)
    near = _near(reader, tag, spelled, spellings, starts)
    known = [value for _, value in near if value is not None]
    if known:
        spellings = dict.fromkeys(known)
    elif near or reader.debug.section("str_offsets"):
        return _distinct((place for place, _ in near), is_typedef=not keyword)
    if len(spellings) > _MOST_SPELLINGS:
        raise DwarfError("a name that ends too many others")
    needles = [value.to_bytes(_OFFSET, reader.debug.order) for value in spellings]
    return _distinct(_written(reader, tag, F_STRP, needles), is_typedef=not keyword)


def _distinct(places: Iterable[tuple[Unit, int]], *, is_typedef: bool) -> tuple[Structure, ...]:
    """The first `MOST` definitions that differ in size or line."""
    found: dict[tuple[int | None, int | None], Structure] = {}
    for unit, position in places:
        key = _key(unit, position, is_typedef=is_typedef)
        if key is not None and key not in found and _is_entry(unit, position):
            found[key] = Structure(unit, position)
            if len(found) == MOST:
                break
    return tuple(found.values())


def _key(unit: Unit, position: int, *, is_typedef: bool) -> tuple[int | None, int | None] | None:
    """Size and line of a definition; None for a mere declaration."""
    try:
        kind, at = unit.entry(position)
        if kind is None or kind.has(AT_DECLARATION):
            return None
        size = unit.number(kind, at, AT_BYTE_SIZE)
        if size is None and not is_typedef:
            return None
        return size, unit.number(kind, at, AT_DECL_LINE)
    except DwarfError:
        return None


def _is_entry(unit: Unit, position: int) -> bool:
    """Whether an entry begins there, and not only bytes that look like one."""
    try:
        return functions.entry_over(unit, position) == position
    except DwarfError:
        return False


def _near(
    reader: Reader, tag: int, name: bytes, spellings: dict[int, None], starts: list[int]
) -> list[tuple[tuple[Unit, int], int | None]]:
    """An entry in the first unit that has one, and the offset of its name where it has one.

    Not looked for where the spellings are few. Where strings are numbered (clang's way) all units
    are walked, and what is found is all there is.
    """
    numbered = reader.debug.section("str_offsets") is not None
    if not numbered and len(spellings) <= _FEW:
        return []
    preferred = dict.fromkeys(reader.units.covering(one for one in starts if one).values())
    units = list(dict.fromkeys((*preferred, *reader.units.offsets)))
    found: list[tuple[tuple[Unit, int], int | None]] = []
    for offset in units if numbered else units[:_WALKED]:
        unit = reader.units.at(offset)
        if unit.debug is not reader.debug:
            continue
        for position, value in _walk(unit, tag, name):
            if value is not None:  # of a declaration too: it is written as the definition is
                return [((unit, position), value)]
            found.append(((unit, position), value))
    return found


def _spellings(reader: Reader, name: bytes) -> dict[int, None]:
    """Offsets of .debug_str where the name stands, perhaps as the end of a longer one."""
    data = reader.debug.read("str", 0, reader.debug.size("str"))
    needle = name + b"\0"
    found: dict[int, None] = {}
    at = data.find(needle)
    while at >= 0:
        found[at] = None
        at = data.find(needle, at + 1)
    return found


def _walk(unit: Unit, tag: int, name: bytes) -> Iterator[tuple[int, int | None]]:
    """The entries of the unit's first level with that tag and name, and the offset of the name."""
    wanted = name.decode()
    try:
        kind, at = unit.top
        position, end = unit.after(kind, at), len(unit.data)
        while position < end:
            known, at = unit.entry(position)
            if known is None:
                position = at
                continue
            if known.tag == tag and unit.text(known, at, AT_NAME) == wanted:
                place = known.places.get(AT_NAME)
                plain = place is not None and place.form == F_STRP
                found = unit.find(known, at, AT_NAME) if plain else None
                value = found[1] if found else None
                yield position, value if isinstance(value, int) else None
            position = over(unit, known, at)
    except DwarfError:
        return  # a damaged unit has no types; the others still answer


def _written(
    reader: Reader, tag: int, form: int, needles: list[bytes]
) -> Iterator[tuple[Unit, int]]:
    """Where entries of the tag seem to begin whose name is written as one of the needles."""
    debug = reader.debug
    offsets = iter(reader.units.offsets)
    first = next(offsets, None)
    following = next(offsets, None)
    unit: Unit | None = None
    for hit in _hits(reader, needles):
        while following is not None and hit >= following:
            first, following, unit = following, next(offsets, None), None
        if first is None:
            return
        if unit is None:
            unit = Unit(debug, first)
        try:
            for code, distance in unit.table.placed(tag, AT_NAME, form):
                begin = hit - distance
                if debug.peek("info", begin, len(code)) == code:
                    yield unit, begin - first
        except DwarfError:
            continue


def _hits(reader: Reader, needles: list[bytes]) -> Iterator[int]:
    """Offsets of .debug_info where one of the needles stands, in order, a piece at a time."""
    size = reader.debug.size("info")
    longest = max(map(len, needles), default=0)
    for at in range(0, size, _PIECE):
        piece = reader.debug.read("info", at, at + _PIECE + longest - 1)
        found = []
        for needle in needles:
            place = piece.find(needle)
            while place >= 0:
                found.append(at + place)
                place = piece.find(needle, place + 1)
        yield from sorted(found)
