"""The list of all terms of a taxonomy."""

from typing import NamedTuple

from sitegen.web.index import Taxonomy, Term
from sitegen.wording import counted


class OverviewRow(NamedTuple):
    """A term in the list."""

    url: str
    title: str
    cases: int
    last: str
    "date of the newest case"


class OverviewView(NamedTuple):
    """The list of all terms of a taxonomy."""

    noun: str
    says: str
    mono: bool
    rows: tuple[OverviewRow, ...]


def overview_view(taxonomy: Taxonomy, terms: tuple[Term, ...]) -> OverviewView:
    cases = len({mention.case.url for term in terms for mention in term.mentions})
    return OverviewView(
        noun=taxonomy.noun,
        says=f"{counted(len(terms), taxonomy.noun)} in {counted(cases, 'case')}.",
        mono=taxonomy.mono,
        rows=tuple(
            OverviewRow(
                url=term.url,
                title=term.title,
                cases=len(term.mentions),
                last=term.mentions[0].case.date,
            )
            for term in terms
        ),
    )
