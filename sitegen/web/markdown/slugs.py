"""Headings -> ids, equal to those that GitHub gives, so that one link serves both."""

import re
import unicodedata
from collections.abc import Collection

_KEPT = frozenset(
    ["Ll", "Lm", "Lo", "Lt", "Lu", "Mc", "Me", "Mn", "Nd", "Nl", "Pc"]  # Ruby's \p{Word}
)
_CIRCLED = (
    range(0x24B6, 0x24EA),
    range(0x1F130, 0x1F14A),
    range(0x1F150, 0x1F16A),
    range(0x1F170, 0x1F18A),
)
"""Symbols that Unicode counts among the letters all the same: Ⓐ, 🄰, 🅐 and 🅰."""


def heading_slug(text: str) -> str:
    """A heading's id as GitHub makes it, before numbers. Empty where nothing is left.

    >>> heading_slug("What's new in 6.1: `a_b`, ½ and the rest?")
    'whats-new-in-61-a_b--and-the-rest'
    """
    text = text.lower()
    if text.isascii():
        return re.sub(r"[^\w\- ]", "", text).replace(" ", "-")
    return "".join("-" if char == " " else char for char in text if _is_kept(char))


def _is_kept(char: str) -> bool:
    return (
        char in " -"
        or unicodedata.category(char) in _KEPT
        or any(ord(char) in letters for letters in _CIRCLED)
    )


class Ids:
    """The ids of one page: each is given once."""

    def __init__(self, taken: Collection[str]) -> None:
        self._taken = set(taken)
        self._numbers: dict[str, int] = {}  # of each slug: the last one given

    def give(self, slug: str) -> str:
        """`slug`, or with the first number that is not taken, as GitHub counts."""
        number = self._numbers.get(slug, 0)
        name = f"{slug}-{number}" if number else slug
        while name in self._taken:
            number += 1
            name = f"{slug}-{number}"
        self._numbers[slug] = number
        self._taken.add(name)
        return name

    def take(self, name: str) -> bool:
        """Takes this very id; False when it is taken."""
        if name in self._taken:
            return False
        self._taken.add(name)
        return True
