"""CrashLog -> Explanations and Listings: the readers of words, registers and code put together."""

import sys
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence

from sitegen.crash.arch import Arch, find_arch
from sitegen.crash.explain import listing, marks, process, registers, shadow, states, where
from sitegen.crash.explain.access import find_access
from sitegen.crash.explain.dumps import Dump, find_dumps
from sitegen.crash.explain.lines import line_words
from sitegen.crash.explain.words import find_record, place_of, span_of
from sitegen.model import (
    CrashLog,
    Explanation,
    Instruction,
    Listing,
    Record,
    Report,
    State,
)

MOST_RECORDS = 400
"""Records of all reports together that are explained: no page shows more."""
MOST_A_LINE = 12
"""Words of one line."""
_MANY = 4
"""Registers on a line of the widest dumps."""


def explain_log(log: CrashLog) -> tuple[tuple[Explanation, ...], tuple[Listing, ...]]:
    """The words of all reports in order of place, and the instructions of their `Code:` lines.

    Reports are taken in order until `MOST_RECORDS` are explained, and the first crash
    in any case. A word that says the same as one before it is left out.
    """
    found: list[Explanation] = []
    listings: dict[int, Listing] = {}
    room = MOST_RECORDS
    lead = next((report for report in log.reports if report.crash), None)
    for report in log.reports:
        if room <= 0 and report is not lead:
            continue
        room -= len(_records(log, report))
        found.extend(explain(log, report))
        for one in _listings(log, report):
            listings.setdefault(one.line, one)
    return _first_ones(_apart(found)), tuple(listings.values())


def explain(log: CrashLog, report: Report) -> tuple[Explanation, ...]:
    """The words of the report's first `MOST_RECORDS` that have a meaning, in order of place, none over another."""
    arch = find_arch(log.arch)
    records = _records(log, report)[:MOST_RECORDS]
    last = records[-1].at.line if records else 0
    found: list[Explanation] = []
    if arch is not None:
        found.extend(states.state_words(log, report, records, arch))
    found.extend(where.place_words(report, records, log.arch))
    found.extend(shadow.shadow_words(records))
    found.extend(_of_lines(log, report, records))
    found.extend(marks.trace_words(report, records))
    return _first_ones(_apart(one for one in found if report.first <= one.at.line <= last))


def _listings(log: CrashLog, report: Report) -> Iterator[Listing]:
    arch = find_arch(log.arch)
    if arch is None or not report.states:
        return
    records = _records(log, report)
    known: list[State] = []
    for dump in find_dumps(report, records, arch):
        state = dump.state
        if state.code is None or states.repeats_one(state, known):
            continue
        known.append(state)
        if found := _instructions(log, report, records, dump, arch):
            symbol = state.pc.symbol if state.pc and not state.user else None
            yield Listing(
                line=state.code.at.line,
                instructions=found,
                function=symbol.name if symbol else "",
                base=symbol.offset if symbol else 0,
            )


def _instructions(
    log: CrashLog, report: Report, records: Sequence[Record], dump: Dump, arch: Arch
) -> tuple[Instruction, ...]:
    state = dump.state
    return listing.instructions(
        report,
        dump,
        machine=process.machine_of(log, state, arch),
        access=find_access(records, registers.values_of(state), arch),
        call=process.find_call(log, report, state, arch) if state.user else None,
        arch=arch,
    )


def _records(log: CrashLog, report: Report) -> tuple[Record, ...]:
    """The records from the report's first to its last, those of others in between among them."""
    begin, end = report.columns or (1, sys.maxsize)
    start = bisect_left(log.records, (report.first, begin), key=place_of)
    stop = bisect_right(log.records, (report.last, end), lo=start, key=place_of)
    return log.records[start:stop]


# --- Words of lines ---------------------------------------------------------------------------


def _of_lines(log: CrashLog, report: Report, records: Sequence[Record]) -> Iterator[Explanation]:
    quiet = set(_frames(report, records))
    for record in records:
        if place_of(record) not in quiet:
            for word in line_words(record.text, log.arch, report.kind):
                if at := span_of(log, record, word.start, word.end):
                    yield Explanation(at, word.text, word.brief, word.weight)


def _frames(report: Report, records: Sequence[Record]) -> Iterator[tuple[int, int]]:
    """The places of the records of frames, which have no words of their own."""
    for trace in report.traces:
        title = find_record(records, trace.at)
        for frame in trace.frames[:MOST_RECORDS]:
            record = find_record(records, frame.at)
            if record is not None and record is not title:
                yield place_of(record)


# --- Order ------------------------------------------------------------------------------------


def _apart(found: Iterable[Explanation]) -> Iterator[Explanation]:
    """In order of place; of two over each other the one that was found first."""
    kept: dict[int, list[Explanation]] = {}
    for one in found:
        line = kept.setdefault(one.at.line, [])
        if (
            one.at.column < one.at.end
            and len(line) < MOST_A_LINE * _MANY
            and all(
                one.at.end <= other.at.column or other.at.end <= one.at.column for other in line
            )
        ):
            line.append(one)
    for number in sorted(kept):
        yield from sorted(kept[number], key=lambda one: one.at.column)[:MOST_A_LINE]


def _first_ones(found: Iterable[Explanation]) -> tuple[Explanation, ...]:
    """Without those that say what one before has said; registers say it again."""
    seen: set[str] = set()
    kept = []
    for one in found:
        if one.brief or one.text not in seen:
            kept.append(one)
            seen.add(one.text)
    return tuple(kept)
