"""The home page: the state of the wiki, its latest, open and most frequent cases, and charts."""

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterable
from typing import NamedTuple

from sitegen.web.directives.steps import layer_class
from sitegen.web.index import CaseSummary, Index, Term
from sitegen.web.pages.chrome import StatusView, status_view
from sitegen.wording import counted

_MOST = 8
"""Rows of a list on the home page."""
_BARS = 11
"""Bars of a chart on the home page; what does not fit is counted together."""
_MONTHS = 36
"""Months of the chart of reports; older ones are not shown."""
_UNSETTLED = frozenset({"open", "investigating"})


class Row(NamedTuple):
    """A case in a list."""

    url: str
    title: str
    status: StatusView
    kind: str
    where: str
    "layer of the function that crashed"
    last: str
    "what the list is ordered by, in words"
    day: str
    "that as a date, where it is one"


class CaseList(NamedTuple):
    """A list of the home page."""

    anchor: str
    heading: str
    more: str
    "the link to all cases"
    more_url: str
    rows: tuple[Row, ...]


class Bar(NamedTuple):
    """A line of a chart."""

    name: str
    url: str
    "empty for what is counted together"
    letter: str
    part: str
    "the class that gives the colour; empty for grey"
    number: int
    share: int
    "of the longest, in per cent, from 1"


class Chart(NamedTuple):
    """Bars with numbers."""

    anchor: str
    heading: str
    bars: tuple[Bar, ...]


class Month(NamedTuple):
    """A month of the chart of reports."""

    name: str
    "YYYY-MM"
    number: int
    height: int
    "of the highest, in per cent"


class HomeView(NamedTuple):
    """The home page."""

    state: tuple[tuple[str, bool], ...]
    "the wiki in a sentence, in pieces; True for what stands out"
    prose: str
    "trusted"
    lists: tuple[CaseList, ...]
    charts: tuple[Chart, ...]
    months: tuple[Month, ...]


def home_view(index: Index, prose: str) -> HomeView:
    """The latest cases, those that still want work, the most frequent. Lists without cases are left out."""
    unsettled = [case for case in index.cases if case.status in _UNSETTLED]
    latest = sorted(index.cases, key=lambda case: case.last or case.date, reverse=True)
    frequent = [case for case in _by_count(index.cases) if case.count > 1]
    everything = "All cases"
    lists = (
        CaseList("latest", "Latest reports", everything, "cases/", _rows(latest, _day)),
        CaseList(
            "open",
            "Open, most frequent first",
            f"{len(unsettled)} open",
            "cases/",
            _rows(_by_count(unsettled), _reports),
        ),
        CaseList("frequent", "Most frequent", everything, "cases/", _rows(frequent, _reports)),
    )
    charts = (
        Chart("kinds", "By kind, cases", _bars(index.terms.get("kinds", ()), layered=False)),
        Chart(
            "layers", "By layer passed, cases", _bars(index.terms.get("layers", ()), layered=True)
        ),
        Chart("statuses", "By status", _statuses(index.cases)),
    )
    return HomeView(
        state=_state(index, len(unsettled)),
        prose=prose,
        lists=tuple(one for one in lists if one.rows),
        charts=tuple(one for one in charts if len(one.bars) > 1),
        months=_months(index.cases),
    )


def _by_count(cases: Iterable[CaseSummary]) -> list[CaseSummary]:
    return sorted(cases, key=lambda case: case.count, reverse=True)


def _rows(
    cases: list[CaseSummary], last: Callable[[CaseSummary], tuple[str, str]]
) -> tuple[Row, ...]:
    return tuple(_row(case, *last(case)) for case in cases[:_MOST])


def _row(case: CaseSummary, last: str, day: str) -> Row:
    return Row(
        url=case.url,
        title=case.title,
        status=status_view(case.status, draft=case.draft),
        kind=case.label,
        where=case.layer,
        last=last,
        day=day,
    )


def _day(case: CaseSummary) -> tuple[str, str]:
    day = case.last or case.date
    return day, day


def _reports(case: CaseSummary) -> tuple[str, str]:
    return counted(case.count, "report"), ""


def _bars(terms: tuple[Term, ...], *, layered: bool) -> tuple[Bar, ...]:
    """The most frequent terms; the others are counted together."""
    ordered = sorted(terms, key=lambda term: -len(term.mentions))
    found = [
        (term.title, term.url, _letter(term) if layered else "", len(term.mentions))
        for term in ordered
    ]
    if len(found) > _BARS:
        rest = sum(number for *_, number in found[_BARS - 1 :])
        found = [*found[: _BARS - 1], ("Other", "", "", rest)]
    return _shares(found)


def _shares(found: list[tuple[str, str, str, int]]) -> tuple[Bar, ...]:
    most = max((number for *_, number in found), default=1)
    return tuple(
        Bar(
            name=name,
            url=url,
            letter=letter,
            part=layer_class(letter) if letter else "",
            number=number,
            share=max(1, round(100 * number / most)),
        )
        for name, url, letter, number in found
    )


def _letter(term: Term) -> str:
    return next((one.letter for mention in term.mentions for one in mention.passages), "")


def _statuses(cases: tuple[CaseSummary, ...]) -> tuple[Bar, ...]:
    numbers = Counter(case.status for case in cases)
    return _shares(
        [(status_view(one).text, "", "", number) for one, number in numbers.most_common()]
    )


def _months(cases: tuple[CaseSummary, ...]) -> tuple[Month, ...]:
    """Reports by month, up to the last that has one, months without one included."""
    counts: Counter[str] = Counter()
    for case in cases:
        for date, times in case.seen:
            counts[date[:7]] += times
    if len(counts) < 2:
        return ()
    last = dt.date.fromisoformat(f"{max(counts)}-01")
    first = dt.date.fromisoformat(f"{min(counts)}-01")
    number = min(_MONTHS, (last.year - first.year) * 12 + last.month - first.month + 1)
    names = []
    for back in range(number - 1, -1, -1):
        years, month = divmod(last.year * 12 + last.month - 1 - back, 12)
        names.append(f"{years:04}-{month + 1:02}")
    highest = max(counts[name] for name in names)
    return tuple(Month(name, counts[name], round(100 * counts[name] / highest)) for name in names)


def _state(index: Index, unsettled: int) -> tuple[tuple[str, bool], ...]:
    """How many cases there are, how often they were seen, how many are open, how new the newest is."""
    if not index.cases:
        return (("No cases yet.", False),)
    reports = sum(case.count for case in index.cases)
    kernels = len(index.terms.get("kernels", ()))
    seen = f", seen {counted(reports, 'time')}"
    seen += f" on {counted(kernels, 'kernel')}. " if kernels else ". "
    verb = "is" if unsettled == 1 else "are"
    newest = max((case.last for case in index.cases), default="")
    return (
        (counted(len(index.cases), "case"), True),
        (seen, False),
        (f"{unsettled or 'None'} {verb} open" if unsettled else "None is open", True),
        (f"; the newest report is of {newest}." if newest else ".", False),
    )
