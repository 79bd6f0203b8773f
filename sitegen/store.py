"""A content-addressed cache: what was worked out once is read back, or worked out again.

Keys are digests of everything a result depends on, the package's own source
included, so there is no version to bump and nothing to invalidate. Entries are
written atomically and checked when read: a cache that is cut short, damaged,
read-only or deleted costs time and never a wrong answer.
"""

import hashlib
import os
import tempfile
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import TypeVar

import msgspec

from sitegen.folders import cache_folder
from sitegen.stopping import unstopped

_T = TypeVar("_T")


def digest(*parts: bytes | str) -> str:
    """A name for these parts in this order; the borders between them count."""
    state = hashlib.blake2b(digest_size=20)
    for part in parts:
        data = part.encode("utf-8", "surrogateescape") if isinstance(part, str) else part
        state.update(len(data).to_bytes(8, "little"))
        state.update(data)
    return state.hexdigest()


@cache
def code_version() -> str:
    """The digest of the package's own source."""
    package = Path(__file__).parent
    files = sorted(package.rglob("*.py"))
    return digest(
        *(part for path in files for part in (str(path.relative_to(package)), path.read_bytes()))
    )


def default_folder() -> Path | None:
    """The folder of all caches; None when there is no home."""
    folder = cache_folder()
    return Path(folder) if folder else None


class Store:
    """The memo folder of the cache. `Store(None)` remembers nothing."""

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder and folder / "memo"

    def find(self, kind: type[_T], key: str) -> _T | None:
        """The value under `key`; None when there is none that can be read as `kind`."""
        if self._folder is None:
            return None
        try:
            data = self._path(self._folder, key).read_bytes()
            if hashlib.blake2b(data[20:], digest_size=20).digest() != data[:20]:
                return None
            return msgspec.msgpack.decode(data[20:], type=kind)
        except (OSError, msgspec.MsgspecError):
            return None

    def put(self, key: str, value: object) -> None:
        """Keeps `value` where that is possible; a full disk or read-only folder is no error."""
        if self._folder is None:
            return
        data = msgspec.msgpack.encode(value)
        path = self._path(self._folder, key)
        with suppress(OSError):
            path.parent.mkdir(parents=True, exist_ok=True)
            write_atomically(path, hashlib.blake2b(data, digest_size=20).digest() + data)

    @staticmethod
    def _path(folder: Path, key: str) -> Path:
        return folder / key[:2] / key[2:]


def write_atomically(path: Path, data: bytes) -> None:
    """Writes `data` to `path` whole or not at all; raises OSError when it cannot."""
    with unstopped():
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=".sitegen-")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(data)
            Path(name).chmod(0o644)
            Path(name).replace(path)
        except BaseException:
            with suppress(OSError):
                Path(name).unlink()
            raise
