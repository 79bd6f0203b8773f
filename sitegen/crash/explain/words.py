"""The shape of an explained word, and what all tables of words share."""

from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import NamedTuple

from sitegen.crash.lazy import Lazy
from sitegen.model import CrashLog, Record, Span, Weight

MOST_SEARCHED = 60
"""Records of a report among which a number is looked for."""


class Word(NamedTuple):
    """A word of a line of the log and what it means. Columns are indices in the record's text."""

    start: int
    end: int
    text: str
    brief: str = ""
    weight: Weight = "telling"


Reader = Callable[[str], Iterator[Word]]
"""A line's text -> the words in it, in no order."""


def flags(value: int, names: Mapping[int, tuple[str, str]]) -> str:
    """The names of the bits set in `value`, each with what it means, as half a sentence.

    >>> flags(5, {1: ("A", "one"), 4: ("C", "three")})
    'A (one), C (three)'
    """
    return ", ".join(f"{name} ({meaning})" for bit, (name, meaning) in names.items() if value & bit)


_NUMBER = Lazy(r"\b(?:0x)?(?P<digits>[0-9a-f]{4,16})\b")


def find_number(records: Sequence[Record], value: int) -> tuple[Record, int, int] | None:
    """The record that first prints `value` in hexadecimal, and the columns; None when none does."""
    wanted = f"{value:x}"
    for record in records[:MOST_SEARCHED]:
        if wanted in record.text:
            for found in _NUMBER.finditer(record.text):
                if int(found["digits"], 16) == value:
                    return record, found.start(), found.end()
    return None


def place_of(record: Record) -> tuple[int, int]:
    """By which the records of a log are in order."""
    return record.at.line, record.at.column


def find_record(records: Sequence[Record], at: Span) -> Record | None:
    """The record that `at` begins in; None when it is none of these."""
    index = bisect_right(records, (at.line, at.column), key=place_of) - 1
    if index < 0:
        return None
    found = records[index].at
    return records[index] if found.line == at.line and at.column <= found.end else None


def span_of(log: CrashLog, record: Record, start: int, end: int) -> Span | None:
    """Where `record.text[start:end]` stands in its line; None when the line does not have it so."""
    at = record.at
    if at.end - at.column == len(record.text):
        return Span(at.line, at.column + start, at.column + end)
    # Control sequences of a terminal stand between: look for the word itself.
    found = log.lines[at.line - 1].find(record.text[start:end], at.column - 1 + start)
    return Span(at.line, found + 1, found + 1 + end - start) if found >= 0 else None
