"""The numbers of DWARF, and abbreviations compiled to what skipping an entry needs.

A unit of a kernel has tens of thousands of entries and a question needs a dozen. So each
abbreviation is compiled once (its size when that is fixed, where its attributes stand), and all
units that spell it alike share it.
"""

import re
from collections.abc import Iterator, Mapping
from functools import cache, cached_property

from sitegen.record import Record

TAG_COMPILE_UNIT, TAG_SUBPROGRAM, TAG_INLINED, TAG_BLOCK = 0x11, 0x2E, 0x1D, 0x0B
TAG_CALL_SITE, TAG_GNU_CALL_SITE = 0x48, 0x4109
TAG_NAMESPACE, TAG_VARIABLE = 0x39, 0x34
AT_SIBLING, AT_LOCATION, AT_NAME, AT_STMT_LIST, AT_LOW_PC, AT_HIGH_PC = 1, 2, 3, 0x10, 0x11, 0x12
AT_LANGUAGE, AT_COMP_DIR, AT_ABSTRACT_ORIGIN = 0x13, 0x1B, 0x31
AT_DECL_FILE, AT_DECL_LINE, AT_SPECIFICATION, AT_RANGES = 0x3A, 0x3B, 0x47, 0x55
AT_CALL_COLUMN, AT_CALL_FILE, AT_CALL_LINE, AT_LINKAGE_NAME = 0x57, 0x58, 0x59, 0x6E
AT_STR_OFFSETS_BASE, AT_ADDR_BASE, AT_RNGLISTS_BASE, AT_DWO_NAME = 0x72, 0x73, 0x74, 0x76
AT_CALL_RETURN_PC, AT_CALL_ORIGIN, AT_CALL_PC, AT_CALL_TAIL_CALL = 0x7D, 0x7F, 0x81, 0x82
AT_GNU_TAIL_CALL, AT_GNU_DWO_NAME = 0x2115, 0x2130

F_ADDR, F_REF_ADDR, F_STRING, F_STRP, F_LINE_STRP, FSTRX = 0x01, 0x10, 0x08, 0x0E, 0x1F, 0x1A
FADDRX, F_RNGLISTX, F_IMPLICIT, F_INDIRECT, F_EXPRLOC = 0x1B, 0x23, 0x21, 0x16, 0x18
F_SDATA, F_PRESENT, F_SEC_OFFSET = 0x0D, 0x19, 0x17

# Bytes of forms of one size, whatever the unit.
FIXED = {
    0x0B: 1, 0x05: 2, 0x06: 4, 0x07: 8, 0x1E: 16,  # data
    0x0C: 1, F_PRESENT: 0, F_IMPLICIT: 0,  # flags, and constants that stand in the abbreviation
    0x11: 1, 0x12: 2, 0x13: 4, 0x14: 8, 0x20: 8,  # references inside the unit, and by signature
    0x25: 1, 0x26: 2, 0x27: 3, 0x28: 4,  # strx
    0x29: 1, 0x2A: 2, 0x2B: 3, 0x2C: 4,  # addrx
    0x1C: 4, 0x24: 8,  # references into a supplementary file
}  # fmt: skip
# Forms as wide as offsets of the unit: sec_offset, strp, line_strp, ref_addr, and those of dwz.
OFFSETS = {0x17, F_STRP, F_LINE_STRP, F_REF_ADDR, 0x1D, 0x1F20, 0x1F21}
ULEB = {0x0F, FSTRX, FADDRX, 0x15, 0x22, F_RNGLISTX, 0x1F01, 0x1F02}
BLOCKS = {0x0A: 1, 0x03: 2, 0x04: 4}
STRX = {FSTRX, 0x25, 0x26, 0x27, 0x28, 0x1F02}
ADDRX = {FADDRX, 0x29, 0x2A, 0x2B, 0x2C, 0x1F01}
_LENGTHS = {0x0B, 0x05, 0x06, 0x07}
LOCAL_REFS = {0x11, 0x12, 0x13, 0x14, 0x15}

# Languages whose functions may be defined inside types: C++ and Rust.
NESTING = {0x04, 0x1A, 0x1C, 0x21, 0x2B}

_LEB = rb"[\x80-\xff]{0,9}[\x00-\x7f]"
_NAMES = rb"[\x80-\xff]{0,9}[\x01-\x7f]"
# Code, then tag, whether it has children, and pairs of attribute and form, of which most are two
# bytes; the form of an implicit constant has the constant behind it.
DECLARATION = re.compile(
    rb"(%(leb)s)(%(leb)s[\x00\x01]"
    rb"(?:[\x01-\x7f][\x01-\x20\x22-\x7f]|%(name)s(?:\x21%(leb)s|(?!\x21)%(name)s))*+)\x00\x00"
    % {b"leb": _LEB, b"name": _NAMES},
    re.DOTALL,
)
MOST_HOPS = 16
"references followed from one entry for its name; more is a cycle"


class DwarfError(Exception):
    """Debug information that cannot be read, with the reason in words."""


class Place(Record):
    """Where an attribute stands in an entry, counted from behind its code."""

    offset: int
    form: int
    constant: int


class Abbreviation:
    """What one kind of entry looks like. What stepping over it needs is found at once, the rest late."""

    def __init__(self, spelling: bytes, sizes: Mapping[bytes, int]) -> None:
        """`spelling` is tag, children and (attribute, form) pairs; `sizes` the bytes of forms."""
        self._sizes = sizes
        self.tag, at = (spelling[0], 1) if spelling[0] < 0x80 else uleb(spelling, 0)
        self.children = spelling[at] == 1
        self._pairs = _PAIR.findall(spelling, at + 1)
        offset = 0
        self.hop = self.block = self.late_hop = -1
        self.fixed = self.rest = -1
        for name, form, _ in self._pairs:
            if name == _SIBLING and form == _REF4:
                self.hop, self.late_hop = (offset, -1) if self.block < 0 else (-1, offset)
            size = sizes.get(form, -1)
            if size >= 0:
                offset += size
            elif form == _EXPRLOC and self.block < 0:
                self.block, offset = offset, 0
            else:
                return
        if self.block < 0:
            self.fixed = offset
        else:
            self.rest = offset

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

    @cached_property
    def attributes(self) -> tuple[tuple[int, int, int], ...]:
        """(attribute, form, implicit constant), in order."""
        return tuple(
            (uleb(name, 0)[0], uleb(form, 0)[0], sleb(constant, 0)[0] if constant else 0)
            for name, form, constant in self._pairs
        )

    @cached_property
    def places(self) -> dict[int, Place]:
        """Attributes that stand at a fixed offset."""
        places: dict[int, Place] = {}
        offset = 0
        for (attribute, form, constant), (_, text, _) in zip(
            self.attributes, self._pairs, strict=True
        ):
            places[attribute] = Place(offset, form, constant)
            size = self._sizes.get(text, -1)
            if size < 0:
                break
            offset += size
        return places

    @cache  # noqa: B019  reason: kinds live as long as the process
    def offset_of(self, attribute: int, form: int) -> int:
        """Where an attribute of a form stands; -1 when it is not there, or not at a fixed offset."""
        wanted = bytes([attribute]), bytes([form])
        offset = 0
        for name, known, _ in self._pairs:
            if name == wanted[0]:
                return offset if known == wanted[1] else -1
            size = self._sizes.get(known, -1)
            if size < 0:
                break
            offset += size
        return -1

    @cached_property
    def span(self) -> tuple[int, int, int] | None:
        """Offsets of low PC and of its length, and the bytes of the length; None when not so simple."""
        low, high = self.places.get(AT_LOW_PC), self.places.get(AT_HIGH_PC)
        if low is None or high is None or low.form != F_ADDR or high.form not in _LENGTHS:
            return None
        return low.offset, high.offset, FIXED[high.form]

    def has(self, attribute: int) -> bool:
        return any(known == attribute for known, _, _ in self.attributes)


_SIBLING, _REF4, _EXPRLOC = b"\x01", b"\x13", b"\x18"
_PAIR = re.compile(
    rb"(%(name)s)(%(name)s)((?<=\x21)%(leb)s)?" % {b"leb": _LEB, b"name": _NAMES}, re.DOTALL
)
_SIZES = {
    (wide, word): {bytes([form]): size for form, size in FIXED.items()}
    | {bytes([form]): wide for form in OFFSETS if form < 0x80}
    | {bytes([F_ADDR]): word}
    for wide in (4, 8)
    for word in (4, 8)
}
"""Bytes of each form, by the bytes of an offset and of an address.

Forms beyond 0x80 are of dwz, and looked at each time.
"""


_compiled: dict[tuple[int, int], dict[bytes, Abbreviation]] = {sizes: {} for sizes in _SIZES}
"by the bytes of an offset and an address, and the spelling: hundreds serve thousands of units"


def uleb(data: bytes, at: int) -> tuple[int, int]:
    """The unsigned LEB128 number at `at`, and where the next thing stands."""
    value = shift = 0
    for byte in data[at : at + 10]:
        at += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value, at
        shift += 7
    raise DwarfError("a number without an end")


def sleb(data: bytes, at: int) -> tuple[int, int]:
    """The signed LEB128 number at `at`, and where the next thing stands."""
    value, following = uleb(data, at)
    if data[following - 1] & 0x40:
        value -= 1 << 7 * (following - at)
    return value, following


class Abbreviations(dict[int, Abbreviation]):
    """The table of a unit, by code; KeyError for one that is not there. Compiled when asked for."""

    def __init__(self, spellings: dict[int, bytes], wide: int, word: int) -> None:
        super().__init__()
        self.spellings = spellings
        "by code"
        self._sizes = wide, word

    def __missing__(self, code: int) -> Abbreviation:
        spelling = self.spellings[code]
        known = _compiled[self._sizes]
        if spelling not in known:
            known[spelling] = Abbreviation(spelling, _SIZES[self._sizes])
        self[code] = known[spelling]
        return known[spelling]

    def of_tag(self, tag: int) -> Iterator[int]:
        """The codes of all kinds of entry with a tag below 0x80."""
        return (code for code, spelling in self.spellings.items() if spelling[0] == tag)


def read_abbreviations(raw: bytes, wide: int, word: int) -> Abbreviations | None:
    """The table that begins `raw`, for units of these sizes of offsets and addresses.

    None when it does not end there.
    """
    found: dict[int, bytes] = {}
    at = 0
    for one in DECLARATION.finditer(raw):
        if one.start() != at:
            break
        code, spelling = one.groups()
        found[code[0] if len(code) == 1 else uleb(code, 0)[0]] = spelling
        at = one.end()
    return Abbreviations(found, wide, word) if raw[at : at + 1] == b"\0" else None
