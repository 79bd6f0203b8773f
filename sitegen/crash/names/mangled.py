"""A cursor over a mangled name that is read within bounds: a forged one nests and repeats without end."""

from collections.abc import Callable

_DEEPEST = 100
"nested parts; a name that goes deeper is forged"
_LONGEST = 4000
"characters of a part: references let short names grow"
_MOST = 4000
"parts read for one name"
_DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"

Halves = tuple[str, str]
"a part of a name as two halves, between which stands what is declared with it"


class NotReadError(Exception):
    """The name is none of the scheme, or of a part of it that is not read."""


class Cursor:
    """Where a name is read, and how much of it may still be."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0
        self._depth = 0
        self._left = _MOST

    def _part(self, read: Callable[[], Halves]) -> Halves:
        """What `read` reads, one part deeper."""
        self._depth += 1
        if self._depth > _DEEPEST:
            raise NotReadError
        found = read()
        self._count(len(found[0]) + len(found[1]))
        self._depth -= 1
        return found

    def _count(self, length: int) -> None:
        """One more part, of so many characters."""
        self._left -= 1
        if self._left < 0 or length > _LONGEST:
            raise NotReadError

    def _number(self, base: int = 36) -> int:
        """A number that ends in `_`."""
        end = self._text.index("_", self._at)
        digits = self._text[self._at : end]
        if not 0 < len(digits) < 8 or any(digit not in _DIGITS[:base] for digit in digits):
            raise NotReadError
        self._at = end + 1
        return int(digits, base)

    def _digits(self) -> int:
        start = self._at
        while self._at < len(self._text) and self._text[self._at] in _DIGITS[:10]:
            self._at += 1
        if not 0 < self._at - start < 40:
            raise NotReadError
        return int(self._text[start : self._at])

    def _skip(self, word: str) -> bool:
        found = self._text.startswith(word, self._at)
        self._at += len(word) if found else 0
        return found

    def _expect(self, word: str) -> None:
        if not self._skip(word):
            raise NotReadError

    def _peek(self) -> str:
        if self._at >= len(self._text):
            raise NotReadError
        return self._text[self._at]

    def _next(self) -> str:
        self._at += 1
        return self._text[self._at - 1]
