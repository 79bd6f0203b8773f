"""What is dear to make of an image and the same every time, as one flat file.

Sorted addresses and ranges of units: tens of milliseconds of a kernel by GCC, half a second of one
by clang, which writes no table of ranges.
"""

from array import array
from binascii import crc32

from sitegen.crash.symbols.ledger import replace
from sitegen.record import Record

_MAGIC = b"sitegen index 2\n"
_HEAD = len(_MAGIC) + 21
"the magic, a checksum, two counts, and whether it is complete"


class Index(Record):
    """Addresses of an image."""

    starts: "array[int]"
    "of code symbols, sorted"
    ranges: "array[int]"
    "low, high and unit offset, by low, three numbers each"
    complete: bool
    "whether the units without .debug_aranges are among them"


def load(path: str) -> Index | None:
    """The index in a file; None when there is none, or it is damaged."""
    try:
        with open(path, "rb") as file:
            head = file.read(_HEAD)
            body = file.read()
    except OSError:
        return None
    if len(head) < _HEAD or not head.startswith(_MAGIC):
        return None
    at = len(_MAGIC)
    total, first, second = (
        int.from_bytes(head[at + start : at + end], "little")
        for start, end in ((0, 4), (4, 12), (12, 20))
    )
    if len(body) != 8 * (first + second) or second % 3 or crc32(body, head[-1]) != total:
        return None
    starts, ranges = array("Q"), array("Q")
    starts.frombytes(memoryview(body)[: 8 * first])
    ranges.frombytes(memoryview(body)[8 * first :])
    return Index(starts, ranges, complete=head[-1] == 1)


def save(path: str, index: Index) -> None:
    """Write the index of an image; a failure to write is no failure."""
    body = index.starts.tobytes() + index.ranges.tobytes()
    head = crc32(body, index.complete).to_bytes(4, "little")
    head += len(index.starts).to_bytes(8, "little") + len(index.ranges).to_bytes(8, "little")
    replace(path, _MAGIC + head + bytes([index.complete]) + body)
