"""One line of a terminal that tells how far long work is. Nothing where nobody watches.

Written to standard error past Python's buffers, rewritten at most ten times a second, erased at
the end. Names on it may come from anywhere: they are cut to the terminal's width and cleaned.
"""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Callable

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Self

Progress = Callable[[str, int, int, str], object]
"""Is told (what is being done, how much is done, of how much in all or 0, the name of what is next)."""


def silent(stage: str, done: int, total: int, name: str) -> None:
    """The `Progress` that tells nobody."""


_GRACE = 0.8
"""Seconds of work before which nothing is shown."""
_PAUSE = 0.1
_NARROW = 20


def is_watched() -> bool:
    """Whether someone looks at standard error, in a terminal that can rewrite a line."""
    if sys.stderr is None or not sys.stderr.isatty():
        return False
    return os.environ.get("TERM", "dumb") != "dumb" and not os.environ.get("CI")


class Line:
    """A context manager; `tell` is a `Progress`, `show` takes any text. Erased at the end."""

    def __init__(self, *, quiet: bool = False, grace: float = _GRACE) -> None:
        self._text = ""
        self._grace = grace
        self._ended = threading.Event()
        self._thread = None if quiet or not is_watched() else threading.Thread(target=self._draw)

    def __enter__(self) -> Self:
        if self._thread:
            self._thread.daemon = True
            self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        if self._thread:
            self._thread.join()

    def tell(self, stage: str, done: int, total: int, name: str) -> None:
        """Shows `reading 3 of 120: tipc-uaf.md`."""
        count = f" {done} of {total}" if total else f" {done}" if done else ""
        self.show(f"{stage}{count}" + (f": {name}" if name else ""))

    def show(self, text: str) -> None:
        """Shows `text` when the line is rewritten next."""
        self._text = text

    def _draw(self) -> None:
        shown = ""
        pause = self._grace
        while not self._ended.wait(pause):
            pause = _PAUSE
            text = self._text
            if text != shown:
                self._write("\r" + fitting(text, columns()) + "\x1b[K")
                shown = text
        if shown:
            self._write("\r\x1b[K")

    def _write(self, text: str) -> None:
        # Not through `sys.stderr`, whose lock a process that is forked meanwhile would never get.
        try:
            os.write(sys.stderr.fileno(), text.encode(sys.stderr.encoding or "utf-8", "replace"))
        except OSError:
            self._ended.set()


def columns() -> int:
    """The width of the terminal that standard error is; 80 when it is none, or does not say."""
    try:
        found = os.get_terminal_size(sys.stderr.fileno()).columns
    except (AttributeError, OSError, ValueError):
        found = 0
    return max(found, _NARROW) if found else 80


def fitting(text: str, width: int) -> str:
    """As much of `text` as leaves the last column of a line free, without what drives a terminal.

    >>> fitting("reading 3 of 120: tipc-uaf.md", 16)
    'reading 3 of 1…'
    """
    from unicodedata import combining, east_asian_width  # noqa: PLC0415  reason: only who watches

    kept: list[str] = []
    left = width - 1
    for one in text:
        clean = one if one.isprintable() else "\N{REPLACEMENT CHARACTER}"
        wide = 0 if combining(clean) else 2 if east_asian_width(clean) in "WF" else 1
        if wide > left:
            while left < 1 and kept:
                last = kept.pop()
                left += 0 if combining(last) else 2 if east_asian_width(last) in "WF" else 1
            return "".join(kept) + "\N{HORIZONTAL ELLIPSIS}"
        left -= wide
        kept.append(clean)
    return "".join(kept)
