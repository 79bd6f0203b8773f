"""Fingerprints of the cases that are known -> those that a log is like, best first.

Whole numbers throughout, so that a browser which follows the same rules gives the same order.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from math import log
from typing import NamedTuple

from sitegen.crash.similar.names import is_common
from sitegen.crash.similar.reasons import reason, titles
from sitegen.model import Fingerprint, Match

IMAGINED = 100
"""Cases that are taken to be known besides, so that a small wiki knows what is common."""
COMMON, SYSTEM_CALL, RARE = 10, 3, 0.2
"""In how many of the imagined cases a function stands."""
SCALE = 100
"""The weight of a function that every e-th case has."""
FIRST = (4, 3, 2, 2)
"""How many times a frame counts, by its place from the innermost; the others count once."""

WHOLE = 1000
"""The score of two logs with the same frames."""
SAME_TITLE = 800
"""Added for the same title, if few cases have it; the others likewise."""
SAME_CRASH = 600
"""For a title that the log has besides, or the same kind of crash in the same function."""
SAME_FUNCTION = 300
SAME_KIND = 30
SAME_ORDER = 40
"""Added when all shared frames stand in the same order."""

HARDLY = 50
"""A function is called rare when not more than one of so many cases has it."""

LEAST = 100
"""The score below which logs are not called alike."""
ENOUGH = 3
"""Telling functions of a log, below which the others are asked about as well."""
MOST_TRIED = 256
"""Logs that are compared in full, those that share the rarest functions."""


class _Entry(NamedTuple):
    """A log of a known case."""

    case: int
    log: int
    print: Fingerprint
    places: dict[str, int]
    "function -> index of its frame"
    functions: frozenset[str]
    "of frames, inlined ones, and the one it is about"


class Known:
    """The cases of a wiki, ready to be compared with. Made once; asking changes nothing."""

    def __init__(self, cases: Iterable[tuple[str, Sequence[Fingerprint]]]) -> None:
        """`cases` by their keys, each with what its logs are compared by."""
        self._cases = sorted(cases, key=lambda case: case[0])
        self._keys = {key: index for index, (key, _) in enumerate(self._cases)}
        self._count = IMAGINED + len(self._cases)
        having: dict[str, set[int]] = defaultdict(set)
        titled: dict[str, set[int]] = defaultdict(set)
        for index, (_, prints) in enumerate(self._cases):
            for one in prints:
                for function in _functions(one):
                    having[function].add(index)
                for title in titles(one):
                    titled[title].add(index)
        self._having = {function: len(cases) for function, cases in having.items()}
        self._titled = {title: len(cases) for title, cases in titled.items()}
        self._weights: dict[str, int] = {}
        self._sums: dict[tuple[str, ...], int] = {}
        self._entries = list(self._enter())
        self._by_function: dict[str, list[int]] = defaultdict(list)
        self._by_title: dict[str, list[int]] = defaultdict(list)
        for index, entry in enumerate(self._entries):
            for function in sorted(entry.functions):
                self._by_function[function].append(index)
            for title in titles(entry.print):
                self._by_title[title].append(index)

    def _enter(self) -> Iterator[_Entry]:
        for case, (_, prints) in enumerate(self._cases):
            for number, one in enumerate(prints):
                yield _entry(case, number, one)

    # --- weights -----------------------------------------------------------------------------

    def weight(self, function: str) -> int:
        """How much it says that two logs share the function: more, the fewer cases have it."""
        found = self._weights.get(function)
        if found is None:
            found = self._weigh(self._having.get(function, 0), _expected(function))
            if function in self._having:  # others would let a log that is asked for fill the memory
                self._weights[function] = found
        return found

    def _weigh(self, count: int, expected: float) -> int:
        return max(1, round(SCALE * log(self._count / (count + expected))))

    def _sum(self, frames: tuple[str, ...]) -> int:
        """The weight of all frames, the innermost counting more."""
        found = self._sums.get(frames)
        if found is None:
            found = sum(self.weight(one) * _times(index) for index, one in enumerate(frames))
            if len(self._sums) <= len(self._entries):
                self._sums[frames] = found
        return found

    # --- asking ------------------------------------------------------------------------------

    def rank(self, query: Fingerprint, limit: int = 10, *, without: str = "") -> tuple[Match, ...]:
        """The cases that `query` is like, best first, then by key; none when nothing is like it.

        The case with the key `without` is left out: the one the query comes from.
        """
        skipped = self._keys.get(without, -1)
        asked = _entry(-1, 0, query)
        best: dict[int, tuple[int, _Entry]] = {}
        for index in self._candidates(query):
            entry = self._entries[index]
            if entry.case == skipped:
                continue
            score = self._score(asked, entry)
            if score >= LEAST and score > best.get(entry.case, (0,))[0]:
                best[entry.case] = (score, entry)
        found = sorted(best.items(), key=lambda item: (-item[1][0], item[0]))[:limit]
        return tuple(self._match(asked, entry, score) for _, (score, entry) in found)

    def similar(self, key: str, limit: int = 10) -> tuple[Match, ...]:
        """The other cases that one of the known cases is like, by any of its logs."""
        index = self._keys.get(key)
        if index is None:
            return ()
        best: dict[str, Match] = {}
        for one in self._cases[index][1]:
            for match in self.rank(one, limit, without=key):
                if match.key not in best or match.score > best[match.key].score:
                    best[match.key] = match
        return tuple(sorted(best.values(), key=lambda match: (-match.score, match.key))[:limit])

    def _candidates(self, query: Fingerprint) -> list[int]:
        """Logs worth comparing: those that share what is rare, title or function, come first.

        What all sorts of crashes pass through is asked about only where there is little else.
        """
        functions = _functions(query)
        telling = frozenset(one for one in functions if _expected(one) == RARE)
        if len(telling) < ENOUGH:
            telling = functions
        ways = [
            *(
                (self._titled[one], one, self._by_title)
                for one in titles(query) & self._titled.keys()
            ),
            *((self._having[one], one, self._by_function) for one in telling & self._having.keys()),
        ]
        found: dict[int, None] = {}
        for _, name, having in sorted(ways, key=lambda way: way[:2]):
            found.update(dict.fromkeys(having[name]))
            if len(found) >= MOST_TRIED:
                break
        return list(found)[:MOST_TRIED]

    def _score(self, asked: _Entry, entry: _Entry) -> int:
        """How much two logs are alike; 0 when they share little more than all logs do."""
        query, known = asked.print, entry.print
        shared = [one for one in query.frames if one in entry.functions]
        back = [one for one in known.frames if one in asked.functions]
        alike = ordered = 0
        if shared or back:
            weight = sum(self.weight(one) * _times(asked.places[one]) for one in shared)
            weight += sum(self.weight(one) * _times(entry.places[one]) for one in back)
            alike = WHOLE * weight // (self._sum(query.frames) + self._sum(known.frames))
            places = [entry.places[one] for one in shared if one in entry.places]
            if len(places) > 1:
                rising = sum(one < other for one, other in pairwise(places))
                ordered = SAME_ORDER * alike * rising // (WHOLE * (len(places) - 1))
        same = self._identity(query, known)
        telling = alike >= WHOLE // 2 or any(_expected(one) == RARE for one in shared)
        if not (same or telling):
            return 0
        kind = SAME_KIND if query.kind and query.kind == known.kind else 0
        return max(alike + ordered + same + kind, LEAST if same else 0)

    def _identity(self, query: Fingerprint, known: Fingerprint) -> int:
        """What is added for the same title or function; less, the more cases have that."""
        most = self._weigh(0, RARE)
        same = 0
        for title in titles(query) & titles(known):
            worth = SAME_TITLE if query.title == known.title else SAME_CRASH
            same = max(same, worth * self._weigh(self._titled.get(title, 0), RARE) // most)
        if (
            query.function
            and query.function == known.function
            and _expected(query.function) == RARE
        ):
            worth = SAME_CRASH if query.kind == known.kind else SAME_FUNCTION
            same = max(same, worth * self.weight(query.function) // most)
        return same

    def _match(self, asked: _Entry, entry: _Entry, score: int) -> Match:
        query = asked.print
        shared = tuple(one for one in query.frames if one in entry.functions)
        telling = [one for one in shared if _expected(one) == RARE]
        rarest = sorted(telling or shared, key=lambda one: (-self.weight(one), asked.places[one]))
        few = [one for one in rarest[:2] if self._having[one] <= self._count // HARDLY]
        rare = bool(telling and few)
        return Match(
            key=self._cases[entry.case][0],
            reason=reason(
                query,
                entry.print,
                shared,
                few if rare else rarest[:1],
                often=0 if rare or not rarest else self._having[rarest[0]],
            ),
            shared=shared,
            total=len(query.frames),
            log=entry.log,
            score=score,
        )


def _entry(case: int, log: int, one: Fingerprint) -> _Entry:
    places = {function: index for index, function in enumerate(one.frames)}
    return _Entry(case, log, one, places, _functions(one))


def _functions(one: Fingerprint) -> frozenset[str]:
    """All that a log may be known by; a headline alone names a function that no frame does."""
    return frozenset((*one.frames, *one.inlined, one.function)) - {""}


def _expected(function: str) -> float:
    """In how many of the imagined cases the function stands."""
    if is_common(function):
        return COMMON
    return SYSTEM_CALL if function.startswith("sys_") else RARE


def _times(index: int) -> int:
    return FIRST[index] if index < len(FIRST) else 1


def rank(
    query: Fingerprint, cases: Iterable[tuple[str, Sequence[Fingerprint]]], limit: int = 10
) -> tuple[Match, ...]:
    """The cases that `query` is like, best first; who asks more than once keeps a `Known`."""
    return Known(cases).rank(query, limit)
