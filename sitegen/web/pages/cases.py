"""The table of all cases."""

from collections.abc import Iterable
from typing import NamedTuple

from sitegen.web.index import CaseSummary, Index, term_url
from sitegen.web.pages.chrome import StatusView, status_view
from sitegen.wording import counted


class CaseRow(NamedTuple):
    """A case in the table of all."""

    url: str
    title: str
    status: StatusView
    kind: str
    where: str
    "layer, else the subsystem of the function that crashed"
    repro: str
    reports: int
    first: str
    last: str
    reported: str
    kernels: str
    tags: str
    fix: str
    fix_url: str
    words: str
    "what a filter looks at beside the title: function and file"


class Choice(NamedTuple):
    """A select of the filter: what its column can be."""

    name: str
    "of the column, as the script knows it"
    label: str
    all: str
    values: tuple[str, ...]


class CasesView(NamedTuple):
    """The table of all cases."""

    says: str
    rows: tuple[CaseRow, ...]
    known: frozenset[str]
    "columns that not every wiki fills: `repro`, `reported` and `fix`, where a case has one"
    choices: tuple[Choice, ...]
    browse: tuple[tuple[str, str], ...]
    "title and url of lists that divide the cases, for readers without script"


def cases_view(index: Index, taxonomies: tuple[tuple[str, str], ...]) -> CasesView:
    """All cases, newest first. `taxonomies` are titles and urls of lists to go on to."""
    rows = tuple(_case(case) for case in index.cases)
    logs = sum(case.count for case in index.cases)
    choices = (
        Choice("status", "Status", "Any status", _values(row.status.text for row in rows)),
        Choice("kind", "Kind", "Any kind", _values(row.kind for row in rows)),
        Choice("where", "Layer", "Any layer", _values(row.where for row in rows)),
        Choice(
            "kernel",
            "Kernel",
            "Any kernel",
            _values(name for case in index.cases for name in case.kernels),
        ),
        Choice("tag", "Tag", "Any tag", _values(tag for case in index.cases for tag in case.tags)),
    )
    known = frozenset(
        name for name in ("repro", "reported", "fix") if any(getattr(row, name) for row in rows)
    )
    says = (
        f"{counted(len(rows), 'case')} from {counted(logs, 'report')}." if rows else "No cases yet."
    )
    apart = tuple(one for one in choices if len(one.values) > 1)
    return CasesView(says, rows, known, apart, taxonomies)


def _values(found: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted({one for one in found if one}, key=lambda one: (one.lower(), one)))


def _case(case: CaseSummary) -> CaseRow:
    return CaseRow(
        url=case.url,
        title=case.title,
        status=status_view(case.status, draft=case.draft),
        kind=case.label,
        where=case.layer or case.subsystem,
        repro=case.repro,
        reports=case.count,
        first=case.first,
        last=case.last,
        reported=case.reported,
        kernels=", ".join(case.kernels),
        tags=", ".join(case.tags),
        fix=case.fixed[:12],
        fix_url=term_url("commits", case.fixed) if case.fixed else "",
        words=" ".join(word for word in (case.function, case.file, case.crash) if word),
    )
