"""The shape of a form, and what the readers of forms share."""

import re
from collections.abc import Callable, Sequence
from typing import NamedTuple

from sitegen.crash.log.places import Places, Run
from sitegen.crash.log.printk import Line, read_line

MOST_FIELDS = 80
"lines above and below a message that are searched for its record's other fields"


class Form(NamedTuple):
    """A way to wrap messages up."""

    words: tuple[str, ...]
    "one of them stands wherever the mark matches: the cheap test"
    mark: re.Pattern[str]
    "searched in the beginning of a file: no log of another form has it"
    read: Callable[[Sequence[str], int], Sequence[Line]]
    "the lines printed in a line of the file, by its number: none where no message begins"


class Told(NamedTuple):
    """What a record says of its message in other fields."""

    level: str = ""
    time: str = ""
    program: str = ""
    "who wrote it; empty when the record does not say"


def read_message(text: str, runs: Sequence[Run], number: int, told: Told) -> tuple[Line, ...]:
    """The lines of one message that begins in line `number` of the file."""
    places = Places(runs or (Run(0, 0, number, 0, 0),))
    lines: list[Line] = []
    base = 0
    pieces = text.split("\n")
    if len(pieces) > 1 and not pieces[-1]:
        pieces.pop()
    for piece in pieces:
        line = read_line(piece.rstrip("\r"), number)
        line.part = len(lines)
        line.within = places, base
        line.level = line.level or told.level
        line.time = line.time or told.time
        if not line.context and told.program:
            line.context = "console" if told.program == "kernel" else told.program
        lines.append(line)
        base += len(piece) + 1
    return tuple(lines)


def run_of(text: str, number: int, start: int) -> Run:
    """The one run of a message that stands in its line as it is, from `start` on."""
    return Run(0, len(text), number, start, start + len(text))
