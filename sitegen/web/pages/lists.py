"""Pages that list cases: the home page, and the table of all of them."""

from typing import NamedTuple

from sitegen.web.index import CaseSummary, Index
from sitegen.web.pages.chrome import StatusView, status_view

_MOST = 10
"""Rows of a list on the home page."""
_UNSETTLED = frozenset({"open", "investigating"})


class Row(NamedTuple):
    """A case in a list."""

    url: str
    title: str
    status: StatusView
    kind: str
    function: str
    kernel: str
    date: str


class CaseList(NamedTuple):
    """A list of the home page."""

    anchor: str
    heading: str
    more: str
    "the link to all cases"
    rows: tuple[Row, ...]


class HomeView(NamedTuple):
    """The home page."""

    state: str
    "the wiki in one sentence"
    prose: str
    "trusted"
    lists: tuple[CaseList, ...]


class CasesView(NamedTuple):
    """The table of all cases."""

    says: str
    rows: tuple[Row, ...]


def home_view(index: Index, prose: str) -> HomeView:
    """The latest cases, and those that still want work. Lists without cases are left out."""
    unsettled = [case for case in index.cases if case.status in _UNSETTLED]
    more = "1 case" if len(index.cases) == 1 else f"All {len(index.cases)} cases"
    lists = (
        CaseList("latest", "Latest", more, _rows(index.cases)),
        CaseList("open", "Open", more, _rows(unsettled)),
    )
    return HomeView(_state(index, len(unsettled)), prose, tuple(one for one in lists if one.rows))


def cases_view(index: Index) -> CasesView:
    return CasesView(_state(index, None), tuple(_row(case) for case in index.cases))


def _rows(cases: tuple[CaseSummary, ...] | list[CaseSummary]) -> tuple[Row, ...]:
    return tuple(_row(case) for case in cases[:_MOST])


def _row(case: CaseSummary) -> Row:
    return Row(
        url=case.url,
        title=case.title,
        status=status_view(case.status),
        kind=case.label,
        function=case.function,
        kernel=case.kernel,
        date=case.date,
    )


def _state(index: Index, unsettled: int | None) -> str:
    """How many cases there are, from how many logs, how many are open, how new the newest is."""
    cases, logs = len(index.cases), sum(case.logs for case in index.cases)
    if not cases:
        return "No cases yet."
    words = f"{'1 case' if cases == 1 else f'{cases} cases'} from {'1 log' if logs == 1 else f'{logs} logs'}"
    if unsettled is None:
        return f"{words}."
    words += f". {_count(unsettled)}"
    date = index.cases[0].date
    return f"{words}; the newest is of {date}." if date else f"{words}."


def _count(unsettled: int) -> str:
    return {0: "None is open", 1: "1 is open"}.get(unsettled, f"{unsettled} are open")
