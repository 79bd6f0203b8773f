"""The header of a unit of .debug_info: what says how the rest is written. DWARF 2 to 5, 32 and 64 bit."""

from sitegen.crash.symbols.debug import Debug
from sitegen.crash.symbols.forms import DwarfError
from sitegen.record import Record


class Header(Record):
    """What stands before a unit's entries."""

    end: int
    "offset in .debug_info"
    version: int
    wide: int
    "bytes of an offset"
    word: int
    "bytes of an address"
    abbreviations_at: int
    id: int | None
    "what a skeleton shares with the unit it stands for"
    root: int
    "position of the first entry, from the header"


def read_header(debug: Debug, offset: int) -> Header:
    """The header at an offset of .debug_info."""
    order = debug.order
    head = debug.read("info", offset, offset + 48)
    if len(head) < 12:
        raise DwarfError("a unit beyond the end of .debug_info")
    length = int.from_bytes(head[:4], order)
    at, wide = 4, 4
    if length == 0xFFFFFFFF:
        length, at, wide = int.from_bytes(head[4:12], order), 12, 8
    end = offset + at + length
    if end > debug.size("info") or length < 8:
        raise DwarfError("a unit reaches beyond .debug_info")
    version = int.from_bytes(head[at : at + 2], order)
    if not 2 <= version <= 5:
        raise DwarfError(f"DWARF version {version}")
    at += 2
    kind = 1
    try:
        if version == 5:
            kind, word = head[at], head[at + 1]
            abbreviations = int.from_bytes(head[at + 2 : at + 2 + wide], order)
            at += 2 + wide
        else:
            abbreviations = int.from_bytes(head[at : at + wide], order)
            word = head[at + wide]
            at += wide + 1
    except IndexError as error:
        raise DwarfError("a unit without a header") from error
    if word not in {4, 8}:
        raise DwarfError(f"addresses of {word} bytes")
    # Skeleton and split units carry an id, type units a signature and an offset.
    number = int.from_bytes(head[at : at + 8], order) if kind in {4, 5} else None
    at += {4: 8, 5: 8, 2: 8 + wide, 6: 8 + wide}.get(kind, 0)
    return Header(end, version, wide, word, abbreviations, number, at)
