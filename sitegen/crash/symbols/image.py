"""An ELF file -> sections, read by window, and who it is.

Knows ELF and relocations, nothing of DWARF. A file is mapped and never copied whole; a
compressed section or file is unpacked on first use. Modules (ET_REL) have no addresses: every
section gets one here, laid out as the kernel lays modules out, so that addresses are unique
and the distance to the next symbol is what kallsyms prints; what is read of them is relocated.
"""

import mmap
import os
import struct
from bisect import bisect_left
from functools import cached_property
from operator import le

from sitegen.crash.symbols.files import File
from sitegen.crash.symbols.unpack import MOST, MissingPackage, UnpackError, unpack
from sitegen.crash.symbols.values import ImageError
from sitegen.record import Record

SHT_PROGBITS, SHT_SYMTAB, SHT_RELA, SHT_NOTE, SHT_NOBITS = 1, 2, 4, 7, 8
SHF_WRITE, SHF_ALLOC, SHF_EXECINSTR, SHF_COMPRESSED = 0x1, 0x2, 0x4, 0x800
ET_REL = 1
EM_X86_64, EM_AARCH64, EM_RISCV = 62, 183, 243
SHN_UNDEF, SHN_ABS = 0, 0xFFF1

MODULE_BASE = 1 << 32
"where the sections of a module begin here; 0 would look like code that the linker dropped"
PAGE = 4096

# Relocations as (bytes, sign of S+A, keeps what is there): what debug sections and data use.
# S + A replaces (sign 1, False), or is added to or taken from the field (True), as RISC-V does
# because its linker moves code.
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
    },
}

_FORMS = {1: "zlib", 2: "zstd"}
"ELFCOMPRESS_*"

_HEADER = struct.Struct("<16xHHIQQQIHHHHHH")
_SECTION = struct.Struct("<IIQQQQIIQQ")
_RELA = struct.Struct("<QQq")
_SYMBOL = struct.Struct("<IBBHQQ")


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


class Relocation(Record):
    """One RELA entry with its symbol resolved."""

    offset: int
    type: int
    symbol: str
    "empty for a section"
    value: int
    "address of the symbol; 0 when it is defined elsewhere"
    defined: bool
    addend: int


class Image:
    """One ELF file, open. Raises ImageError while opening, and from `read` of what is damaged."""

    def __init__(self, path: str, name: str) -> None:
        self.path = path
        self.name = name
        "`vmlinux`, or the module's name"
        self.file = File(path)
        self.data = self.file.data
        try:
            self._read_headers()
        except (struct.error, IndexError, UnicodeDecodeError) as error:
            raise self.damaged(f"its section table does not hold ({error})") from error

    def close(self) -> None:
        if isinstance(self.data, mmap.mmap):
            self.data.close()
        self.file.close()

    def damaged(self, why: str) -> ImageError:
        return ImageError(
            self.path, "damaged", f"'{os.path.basename(self.path)}' is damaged: {why}"
        )

    def _read_headers(self) -> None:
        data = self.data
        (kind, machine, _, _, _, table, _, _, _, _, entry, count, names) = _HEADER.unpack_from(data)
        self.machine: int = machine
        self.is_module = kind == ET_REL
        if not table:
            raise self.damaged("it has no section table")
        if table > len(data):
            raise self.damaged(
                "the section table lies beyond the end of the file; is it truncated?"
            )
        if entry != _SECTION.size:
            raise self.damaged(f"a section header of {entry} bytes")
        first = _SECTION.unpack_from(data, table)
        count = count or first[5]
        names = first[6] if names == 0xFFFF else names
        if table + count * entry > len(data):
            raise self.damaged(
                "the section table lies beyond the end of the file; is it truncated?"
            )
        rows = list(_SECTION.iter_unpack(data[table : table + count * entry]))
        where, size = rows[names][4:6]
        text = data[where : where + size]
        sections = []
        for index, row in enumerate(rows):
            at, type_, flags, address, offset, size, link, info, align, _ = row
            if type_ not in {0, SHT_NOBITS} and offset + size > len(data):
                raise self.damaged("a section lies beyond the end of the file; is it truncated?")
            end = text.find(b"\0", at)
            title = text[at : end if end >= 0 else at].decode("ascii", "replace")
            sections.append(
                Section(index, title, type_, flags, address, offset, size, link, info, align or 1)
            )
        self.sections = _lay_out(sections) if self.is_module else tuple(sections)
        self._by_name = {section.name: section for section in reversed(self.sections)}
        self._relocations = {
            section.info: section for section in self.sections if section.type == SHT_RELA
        }
        self._unpacked: dict[int, bytes] = {}
        self._ordered: dict[int, tuple[memoryview, list[int] | None]] = {}

    def find(self, name: str) -> Section | None:
        """The section of that name; `.debug_x` also finds the old compressed `.zdebug_x`."""
        found = self._by_name.get(name)
        if found is None and name.startswith(".debug_"):
            found = self._by_name.get(".z" + name[1:])
        return found if found is None or found.type != SHT_NOBITS else None

    @cached_property
    def code(self) -> tuple[Section, ...]:
        """The executable sections, by address."""
        return tuple(sorted((s for s in self.sections if s.is_code), key=lambda s: s.address))

    def section_at(self, address: int) -> Section | None:
        """The loaded section that holds `address`."""
        for section in self.sections:
            if section.flags & SHF_ALLOC and 0 <= address - section.address < section.size:
                return section
        return None

    def size(self, section: Section) -> int:
        """The bytes of a section, unpacked."""
        return len(self._contents(section)) if self._is_packed(section) else section.size

    def read(self, section: Section, start: int, end: int) -> bytes:
        """Bytes [start, end) of a section, shorter at its end, relocated in a module."""
        start = max(start, 0)
        if section.type == SHT_NOBITS:
            return b""
        if self._is_packed(section):
            raw = self._contents(section)[start:end]
        else:
            end = min(end, section.size)
            raw = self.file.read(section.offset + start, section.offset + max(start, end))
        if self.is_module and section.number in self._relocations:
            return self._relocated(section, start, raw)
        return raw

    def code_at(self, start: int, end: int) -> bytes:
        """The machine code in [start, end), as it lies in the file; empty where it is not kept."""
        section = self.section_at(start)
        if section is None or section.type == SHT_NOBITS:
            return b""
        first = section.offset + start - section.address
        last = min(first + end - start, section.offset + section.size)
        return self.file.read(first, last)

    # --- compressed sections --------------------------------------------------------------

    @staticmethod
    def _is_packed(section: Section) -> bool:
        return bool(section.flags & SHF_COMPRESSED) or section.name.startswith(".zdebug")

    def _contents(self, section: Section) -> bytes:
        known = self._unpacked.get(section.number)
        if known is not None:
            return known
        raw = self.file.read(section.offset, section.offset + section.size)
        try:
            if section.flags & SHF_COMPRESSED:
                kind, _, size, _ = struct.unpack_from("<IIQQ", raw)
                skip = 24
            else:  # `.zdebug_*`: "ZLIB", then the size, big-endian whatever the machine
                kind, size, skip = 1, struct.unpack_from(">4xQ", raw)[0], 12
        except struct.error as error:
            raise self.damaged(f"section {section.name} is compressed but has no header") from error
        form = _FORMS.get(kind)
        if form is None or size > MOST:
            raise self.damaged(f"section {section.name} claims {size} bytes of compression {kind}")
        try:
            found = unpack(form, memoryview(raw)[skip:], size)
        except MissingPackage as error:
            base = os.path.basename(self.path)
            message = f"'{base}' has sections compressed with {form}: {error}"
            raise ImageError(self.path, "unsupported", message) from error
        except UnpackError as error:
            raise self.damaged(f"section {section.name} does not unpack ({error})") from error
        if len(found) != size:
            raise self.damaged(f"section {section.name} unpacks to less than it says")
        self._unpacked[section.number] = found
        return found

    # --- relocations ----------------------------------------------------------------------

    def relocations(self, section: Section, start: int, end: int) -> list[Relocation]:
        """The relocations of a section in [start, end), by offset."""
        table = self._relocations.get(section.number)
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

    def _order(self, table: Section) -> tuple[memoryview, list[int] | None]:
        """The offsets of a relocation table, and the order by offset when they are not in order."""
        known = self._ordered.get(table.number)
        if known is None:
            size = table.size - table.size % _RELA.size
            raw = self.data[table.offset : table.offset + size]
            offsets = memoryview(raw).cast("Q")[::3]
            plain = offsets.tolist()
            order = None
            if not all(map(le, plain, plain[1:])):
                order = sorted(range(len(plain)), key=plain.__getitem__)
            known = self._ordered[table.number] = offsets, order
        return known

    def _relocation(self, table: Section, index: int) -> Relocation:
        offset, info, addend = _RELA.unpack_from(self.data, table.offset + index * _RELA.size)
        name, value, defined = self._symbol(info >> 32, table.link)
        return Relocation(offset, info & 0xFFFFFFFF, name, value, defined, addend)

    def _symbol(self, index: int, table: int) -> tuple[str, int, bool]:
        if not index or table >= len(self.sections):
            return "", 0, False
        symbols = self.sections[table]
        if (index + 1) * _SYMBOL.size > symbols.size or symbols.link >= len(self.sections):
            return "", 0, False
        name, _, _, home, value, _ = _SYMBOL.unpack_from(
            self.data, symbols.offset + index * _SYMBOL.size
        )
        text = ""
        if name:
            strings = self.sections[symbols.link]
            end = self.data.find(b"\0", strings.offset + name, strings.offset + strings.size)
            text = self.data[strings.offset + name : max(end, 0)].decode("ascii", "replace")
        if home == SHN_UNDEF:
            return text, 0, False
        if home < len(self.sections):
            value += self.sections[home].address
        return text, value, True

    def _relocated(self, section: Section, start: int, raw: bytes) -> bytes:
        fields = _FIELDS.get(self.machine, {})
        patched = bytearray(raw)
        # A field may begin before the window; eight bytes back is the longest.
        for entry in self.relocations(section, start - 7, start + len(raw)):
            field = fields.get(entry.type)
            at = entry.offset - start
            if field is None or at < 0 or at + field[0] > len(patched):
                continue
            width, sign, adds = field
            value = sign * (entry.value + entry.addend)
            if adds:
                value += int.from_bytes(patched[at : at + width], "little")
            value &= (1 << 8 * width) - 1
            patched[at : at + width] = value.to_bytes(width, "little")
        return bytes(patched)

    # --- identity -------------------------------------------------------------------------

    @cached_property
    def build_id(self) -> str:
        """The GNU build ID in hexadecimal; empty when the image has none."""
        for section in self.sections:
            if section.type != SHT_NOTE:
                continue
            raw = self.read(section, 0, min(section.size, 1 << 16))
            at = 0
            while at + 12 <= len(raw):
                owner, size, kind = struct.unpack_from("<III", raw, at)
                body = at + 12 + (owner + 3 & ~3)
                if kind == 3 and raw[at + 12 : at + 16] == b"GNU\0" and owner == 4:
                    return raw[body : body + min(size, 64)].hex()
                at = body + (size + 3 & ~3)
        return ""

    @cached_property
    def release(self) -> str:
        """The kernel release it was made for, from the banner or a module's vermagic; or empty."""
        if self.is_module:
            mark, section = b"vermagic=", self.find(".modinfo")
        else:
            mark, section = b"Linux version ", self.find(".rodata")
        if section is None:
            return ""
        end = section.offset + section.size
        at = self.data.find(mark, section.offset, end)
        if at < 0:
            return ""
        text = self.data[at + len(mark) : min(at + len(mark) + 128, end)]
        return text.split(b"\0")[0].split(b" ")[0].decode("ascii", "replace")


def _lay_out(sections: list[Section]) -> tuple[Section, ...]:
    """The sections of a module with addresses, in the order in which the kernel loads them.

    Core before init, code before data; kallsyms takes the distance to the next symbol across
    section borders, and the end of the page for the last.
    """

    def group(section: Section) -> int:
        init = section.name.startswith(".init")
        return (0 if section.flags & SHF_EXECINSTR else 1) + (2 if init else 0)

    placed = list(sections)
    at = MODULE_BASE
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
