"""One unit of .debug_info: its entries, attributes and strings.

DWARF 4 and 5 (2 and 3 as far as they are alike), 32 and 64 bit. Entries are addressed by their
position, counted from the unit's header, and nothing is kept of them.
"""

from functools import cached_property

from sitegen.crash.symbols.abbreviations import Abbreviation, Abbreviations, read_abbreviations
from sitegen.crash.symbols.debug import Debug
from sitegen.crash.symbols.forms import (
    ADDRX,
    AT_ADDR_BASE,
    AT_COMP_DIR,
    AT_DWO_NAME,
    AT_GNU_ADDR_BASE,
    AT_GNU_DWO_ID,
    AT_GNU_DWO_NAME,
    AT_LANGUAGE,
    AT_LOW_PC,
    AT_NAME,
    AT_STMT_LIST,
    AT_STR_OFFSETS_BASE,
    BLOCKS,
    F_ADDR,
    F_EXPRLOC,
    F_IMPLICIT,
    F_INDIRECT,
    F_LINE_STRP,
    F_PRESENT,
    F_REF_ADDR,
    F_SDATA,
    F_STRING,
    F_STRP,
    FIXED,
    LOCAL_REFS,
    OFFSETS,
    SCOPED,
    STRX,
    TAG_NAMESPACE,
    ULEB,
    DwarfError,
    sleb,
    uleb,
)
from sitegen.crash.symbols.unitheader import read_header

_MOST_ADDRESSES = 1 << 13


class Unit:
    """One unit of .debug_info, its bytes read at once. Positions count from its header."""

    def __init__(self, debug: Debug, offset: int) -> None:
        self.debug = debug
        self.offset = offset
        self.key = offset
        "tells the units of an image apart"
        self.order = debug.order
        head = self._head = read_header(debug, offset)
        self.end = head.end
        self.version = head.version
        self.wide = head.wide
        self.word = head.word
        self.root = head.root

    @cached_property
    def data(self) -> bytes:
        """The whole unit."""
        return self.debug.read("info", self.offset, self.end)

    @cached_property
    def table(self) -> Abbreviations:
        """Abbreviations by code."""
        section = self.debug.section("abbrev")
        if section is None:
            raise DwarfError("there is no .debug_abbrev")
        image = self.debug.image
        width = 1 << 12
        while True:
            raw = image.read(
                section, self._head.abbreviations_at, self._head.abbreviations_at + width
            )
            found = read_abbreviations(raw, self.wide, self.word)
            if found is not None:
                return found
            if len(raw) < width:
                raise DwarfError("abbreviations that cannot be read")
            width *= 8

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
        return self.table[code], at

    def _value(self, form: int, at: int, constant: int = 0) -> tuple[int | bytes, int]:
        """The raw value of a form at a position, and where the next one stands."""
        data = self.data
        if form == F_IMPLICIT:
            return constant, at
        if form == F_PRESENT:
            return 1, at
        size = FIXED.get(form)
        if size is None and form in OFFSETS:
            size = self.wide if form != F_REF_ADDR or self.version > 2 else 8
        if form == F_ADDR:
            size = self.word
        if size is not None:
            return int.from_bytes(data[at : at + size], self.order), at + size
        if form == F_SDATA:
            return sleb(data, at)
        if form in ULEB:
            return uleb(data, at)
        if form == F_STRING:
            end = data.find(b"\0", at)
            if end < 0:
                raise DwarfError("a string without an end")
            return data[at:end], end + 1
        if form in BLOCKS:
            length = int.from_bytes(data[at : at + BLOCKS[form]], self.order)
            at += BLOCKS[form]
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
        if kind.rest >= 0 and (length := self.data[at + kind.block]) < 0x80:
            return at + kind.block + 1 + length + kind.rest
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
        return self.address(found[1]) if found[0] in ADDRX else found[1]

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
        if form in STRX:
            default = 0 if self.version < 5 else 8 if self.wide == 4 else 16
            at = self.base(AT_STR_OFFSETS_BASE, default) + value * self.wide
            return self.debug.string("str", self.debug.number("str_offsets", at, self.wide))
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
    def dwo_name(self) -> str:
        """The file that the rest of the unit is in; empty when it is all here."""
        return self.text(*self.top, AT_DWO_NAME) or self.text(*self.top, AT_GNU_DWO_NAME)

    @cached_property
    def dwo_id(self) -> int | None:
        """The number that a skeleton and the rest of its unit share."""
        return self._head.id if self._head.id is not None else self.number(*self.top, AT_GNU_DWO_ID)

    @cached_property
    def old_ranges(self) -> tuple[Debug, int]:
        """Where lists of ranges of DWARF 4 are counted from."""
        return self.debug, 0

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
        return frozenset({TAG_NAMESPACE, 0x02, 0x13, 0x17} if self.has_scopes else {TAG_NAMESPACE})

    @cached_property
    def has_scopes(self) -> bool:
        """Whether functions may be defined inside types, and names be mangled: C++ and Rust."""
        return self.number(*self.top, AT_LANGUAGE) in SCOPED

    def base(self, attribute: int, default: int) -> int:
        """Where the unit's part of an indexed section begins."""
        found = self.number(*self.top, attribute)
        return default if found is None else found

    @cached_property
    def addresses(self) -> bytes:
        """The unit's part of .debug_addr."""
        if self.version < 5:  # GCC's and clang's own, before it was DWARF's, without a length
            base = self.base(AT_GNU_ADDR_BASE, 0)
            return self.debug.read("addr", base, base + _MOST_ADDRESSES * self.word)
        base = self.base(AT_ADDR_BASE, 8)
        length = self.debug.number("addr", base - 8, 4)
        return self.debug.read("addr", base, base + max(length - 4, 0))

    def address(self, index: int) -> int:
        """The address of an index in the unit's part of .debug_addr; 0 beyond it."""
        word = self.word
        return int.from_bytes(self.addresses[index * word : index * word + word], self.order)

    def address_index(self, address: int) -> int | None:
        """The index of an address in the unit's part of .debug_addr; None when it is not there."""
        if self.version < 5 or not self.top[0].has(AT_ADDR_BASE):
            return None
        needle = address.to_bytes(self.word, self.order)
        at = self.addresses.find(needle)
        while at >= 0 and at % self.word:
            at = self.addresses.find(needle, at + 1)
        return at // self.word if at >= 0 else None
