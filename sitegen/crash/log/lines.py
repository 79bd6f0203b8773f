"""Text -> the lines the kernel printed, read when they are asked for.

Most logs hold one in each of their own lines. Where a journal wraps them up, `wrapped` says how.
"""

from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache, partial
from itertools import chain

from sitegen.crash.log.printk import Line, read_line, split_lines
from sitegen.crash.log.wrapped import find_form

MOST_KNOWN = 50_000
"lines up to which a log's lines are all read at once, and remembered"
_MOST_UNWRAPPED = 256
"lines of a longer log whose messages are remembered: each headline in a message looks around itself"


class Lines:
    """The lines of one log, in order. Of a long one only those that are asked for are read."""

    def __init__(self, text: str) -> None:
        self.raw = split_lines(text)
        "the log's own lines"
        self.form = find_form(self.raw)
        "how messages are wrapped up; None where they are not"
        self._known: list[Sequence[Line]] | None = None
        self._read: Callable[[int], Sequence[Line]] = partial(_read_plain, self.raw)
        if self.form is not None:
            self._read = lru_cache(_MOST_UNWRAPPED)(partial(self.form.read, self.raw))
        if self.is_short:
            self._known = [self._read(number) for number in range(1, len(self.raw) + 1)]

    @property
    def is_short(self) -> bool:
        return len(self.raw) <= MOST_KNOWN

    def at(self, number: int) -> Sequence[Line]:
        """What is printed in the log's line `number` (from 1): one line, of a journal none or several."""
        return self._read(number) if self._known is None else self._known[number - 1]

    def all(self) -> Iterator[Line]:
        """Every line."""
        numbers = range(1, len(self.raw) + 1)
        return chain.from_iterable(self._known or map(self._read, numbers))

    def after(self, line: Line, most: int) -> Iterator[Line]:
        """The lines below `line`, as far as `most` lines of the log reach."""
        yield from self.at(line.number)[line.part + 1 :]
        for number in range(line.number + 1, min(len(self.raw), line.number + most) + 1):
            yield from self.at(number)

    def above(self, line: Line, most: int) -> Iterator[Line]:
        """The lines above `line`, nearest first, as far as `most` lines of the log reach."""
        same = self.at(line.number)
        yield from (same[part] for part in range(line.part - 1, -1, -1))
        for number in range(line.number - 1, max(0, line.number - 1 - most), -1):
            yield from reversed(self.at(number))


def _read_plain(raw: Sequence[str], number: int) -> Sequence[Line]:
    return (read_line(raw[number - 1], number),)
