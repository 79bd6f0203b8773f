"""GitHub: workflow commands, which become annotations, and the job's summary as Markdown.

GitHub shows ten annotations of a kind for each step and drops the others without a word, so
those are printed as plain lines, for the step's log.
"""

import re
from collections import Counter

from sitegen.diagnostics import Diagnostic, as_text
from sitegen.reporters.plain import sum_up
from sitegen.reporters.values import Report, path_of, whole_message

MOST = 10
"""Annotations of a kind that GitHub shows for one step."""
MOST_ROWS = 200
"""Rows of a summary: GitHub takes a megabyte, and nobody reads more."""

_COMMANDS = {"error": "error", "warning": "warning", "note": "notice"}


def as_github(report: Report) -> str:
    """A workflow command for the first ten diagnostics of each severity, plain lines for the others."""
    shown: Counter[str] = Counter()
    commands, rest = [], []
    for diagnostic in report.diagnostics:
        shown[diagnostic.severity] += 1
        if shown[diagnostic.severity] <= MOST:
            commands.append(_command(diagnostic, report))
        else:
            rest.append(diagnostic)
    lines = [*commands, *(harmless(as_text(one)) for one in rest)]
    if report.diagnostics:
        more = f"; {len(rest)} of them without an annotation" if rest else ""
        lines.append(f"sitegen: {sum_up(report.diagnostics)}{more}")
    return "".join(f"{line}\n" for line in lines)


def _command(diagnostic: Diagnostic, report: Report) -> str:
    """`::error file=a.md,line=3,col=5,endColumn=9,title=M004::message`."""
    at = diagnostic.at
    path = path_of(diagnostic, report) if at else ""
    properties = [("file", path)] if path else []
    if path and at and at.line:
        properties.append(("line", str(at.line)))
        if at.column:
            properties.append(("col", str(at.column)))
            properties.append(("endColumn", str(max(at.end, at.column + 1))))
    properties.append(("title", f"sitegen {diagnostic.code.id}"))
    written = ",".join(f"{name}={_property(value)}" for name, value in properties)
    message = _data(whole_message(diagnostic))
    return f"::{_COMMANDS[diagnostic.severity]} {written}::{message}"


def _data(text: str) -> str:
    """`text` as the part of a command behind the second `::`."""
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")


def harmless(text: str) -> str:
    """`text` without what a runner takes for a command: `::` begins a line, `##[` stands anywhere."""
    return re.sub(r"(?m)^(\s*)::", r"\1: :", text).replace("##[", "## [")


def step_summary(report: Report) -> str:
    """Markdown for the page of the run: a table of what was found."""
    lines = [f"### sitegen: {sum_up(report.diagnostics)}", ""]
    if report.diagnostics:
        lines += ["| | Code | Where | What |", "|---|---|---|---|"]
    for diagnostic in report.diagnostics[:MOST_ROWS]:
        at = diagnostic.at
        where = f"{path_of(diagnostic, report)}:{at.line}" if at and at.line else ""
        where = where or (path_of(diagnostic, report) if at else "")
        cells = [diagnostic.severity, diagnostic.code.id, where, whole_message(diagnostic)]
        lines.append(f"| {' | '.join(map(_cell, cells))} |")
    if len(report.diagnostics) > MOST_ROWS:
        lines += ["", f"{len(report.diagnostics) - MOST_ROWS} more are in the log of the step."]
    return "\n".join(lines) + "\n"


def _cell(text: str) -> str:
    """`text` in a table's cell, with nothing in it that Markdown or HTML would take for its own."""
    plain = "".join(one if one.isprintable() else " " for one in text.replace("\n", "; "))
    return re.sub(r"([\\`*_{}\[\]<>()#+!|~@&$:-])", _escaped, plain)


def _escaped(found: re.Match[str]) -> str:
    return f"&#{ord(found[1])};"
