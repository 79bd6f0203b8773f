"""`.manifest.json` of the output folder: which files a build wrote, so that others are let alone.

It may come from anywhere: a path that leads out of the folder is not taken.
"""

import stat
from functools import lru_cache
from pathlib import Path
from typing import Any

import msgspec

MANIFEST = ".manifest.json"


def encode_manifest(files: dict[str, str]) -> bytes:
    """The manifest of files and their digests, by path."""
    encoded = msgspec.json.encode({"files": files}, order="sorted")
    return msgspec.json.format(encoded, indent=1) + b"\n"


_LARGEST = 64 << 20
"""Bytes of a manifest."""


class _Manifest(msgspec.Struct):
    """What a manifest says, of which only the names are relied upon."""

    files: dict[str, Any]


def read_manifest(path: Path) -> dict[str, str] | None:
    """Paths and digests of the last build; None when there is no manifest that can be read."""
    try:
        found = path.stat()
        if not stat.S_ISREG(found.st_mode) or found.st_size > _LARGEST:
            return None
        files = msgspec.json.decode(path.read_bytes(), type=_Manifest).files
    except (OSError, ValueError, RecursionError):
        return None
    return {name: str(value) for name, value in files.items() if _is_safe(name)}


@lru_cache(1 << 16)
def _is_safe(path: str) -> bool:
    """Whether a path of a manifest stays inside the folder: it may come from anywhere."""
    parts = path.split("/")
    whole = path.isprintable() and len(path.encode()) <= 4000
    return whole and not any(part in {"", ".", ".."} for part in parts)
