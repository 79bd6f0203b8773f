"""What cases share, and pages, as rows under the letters of their names.

A row is one string: the letter of its sort, how many cases have it (as the bits of that
number, so that it seldom changes), its title; after a tab the address, where that is not
made of the title.
"""

import string
from collections.abc import Iterator

from sitegen.web.index import TAXONOMIES, Index, PageSummary, Term
from sitegen.web.outputs.search.grams import grams, words

LETTERS = dict(zip((one.key for one in TAXONOMIES), string.ascii_lowercase, strict=False))
"""The letter of each taxonomy, by its key."""
PAGES = "-"
"""The letter of pages."""
_LONGEST = 400
"""Letters of a title that are kept."""


def name_grams(index: Index) -> dict[str, list[str]]:
    """Letters -> the rows with a word that holds them, sorted."""
    found: dict[str, list[str]] = {}
    for row, texts in sorted({*_terms(index), *_pages(index)}):
        for gram in frozenset().union(*(grams(word) for word in words(texts))):
            found.setdefault(gram, []).append(row)
    return found


def _terms(index: Index) -> Iterator[tuple[str, str]]:
    for taxonomy, terms in index.terms.items():
        for term in terms:
            yield _term(LETTERS[taxonomy], term)


def _term(letter: str, term: Term) -> tuple[str, str]:
    """The row, and what it is found by."""
    title = _line(term.title)
    weight = string.hexdigits[min(len(term.mentions).bit_length(), 15)]
    address = term.url.removeprefix(f"{term.taxonomy}/").rstrip("/")
    row = f"{letter}{weight}{title}" + (f"\t{address}" if address != title else "")
    return row, title if address == title else f"{title} {address}"


def _pages(index: Index) -> Iterator[tuple[str, str]]:
    lists = [
        PageSummary(f"{one.key}/", one.title) for one in TAXONOMIES if index.terms.get(one.key)
    ]
    for page in (*index.pages, *lists):
        title = _line(page.title)
        yield f"{PAGES}0{title}\t{page.url}", title


def _line(text: str) -> str:
    return " ".join(text.split())[:_LONGEST]
