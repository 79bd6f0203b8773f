"""Text -> the architecture it comes from."""

import re
from collections.abc import Sequence
from functools import lru_cache

from sitegen.crash.arch import ARCHES, Arch

_Mark = tuple[re.Pattern[str], Sequence[str]]
_LONGEST = 200_000
"characters that are searched for an architecture's marks when the reports bear none"


@lru_cache(maxsize=1)
def _marks() -> tuple[tuple[Arch, tuple[_Mark, ...]], ...]:
    return tuple(
        (arch, tuple((re.compile(mark, re.MULTILINE), words) for mark, *words in arch.marks))
        for arch in ARCHES
    )


def detect_arch(lines: Sequence[str], text: str) -> Arch | None:
    """The architecture most marks of which stand in the reports' lines, else in the text.

    None when neither bears any.
    """
    return _most_marked("\n".join(lines)[:_LONGEST]) or _most_marked(text[:_LONGEST])


def _most_marked(text: str) -> Arch | None:
    best, most = None, 0
    for arch, marks in _marks():
        count = sum(1 for pattern, words in marks if _stands(text, pattern, words))
        if count > most:
            best, most = arch, count
    return best


def _stands(text: str, pattern: re.Pattern[str], words: Sequence[str]) -> bool:
    for word in words:
        if word in text:
            return pattern.search(text) is not None
    return False
