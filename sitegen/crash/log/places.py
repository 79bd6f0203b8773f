"""Where the characters of a text stand in a file that it was taken out of piece by piece."""

from bisect import bisect_right
from collections.abc import Iterable
from operator import attrgetter
from typing import NamedTuple

from sitegen.model import Span


class Run(NamedTuple):
    """Characters that stand together: one place each, or one character in several places."""

    at: int
    "index in the text"
    size: int
    "characters of the text"
    line: int
    "of the file, from 1"
    start: int
    end: int
    "indices in that line"


class Places:
    """The runs of one text, in order."""

    __slots__ = ("_runs",)

    def __init__(self, runs: Iterable[Run]) -> None:
        self._runs = tuple(runs)

    @property
    def last(self) -> int:
        """The line in which the last character stands."""
        return self._runs[-1].line if self._runs else 0

    def span(self, start: int, end: int) -> Span:
        """Where `text[start:end]` stands; only its beginning where that goes on in another line."""
        first = self._run(start)
        begin = first.start + start - first.at if _is_even(first) else first.start
        last = self._run(end - 1) if end > start else first
        if last.line != first.line:
            return Span(first.line, begin + 1, first.end + 1)
        if end <= start:
            return Span(first.line, begin + 1, begin + 1)
        finish = last.start + end - last.at if _is_even(last) else last.end
        return Span(first.line, begin + 1, finish + 1)

    def _run(self, index: int) -> Run:
        found = bisect_right(self._runs, index, key=_AT) - 1
        return self._runs[max(0, found)]


_AT = attrgetter("at")


def _is_even(run: Run) -> bool:
    return run.end - run.start == run.size
