"""What cases share, and pages, as rows under the letters of their names.

A row is one string: the letter of its sort, how many cases have it (as the bits of that
number, so that it seldom changes), its title; after a tab the address, where that is not
made of the title. Words of cases' titles have rows of a sort of their own, and are not
shown: they tell which words there are that hold a part.
"""

import string
from collections.abc import Iterable, Iterator

from msgspec.structs import replace

from sitegen.web.index import TAXONOMIES, Index, PageSummary, Term
from sitegen.web.outputs.search.grams import grams, words

LETTERS = dict(zip((one.key for one in TAXONOMIES), string.ascii_lowercase, strict=False))
"""The letter of each taxonomy, by its key."""
PAGES = "-"
"""The letter of pages."""
WORDS = "."
"""The letter of words without a page."""
_LONGEST = 400
"""Letters of a title that are kept."""


def name_grams(index: Index, said: Iterable[str]) -> dict[str, list[str]]:
    """Letters -> the rows with a word that holds them, sorted. `said` are texts of the cases' own."""
    named = {row: frozenset(words(texts)) for row, texts in (*_terms(index), *_pages(index))}
    known = frozenset().union(*named.values())
    others = {word for text in said for word in words(text)} - known
    named |= {f"{WORDS}0{word}": frozenset({word}) for word in others}
    found: dict[str, list[str]] = {}
    for row, texts in sorted(named.items()):
        for gram in frozenset().union(*map(grams, texts)):
            found.setdefault(gram, []).append(row)
    return found


def _terms(index: Index) -> Iterator[tuple[str, str]]:
    for taxonomy, terms in index.terms.items():
        for term in terms:
            yield _term(LETTERS[taxonomy], term)
    for kernel in index.terms.get("kernels", ()):
        for build in sorted({note for mention in kernel.mentions for note in mention.notes}):
            yield _term(LETTERS["kernels"], replace(kernel, title=build))


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
