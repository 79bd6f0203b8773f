"""Where in the configuration's text something stands, since tomllib keeps no positions."""

import re
from pathlib import Path

from sitegen.diagnostics import Place

Where = tuple[str | int, ...]
"""A table: the names that lead to it, and its index in a list of tables; empty for the outermost."""

_HEADER = re.compile(r"^\s*\[\[?\s*([^\]]+?)\s*\]")


class Lines:
    """The lines of a configuration file."""

    def __init__(self, name: str, text: str) -> None:
        self._name = name
        self._lines = text.splitlines()

    def place(self, where: Where, key: str) -> Place:
        """Where `key` stands in the table `where`; else where that table begins; else the file."""
        entry = re.compile(r"^\s*(?:[\w-]+\.)*[\"']?" + re.escape(key) + r"[\"']?\s*[=.\]]")
        own = re.compile(r"^\s*\[\[?\s*(?:tool\.sitegen\.)?" + re.escape(key) + r"\s*[.\]]")
        wanted, wanted_index = _split(where)
        inside, index = not where, -1
        for number, line in enumerate(self._lines, start=1):
            found = _HEADER.match(line)
            if found:
                if not where and own.match(line):
                    return self._at(number, line, key)
                name = found[1].removeprefix("tool.sitegen").removeprefix(".")
                index += name == wanted
                inside = name == wanted and (not where or index == wanted_index)
            elif inside and entry.match(line):
                return self._at(number, line, key)
        return self.place((), str(where[0])) if where else Place(self._name)

    def _at(self, number: int, line: str, key: str) -> Place:
        column = line.index(key) + 1
        return Place(self._name, number, column, column + len(key), line)


def _split(where: Where) -> tuple[str, int]:
    """The name of a table's header, and which of the headers of that name it is, from 0."""
    names = ".".join(part for part in where if isinstance(part, str))
    last = where[-1] if where else 0
    return names, last if isinstance(last, int) else 0


def fault_place(name: str, text: str, message: str) -> Place:
    """Where tomllib gave up, as its message says."""
    found = re.search(r"\(at line (\d+), column (\d+)\)", message)
    if not found:
        return Place(name)
    line, column = int(found[1]), int(found[2])
    lines = text.splitlines()
    excerpt = lines[line - 1] if line <= len(lines) else ""
    return Place(name, line, column, column + 1, excerpt)


def place_in(path: Path, name: str, where: Where, key: str) -> Place:
    """Where `key` stands in the configuration at `path`, which is read again: only complaints ask."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return Place(name)
    return Lines(name, text).place(where, key)
