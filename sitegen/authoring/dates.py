"""The day of a crash, from what the log or the name of its file says. Never from a clock.

A day without its year, and the BIOS date of `Hardware name:`, are no days.
"""

import datetime as dt
import re
from collections.abc import Callable, Iterator

from sitegen.model import CrashLog, Record, Report
from sitegen.web.content import read_day

_ISO = re.compile(r"(?<!\d)(\d{4}-\d\d-\d\d)(?=[T ]\d\d:\d\d)")
# dmesg -T: Mon Nov 23 10:42:11 2026
_CTIME = re.compile(
    r"[A-Z][a-z]{2} (?P<month>[A-Z][a-z]{2}) {1,2}(?P<day>\d{1,2}) [\d:.]{8,18} (?P<year>\d{4})"
)
_EPOCH = re.compile(r"(\d{9,11})\.\d{1,9}\Z")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")

_REALTIME = re.compile(r'__REALTIME_TIMESTAMP"?\s{0,8}[=:]\s{0,8}"?(\d{15,17})')
_FIRST = "1995"
"the year of Linux 1.2; a clock that shows an earlier one was not set"
_NEAR = 60
"lines of a journal's record that are searched for its clock"

_RTC = re.compile(
    r"\[ {0,12}(?P<stamp>\d{1,10})\.\d{6}\](?:\[[^\]]{0,20}\])? \S{1,40}(?: \S{1,40})?: setting system clock to "
    r"(?P<day>\d{4}-\d\d-\d\d)[T ](?P<clock>\d\d:\d\d:\d\d) UTC"
)
_SLEPT = re.compile(r"PM: (?:suspend exit|resume of devices|hibernation)|ACPI: (?:PM: )?Waking up")
_STAMP = re.compile(r" {0,12}(\d{1,10})\.\d{6}\Z")

_NAMES: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], str]], ...] = (
    # kdump: 127.0.0.1-2026-11-23-10:42:11
    (re.compile(r"(?<!\d)((?:19|20)\d\d-\d\d-\d\d)(?!\d)"), lambda found: found[1]),
    # kdump-tools: 202611231042, dmesg.202611231042
    (
        re.compile(r"(?<!\d)(20\d\d)(\d\d)(\d\d)(?:[0-2]\d[0-5]\d(?:[0-5]\d)?)?(?!\d)"),
        lambda found: f"{found[1]}-{found[2]}-{found[3]}",
    ),
    # pstore on EFI: dmesg-efi-<seconds><part><count>
    (
        re.compile(r"dmesg-efi(?:_pstore)?-(1\d{9})\d{0,8}(?!\d)"),
        lambda found: _day_of(int(found[1])),
    ),
    # systemd-pstore: pstore/1795377345/dmesg.txt
    (re.compile(r"pstore/(1\d{9})\d{0,8}(?:/|\Z)"), lambda found: _day_of(int(found[1]))),
)


def day_of_log(log: CrashLog, report: Report) -> str:
    """The day of a report as its log dates it, YYYY-MM-DD; empty when it does not."""
    record = next((one for one in log.records if one.at.line == report.headline.line), None)
    for day in _from_log(log, report, record):
        if valid := known_day(day):
            return valid
    return ""


def _from_log(log: CrashLog, report: Report, record: Record | None) -> Iterator[str]:
    time = record.time if record else ""
    if found := _ISO.search(time):
        yield found[1]
    yield day_in(time)
    if found := _EPOCH.match(time):
        # The time since boot has the same form, but no machine is up for twenty years.
        yield _day_of(int(found[1]))
    # A logger's mark stands before printk's own time stamp, and that is the one that is kept.
    line = log.lines[report.headline.line - 1][:400]
    before = line.partition("]: ")[0] if record is None else line[: max(record.at.column - 1, 0)]
    if found := _ISO.search(before):
        yield found[1]
    yield day_in(before)
    first = max(0, report.headline.line - 1 - _NEAR)
    if found := _last(_REALTIME, log.lines[first : report.headline.line + _NEAR]):
        yield _day_of(int(found[1]) // 1_000_000)
    yield _since_boot(log, report, time)


def day_in(text: str) -> str:
    """The day of a date as C writes it (`Mon Nov 23 10:42:11 2026`); empty where there is none."""
    found = _CTIME.search(text)
    if found is None or found["month"] not in _MONTHS:
        return ""
    return f"{found['year']}-{_MONTHS.index(found['month']) + 1:02}-{int(found['day']):02}"


def _last(pattern: re.Pattern[str], lines: tuple[str, ...]) -> re.Match[str] | None:
    """The match nearest to the middle from above, else the first below."""
    found = None
    middle = min(_NEAR, len(lines) - 1)
    for index, line in enumerate(lines):
        match = pattern.search(line[:4000])
        if match and (found is None or index <= middle):
            found = match
    return found


def _since_boot(log: CrashLog, report: Report, time: str) -> str:
    """The day counted from where the kernel set its clock by the machine's; not over a sleep."""
    stamp = _STAMP.match(time)
    if stamp is None:
        return ""
    set_at = None
    for line in log.lines[: report.headline.line]:
        if "etting system clock to" in line and (found := _RTC.search(line[:400])):
            set_at = found
        elif set_at and "P" in line and _SLEPT.search(line[:400]):
            return ""
    if set_at is None or int(stamp[1]) < int(set_at["stamp"]):
        return ""
    try:
        began = dt.datetime.fromisoformat(f"{set_at['day']}T{set_at['clock']}+00:00")
        return (
            (began + dt.timedelta(seconds=int(stamp[1]) - int(set_at["stamp"]))).date().isoformat()
        )
    except (ValueError, OverflowError):
        return ""


def day_of_name(path: str) -> str:
    """The day that a dump's file or folder is named after, innermost first; empty when none is.

    >>> day_of_name("/var/crash/127.0.0.1-2026-11-23-10:42:11/vmcore-dmesg.txt")
    '2026-11-23'
    """
    parts = path.replace("\\", "/").split("/")
    for depth in range(len(parts), 0, -1):
        tail = "/".join(parts[max(0, depth - 2) : depth])
        for pattern, read in _NAMES:
            found = pattern.search(tail)
            if found and (day := known_day(read(found))):
                return day
    return ""


def _day_of(seconds: int) -> str:
    try:
        return dt.datetime.fromtimestamp(seconds, dt.UTC).date().isoformat()
    except (ValueError, OverflowError, OSError):
        return ""


def known_day(text: str) -> str:
    """`text`, YYYY-MM-DD, if there is that day and a kernel of ours may have run on it; else nothing."""
    day = read_day(text) or ""
    return day if day >= _FIRST else ""
