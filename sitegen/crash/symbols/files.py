"""A path -> the bytes of an ELF file: mapped, or unpacked where it is compressed whole."""

import mmap
import os

from sitegen.crash.symbols.values import ImageError

MOST_UNPACKED = 1 << 30
"bytes that a compressed section or file may unfold to"


def open_image(path: str) -> bytes | mmap.mmap:
    """The file mapped, or unpacked when it is compressed. ImageError when it is no ELF64."""
    base = os.path.basename(path)
    try:
        with open(path, "rb") as file:
            if not os.fstat(file.fileno()).st_size:
                raise ImageError(path, "not-elf", f"'{base}' is empty")
            data: bytes | mmap.mmap = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    except OSError as error:
        kind = "damaged"
        if isinstance(error, FileNotFoundError | NotADirectoryError):
            kind = "missing"
        elif isinstance(error, IsADirectoryError):
            kind = "not-elf"
        reason = (error.strerror or "unreadable").lower()
        raise ImageError(path, kind, f"'{base}' cannot be read: {reason}") from error
    except ValueError as error:
        raise ImageError(path, "not-elf", f"'{base}' is no regular file") from error
    if data[:4] != b"\x7fELF":
        data = _unpack(path, data)
    if data[:4] != b"\x7fELF":
        raise ImageError(path, "not-elf", f"'{base}' is not an ELF file")
    if data[4:6] != b"\x02\x01":
        raise ImageError(
            path,
            "unsupported",
            f"'{base}' is not a 64-bit little-endian image, which is all that is read",
        )
    return data


def _unpack(path: str, data: bytes | mmap.mmap) -> bytes:
    """The inside of a `.xz` or `.gz` module; the same bytes for anything else."""
    base = os.path.basename(path)
    head = data[:6]
    if head[:4] == b"\x28\xb5\x2f\xfd":
        raise ImageError(
            path,
            "unsupported",
            f"'{base}' is compressed with zstd, which this version does not unpack",
        )
    try:
        if head == b"\xfd7zXZ\0":
            import lzma  # noqa: PLC0415  reason: only compressed modules need it

            found = lzma.LZMADecompressor(memlimit=1 << 28).decompress(data, MOST_UNPACKED)
        elif head[:2] == b"\x1f\x8b":
            import zlib  # noqa: PLC0415  reason: only compressed modules need it

            found = zlib.decompressobj(31).decompress(data, MOST_UNPACKED)
        else:
            return bytes(head)
    except Exception as error:
        # lzma and zlib name their errors in modules imported above only where needed.
        if type(error).__name__ not in {"LZMAError", "error"}:
            raise
        raise ImageError(path, "damaged", f"'{base}' does not unpack ({error})") from error
    return found
