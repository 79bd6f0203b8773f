"""The reports of a case over time: its own logs and what was seen elsewhere, as a chart and a table."""

import datetime as dt
from collections.abc import Iterable
from typing import NamedTuple

from sitegen.web.directives.values import Case, CaseLog
from sitegen.wording import counted

_MOST_DOTS = 60
"""Reports up to which each is a dot; more are bars."""
_MOST_BARS = 60
_MOST_ROWS = 200
"""Rows of the table; of more the newest are shown."""
_MOST_LANES = 8


class Mark(NamedTuple):
    """A dot or a bar of the chart; places in per cent of the lane."""

    x: str
    width: str
    "empty for a dot"
    height: str
    "of a bar, of the highest"
    here: bool
    "the log that the page is about"
    title: str


class Lane(NamedTuple):
    """The reports of one kernel."""

    name: str
    marks: tuple[Mark, ...]


class Tick(NamedTuple):
    """A date below the chart."""

    text: str
    x: str
    anchor: str
    "start, middle or end: where its text stands"


class ReportRow(NamedTuple):
    """A report in the table."""

    text: str
    href: str
    date: str
    kernel: str
    where: str
    "host or task"
    times: str
    differs: str
    "from the first log in; empty for that one, and for what was seen elsewhere"


class OccurrencesView(NamedTuple):
    """All reports of a case."""

    anchor: str
    says: str
    lanes: tuple[Lane, ...]
    ticks: tuple[Tick, ...]
    rows: tuple[ReportRow, ...]
    counted: bool
    "whether a row stands for several reports"
    differ: bool
    left_out: int
    source: str
    source_href: str
    source_date: str
    source_old: bool
    "whether a newer report is known than the copy that the others are from"


class _Report(NamedTuple):
    date: str
    kernel: str
    where: str
    times: int
    link: str
    log: CaseLog | None = None


def occurrences_view(case: Case) -> OccurrencesView | None:
    """All reports; None where the case's one log is all there is."""
    reports = [_of_log(case, log) for log in case.logs]
    reports += [
        _Report(one.date, one.kernel, one.host, one.count, one.link)
        for one in case.front.occurrences
    ]
    if len(reports) < 2 and not case.front.occurrences:
        return None
    ordered = sorted(reports, key=lambda one: one.date, reverse=True)
    shown = ordered[:_MOST_ROWS]
    dated = [one for one in reports if one.date]
    snapshot = case.front.snapshot
    first = case.logs[0] if case.logs else None
    rows = tuple(_row(case, one, first) for one in shown)
    return OccurrencesView(
        anchor="reports",
        says=_says(reports, dated),
        lanes=_lanes(dated, first),
        ticks=_ticks(dated),
        rows=rows,
        counted=any(one.times > 1 for one in reports),
        differ=any(row.differs for row in rows),
        left_out=len(ordered) - len(shown),
        source=snapshot.source,
        source_href=snapshot.link,
        source_date=snapshot.date,
        source_old=any(one.date > snapshot.date for one in dated) if snapshot.date else False,
    )


def _of_log(case: Case, log: CaseLog) -> _Report:
    lead = log is case.logs[0]
    date = log.embedded.date or (case.front.date if lead else "")
    task = log.report.task if log.report else None
    return _Report(
        date, log.evidence.kernel or log.log.release, task.comm if task else "", 1, "", log
    )


def _says(reports: list[_Report], dated: list[_Report]) -> str:
    total = sum(one.times for one in reports)
    number = counted(total, "report")
    dates = sorted(one.date for one in dated)
    if not dates:
        return f"{number}, none of them dated."
    undated = sum(one.times for one in reports if not one.date)
    rest = f"; {undated} without a date" if undated else ""
    when = f"on {dates[0]}" if dates[0] == dates[-1] else f"from {dates[0]} to {dates[-1]}"
    return f"{number} {when}{rest}."


def _row(case: Case, one: _Report, first: CaseLog | None) -> ReportRow:
    log = one.log
    if log is None:
        text, href = (_host_of(one.link), one.link) if one.link else ("", "")
    else:
        text = log.id
        href = f"#{case.anchor(log, 'log')}" if log is first else f"#{case.section(log)}"
    return ReportRow(
        text=text,
        href=href,
        date=one.date,
        kernel=one.kernel,
        where=one.where,
        times=str(one.times),
        differs=_differs(log, first) if log and first else "",
    )


def _host_of(link: str) -> str:
    return link.partition("://")[2].partition("/")[0]


def _differs(log: CaseLog, first: CaseLog) -> str:
    """In what a log differs from the case's first; empty for that one."""
    if log is first:
        return ""
    kinds = (
        ("architecture", log.evidence.arch != first.evidence.arch),
        ("kernel", log.evidence.kernel != first.evidence.kernel),
        ("title", log.found.title != first.found.title),
        (
            "way",
            [one.function for one in log.found.chain]
            != [one.function for one in first.found.chain],
        ),
    )
    return ", ".join(name for name, other in kinds if other) or "nothing but its task and time"


# --- The chart --------------------------------------------------------------------------------


def _lanes(dated: list[_Report], first: CaseLog | None) -> tuple[Lane, ...]:
    """A lane a kernel, by name; the rest together where there are many."""
    if not dated:
        return ()
    start, days = _span(dated)
    kernels = sorted({one.kernel for one in dated})
    named = kernels if len(kernels) <= _MOST_LANES else kernels[: _MOST_LANES - 1]
    groups = [(name, [one for one in dated if one.kernel == name]) for name in named]
    rest = [one for one in dated if one.kernel not in named]
    if rest:
        groups.append((f"{len(kernels) - len(named)} others", rest))
    if sum(one.times for one in dated) <= _MOST_DOTS:
        return tuple(
            Lane(name or "kernel not known", tuple(_dot(one, start, days, first) for one in group))
            for name, group in groups
        )
    return tuple(
        Lane(name or "kernel not known", _bars(group, start, days)) for name, group in groups
    )


def _span(dated: Iterable[_Report]) -> tuple[dt.date, int]:
    """The first day, and how many there are to the last."""
    days = [dt.date.fromisoformat(one.date) for one in dated]
    return min(days), (max(days) - min(days)).days


def _dot(one: _Report, start: dt.date, days: int, first: CaseLog | None) -> Mark:
    day = (dt.date.fromisoformat(one.date) - start).days
    times = f", {one.times} times" if one.times > 1 else ""
    here = one.log is not None and one.log is first
    return Mark(_per_cent(day, days), "", "", here, f"{one.date}{times}")


def _bars(group: list[_Report], start: dt.date, days: int) -> tuple[Mark, ...]:
    """Equal stretches of time, each as high as it has reports."""
    stretch = max(1, -(-(days + 1) // _MOST_BARS))
    counts: dict[int, int] = {}
    for one in group:
        place = (dt.date.fromisoformat(one.date) - start).days // stretch
        counts[place] = counts.get(place, 0) + one.times
    number = days // stretch + 1
    highest = max(counts.values())
    return tuple(
        Mark(
            x=f"{100 * place / number:.2f}",
            width=f"{80 / number:.2f}",
            height=f"{max(4, 100 * count / highest):.0f}",
            here=False,
            title=f"{start + dt.timedelta(place * stretch)}: {count}",
        )
        for place, count in sorted(counts.items())
    )


def _ticks(dated: list[_Report]) -> tuple[Tick, ...]:
    if not dated:
        return ()
    start, days = _span(dated)
    if not days:
        return (Tick(str(start), "50", "middle"),)
    ends = (Tick(str(start), "0", "start"), Tick(str(start + dt.timedelta(days)), "100", "end"))
    if days < 4:
        return ends
    return (ends[0], Tick(str(start + dt.timedelta(days // 2)), "50", "middle"), ends[1])


def _per_cent(day: int, days: int) -> str:
    """Where a day stands in its lane; what all happened on one day stands in the middle."""
    return f"{2 + 96 * day / days:.2f}" if days else "50"
