"""A case before it is written: its front matter, its logs, its prose."""

from typing import NamedTuple

from sitegen.web.content import TODO, FrontMatter


class DraftLog(NamedTuple):
    """A log of a case that is to be written."""

    data: bytes
    file: str
    "its name beside the case"
    id: str = ""
    "empty: as the build counts them"
    day: str = ""
    "YYYY-MM-DD; empty when it is not known, or that of the case"
    kernel: str = ""
    "only where the log does not say it, or the author knows better"

    @property
    def text(self) -> str:
        """The log as a build reads it."""
        return self.data.decode("utf-8", "replace")


class Part(NamedTuple):
    """A section of the prose."""

    heading: str
    text: str
    "Markdown, without blank lines at its ends"


class Draft(NamedTuple):
    """A case, all but its place."""

    front: FrontMatter
    lead: str
    "Markdown that stands above the logs"
    logs: tuple[DraftLog, ...]
    parts: tuple[Part, ...]


def todo(text: str) -> str:
    """What the author is still to write, as a paragraph that `sitegen check` finds."""
    return f"{TODO} {text}"
