"""Documents and evidence as they are read -> the same as they may be published.

Lines stay lines. Where a line of a log grows or shrinks, the columns of the evidence go with it,
so that a frame is found where the redacted log has it.
"""

import hashlib
import posixpath
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import NamedTuple, TypeVar
from urllib.parse import unquote

import msgspec

from sitegen import codes
from sitegen.diagnostics import Diagnostic, Place
from sitegen.model import LogEvidence, Snippet, TraceFrame
from sitegen.redact.pointers import Pointers, find_pointers
from sitegen.redact.redactor import Edit, Redactor, apply, moved_column
from sitegen.web.content import Document, EmbeddedLog

_T = TypeVar("_T")

_FIXED = frozenset(
    {"arch", "context", "decoded_by", "digest", "kind", "label", "letter", "lookup", "proof"}
    | {"sha256", "status"}
)
"""Fields whose texts are ours: no value of anybody is in them."""


_RELEASES = frozenset({"kernel", "release", "version"})


class Redacted(NamedTuple):
    """A document with its evidence, as it may be published."""

    document: Document
    entries: tuple[LogEvidence, ...]
    problems: tuple[Diagnostic, ...] = ()
    "files whose names hold values"


class Editor:
    """Redacts texts that belong together: a document, its logs and what was found in them."""

    def __init__(self, redactor: Redactor, texts: Iterable[str] = ()) -> None:
        self._redactor = redactor
        self._pointers: Pointers | None = None
        if redactor.rules.pointers:
            found = (value for text in texts for value in find_pointers(text))
            self._pointers = Pointers(found, _is_pattern)
        self.text: Callable[[str], str] = cache(self._text)

    def _text(self, text: str) -> str:
        return apply(text, self.edits(text))

    def edits(self, text: str) -> tuple[Edit, ...]:
        edits = self._redactor.edits(text)
        if not self._pointers:
            return edits
        pointers = [
            one
            for one in self._pointers.edits(text)
            if not any(one.start < other.end and other.start < one.end for other in edits)
        ]
        return tuple(sorted((*edits, *pointers))) if pointers else edits

    def release(self, text: str) -> str:
        """A kernel's release, of which no part is an address however it looks (`5.15.0.1`)."""
        before = "kernel "
        edits = self.edits(before + text)
        moved = (Edit(one.start - len(before), one.end - len(before), one.by) for one in edits)
        return apply(text, [one for one in moved if one.start >= 0])

    def mask(self, address: int) -> int:
        return self._pointers.mask(address) if self._pointers else address

    def value(self, value: _T) -> _T:
        """Any value of ours with each text in it redacted; the same one where there is nothing to do."""
        return self._walk(value)  # type: ignore[return-value]  # reason: a value of the same type

    def _walk(self, value: object) -> object:
        match value:
            case str():
                return self.text(value)
            case tuple():
                walked = tuple(map(self._walk, value))
                return (
                    walked if any(a is not b for a, b in zip(walked, value, strict=True)) else value
                )
            case dict():
                return {self._walk(key): self._walk(one) for key, one in value.items()}
            case msgspec.Struct():
                return self._struct(value)
        return value

    def _struct(self, value: msgspec.Struct) -> msgspec.Struct:
        changes: dict[str, object] = {}
        for name in value.__struct_fields__:
            before = getattr(value, name)
            after: object = before
            if isinstance(before, str) and name in _RELEASES:
                after = self.release(before)
            elif name not in _FIXED:
                after = self._walk(before)
            if after is not before and after != before:
                changes[name] = after
        if isinstance(value, TraceFrame) and value.address is not None:
            changes["address"] = self.mask(value.address)
        if isinstance(value, Snippet) and "text" in changes:
            changes["sha256"] = hashlib.sha256(str(changes["text"]).encode()).hexdigest()
        return msgspec.structs.replace(value, **changes) if changes else value

    def problems(self, problems: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
        """Diagnostics that say nothing of values: logs of builds are often public."""
        return tuple(self._problem(one) for one in problems)

    def _problem(self, one: Diagnostic) -> Diagnostic:
        at = one.at
        if at is not None and at.text:
            edits = self.edits(at.text)
            column = moved_column(edits, at.column) if at.column else 0
            end = moved_column(edits, at.end) if at.end else 0
            text = apply(at.text, edits)
            at = msgspec.structs.replace(at, text=text, column=column, end=max(end, column))
        return msgspec.structs.replace(
            one, message=self.text(one.message), hint=self.text(one.hint), at=at
        )


def editor_of(document: Document, redactor: Redactor) -> Editor:
    """What redacts a document and all that belongs to it."""
    return Editor(redactor, (document.body, *(log.text for log in document.logs)))


def redact_document(
    document: Document, entries: Sequence[LogEvidence], editor: Editor, content: Path
) -> Redacted:
    """The document and what was found in its logs; `entries` stand beside the logs, or are none."""
    names = _Names(document, editor, content)
    body = apply(document.body, names.edits())
    logs, evidence = [], []
    for number, log in enumerate(document.logs):
        shown, moved = _log(log, editor)
        logs.append(shown)
        if number < len(entries):
            evidence.append(_evidence(entries[number], shown, moved, editor))
    redacted = msgspec.structs.replace(
        document,
        front=editor.value(document.front),
        heading=editor.text(document.heading),
        body=body,
        logs=tuple(logs),
    )
    return Redacted(redacted, tuple(evidence), names.problems())


_Moved = dict[int, tuple[Edit, ...]]
"""The edits of a line, by its number from 1; columns of the line from 0."""


def _log(log: EmbeddedLog, editor: Editor) -> tuple[EmbeddedLog, _Moved]:
    edits = editor.edits(log.text)
    text = apply(log.text, edits)
    shown = msgspec.structs.replace(
        log,
        id=editor.text(log.id),
        text=text,
        kernel=editor.release(log.kernel),
        # That of the true bytes would let anyone try values until it fits.
        sha256=hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
        if edits
        else log.sha256,
    )
    return shown, {line: tuple(found) for line, found in _by_line(log.text, edits)}


def _by_line(text: str, edits: Iterable[Edit]) -> Iterator[tuple[int, list[Edit]]]:
    line, start = 1, 0
    found: list[Edit] = []
    for edit in edits:
        passed = text.count("\n", start, edit.start)
        if passed:
            if found:
                yield line, found
            line, start, found = line + passed, text.rindex("\n", 0, edit.start) + 1, []
        found.append(Edit(edit.start - start, edit.end - start, edit.by))
    if found:
        yield line, found


def _evidence(entry: LogEvidence, shown: EmbeddedLog, moved: _Moved, editor: Editor) -> LogEvidence:
    redacted = _with_columns(editor.value(entry), moved) if moved else editor.value(entry)
    return msgspec.structs.replace(redacted, id=shown.id, sha256=shown.sha256)


def _with_columns(entry: LogEvidence, moved: _Moved) -> LogEvidence:
    """The evidence with its frames where the redacted log has them."""
    replace = msgspec.structs.replace

    def frame(one: TraceFrame | None) -> TraceFrame | None:
        if one is None or one.column is None or one.line not in moved:
            return one
        return replace(one, column=moved_column(moved[one.line], one.column))

    reports = tuple(
        replace(
            report,
            pc=frame(report.pc),
            lr=frame(report.lr),
            possible_caller=frame(report.possible_caller),
            traces=tuple(
                replace(trace, frames=tuple(one for one in map(frame, trace.frames) if one))
                for trace in report.traces
            ),
        )
        for report in entry.reports
    )
    return replace(entry, reports=reports)


# --- Names of files --------------------------------------------------------------------------

# What may be the path of a file in Markdown: between brackets, quotes, blanks and bars.
_PATH_BEFORE = re.compile(r"[^\s()<>\[\]\"'`|{}]*$")
_PATH_AFTER = re.compile(r"[^\s()<>\[\]\"'`|{}]*")
_HINT = "rename the file, and mend this line"


class _Names:
    """Where a document names files whose names hold values: that stays, and nothing is published."""

    def __init__(self, document: Document, editor: Editor, content: Path) -> None:
        self._document = document
        self._content = content
        self._edits: list[Edit] = []
        self._found: list[Edit] = []
        for edit in editor.edits(document.body):
            (self._found if self._names_file(edit) else self._edits).append(edit)
        self._editor = editor

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
            message = name_message(name.removeprefix(folder), self._editor)
            if message:
                yield Diagnostic(codes.G014, message, Place(name), "rename it")

    def _problem(self, edit: Edit) -> Diagnostic:
        body = self._document.body
        start = body.rfind("\n", 0, edit.start) + 1
        line = self._document.body_line + body.count("\n", 0, start)
        text = body[start:].split("\n", 1)[0]
        at = Place(self._document.file, line, edit.start - start + 1, edit.end - start + 1, text)
        message = f"a file is named that is called by what is redacted as '{edit.by}'"
        return self._editor.problems([Diagnostic(codes.G014, message, at, _HINT)])[0]


_LONGEST_PATH = 1000


def name_message(name: str, editor: Editor) -> str:
    """What is wrong with a path that holds a value, be it between signs; empty for another."""
    for form in (name, re.sub(r"[-_/]", " ", name)):
        if edits := editor.edits(form):
            return f"the name of the file holds what is redacted as '{edits[0].by}'"
    return ""


def _is_pattern(value: int) -> bool:
    """Whether nobody computed the number: poison, an error, a beginning of shadow memory."""
    # None of it is imported where no addresses are masked.
    from sitegen.crash.explain import values  # noqa: PLC0415  reason: see above

    return bool(
        values.find_poison(value, 64)
        or values.find_error(value, 64)
        or any(values.find_shadow(value, arch) for arch in values.SHADOWS)
    )
