"""The shape of what is known of one processor's words."""

from collections.abc import Callable, Mapping
from typing import NamedTuple

from sitegen.crash.explain.words import Reader
from sitegen.model import Weight


class Said(NamedTuple):
    """What a register's value says."""

    brief: str
    "may be empty"
    text: str
    weight: Weight = "plain"


class Cpu(NamedTuple):
    """What a processor's dumps and exceptions are made of."""

    registers: Mapping[str, Callable[[int], Said | None]]
    "by full name: those that say by their name what they are"
    lines: Mapping[str, tuple[Reader, ...]]
    "by the first word of the lines"
    calls: str
    "how functions hand over arguments and results, as a sentence"
    starts: Mapping[str, Reader] = {}
    "by the beginning of the first word, where a number or sign follows at once"
