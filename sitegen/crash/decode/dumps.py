"""The `Code:` lines of a log, one after the other -> what to print below each.

The disassembler takes a tenth of a second to load, so what it made of bytes is kept:

    code/listing-<version>    machine, width, mark and bytes -> the lines, in a ledger
"""

from __future__ import annotations

import os
import sys

from sitegen.crash.symbols import ledger
from sitegen.record import Record

LONGEST = 512
"bytes of a dump that are looked at; kernels print 64"
_FEWEST = 4
"items without a mark that make a dump; fewer are prose"
_HEX = b"0123456789abcdef"
_LINES = b"\x1e"
"stands for a line end in the cache"


class Dump(Record):
    """What a `Code:` line lists."""

    items: tuple[bytes, ...]
    "in hexadecimal, all of one width"
    mark: int | None
    "index of the item that the PC points to"


class Dumps:
    """Reads `Code:` lines and those that go on with them. Answers what stands below each."""

    def __init__(self, machine: str, folder: str = "") -> None:
        """`machine` as `uname -m` prints it; `folder` is the cache's, empty for none."""
        self.waiting = False
        "the last line listed bytes and no mark: the next may go on with it"
        self._machine = machine
        self._folder = folder
        self._known: bytes | None = None
        self._new: dict[bytes, bytes] = {}
        self._dump: Dump | None = None
        self._end = b"\n"
        self._compat = False

    def read(self, text: bytes, *, compat: bool) -> tuple[bytes, bytes]:
        """What to print before and after the line. `compat`: the code of a 32-bit program on x86-64."""
        dump = self._dump
        if dump is not None:
            rest = _items_of(text, len(dump.items[0]), fewest=1)
            if rest is None:
                return self.finish(), self._begin(text, compat=compat)
            mark = None if rest.mark is None else rest.mark + len(dump.items)
            self._dump = Dump(dump.items + rest.items, mark)
            return b"", self.finish()
        return b"", self._begin(text, compat=compat)

    def _begin(self, text: bytes, *, compat: bool) -> bytes:
        """A line that may list bytes; what is to be printed below when it has a mark."""
        dump = dump_of(text)
        if dump is None:
            return b""
        self._dump, self._compat = dump, compat
        self._end = text[len(text.rstrip(b"\r\n")) :]
        self.waiting = dump.mark is None
        return b"" if self.waiting else self.finish()

    def finish(self) -> bytes:
        """The listing of what was read last."""
        dump, self._dump, self.waiting = self._dump, None, False
        if dump is None:
            return b""
        end = self._end or b"\n"
        text = b"".join(line + end for line in self._listing(dump))
        return text if self._end else end + text

    # --- listings -------------------------------------------------------------------------

    def _listing(self, dump: Dump) -> list[bytes]:
        width = len(dump.items[0]) // 2
        machine = self._machine
        if machine == "arm" and width == 2:
            machine = "thumb"
        elif machine == "x86_64" and self._compat:
            machine = "i386"
        mark = "" if dump.mark is None else f"{dump.mark}"
        key = f"{machine} {width} {mark} ".encode() + b"".join(dump.items)
        found = self._new.get(key) or ledger.find(self._read(), key)
        if found is None:
            found = _LINES.join(_made(dump, machine, width))
            self._new[key] = found
        return found.split(_LINES) if found else []

    def _read(self) -> bytes:
        if self._known is None:
            self._known = ledger.read(self._place()) if self._folder else b""
        return self._known

    def _place(self) -> str:
        return os.path.join(self._folder, "code", f"listing-{_version()}")

    def save(self) -> None:
        """Write what is new to the cache; a failure to write is none."""
        if self._new and self._folder:
            known = ledger.entries(ledger.read(self._place()))
            known.update(self._new)
            if sum(len(key) + len(value) + 12 for key, value in known.items()) > ledger.MOST_BYTES:
                known = self._new
            ledger.write(self._place(), known)
        self._new = {}


def _made(dump: Dump, machine: str, width: int) -> list[bytes]:
    from sitegen.crash.decode.listing import BIG, listing  # noqa: PLC0415  reason: the cache may know

    # Words are printed as numbers: on most machines the byte at the lowest address comes last.
    order = 1 if machine in BIG else -1
    data = b"".join(bytes.fromhex(item.decode())[::order] for item in dump.items)
    mark = None if dump.mark is None else dump.mark * width
    return [line.encode() for line in listing(data, machine, mark=mark, width=width)]


def _version() -> str:
    """A token of the disassembler and of what we make of it: sizes and times of their files."""
    from binascii import crc32  # noqa: PLC0415  reason: only with a cache

    here = os.path.dirname(__file__)
    paths = [os.path.join(here, "listing.py"), __file__]
    code = os.path.join(os.path.dirname(here), "code")
    paths += (
        sorted(entry.path for entry in os.scandir(code)) if os.path.isdir(code) else [f"{code}.py"]
    )
    paths += [os.path.join(folder, "capstone", "__init__.py") for folder in sys.path]
    rows = []
    for path in paths:
        try:
            found = os.stat(path)
        except OSError:
            continue
        rows.append((os.path.basename(path), found.st_size, found.st_mtime_ns))
    return f"{crc32(repr(rows).encode()):08x}"


# --- lines --------------------------------------------------------------------------------


def dump_of(text: bytes) -> Dump | None:
    """The bytes that a line lists behind `Code:`; None for words instead of bytes."""
    _, found, rest = text.partition(b"Code:")
    return _items_of(rest, 0, fewest=_FEWEST) if found else None


def _items_of(text: bytes, width: int, *, fewest: int) -> Dump | None:
    """A text of nothing but items; `width` in digits, 0 when any will do. A prefix may stand before."""
    items: list[bytes] = []
    mark = None
    words = text[: 16 * LONGEST].split()
    if width:
        words = _without_prefix(words)
    for word in words[: LONGEST + 1]:
        # RISC-V puts one pair of parentheses around all items of an instruction.
        item = word.rstrip(b">)")
        if word[:1] in {b"<", b"("}:
            item = item[1:]
            if mark is not None:
                return None
            mark = len(items)
        width = width or len(item)
        if len(item) != width or width not in {2, 4, 8} or item.strip(_HEX):
            return None
        items.append(item)
    if len(items) < (fewest if mark is None else 1) or len(items) * width > 2 * LONGEST:
        return None
    return Dump(tuple(items), mark)


def _without_prefix(words: list[bytes]) -> list[bytes]:
    """The words behind `[    1.000000]` and `[   T12]`."""
    at = 0
    while at < len(words) and words[at][:1] == b"[":
        while at < len(words) and words[at][-1:] != b"]":
            at += 1
        at += 1
    return words[at:]
