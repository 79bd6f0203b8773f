"""A boot image (vmlinuz, bzImage, Image) -> which kernel it is. It holds no debug information.

x86 boot images name their release in the header and hold a packed ELF file with the build ID;
those of arm64 and RISC-V are the kernel's own bytes, perhaps packed, with its banner in them.
"""

import struct

from sitegen.crash.symbols.unpack import MissingPackage, UnpackError, form_of, unpack
from sitegen.record import Record

MOST = 1 << 29
"bytes that are looked at, packed or not"
_BANNER = b"Linux version "
_LONGEST = 128
_HEAD = 0x250
"bytes of the header of x86; no boot image of it is shorter"
_NOTE, _BUILD_ID = 4, 3
"PT_NOTE, NT_GNU_BUILD_ID"


class BootImage(Record):
    """What a boot image says of its kernel."""

    release: str
    "empty when it says nothing"
    build_id: str = ""
    "where it was looked for, and is there"


def read(path: str, *, deep: bool = False) -> BootImage | None:
    """None for what is no boot image. The build ID is looked for when `deep`: some seconds."""
    try:
        with open(path, "rb") as file:
            head = file.read(_HEAD)
            data = head + file.read(MOST) if head[:4] != b"\x7fELF" else b""
    except OSError:
        return None
    if data[0x202:0x206] == b"HdrS" and len(data) >= _HEAD:
        return BootImage(_x86_release(data), _x86_build_id(data) if deep else "")
    if data[:2] == b"MZ" and data[4:8] == b"zimg" and len(data) >= _HEAD:
        start, size = struct.unpack_from("<II", data, 8)
        data = data[start : start + size]
    if form_of(data[:6]):
        data = _unpacked(data)
    if data[0x38:0x3C] in {b"ARM\x64", b"RSC\x05"}:
        at = data.find(_BANNER)
        return BootImage(_word(data, at + len(_BANNER)) if at >= 0 else "")
    return None


def _x86_release(data: bytes) -> str:
    (at,) = struct.unpack_from("<H", data, 0x20E)
    return _word(data, at + 0x200) if at else ""


def _word(data: bytes, at: int) -> str:
    """The first word of a text, when it is one a release may be."""
    text = data[at : at + _LONGEST].split(b"\0")[0].split(b" ")[0]
    found = text.decode("ascii", "replace")
    return found if found.isprintable() and found[:1].isdigit() else ""


def _x86_build_id(data: bytes) -> str:
    """From the notes of the kernel inside; empty when it cannot be read."""
    begin = (data[0x1F1] or 4) * 512 + 512
    start, size = struct.unpack_from("<II", data, 0x248)
    inside = _unpacked(data[begin + start : begin + start + size])
    try:
        return _build_id(inside)
    except (struct.error, OverflowError):
        return ""


def _unpacked(data: bytes) -> bytes:
    form = form_of(data[:6])
    try:
        return unpack(form, data, MOST) if form else b""
    except (UnpackError, MissingPackage):
        return b""


def _build_id(data: bytes) -> str:
    """Of a little-endian 64-bit ELF file, by its program headers."""
    if data[:6] != b"\x7fELF\x02\x01":
        return ""
    table, entry, count = struct.unpack_from("<32xQ14xHH", data)
    for index in range(min(count, 64)):
        kind, start, size = struct.unpack_from("<I4xQ16xQ", data, table + index * entry)
        if kind != _NOTE:
            continue
        at, end = start, min(start + size, len(data))
        while at + 12 <= end:
            name, length, type_ = struct.unpack_from("<III", data, at)
            body = at + 12 + (name + 3 & ~3)
            if type_ == _BUILD_ID and data[at + 12 : at + 16] == b"GNU\0":
                return data[body : body + min(length, 64)].hex()
            at = body + (length + 3 & ~3)
    return ""
