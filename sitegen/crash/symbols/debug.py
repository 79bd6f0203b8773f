"""The debug sections of an image, read by window, and the strings in them."""

from sitegen.crash.symbols.elf import Section
from sitegen.crash.symbols.image import Image
from sitegen.crash.symbols.packed import is_packed

_PAGE = 1 << 13
_LONGEST = 1 << 16
"bytes of a string that are read"


class Debug:
    """The debug sections of an image, by their names without `.debug_`."""

    def __init__(self, image: Image, ending: str = "") -> None:
        """`ending` is behind the names of the sections (`.dwo`)."""
        self.image = image
        self._ending = ending
        self.order = image.encoding.order
        self.word = image.encoding.word
        self._sections: dict[str, Section | None] = {}
        self._pages: dict[str, tuple[int, bytes]] = {}

    def section(self, name: str) -> Section | None:
        if name not in self._sections:
            self._sections[name] = self.image.find(f".debug_{name}{self._ending}")
        return self._sections[name]

    def size(self, name: str) -> int:
        section = self.section(name)
        return self.image.size(section) if section else 0

    def read(self, name: str, start: int, end: int) -> bytes:
        section = self.section(name)
        return self.image.read(section, start, end) if section else b""

    def peek(self, name: str, start: int, width: int) -> bytes:
        """`width` bytes of a section, or what is left of it; neighbours are read along and kept."""
        page, at = divmod(start, _PAGE)
        known, data = self._pages.get(name, (-1, b""))
        if known != page:
            data = self.read(name, page * _PAGE, (page + 2) * _PAGE)
            self._pages[name] = page, data
        return data[at : at + width] if width <= _PAGE else self.read(name, start, start + width)

    def number(self, name: str, start: int, width: int) -> int:
        """The number at an offset of a section; 0 beyond its end."""
        return int.from_bytes(self.peek(name, start, width), self.order)

    def string(self, name: str, offset: int) -> str:
        """The string at an offset of a string section; empty outside it."""
        section = self.section(name)
        if section is None or not 0 <= offset < self.image.size(section):
            return ""
        if not is_packed(section):
            data = self.image.data
            start = section.offset + offset
            last = min(start + _LONGEST, section.offset + section.size)
            end = data.find(b"\0", start, last)
            return data[start : end if end >= 0 else last].decode("utf-8", "replace")
        width = 128
        while True:
            raw = self.image.read(section, offset, offset + width)
            end = raw.find(b"\0")
            if end >= 0 or len(raw) < width or width >= _LONGEST:
                return raw[: end if end >= 0 else len(raw)].decode("utf-8", "replace")
            width = min(8 * width, _LONGEST)
