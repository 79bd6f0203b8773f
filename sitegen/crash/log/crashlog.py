"""Text -> CrashLog: the stages put together."""

from collections.abc import Callable, Iterable, Sequence

from sitegen.crash.log import facts
from sitegen.crash.log.cut import Cutter, Draft
from sitegen.crash.log.machine import detect_arch
from sitegen.crash.log.naming import Name, name
from sitegen.crash.log.printk import Line, read_lines, split_lines
from sitegen.crash.log.report import build_report
from sitegen.model import CrashLog, Record

MOST_RECORDS = 50_000
"lines up to which all of a log's records are kept; of a longer log only the reports' are"
MOST_NAMED = 20_000
"lines after a headline that its name may depend on"
_LOST = "serialport: VM disconnected."


def parse_text(text: str) -> CrashLog:
    """See `sitegen.crash.log.parse`."""
    raw = split_lines(text)
    drafts = Cutter(raw).cut()
    arch = detect_arch([line.text for draft in drafts for line in draft.lines], text)
    lost = _LOST in text
    named = next((draft for draft in drafts if draft.oops is not None), None)
    reports = tuple(
        build_report(draft, _name(draft, raw, first=draft is named, lost=lost), arch)
        for draft in drafts
    )
    return CrashLog(
        lines=raw,
        records=_records(raw, drafts),
        reports=reports,
        arch=arch.name if arch else "",
        release=next((one.release for one in reports if one.release), "")
        or facts.find_release(text),
        build_id=_first(drafts, facts.find_build_id) or "",
        slide=facts.find_slide(text) if "Kernel Offset: " in text else None,
    )


def _name(draft: Draft, raw: Sequence[str], *, first: bool, lost: bool) -> Name | None:
    """The name of a report; None when it is none of syzkaller's.

    The first one is named from all that follows, as there; the others from their own lines.
    """
    if draft.oops is None:
        return None
    start = draft.trigger.number
    lines = draft.whole_lines()
    if first and lines is draft.lines:
        following: Iterable[Line] = read_lines(raw, start + 1, min(len(raw), start + MOST_NAMED))
    else:
        following = (line for line in lines if line.number > start)
    return name(draft.trigger, draft.oops, following, lost=lost)


def _records(raw: Sequence[str], drafts: Sequence[Draft]) -> tuple[Record, ...]:
    if len(raw) <= MOST_RECORDS:
        return tuple(line.record() for line in read_lines(raw))
    lines = {line.number: line for draft in drafts for line in draft.lines}
    return tuple(lines[number].record() for number in sorted(lines))


def _first(drafts: Sequence[Draft], find: Callable[[str], str]) -> str:
    found = (find(line.text) for draft in drafts for line in draft.lines if " #" in line.text)
    return next((one for one in found if one), "")
