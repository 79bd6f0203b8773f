"""SARIF 2.1.0: what code scanning services and editors take.

Columns are in UTF-16 code units, as most readers of SARIF count; where the line's text is not
known, and so the units are not, the whole line is pointed at.
"""

import json
from typing import Any
from urllib.parse import quote

from sitegen import __version__
from sitegen.codes import every_code
from sitegen.codes.values import Code
from sitegen.diagnostics import Diagnostic, Place
from sitegen.reporters.values import Report, iter_fingerprints, path_of, whole_message

_SCHEMA = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)
_ROOT = "%SRCROOT%"
_FAMILIES = {
    "C": "Chain",
    "G": "Project",
    "L": "Log",
    "M": "Markdown",
    "P": "Page",
    "R": "Source",
    "S": "Symbols",
    "T": "Theme",
    "X": "Links",
}
"""By a code's letter: the beginning of a rule's name."""


def as_sarif(report: Report) -> str:
    """A log of one run. Its rules are the codes that were met, in the order of `sitegen explain`."""
    known = every_code()
    met = {diagnostic.code.id for diagnostic in report.diagnostics}
    rules = [code for name, code in known.items() if name in met]
    index = {code.id: number for number, code in enumerate(rules)}
    run = {
        "tool": {
            "driver": {
                "name": "sitegen",
                "version": __version__,
                "semanticVersion": __version__,
                "rules": [_rule(code) for code in rules],
            }
        },
        "columnKind": "utf16CodeUnits",
        "originalUriBaseIds": {
            _ROOT: {"description": {"text": "The top of the repository that the wiki is in."}}
        },
        "invocations": [{"executionSuccessful": True}],
        "results": [
            _result(one, fingerprint, index[one.code.id], report)
            for one, fingerprint in iter_fingerprints(report)
        ],
    }
    log = {"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}
    return json.dumps(log, indent=1) + "\n"


def _rule(code: Code) -> dict[str, Any]:
    whole = " ".join(code.explanation.split())
    first, stop, _ = whole.partition(". ")
    return {
        "id": code.id,
        "name": f"{_FAMILIES[code.id[0]]}{code.id[1:]}",
        "shortDescription": {"text": f"{first}." if stop else first},
        "fullDescription": {"text": whole},
        "help": {"text": " ".join((whole, *code.advice.split()))},
        "defaultConfiguration": {"level": code.severity},
        "properties": {"tags": [_FAMILIES[code.id[0]].lower()]},
    }


def _result(diagnostic: Diagnostic, fingerprint: str, index: int, report: Report) -> dict[str, Any]:
    found: dict[str, Any] = {
        "ruleId": diagnostic.code.id,
        "ruleIndex": index,
        "level": diagnostic.severity,
        "message": {"text": whole_message(diagnostic)},
        "partialFingerprints": {"sitegen/v1": fingerprint},
    }
    path = path_of(diagnostic, report)
    if path:
        location: dict[str, Any] = {"artifactLocation": {"uri": quote(path), "uriBaseId": _ROOT}}
        if diagnostic.at and diagnostic.at.line:
            location["region"] = _region(diagnostic.at)
        found["locations"] = [{"physicalLocation": location}]
    return found


def _region(at: Place) -> dict[str, Any]:
    region: dict[str, Any] = {"startLine": at.line}
    if at.text:
        region["snippet"] = {"text": at.text}
    if at.text and at.column:
        start = _units(at.text, at.column)
        region["startColumn"] = start
        region["endColumn"] = max(_units(at.text, at.end), start + 1)
    return region


def _units(text: str, column: int) -> int:
    """The column in UTF-16 code units of one in characters, both from 1."""
    before = text[: column - 1]
    return 1 + len(before.encode("utf-16-le", "surrogatepass")) // 2 + column - 1 - len(before)
