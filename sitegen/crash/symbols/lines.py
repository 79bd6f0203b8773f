"""A unit's line program: addresses -> file, line, column. DWARF 2 to 5.

The program is run once for all addresses asked of a unit, and stops when each has its row.
"""

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from functools import cache, cached_property
from itertools import chain, islice

from sitegen.crash.symbols.dwarf import Debug
from sitegen.crash.symbols.forms import F_LINE_STRP, F_STRING, F_STRP, DwarfError, uleb
from sitegen.record import Record

LNCT_PATH, LNCT_DIRECTORY = 1, 2
F_UDATA, F_BLOCK = 0x0F, 0x09
MOST_FILES = 1 << 16
_STRINGS = {F_LINE_STRP: "line_str", F_STRP: "str"}
_WIDTHS = {0x0B: 1, 0x05: 2, 0x06: 4, 0x07: 8, 0x1E: 16}
_NEVER = 1 << 65


class Row(Record):
    """What the program says of an address."""

    file: int
    line: int
    column: int


class _Table(Record):
    """Folders or files of a program: entries of one size, read when asked for, or all of them."""

    total: int
    formats: tuple[tuple[int, int], ...]
    start: int
    size: int
    "of an entry; 0 when they vary"
    rows: tuple[tuple[int, str], ...]
    "(folder, name), when they vary"


class Lines:
    """The line program at an offset of .debug_line."""

    def __init__(self, debug: Debug, offset: int) -> None:
        self._debug = debug
        head = debug.read("line", offset, offset + 32)
        if len(head) < 24:
            raise DwarfError("a line program beyond .debug_line")
        length = int.from_bytes(head[:4], "little")
        at, self._wide = 4, 4
        if length == 0xFFFFFFFF:
            length, at, self._wide = int.from_bytes(head[4:12], "little"), 12, 8
        if offset + at + length > debug.size("line"):
            raise DwarfError("a line program reaches beyond .debug_line")
        data = self._data = debug.read("line", offset, offset + at + length)
        try:
            self.version = int.from_bytes(data[at : at + 2], "little")
            if not 2 <= self.version <= 5:
                raise DwarfError(f"a line program of version {self.version}")
            at += 2
            if self.version == 5:
                if data[at] != 8:
                    raise DwarfError(f"a line program with addresses of {data[at]} bytes")
                at += 2
            size = int.from_bytes(data[at : at + self._wide], "little")
            at += self._wide
            self._start = at + size
            self._step = data[at]
            at += 2 if self.version >= 4 else 1  # operations of a VLIW bundle: kernels have none
            self._line_base = int.from_bytes(data[at + 1 : at + 2], "little", signed=True)
            self._line_range = data[at + 2]
            self._opcode_base = data[at + 3]
            if not self._line_range or not self._opcode_base:
                raise DwarfError("a line program that divides by zero")
            self._operands = data[at + 4 : at + 3 + self._opcode_base]
            self._tables_at = at + 3 + self._opcode_base
        except IndexError as error:
            raise DwarfError("a line program without a header") from error

    # --- file names -----------------------------------------------------------------------

    @cached_property
    def _tables(self) -> tuple["_Table", "_Table"]:
        """Folders and files. Both are only measured; names are read when they are asked for."""
        try:
            if self.version < 5:
                return self._old_tables()
            folders, at = self._measured(self._tables_at, 0)
            return folders, self._measured(at, folders.total)[0]
        except IndexError as error:
            raise DwarfError("a file table that is cut off") from error

    def _measured(self, at: int, folders: int) -> tuple["_Table", int]:
        data = self._data
        formats = []
        kinds, at = data[at], at + 1
        for _ in range(kinds):
            content, at = uleb(data, at)
            form, at = uleb(data, at)
            formats.append((content, form))
        count, at = uleb(data, at)
        if count > MOST_FILES:
            raise DwarfError(f"a file table of {count} entries")
        # Folder numbers are LEB128 of one byte as long as there are few folders.
        sizes = [
            self._wide
            if form in _STRINGS
            else _WIDTHS.get(form, 1 if form == F_UDATA and folders < 0x80 else 0)
            for _, form in formats
        ]
        if all(sizes):
            size = sum(sizes)
            return _Table(count, tuple(formats), at, size, ()), at + count * size
        rows = []
        for _ in range(count if formats else 0):
            row, at = self._row(tuple(formats), at)
            rows.append(row)
        return _Table(count, tuple(formats), at, 0, tuple(rows)), at

    def _row(self, formats: tuple[tuple[int, int], ...], at: int) -> tuple[tuple[int, str], int]:
        """(folder, name) of one entry, and where the next stands."""
        folder, name = 0, ""
        for content, form in formats:
            value, at = self._content(form, at)
            if content == LNCT_PATH and isinstance(value, str):
                name = value
            elif content == LNCT_DIRECTORY and isinstance(value, int):
                folder = value
        return (folder, name), at

    def _content(self, form: int, at: int) -> tuple[int | str, int]:
        data = self._data
        if at >= len(data):
            raise DwarfError("a file table that is cut off")
        if form in _STRINGS:
            offset = int.from_bytes(data[at : at + self._wide], "little")
            return self._debug.string(_STRINGS[form], offset), at + self._wide
        if form == F_STRING:
            end = data.find(b"\0", at)
            end = end if end >= 0 else len(data)
            return data[at:end].decode("utf-8", "replace"), end + 1
        if form == F_UDATA:
            return uleb(data, at)
        if form == F_BLOCK:
            length, at = uleb(data, at)
            return 0, at + length
        width = _WIDTHS.get(form)
        if width is None:
            raise DwarfError(f"a file table with form {form:#x}")
        return int.from_bytes(data[at : at + width], "little"), at + width

    def _old_tables(self) -> tuple["_Table", "_Table"]:
        data, at = self._data, self._tables_at
        folders = [(0, "")]
        files = [(0, "")]
        while data[at] and len(folders) < MOST_FILES:
            end = data.find(b"\0", at)
            folders.append((0, data[at : max(end, at)].decode("utf-8", "replace")))
            at = max(end, at) + 1
        at += 1
        while data[at] and len(files) < MOST_FILES:
            end = data.find(b"\0", at)
            name = data[at : max(end, at)].decode("utf-8", "replace")
            folder, at = uleb(data, max(end, at) + 1)
            _, at = uleb(data, at)
            _, at = uleb(data, at)
            files.append((folder, name))
        return (
            _Table(len(folders), (), at, 0, tuple(folders)),
            _Table(len(files), (), at, 0, tuple(files)),
        )

    def _named(self, table: "_Table", index: int) -> tuple[int, str]:
        if not 0 <= index < table.total:
            return 0, ""
        if table.size:
            return self._row(table.formats, table.start + index * table.size)[0]
        return table.rows[index] if index < len(table.rows) else (0, "")

    def file(self, index: int) -> tuple[str, str, str]:
        """(the compiler's folder, folder, name) of a file index; empty names when there is none."""
        folders, files = self._tables
        folder, name = self._named(files, index)
        return (
            self._named(folders, 0)[1],
            self._named(folders, folder)[1] if folder else "",
            name,
        )

    def folders(self) -> list[str]:
        """All folders, in order."""
        table = self._tables[0]
        return [self._named(table, index)[1] for index in range(table.total)]

    # --- rows -----------------------------------------------------------------------------

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
                    address = int.from_bytes(islice(program, length - 1), "little")
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
                address += next(program) | next(program) << 8
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
