"""Compressed files and sections -> their bytes, never more than a bound. Imports what it needs late."""

from mmap import mmap

Bytes = bytes | memoryview | mmap
MOST = 1 << 30
"bytes that are unfolded at once, into memory"
_SURELY = 1 << 24
_RATIO = 64
"debug information unfolds to three to ten times its size, a table of zeros to little more"

_HEADS = {b"\xfd7zXZ\0": "xz", b"\x1f\x8b": "gzip", b"\x28\xb5\x2f\xfd": "zstd"}


class UnpackError(Exception):
    """The bytes are damaged; says how."""


class BombError(UnpackError):
    """The bytes unfold to more than the bound."""

    def __init__(self, most: int) -> None:
        super().__init__(f"it unfolds to more than {most} bytes")


class MissingPackage(Exception):  # noqa: N818  reason: nothing is wrong but the installation
    """A package is not installed; names it and what to do."""


def form_of(head: bytes) -> str:
    """How a file that begins so is compressed: `xz`, `gzip` or `zstd`; empty when it is not."""
    return next((form for mark, form in _HEADS.items() if head.startswith(mark)), "")


def bound(size: int) -> int:
    """What so many bytes may unfold to: more is no image, but made to fill memory."""
    return _SURELY + size * _RATIO


def unpack(form: str, data: Bytes, most: int = 0) -> bytes:
    """The inside, at most `most` bytes. `form` as `form_of` names it, or `zstd`."""
    most = most or min(bound(len(data)), MOST)
    found, more = _UNPACK[form](data, most)
    if more or len(found) > most:
        raise BombError(most)
    return found


def _xz(data: Bytes, most: int) -> tuple[bytes, bool]:
    import lzma  # noqa: PLC0415  reason: only compressed modules need it

    try:
        unpacker = lzma.LZMADecompressor(memlimit=1 << 28)
        return unpacker.decompress(data, most), not unpacker.eof
    except lzma.LZMAError as error:
        raise UnpackError(str(error)) from error


def _gzip(data: Bytes, most: int) -> tuple[bytes, bool]:
    import zlib  # noqa: PLC0415  reason: few images are compressed

    try:
        unpacker = zlib.decompressobj(31)
        found = unpacker.decompress(data, most)
        return found, bool(unpacker.unconsumed_tail)
    except zlib.error as error:
        raise UnpackError(str(error)) from error


def _zstd(data: Bytes, most: int) -> tuple[bytes, bool]:
    try:
        import zstandard  # type: ignore[import-not-found, unused-ignore]  # noqa: PLC0415  reason: optional, and few images need it
    except ImportError as error:
        raise MissingPackage("install the package 'zstandard' to read it") from error
    try:
        # The kernel's modules are one frame; a window beyond 128 MB is none of theirs.
        unpacker = zstandard.ZstdDecompressor(max_window_size=1 << 27)
        found = unpacker.stream_reader(memoryview(data), read_across_frames=True).read(most + 1)
        return found, len(found) > most
    except zstandard.ZstdError as error:
        raise UnpackError(str(error)) from error


_UNPACK = {
    "xz": _xz,
    "gzip": _gzip,
    "zstd": _zstd,
}
