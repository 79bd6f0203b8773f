"""The log on a page: bands, permalinks, decoded and raw lines."""

import re
from collections.abc import Callable

from msgspec.structs import replace

from sitegen.model import CrashLog, Record, Report, Section, Span
from sitegen.web.content import FrontMatter
from sitegen.web.directives import Case, CaseLog
from sitegen.web.directives.log import MOST, LogView, log_view
from sitegen.web.directives.parts import part_view


def shown(case: Case) -> LogView:
    return log_view(case, case.logs[0])


def decoded(case: Case) -> str:
    return "\n".join(band.rows for band in shown(case).bands)


def row(case: Case, number: int) -> str:
    [line] = [line for line in decoded(case).splitlines() if f'id="L{number}"' in line]
    return line


def test_sections_are_bands_and_the_line_of_the_pc_stands_with_its_code(case: Case) -> None:
    assert [band.label for band in shown(case).bands] == [
        "Header",
        "Call trace",
        "Code",
        "Registers",
        "End",
    ]


def test_every_line_has_a_permalink_of_its_number(case: Case) -> None:
    for number in range(1, 14):
        assert f'<a class="n" href="#L{number}" tabindex="-1">{number}</a>' in row(case, number)


def test_every_line_stands_in_the_raw_view_verbatim_and_escaped(case: Case) -> None:
    raw = shown(case).raw
    assert (
        "[    1.000000] Kernel panic - not syncing: sysrq &lt;b&gt;triggered&lt;/b&gt; crash" in raw
    )
    assert re.findall(r'id="raw-L(\d+)"', raw) == [str(number) for number in range(1, 14)]


def test_a_frame_shows_where_it_is_and_its_inlined_functions_above_it(case: Case) -> None:
    lines = decoded(case).splitlines()
    at = lines.index(row(case, 8))
    assert "do_write <i>inlined</i>" in lines[at - 1]
    assert "fs/rw.c:30" in lines[at - 1]
    assert "<b>vfs_write</b><i>+0xc7/0x3f0</i>" in lines[at]
    assert "fs/rw.c:40" in lines[at]


def test_a_frame_that_the_unwinder_doubts_is_marked_and_has_no_inlined_functions(
    case: Case,
) -> None:
    assert 'class="line frame doubt"' in row(case, 7)
    assert "? <b>stray</b>" in row(case, 7)
    assert "deep" not in decoded(case)
    assert shown(case).doubtful


def test_the_frame_that_panicked_says_so(case: Case) -> None:
    assert 'class="line frame crash"' in row(case, 6)
    assert "Panicked here: calls panic(&quot;dark&quot;)" in row(case, 6)
    assert decoded(case).count("frame crash") == 1


def test_a_time_stamp_stands_where_it_changes_and_never_on_a_frame(case: Case) -> None:
    assert re.findall(r'class="time">\[(.*?)\]', decoded(case)) == [
        "1.000000",
        "1.000001",
        "1.000003",
    ]


def test_leading_zeros_are_set_off_from_the_digits_that_matter(case: Case) -> None:
    assert "<i>RAX: 00000000000000</i>da" in row(case, 12)


def test_the_byte_at_the_pc_is_marked(case: Case) -> None:
    assert "0f 05 <mark>&lt;48&gt;</mark> 3d" in row(case, 11)


def test_a_reason_that_all_frames_share_is_not_repeated_on_each(
    case_log: Callable[..., CaseLog],
) -> None:
    log = case_log(decoded=False)
    assert "no image" not in decoded(Case(front=FrontMatter(), logs=(log,)))


def test_a_frame_alone_in_its_failure_shows_the_reason(case: Case) -> None:
    log = case.logs[0]
    report = log.evidence.reports[0]
    trace = report.traces[0]
    broken = replace(trace.frames[3], calls=(), undecoded="size <differs>")
    frames = (*trace.frames[:3], broken, *trace.frames[4:])
    report = replace(report, traces=(replace(trace, frames=frames),))
    log = replace(log, evidence=replace(log.evidence, reports=(report,)))
    assert "size &lt;differs&gt;" in row(Case(front=FrontMatter(), logs=(log,)), 8)


def test_a_section_that_stands_elsewhere_is_a_link_and_its_ids_are_not_repeated(
    case: Case,
) -> None:
    log = case.logs[0]
    case = replace(case, placed=frozenset({("trace", log.id)}))
    band = next(band for band in shown(case).bands if band.label == "Call trace")
    assert (band.placed, band.rows) == ("trace", "")
    part = part_view(case, log, "trace")
    assert part is not None
    assert 'id="L8"' in part.bands[0].rows


def long_log(lines: int, *, first: int, last: int) -> CrashLog:
    text = tuple(f"line {number}" for number in range(1, lines + 1))
    records = tuple(Record(at=Span(number, 1, 1), text=line) for number, line in enumerate(text, 1))
    report = Report(
        title="x",
        type="",
        kind="",
        label="",
        message="",
        headline=Span(first, 1, 2),
        first=first,
        last=last,
        sections=(Section("header", first, last),),
    )
    return CrashLog(lines=text, records=records, reports=(report,))


def with_log(made: CaseLog, log: CrashLog) -> Case:
    return Case(front=FrontMatter(), logs=(replace(made, log=log),))


def test_what_stands_before_a_report_is_counted_or_folded(
    case_log: Callable[..., CaseLog],
) -> None:
    far = shown(with_log(case_log(), long_log(5000, first=4000, last=4010))).bands[0]
    assert (far.folds, far.folded) == ("3999 lines before", "")
    near = shown(with_log(case_log(), long_log(100, first=50, last=60))).bands[0]
    assert near.folds == "49 lines before"
    assert 'id="L1"' in near.folded


def test_a_page_shows_no_more_lines_than_it_can_hold_and_counts_the_rest(
    case_log: Callable[..., CaseLog],
) -> None:
    view = shown(with_log(case_log(), long_log(3000, first=1, last=3000)))
    assert view.bands[0].rows.count("<a ") == MOST
    assert view.more == f"{3000 - MOST} lines after"


def test_a_log_without_a_report_is_shown_as_it_is(case_log: Callable[..., CaseLog]) -> None:
    log = replace(long_log(3, first=1, last=3), reports=())
    [band] = shown(with_log(case_log(), log)).bands
    assert (band.label, band.rows.count("<a ")) == ("Lines", 3)


def test_a_line_of_megabytes_is_cut(case_log: Callable[..., CaseLog]) -> None:
    log = CrashLog(lines=("<" * 1_000_000,), records=(), reports=())
    view = shown(with_log(case_log(), log))
    assert len(view.raw) < 20_000
    assert "998000 more characters" in view.raw


def test_the_frame_of_a_warning_does_not_say_that_it_crashed(case: Case) -> None:
    log = case.logs[0]
    report = replace(log.evidence.reports[0], kind="warning", chain=log.found.chain[:-1])
    log = replace(log, evidence=replace(log.evidence, reports=(report,)))
    case = replace(case, logs=(log,))
    assert "Warned here." in row(case, 6)
    assert "Crashed here" not in decoded(case)
