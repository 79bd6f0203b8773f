"""What a build did, and what it leaves to the next one."""

from typing import NamedTuple

from sitegen.build.overview import Overview
from sitegen.build.publish import Published
from sitegen.build.state import NOTHING, Stamp, State
from sitegen.web.theme import Theme
from sitegen.wording import counted


class Memory(NamedTuple):
    """What one build knew, for the next one in the same process."""

    state: State = State()
    overview: Overview | None = None
    "None where the state was read from the disk"
    theme: Theme | None = None
    "for a caller who knows that no file of it has changed since"
    mark: Stamp = NOTHING
    "of the output folder; while it is as it was, files in there are not looked at one by one"


class Outcome(NamedTuple):
    """What a build did."""

    pages: int
    cases: int
    undecoded: int
    "logs without an image, here or in the lock"
    output: str
    published: Published | None
    "None when nothing was published because of problems"
    memory: Memory | None = None
    "None when nothing was published"
    waiting: tuple[str, ...] = ()
    "documents with such logs, by their paths"

    def sentence(self, *, verbose: bool = False) -> str:
        """What was done, in a line; of the logs not decoded a few are named, all when `verbose`."""
        if self.published is None:
            return f"nothing published: {self.output} is as it was"
        done = self.published
        parts = [f"{counted(len(done.written), 'file')} written"]
        parts += [f"{len(done.removed)} removed"] if done.removed else []
        parts += [f"{done.unchanged} unchanged"]
        made = f"{counted(self.cases, 'case')}, {counted(self.pages, 'page')} in {self.output}"
        named = self.waiting if verbose else self.waiting[:_NAMED]
        more = len(self.waiting) - len(named)
        where = ", ".join(named) + (f" and {more} more" if more else "")
        told = f"{counted(self.undecoded, 'log')} not decoded: {where}"
        note = f" ({told})" if self.undecoded else ""
        return f"{made}: {', '.join(parts)}{note}"


_NAMED = 3
"""Documents with logs that are not decoded, of those that a build names."""
