"""The headers of an ELF file -> how it is written, and its sections. Both classes, both byte orders."""

import struct
from collections.abc import Sequence

from sitegen.record import Record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from mmap import mmap
    from typing import Literal

    Order = Literal["little", "big"]

SHT_PROGBITS, SHT_SYMTAB, SHT_RELA, SHT_NOTE, SHT_NOBITS, SHT_REL = 1, 2, 4, 7, 8, 9
SHF_WRITE, SHF_ALLOC, SHF_EXECINSTR, SHF_COMPRESSED = 0x1, 0x2, 0x4, 0x800
ET_REL = 1
EM_386, EM_MIPS, EM_PPC, EM_PPC64, EM_S390, EM_ARM = 3, 8, 20, 21, 22, 40
EM_X86_64, EM_AARCH64, EM_RISCV, EM_LOONGARCH = 62, 183, 243, 258
SHN_UNDEF, SHN_XINDEX = 0, 0xFFFF

MODULE_BASE = {8: 1 << 32, 4: 1 << 28}
"where the sections of a module begin here; 0 would look like code that the linker dropped"
PAGE = 4096
THUMB = 1
"in the address of an ARM function: its code is Thumb"


class HeaderError(Exception):
    """The headers do not hold; says why."""


class Encoding(Record):
    """What decides how the numbers of a file are written."""

    machine: int
    "EM_*"
    word: int
    "bytes of an address: 8 or 4"
    order: "Order"

    def packed(self, fields: str) -> struct.Struct:
        """A struct in the file's byte order; `W` stands for an address, `w` for a signed one."""
        wide = {8: ("Q", "q"), 4: ("I", "i")}[self.word]
        mark = "<" if self.order == "little" else ">"
        return struct.Struct(mark + fields.replace("W", wide[0]).replace("w", wide[1]))

    def pointers(self, address: int) -> tuple[bytes, ...]:
        """The bytes that may stand for the address of a function."""
        several = (address, address | THUMB) if self.machine == EM_ARM else (address,)
        return tuple(one.to_bytes(self.word, self.order) for one in several)


class Section(Record):
    """A section header, with the address that this process uses for it."""

    number: int
    name: str
    type: int
    flags: int
    address: int
    offset: int
    size: int
    link: int
    info: int
    align: int

    @property
    def is_code(self) -> bool:
        return bool(self.flags & SHF_ALLOC and self.flags & SHF_EXECINSTR)


class Headers:
    """The headers of a file that begins as ELF files do. Raises HeaderError."""

    encoding: Encoding
    is_module: bool
    "ET_REL: sections have no addresses of their own"
    flags: int
    "of the machine"
    sections: tuple[Section, ...]

    def __init__(self, data: "bytes | mmap") -> None:
        try:
            self._read(data)
        except (struct.error, IndexError) as error:
            raise HeaderError(f"its section table does not hold ({error})") from error

    def _read(self, data: "bytes | mmap") -> None:
        word, order = _CLASSES[data[4]], _ORDERS[data[5]]
        some = Encoding(0, word, order)
        (kind, machine, _, _, _, table, self.flags, _, _, _, entry, count, names) = some.packed(
            "16xHHIWWWIHHHHHH"
        ).unpack_from(data)
        self.encoding = Encoding(machine, word, order)
        self.is_module = kind == ET_REL
        if not table:
            raise HeaderError("it has no section table")
        section = some.packed("IIWWWWIIWW")
        if entry != section.size and table <= len(data):
            raise HeaderError(f"a section header of {entry} bytes")
        if table + entry > len(data):
            raise HeaderError(_CUT.format("the section table"))
        first = section.unpack_from(data, table)
        count = count or first[5]
        names = first[6] if names == SHN_XINDEX else names
        if table + count * entry > len(data):
            raise HeaderError(_CUT.format("the section table"))
        rows = list(section.iter_unpack(data[table : table + count * entry]))
        where, size = rows[names][4:6]
        text = data[where : where + size]
        found = []
        for index, row in enumerate(rows):
            at, type_, flags, address, offset, size, link, info, align, _ = row
            if type_ not in {0, SHT_NOBITS} and offset + size > len(data):
                raise HeaderError(_CUT.format("a section"))
            end = text.find(b"\0", at)
            title = text[at : end if end >= 0 else at].decode("ascii", "replace")
            found.append(
                Section(index, title, type_, flags, address, offset, size, link, info, align or 1)
            )
        self.sections = lay_out(found, MODULE_BASE[word]) if self.is_module else tuple(found)


_CLASSES = {1: 4, 2: 8}
_ORDERS: "dict[int, Order]" = {1: "little", 2: "big"}
_CUT = "{} lies beyond the end of the file; is it truncated?"


def lay_out(sections: Sequence[Section], base: int) -> tuple[Section, ...]:
    """The sections of a module with addresses, in the order in which the kernel loads them.

    Core before init, code before data; kallsyms takes the distance to the next symbol across
    section borders, and the end of the page for the last.
    """

    def group(section: Section) -> int:
        init = section.name.startswith(".init")
        return (0 if section.flags & SHF_EXECINSTR else 1) + (2 if init else 0)

    placed = list(sections)
    at = base
    loaded = [s for s in sections if s.flags & SHF_ALLOC]
    for which in range(4):
        for section in loaded:
            if group(section) == which:
                align = section.align if section.align & (section.align - 1) == 0 else 1
                at = (at + align - 1) & -align
                placed[section.number] = section._replace(address=at)
                at += section.size
        at = (at + PAGE - 1) & -PAGE
    return tuple(placed)
