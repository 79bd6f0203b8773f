"""Abbreviations compiled to what skipping an entry needs.

A unit of a kernel has tens of thousands of entries and a question needs a dozen. So each
abbreviation is compiled once (its size when that is fixed, where its attributes stand), and all
units that spell it alike share it.
"""

from collections.abc import Iterator, Mapping
from functools import cached_property

from sitegen.crash.symbols.forms import (
    AT_HIGH_PC,
    AT_LOW_PC,
    AT_RANGES,
    AT_SIBLING,
    F_ADDR,
    F_EXPRLOC,
    F_IMPLICIT,
    FIXED,
    LENGTHS,
    OFFSETS,
    DwarfError,
    sleb,
    to_uleb,
    uleb,
)
from sitegen.record import Record

_REF4 = 0x13
_SIZES = {
    (wide, word): FIXED | dict.fromkeys(OFFSETS, wide) | {F_ADDR: word}
    for wide in (4, 8)
    for word in (4, 8)
}
"bytes of each form, by the bytes of an offset and of an address"


class Place(Record):
    """Where an attribute stands in an entry, counted from behind its code."""

    offset: int
    form: int
    constant: int


class Abbreviation:
    """What one kind of entry looks like. Raises DwarfError."""

    tag: int
    children: bool
    attributes: tuple[tuple[int, int, int], ...]
    "(attribute, form, implicit constant), in order"
    places: dict[int, Place]
    "attributes that stand at a fixed offset"
    fixed: int
    "bytes of all attributes; -1 when that depends on their values"
    hop: int
    "offset of a four-byte reference to the sibling; -1 when there is none at a fixed offset"
    block: int
    "offset of the expression that is the first attribute of varying size; -1 when that is another"
    rest: int
    "bytes of all attributes behind that expression; -1 when they vary too"
    late_hop: int
    "offset of the sibling behind that expression, as in GCC's functions; -1 when it is not there"

    def __init__(self, spelling: bytes, sizes: Mapping[int, int]) -> None:
        """`spelling` is tag, children and (attribute, form) pairs; `sizes` the bytes of forms."""
        self.tag, self.children, self.attributes = _read(spelling)
        self.hop = self.block = self.late_hop = self.fixed = self.rest = -1
        self.places = {}
        offset = 0
        for name, form, constant in self.attributes:
            if self.block < 0:
                self.places[name] = Place(offset, form, constant)
            if name == AT_SIBLING and form == _REF4:
                self.hop, self.late_hop = (offset, -1) if self.block < 0 else (-1, offset)
            size = sizes.get(form, -1)
            if size >= 0:
                offset += size
            elif form == F_EXPRLOC and self.block < 0:
                self.block, offset = offset, 0
            else:
                return
        if self.block < 0:
            self.fixed = offset
        else:
            self.rest = offset

    @cached_property
    def span(self) -> tuple[int, int, int] | None:
        """Offsets of low PC and of its length, and the bytes of the length; None when not so simple."""
        low, high = self.places.get(AT_LOW_PC), self.places.get(AT_HIGH_PC)
        if low is None or high is None or low.form != F_ADDR or high.form not in LENGTHS:
            return None
        if self.has(AT_RANGES):  # which speak before the low PC
            return None
        return low.offset, high.offset, FIXED[high.form]

    def has(self, attribute: int) -> bool:
        return any(known == attribute for known, _, _ in self.attributes)


def _read(spelling: bytes) -> tuple[int, bool, tuple[tuple[int, int, int], ...]]:
    """Tag, whether it has children, and the attributes."""
    tag, at = uleb(spelling, 0)
    if at >= len(spelling):
        raise DwarfError("an abbreviation that is cut off")
    children = spelling[at] == 1
    at += 1
    attributes = []
    while at < len(spelling):
        name, at = uleb(spelling, at)
        form, at = uleb(spelling, at)
        constant = 0
        if form == F_IMPLICIT:
            constant, at = sleb(spelling, at)
        attributes.append((name, form, constant))
    return tag, children, tuple(attributes)


_compiled: dict[tuple[int, int], dict[bytes, Abbreviation]] = {sizes: {} for sizes in _SIZES}
"by the bytes of an offset and an address, and the spelling: hundreds serve thousands of units"


class Abbreviations(dict[int, Abbreviation]):
    """The table of a unit, by code; DwarfError for one that is not there. Compiled when asked for."""

    def __init__(self, spellings: dict[int, bytes], wide: int, word: int) -> None:
        super().__init__()
        self.spellings = spellings
        "by code"
        self._sizes = wide, word
        self._placed: dict[tuple[int, int, int], list[tuple[bytes, int]]] = {}

    def __missing__(self, code: int) -> Abbreviation:
        spelling = self.spellings.get(code)
        if spelling is None:
            raise DwarfError("an entry of an unknown abbreviation")
        known = _compiled[self._sizes]
        if spelling not in known:
            known[spelling] = Abbreviation(spelling, _SIZES[self._sizes])
        self[code] = known[spelling]
        return known[spelling]

    def of_tag(self, tag: int) -> Iterator[int]:
        """The codes of all kinds of entry with a tag below 0x80."""
        begin = bytes([tag])
        return (code for code, spelling in self.spellings.items() if spelling.startswith(begin))

    def placed(self, tag: int, attribute: int, form: int) -> list[tuple[bytes, int]]:
        """(code as written, distance from it to the attribute) of the kinds with a tag that have it so."""
        key = tag, attribute, form
        known = self._placed.get(key)
        if known is None:
            known = self._placed[key] = []
            for code in self.of_tag(tag):
                place = self[code].places.get(attribute)
                if place is not None and place.form == form:
                    written = to_uleb(code)
                    known.append((written, len(written) + place.offset))
        return known


def read_abbreviations(raw: bytes, wide: int, word: int) -> Abbreviations | None:
    """The table that begins `raw`, for units of these sizes of offsets and addresses.

    None when it does not end there. Each declaration ends with two zeros, so they are cut apart
    there; what is inside of one is read when an entry is of that kind.
    """
    found: dict[int, bytes] = {}
    code = 0
    *pieces, rest = raw.split(b"\0\0")
    for piece in pieces:
        if piece and 0 < (first := piece[0]) < 0x80:
            code = first
            found[code] = piece[1:]
            continue
        declaration = piece
        if not piece or not piece[0]:
            # Three zeros or more: the end of the table, unless the first is the last byte of
            # what was declared (a constant, or that there are no children).
            if not code or _is_whole(found[code]):
                return Abbreviations(found, wide, word)
            found[code] += b"\0"
            declaration = piece[1:]
            if not declaration:
                return Abbreviations(found, wide, word)
        code, at = uleb(declaration, 0)
        found[code] = declaration[at:]
    if rest[:1] == b"\0" and (not code or _is_whole(found[code])):
        return Abbreviations(found, wide, word)
    return None


def _is_whole(spelling: bytes) -> bool:
    """Whether a declaration, cut before two zeros, lacks nothing."""
    try:
        _read(spelling)
    except DwarfError:
        return False
    return True
