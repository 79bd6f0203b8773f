"""Calls -> the lines of their functions, from the declaration to the last line that made code."""

from bisect import bisect_right

from sitegen.crash.symbols import functions
from sitegen.crash.symbols.forms import DwarfError
from sitegen.crash.symbols.ranges import ranges_of
from sitegen.crash.symbols.reader import Reader
from sitegen.crash.symbols.unit import Unit
from sitegen.crash.symbols.values import Bounds, ImageError


def bounds_at(reader: Reader, pc: int, start: int, count: int) -> tuple[Bounds, ...]:
    """Bounds of the `count` functions active at `pc`, innermost first; empty ones when not known."""
    nothing = (Bounds(""),) * count
    try:
        unit = reader.units.find([pc]).get(pc) if reader.has_lines else None
        if unit is None:
            return nothing
        active = functions.active_at(reader.units, unit, [pc]).get(pc, ())
        found = tuple(_of_function(reader, unit, one.position) for one in active)
        # Assemblers write no entry for a function, or one without a line.
        if not found or (len(found) == 1 and found[0].first is None):
            return (_of_assembly(reader, unit, start),) * count
    except (DwarfError, ImageError):
        return nothing
    return found if len(found) == count else nothing


def _of_function(reader: Reader, unit: Unit, position: int) -> Bounds:
    file, first = reader.declared(unit, position)
    kind, at = unit.entry(position)
    lines = reader.lines_of(unit)
    if kind is None or lines is None or not file:
        return Bounds(file, first)
    ranges = ranges_of(unit, kind, at)
    if not ranges:
        return Bounds(file, first)
    others = _merged(functions.inlined_ranges(unit, position))
    begins = [low for low, _ in others]
    last = first
    known: dict[int, bool] = {}
    pieces = lines.rows_in(min(low for low, _ in ranges), max(high for _, high in ranges))
    for begin, end, row in pieces:
        if begin >= end or not any(low <= begin < high for low, high in ranges):
            continue
        inlined = bisect_right(begins, begin) - 1
        if inlined >= 0 and begin < others[inlined][1]:
            continue
        if last is None or row.line > last:
            if row.file not in known:
                known[row.file] = reader.path_of(unit, lines, row.file) == file
            if known[row.file]:
                last = row.line
    return Bounds(file, first, last)


def _merged(ranges: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """The same ranges, sorted, with those that touch made one."""
    found: list[tuple[int, int]] = []
    for low, high in sorted(ranges):
        if found and low <= found[-1][1]:
            found[-1] = found[-1][0], max(high, found[-1][1])
        else:
            found.append((low, high))
    return found


def _of_assembly(reader: Reader, unit: Unit, start: int) -> Bounds:
    """Of a function without an entry: the lines of its code, as far as they are of one file."""
    lines = reader.lines_of(unit)
    if lines is None:
        return Bounds("")
    rows = [
        row
        for begin, end, row in lines.rows_in(start, start + reader.symbols.size_of(start))
        if begin < end and row.line
    ]
    if not rows:
        return Bounds("")
    same = [row.line for row in rows if row.file == rows[0].file]
    return Bounds(reader.path_of(unit, lines, rows[0].file), min(same), max(same))
