"""A long log -> the part that a case needs: its reports, and what stands around them.

Whole lines are taken as they are. Where some are left out a line says how many, and the
crash that is read from the rest is the same, or nothing is left out.
"""

from collections.abc import Sequence
from typing import NamedTuple

from sitegen.crash.log import parse
from sitegen.model import CrashLog, Report
from sitegen.wording import counted

LONG = 3000
"""Lines up to which a log is kept whole."""
ABOVE, BELOW = 150, 30
"""Lines that are kept before and after each report."""
_MOST = 40
"reports that are kept; a machine in trouble prints thousands"
_VERSION = "Linux version "


class Cut(NamedTuple):
    """A log as the case keeps it."""

    text: str
    left_out: int = 0
    "lines"


def cut_log(text: str, log: CrashLog, *, longest: int = LONG, above: int = ABOVE) -> Cut:
    """The part of a log that its case needs; all of it when it has no more than `longest` lines."""
    if len(log.lines) <= longest or not log.reports:
        return Cut(text)
    lines = text.split("\n")
    if not lines[-1]:
        lines.pop()
    kept = _kept(log, len(lines), above)
    short = _joined(lines, kept)
    if _names(parse(short)) != _names(log):
        return Cut(text)
    return Cut(short, len(lines) - sum(last - first for first, last in kept))


def _kept(log: CrashLog, count: int, above: int) -> list[tuple[int, int]]:
    """Runs of lines, from 0, the end not included; none touches another."""
    version = next((n for n, line in enumerate(log.lines) if _VERSION in line), None)
    wanted = [] if version is None else [(version, version + 1)]
    wanted += [
        (max(0, report.first - 1 - above), min(count, report.last + BELOW))
        for report in _telling(log.reports)
    ]
    runs: list[tuple[int, int]] = []
    for first, last in sorted(wanted):
        if runs and first <= runs[-1][1]:
            runs[-1] = runs[-1][0], max(last, runs[-1][1])
        else:
            runs.append((first, last))
    return runs


def _telling(reports: Sequence[Report]) -> Sequence[Report]:
    """The first reports, and the last one, which often is the panic."""
    return reports if len(reports) <= _MOST else (*reports[: _MOST - 1], reports[-1])


def _joined(lines: Sequence[str], kept: Sequence[tuple[int, int]]) -> str:
    parts: list[str] = []
    at = 0
    for first, last in (*kept, (len(lines), len(lines))):
        if first > at:
            parts.append(f"... {counted(first - at, 'line')} left out ...")
        parts += lines[first:last]
        at = last
    return "\n".join([*parts, ""])


def _names(log: CrashLog) -> tuple[object, ...]:
    """What the reports that are kept say, and of which kernel."""
    reports = [(one.title, one.kind, one.crash) for one in _telling(log.reports)]
    return log.release, log.arch, tuple(reports)
