"""Who called a function and whom it called, over all chains that pass through it."""

from collections.abc import Iterable
from typing import NamedTuple

from sitegen.web.directives.steps import layer_class
from sitegen.web.index import Passage, term_url

_MOST = 12
"""Neighbours of one side that are shown."""


class Neighbour(NamedTuple):
    """A function next to another, in how many chains."""

    name: str
    url: str
    chains: int
    share: int
    "of the most frequent neighbour of its side, in per cent, from 1"
    part: str
    "the class that gives the colour"
    words: str


class Side(NamedTuple):
    """The neighbours of one side, most frequent first."""

    shown: tuple[Neighbour, ...]
    more: int
    "that are not shown"


def callers(passages: Iterable[Passage]) -> Side:
    """The functions before; the words say how control came."""
    return _side((one.before, one.before_letter, _came(one)) for one in passages if one.before)


def callees(passages: Iterable[Passage]) -> Side:
    """The functions after; the words say through which pointer they were called."""
    return _side(
        (one.after, one.after_letter, f"through {one.onward}" if one.onward else "")
        for one in passages
        if one.after
    )


_CAME = {
    "entry": "entry",
    "direct": "direct",
    "inlined": "inlined",
    "indirect": "indirect",
    "tail": "tail call",
    "trap": "exception",
    "unknown": "",
}


def _came(passage: Passage) -> str:
    words = _CAME[passage.kind]
    return f"{words} through {passage.slot}" if passage.slot else words


def _side(found: Iterable[tuple[str, str, str]]) -> Side:
    counts: dict[str, int] = {}
    letters: dict[str, str] = {}
    words: dict[str, dict[str, None]] = {}
    for name, letter, how in found:
        counts[name] = counts.get(name, 0) + 1
        letters.setdefault(name, letter)
        words.setdefault(name, {})[how] = None
    order = sorted(counts, key=lambda name: (-counts[name], name))
    most = counts[order[0]] if order else 1
    return Side(
        tuple(
            Neighbour(
                name=name,
                url=term_url("functions", name),
                chains=counts[name],
                share=max(1, round(100 * counts[name] / most)),
                part=layer_class(letters[name]),
                words=", ".join(how for how in sorted(words[name]) if how),
            )
            for name in order[:_MOST]
        ),
        max(0, len(order) - _MOST),
    )
