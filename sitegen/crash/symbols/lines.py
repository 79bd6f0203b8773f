"""A unit's line program: addresses -> file, line, column. DWARF 2 to 5.

The program is run once for all addresses asked of a unit, and stops when each has its row.
"""

from collections.abc import Callable, Sequence
from functools import cached_property
from typing import NamedTuple

from sitegen.crash.symbols import forms
from sitegen.crash.symbols.dwarf import Debug
from sitegen.crash.symbols.forms import DwarfError, sleb, uleb

LNCT_PATH, LNCT_DIRECTORY = 1, 2
MOST_FILES = 1 << 16
_NEVER = 1 << 65


class Row(NamedTuple):
    """What the program says of an address."""

    file: int
    line: int
    column: int


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
    def _names(self) -> tuple[list[str], list[tuple[int, str]], int]:
        """Folders, files as (folder, name), and the index of the first file."""
        try:
            if self.version == 5:
                folders, at = self._table(self._tables_at)
                files, _ = self._table(at)
                return [name for _, name in folders], files, 0
            return self._old_names()
        except IndexError as error:
            raise DwarfError("a file table that is cut off") from error

    def _table(self, at: int) -> tuple[list[tuple[int, str]], int]:
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
        found = []
        for _ in range(count if formats else 0):
            folder, name = 0, ""
            for content, form in formats:
                value, at = self._content(form, at)
                if content == LNCT_PATH and isinstance(value, str):
                    name = value
                elif content == LNCT_DIRECTORY and isinstance(value, int):
                    folder = value
            found.append((folder, name))
        return found, at

    def _content(self, form: int, at: int) -> tuple[int | str, int]:
        data = self._data
        if at > len(data):
            raise DwarfError("a file table that is cut off")
        if form in {forms.F_LINE_STRP, forms.F_STRP}:
            offset = int.from_bytes(data[at : at + self._wide], "little")
            section = "line_str" if form == forms.F_LINE_STRP else "str"
            return self._string(section, offset), at + self._wide
        if form == forms.F_STRING:
            end = data.index(b"\0", at) if b"\0" in data[at:] else len(data)
            return data[at:end].decode("utf-8", "replace"), end + 1
        if form in {0x0F, 0x15}:  # udata
            return uleb(data, at)
        width = {0x0B: 1, 0x05: 2, 0x06: 4, 0x07: 8, 0x1E: 16}.get(form)
        if width is None:
            if form == 0x09:  # block
                length, at = uleb(data, at)
                return 0, at + length
            raise DwarfError(f"a file table with form {form:#x}")
        return int.from_bytes(data[at : at + width], "little"), at + width

    def _string(self, section: str, offset: int) -> str:
        return self._debug.string(section, offset)

    def _old_names(self) -> tuple[list[str], list[tuple[int, str]], int]:
        data, at = self._data, self._tables_at
        folders = [""]
        files: list[tuple[int, str]] = []
        while data[at] and len(folders) < MOST_FILES:
            end = data.find(b"\0", at)
            folders.append(data[at : max(end, at)].decode("utf-8", "replace"))
            at = max(end, at) + 1
        at += 1
        while data[at] and len(files) < MOST_FILES:
            end = data.find(b"\0", at)
            name = data[at : max(end, at)].decode("utf-8", "replace")
            folder, at = uleb(data, max(end, at) + 1)
            _, at = uleb(data, at)
            _, at = uleb(data, at)
            files.append((folder, name))
        return folders, files, 1

    def file(self, index: int) -> tuple[str, str, str]:
        """(the compiler's folder, folder, name) of a file index; empty names when there is none."""
        folders, files, first = self._names
        if not 0 <= index - first < len(files):
            return "", "", ""
        folder, name = files[index - first]
        home = folders[0] if folders else ""
        return home, folders[folder] if 0 < folder < len(folders) else "", name

    def every_file(self) -> list[tuple[str, str]]:
        """(folder, name) of all files, in order."""
        folders, files, _ = self._names
        return [
            (folders[folder] if 0 < folder < len(folders) else "", name) for folder, name in files
        ]

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
                if byte < 0x80:
                    at += 1
                    line += byte - 0x80 if byte & 0x40 else byte
                else:
                    byte, at = sleb(data, at)
                    line += byte
                continue
            elif op == 1:  # copy
                pass
            elif op in {6, 7, 10, 11}:  # negate_stmt, basic_block, prologue_end, epilogue_begin
                continue
            elif op == 4:  # set_file
                file, at = uleb(data, at)
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
