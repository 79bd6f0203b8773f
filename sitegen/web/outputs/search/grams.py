"""Text -> words -> the letters that words are found by. The theme's `find.js` does the same.

A word of a query is looked for anywhere in a word of the text, so texts are filed under
every three letters in a row; a query of two letters under the two that begin a part.
"""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

_SPACE = re.compile(r"[\s\x00-\x1f\x7f\ufeff()<>\[\]{}\"'`,;|]+")
"""What stands between words, in texts and in queries."""
_HEX = re.compile(r"[0-9a-f]{8,}")
_BEGINNING = re.compile(r"(?<![^\W_])(?=([^\W_].))")
"""The first two letters of a part of a word: of `vfs` and `write` in `vfs_write`."""
_LONGEST = 200
"""Letters of a word that count: what is longer was not written to be found."""


def fold(text: str) -> str:
    """Small letters without accents: what differs by no more than these is the same."""
    if text.isascii():
        return text.lower()
    apart = unicodedata.normalize("NFKD", text)
    return "".join(one for one in apart if unicodedata.category(one)[0] != "M").lower()


def words(text: str) -> Iterator[str]:
    """The words of a text, folded, in order; a word may come twice."""
    return (word[:_LONGEST] for word in _SPACE.split(fold(text)) if word)


@lru_cache(1 << 16)
def grams(word: str) -> frozenset[str]:
    """What a word is filed under. A hash or an id is only looked for from its beginning.

    >>> sorted(grams("vfs_io"))
    [' io', ' vf', '_io', 'fs_', 's_i', 'vfs']
    >>> sorted(grams("e972b08b91ef"))
    ['#e97']
    """
    if _HEX.fullmatch(word):
        return frozenset({f"#{word[:3]}"})
    found = {word[at : at + 3] for at in range(len(word) - 2)}
    found.update(f" {two}" for two in _BEGINNING.findall(word))
    return frozenset(found)
