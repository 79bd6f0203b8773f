"""Reports over time on a case's page, similar cases, and what the home page and the table count."""

from collections.abc import Callable

import pytest
from msgspec.structs import replace

from sitegen.diagnostics import Sink
from sitegen.model import Fingerprint, Match
from sitegen.web import pages
from sitegen.web.content import FrontMatter, Occurrence, Snapshot
from sitegen.web.directives import Case, CaseLog
from sitegen.web.directives.occurrences import occurrences_view
from sitegen.web.index import CaseRow, CaseSummary, Index
from sitegen.web.pages.cases import cases_view
from sitegen.web.pages.home import home_view
from sitegen.web.pages.similar import SimilarCase, similar_view
from sitegen.web.theme import Theme

CHROME = pages.make_chrome(Index(), title="Notes")


def seen(*days: str, **facts: object) -> Case:
    return Case(front=FrontMatter(occurrences=tuple(Occurrence(date=day) for day in days), **facts))


def test_one_log_alone_has_no_reports(case: Case) -> None:
    assert occurrences_view(case) is None


def test_logs_and_occurrences_are_reports_newest_first(case: Case) -> None:
    front = replace(
        case.front,
        date="2026-01-02",
        occurrences=(
            Occurrence(date="2026-01-05", count=3, host="db", link="https://a.example/b"),
            Occurrence(date="2026-01-01"),
        ),
    )
    view = occurrences_view(replace(case, front=front))
    assert view is not None
    assert view.says == "5 reports from 2026-01-01 to 2026-01-05."
    assert [(row.date, row.text, row.times) for row in view.rows] == [
        ("2026-01-05", "a.example", "3"),
        ("2026-01-02", "panic-1", "1"),
        ("2026-01-01", "", "1"),
    ]
    assert not view.differ, "from no other log"
    (mark,) = [mark for lane in view.lanes for mark in lane.marks if mark.here]
    assert mark.title == "2026-01-02"


def test_a_dot_stands_where_its_day_is() -> None:
    view = occurrences_view(seen("2026-01-01", "2026-01-11", "2026-01-06"))
    assert view is not None
    (lane,) = view.lanes
    assert sorted(float(mark.x) for mark in lane.marks) == [2, 50, 98]
    assert [tick.text for tick in view.ticks] == ["2026-01-01", "2026-01-06", "2026-01-11"]


def test_what_all_happened_on_one_day_stands_in_the_middle() -> None:
    view = occurrences_view(seen("2026-01-01", "2026-01-01"))
    assert view is not None
    assert [mark.x for mark in view.lanes[0].marks] == ["50", "50"]
    assert view.says == "2 reports on 2026-01-01."


def test_many_reports_are_bars_that_count_them_all() -> None:
    days = [f"2026-{month:02}-{day:02}" for month in range(1, 13) for day in range(1, 29)]
    view = occurrences_view(seen(*days))
    assert view is not None
    (lane,) = view.lanes
    assert len(lane.marks) <= 60
    assert sum(int(mark.title.partition(": ")[2]) for mark in lane.marks) == len(days)
    assert max(float(mark.height) for mark in lane.marks) == 100
    assert all(float(mark.x) + float(mark.width) <= 100 for mark in lane.marks)
    assert (len(view.rows), view.left_out) == (200, len(days) - 200)


def test_kernels_have_lanes_and_many_of_them_share_one() -> None:
    rows = tuple(Occurrence(date="2026-01-01", kernel=f"6.{n:02}") for n in range(12))
    view = occurrences_view(Case(front=FrontMatter(occurrences=rows)))
    assert view is not None
    assert [lane.name for lane in view.lanes] == [*(f"6.{n:02}" for n in range(7)), "5 others"]
    assert len(view.lanes[-1].marks) == 5


def test_a_snapshot_says_where_and_when_it_was_taken(default_theme: Theme) -> None:
    view = occurrences_view(
        seen("2026-01-01", snapshot=Snapshot("the <board>", "2026-01-09", "https://b.example/"))
    )
    sink = Sink()
    html = default_theme.render(
        "directives/occurrences.html", url="cases/a/", context={"view": view}, sink=sink
    )
    assert html is not None
    assert 'As <a href="https://b.example/">the &lt;board&gt;</a> had it on <time' in html
    assert not sink.found()


def test_a_snapshot_that_a_report_is_newer_than_is_old() -> None:
    for day, old in (("2026-01-08", False), ("2026-01-10", True)):
        view = occurrences_view(seen(day, snapshot=Snapshot("board", "2026-01-09")))
        assert view is not None
        assert view.source_old is old


@pytest.mark.parametrize("dates", [(), ("",), ("", "")])
def test_reports_without_dates_make_no_chart(dates, case: Case) -> None:
    logs = tuple(replace(case.logs[0], id=f"l{n}") for n in range(len(dates) + 2))
    view = occurrences_view(replace(case, logs=logs))
    assert view is not None
    assert not view.lanes
    assert view.says.endswith("none of them dated.")


def test_logs_say_in_what_they_differ(case: Case) -> None:
    (log,) = case.logs
    other = replace(log, id="b", evidence=replace(log.evidence, arch="arm64", kernel="9"))
    view = occurrences_view(replace(case, logs=(log, other, replace(log, id="c"))))
    assert view is not None
    assert {row.text: row.differs for row in view.rows} == {
        log.id: "",
        "b": "architecture, kernel",
        "c": "nothing but its task and time",
    }


# --- Similar cases -----------------------------------------------------------------------------


def alike(**facts: object) -> SimilarCase:
    match = Match(
        **({"key": "k", "reason": "the same `f<x>`", "shared": ("a",), "total": 2} | facts)
    )
    asked = Fingerprint(frames=("a", "b"), letters="VP")
    return SimilarCase(CaseRow(url="cases/b/", title="<b>"), match, asked)


def test_similar_cases_say_why_and_show_which_frames() -> None:
    view = similar_view([alike()])
    assert view is not None
    (row,) = view.rows
    assert row.reason == "The same <code>f&lt;x&gt;</code>."
    assert row.frames == "1 of 2 frames"
    assert [(pip.shared, pip.part) for pip in row.pips] == [(False, "layer-p"), (True, "layer-v")]


def test_nothing_alike_is_no_list() -> None:
    assert similar_view([]) is None


def test_a_page_ends_with_what_is_like_it(
    document, case_log: Callable[..., CaseLog], default_theme: Theme
) -> None:
    sink = Sink()
    log = case_log()
    page = pages.render_case(
        document("Prose.", log),
        (log,),
        similar=(alike(),),
        resolve=lambda written: (_ for _ in ()).throw(AssertionError(written)),
        theme=default_theme,
        chrome=CHROME,
        sink=sink,
    )
    assert page is not None
    assert page.html.index('id="chain"') < page.html.index('id="similar"')
    assert '<a href="#similar">Similar cases</a>' in page.html


# --- Home and table ----------------------------------------------------------------------------


def summary(slug: str, **facts: object) -> CaseSummary:
    return CaseSummary(url=f"cases/{slug}/", slug=slug, title=slug, **({"count": 1} | facts))


def test_the_home_page_counts_reports_by_month_without_gaps() -> None:
    cases = (
        summary("a", seen=(("2025-11-03", 2), ("2026-02-01", 1)), count=3),
        summary("b", seen=(("2026-02-20", 3),), count=3),
    )
    months = home_view(Index(cases=cases), "").months
    assert [(one.name, one.number, one.height) for one in months] == [
        ("2025-11", 2, 50),
        ("2025-12", 0, 0),
        ("2026-01", 0, 0),
        ("2026-02", 4, 100),
    ]


def test_reports_of_one_month_make_no_chart() -> None:
    cases = (summary("a", seen=(("2025-11-03", 2), ("2025-11-04", 2))),)
    assert home_view(Index(cases=cases), "").months == ()


def test_the_most_frequent_come_first_where_that_is_the_order() -> None:
    cases = (
        summary("new", status="open", last="2026-02-02"),
        summary("often", status="open", count=9, last="2026-01-01"),
        summary("done", status="fixed", count=5, last="2026-03-03"),
    )
    lists = {
        one.anchor: [row.title for row in one.rows] for one in home_view(Index(cases), "").lists
    }
    assert lists == {
        "latest": ["done", "new", "often"],
        "open": ["often", "new"],
        "frequent": ["often", "done"],
    }


def test_the_table_offers_what_its_cases_can_be_told_apart_by() -> None:
    cases = (
        summary("a", status="open", kernels=("6.1", "6.2"), tags=("x",), label="BUG()"),
        summary("b", status="fixed", kernels=("6.1",), tags=("x", "y"), label="BUG()"),
    )
    view = cases_view(Index(cases=cases), ())
    assert [(one.name, one.values) for one in view.choices] == [
        ("status", ("Fixed", "Open")),
        ("kernel", ("6.1", "6.2")),
        ("tag", ("x", "y")),
    ]


def test_the_lists_of_the_home_page_say_what_kind_of_crash_it_was() -> None:
    cases = (CaseSummary(url="cases/a/", slug="a", title="A", label="BUG()", layer="proc"),)
    (row,) = home_view(Index(cases=cases), "").lists[0].rows
    assert (row.kind, row.where) == ("BUG()", "proc")


def test_columns_that_no_case_fills_are_not_shown() -> None:
    bare = CaseSummary(url="cases/a/", slug="a", title="A")
    known = CaseSummary(url="cases/b/", slug="b", title="B", repro="C", fixed="e972b08b91ef")
    assert cases_view(Index(cases=(bare,)), ()).known == set()
    assert cases_view(Index(cases=(bare, known)), ()).known == {"repro", "fix"}


def test_months_of_the_first_century_are_drawn() -> None:
    seen = (("0001-01-05", 2), ("0001-02-01", 1))
    cases = (CaseSummary(url="cases/a/", slug="a", title="A", seen=seen),)
    months = home_view(Index(cases=cases), "").months
    assert [(one.name, one.number) for one in months] == [("0001-01", 2), ("0001-02", 1)]
