"""Where a tree's bytes come from: what all forms promise, and the plain folder.

Paths come from debug information, logs and directives, so nothing in them is trusted:
only regular files inside the tree are read, and links are followed inside of it only.
"""

import posixpath
from itertools import islice
from pathlib import Path
from typing import NamedTuple, Protocol

MOST_NAMES = 4000
"""Names of a folder that are looked at to find the nearest."""

MAX_BYTES = 8 << 20
"""A longer file is not read. The longest C file with code in it has a tenth of that."""


class Absent(NamedTuple):
    """Why a file cannot be read, in words that end a sentence about its name."""

    reason: str = "is not there"


TOO_LONG = Absent(f"is longer than {MAX_BYTES >> 20} MiB")


class Files(Protocol):
    """The files of one tree. All forms follow links, but never out of the tree."""

    commit: str
    "of a repository; empty for the others"

    def read(self, path: str) -> bytes | Absent:
        """The bytes of a file. `path` is as `clean_path` gives it."""
        ...

    def names(self, folder: str) -> tuple[str, ...]:
        """The names of the files right in a folder, sorted, as far as they are needed for hints."""
        ...

    def close(self) -> None: ...


def clean_path(path: str) -> str | None:
    """`path` relative to the tree's root, without `.` and `..`; None when it may lead outside.

    >>> clean_path("./arch/x86/include/../kernel/traps.c")
    'arch/x86/kernel/traps.c'
    >>> clean_path("fs/../../etc/passwd") is None
    True
    """
    if not path or path.startswith("/") or "\\" in path or not path.isprintable():
        return None
    name = posixpath.normpath(path)
    return None if name in {".", ".."} or name.startswith("../") else name


class Folder:
    """A folder as it lies there."""

    commit = ""

    def __init__(self, path: Path) -> None:
        self._root = path.resolve()

    def read(self, path: str) -> bytes | Absent:
        try:
            file = (self._root / path).resolve(strict=True)
            # A pipe or a device would be waited for, or read without an end.
            if not file.is_relative_to(self._root) or not file.is_file():
                return Absent()
            with file.open("rb") as stream:
                data = stream.read(MAX_BYTES + 1)
        except PermissionError:
            return Absent("may not be read")
        except (OSError, RuntimeError):  # RuntimeError: a loop of links, before Python 3.13
            return Absent()
        return data if len(data) <= MAX_BYTES else TOO_LONG

    def names(self, folder: str) -> tuple[str, ...]:
        try:
            inside = (self._root / folder).resolve(strict=True)
            if not inside.is_relative_to(self._root):
                return ()
            found = islice((one.name for one in inside.iterdir() if one.is_file()), MOST_NAMES)
            return tuple(sorted(found))
        except (OSError, RuntimeError):
            return ()

    def close(self) -> None:
        pass
