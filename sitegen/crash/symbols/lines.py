"""A unit's line program: addresses -> file, line, column. DWARF 2 to 5.

The program is run once for all addresses asked of a unit, and stops when each has its row.
"""

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from functools import cache, cached_property
from itertools import chain, islice

from sitegen.crash.symbols.debug import Debug
from sitegen.crash.symbols.filenames import FileNames
from sitegen.crash.symbols.forms import DwarfError
from sitegen.record import Record

_NEVER = 1 << 65


class Row(Record):
    """What the program says of an address."""

    file: int
    line: int
    column: int


class Lines:
    """The line program at an offset of .debug_line."""

    def __init__(self, debug: Debug, offset: int) -> None:
        self._debug = debug
        order = self._order = debug.order
        head = debug.read("line", offset, offset + 32)
        if len(head) < 24:
            raise DwarfError("a line program beyond .debug_line")
        length = int.from_bytes(head[:4], order)
        at, self._wide = 4, 4
        if length == 0xFFFFFFFF:
            length, at, self._wide = int.from_bytes(head[4:12], order), 12, 8
        if offset + at + length > debug.size("line"):
            raise DwarfError("a line program reaches beyond .debug_line")
        data = self._data = debug.read("line", offset, offset + at + length)
        try:
            self.version = int.from_bytes(data[at : at + 2], order)
            if not 2 <= self.version <= 5:
                raise DwarfError(f"a line program of version {self.version}")
            at += 2
            if self.version == 5:
                if data[at] not in {4, 8}:
                    raise DwarfError(f"a line program with addresses of {data[at]} bytes")
                at += 2
            size = int.from_bytes(data[at : at + self._wide], order)
            at += self._wide
            self._start = at + size
            self._step = data[at]
            at += 2 if self.version >= 4 else 1  # operations of a VLIW bundle: kernels have none
            self._line_base = int.from_bytes(data[at + 1 : at + 2], order, signed=True)
            self._line_range = data[at + 2]
            self._opcode_base = data[at + 3]
            if not self._line_range or not self._opcode_base:
                raise DwarfError("a line program that divides by zero")
            self._operands = data[at + 4 : at + 3 + self._opcode_base]
            self._tables_at = at + 3 + self._opcode_base
        except IndexError as error:
            raise DwarfError("a line program without a header") from error

    @cached_property
    def names(self) -> FileNames:
        """What its file numbers stand for."""
        return FileNames(
            self._debug, self._data, self._tables_at, version=self.version, wide=self._wide
        )

    def rows_at(self, addresses: Sequence[int]) -> dict[int, Row]:
        """The row of each address that the program covers."""
        wanted = sorted(set(addresses))
        found: dict[int, Row] = {}

        def answer(low: int, high: int, row: Row) -> bool:
            for address in wanted:
                if low <= address < high and address not in found:
                    found[address] = row
            return len(found) == len(wanted)

        self._run(wanted, answer)
        return found

    def rows_in(self, low: int, high: int) -> list[tuple[int, int, Row]]:
        """All (start, end, row) pieces that touch [low, high), in the program's order."""
        found: list[tuple[int, int, Row]] = []

        def keep(start: int, end: int, row: Row) -> bool:
            if start < high and end > low:
                found.append((start, end, row))
            return False

        self._run(None, keep)
        return found

    def _run(self, wanted: list[int] | None, take: Callable[[int, int, Row], bool]) -> None:
        """Run the program; `take` gets the pieces that hold a wanted address (or all), and ends it.

        A piece ends where the next row of its sequence begins, so of several rows at one address
        only the last has one, as in every other reader.
        """
        try:
            self._steps(wanted, take)
        except (IndexError, StopIteration) as error:
            raise DwarfError("a line program that is cut off") from error

    def _steps(self, wanted: list[int] | None, take: Callable[[int, int, Row], bool]) -> None:
        base, step = self._opcode_base, self._step
        advances, shifts = _special(base, step, self._line_base, self._line_range)
        address, file, line, column = 0, 1, 1, 0
        since = -1  # the address of the last row; -1 before a sequence has any
        row_file, row_line, row_column = 1, 1, 0  # what it said
        goal = _NEVER  # the next wanted address; rows up to it need no look
        # A program has a dozen operations a line of source: this loop is half of a cold decode,
        # and going through an iterator is a third faster than counting positions.
        program = iter(self._data[self._start :])
        for op in program:
            if op >= base:
                address += advances[op]
                line += shifts[op]
            elif op == 5:  # set_column
                column = next(program)
                if column >= 0x80:
                    column = _uleb(column, program)
                continue
            elif op == 6:  # negate_stmt
                continue
            elif op == 1:  # copy
                pass
            elif op == 3:  # advance_line
                byte = next(program)
                if byte < 0x80:
                    line += byte - 0x80 if byte & 0x40 else byte
                    continue
                high = next(program)
                if high < 0x80:
                    line += (byte & 0x7F | high << 7) - ((high & 0x40) << 8)
                    continue
                line += _sleb(byte, chain((high,), program))
                continue
            elif op == 4:  # set_file
                file = next(program)
                if file >= 0x80:
                    file = _uleb(file, program)
                continue
            elif op == 0:
                length = next(program)
                if length >= 0x80:
                    length = _uleb(length, program)
                if not length:
                    raise DwarfError("a line program that is cut off")
                kind = next(program)
                if kind == 2:  # set_address
                    address = int.from_bytes(islice(program, length - 1), self._order)
                    if wanted is None:
                        goal = -1
                    elif since < 0:
                        goal = next((a for a in wanted if a >= address), _NEVER)
                    continue
                if kind != 1:  # define_file, set_discriminator, of a vendor
                    deque(islice(program, length - 1), 0)
                    continue
                row = Row(row_file, row_line, row_column)
                if address > goal and since >= 0 and take(since, address, row):
                    return
                address, file, line, column = 0, 1, 1, 0
                since, goal = -1, _NEVER
                continue
            elif op == 8:  # const_add_pc
                address += advances[255]
                continue
            elif op == 2:  # advance_pc
                address += _uleb(next(program), program) * step
                continue
            elif op in {7, 10, 11}:  # basic_block, prologue_end, epilogue_begin
                continue
            elif op == 9:  # fixed_advance_pc
                address += int.from_bytes(islice(program, 2), self._order)
                continue
            else:  # set_isa, and what newer versions add
                for _ in range(self._operands[op - 1]):
                    _uleb(next(program), program)
                continue
            if address > goal:
                row = Row(row_file, row_line, row_column)
                if 0 <= since < address and take(since, address, row):
                    return
                if wanted is not None:
                    goal = next((a for a in wanted if a >= address), _NEVER)
            since = address
            row_file, row_line, row_column = file, line, column


@cache
def _special(base: int, step: int, lowest: int, lines: int) -> tuple[list[int], list[int]]:
    """What each operation adds to the address and to the line. All units of an image agree on it."""
    return (
        [(op - base) // lines * step for op in range(256)],
        [lowest + (op - base) % lines for op in range(256)],
    )


def _uleb(byte: int, program: Iterator[int]) -> int:
    """The unsigned number that begins with a byte, the rest taken from the program."""
    value, shift = byte & 0x7F, 7
    while byte >= 0x80:
        byte = next(program)
        value |= (byte & 0x7F) << shift
        shift += 7
        if shift > 70:
            raise DwarfError("a number without an end")
    return value


def _sleb(byte: int, program: Iterator[int]) -> int:
    """The signed number that begins with a byte, the rest taken from the program."""
    value, shift = byte & 0x7F, 7
    while byte >= 0x80:
        byte = next(program)
        value |= (byte & 0x7F) << shift
        shift += 7
        if shift > 70:
            raise DwarfError("a number without an end")
    return value - (1 << shift) if byte & 0x40 else value
