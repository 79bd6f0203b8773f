"""How the entries of a symbol table are written: one at a time, or a field of all of them at once."""

import sys
from array import array
from collections.abc import Collection

from sitegen.crash.symbols.elf import EM_ARM, THUMB, Encoding
from sitegen.record import Record

STT_NOTYPE, STT_OBJECT, STT_FUNC, STT_SECTION, STT_FILE = range(5)
STB_LOCAL, STB_GLOBAL, STB_WEAK = range(3)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from mmap import mmap


class Entry(Record):
    """One entry as it stands in the file."""

    name: int
    "where it begins in the string table"
    info: int
    "type and binding"
    home: int
    "the section"
    value: int
    size: int


class Form:
    """The entries of one machine's files."""

    def __init__(self, encoding: Encoding) -> None:
        self._encoding = encoding
        self._wide = encoding.word == 8
        self._struct = encoding.packed("IBxHWW" if self._wide else "IWWBxH")
        self.size = self._struct.size
        "bytes of an entry"
        self.value_at = 8 if self._wide else 4
        "where the value stands in an entry"
        home = 6 if self._wide else 14
        little = encoding.order == "little"
        self._low_at, self._high_at = (home, home + 1) if little else (home + 1, home)

    def read(self, data: "bytes | mmap", at: int) -> Entry:
        """The entry at a position."""
        if self._wide:
            return Entry(*self._struct.unpack_from(data, at))
        name, value, size, info, home = self._struct.unpack_from(data, at)
        if self._encoding.machine == EM_ARM and info & 15 == STT_FUNC:
            value &= ~THUMB
        return Entry(name, info, home, value, size)

    def among(self, raw: bytes, homes: Collection[int]) -> bytes:
        """For each entry a 1 when its section is one of `homes`, else a 0.

        A byte of all entries is looked up at once; a loop takes ten times as long.
        """
        low = raw[self._low_at :: self.size]
        high = raw[self._high_at :: self.size]
        found = bytes(len(low))
        for top in {home >> 8 for home in homes}:
            lows = low.translate(bytes(top << 8 | byte in homes for byte in range(256)))
            highs = high.translate(bytes(top == byte for byte in range(256)))
            found = either(found, both(lows, highs))
        return found

    def names(self, raw: bytes) -> "array[int]":
        return self._column(raw, "I", 0)

    def homes(self, raw: bytes) -> "array[int]":
        return self._column(raw, "H", 3 if self._wide else 7)

    def sizes(self, raw: bytes) -> "array[int]":
        return self._column(raw, "Q" if self._wide else "I", 2)

    def values(self, raw: bytes) -> "array[int]":
        found = self._column(raw, "Q" if self._wide else "I", 1)
        if self._encoding.machine == EM_ARM:
            for index, info in enumerate(self.infos(raw)):
                if info & 15 == STT_FUNC:
                    found[index] &= ~THUMB
        return found

    def infos(self, raw: bytes) -> bytes:
        return raw[4 if self._wide else 12 :: self.size]

    def _column(self, raw: bytes, kind: str, first: int) -> "array[int]":
        """Every entry's field of a kind, the `first` in an entry when it is full of that kind."""
        fields = array(kind)
        fields.frombytes(raw)
        found = fields[first :: self.size // fields.itemsize]
        if self._encoding.order != sys.byteorder:
            found.byteswap()
        return found


def both(first: bytes, second: bytes) -> bytes:
    """Byte by byte the bits that stand in both, of a hundred thousand bytes at once."""
    found = int.from_bytes(first, "big") & int.from_bytes(second, "big")
    return found.to_bytes(len(first), "big")


def either(first: bytes, second: bytes) -> bytes:
    """Byte by byte the bits that stand in one or the other."""
    found = int.from_bytes(first, "big") | int.from_bytes(second, "big")
    return found.to_bytes(len(first), "big")
