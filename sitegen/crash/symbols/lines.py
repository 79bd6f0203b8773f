"""A unit's line program: addresses -> file, line, column. DWARF 2 to 5.

The program is run once for all addresses asked of a unit, and stops when each has its row.
"""

from collections.abc import Callable, Sequence
from functools import cached_property
from typing import NamedTuple

from sitegen.crash.symbols.dwarf import Debug
from sitegen.crash.symbols.forms import F_LINE_STRP, F_STRING, F_STRP, DwarfError, sleb, uleb

LNCT_PATH, LNCT_DIRECTORY = 1, 2
F_UDATA, F_BLOCK = 0x0F, 0x09
MOST_FILES = 1 << 16
_STRINGS = {F_LINE_STRP: "line_str", F_STRP: "str"}
_WIDTHS = {0x0B: 1, 0x05: 2, 0x06: 4, 0x07: 8, 0x1E: 16}
_NEVER = 1 << 65


class Row(NamedTuple):
    """What the program says of an address."""

    file: int
    line: int
    column: int


class _Table(NamedTuple):
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

        def answer(low: int, high: int, row: tuple[int, int, int]) -> bool:
            for address in wanted:
                if low <= address < high and address not in found:
                    found[address] = Row(*row)
            return len(found) == len(wanted)

        self._run(wanted, answer)
        return found

    def rows_in(self, low: int, high: int) -> list[tuple[int, int, Row]]:
        """All (start, end, row) pieces that touch [low, high), in the program's order."""
        found: list[tuple[int, int, Row]] = []

        def keep(start: int, end: int, row: tuple[int, int, int]) -> bool:
            if start < high and end > low:
                found.append((start, end, Row(*row)))
            return False

        self._run(None, keep)
        return found

    def _run(
        self,
        wanted: list[int] | None,
        take: Callable[[int, int, tuple[int, int, int]], bool],
    ) -> None:
        """Run the program; `take` gets the pieces that hold a wanted address (or all), and ends it.

        A piece ends where the next row of its sequence begins, so of several rows at one address
        only the last has one, as in every other reader.
        """
        try:
            self._steps(wanted, take)
        except IndexError as error:
            raise DwarfError("a line program that is cut off") from error

    def _steps(
        self,
        wanted: list[int] | None,
        take: Callable[[int, int, tuple[int, int, int]], bool],
    ) -> None:
        data = self._data
        base = self._opcode_base
        step, line_base, line_range = self._step, self._line_base, self._line_range
        advance = [(op - base) // line_range * step for op in range(256)]
        lines = [line_base + (op - base) % line_range for op in range(256)]
        const_add = advance[255]
        at, end = self._start, len(data)
        address, file, line, column = 0, 1, 1, 0
        row = (1, 1, 0)
        since = -1  # the address of `row`; -1 before a sequence has any
        goal = _NEVER  # the next wanted address; rows up to it need no look
        while at < end:
            op = data[at]
            at += 1
            if op >= base:
                address += advance[op]
                line += lines[op]
            elif op == 5:  # set_column
                column = data[at]
                at += 1
                if column >= 0x80:
                    column, at = uleb(data, at - 1)
                continue
            elif op == 3:  # advance_line
                byte = data[at]
                at += 1
                if byte < 0x80:
                    line += byte - 0x80 if byte & 0x40 else byte
                    continue
                high = data[at]
                if high < 0x80:
                    at += 1
                    line += (byte & 0x7F | high << 7) - ((high & 0x40) << 8)
                    continue
                byte, at = sleb(data, at - 1)
                line += byte
                continue
            elif op == 1:  # copy
                pass
            elif op in {6, 7, 10, 11}:  # negate_stmt, basic_block, prologue_end, epilogue_begin
                continue
            elif op == 4:  # set_file
                file = data[at]
                at += 1
                if file >= 0x80:
                    file, at = uleb(data, at - 1)
                continue
            elif op == 2:  # advance_pc
                value, at = uleb(data, at)
                address += value * step
                continue
            elif op == 8:  # const_add_pc
                address += const_add
                continue
            elif op == 0:
                length, at = uleb(data, at)
                following = at + length
                if length == 0 or following > end:
                    raise DwarfError("a line program that is cut off")
                kind = data[at]
                if kind == 2:  # set_address
                    address = int.from_bytes(data[at + 1 : following], "little")
                    if wanted is None:
                        goal = -1
                    elif since < 0:
                        goal = next((a for a in wanted if a >= address), _NEVER)
                    at = following
                    continue
                at = following
                if kind != 1:  # define_file, set_discriminator, of a vendor
                    continue
                if address > goal and since >= 0 and take(since, address, row):
                    return
                address, file, line, column = 0, 1, 1, 0
                since, goal = -1, _NEVER
                continue
            elif op == 9:  # fixed_advance_pc
                address += int.from_bytes(data[at : at + 2], "little")
                at += 2
                continue
            elif op == 12:  # set_isa
                _, at = uleb(data, at)
                continue
            else:
                for _ in range(self._operands[op - 1]):
                    _, at = uleb(data, at)
                continue
            if address > goal:
                if since >= 0:
                    if since < address and take(since, address, row):
                        return
                    if wanted is not None:
                        goal = next((a for a in wanted if a >= address), _NEVER)
                elif wanted is not None:
                    goal = next((a for a in wanted if a >= address), _NEVER)
            since = address
            row = (file, line, column)
