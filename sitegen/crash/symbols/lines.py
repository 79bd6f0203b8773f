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

_LINE_BITS = 28
_LINE = (1 << _LINE_BITS) - 1
"a state is an address and, in so many bits, a line: a source of more is none"
_NEVER = 1 << 100
_ALWAYS = -_NEVER


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
        # Address and line are one number: a program has a dozen operations a line of source, and
        # this loop is a third of a cold decode. Addresses in it count from the sequence's first.
        moves = _moves(base, step, self._line_base, self._line_range)
        origin = 0
        state, file, column = 1, 1, 0
        row: int | None = None  # the state of the last row, None before a sequence has any
        row_file, row_column = 1, 0
        goal = _NEVER  # the next wanted address, as a state; rows up to it need no look
        # Going through an iterator is a third faster than counting positions.
        program = iter(self._data[self._start :])
        for op in program:
            if op >= base:
                state += moves[op]
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
                    state += byte - 0x80 if byte & 0x40 else byte
                    continue
                high = next(program)
                if high < 0x80:
                    state += (byte & 0x7F | high << 7) - ((high & 0x40) << 8)
                    continue
                state += _sleb(byte, chain((high,), program))
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
                    if row is None:
                        origin = address
                        goal = _goal(wanted, address, origin)
                    state = (address - origin) << _LINE_BITS | state & _LINE
                    continue
                if kind != 1:  # define_file, set_discriminator, of a vendor
                    deque(islice(program, length - 1), 0)
                    continue
                if state > goal and row is not None:
                    last = Row(row_file, row & _LINE, row_column)
                    start, end = row >> _LINE_BITS, state >> _LINE_BITS
                    if take(origin + start, origin + end, last):
                        return
                origin, goal, row = 0, _NEVER, None
                state, file, column = 1, 1, 0
                continue
            elif op == 8:  # const_add_pc
                state += (255 - base) // self._line_range * step << _LINE_BITS
                continue
            elif op == 2:  # advance_pc
                state += _uleb(next(program), program) * step << _LINE_BITS
                continue
            elif op in {7, 10, 11}:  # basic_block, prologue_end, epilogue_begin
                continue
            elif op == 9:  # fixed_advance_pc
                state += int.from_bytes(islice(program, 2), self._order) << _LINE_BITS
                continue
            else:  # set_isa, and what newer versions add
                for _ in range(self._operands[op - 1]):
                    _uleb(next(program), program)
                continue
            if state > goal:
                end = state >> _LINE_BITS
                if row is not None and (start := row >> _LINE_BITS) < end:
                    last = Row(row_file, row & _LINE, row_column)
                    if take(origin + start, origin + end, last):
                        return
                goal = _goal(wanted, origin + end, origin)
            row = state
            row_file = file
            row_column = column


def _goal(wanted: list[int] | None, address: int, origin: int) -> int:
    """The largest state of the first wanted address from `address` on; below all where all count."""
    if wanted is None:
        return _ALWAYS
    goal = next((one for one in wanted if one >= address), None)
    return _NEVER if goal is None else (goal - origin) << _LINE_BITS | _LINE


@cache
def _moves(base: int, step: int, lowest: int, lines: int) -> list[int]:
    """What each operation adds to a state. All units of an image agree on it."""
    return [
        ((op - base) // lines * step << _LINE_BITS) + lowest + (op - base) % lines
        for op in range(256)
    ]


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
