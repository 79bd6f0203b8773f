"""Logs of one crash -> what its case will be called, where it goes, and which logs it holds."""

from collections.abc import Sequence
from typing import NamedTuple

from sitegen.authoring.cut import LONG, Cut, cut_log
from sitegen.authoring.draft import DraftLog
from sitegen.authoring.grouping import Seen
from sitegen.authoring.places import free_file
from sitegen.authoring.titles import own_words, readable_title
from sitegen.crash.log import parse
from sitegen.model import CrashLog
from sitegen.web.content import Occurrence

MOST_LOGS = 6
"""Logs that one case holds whole; further ones are counted as occurrences."""


class Plan(NamedTuple):
    """A case to be made."""

    slug: str
    title: str
    seen: tuple[Seen, ...] = ()
    "its logs as they came, those that it holds first"
    logs: tuple[DraftLog, ...] = ()
    parsed: tuple[CrashLog, ...] = ()
    "beside `logs`"
    left_out: tuple[int, ...] = ()
    "lines of each log that the case does not hold"
    occurrences: tuple[Occurrence, ...] = ()
    uncounted: int = 0
    "further logs without a day, which cannot be told as occurrences"
    day: str = ""
    "of the first crash, where the author says none"
    kernel: str = ""
    "given by the author; empty where the logs say it themselves"


def plan_case(
    seen: Sequence[Seen], *, slug: str, title: str, day: str, kernel: str, longest: int = LONG
) -> Plan:
    """The plan of a case. `title`, `day` and `kernel` are the author's, and may be empty."""
    held, further = seen[:MOST_LOGS], seen[MOST_LOGS:]
    cuts = [_cut(one, longest) for one in held]
    names: set[str] = set()
    days = [day if index == 0 and day else one.day for index, one in enumerate(held)]
    many = len(held) > 1
    logs = tuple(
        DraftLog(
            data=cut.text.encode() if cut.left_out else one.found.data,
            file=free_file(one.found.file, names),
            id=f"report-{number}" if many else "",
            day=when if many else "",
        )
        for number, (one, cut, when) in enumerate(zip(held, cuts, days, strict=True), start=1)
    )
    parsed = tuple(
        parse(cut.text) if cut.left_out else one.log for one, cut in zip(held, cuts, strict=True)
    )
    dated = [one for one in further if one.day]
    return Plan(
        slug=slug,
        title=title or title_of(seen[0]) or "Kernel crash",
        seen=tuple(seen),
        logs=logs,
        parsed=parsed,
        left_out=tuple(cut.left_out for cut in cuts),
        occurrences=tuple(Occurrence(date=one.day, kernel=one.log.release) for one in dated),
        uncounted=len(further) - len(dated),
        day=day or min((one.day for one in seen if one.day), default=""),
        kernel=kernel,
    )


def title_of(one: Seen) -> str:
    """How people call the crash of a log, in the log's own words."""
    line = one.log.lines[one.report.headline.line - 1]
    return readable_title(own_words(one.report.title, line, one.print.function))


def _cut(one: Seen, longest: int) -> Cut:
    return cut_log(one.text, one.log, longest=longest)
