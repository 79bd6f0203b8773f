"""The search page as it is without scripts: an index of all that can be looked up."""

from typing import NamedTuple

from sitegen.web.index import TAXONOMIES, Index, Taxonomy, Term
from sitegen.web.pages.chrome import CASES

SEARCH = "search/"
"""Address of the search page."""
_MOST = 40
"""Names of a list that are shown here; its own page has all."""


class Entry(NamedTuple):
    """A name with its page."""

    url: str
    title: str


class ListView(NamedTuple):
    """A list of names, or its beginning."""

    anchor: str
    title: str
    url: str
    "of the whole list"
    more: str
    "the link to the whole list"
    mono: bool
    entries: tuple[Entry, ...]
    "in the list's own order"


class SearchView(NamedTuple):
    """The search page."""

    says: str
    lists: tuple[ListView, ...]
    full_text: str
    "address of the script that finds words of the text; empty where there is none"


def search_view(index: Index, full_text: str = "") -> SearchView:
    """The lists of cases, terms and pages; of long ones the names that most cases share."""
    lists = [_cases(index)] if index.cases else []
    lists += [_terms(one, terms) for one in TAXONOMIES if (terms := index.terms.get(one.key, ()))]
    written = tuple(Entry(page.url, page.title) for page in index.pages if page.source)
    if written:
        lists.append(ListView("pages", "Pages", "", "", mono=False, entries=written))
    return SearchView(
        "What is typed above is looked for in names, titles and ids.", tuple(lists), full_text
    )


def _cases(index: Index) -> ListView:
    newest = tuple(Entry(case.url, case.title) for case in index.cases[:_MOST])
    return ListView("cases", "Cases", CASES, f"All {len(index.cases)}", mono=False, entries=newest)


def _terms(taxonomy: Taxonomy, terms: tuple[Term, ...]) -> ListView:
    shared = sorted(terms, key=lambda term: -len(term.mentions))[:_MOST]
    chosen = {term.url for term in shared}
    return ListView(
        anchor=taxonomy.key,
        title=taxonomy.title,
        url=f"{taxonomy.key}/",
        more=f"All {len(terms)}",
        mono=taxonomy.mono,
        entries=tuple(Entry(term.url, term.title) for term in terms if term.url in chosen),
    )
