"""The tree's MAINTAINERS: which subsystem a file belongs to.

A section claims files by patterns (`F:`), takes some of them out (`X:`), and claims others
by a word in their path (`N:`). Of several sections the one with the deepest pattern wins,
as the kernel's own get_maintainer has it.
"""

import re
from collections.abc import Iterable
from functools import cache
from typing import NamedTuple

_REST = "THE REST"
"""The section of everything, which says nothing of a file."""

_MOST_SECTIONS = 20_000
_LONGEST = 300


class _Pattern(NamedTuple):
    depth: int
    section: int
    text: str = ""
    "of a shell pattern; compiled when a file lies in its folder, which few ever do"
    word: re.Pattern[str] | None = None


class Maintainers:
    """The sections of one MAINTAINERS file."""

    def __init__(self, lines: Iterable[str]) -> None:
        self._titles: list[str] = []
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
        for line in lines:
            if len(line) > _LONGEST:
                continue
            kind, value = line[:2], line[2:].strip()
            if kind not in {"F:", "X:", "N:"}:
                if line[:1].isalnum() and line[1:2] != ":":
                    title, opened = line.strip(), False
                continue
            if not title or title == _REST or not value:
                continue
            if not opened:
                if len(self._titles) >= _MOST_SECTIONS:
                    return
                self._titles.append(title)
                opened = True
            self._add(kind, value, len(self._titles) - 1)

    def _add(self, kind: str, value: str, section: int) -> None:
        if kind == "X:":
            self._excluded.setdefault(section, []).append(value)
        elif kind == "N:":
            word = _word(value)
            if word is not None:
                self._words.append(_Pattern(0, section, word=word))
        elif _WILD.search(value):
            head = _WILD.split(value, maxsplit=1)[0].rpartition("/")[0]
            pattern = _Pattern(_depth(value), section, value)
            self._globs.setdefault(head, []).append(pattern)
        else:
            self._plain.setdefault(value, []).append(_Pattern(_depth(value), section))
            if not value.endswith("/"):  # a folder without its slash is one all the same
                self._plain.setdefault(value + "/", []).append(_Pattern(_depth(value), section))

    def find(self, path: str) -> str:
        """The title of the section that `path` belongs to most; empty when none claims it.

        Of sections that claim it equally the first of the file is meant.
        """
        found = [
            one
            for one in self._claiming(path)
            if not any(_fits(text, path) for text in self._excluded.get(one.section, ()))
        ]
        best = min(found, key=lambda one: (-one.depth, one.section), default=None)
        return self._titles[best.section] if best else ""

    def _claiming(self, path: str) -> Iterable[_Pattern]:
        yield from self._plain.get(path, ())
        folders = [path[:at] for at, char in enumerate(path) if char == "/"]
        for folder in folders:
            yield from self._plain.get(folder + "/", ())
        for folder in ("", *folders):
            for one in self._globs.get(folder, ()):
                if _glob(one.text).match(path):
                    yield one
        for one in self._words:
            if one.word and one.word.search(path):
                yield one


_WILD = re.compile(r"[*?\[]")


def _depth(pattern: str) -> int:
    return -1 if pattern.startswith("*") else pattern.count("/") + (not pattern.endswith("/"))


_PIECE = re.compile(r"\*+|\?|\[\^?[\w-]+\]|[^*?]")
_MOST_STARS = 4
"""Wildcards of a pattern; each more lets a match try as many places again."""


@cache
def _glob(pattern: str) -> re.Pattern[str]:
    """A shell pattern whose wildcards stay in one folder.

    With a slash at its end it stands for all below, without one for what begins so.
    """
    pieces = _PIECE.findall(pattern)
    if sum(piece.startswith("*") for piece in pieces) > _MOST_STARS:
        return re.compile("(?!)")
    text = "".join(_regex(piece) for piece in pieces)
    try:
        return re.compile(text + ("" if pattern.endswith("/") else r"[^/]*\Z"))
    except re.error:  # a range the wrong way round
        return re.compile("(?!)")


def _regex(piece: str) -> str:
    if piece.startswith("*"):
        return "[^/]*"
    if piece == "?":
        return "[^/]"
    return piece if len(piece) > 1 else re.escape(piece)


def _fits(pattern: str, path: str) -> bool:
    if _WILD.search(pattern):
        return bool(_glob(pattern).match(path))
    return path == pattern or path.startswith(pattern if pattern.endswith("/") else pattern + "/")


def _word(pattern: str) -> re.Pattern[str] | None:
    """A word to look for in paths; None for one that repeats so much that it might not end."""
    if len(re.findall(r"[*+{(]", pattern)) > 1:
        return None
    try:
        return re.compile(pattern)
    except re.error:
        return None
