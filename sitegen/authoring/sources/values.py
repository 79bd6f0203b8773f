"""A log that was found, and why one was not taken."""

from typing import NamedTuple


class Found(NamedTuple):
    """A log as it came."""

    name: str
    "how people call it: its path, or `standard input`"
    file: str
    "a name for it beside a case"
    data: bytes
    day: str = ""
    "YYYY-MM-DD, as the names of file and folder or a field beside it say"


class Refused(NamedTuple):
    """Why something is no log."""

    message: str
    hint: str = ""
