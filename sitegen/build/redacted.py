"""Documents and evidence as they are read -> the same as they may be published.

Lines stay lines. Where a line of a log grows or shrinks, the columns of the evidence go with it,
so that a frame is found where the redacted log has it.
"""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import msgspec

from sitegen.build.disguises import disguises
from sitegen.build.editor import Editor
from sitegen.build.filenames import NamedFiles
from sitegen.crash.log import parse, unwrap
from sitegen.diagnostics import Diagnostic
from sitegen.model import LogEvidence, TraceFrame
from sitegen.redact.redactor import Edit, Redactor, apply, moved_column
from sitegen.web.content import Document, EmbeddedLog


class Redacted(NamedTuple):
    """A document with its evidence, as it may be published."""

    document: Document
    entries: tuple[LogEvidence, ...]
    problems: tuple[Diagnostic, ...] = ()
    "files whose names hold values, and values that are written in other characters than are read"


def editor_of(document: Document, redactor: Redactor) -> Editor:
    """What redacts a document and all that belongs to it."""
    logs = [unwrap(log.text) for log in document.logs]
    arches = [parse(log).arch for log in logs] if redactor.rules.pointers else ()
    return Editor(redactor, (document.body, *logs), arches)


def redact_document(
    document: Document, entries: Sequence[LogEvidence], editor: Editor, content: Path
) -> Redacted:
    """The document and what was found in its logs; `entries` stand beside the logs, or are none."""
    names = NamedFiles(document, editor, content)
    body = apply(document.body, names.edits())
    logs, evidence = [], []
    for number, log in enumerate(document.logs):
        shown, moved = _log(log, editor, names)
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
    return Redacted(redacted, tuple(evidence), (*names.problems(), *disguises(document, editor)))


_Moved = dict[int, tuple[Edit, ...]]
"""The edits of a line, by its number from 1; columns of the line from 0."""


def _log(log: EmbeddedLog, editor: Editor, names: NamedFiles) -> tuple[EmbeddedLog, _Moved]:
    # What wraps a console up hides where its words begin; evidence counts the lines within it.
    whole = unwrap(log.text)
    edits = editor.edits(whole)
    names.meet(whole, edits)
    text = apply(whole, edits)
    shown = msgspec.structs.replace(
        log,
        id=editor.text(log.id),
        text=text,
        kernel=editor.release(log.kernel),
        # That of the true bytes would let anyone try values until it fits.
        sha256=hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
        if text != log.text
        else log.sha256,
    )
    return shown, {line: tuple(found) for line, found in _by_line(whole, edits)}


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
