"""Cases by number: which of them hold which letters, and what is shown of each.

Numbers go from the oldest case to the newest, so that a new one leaves the others theirs,
and the newest of many that were found are known before anything is read of them.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from sitegen.web.index import CaseSummary, Index, Term
from sitegen.web.outputs.search.grams import fold, grams, words
from sitegen.web.outputs.search.names import LETTERS
from sitegen.web.outputs.search.sets import Bits, pack

BLOCK = 4096
"""Cases of a block: a new case changes the files of the last one. A query asks one after the other."""
RECORDS = 8
"""Cases of a file of records."""

_PASSED = frozenset({"functions", "files", "tables", "subsystems", "layers", "kernels"})
"""Taxonomies of what a case came through; the others, like its title, say what it is."""


class Numbered(NamedTuple):
    """A case with all that it is found by."""

    case: CaseSummary
    titles: tuple[str, ...]
    "of its reports, as syzkaller words them, and the kernel's own words"
    terms: tuple[Term, ...]

    @property
    def texts(self) -> Iterator[str]:
        """What says what the case is, beside its terms."""
        case = self.case
        return filter(None, dict.fromkeys((*self.titles, case.crash, case.trigger, *case.archs)))

    @property
    def says(self) -> str:
        """All that is said of the case beside its terms."""
        return " ".join((self.case.title, self.case.function, self.case.slug, *self.texts))


def number_cases(index: Index) -> tuple[Numbered, ...]:
    """The cases in the order of their numbers, from 0: the oldest first, by url where dates are equal."""
    terms: dict[str, list[Term]] = defaultdict(list)
    titles: dict[str, list[str]] = defaultdict(list)
    for term in (term for known in index.terms.values() for term in known):
        for mention in term.mentions:
            terms[mention.case.url].append(term)
            for finding in mention.findings:
                titles[mention.case.url] += (finding.title, finding.message)
    return tuple(
        Numbered(case, tuple(titles[case.url]), tuple(terms[case.url]))
        for case in sorted(index.cases, key=lambda case: (case.date, case.url))
    )


def case_grams(cases: tuple[Numbered, ...]) -> Iterator[dict[str, str]]:
    """Of each block: letters, and `=word` -> the numbers in it of the cases that hold them, see `pack`.

    `=fs/read_write.c:582` are those that passed there.
    """
    saying = _under_grams(_said(cases))
    passing = _under_grams(_passed(cases)) | _at_lines(cases)
    everything = sorted(saying.keys() | passing.keys())
    block = (1 << BLOCK) - 1
    for start in range(0, len(cases), BLOCK):
        packed = {
            gram: pack(saying.get(gram, 0) >> start & block, passing.get(gram, 0) >> start & block)
            for gram in everything
        }
        yield {gram: text for gram, text in packed.items() if text}


def _said(cases: tuple[Numbered, ...]) -> Iterator[tuple[str, Bits]]:
    """Texts that say what cases are, and whose they are."""
    for number, one in enumerate(cases):
        yield one.says, 1 << number
    for term, bits in _terms(cases):
        if term.taxonomy not in _PASSED:
            yield f"{term.title} {term.name}", bits


def _passed(cases: tuple[Numbered, ...]) -> Iterator[tuple[str, Bits]]:
    """Names of what cases came through, and which cases did."""
    for term, bits in _terms(cases):
        if term.taxonomy in _PASSED:
            yield term.name, bits


def _at_lines(cases: tuple[Numbered, ...]) -> dict[str, Bits]:
    found: dict[str, Bits] = defaultdict(int)
    numbers = {one.case.url: number for number, one in enumerate(cases)}
    files = {term.name: term for one in cases for term in one.terms if term.taxonomy == "files"}
    for term in files.values():
        for mention in term.mentions:
            for line in {one.line for one in mention.passages if one.line is not None}:
                found[f"={fold(term.name)}:{line}"] |= 1 << numbers[mention.case.url]
    return found


def _terms(cases: tuple[Numbered, ...]) -> Iterator[tuple[Term, Bits]]:
    terms: dict[tuple[str, str], Term] = {}
    found: dict[tuple[str, str], Bits] = defaultdict(int)
    for number, one in enumerate(cases):
        for term in one.terms:
            key = (term.taxonomy, term.name)
            terms[key] = term
            found[key] |= 1 << number
    return ((terms[key], bits) for key, bits in found.items())


def _under_grams(texts: Iterable[tuple[str, Bits]]) -> dict[str, Bits]:
    """Letters -> the cases with a word that holds them, and words themselves. Takes each apart once."""
    by_word: dict[str, Bits] = defaultdict(int)
    for text, bits in texts:
        for word in words(text):
            by_word[word] |= bits
    by_gram: dict[str, Bits] = defaultdict(int)
    for word, bits in by_word.items():
        by_gram[f"={word}"] = bits
        for gram in grams(word):
            by_gram[gram] |= bits
    return by_gram


def case_records(cases: tuple[Numbered, ...]) -> Iterator[str]:
    """The cases, some in each piece of JSON, with a table of the names they share.

    A case is `[url, title, status, kind, function, date, [texts], [numbers of names]]`; a
    name begins with the letter of its sort.
    """
    for start in range(0, len(cases), RECORDS):
        some = cases[start : start + RECORDS]
        names = sorted({_name(term) for one in some for term in one.terms})
        places = {name: place for place, name in enumerate(names)}
        lines = [f'"names":{_json(names)}']
        rows = [
            _json(
                (
                    one.case.url,
                    one.case.title,
                    one.case.status,
                    one.case.label,
                    one.case.function,
                    one.case.date,
                    tuple(one.texts),
                    sorted({places[_name(term)] for term in one.terms}),
                )
            )
            for one in some
        ]
        lines.append('"cases":[\n' + ",\n".join(rows) + "\n]")
        yield "{\n" + ",\n".join(lines) + "\n}"


def _name(term: Term) -> str:
    return LETTERS[term.taxonomy] + term.name


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=True, separators=(",", ":"))
