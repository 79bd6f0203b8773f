"""What a diagnostic's code is."""

from typing import Literal, NamedTuple


class Code(NamedTuple):
    """A kind of problem."""

    id: str
    severity: Literal["error", "warning", "note"]
    explanation: str
