"""Patterns of the configuration: compiled once, and refused where they could run for hours.

Python's engine tries all ways to match. Their number explodes where something is repeated that
can itself match in several ways, so that is refused; and a pattern is asked for a piece of a
line at a time, which bounds what several repeats in a row can cost.
"""

import re
import warnings
from collections.abc import Iterator
from typing import NamedTuple

PIECE = 1000
"""Characters of a line that a pattern sees at a time."""
LONGEST = 200
"""Characters of the longest value that is found wherever it stands in a line."""
MOST_REPEATS = 4
"""Repeats without an upper bound in one pattern."""
_MOST_SHARING = 2
"""Of these, those that can give characters to what follows them: each multiplies what a line costs."""
_MOST_WAYS = 10_000
"""Ways in which the bounded repeats of a pattern can share out one text."""


class Fault(NamedTuple):
    """Why a pattern cannot be used."""

    message: str
    "words that follow its name"
    hint: str


def fault_of(pattern: str) -> Fault | None:
    """Why the pattern cannot be used; None when it can."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")  # what may mean something else one day
            compiled = re.compile(pattern)
    except (re.error, OverflowError, RecursionError, Warning) as error:
        return Fault(
            f"is no regular expression: {error}", "write it as Python's re module takes it"
        )
    if compiled.match("") or compiled.search(" "):
        hint = "let it begin with what all values begin with"
        return Fault("matches a blank, or nothing at all", hint)
    reader = _Reader(pattern)
    reader.read()
    nested = reader.nested or (reader.shared if reader.ways > _MOST_WAYS else "")
    if nested:
        twice = f"'{nested[:80]}'"
        message = f"repeats what can match in several ways, {twice}, which may take hours"
        return Fault(message, "repeat one set of characters, such as [\\w.-]+")
    if reader.repeats > MOST_REPEATS:
        message = (
            f"has more than {MOST_REPEATS} repeats without an upper bound, which may take hours"
        )
        return Fault(message, "write bounds, such as {1,15}")
    if _sharing(reader.loops) > _MOST_SHARING:
        message = "has repeats that can match the same text, which may take hours"
        return Fault(message, "put a sign between them that none of them takes, or write bounds")
    return None


def iter_pieces(text: str) -> Iterator[tuple[int, str]]:
    """Lines of `text` and where they begin; of long lines pieces that overlap by `LONGEST`."""
    start = 0
    for line in text.split("\n"):
        if len(line) <= PIECE:
            yield start, line
        else:
            for at in range(0, len(line), PIECE - LONGEST):
                yield start + at, line[at : at + PIECE]
        start += len(line) + 1


_ATOM = re.compile(r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|.", re.DOTALL)
_OPENING = re.compile(r"\((?:\?(?:P<\w+>|P=\w+|[a-zA-Z-]*:|[=!>]|<[=!]|#[^)]*|\(\w+\)|[a-zA-Z]+))?")
_REPEAT = re.compile(r"[*+?][+?]?|\{(?P<least>\d*)(?P<most>,\d*)?\}[+?]?")
_MANY = 16
"""From here on a bounded repeat counts as one without bounds."""


class _Group(NamedTuple):
    """What counts of a group, read to its end."""

    branches: bool
    ends: tuple[str, ...]
    "its first and its last atom, where these are not repeated"
    repeated: tuple[str, ...]
    "the atoms in it that are repeated without bounds"
    varied: tuple[str, ...] = ()
    "the atoms in it that may be there more or less often, within bounds"
    ways: int = 1
    "in which one round of it can match a text; no more than a bit above what is too many"


class _Reader:
    """Reads a pattern that compiles, for the repeats in it."""

    def __init__(self, pattern: str) -> None:
        self._text = pattern
        self._at = 0
        self.nested = ""
        "the first repeat of what can match in several ways; empty for none"
        self.repeats = 0
        self.loops: list[tuple[str, str]] = []
        "what is repeated without bounds, and what follows it"
        self.ways = 1
        "in which all repeated groups together can match"
        self.shared = ""
        "the first group that can match in several ways, with its repeat"

    def read(self) -> _Group:
        """Reads up to the end of a group, or of the pattern."""
        branches, atoms, repeated = False, list[str](), list[str]()
        varied, ways = list[str](), 1
        while self._at < len(self._text) and self._text[self._at] != ")":
            start = self._at
            if self._text[start] == "|":
                self._at, branches = start + 1, True
                ways += 1
                continue
            inner = self._group() if self._text[start] == "(" else None
            if inner is None:
                self._skip_atom()
            atom = self._text[start : self._at]
            repeat = _REPEAT.match(self._text, self._at)
            self._at = repeat.end() if repeat else self._at
            least, most = _bounds(repeat)
            if inner is not None and most > 1:
                one_way = inner.ways == 1 or _matches_one_way(inner, inner.varied)
                rounds = 1 if one_way else inner.ways ** min(most, 64)
                self.ways = min(self.ways * rounds, 2 * _MOST_WAYS)
                self.shared = self.shared or ("" if one_way else self._text[start : self._at])
                ways *= rounds
            elif inner is not None:
                ways *= inner.ways
            if least != most and most <= _MANY:
                varied.append(atom)
                ways *= most - least + 1
            ways = min(ways, 2 * _MOST_WAYS)
            if repeat is not None and _is_unbounded(repeat):
                self.loops.append((atom, self._next()))
                self.repeats += 1
                if inner is not None and not _matches_one_way(inner):
                    self.nested = self.nested or self._text[start : self._at]
                repeated.append(atom)
            elif inner is not None:
                branches |= inner.branches
                repeated += inner.repeated
                varied += inner.varied
            atoms.append("" if repeat else atom)
        ends = tuple(atoms[:1] + atoms[-1:])
        return _Group(branches, ends, tuple(repeated), tuple(varied), ways)

    def _next(self) -> str:
        """The atom that must follow; empty where it need not, or is not known, and `$` for none at all."""
        at = self._at
        while at < len(self._text) and self._text[at] == ")":
            at += 1
            if _REPEAT.match(self._text, at):
                return ""
        opening = _OPENING.match(self._text, at)
        while opening and opening[0][2:3] in ("", ":", "P"):
            at = opening.end()
            opening = _OPENING.match(self._text, at)
        found = _ATOM.match(self._text, at)
        if found is None:
            return "$"  # the end: nothing is tried again
        repeat = _REPEAT.match(self._text, found.end())
        return "" if repeat and _bounds(repeat)[0] == 0 else found[0]

    def _group(self) -> _Group:
        opening = _OPENING.match(self._text, self._at)
        self._at = opening.end() if opening else self._at + 1
        found = self.read()
        self._at += 1
        return found

    def _skip_atom(self) -> None:
        found = _ATOM.match(self._text, self._at)
        self._at = found.end() if found else self._at + 1


def _is_unbounded(repeat: re.Match[str]) -> bool:
    if repeat[0][0] != "{":
        return repeat[0][0] in "*+"
    most = repeat["most"] if repeat["most"] is not None else f",{repeat['least']}"
    return most == "," or int(most[1:] or 0) > _MANY


def _bounds(repeat: re.Match[str] | None) -> tuple[int, int]:
    """How often what stands before the repeat may be there."""
    if repeat is None:
        return 1, 1
    if repeat[0][0] != "{":
        return int(repeat[0][0] == "+"), 1 if repeat[0][0] == "?" else PIECE
    least = int(repeat["least"] or 0)
    return least, least if repeat["most"] is None else int(repeat["most"][1:] or PIECE)


def _sharing(loops: list[tuple[str, str]]) -> int:
    """By which power of its length a line may cost time: 1 where no repeat can give anything away."""
    loose = [following != "$" and not _ends_before(atom, following) for atom, following in loops]
    last = max((at for at, one in enumerate(loose) if one), default=-1)
    return sum(loose) + any(following != "$" for _, following in loops[last + 1 :])


def _ends_before(atom: str, following: str) -> bool:
    sign = _sign(following)
    return bool(sign) and not _takes(atom, sign)


def _matches_one_way(group: _Group, more: tuple[str, ...] = ()) -> bool:
    """Whether each round of a group can only begin, or end, at a sign that no repeat in it takes."""
    if group.branches:
        return False
    repeated = group.repeated + more
    signs = [one for one in map(_sign, group.ends) if one]
    return not repeated or any(not any(_takes(atom, sign) for atom in repeated) for sign in signs)


def _sign(atom: str) -> str:
    """The character that the atom stands for; empty where it stands for several, or for none."""
    if len(atom) == 2 and atom[0] == "\\" and not atom[1].isalnum():
        return atom[1]
    return atom if len(atom) == 1 and atom not in ".^$" else ""


def _takes(atom: str, sign: str) -> bool:
    try:
        return bool(re.match(atom, sign, re.IGNORECASE))
    except re.error:  # a reference to a group that is not in this piece
        return True
