"""The folders and files that a line program names, read as they are asked for. DWARF 2 to 5.

The tables of a kernel's unit have a hundred entries, and a question needs three: where entries are
all of one size, nothing but their number and their forms is read at first.
"""

from sitegen.crash.symbols.debug import Debug
from sitegen.crash.symbols.forms import F_LINE_STRP, F_STRING, F_STRP, DwarfError, uleb
from sitegen.record import Record

LNCT_PATH, LNCT_DIRECTORY = 1, 2
F_UDATA, F_BLOCK = 0x0F, 0x09
MOST_FILES = 1 << 16
_STRINGS = {F_LINE_STRP: "line_str", F_STRP: "str"}
_WIDTHS = {0x0B: 1, 0x05: 2, 0x06: 4, 0x07: 8, 0x1E: 16}


class _Table(Record):
    """Folders or files: entries of one size, read when asked for, or all of them."""

    total: int
    formats: tuple[tuple[int, int], ...]
    start: int
    size: int
    "of an entry; 0 when they vary"
    rows: tuple[tuple[int, str], ...]
    "(folder, name), when they vary"


class FileNames:
    """The tables in the header of one line program."""

    def __init__(self, debug: Debug, data: bytes, at: int, *, version: int, wide: int) -> None:
        """`data` is the program with its header, the tables begin at `at`."""
        self._debug = debug
        self._data = data
        self._wide = wide
        try:
            if version < 5:
                self._folders, self._files = self._old_tables(at)
            else:
                self._folders, at = self._measured(at, 0)
                self._files, _ = self._measured(at, self._folders.total)
        except IndexError as error:
            raise DwarfError("a file table that is cut off") from error

    def file(self, index: int) -> tuple[str, str, str]:
        """(the compiler's folder, folder, name) of a file index; empty names when there is none."""
        folder, name = self._named(self._files, index)
        return (
            self._named(self._folders, 0)[1],
            self._named(self._folders, folder)[1] if folder else "",
            name,
        )

    def folders(self) -> list[str]:
        """All folders, in order."""
        return [self._named(self._folders, index)[1] for index in range(self._folders.total)]

    def _named(self, table: _Table, index: int) -> tuple[int, str]:
        if not 0 <= index < table.total:
            return 0, ""
        if table.size:
            return self._row(table.formats, table.start + index * table.size)[0]
        return table.rows[index] if index < len(table.rows) else (0, "")

    def _measured(self, at: int, folders: int) -> tuple[_Table, int]:
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
            offset = int.from_bytes(data[at : at + self._wide], self._debug.order)
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
        return int.from_bytes(data[at : at + width], self._debug.order), at + width

    def _old_tables(self, at: int) -> tuple[_Table, _Table]:
        data = self._data
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
