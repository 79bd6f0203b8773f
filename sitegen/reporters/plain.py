"""JSON of our own, and how many problems there are in words."""

import json

from sitegen import __version__
from sitegen.diagnostics import Diagnostic, count
from sitegen.reporters.values import Report
from sitegen.wording import counted

SCHEMA = 1
"""Of the JSON report: counts up when a key changes its meaning or goes."""


def sum_up(diagnostics: tuple[Diagnostic, ...]) -> str:
    """How many there are of each severity that there is, in words; `no problems` when there are none."""
    parts = []
    for severity in ("error", "warning", "note"):
        number = count(diagnostics, severity)
        parts += [counted(number, severity)] if number else []
    return ", ".join(parts) or "no problems"


def as_json(report: Report) -> str:
    """One object, as `schema.py` says: `schema`, `sitegen`, `prefix`, `counts`, `diagnostics`.

    A diagnostic has `code`, `severity` and `message`, and where they are known `hint`, `path`
    (relative to the project's root; `prefix` before it makes it relative to the repository's
    top), `line`, `column`, `end` (the column after) and `text` (the line). Lines and columns
    count from 1, columns in characters.
    """
    found = {
        "schema": SCHEMA,
        "sitegen": __version__,
        "prefix": report.prefix,
        "counts": {
            severity: count(report.diagnostics, severity)
            for severity in ("error", "warning", "note")
        },
        "diagnostics": [_plain(one) for one in report.diagnostics],
    }
    return json.dumps(found, indent=1, ensure_ascii=True) + "\n"


def _plain(diagnostic: Diagnostic) -> dict[str, str | int]:
    at = diagnostic.at
    found: dict[str, str | int] = {
        "code": diagnostic.code.id,
        "severity": diagnostic.severity,
        "message": diagnostic.message,
        "hint": diagnostic.hint,
    }
    if at:
        found |= {"path": at.path, "line": at.line, "column": at.column}
        found |= {"end": at.end if at.column else 0, "text": at.text}
    # Half of a surrogate pair, as a file's name may have it, is nothing that JSON can hold.
    return {
        name: value.encode("utf-8", "replace").decode() if isinstance(value, str) else value
        for name, value in found.items()
        if value
    }
