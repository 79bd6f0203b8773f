"""Picture files -> their sizes, so that a page need not move when they come.

Knows PNG, JPEG, GIF, WebP, AVIF and SVG. Never raises on what a file holds, and reads a few hundred bytes of it: a photograph's
segments are stepped over, not read.
"""

import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO, NamedTuple

from sitegen.model import Value


class Picture(Value, frozen=True):
    """A picture of the content folder."""

    width: int
    "in pixels; 0 where a drawing has no size of its own"
    height: int
    looks: str
    "how its file looked when it was measured"


def measure(path: Path, known: Picture | None = None) -> Picture | None:
    """The picture in the file; None when it is none that browsers show, by its name or its bytes.

    `known` is what was measured before: a file that looks the same is not opened again.
    """
    reader = _READERS.get(path.suffix.lower())
    if reader is None:
        return None
    try:
        found = path.stat()
        looks = f"{found.st_size}-{found.st_mtime_ns}-{found.st_ctime_ns}-{found.st_ino}"
        if known is not None and known.looks == looks:
            return known
        with path.open("rb") as file:
            size = reader(file)
    except OSError:
        return None
    return Picture(*size, looks) if size and max(size) <= _MOST else None


class _Size(NamedTuple):
    width: int
    height: int


_MOST = 1_000_000  # pixels: what claims to be wider is damaged
_HEAD = 4096  # bytes in which a drawing or an AVIF says how large it is
_SEGMENTS = 1000  # of a photograph: colour profiles and previews come in pieces of 64 KB


def _big(data: bytes) -> int:
    return int.from_bytes(data, "big")


def _little(data: bytes) -> int:
    return int.from_bytes(data, "little")


def _png(file: BinaryIO) -> _Size | None:
    head = file.read(24)
    if len(head) < 24 or head[:8] != b"\x89PNG\r\n\x1a\n" or head[12:16] != b"IHDR":
        return None
    return _Size(_big(head[16:20]), _big(head[20:24]))


def _gif(file: BinaryIO) -> _Size | None:
    head = file.read(10)
    if len(head) < 10 or head[:6] not in {b"GIF87a", b"GIF89a"}:
        return None
    return _Size(_little(head[6:8]), _little(head[8:10]))


def _webp(file: BinaryIO) -> _Size | None:
    head = file.read(30)
    if len(head) < 30 or head[:4] != b"RIFF" or head[8:12] != b"WEBP":
        return None
    match head[12:16]:
        case b"VP8X":
            return _Size(_little(head[24:27]) + 1, _little(head[27:30]) + 1)
        case b"VP8L":
            bits = _little(head[21:25])
            return _Size((bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1)
        case b"VP8 ":
            return _Size(_little(head[26:28]) & 0x3FFF, _little(head[28:30]) & 0x3FFF)
    return None


def _avif(file: BinaryIO) -> _Size | None:
    head = file.read(_HEAD)
    at = head.find(b"ispe")  # image spatial extents: version and flags, then width and height
    if head[4:8] != b"ftyp" or at < 0 or len(head) < at + 16:
        return None
    return _Size(_big(head[at + 8 : at + 12]), _big(head[at + 12 : at + 16]))


_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
"""Markers that begin a frame, in which the size stands; the three are tables."""


def _jpeg(file: BinaryIO) -> _Size | None:
    """Turned as browsers turn it: photographs of a screen are often taken upright."""
    if file.read(2) != b"\xff\xd8":
        return None
    turned = False
    for _ in range(_SEGMENTS):
        head = file.read(4)
        if len(head) < 4 or head[0] != 0xFF:
            return None
        marker, length = head[1], _big(head[2:4])
        if marker in _FRAMES:
            frame = file.read(5)
            height, width = _big(frame[1:3]), _big(frame[3:5])
            if len(frame) < 5:
                return None
            return _Size(height, width) if turned else _Size(width, height)
        if length < 2:
            return None
        if marker == 0xE1:
            data = file.read(length - 2)
            turned = turned or _is_turned(data)
        else:
            file.seek(length - 2, os.SEEK_CUR)
    return None


def _is_turned(data: bytes) -> bool:
    """Whether an Exif segment says that rows are columns: orientation 5 to 8."""
    if data[:6] != b"Exif\0\0":
        return False
    tiff = data[6:]
    number: Callable[[bytes], int] = _little if tiff[:2] == b"II" else _big
    entries = number(tiff[4:8])
    for entry in range(min(number(tiff[entries : entries + 2]), 100)):
        at = entries + 2 + 12 * entry
        if number(tiff[at : at + 2]) == 0x0112:
            return 5 <= number(tiff[at + 8 : at + 10]) <= 8
    return False


_ROOT = re.compile(rb"<svg\b[^>]{0,3000}", re.IGNORECASE)
_ATTRIBUTE = re.compile(rb"""\s(width|height|viewBox)\s*=\s*["']([^"']{1,100})["']""")
_LENGTH = re.compile(rb"\s*([0-9]{1,7})(?:\.[0-9]*)?(?:px)?\s*")


def _svg(file: BinaryIO) -> _Size | None:
    """The size that a drawing asks for in pixels, else the one it was drawn in."""
    root = _ROOT.search(file.read(_HEAD))
    if root is None:
        return None
    said = {found[1]: found[2] for found in _ATTRIBUTE.finditer(root[0])}
    wanted = [said.get(b"width"), said.get(b"height")]
    if wanted == [None, None]:
        wanted = [*re.split(rb"[\s,]+", said.get(b"viewBox", b"").strip())][2:4]
    found = [_LENGTH.fullmatch(one) for one in wanted if one is not None]
    width, height = ([int(one[1]) for one in found if one] + [0, 0])[:2]
    return _Size(width, height) if width and height else _Size(0, 0)


_READERS: dict[str, Callable[[BinaryIO], _Size | None]] = {
    ".apng": _png,
    ".avif": _avif,
    ".gif": _gif,
    ".jpeg": _jpeg,
    ".jpg": _jpeg,
    ".png": _png,
    ".svg": _svg,
    ".webp": _webp,
}
