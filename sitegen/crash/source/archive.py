"""A kernel's sources as a tar archive, compressed or not: `linux-source-6.1.tar.xz`.

An archive can only be read from its beginning. So it is read once, and its text files are
packed into a database in the cache, where each is found in no time; without a cache the
database is a temporary file.

Nothing is ever extracted: files are looked up by name, and what has a name outside of the
archive is never found.
"""

import hashlib
import os
import posixpath
import sqlite3
import tempfile
import zlib
from pathlib import Path
from urllib.parse import quote

from sitegen.crash.source.files import MOST_NAMES, Absent
from sitegen.crash.source.tar import UnreadableError, iter_members
from sitegen.wording import reason_of

_FORM = 1
"""Of the database; one of another form is made anew."""
_MOST_LINKS = 40
"""Links that lead from one to the next; a loop has no end."""
_UNKNOWN = 1 << 40
_TABLES = """
create table file (path text primary key, data blob, target text, reason text);
create table about (form integer, top text, bytes integer);
"""


class Archive:
    """The files of an archive, without the one folder that holds them all."""

    commit = ""

    def __init__(self, path: Path, cache: Path | None) -> None:
        self._path = path
        self._cache = cache
        self._temporary: Path | None = None
        self._database: sqlite3.Connection | None = None
        self._top = ""

    def find_fault(self) -> str:
        """Reads the archive if it was not yet. Why it cannot be read; empty when it can."""
        kept = self._kept()
        if kept is not None and self._open(kept):
            return ""
        return self._pack(kept)

    def read(self, path: str) -> bytes | Absent:
        try:
            return self._read(path)
        except (sqlite3.Error, zlib.error):
            # The database is damaged: that costs time and no answer.
            if reason := self._pack(self._kept()):
                return Absent(f"could not be read: {reason}")
        try:
            return self._read(path)
        except (sqlite3.Error, zlib.error):
            return Absent("could not be read")

    def names(self, folder: str) -> tuple[str, ...]:
        inside = f"{self._top}{folder}/" if folder else self._top
        asked = "select path from file where path >= ? and path < ? order by path limit ?"
        # The character after the slash ends the folder.
        row = (inside, f"{inside[:-1]}0" if inside else "\U0010ffff", 4 * MOST_NAMES)
        try:
            found = self._database.execute(asked, row).fetchall() if self._database else []
        except sqlite3.Error:
            return ()
        names = (path.removeprefix(inside) for (path,) in found)
        return tuple(name for name in names if "/" not in name)[:MOST_NAMES]

    def close(self) -> None:
        self._disconnect()
        if self._temporary is not None:
            self._temporary.unlink(missing_ok=True)
            self._temporary = None

    # --- Looking up --------------------------------------------------------------------------

    def _read(self, path: str) -> bytes | Absent:
        name = self._top + path
        for _ in range(_MOST_LINKS):
            data, target, reason = self._row(name)
            if reason:
                return Absent(reason)
            if data is not None:
                return zlib.decompress(data)
            target = target or self._follow(name)
            if target is None:
                break
            name = target
        return Absent()

    def _row(self, name: str) -> tuple[bytes | None, str | None, str | None]:
        """What stands for a name: its data, where a link leads, or why there is neither."""
        if self._database is None:
            raise sqlite3.OperationalError("closed")
        asked = "select data, target, reason from file where path = ?"
        row: tuple[bytes | None, str | None, str | None] | None
        row = self._database.execute(asked, (name,)).fetchone()
        return row or (None, None, None)

    def _follow(self, name: str) -> str | None:
        """`name` with the first folder in it that is a link replaced; None when none is."""
        parts = name.split("/")
        for count in range(1, len(parts)):
            target = self._row("/".join(parts[:count]))[1]
            if target is not None:
                return posixpath.join(target, *parts[count:])
        return None

    # --- The database ------------------------------------------------------------------------

    def _kept(self) -> Path | None:
        """Where the database belongs: named after the archive's place, size and time of change."""
        if self._cache is None:
            return None
        found = self._path.stat()
        mark = f"{self._path.resolve()}\0{found.st_size}\0{found.st_mtime_ns}"
        name = hashlib.sha256(mark.encode(errors="surrogateescape")).hexdigest()[:40]
        return self._cache / "trees" / f"{name}.db"

    def _open(self, path: Path) -> bool:
        """Opens a database; False when it is not there, cut short or of another form."""
        self._disconnect()
        try:
            size = path.stat().st_size
            address = f"file:{quote(str(path))}?mode=ro&immutable=1"
            self._database = sqlite3.connect(address, uri=True)
            about = self._database.execute("select form, bytes, top from about").fetchone()
        except (OSError, sqlite3.Error):
            about, size = None, 0
        if about is None or about[:2] != (_FORM, size):
            self._disconnect()
            return False
        self._top = str(about[2])
        return True

    def _pack(self, kept: Path | None) -> str:
        """Packs the archive into `kept`, or else into a temporary file; why that cannot be."""
        try:
            if kept is not None:
                kept.parent.mkdir(parents=True, exist_ok=True)
                made = _temporary(kept.parent)
            else:
                made = _temporary(None)
        except OSError as error:
            if kept is not None:
                return self._pack(None)
            return f"cannot unpack '{self._path.name}': {reason_of(error)}"
        try:
            _write(self._path, made)
            if kept is not None:
                made.replace(kept)
        except UnreadableError as error:
            made.unlink(missing_ok=True)
            return f"cannot read '{self._path.name}': {error}"
        except (OSError, sqlite3.Error) as error:
            made.unlink(missing_ok=True)
            # The cache is full, perhaps; another disk may not be.
            return self._pack(None) if kept else f"cannot unpack '{self._path.name}': {error}"
        except BaseException:
            made.unlink(missing_ok=True)
            raise
        if kept is None:
            self.close()
            self._temporary = made
        return "" if self._open(kept or made) else f"cannot unpack '{self._path.name}'"

    def _disconnect(self) -> None:
        if self._database is not None:
            self._database.close()
            self._database = None


def _temporary(folder: Path | None) -> Path:
    handle, name = tempfile.mkstemp(dir=folder, prefix=".sitegen-", suffix=".db")
    os.close(handle)
    return Path(name)


def _write(source: Path, target: Path) -> None:
    """Packs an archive. Raises UnreadableError for what is wrong with it."""
    top: set[str] = set()
    database = sqlite3.connect(target, isolation_level=None)
    try:
        # Nobody sees the file before it is whole.
        database.executescript("pragma journal_mode = off; pragma synchronous = off;" + _TABLES)
        database.execute("begin")
        for member in iter_members(source):
            if len(top) < 2:
                top.add(member.name.split("/")[0] if "/" in member.name else "")
            data = None if member.data is None else zlib.compress(member.data, 1)
            row = (member.name, data, member.target, member.reason)
            database.execute("insert or replace into file values (?, ?, ?, ?)", row)
        if not top:
            raise UnreadableError("it holds no file")
        folder = f"{top.pop()}/".lstrip("/") if len(top) == 1 else ""
        database.execute("insert into about values (?, ?, ?)", (_FORM, folder, _UNKNOWN))
        database.execute("commit")
        database.execute("update about set bytes = ?", (target.stat().st_size,))
    finally:
        database.close()
