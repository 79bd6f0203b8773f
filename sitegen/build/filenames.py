"""Files whose names hold values: what a document is called, and what it names.

A name is an address of the site. It is not changed; it is complained about where it stands, and
nothing is published.
"""

import posixpath
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from urllib.parse import unquote

from sitegen import codes
from sitegen.build.editor import Editor
from sitegen.diagnostics import Diagnostic, Place
from sitegen.redact.forms import find_in_name
from sitegen.redact.redactor import Edit
from sitegen.web.content import Document

# What may be the path of a file in Markdown: between brackets, quotes, blanks and bars.
_PATH_BEFORE = re.compile(r"[^\s()<>\[\]\"'`|{}]*$")
_PATH_AFTER = re.compile(r"[^\s()<>\[\]\"'`|{}]*")
_HINT = "rename the file, and mend this line"


class NamedFiles:
    """Where a document names files whose names hold values: that stays, and nothing is published."""

    def __init__(self, document: Document, editor: Editor, content: Path) -> None:
        self._document = document
        self._met: dict[str, str] = {}
        self._content = content
        self._edits: list[Edit] = []
        self._found: list[Edit] = []
        for edit in editor.edits(document.body):
            (self._found if self._names_file(edit) else self._edits).append(edit)
        self._editor = editor
        for text in (document.body, document.front.title, document.heading):
            self.meet(text, editor.edits(text))

    def meet(self, text: str, edits: Iterable[Edit]) -> None:
        """Adds the values in a text of the document: its files may be called after them."""
        for start, end, by in edits:
            self._met.setdefault(text[start:end].casefold(), by)

    def edits(self) -> list[Edit]:
        """The edits of the body that are to be made."""
        return self._edits

    def _names_file(self, edit: Edit) -> bool:
        body = self._document.body
        line = body.rfind("\n", 0, edit.start) + 1
        before = _PATH_BEFORE.search(body[max(line, edit.start - _LONGEST_PATH) : edit.start])
        after = _PATH_AFTER.match(body, edit.end, edit.end + _LONGEST_PATH)
        start = edit.start - len(before[0]) if before else edit.start
        written = body[start : after.end() if after else edit.end]
        path = unquote(written.partition("#")[0].partition("?")[0].strip(","))
        folder = "" if path.startswith("/") else posixpath.dirname(self._document.path)
        normal = posixpath.normpath(posixpath.join(folder, path.lstrip("/")))
        if not path or "\0" in path or normal.startswith(".."):
            return False
        try:
            return normal != "." and (self._content / normal).exists()
        except OSError:
            return False

    def problems(self) -> tuple[Diagnostic, ...]:
        return (*self._paths(), *map(self._problem, self._found))

    def _paths(self) -> Iterator[Diagnostic]:
        """Of the document's own name, and of its logs'."""
        document = self._document
        folder = document.file.removesuffix(document.path)
        for name in dict.fromkeys((document.file, *(log.path for log in document.logs))):
            message = name_message(name.removeprefix(folder), self._editor, self._met)
            if message:
                yield Diagnostic(codes.G014, message, Place(name), "rename it")

    def _problem(self, edit: Edit) -> Diagnostic:
        body = self._document.body
        start = body.rfind("\n", 0, edit.start) + 1
        line = self._document.body_line + body.count("\n", 0, start)
        text = body[start:].split("\n", 1)[0]
        at = Place(self._document.file, line, edit.start - start + 1, edit.end - start + 1, text)
        message = f"the name of the file holds what is redacted as '{edit.by}'"
        return self._editor.problems([Diagnostic(codes.G014, message, at, _HINT)])[0]


_LONGEST_PATH = 1000


def name_message(name: str, editor: Editor, met: Mapping[str, str] | None = None) -> str:
    """What is wrong with a path that holds a value, be it between signs; empty for another.

    `met` are values and their pseudonyms that are looked for as slugs write them, beside those
    that the rules name word for word.
    """
    for form in (name, re.sub(r"[-_/]", " ", name)):
        if edits := editor.edits(form):
            return f"the name of the file holds what is redacted as '{edits[0].by}'"
    known = met or {}
    if found := find_in_name(name, (*known, *editor.literals()), editor.is_kept):
        by = known.get(found) or editor.text(found)
        return f"the name of the file holds what is redacted as '{by}'"
    return ""
