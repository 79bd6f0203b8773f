"""What an entry covers: its low and high PC, or its list in .debug_ranges or .debug_rnglists."""

from sitegen.crash.symbols.abbreviations import Abbreviation
from sitegen.crash.symbols.forms import (
    ADDRX,
    AT_HIGH_PC,
    AT_LOW_PC,
    AT_RANGES,
    AT_RNGLISTS_BASE,
    F_ADDR,
    F_RNGLISTX,
    DwarfError,
    uleb,
)
from sitegen.crash.symbols.unit import Unit

MOST_RANGES = 1 << 16
"ranges of one entry that are read"


def ranges_of(unit: Unit, kind: Abbreviation, at: int) -> tuple[tuple[int, int], ...]:
    """The [low, high) pairs that an entry covers; empty when it says nothing of it."""
    if kind.span is not None:
        begin, length, size = kind.span
        data, order = unit.data, unit.order
        start = int.from_bytes(data[at + begin : at + begin + unit.word], order)
        return ((start, start + int.from_bytes(data[at + length : at + length + size], order)),)
    found = unit.find(kind, at, AT_RANGES)
    if found is not None and isinstance(found[1], int):
        if unit.version < 5:
            return _old_ranges(unit, found[1])
        return _ranges(unit, found[0], found[1])
    low = unit.number(kind, at, AT_LOW_PC)
    high = unit.find(kind, at, AT_HIGH_PC)
    if low is None or high is None or isinstance(high[1], bytes):
        return ()
    if high[0] == F_ADDR:
        return ((low, high[1]),)
    if high[0] in ADDRX:
        return ((low, unit.address(high[1])),)
    return ((low, low + high[1]),)


def _old_ranges(unit: Unit, offset: int) -> tuple[tuple[int, int], ...]:
    found = []
    base = unit.low_pc
    word = unit.word
    debug, shift = unit.old_ranges
    offset += shift
    for at in range(offset, offset + 2 * word * MOST_RANGES, 2 * word):
        raw = debug.peek("ranges", at, 2 * word)
        if len(raw) < 2 * word:
            break
        low, high = int.from_bytes(raw[:word], unit.order), int.from_bytes(raw[word:], unit.order)
        if low == (1 << 8 * word) - 1:
            base = high
        elif low == high == 0:
            break
        else:
            found.append((base + low, base + high))
    return tuple(found)


def _ranges(unit: Unit, form: int, value: int) -> tuple[tuple[int, int], ...]:
    offset = value
    if form == F_RNGLISTX:
        base = unit.base(AT_RNGLISTS_BASE, 12 if unit.wide == 4 else 20)
        at = base + value * unit.wide
        offset = base + unit.debug.number("rnglists", at, unit.wide)
    width = 256
    while True:
        raw = unit.debug.peek("rnglists", offset, width)
        try:
            return _range_list(unit, raw)
        except (DwarfError, IndexError):
            if len(raw) < width or width > 1 << 20:
                raise DwarfError("a range list without an end") from None
            width *= 8


def _range_list(unit: Unit, raw: bytes) -> tuple[tuple[int, int], ...]:
    found: list[tuple[int, int]] = []
    base = unit.low_pc
    word, order = unit.word, unit.order
    at = 0
    while True:
        kind = raw[at]
        at += 1
        if kind == 0:
            return tuple(found)
        if kind in {1, 2, 3, 4}:
            first, at = uleb(raw, at)
            if kind == 1:  # base_addressx
                base = unit.address(first)
                continue
            second, at = uleb(raw, at)
            if kind == 2:  # startx_endx
                found.append((unit.address(first), unit.address(second)))
            elif kind == 3:  # startx_length
                low = unit.address(first)
                found.append((low, low + second))
            else:  # offset_pair
                found.append((base + first, base + second))
            continue
        if kind > 7 or at + word > len(raw):
            raise DwarfError("a range list of an unknown kind")
        low = int.from_bytes(raw[at : at + word], order)
        at += word
        if kind == 5:  # base_address
            base = low
        elif kind == 6:  # start_end
            if at + word > len(raw):
                raise DwarfError("a range list without an end")
            found.append((low, int.from_bytes(raw[at : at + word], order)))
            at += word
        else:  # start_length
            length, at = uleb(raw, at)
            found.append((low, low + length))
