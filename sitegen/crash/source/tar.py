"""The members of a tar archive, in order, never more of it than a bound. Trusts nothing in it."""

import bz2
import gzip
import lzma
import posixpath
import tarfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import IO, NamedTuple, Protocol

from sitegen.crash.source.files import MAX_BYTES, TOO_LONG, clean_path

MOST_BYTES = 8 << 30
"""Bytes that an archive may unfold to. Linux 6.12 has a fifth of them."""
MOST_MEMBERS = 1_000_000
_MOST_HEADER = 1 << 20
"""Bytes of a member's name and attributes."""
_MEMORY = 1 << 28
"""Bytes that unpacking may take: four times what `xz -9` asks for."""
_CHUNK = 1 << 20


class UnreadableError(Exception):
    """What is wrong with an archive, in words."""


class Member(NamedTuple):
    """A file or a link. One of the three is there; a name with none of them is left out."""

    name: str
    "clean, with the folders above"
    data: bytes | None = None
    target: str | None = None
    "the name that a link leads to, clean"
    reason: str | None = None
    "why the data is not kept"


_DAMAGED = (
    *(tarfile.TarError, lzma.LZMAError, zlib.error, EOFError),
    *(ValueError, LookupError, RecursionError, OverflowError),
)
"""What tarfile and the unpackers raise on bytes that are none of theirs."""


def iter_members(path: Path) -> Iterator[Member]:
    """The files and links of an archive. Raises UnreadableError, and OSError for the disk."""
    with path.open("rb") as raw:
        stream = _Forward(_unpacked(raw))
        try:
            # Not "r|": it would read ahead what the stream is there to bound.
            with tarfile.TarFile(fileobj=stream, errors="replace") as archive:  # type: ignore[arg-type]  # reason: read, seek and tell are all it uses
                yield from _members(archive, stream)
                if stream.last.strip(b"\0") or not stream.last:
                    raise UnreadableError("it is cut short")
                # To the end, for the checksums.
                while stream.take(_CHUNK):
                    pass
        except _DAMAGED as error:
            raise UnreadableError(f"no tar archive, or a damaged one ({error})") from error
        except OSError as error:
            if error.errno is not None:
                raise
            # So gzip and bz2 say that the bytes are none of theirs.
            raise UnreadableError(f"damaged ({error})") from error


def _members(archive: tarfile.TarFile, stream: "_Forward") -> Iterator[Member]:
    count = 0
    while (found := archive.next()) is not None:
        archive.members.clear()  # type: ignore[attr-defined]  # reason: it would keep them all
        count += 1
        if count > MOST_MEMBERS:
            raise UnreadableError(f"it has more than {MOST_MEMBERS} members")
        name = clean_path(found.name)
        if name is None:
            continue
        if found.issym():
            target = clean_path(posixpath.join(posixpath.dirname(name), found.linkname))
            if target is not None and not found.linkname.startswith("/"):
                yield Member(name, target=target)
        elif found.islnk():
            target = clean_path(found.linkname)
            if target not in {None, name}:
                yield Member(name, target=target)
        elif found.isreg() and not found.issparse():
            yield _file(name, found, stream)


def _file(name: str, found: tarfile.TarInfo, stream: "_Forward") -> Member:
    if found.size > MAX_BYTES:
        return Member(name, reason=TOO_LONG.reason)
    stream.seek(found.offset_data)
    data = stream.take(found.size)
    if len(data) != found.size:
        raise UnreadableError("it is cut short")
    return Member(name, reason="is no text") if b"\0" in data else Member(name, data=data)


# --- Unpacking ---------------------------------------------------------------------------------


class _Source(Protocol):
    def read(self, size: int, /) -> bytes: ...


class _Forward:
    """A stream that is read in one direction, as far as it may be, and not much at once."""

    def __init__(self, source: _Source) -> None:
        self._source = source
        self._at = 0
        self.last = b""
        "what was read last: at the end of an archive a block of zeros"

    def tell(self) -> int:
        return self._at

    def seek(self, offset: int) -> None:
        """Goes forward."""
        if offset < self._at:
            raise UnreadableError("a member of it begins before the one above")
        while self._at < offset:
            if not self.take(min(offset - self._at, _CHUNK)):
                raise UnreadableError("it is cut short")

    def read(self, size: int) -> bytes:
        """The next bytes, of a header."""
        if size > _MOST_HEADER:
            raise UnreadableError(f"a header of it has {size} bytes")
        self.last = self.take(size)
        return self.last

    def take(self, size: int) -> bytes:
        """The next `size` bytes; fewer only at the end."""
        parts = []
        end = self._at + size
        while self._at < end and (part := self._source.read(min(end - self._at, _CHUNK))):
            parts.append(part)
            self._at += len(part)
            if self._at > MOST_BYTES:
                raise UnreadableError(f"it unfolds to more than {MOST_BYTES >> 30} GiB")
        return b"".join(parts)


def _unpacked(raw: IO[bytes]) -> _Source:
    """The stream inside of a compressed file; an uncompressed one as it is."""
    head = raw.read(6)
    raw.seek(0)
    if head.startswith(b"\xfd7zXZ\0"):
        return _Xz(raw)
    if head.startswith(b"\x1f\x8b"):
        return gzip.GzipFile(fileobj=raw)
    if head.startswith(b"BZh"):
        return bz2.BZ2File(raw)
    if head.startswith(b"\x28\xb5\x2f\xfd"):
        return _Zstd(raw)
    return raw


class _Xz:
    """As lzma.LZMAFile, which does not bound the memory that a file may ask for."""

    def __init__(self, raw: IO[bytes]) -> None:
        self._raw = raw
        self._decoder = _xz_decoder()

    def read(self, size: int, /) -> bytes:
        data = b""
        while True:
            if self._decoder.eof:
                # pixz and others write several streams, with zeros between them.
                data = (self._decoder.unused_data or self._raw.read(_CHUNK)).lstrip(b"\0")
                while not data and (data := self._raw.read(_CHUNK)):
                    data = data.lstrip(b"\0")
                if not data:
                    return b""
                self._decoder = _xz_decoder()
            elif self._decoder.needs_input and not (data := self._raw.read(_CHUNK)):
                raise UnreadableError("it is cut short")
            found = self._decoder.decompress(data, size)
            data = b""
            if found:
                return found


def _xz_decoder() -> lzma.LZMADecompressor:
    return lzma.LZMADecompressor(lzma.FORMAT_XZ, memlimit=_MEMORY)


class _Zstd:
    def __init__(self, raw: IO[bytes]) -> None:
        try:
            import zstandard  # type: ignore[import-not-found, unused-ignore]  # noqa: PLC0415  reason: optional, and few archives need it
        except ImportError:
            raise UnreadableError("install the package 'zstandard' to read it") from None
        self._error = zstandard.ZstdError
        unpacker = zstandard.ZstdDecompressor(max_window_size=_MEMORY >> 1)
        self._stream = unpacker.stream_reader(raw, read_across_frames=True)

    def read(self, size: int, /) -> bytes:
        try:
            return bytes(self._stream.read(size))
        except self._error as error:
            raise UnreadableError(f"damaged ({error})") from error
