"""The log: its reports cut into labelled bands, decoded, and the same lines raw.

A console may be thousands of lines long. A page shows the reports, a little before
them, and counts the rest; the published log has everything.
"""

from collections.abc import Iterator
from typing import NamedTuple

from sitegen.model import Report, Section
from sitegen.web.directives import source
from sitegen.web.directives.labels import label, place_of
from sitegen.web.directives.lines import (
    Marks,
    decoded_rows,
    is_furniture,
    marks,
    raw_rows,
    time_before,
)
from sitegen.web.directives.steps import Step, steps_of
from sitegen.web.directives.told import Told, marked, told
from sitegen.web.directives.values import Case, CaseLog
from sitegen.web.theme import trusted
from sitegen.wording import counted

MOST = 400
"""Lines of a log on a page."""
_FEW = 4
"""Lines outside of the reports that are shown all the same."""
_FOLDED = 100
"""Lines that are worth folding away; of more only the number is said."""

PARTS = ("trace", "registers", "code")
"""The kinds of sections that a directive of the same name shows on their own."""


class Band(NamedTuple):
    """A labelled run of lines."""

    label: str
    gloss: str
    title: str
    "of a further report, which begins here; empty otherwise"
    rows: str
    "trusted"
    folded: str
    "lines before these, folded away; trusted"
    folds: str
    "what is folded or left out before these, in words; empty when nothing is"
    placed: str
    "anchor of the part of the page that shows these lines; empty when they are here"
    told: Told = Told()
    "what the lines mean"


class LogView(NamedTuple):
    """A log, twice: decoded in bands, and raw."""

    anchor: str
    labels: str
    "ids of its headings"
    heading: str
    says: str
    file: str
    "from the site's root: the log as it was embedded; empty when it is not published"
    name: str
    "of that file"
    bands: tuple[Band, ...]
    raw: str
    "trusted"
    doubtful: bool
    "whether there are lines that the unwinder does not vouch for"
    more: str
    "what is left out at the end, in words"


def log_view(case: Case, log: CaseLog, steps: tuple[Step, ...] | None = None) -> LogView:
    """The whole log, or as much of it as a page holds."""
    steps = steps_of(case, log) if steps is None else steps
    known = marks_of(log, steps)
    plan = _plan(log)
    shown = [(run.first, run.last) for run in plan.runs]
    raw = "\n".join(
        raw_rows(_numbered(log, first, last), case.prefix(log)) for first, last in shown
    )
    return LogView(
        anchor=case.anchor(log, "log"),
        labels=case.labels(log, "log"),
        heading=case.heading(log, "Log"),
        says=_says(log, shown),
        file=log.raw,
        name=log.raw.rpartition("/")[2],
        bands=tuple(_bands(case, log, plan, known)),
        raw=trusted(raw),
        doubtful=any(not frame.reliable for frame in known.frames.values()),
        more=_left_out(len(log.log.lines) - plan.end, "after") if plan.end else "",
    )


def is_shown(log: CaseLog, line: int) -> bool:
    """Whether the page has that line of the log, perhaps folded away."""
    for run in _plan(log).runs:
        folded = run.skipped if run.skipped <= _FOLDED else 0
        if run.first - folded <= line <= run.last:
            return True
    return False


def marks_of(log: CaseLog, steps: tuple[Step, ...]) -> Marks:
    crash, why = 0, ""
    interrupted = {}
    for step in steps:
        if step.step.interrupted and step.step.log_line:
            interrupted[step.step.log_line] = f"Interrupted here{_by(step)}"
        if step.crashed:
            crash = step.step.log_line or 0
            why = _why(step, log.found.kind)
    return marks(
        log.log,
        log.evidence,
        crash=crash,
        why=why,
        interrupted=interrupted,
        browse=log.browse,
        words=marked(log),
    )


def _by(step: Step) -> str:
    by = step.onward.mechanism
    return f": {by}." if by and by != "interrupt" else "."


def _why(step: Step, kind: str) -> str:
    if not step.to:
        return f"{place_of(kind).verb.capitalize()} here."
    marked = source.plain(step.step.snippet) if step.step.snippet else None
    call = step.onward.expression or (marked[1].rstrip(";") if marked else "")
    if step.to not in call:
        call = f"{step.to}()"
    return f"Panicked here: calls {call}"


# --- What is shown ----------------------------------------------------------------------------


class _Run(NamedTuple):
    """Lines shown in one band."""

    first: int
    last: int
    report: int
    "index; -1 for lines outside of reports"
    section: Section | None
    skipped: int
    "lines before this run that are not shown"


class _Plan(NamedTuple):
    runs: tuple[_Run, ...]
    end: int
    "the last line that was planned for; 0 when there is no report"


def _plan(log: CaseLog) -> _Plan:
    """Which lines a page shows: reports in order as far as they fit, and what stands before them."""
    total = len(log.log.lines)
    if not log.log.reports:
        last = min(total, MOST)
        run = _Run(1, last, -1, None, 0)
        return _Plan((run,) if total else (), last)
    runs: list[_Run] = []
    room = MOST
    at = 1  # the first line not yet planned
    for index, report in enumerate(log.log.reports):
        if room <= 0:
            break
        if report.first < at:
            continue
        skipped = report.first - at
        if 0 < skipped <= _FEW:
            runs.append(_Run(at, report.first - 1, -1, None, 0))
            room -= skipped
            skipped = 0
        for section in joined(report, log.log.lines):
            if room <= 0:
                break
            last = min(section.last, section.first + room - 1)
            runs.append(_Run(section.first, last, index, section, skipped))
            skipped = 0
            room -= last - section.first + 1
            at = last + 1
    return _Plan(tuple(runs), at - 1)


def joined(report: Report, lines: tuple[str, ...]) -> list[Section]:
    """The sections, without those that are not worth a label of their own.

    A line that only ends a trace belongs to the section above it, the PC's own line to
    the code that it points into.
    """
    found: list[Section] = []
    for section in report.sections:
        above = found[-1] if found else None
        if (
            above and all(is_furniture(line) for line in lines[section.first - 1 : section.last])
        ) or (above and above.kind == section.kind):
            found[-1] = Section(above.kind, above.first, section.last)
        elif above and section.kind == "code" and above.kind == "registers":
            if above.first == above.last:
                found[-1] = Section("code", above.first, section.last)
            else:
                found.append(section)
        else:
            found.append(section)
    return found


def _bands(case: Case, log: CaseLog, plan: _Plan, known: Marks) -> Iterator[Band]:
    reports = log.log.reports
    shown = -1
    for run in plan.runs:
        title = ""
        if run.report > max(shown, 0):
            title = f"Report {run.report + 1} of {len(reports)}: {reports[run.report].title}"
        shown = max(shown, run.report)
        folded, folds = trusted(""), ""
        if run.skipped:
            folds = _left_out(run.skipped, "before")
            if run.skipped <= _FOLDED:
                first = run.first - run.skipped
                folded = band_rows(case, log, first, run.first - 1, known, dim=True)
        if run.section is None:
            rows = band_rows(case, log, run.first, run.last, known, dim=bool(reports))
            gloss = "not part of a report" if reports else "no report was recognised"
            name = "Between" if run.first > 1 and reports else "Before" if reports else "Lines"
            yield Band(name, gloss, title, rows, folded, folds, "")
            continue
        name, gloss = label(reports[run.report], run.section)
        placed = ""
        if run.report == log.lead:
            kind = run.section.kind
            placed = case.anchor(log, kind) if case.is_placed(kind, log) else ""
        if placed:
            yield Band(name, gloss, title, trusted(""), folded, folds, placed)
            continue
        rows = band_rows(case, log, run.first, run.last, known)
        means = told(log, run.first, run.last, case.prefix(log), words=known.words)
        yield Band(name, gloss, title, rows, folded, folds, "", means)


def band_rows(
    case: Case, log: CaseLog, first: int, last: int, known: Marks, *, dim: bool = False
) -> str:
    """The lines `first` to `last`, decoded; trusted."""
    since = "" if dim else time_before(known, first)
    lines = _numbered(log, first, last)
    return trusted(decoded_rows(lines, known, case.prefix(log), since=since, dim=dim))


def _numbered(log: CaseLog, first: int, last: int) -> list[tuple[int, str]]:
    return list(enumerate(log.log.lines[first - 1 : last], first))


def _left_out(count: int, where: str) -> str:
    return f"{counted(count, 'line')} {where}" if count > 0 else ""


def _says(log: CaseLog, shown: list[tuple[int, int]]) -> str:
    """Which lines of how many are on the page."""
    total = len(log.log.lines)
    if not shown:
        return "The log is empty."
    count = sum(last - first + 1 for first, last in shown)
    if count == total:
        return counted(total, "line")
    first, last = shown[0][0], shown[-1][1]
    if last - first + 1 == count:
        return f"Lines {first} to {last}"
    return f"{count} lines between {first} and {last}"
