"""The tree's MAINTAINERS: which subsystem a file belongs to, and who looks after it.

A section claims files by patterns (`F:`), takes some of them out (`X:`), and claims others
by a word in their path (`N:`). Of several sections the one with the deepest pattern wins,
as the kernel's own get_maintainer has it; of equally deep ones the pattern without wildcards.
"""

import re
from collections.abc import Iterable, Sequence
from functools import cache
from typing import NamedTuple

from sitegen.model import Subsystem

_REST = "THE REST"
"""The section of everything, which says nothing of a file."""

_MOST_SECTIONS = 20_000
_LONGEST = 300


class _Pattern(NamedTuple):
    depth: int
    section: int
    place: int
    "in the file: of several patterns of a section that fit, the last one counts"
    text: str = ""
    "of a shell pattern; compiled when a file lies in its folder, which few ever do"
    word: re.Pattern[str] | None = None


_KEPT = 32
"""Maintainers and lists of a section that are kept."""


class Maintainers:
    """The sections of one MAINTAINERS file."""

    def __init__(self, lines: Iterable[str]) -> None:
        self._titles: list[str] = []
        self._people: dict[str, list[tuple[str, str]]] = {}
        "by title: its `M:`, `L:` and `S:` lines"
        self._plain: dict[str, list[_Pattern]] = {}
        "by file, or by folder with its slash"
        self._globs: dict[str, list[_Pattern]] = {}
        "by what stands before the first wildcard, as far as its last slash"
        self._words: list[_Pattern] = []
        self._excluded: dict[int, list[str]] = {}
        self._read(lines)

    def _read(self, lines: Iterable[str]) -> None:
        title = ""
        opened = False
        places = 0
        for line in lines:
            if len(line) > _LONGEST:
                continue
            kind, value = line[:2], line[2:].strip()
            if kind not in {"F:", "X:", "N:"}:
                if line[:1].isalnum() and line[1:2] != ":":
                    title, opened = line.strip(), False
                elif kind in {"M:", "L:", "S:"} and title and value:
                    self._people.setdefault(title, []).append((kind, value))
                continue
            if not title or title == _REST or not value:
                continue
            if not opened:
                if len(self._titles) >= _MOST_SECTIONS:
                    return
                self._titles.append(title)
                opened = True
            places += 1
            self._add(kind, value, len(self._titles) - 1, places)

    def _add(self, kind: str, value: str, section: int, place: int) -> None:
        if kind == "X:":
            self._excluded.setdefault(section, []).append(value)
        elif kind == "N:":
            word = _word(value)
            if word is not None:
                self._words.append(_Pattern(0, section, place, word=word))
        elif _WILD.search(value):
            head = _WILD.split(value, maxsplit=1)[0].rpartition("/")[0]
            pattern = _Pattern(_depth(value), section, place, value)
            self._globs.setdefault(head, []).append(pattern)
        else:
            self._plain.setdefault(value, []).append(_Pattern(_depth(value), section, place))
            if not value.endswith("/"):  # a folder without its slash is one all the same
                self._plain.setdefault(value + "/", []).append(
                    _Pattern(_depth(value), section, place)
                )

    def find(self, path: str) -> str:
        """The title of the section that `path` belongs to most; empty when none claims it.

        Of sections that claim it equally the first of the file is meant.
        """
        found: dict[int, _Pattern] = {}
        for one in sorted(self._claiming(path), key=lambda one: one.place):
            found[one.section] = one
        claims = [
            one
            for one in found.values()
            if not any(_fits(text, path) for text in self._excluded.get(one.section, ()))
        ]
        best = min(claims, key=lambda one: (-one.depth, bool(one.text), one.section), default=None)
        return self._titles[best.section] if best else ""

    def section(self, title: str) -> Subsystem:
        """Who looks after a section, as the file has it; bare where it says nothing of that."""

        def values(kind: str) -> tuple[str, ...]:
            said = [value for one, value in self._people.get(title, ()) if one == kind]
            return tuple(dict.fromkeys(said))[:_KEPT]

        lists = (value.partition("(")[0].strip() for value in values("L:"))
        return Subsystem(
            name=title,
            status=next(iter(values("S:")), ""),
            maintainers=values("M:"),
            lists=tuple(filter(None, lists)),
        )

    def _claiming(self, path: str) -> Iterable[_Pattern]:
        yield from self._plain.get(path, ())
        folders = [path[:at] for at, char in enumerate(path) if char == "/"]
        for folder in folders:
            yield from self._plain.get(folder + "/", ())
        for folder in ("", *folders):
            for one in self._globs.get(folder, ()):
                if _matches(one.text, path):
                    yield one
        for one in self._words:
            if one.word and one.word.search(path):
                yield one


_WILD = re.compile(r"[*?\[]")


def _depth(pattern: str) -> int:
    return -1 if pattern.startswith("*") else pattern.count("/") + (not pattern.endswith("/"))


_PIECE = re.compile(r"\?|\[\^?[\w-]+\]|[^?]")


def _matches(pattern: str, path: str) -> bool:
    """Whether a path begins with what a pattern of wildcards stands for, in linear time.

    A pattern with a slash at its end stands for all below, and its `*` for folders of any depth;
    one without stands for what lies as deep as itself.
    """
    if not pattern.endswith("/") and path.count("/") != pattern.count("/"):
        return False
    at = 0
    for number, piece in enumerate(_pieces(pattern)):
        if piece is None:
            return False
        found = piece.search(path, at) if number else piece.match(path)
        if found is None:
            return False
        at = found.end()
    return True


@cache
def _pieces(pattern: str) -> Sequence[re.Pattern[str] | None]:
    """What stands between the `*` of a pattern; None for a range the wrong way round."""
    pieces: list[re.Pattern[str] | None] = []
    for text in re.split(r"\*+", pattern):
        try:
            pieces.append(re.compile("".join(map(_regex, _PIECE.findall(text)))))
        except re.error:
            pieces.append(None)
    return pieces


def _regex(piece: str) -> str:
    if piece == "?":
        return "."
    return piece if len(piece) > 1 else re.escape(piece)


def _fits(pattern: str, path: str) -> bool:
    if _WILD.search(pattern):
        return _matches(pattern, path)
    return path == pattern or path.startswith(pattern if pattern.endswith("/") else pattern + "/")


def _word(pattern: str) -> re.Pattern[str] | None:
    """A word to look for in paths; None for one that repeats so much that it might not end."""
    if len(re.findall(r"[*+{(]", pattern)) > 1:
        return None
    try:
        return re.compile(pattern)
    except re.error:
        return None
