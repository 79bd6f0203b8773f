"""Lines of a log as HTML: numbered, decoded, marked.

Built here and not in templates: a page has hundreds of them, one element each.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence
from html import escape
from itertools import chain
from typing import NamedTuple

from sitegen.model import (
    CrashLog,
    Explanation,
    LogEvidence,
    Record,
    Register,
    ReportEvidence,
    TraceFrame,
)
from sitegen.web.directives.places import NOWHERE, Browse, spot, spot_html
from sitegen.web.directives.told import split, word_html

_LONGEST = 2000
"""Characters of a line shown: a console may hold megabytes without a line end."""


class Marks(NamedTuple):
    """What is known of the lines of one log, by line number."""

    records: tuple[Record, ...]
    "of the whole log, in order"
    frames: Mapping[int, TraceFrame]
    registers: Mapping[int, tuple[Register, ...]]
    codes: frozenset[int]
    headlines: frozenset[int]
    "the kernel's own words"
    crash: int
    "the line of the frame that crashed; 0 when the log has none"
    why: str
    "what happened there, in words"
    interrupted: Mapping[int, str]
    "lines of frames that an interrupt or exception came upon, with what is to be said there"
    common: str
    "the reason that all frames share for not being decoded: said once, not on each line"
    browse: Browse
    words: Mapping[int, tuple[Explanation, ...]]
    "explained where they stand, in order"


def marks(
    log: CrashLog,
    evidence: LogEvidence,
    *,
    crash: int,
    why: str,
    interrupted: Mapping[int, str],
    browse: Browse,
    words: Mapping[int, tuple[Explanation, ...]],
) -> Marks:
    """The marks of a log's reports together."""
    found = chain.from_iterable(map(_frames, evidence.reports))
    frames = {frame.line: frame for frame in found if frame.line}
    reasons = {frame.undecoded for frame in frames.values()}
    registers: dict[int, tuple[Register, ...]] = {}
    states = [state for report in log.reports for state in report.states]
    for state in states:
        for register in state.registers:
            line = register.at.line
            registers[line] = (*registers.get(line, ()), register)
    return Marks(
        records=log.records,
        frames=frames,
        registers=registers,
        codes=frozenset(state.code.at.line for state in states if state.code),
        headlines=frozenset(report.headline.line for report in log.reports),
        crash=crash,
        why=why,
        interrupted=interrupted,
        common=reasons.pop() if len(reasons) == 1 else "",
        browse=browse,
        words=words,
    )


def _frames(found: ReportEvidence) -> Iterable[TraceFrame]:
    for trace in found.traces:
        yield from trace.frames
    for frame in (found.lr, found.pc):
        if frame is not None:
            yield frame


def decoded_rows(
    lines: Sequence[tuple[int, str]],
    known: Marks,
    prefix: str,
    *,
    since: str = "",
    dim: bool = False,
) -> str:
    """The lines as the decoded view shows them. A time stamp is printed where it changes.

    `since` is the time stamp of the line before; frames have none, they are all of one moment.
    """
    out: list[str] = []
    records = _records(known.records, lines)
    time = since
    for number, line in lines:
        record = records.get(number)
        text = record.text if record else line
        stamp = record.time if record else ""
        new, time = stamp != time, stamp or time
        frame = known.frames.get(number)
        if frame is not None:
            out.extend(_frame_rows(number, text, frame, record, known, prefix))
            continue
        if text.strip() in _FURNITURE:
            out.append(_row(number, _cut(text.strip()), prefix, " dim"))
            continue
        html = f'<span class="time">[{escape(stamp)}]</span> ' if stamp and new else ""
        part = " dim" if dim else ""
        if number in known.headlines:
            part = " headline"
            html += _told(text, record, known, prefix)
        elif number in known.registers and record:
            html += _registers(line, record, known.registers[number])
        elif number in known.codes:
            html += _code(text)
        else:
            html += _told(text, record, known, prefix)
        out.append(_row(number, html, prefix, part + (" worded" if number in known.words else "")))
    return "\n".join(out)


def time_before(known: Marks, line: int) -> str:
    """The time stamp of the last record above `line`; empty when there is none."""
    index = bisect_left(known.records, line, key=_line_of)
    return known.records[index - 1].time if index else ""


def _records(records: tuple[Record, ...], lines: Sequence[tuple[int, str]]) -> dict[int, Record]:
    """The records that stand on `lines`, by line: found by bisection, a console has thousands."""
    if not lines:
        return {}
    first = bisect_left(records, lines[0][0], key=_line_of)
    last = bisect_right(records, lines[-1][0], lo=first, key=_line_of)
    return {record.at.line: record for record in records[first:last]}


def _line_of(record: Record) -> int:
    return record.at.line


def raw_rows(lines: Iterable[tuple[int, str]], prefix: str) -> str:
    """The lines verbatim."""
    return "\n".join(
        f'<span class="line" id="{prefix}raw-L{number}">'
        f'<a class="n" href="#{prefix}raw-L{number}" tabindex="-1">{number}</a> '
        f'<span class="t">{_cut(line)}</span></span>'
        for number, line in lines
    )


_FURNITURE = frozenset(
    {"Call Trace:", "Call trace:", "Backtrace:"}
    | {
        f"<{slash}{stack}>"
        for slash in ("", "/")
        for stack in ("TASK", "IRQ", "NMI", "#DF", "SOFTIRQ")
    }
)
_STACK_END = re.compile(r"</[A-Z#]{2,10}>\s*$")


def is_furniture(line: str) -> bool:
    """Whether a line of the log only says that a stack ends."""
    return len(line) < 80 and _STACK_END.search(line) is not None


def _row(number: int, html: str, prefix: str, part: str = "") -> str:
    return (
        f'<span class="line{part}" id="{prefix}L{number}">'
        f'<a class="n" href="#{prefix}L{number}" tabindex="-1">{number}</a> '
        f'<span class="t">{html}</span></span>'
    )


def _cut(text: str) -> str:
    text = text.replace("\0", "\ufffd")
    if len(text) <= _LONGEST:
        return escape(text, quote=False)
    more = len(text) - _LONGEST
    return f'{escape(text[:_LONGEST], quote=False)}<em class="dim"> … {more} more characters</em>'


def _told(text: str, record: Record | None, known: Marks, prefix: str) -> str:
    """The text with the words that are explained in place."""
    words = known.words.get(record.at.line) if record else None
    # With control sequences of a terminal left out, columns are none of the text.
    if not words or not record or record.at.end - record.at.column != len(text):
        return _cut(text)
    return "".join(
        _cut(piece) if one is None else word_html(piece, one, prefix)
        for piece, one in split(text[:_LONGEST], words, record.at.column)
    )


def _frame_rows(
    number: int, text: str, frame: TraceFrame, record: Record | None, known: Marks, prefix: str
) -> Iterable[str]:
    """A frame's line; above it, without a number, what was inlined into it."""
    here = number == known.crash
    doubt = " doubt" if not frame.reliable else ""
    if not doubt:
        for call in frame.calls[:-1]:
            where = spot_html(spot(call.file, call.line, known.browse))
            yield (
                f'<span class="line frame inlined"><span class="t">{escape(call.function)}'
                f" <i>inlined</i></span> {where}</span>"
            )
    if frame.calls:
        last = frame.calls[-1]
        where = spot_html(spot(last.file, last.line, known.browse))
    else:
        where = _why_undecoded(frame, known)
    words = _told(text, record, known, prefix).lstrip() if number in known.words else ""
    said = known.why if here else known.interrupted.get(number, "")
    why = f' <span class="why">{escape(said)}</span>' if said else ""
    yield (
        f'<span class="line frame{doubt}{" crash" if here else ""}{" worded" if words else ""}"'
        f' id="{prefix}L{number}">'
        f'<a class="n" href="#{prefix}L{number}" tabindex="-1">{number}</a> '
        f'<span class="t">{words or _frame_text(text, frame)}</span> {where}{why}</span>'
    )


def _why_undecoded(frame: TraceFrame, known: Marks) -> str:
    if not frame.undecoded or frame.undecoded == known.common:
        return ""
    places = [
        spot(one.file, one.line, NOWHERE).text or one.function for one in frame.candidates[:4]
    ]
    more = len(frame.candidates) - len(places)
    words = frame.undecoded
    if places:
        words += ": " + ", ".join(places) + (f" and {more} more" if more > 0 else "")
    return f'<span class="at reason">{escape(words)}</span>'


_OFFSET = re.compile(r"\+0x[0-9a-f]+(?:/0x[0-9a-f]+)?")


def _frame_text(text: str, frame: TraceFrame) -> str:
    """The line as printed, the symbol's name set off from its offset."""
    text = text.strip()[:_LONGEST]
    start = text.find(frame.symbol) if frame.symbol else -1
    if start < 0:
        return escape(text, quote=False)
    end = start + len(frame.symbol)
    offset = _OFFSET.match(text, end)
    html = f"{escape(text[:start], quote=False)}<b>{escape(frame.symbol, quote=False)}</b>"
    if offset:
        html += f"<i>{offset[0]}</i>"
        end = offset.end()
    elif frame.calls:  # the log came decoded: what follows the name stands in its own column
        return html
    return html + escape(text[end:], quote=False)


def _registers(line: str, record: Record, registers: tuple[Register, ...]) -> str:
    """The line with the digits that matter set off from names and leading zeros."""
    out = []
    at = record.at.column - 1
    for register in registers:
        start, end = register.at.column - 1, register.at.end - 1
        if start < at or end > len(line):
            continue
        piece = line[start:end]
        digits = len(piece)
        while digits and piece[digits - 1] in "0123456789abcdefABCDEF":
            digits -= 1
        value = piece[digits:]
        zeros = len(value) - len(value.lstrip("0"))
        out.append(escape(line[at:start], quote=False))
        out.append(f"<i>{escape(piece[:digits] + value[:zeros], quote=False)}</i>{value[zeros:]}")
        at = end
    out.append(escape(line[at:][:_LONGEST], quote=False))
    return "".join(out)


_PC_BYTE = re.compile(r"&lt;([0-9a-fA-F]{2,16})&gt;|\(([0-9a-fA-F]{2,16})\)")


def _code(text: str) -> str:
    """The bytes as printed, the one at the PC marked."""
    return _PC_BYTE.sub(r"<mark>\g<0></mark>", escape(text[:_LONGEST], quote=False), count=1)
