"""What a kind's page tells a reader who meets it for the first time."""

from typing import NamedTuple


class Guide(NamedTuple):
    """A kind of crash explained. Words in backticks are what the log prints."""

    means: str
    read: tuple[str, ...]
    "where to look in the log, in the order to look"
    next: tuple[str, ...]
    "what to do then"
