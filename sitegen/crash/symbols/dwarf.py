"""DWARF entries of one unit: abbreviations compiled once, entries stepped over, attributes read.

A unit of a kernel has tens of thousands of entries and a question needs a dozen. So each
abbreviation is compiled to what skipping needs (its size when that is fixed, where its sibling
reference stands), shared by all units that spell it alike. DWARF 4 and 5, 32 and 64 bit.
"""

import re
import struct
from functools import cached_property
from typing import NamedTuple

from sitegen.crash.symbols.image import Image, Section

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

F_ADDR, F_REF_ADDR, F_STRING, F_STRP, F_LINE_STRP, F_STRX = 0x01, 0x10, 0x08, 0x0E, 0x1F, 0x1A
F_ADDRX, F_RNGLISTX, F_IMPLICIT, F_INDIRECT, F_EXPRLOC = 0x1B, 0x23, 0x21, 0x16, 0x18
F_SDATA, F_PRESENT = 0x0D, 0x19

# Bytes of forms of one size, whatever the unit.
_FIXED = {
    0x0B: 1, 0x05: 2, 0x06: 4, 0x07: 8, 0x1E: 16,  # data
    0x0C: 1, F_PRESENT: 0, F_IMPLICIT: 0,  # flags, and constants that stand in the abbreviation
    0x11: 1, 0x12: 2, 0x13: 4, 0x14: 8, 0x20: 8,  # references inside the unit, and by signature
    0x25: 1, 0x26: 2, 0x27: 3, 0x28: 4,  # strx
    0x29: 1, 0x2A: 2, 0x2B: 3, 0x2C: 4,  # addrx
    0x1C: 4, 0x24: 8,  # references into a supplementary file
}  # fmt: skip
# Forms as wide as offsets of the unit: sec_offset, strp, line_strp, ref_addr, and those of dwz.
_OFFSETS = {0x17, F_STRP, F_LINE_STRP, F_REF_ADDR, 0x1D, 0x1F20, 0x1F21}
_ULEB = {0x0F, F_STRX, F_ADDRX, 0x15, 0x22, F_RNGLISTX, 0x1F01, 0x1F02}
_BLOCKS = {0x0A: 1, 0x03: 2, 0x04: 4}
_STRX = {F_STRX, 0x25, 0x26, 0x27, 0x28, 0x1F02}
_ADDRX = {F_ADDRX, 0x29, 0x2A, 0x2B, 0x2C, 0x1F01}
LOCAL_REFS = {0x11, 0x12, 0x13, 0x14, 0x15}

# Languages whose functions may be defined inside types: C++ and Rust.
_NESTING = {0x04, 0x1A, 0x1C, 0x21, 0x2B}

_LEB = rb"[\x80-\xff]{0,9}[\x00-\x7f]"
_NAMES = rb"[\x80-\xff]{0,9}[\x01-\x7f]"
_DECLARATION = re.compile(
    rb"(%(leb)s)((%(leb)s)([\x00\x01])((?:%(name)s(?:\x21%(leb)s|%(name)s))*+))\x00\x00"
    % {b"leb": _LEB, b"name": _NAMES},
    re.DOTALL,
)
MOST_HOPS = 16
"references followed from one entry for its name; more is a cycle"
MOST_RANGES = 1 << 16


class DwarfError(Exception):
    """Debug information that cannot be read, with the reason in words."""


class Place(NamedTuple):
    """Where an attribute stands in an entry, counted from behind its code."""

    offset: int
    form: int
    constant: int


class Abbreviation(NamedTuple):
    """What one kind of entry looks like."""

    tag: int
    children: bool
    attributes: tuple[tuple[int, int, int], ...]
    "(attribute, form, implicit constant), in order"
    fixed: int
    "bytes of all attributes; -1 when that depends on their values"
    places: dict[int, Place]
    "attributes that stand at a fixed offset"

    def has(self, attribute: int) -> bool:
        return any(known == attribute for known, _, _ in self.attributes)


_compiled: dict[tuple[bytes, int], Abbreviation] = {}


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


def compile_abbreviation(spelling: bytes, wide: int) -> Abbreviation:
    """`spelling` is tag, children and (attribute, form) pairs; `wide` the bytes of an offset."""
    known = _compiled.get((spelling, wide))
    if known is not None:
        return known
    tag, at = uleb(spelling, 0)
    children = spelling[at] == 1
    at += 1
    attributes = []
    places: dict[int, Place] = {}
    offset = 0
    while at < len(spelling):
        attribute, at = uleb(spelling, at)
        form, at = uleb(spelling, at)
        constant = 0
        if form == F_IMPLICIT:
            constant, at = sleb(spelling, at)
        attributes.append((attribute, form, constant))
        if offset >= 0:
            places[attribute] = Place(offset, form, constant)
            size = _FIXED.get(form, wide if form in _OFFSETS else 8 if form == F_ADDR else -1)
            offset = offset + size if size >= 0 else -1
    made = Abbreviation(tag, children, tuple(attributes), offset, places)
    _compiled[spelling, wide] = made
    return made


class Debug:
    """The debug sections of an image, by their names without `.debug_`."""

    def __init__(self, image: Image) -> None:
        self.image = image
        self._sections: dict[str, Section | None] = {}

    def section(self, name: str) -> Section | None:
        if name not in self._sections:
            self._sections[name] = self.image.find(".debug_" + name)
        return self._sections[name]

    def size(self, name: str) -> int:
        section = self.section(name)
        return self.image.size(section) if section else 0

    def read(self, name: str, start: int, end: int) -> bytes:
        section = self.section(name)
        return self.image.read(section, start, end) if section else b""

    def string(self, name: str, offset: int) -> str:
        """The string at an offset of a string section; empty outside it."""
        section = self.section(name)
        if section is None or offset < 0:
            return ""
        width = 128
        while True:
            raw = self.image.read(section, offset, offset + width)
            end = raw.find(b"\0")
            if end >= 0 or len(raw) < width or width > 1 << 16:
                return raw[: end if end >= 0 else len(raw)].decode("utf-8", "replace")
            width *= 8


class Unit:
    """One unit of .debug_info, its bytes read at once. Positions count from its header."""

    def __init__(self, debug: Debug, offset: int) -> None:
        self.debug = debug
        self.offset = offset
        head = debug.read("info", offset, offset + 24)
        if len(head) < 12:
            raise DwarfError("a unit beyond the end of .debug_info")
        length = int.from_bytes(head[:4], "little")
        at, self.wide = 4, 4
        if length == 0xFFFFFFFF:
            length, at, self.wide = int.from_bytes(head[4:12], "little"), 12, 8
        self.end = offset + at + length
        if self.end > debug.size("info") or length < 8:
            raise DwarfError("a unit reaches beyond .debug_info")
        head = debug.read("info", offset, offset + 48)
        self.version = int.from_bytes(head[at : at + 2], "little")
        if not 2 <= self.version <= 5:
            raise DwarfError(f"DWARF version {self.version}")
        at += 2
        kind = 1
        if self.version == 5:
            kind, size = head[at], head[at + 1]
            self._abbreviations_at = int.from_bytes(head[at + 2 : at + 2 + self.wide], "little")
            at += 2 + self.wide
        else:
            self._abbreviations_at = int.from_bytes(head[at : at + self.wide], "little")
            size = head[at + self.wide]
            at += self.wide + 1
        if size != 8:
            raise DwarfError(f"addresses of {size} bytes")
        # Skeleton and split units carry an id, type units a signature and an offset.
        at += {4: 8, 5: 8, 2: 8 + self.wide, 6: 8 + self.wide}.get(kind, 0)
        self.root = at

    @cached_property
    def data(self) -> bytes:
        """The whole unit."""
        return self.debug.read("info", self.offset, self.end)

    @cached_property
    def table(self) -> dict[int, Abbreviation]:
        """Abbreviations by code."""
        section = self.debug.section("abbrev")
        if section is None:
            raise DwarfError("there is no .debug_abbrev")
        image = self.debug.image
        found: dict[int, Abbreviation] = {}
        width = 1 << 14
        raw = image.read(section, self._abbreviations_at, self._abbreviations_at + width)
        at = 0
        while at < len(raw) and raw[at]:
            match = _DECLARATION.match(raw, at)
            if match is None:
                if len(raw) < width:
                    raise DwarfError("abbreviations that cannot be read")
                width *= 4
                raw = image.read(section, self._abbreviations_at, self._abbreviations_at + width)
                continue
            code = match[1]
            number = code[0] if len(code) == 1 else uleb(code, 0)[0]
            found[number] = compile_abbreviation(match[2], self.wide)
            at = match.end()
        return found

    def entry(self, position: int) -> tuple[Abbreviation | None, int]:
        """The kind of entry at a position, and where its attributes begin; None ends a list."""
        data = self.data
        if not 0 < position < len(data):
            raise DwarfError("an entry outside its unit")
        code = data[position]
        at = position + 1
        if code >= 0x80:
            code, at = uleb(data, position)
        if code == 0:
            return None, at
        kind = self.table.get(code)
        if kind is None:
            raise DwarfError("an entry of an unknown abbreviation")
        return kind, at

    def _value(self, form: int, at: int, constant: int = 0) -> tuple[int | bytes, int]:
        """The raw value of a form at a position, and where the next one stands."""
        data = self.data
        if form == F_IMPLICIT:
            return constant, at
        if form == F_PRESENT:
            return 1, at
        size = _FIXED.get(form)
        if size is None and form in _OFFSETS:
            size = self.wide if form != F_REF_ADDR or self.version > 2 else 8
        if form == F_ADDR:
            size = 8
        if size is not None:
            return int.from_bytes(data[at : at + size], "little"), at + size
        if form == F_SDATA:
            return sleb(data, at)
        if form in _ULEB:
            return uleb(data, at)
        if form == F_STRING:
            end = data.find(b"\0", at)
            if end < 0:
                raise DwarfError("a string without an end")
            return data[at:end], end + 1
        if form in _BLOCKS:
            length = int.from_bytes(data[at : at + _BLOCKS[form]], "little")
            at += _BLOCKS[form]
        elif form in {0x09, F_EXPRLOC}:
            length, at = uleb(data, at)
        elif form == F_INDIRECT:
            actual, at = uleb(data, at)
            if actual in {F_INDIRECT, F_IMPLICIT}:
                raise DwarfError("a form that names itself")
            return self._value(actual, at)
        else:
            raise DwarfError(f"form {form:#x} is not supported")
        if at + length > len(data):
            raise DwarfError("a block beyond its unit")
        return data[at : at + length], at + length

    def after(self, kind: Abbreviation, at: int) -> int:
        """Where the attributes that begin at `at` end."""
        if kind.fixed >= 0:
            return at + kind.fixed
        for _, form, constant in kind.attributes:
            _, at = self._value(form, at, constant)
        return at

    def find(self, kind: Abbreviation, at: int, attribute: int) -> tuple[int, int | bytes] | None:
        """(form, raw value) of an attribute of the entry whose attributes begin at `at`."""
        place = kind.places.get(attribute)
        if place is not None:
            return place.form, self._value(place.form, at + place.offset, place.constant)[0]
        if kind.fixed >= 0:
            return None
        for known, form, constant in kind.attributes:
            value, at = self._value(form, at, constant)
            if known == attribute:
                return form, value
        return None

    def number(self, kind: Abbreviation, at: int, attribute: int) -> int | None:
        """A constant or an address; None when the entry has no such attribute."""
        found = self.find(kind, at, attribute)
        if found is None or isinstance(found[1], bytes):
            return None
        return self._address(found[1]) if found[0] in _ADDRX else found[1]

    def text(self, kind: Abbreviation, at: int, attribute: int) -> str:
        """A string attribute; empty when the entry has none."""
        found = self.find(kind, at, attribute)
        if found is None:
            return ""
        form, value = found
        if isinstance(value, bytes):
            return value.decode("utf-8", "replace")
        if form == F_STRP:
            return self.debug.string("str", value)
        if form == F_LINE_STRP:
            return self.debug.string("line_str", value)
        if form in _STRX:
            at = self._base(AT_STR_OFFSETS_BASE, 8 if self.wide == 4 else 16) + value * self.wide
            raw = self.debug.read("str_offsets", at, at + self.wide)
            return self.debug.string("str", int.from_bytes(raw, "little"))
        return ""

    def reference(self, kind: Abbreviation, at: int, attribute: int) -> int | None:
        """The offset in .debug_info of the entry that an attribute refers to."""
        found = self.find(kind, at, attribute)
        if found is None or isinstance(found[1], bytes):
            return None
        if found[0] in LOCAL_REFS:
            return self.offset + found[1]
        return found[1] if found[0] == F_REF_ADDR else None

    # --- the unit's own entry -------------------------------------------------------------

    @cached_property
    def top(self) -> tuple[Abbreviation, int]:
        kind, at = self.entry(self.root)
        if kind is None:
            raise DwarfError("an empty unit")
        return kind, at

    @cached_property
    def name(self) -> str:
        return self.text(*self.top, AT_NAME)

    @cached_property
    def folder(self) -> str:
        """The folder that the compiler ran in."""
        return self.text(*self.top, AT_COMP_DIR)

    @cached_property
    def is_split(self) -> bool:
        """Whether the rest of the unit is in a `.dwo` file."""
        kind, _ = self.top
        return kind.has(AT_DWO_NAME) or kind.has(AT_GNU_DWO_NAME)

    @cached_property
    def lines_at(self) -> int | None:
        """Offset of its line program."""
        return self.number(*self.top, AT_STMT_LIST)

    @cached_property
    def low_pc(self) -> int:
        """What the unit's ranges count from."""
        return self.number(*self.top, AT_LOW_PC) or 0

    @cached_property
    def opens(self) -> frozenset[int]:
        """Tags that functions are looked for in."""
        nesting = self.number(*self.top, AT_LANGUAGE) in _NESTING
        return frozenset({TAG_NAMESPACE, 0x02, 0x13, 0x17} if nesting else {TAG_NAMESPACE})

    def _base(self, attribute: int, default: int) -> int:
        found = self.number(*self.top, attribute)
        return default if found is None else found

    @cached_property
    def _addresses(self) -> bytes:
        base = self._base(AT_ADDR_BASE, 8)
        length = int.from_bytes(self.debug.read("addr", base - 8, base - 4), "little")
        return self.debug.read("addr", base, base + max(length - 4, 0))

    def _address(self, index: int) -> int:
        return int.from_bytes(self._addresses[index * 8 : index * 8 + 8], "little")

    # --- ranges ---------------------------------------------------------------------------

    def ranges(self) -> tuple[tuple[int, int], ...]:
        """What the whole unit covers."""
        return self.ranges_of(*self.top)

    def ranges_of(self, kind: Abbreviation, at: int) -> tuple[tuple[int, int], ...]:
        """The [low, high) pairs that an entry covers; empty when it says nothing of it."""
        found = self.find(kind, at, AT_RANGES)
        if found is not None and isinstance(found[1], int):
            if self.version < 5:
                return self._old_ranges(found[1])
            return self._ranges(found[0], found[1])
        low = self.number(kind, at, AT_LOW_PC)
        high = self.find(kind, at, AT_HIGH_PC)
        if low is None or high is None or isinstance(high[1], bytes):
            return ()
        if high[0] == F_ADDR:
            return ((low, high[1]),)
        if high[0] in _ADDRX:
            return ((low, self._address(high[1])),)
        return ((low, low + high[1]),)

    def _old_ranges(self, offset: int) -> tuple[tuple[int, int], ...]:
        found = []
        base = self.low_pc
        for at in range(offset, offset + 16 * MOST_RANGES, 16):
            raw = self.debug.read("ranges", at, at + 16)
            if len(raw) < 16:
                break
            low, high = struct.unpack("<QQ", raw)
            if low == 0xFFFFFFFFFFFFFFFF:
                base = high
            elif low == high == 0:
                break
            else:
                found.append((base + low, base + high))
        return tuple(found)

    def _ranges(self, form: int, value: int) -> tuple[tuple[int, int], ...]:
        offset = value
        if form == F_RNGLISTX:
            base = self._base(AT_RNGLISTS_BASE, 12 if self.wide == 4 else 20)
            at = base + value * self.wide
            raw = self.debug.read("rnglists", at, at + self.wide)
            offset = base + int.from_bytes(raw, "little")
        width = 256
        while True:
            raw = self.debug.read("rnglists", offset, offset + width)
            try:
                return self._range_list(raw)
            except (DwarfError, IndexError):
                if len(raw) < width or width > 1 << 20:
                    raise DwarfError("a range list without an end") from None
                width *= 8

    def _range_list(self, raw: bytes) -> tuple[tuple[int, int], ...]:
        found: list[tuple[int, int]] = []
        base = self.low_pc
        at = 0
        while True:
            kind = raw[at]
            at += 1
            if kind == 0:
                return tuple(found)
            if kind in {1, 2, 3, 4}:
                first, at = uleb(raw, at)
                if kind == 1:  # base_addressx
                    base = self._address(first)
                    continue
                second, at = uleb(raw, at)
                if kind == 2:  # startx_endx
                    found.append((self._address(first), self._address(second)))
                elif kind == 3:  # startx_length
                    low = self._address(first)
                    found.append((low, low + second))
                else:  # offset_pair
                    found.append((base + first, base + second))
                continue
            if kind > 7 or at + 8 > len(raw):
                raise DwarfError("a range list of an unknown kind")
            low = int.from_bytes(raw[at : at + 8], "little")
            at += 8
            if kind == 5:  # base_address
                base = low
            elif kind == 6:  # start_end
                if at + 8 > len(raw):
                    raise DwarfError("a range list without an end")
                found.append((low, int.from_bytes(raw[at : at + 8], "little")))
                at += 8
            else:  # start_length
                length, at = uleb(raw, at)
                found.append((low, low + length))
