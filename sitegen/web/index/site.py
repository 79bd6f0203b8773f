"""All that the pages of a site may link to."""

from collections.abc import Iterable

import msgspec

from sitegen.model import Value
from sitegen.web.content import Document
from sitegen.web.index.facts import CaseFacts
from sitegen.web.index.summary import CaseSummary
from sitegen.web.index.terms import Term, find_terms


class PageSummary(Value, frozen=True):
    """A page that is no case."""

    url: str
    title: str
    source: str = ""
    "path of the document in the content folder; empty for a page that the build makes"


class Index(Value, frozen=True):
    """All that pages may link to."""

    cases: tuple[CaseSummary, ...] = ()
    "newest first, undated ones last, then by url"
    pages: tuple[PageSummary, ...] = ()
    "by url"
    documents: dict[str, str] = msgspec.field(default_factory=dict)
    "path in the content folder -> url"
    titles: dict[str, str] = msgspec.field(default_factory=dict)
    "url -> title, of every page and case"
    terms: dict[str, tuple[Term, ...]] = msgspec.field(default_factory=dict)
    "what cases share: of every taxonomy, by its key, sorted by name"


def make_index(
    documents: Iterable[Document], cases: Iterable[CaseFacts], made: Iterable[PageSummary] = ()
) -> Index:
    """The index of all documents, with the facts of each case; `made` are pages of the build's own.

    The result does not depend on the order of what is given.
    """
    by_url = sorted(cases, key=lambda case: case.summary.url)
    newest = sorted(by_url, key=lambda case: case.summary.date, reverse=True)
    return msgspec.structs.replace(
        make_link_index(documents, by_url, made),
        cases=tuple(case.summary for case in newest),
        terms=find_terms(newest),
    )


def make_link_index(
    documents: Iterable[Document], cases: Iterable[CaseFacts], made: Iterable[PageSummary] = ()
) -> Index:
    """The index without cases and terms, a hundredth of its cost: all that links are resolved by."""
    documents = sorted(documents, key=lambda document: document.path)
    pages = [
        PageSummary(document.url, document.title, document.path)
        for document in documents
        if document.kind == "page"
    ]
    taken = {page.url for page in pages}
    pages += [page for page in made if page.url not in taken]
    return Index(
        pages=tuple(sorted(pages, key=lambda page: page.url)),
        documents={document.path: document.url for document in documents},
        titles=dict(
            sorted(
                [(page.url, page.title) for page in pages]
                + [(case.summary.url, case.summary.title) for case in cases]
            )
        ),
    )
