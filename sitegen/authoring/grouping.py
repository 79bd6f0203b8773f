"""Logs -> crashes: which logs are of one event, and which events are of one crash."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

from sitegen.authoring.dates import day_of_log
from sitegen.authoring.sources import Found
from sitegen.crash.log import decode_bytes, parse
from sitegen.crash.similar import fingerprint
from sitegen.model import CrashLog, Fingerprint, Record, Report

Event = tuple[str, str, str, int | None]
"""What no two crashes share: release, time, headline and process."""


class Seen(NamedTuple):
    """A log that was read and holds a report."""

    found: Found
    text: str
    "as a build reads it"
    log: CrashLog
    print: Fingerprint
    report: Report
    "that it is about"
    day: str
    "YYYY-MM-DD; empty when neither log nor name say"


def read_found(found: Found) -> Seen | None:
    """The log, parsed; None when there is no report in it."""
    log = parse(decode_bytes(found.data))
    report = log.lead_report
    if report is None:
        return None
    text = found.data.decode("utf-8", "replace")
    day = day_of_log(log, report) or found.day
    return Seen(found, text, log, fingerprint(log), report, day)


def is_kernels(one: Seen) -> bool:
    """Whether a kernel printed the report: a word such as WARNING alone stands in many a file."""
    report = one.report
    frames = any(trace.frames for trace in report.traces)
    record = _record(one)
    stamped = record is not None and bool(record.time)
    return frames or bool(report.states) or report.panicked or stamped


def _record(one: Seen) -> Record | None:
    """The line that the report begins with."""
    line = one.report.headline.line
    return next((record for record in one.log.records if record.at.line == line), None)


def once(logs: Sequence[Seen]) -> tuple[tuple[Seen, ...], tuple[tuple[Seen, Seen], ...]]:
    """The logs, each event once, in their order; and those left out, with the one that stays.

    A crash may leave its trace in several files: an oops and the panic after it in pstore, and
    the console. Time stamps to the microsecond tell that they are the same; the fullest log stays.
    """
    kept: dict[tuple[object, ...], Seen] = {}
    twins: list[tuple[Seen, Seen]] = []
    for index, one in enumerate(logs):
        key = event_of(one) or (index,)
        other = kept.get(key)
        if other and one.day and other.day and one.day != other.day:
            key, other = (*key, one.day), kept.get((*key, one.day))
        if other is None:
            kept[key] = one
            continue
        fuller = one if _worth(one) > _worth(other) else other
        kept[key] = fuller._replace(day=fuller.day or one.day or other.day)
        twins.append((other if fuller is one else one, fuller))
    return tuple(kept.values()), tuple(twins)


def event_of(one: Seen) -> Event | None:
    """The event that a log is of; None when the log has no time stamps, or coarse ones."""
    record = _record(one)
    if record is None or "." not in record.time or not record.text.strip():
        return None
    return one.log.release, record.time, record.text.strip(), one.report.task.pid


def _worth(one: Seen) -> tuple[int, int]:
    lines = sum(report.last - report.first for report in one.log.reports)
    return lines, len(one.log.lines)


def by_crash(logs: Sequence[Seen]) -> tuple[tuple[Seen, ...], ...]:
    """The logs of each distinct crash, in the order in which the first of each came.

    Two are of one crash when they have the same title, or are of the same kind in the same
    function.
    """
    groups: list[list[Seen]] = []
    for one in logs:
        home = next((group for group in groups if is_same(group[0].print, one.print)), None)
        if home is None:
            groups.append([one])
        else:
            home.append(one)
    return tuple(tuple(group) for group in groups)


def in_order(group: Sequence[Seen], is_decoded: Callable[[Seen], bool]) -> tuple[Seen, ...]:
    """Those that can be decoded first, for they tell most; then by day, those without one last, as they came."""
    return tuple(sorted(group, key=lambda one: (not is_decoded(one), not one.day, one.day)))


def is_same(one: Fingerprint, other: Fingerprint) -> bool:
    """Whether two logs are of the same crash, as far as logs can tell."""
    if one.title == other.title and " in corrupted" not in one.title:
        return True
    return bool(one.function) and (one.kind, one.function) == (other.kind, other.function)
