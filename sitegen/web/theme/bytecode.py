"""Compiled templates on disk, which may be stale, cut short or damaged: such are compiled again.

Python reads a damaged code object and crashes, so none is loaded whose checksum is wrong.
"""

import hashlib
from contextlib import suppress
from pathlib import Path

import jinja2
from jinja2.bccache import Bucket

from sitegen.store import write_atomically

_SUM = 32  # bytes
_MOST = 8 << 20


class Bytecode(jinja2.BytecodeCache):
    """A folder with a file a template: the checksum, then jinja's bytes. A disk that fails is no cache."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def load_bytecode(self, bucket: Bucket) -> None:
        with suppress(OSError):
            path = self._path(bucket)
            if not path.is_file():
                return
            with path.open("rb") as file:
                data = file.read(_MOST)
            if data[:_SUM] == _checksum(bucket.key, data[_SUM:]):
                bucket.bytecode_from_string(data[_SUM:])

    def dump_bytecode(self, bucket: Bucket) -> None:
        with suppress(OSError):
            self._folder.mkdir(parents=True, exist_ok=True)
            data = bucket.bytecode_to_string()
            write_atomically(self._path(bucket), _checksum(bucket.key, data) + data)

    def _path(self, bucket: Bucket) -> Path:
        return self._folder / f"{bucket.key}.bin"


def _checksum(key: str, data: bytes) -> bytes:
    """Of one template's bytes: those of another under its name are wrong, too."""
    return hashlib.blake2b(key.encode() + b"\0" + data, digest_size=_SUM).digest()
