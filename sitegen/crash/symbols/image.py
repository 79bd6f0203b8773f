"""An ELF file, open: its sections, read by window, and who it is.

Knows ELF, nothing of DWARF. A file is mapped and never copied whole. Modules (ET_REL) have no
addresses: every section gets one, laid out as the kernel lays modules out, so that addresses are
unique and the distance to the next symbol is what kallsyms prints; what is read of them is relocated.
"""

import mmap
import os
from functools import cached_property

from sitegen.crash.symbols.elf import (
    SHF_ALLOC,
    SHT_NOBITS,
    SHT_NOTE,
    HeaderError,
    Headers,
    Section,
)
from sitegen.crash.symbols.files import File
from sitegen.crash.symbols.packed import Packed, is_packed
from sitegen.crash.symbols.relocations import Relocation, Relocations
from sitegen.crash.symbols.unpack import MissingPackage, UnpackError
from sitegen.crash.symbols.values import ImageError


class Image:
    """One ELF file, open. Raises ImageError while opening, and from `read` of what is damaged."""

    def __init__(self, path: str, name: str) -> None:
        self.path = path
        self.name = name
        "`vmlinux`, or the module's name"
        self.file = File(path)
        self.data = self.file.data
        try:
            headers = Headers(self.data)
        except HeaderError as error:
            raise self.damaged(str(error)) from error
        self.encoding = headers.encoding
        self.machine = headers.encoding.machine
        self.is_module = headers.is_module
        self.sections = headers.sections
        self._relocations = Relocations(self.data, self.encoding, self.sections)
        self._by_name = {section.name: section for section in reversed(self.sections)}
        self._packed: dict[int, Packed] = {}

    def close(self) -> None:
        if isinstance(self.data, mmap.mmap):
            self.data.close()
        self.file.close()

    def damaged(self, why: str) -> ImageError:
        return ImageError(
            self.path, "damaged", f"'{os.path.basename(self.path)}' is damaged: {why}"
        )

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

    def relocations(self, section: Section, start: int, end: int) -> list[Relocation]:
        """The relocations of a section in [start, end), by offset."""
        return self._relocations.of(section, start, end)

    def section_at(self, address: int) -> Section | None:
        """The loaded section that holds `address`."""
        for section in self.sections:
            if section.flags & SHF_ALLOC and 0 <= address - section.address < section.size:
                return section
        return None

    def size(self, section: Section) -> int:
        """The bytes of a section, unpacked."""
        return self._inside(section).size if is_packed(section) else section.size

    def read(self, section: Section, start: int, end: int) -> bytes:
        """Bytes [start, end) of a section, shorter at its end, relocated in a module."""
        start = max(start, 0)
        if section.type == SHT_NOBITS:
            return b""
        if is_packed(section):
            raw = self._unpacked(section, start, end)
        else:
            end = min(end, section.size)
            raw = self.file.read(section.offset + start, section.offset + max(start, end))
        return self._relocations.applied(section, start, raw) if self.is_module else raw

    def code_at(self, start: int, end: int) -> bytes:
        """The machine code in [start, end), as it lies in the file; empty where it is not kept."""
        section = self.section_at(start)
        if section is None or section.type == SHT_NOBITS:
            return b""
        first = section.offset + start - section.address
        last = min(first + end - start, section.offset + section.size)
        return self.file.read(first, last)

    # --- compressed sections --------------------------------------------------------------

    def _inside(self, section: Section) -> Packed:
        """A compressed section, its header read once."""
        known = self._packed.get(section.number)
        if known is None:
            try:
                known = Packed(self.file, section, self.encoding)
            except MissingPackage as error:
                base = os.path.basename(self.path)
                message = f"'{base}' has a compressed section {section.name}: {error}"
                raise ImageError(self.path, "unsupported", message) from error
            except UnpackError as error:
                raise self._does_not_unpack(section, error) from error
            self._packed[section.number] = known
        return known

    def _unpacked(self, section: Section, start: int, end: int) -> bytes:
        try:
            return self._inside(section).read(start, end)
        except UnpackError as error:
            raise self._does_not_unpack(section, error) from error

    def _does_not_unpack(self, section: Section, error: UnpackError) -> ImageError:
        return self.damaged(f"section {section.name} does not unpack ({error})")

    # --- identity -------------------------------------------------------------------------

    @cached_property
    def build_id(self) -> str:
        """The GNU build ID in hexadecimal; empty when the image has none."""
        numbers = self.encoding.packed("III")
        for section in self.sections:
            if section.type != SHT_NOTE:
                continue
            raw = self.read(section, 0, min(section.size, 1 << 16))
            at = 0
            while at + 12 <= len(raw):
                owner, size, kind = numbers.unpack_from(raw, at)
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
