"""A function's source as far as its cases show it, with the lines that they left it through."""

from collections.abc import Iterable, Mapping
from itertools import pairwise
from types import MappingProxyType
from typing import NamedTuple

from sitegen.model import Snippet
from sitegen.web.directives.source import colour
from sitegen.web.index import Passage
from sitegen.web.pages.terms.ends import end_of, ends_in_words
from sitegen.web.theme import trusted
from sitegen.wording import counted


class SourceLine(NamedTuple):
    """A line of the listing, or the gap before it."""

    gap: int
    "lines left out before this one"
    number: int
    html: str
    "trusted"
    goes: str
    "how often control left through it, in words; empty for all other lines"
    crashed: bool


class Listing(NamedTuple):
    """Source of one function."""

    file: str
    first: int
    last: int
    lines: tuple[SourceLine, ...]
    kernel: str
    "one that it is from; empty where that is not known"
    others: int
    "states of the function, in other kernels, that are not shown"


_State = tuple[str, int, int]
"""File, first and last line: what tells the states of a function apart."""


def listing(
    passages: Iterable[Passage],
    snippets: Mapping[str, Snippet],
    kernels: Mapping[str, str] = MappingProxyType({}),
) -> Listing | None:
    """The source that most of the passages were seen in; None when none of it is at hand.

    `kernels` are those that the snippets are from, by their SHA-256.
    """
    passages = tuple(passages)
    states: dict[_State, dict[str, Snippet]] = {}
    counts: dict[_State, int] = {}
    for passage in passages:
        snippet = snippets.get(passage.snippet)
        if snippet is None or not snippet.text:
            continue
        state = (snippet.file, snippet.first, snippet.last)
        states.setdefault(state, {})[snippet.sha256] = snippet
        counts[state] = counts.get(state, 0) + 1
    if not states:
        return None
    state = max(states, key=lambda one: counts[one])  # of equals the first: the newest case's
    text = _text(states[state].values())
    if not text:
        return None
    shown = sorted(text)
    html = _coloured(shown, text, state[0])
    through = _through(passages, states[state])
    lines = tuple(
        SourceLine(
            gap=number - before - 1 if before else 0,
            number=number,
            html=trusted(html[number]),
            goes=through.get(number, ("", False))[0],
            crashed=through.get(number, ("", False))[1],
        )
        for before, number in pairwise([0, *shown])
    )
    kernel = next((kernels[name] for name in states[state] if kernels.get(name)), "")
    return Listing(*state, lines, kernel, len(states) - 1)


def _text(snippets: Iterable[Snippet]) -> dict[int, str]:
    """Line number -> line, of all snippets together. One whose runs do not fit its text is left out."""
    found: dict[int, str] = {}
    for snippet in snippets:
        lines = snippet.text.removesuffix("\n").split("\n")
        numbers = [
            number
            for first, last in snippet.shown
            for number in range(first, min(last, first + len(lines)) + 1)
        ]
        if len(numbers) == len(lines):
            for number, line in zip(numbers, lines, strict=True):
                found.setdefault(number, line[:_LONGEST])
    return found


_LONGEST = 400
"""Characters of a line shown."""


def _coloured(shown: list[int], text: Mapping[int, str], file: str) -> dict[int, str]:
    """The lines as HTML; neighbouring ones are coloured together, for comments go over several."""
    found: dict[int, str] = {}
    run: list[int] = []
    for number in shown:
        if run and number != run[-1] + 1:
            found.update(zip(run, colour([text[one] for one in run], file), strict=True))
            run = []
        run.append(number)
    found.update(zip(run, colour([text[one] for one in run], file), strict=True))
    return found


def _through(
    passages: Iterable[Passage], state: Mapping[str, Snippet]
) -> dict[int, tuple[str, bool]]:
    """Line -> how often control left through it, in words, and whether reports ended there."""
    calls: dict[int, int] = {}
    callees: dict[int, set[str]] = {}
    ended: dict[int, list[Passage]] = {}
    for passage in passages:
        if passage.snippet not in state or passage.line is None:
            continue
        calls[passage.line] = calls.get(passage.line, 0) + 1
        if passage.crashed:
            ended.setdefault(passage.line, []).append(passage)
        if passage.after and not passage.crashed:
            callees.setdefault(passage.line, set()).add(passage.after)
    found = {}
    for line, times in calls.items():
        if line in ended:
            one = end_of(ended[line][0])
            words = f"{one if times == 1 else ends_in_words(ended[line])} here"
        else:
            words = _words(times, callees.get(line, set()))
        found[line] = (words, line in ended)
    return found


def _words(calls: int, callees: set[str]) -> str:
    if len(callees) == 1:
        name = next(iter(callees))
        return f"calls {name}" if calls == 1 else f"calls {name} in {calls} reports"
    return f"{counted(calls, 'report')}, {counted(len(callees), 'callee')}" if callees else ""
