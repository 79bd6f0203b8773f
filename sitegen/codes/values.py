"""What a diagnostic's code is."""

from typing import Literal, NamedTuple


class Code(NamedTuple):
    """A kind of problem."""

    id: str
    severity: Literal["error", "warning", "note"]
    explanation: str
    "what it means: a paragraph, lines ended"
    advice: str = ""
    "what to do about it, likewise"
    example: str = ""
    "as it is printed"
