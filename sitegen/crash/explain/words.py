"""The shape of an explained word, and what all tables of words share."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from sitegen.model import Record, Weight

MOST_SEARCHED = 60
"""Records of a report among which a number is looked for."""


class Word(NamedTuple):
    """A word of a line of the log and what it means. Columns are indices in the record's text."""

    start: int
    end: int
    text: str
    brief: str = ""
    weight: Weight = "telling"


def flags(value: int, names: Mapping[int, tuple[str, str]]) -> str:
    """The names of the bits set in `value`, each with what it means, as half a sentence.

    >>> flags(5, {1: ("A", "one"), 4: ("C", "three")})
    'A (one), C (three)'
    """
    return ", ".join(f"{name} ({meaning})" for bit, (name, meaning) in names.items() if value & bit)


def whole(found: re.Match[str], group: str | int, text: str, weight: Weight = "telling") -> Word:
    """The group of the match, explained."""
    return Word(found.start(group), found.end(group), text, weight=weight)


def each(
    found: re.Match[str], group: str | int, pattern: re.Pattern[str], table: Mapping[str, str]
) -> Iterator[Word]:
    """Each piece of the group that the table knows, explained."""
    for piece in pattern.finditer(found.string, found.start(group), found.end(group)):
        if text := table.get(piece[0]):
            yield Word(piece.start(), piece.end(), text)


_NUMBER = re.compile(r"\b(?:0x)?(?P<digits>[0-9a-f]{4,16})\b")


def find_number(records: Sequence[Record], value: int) -> tuple[Record, int, int] | None:
    """The record that first prints `value` in hexadecimal, and the columns; None when none does."""
    wanted = f"{value:x}"
    for record in records[:MOST_SEARCHED]:
        if wanted in record.text:
            for found in _NUMBER.finditer(record.text):
                if int(found["digits"], 16) == value:
                    return record, found.start(), found.end()
    return None
