"""Content -> what checks look at: a document with its lock, and where its front matter stands."""

from collections.abc import Iterator
from functools import cached_property
from pathlib import Path

from sitegen.build.evidence import lock_path
from sitegen.crash import lockfile
from sitegen.diagnostics import Place, Sink
from sitegen.model import Evidence, LogEvidence
from sitegen.project import Project
from sitegen.web.content import (
    Document,
    EmbeddedLog,
    find_documents,
    find_keys,
    read_document,
)
from sitegen.web.markdown import find_panics


class Subject:
    """A document that is published, and its lock. What is wrong with them was said by the build."""

    def __init__(self, document: Document, lock: Evidence | None, root: Path) -> None:
        self.document = document
        self.lock = lock
        self._root = root

    def key(self, *names: str) -> Place:
        """Where the value of the first of these keys stands that is there; else the whole file."""
        return next(
            (self._keys[name] for name in names if name in self._keys), Place(self.document.file)
        )

    def has(self, name: str) -> bool:
        """Whether the front matter has a value for this key, be it right or wrong."""
        return name in self._keys

    def entries(self) -> Iterator[tuple[EmbeddedLog, LogEvidence]]:
        """The logs with what the lock holds of them, where that is fresh."""
        found = {entry.id: entry for entry in self.lock.logs} if self.lock else {}
        for log in self.document.logs:
            entry = found.get(log.id)
            if entry is not None and entry.sha256 == log.sha256:
                yield log, entry

    @cached_property
    def _keys(self) -> dict[str, Place]:
        try:
            with (self._root / self.document.file).open(encoding="utf-8-sig") as file:
                text = file.read(_MOST)
        except (OSError, ValueError):  # gone since it was read
            return {}
        return find_keys(text, self.document.file)


_MOST = 1 << 17
"""Characters of a file that may hold its front matter."""


def read_subjects(project: Project) -> Iterator[Subject]:
    """Every document that is published, in the order of their paths; one at a time."""
    told = Sink()  # by the build
    for path in find_documents(project.content, project.root, told):
        document = read_document(
            path, folder=project.content, root=project.root, sink=told, find_panics=find_panics
        )
        if document is None or document.front.draft:
            continue
        lock = None
        if document.logs:
            file = lock_path(project.content / path)
            lock = lockfile.read_lock(file, project.relative(file), told)
        yield Subject(document, lock, project.root)


def line_of(log: EmbeddedLog, line: int | None, column: int | None = None, end: int = 0) -> Place:
    """Line `line` of a log, from 1, as a place in the file that it stands in; its first without one."""
    if line is None:
        return Place(log.path, log.line)
    lines = log.text.split("\n")
    text = lines[line - 1].rstrip("\r") if 0 < line <= len(lines) else ""
    number = log.line + line - 1
    if column is None or not text:
        return Place(log.path, number)
    shown = " " * log.indent + text if len(text) <= _LONGEST else ""
    start = column + log.indent
    return Place(log.path, number, start, max(end + log.indent, start + 1), shown)


_LONGEST = 300
"""Characters of a line that a diagnostic still quotes."""
