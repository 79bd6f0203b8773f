"""Sorted text files of `key TAB TAB value` lines, each with its checksum: the form of our caches.

A key is found by halving, so a file of megabytes answers a few questions without being read line
by line. What is damaged is not found; what cannot be written is not written.
"""

from __future__ import annotations

import os
from binascii import crc32

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

BETWEEN = b"\t\t"
MOST_BYTES = 1 << 23
"a file that grew beyond counts as empty"
_SUM = 9
"`89abcdef ` before each line"


def read(path: str) -> bytes:
    """The file, for `find` and `entries`; empty when there is none."""
    try:
        with open(path, "rb") as file:
            data = file.read(MOST_BYTES + 1)
    except OSError:
        return b""
    return data if len(data) <= MOST_BYTES else b""


def find(data: bytes, key: bytes) -> bytes | None:
    """The value of a key; None when it is not there, or its line is damaged."""
    wanted = key + BETWEEN
    low, high = 0, len(data)
    while low < high:
        middle = (low + high) // 2
        start = data.rfind(b"\n", low, middle) + 1 or low
        end = data.find(b"\n", middle, high)
        end = end if end >= 0 else high
        line = data[start:end]
        if line.startswith(wanted, _SUM):
            return line[_SUM + len(wanted) :] if _holds(line) else None
        if line[_SUM:] < wanted:
            low = end + 1
        else:
            high = start
    return None


def entries(data: bytes) -> dict[bytes, bytes]:
    """All that is there and undamaged."""
    found = {}
    for line in data.split(b"\n"):
        key, between, value = line[_SUM:].partition(BETWEEN)
        if between and _holds(line):
            found[key] = value
    return found


def _holds(line: bytes) -> bool:
    return line[:_SUM] == b"%08x " % crc32(line[_SUM:])


def write(path: str, known: Mapping[bytes, bytes]) -> None:
    """Put a file of these entries there. Keys and values hold no line ends, keys no two tabs."""
    lines = sorted(key + BETWEEN + value for key, value in known.items())
    replace(path, b"".join([b"%08x %s\n" % (crc32(line), line) for line in lines]))


def replace(path: str, data: bytes) -> None:
    """Put a file there at once or not at all, and take away its predecessors of other versions.

    A file is named `kind-version`, or has no predecessors. What processes left that died while
    they wrote goes, too.
    """
    folder, name = os.path.split(path)
    temporary = f"{path}.{os.getpid()}"
    try:
        os.makedirs(folder, exist_ok=True)
        try:
            with open(temporary, "wb") as file:
                file.write(data)
            os.replace(temporary, path)
        except OSError:
            os.unlink(temporary)
            raise
        kind, dash, _ = name.partition("-")
        for other in os.listdir(folder):
            whole, dot, process = other.partition(".")
            old = bool(dash) and whole.startswith(kind + dash) and whole != name
            if (not dot and old) or ((old or whole == name) and _is_gone(process)):
                os.unlink(os.path.join(folder, other))
    except OSError:
        return  # a full disk or a folder of someone else: the next run is slower, no more


def _is_gone(process: str) -> bool:
    """Whether that is the number of a process that ran here and does no more."""
    if not process.isdecimal():
        return False
    try:
        os.kill(int(process), 0)
    except ProcessLookupError:
        return True
    except (OSError, OverflowError):
        return False  # of another user
    return False
