"""Regular expressions that are compiled when they are first asked for.

Of the tables of crash logs a log needs few, and to compile all of them takes longer than to
read it.
"""

import re
from collections.abc import Callable, Iterator


class Lazy:
    """A regular expression, compiled at its first use."""

    __slots__ = ("_compiled", "text")

    def __init__(self, text: str) -> None:
        self.text = text
        self._compiled: re.Pattern[str] | None = None

    def _get(self) -> re.Pattern[str]:
        if self._compiled is None:
            self._compiled = re.compile(self.text)
        return self._compiled

    def match(self, text: str, start: int = 0) -> re.Match[str] | None:
        return self._get().match(text, start)

    def search(self, text: str, start: int = 0) -> re.Match[str] | None:
        return self._get().search(text, start)

    def finditer(self, text: str, start: int = 0, end: int = 1 << 62) -> Iterator[re.Match[str]]:
        return self._get().finditer(text, start, end)

    def sub(self, by: str | Callable[[re.Match[str]], str], text: str) -> str:
        return self._get().sub(by, text)
