"""A compressed section -> its bytes, unpacked as far as they are asked for.

A zlib stream is kept as places to go on from and the pages read last, so a kernel of half a
gigabyte costs tens of megabytes, and what nobody asks for is never unpacked. A zstd section is
unpacked whole.
"""

from sitegen.crash.symbols.elf import SHF_COMPRESSED, Encoding, Section
from sitegen.crash.symbols.files import File
from sitegen.crash.symbols.unpack import MOST, UnpackError, bound, unpack

_FORMS = {1: "zlib", 2: "zstd"}
"ELFCOMPRESS_*"
_PAGE = 1 << 20
_MOST_PAGES = 24
"pages of one section kept"
_INPUT = 1 << 16


def is_packed(section: Section) -> bool:
    return bool(section.flags & SHF_COMPRESSED) or section.name.startswith(".zdebug")


class Packed:
    """One compressed section. Raises UnpackError when its header does not hold."""

    def __init__(self, file: File, section: Section, encoding: Encoding) -> None:
        self._file = file
        if section.flags & SHF_COMPRESSED:
            head = encoding.packed("I4xQ8x" if encoding.word == 8 else "II4x")
        else:  # `.zdebug_*`: "ZLIB", then the size, big-endian whatever the machine
            head = Encoding(0, 8, "big").packed("4xQ")
        begin, end = section.offset + head.size, section.offset + section.size
        if begin > end:
            raise UnpackError("it has no header of compression")
        *kind, size = head.unpack(file.read(section.offset, begin))
        form = _FORMS.get(kind[0]) if kind else "zlib"
        if form is None:
            raise UnpackError(f"it is compressed in a way {kind[0]} that nobody knows")
        if size > bound(end - begin):
            raise UnpackError(f"it claims to hold {size} bytes in {end - begin}")
        self.size: int = size
        "of the bytes inside"
        self._whole = b""
        if form == "zstd":
            if size > MOST:
                raise UnpackError(f"{size} bytes are more than fits")
            self._whole = unpack(form, file.read(begin, end), size)
            if len(self._whole) != size:
                raise UnpackError("there is less inside than it says")
        else:
            self._stream = _Stream(file, begin, end, size)

    def read(self, start: int, end: int) -> bytes:
        """Bytes [start, end) of the inside, shorter at its end. Raises UnpackError."""
        if self._whole:
            return self._whole[start:end]
        return self._stream.read(start, min(end, self.size))


class _Stream:
    """The inside of a zlib stream, by position."""

    def __init__(self, file: File, begin: int, end: int, size: int) -> None:
        import zlib  # noqa: PLC0415  reason: few images are compressed

        self._file = file
        self._end = end
        self._size = size
        self._error = zlib.error
        # For each page that was reached: where its input begins, and the state to go on with.
        self._marks = [(begin, zlib.decompressobj())]
        self._pages: dict[int, bytes] = {}

    def read(self, start: int, end: int) -> bytes:
        if end <= start:
            return b""
        pages = range(start // _PAGE, (end + _PAGE - 1) // _PAGE)
        found = b"".join([self._page(number) for number in pages])
        return found[start % _PAGE : start % _PAGE + end - start]

    def _page(self, number: int) -> bytes:
        known = self._pages.pop(number, None)
        if known is None:
            for before in range(len(self._marks) - 1, number):
                self._unpack(before)
            known = self._unpack(number)
            if len(self._pages) >= _MOST_PAGES:
                del self._pages[next(iter(self._pages))]
        self._pages[number] = known  # the last one asked for is the last to go
        return known

    def _unpack(self, number: int) -> bytes:
        """The page, and the mark of the one behind it."""
        at, state = self._marks[number]
        inflate = state.copy()
        wanted = min(_PAGE, self._size - number * _PAGE)
        # Behind the last page stands a checksum of them all.
        last = number * _PAGE + wanted == self._size
        pieces = []
        try:
            while wanted:
                raw = self._file.read(at, min(at + _INPUT, self._end))
                piece = inflate.decompress(raw, wanted)
                at += len(raw) - len(inflate.unconsumed_tail)
                pieces.append(piece)
                wanted -= len(piece)
                if wanted and (inflate.eof or not raw):
                    raise UnpackError("there is less inside than it says")
            if last:
                rest = self._file.read(at, min(at + _INPUT, self._end))
                if inflate.decompress(rest, 1) or not inflate.eof:
                    raise UnpackError("it does not end where it says")
        except self._error as error:
            raise UnpackError(str(error)) from error
        if number + 1 == len(self._marks):
            self._marks.append((at, inflate))
        return b"".join(pieces)
