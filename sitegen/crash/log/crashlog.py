"""Text -> CrashLog: the stages put together."""

from collections.abc import Callable, Iterable, Sequence

from sitegen.crash.log import facts
from sitegen.crash.log.cut import Cutter, Draft
from sitegen.crash.log.lines import Lines
from sitegen.crash.log.machine import detect_arch
from sitegen.crash.log.naming import Name, name
from sitegen.crash.log.printk import Line
from sitegen.crash.log.report import build_report
from sitegen.model import CrashLog, Record

MOST_NAMED = 20_000
"lines after a headline that its name may depend on"
_LOST = "serialport: VM disconnected."


def parse_text(text: str) -> CrashLog:
    """See `sitegen.crash.log.parse`."""
    read = Lines(text)
    drafts = Cutter(read).cut()
    arch = detect_arch([line.text for draft in drafts for line in draft.lines], text)
    lost = _LOST in text
    named = next((draft for draft in drafts if draft.oops is not None), None)
    reports = tuple(
        build_report(
            draft,
            _name(draft, read, first=draft is named, lost=lost),
            arch,
            alone=named is None,
            silent=_silent(draft, read),
        )
        for draft in drafts
    )
    return CrashLog(
        lines=read.raw,
        records=_records(read, drafts),
        reports=reports,
        arch=arch.name if arch else "",
        release=next((one.release for one in reports if one.release), "")
        or facts.find_release(text),
        build_id=_first(drafts, facts.find_build_id) or "",
        slide=facts.find_slide(text) if "Kernel Offset: " in text else None,
    )


def _name(draft: Draft, read: Lines, *, first: bool, lost: bool) -> Name | None:
    """The name of a report; None when it is none of syzkaller's.

    The first one is named from all that follows, as there; the others from their own lines.
    """
    if draft.oops is None:
        return None
    lines = draft.whole_lines()
    if first and lines is draft.lines:
        following: Iterable[Line] = read.after(draft.trigger, MOST_NAMED)
    else:
        following = (line for line in lines if line.place > draft.trigger.place)
    return name(draft.trigger, draft.oops, following, lost=lost)


def _silent(draft: Draft, read: Lines) -> frozenset[int]:
    """The lines among the report's that hold no message: a journal writes a field on each."""
    if read.form is None:
        return frozenset()
    numbers = range(draft.lines[0].number, draft.lines[-1].last + 1)
    return frozenset(number for number in numbers if not read.at(number))


def _records(read: Lines, drafts: Sequence[Draft]) -> tuple[Record, ...]:
    """All lines of a short log; of a long one only the reports' are kept."""
    if read.is_short:
        return tuple(line.record() for line in read.all())
    lines = {line.place: line for draft in drafts for line in draft.lines}
    return tuple(lines[place].record() for place in sorted(lines))


def _first(drafts: Sequence[Draft], find: Callable[[str], str]) -> str:
    found = (find(line.text) for draft in drafts for line in draft.lines if " #" in line.text)
    return next((one for one in found if one), "")
