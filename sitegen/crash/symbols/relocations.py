"""The relocations of a module: what each one stands for, and sections as they read once relocated.

Only the entries of a window that is read are looked at: a module may hold millions.
"""

import struct
import sys
from array import array
from bisect import bisect_left
from functools import cached_property
from operator import le

from sitegen.crash.symbols.elf import (
    EM_386,
    EM_AARCH64,
    EM_ARM,
    EM_LOONGARCH,
    EM_MIPS,
    EM_PPC,
    EM_PPC64,
    EM_RISCV,
    EM_S390,
    EM_X86_64,
    SHN_UNDEF,
    SHT_REL,
    SHT_RELA,
    Encoding,
    Section,
)
from sitegen.crash.symbols.symtab import Form
from sitegen.record import Record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from mmap import mmap

# Relocations as (bytes, sign of S+A, keeps what is there): what debug sections and data use.
# S + A replaces (sign 1, False), or is added to or taken from the field (True), as RISC-V does
# because its linker moves code. A field of 0 bytes is a LEB128 number, as long as it stands there.
_FIELDS: dict[int, dict[int, tuple[int, int, bool]]] = {
    EM_X86_64: {1: (8, 1, False), 10: (4, 1, False), 11: (4, 1, False)},
    EM_AARCH64: {257: (8, 1, False), 258: (4, 1, False)},
    EM_RISCV: {
        1: (4, 1, False),
        2: (8, 1, False),
        33: (1, 1, True),
        34: (2, 1, True),
        35: (4, 1, True),
        36: (8, 1, True),
        37: (1, -1, True),
        38: (2, -1, True),
        39: (4, -1, True),
        40: (8, -1, True),
        54: (1, 1, False),
        55: (2, 1, False),
        56: (4, 1, False),
        60: (0, 1, False),
        61: (0, -1, True),
    },
    EM_LOONGARCH: {
        1: (4, 1, False),
        2: (8, 1, False),
        47: (1, 1, True),
        48: (2, 1, True),
        50: (4, 1, True),
        51: (8, 1, True),
        52: (1, -1, True),
        53: (2, -1, True),
        55: (4, -1, True),
        56: (8, -1, True),
        107: (0, 1, True),
        108: (0, -1, True),
    },
    EM_S390: {4: (4, 1, False), 22: (8, 1, False)},
    EM_PPC64: {1: (4, 1, False), 38: (8, 1, False)},
    EM_PPC: {1: (4, 1, False)},
    EM_386: {1: (4, 1, False)},
    EM_ARM: {2: (4, 1, False)},
    EM_MIPS: {2: (4, 1, False), 18: (8, 1, False)},
}
_FOUR = (4, 1, False)
"what a field not in the table is taken for: the distance of a branch"


class Relocation(Record):
    """One entry with its symbol resolved."""

    offset: int
    type: int
    symbol: str
    "empty for a section"
    value: int
    "address of the symbol; 0 when it is defined elsewhere"
    defined: bool
    addend: int


class Relocations:
    """All relocations of one file."""

    def __init__(
        self, data: "bytes | mmap", encoding: Encoding, sections: tuple[Section, ...]
    ) -> None:
        self._data = data
        self._encoding = encoding
        self._sections = sections
        self._tables = {s.info: s for s in sections if s.type in {SHT_RELA, SHT_REL}}
        self._ordered: dict[int, tuple[array[int], list[int] | None]] = {}

    def of(self, section: Section, start: int, end: int) -> list[Relocation]:
        """The relocations of a section in [start, end), by offset."""
        found = self._window(section, start, end)
        if found and self._tables[section.number].type == SHT_REL:
            return [entry._replace(addend=self._in_place(section, entry)) for entry in found]
        return found

    def _window(self, section: Section, start: int, end: int) -> list[Relocation]:
        """As `of`; without addends where the table has none and they stand in the section."""
        table = self._tables.get(section.number)
        if table is None:
            return []
        offsets, order = self._order(table)
        found = []
        at = (
            bisect_left(offsets, start)
            if order is None
            else bisect_left(order, start, key=offsets.__getitem__)
        )
        for position in range(at, len(offsets)):
            index = position if order is None else order[position]
            if offsets[index] >= end:
                break
            found.append(self._relocation(table, index))
        return found

    def _in_place(self, section: Section, entry: Relocation) -> int:
        width, _, _ = _FIELDS.get(self._encoding.machine, {}).get(entry.type, _FOUR)
        at = section.offset + entry.offset
        return int.from_bytes(self._data[at : at + width], self._encoding.order, signed=True)

    def applied(self, section: Section, start: int, raw: bytes) -> bytes:
        """The bytes that stand at `start` of a section, relocated."""
        if section.number not in self._tables:
            return raw
        fields = _FIELDS.get(self._encoding.machine, {})
        order = self._encoding.order
        patched = bytearray(raw)
        # A field may begin before the window; eight bytes back is the longest.
        for entry in self._window(section, start - 7, start + len(raw)):
            field = fields.get(entry.type)
            at = entry.offset - start
            if field is None or at < 0 or at + field[0] > len(patched):
                continue
            width, sign, adds = field
            value = sign * (entry.value + entry.addend)
            if not width:
                _add_to_leb(patched, at, value, adds=adds)
                continue
            if adds or self._tables[section.number].type == SHT_REL:
                value += int.from_bytes(patched[at : at + width], order)
            value &= (1 << 8 * width) - 1
            patched[at : at + width] = value.to_bytes(width, order)
        return bytes(patched)

    # --- tables ---------------------------------------------------------------------------

    def _form(self, table: Section) -> struct.Struct:
        return self._with_addend if table.type == SHT_RELA else self._without

    @cached_property
    def _with_addend(self) -> struct.Struct:
        return self._encoding.packed("WWw")

    @cached_property
    def _without(self) -> struct.Struct:
        return self._encoding.packed("WW")

    @cached_property
    def _entries(self) -> Form:
        return Form(self._encoding)

    def _order(self, table: Section) -> "tuple[array[int], list[int] | None]":
        """The offsets of a relocation table, and the order by offset when they are not in order."""
        known = self._ordered.get(table.number)
        if known is None:
            step = self._form(table).size
            raw = self._data[table.offset : table.offset + table.size - table.size % step]
            column = array("Q" if self._encoding.word == 8 else "I")
            column.frombytes(raw)
            offsets = column[:: step // self._encoding.word]
            if self._encoding.order != sys.byteorder:
                offsets.byteswap()
            plain = offsets.tolist()
            order = None
            if not all(map(le, plain, plain[1:])):
                order = sorted(range(len(plain)), key=plain.__getitem__)
            known = self._ordered[table.number] = offsets, order
        return known

    def _relocation(self, table: Section, index: int) -> Relocation:
        form = self._form(table)
        offset, info, *rest = form.unpack_from(self._data, table.offset + index * form.size)
        if self._encoding.word == 4:
            number, kind = info >> 8, info & 0xFF
        elif self._encoding.machine == EM_MIPS:
            # Up to three types, the first of which counts here, written as bytes of their own.
            little = self._encoding.order == "little"
            number, kind = (info & 0xFFFFFFFF, info >> 56) if little else (info >> 32, info & 0xFF)
        else:
            number, kind = info >> 32, info & 0xFFFFFFFF
        name, value, defined = self._symbol(number, table.link)
        return Relocation(offset, kind, name, value, defined, rest[0] if rest else 0)

    def _symbol(self, index: int, table: int) -> tuple[str, int, bool]:
        """(name, address, whether it is defined here) of an entry of a symbol table."""
        if not index or table >= len(self._sections):
            return "", 0, False
        symbols = self._sections[table]
        form = self._entries
        if (index + 1) * form.size > symbols.size or symbols.link >= len(self._sections):
            return "", 0, False
        entry = form.read(self._data, symbols.offset + index * form.size)
        text = ""
        if entry.name:
            strings = self._sections[symbols.link]
            start = strings.offset + entry.name
            end = self._data.find(b"\0", start, strings.offset + strings.size)
            text = self._data[start : max(end, 0)].decode("ascii", "replace")
        if entry.home == SHN_UNDEF:
            return text, 0, False
        if entry.home < len(self._sections):
            return text, entry.value + self._sections[entry.home].address, True
        return text, entry.value, True


def _add_to_leb(data: bytearray, at: int, value: int, *, adds: bool) -> None:
    """Put a number in the place of a LEB128 one, or add it there; its bytes stay as many."""
    end = at
    while end < len(data) - 1 and data[end] & 0x80:
        end += 1
    if adds:
        value += sum((byte & 0x7F) << 7 * place for place, byte in enumerate(data[at : end + 1]))
    for place in range(at, end + 1):
        data[place] = value & 0x7F | (0x80 if place < end else 0)
        value >>= 7
