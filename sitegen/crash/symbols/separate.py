"""An image without debug information -> the file that holds it, in the places where distributions put it.

By build ID below /usr/lib/debug/.build-id, or by the name in .gnu_debuglink beside the image. Takes
only a file that proves to belong to the image: by its build ID, or by the checksum in the link.
"""

import os
import zlib
from collections.abc import Iterator

from sitegen.crash.symbols.image import Image
from sitegen.crash.symbols.values import ImageError

ROOTS: tuple[str, ...] = ("/usr/lib/debug",)
_PIECE = 1 << 20


def find(image: Image) -> Image | None:
    """The debug file of an image, open; None when there is none that belongs to it."""
    link, checksum = _link(image)
    for path in _by_build_id(image.build_id):
        found = _open(path, image)
        if found is not None and found.build_id == image.build_id:
            return found
    for path in _by_link(image.path, link):
        found = _open(path, image)
        if found is None:
            continue
        if found.build_id == image.build_id if image.build_id else _sum(path) == checksum:
            return found
        found.close()
    return None


def _by_build_id(build_id: str) -> Iterator[str]:
    if len(build_id) > 8:
        for root in ROOTS:
            yield os.path.join(root, ".build-id", build_id[:2], build_id[2:] + ".debug")


def _by_link(path: str, name: str) -> Iterator[str]:
    if not name or "/" in name or name.startswith("."):
        return
    folder = os.path.dirname(os.path.abspath(path))
    yield os.path.join(folder, name)
    yield os.path.join(folder, ".debug", name)
    for root in ROOTS:
        yield os.path.join(root, folder.lstrip("/"), name)


def _link(image: Image) -> tuple[str, int]:
    """(file name, checksum) of .gnu_debuglink; an empty name without one."""
    section = image.find(".gnu_debuglink")
    raw = image.read(section, 0, min(section.size, 512)) if section else b""
    name, end, _ = raw.partition(b"\0")
    at = len(name) + 4 & ~3
    if not end or len(raw) < at + 4:
        return "", 0
    return name.decode("ascii", "replace"), int.from_bytes(raw[at : at + 4], image.encoding.order)


def _open(path: str, image: Image) -> Image | None:
    try:
        if os.path.samefile(path, image.path):
            return None
        found = Image(path, image.name)
    except (OSError, ImageError):
        return None
    if found.find(".debug_info") is not None and found.is_module == image.is_module:
        return found
    found.close()
    return None


def _sum(path: str) -> int:
    total = 0
    try:
        with open(path, "rb") as file:
            while piece := file.read(_PIECE):
                total = zlib.crc32(piece, total)
    except OSError:
        return -1
    return total
