"""A project -> its site in a folder of the preview's own, built again and again.

What cannot be built leaves the last good site: a configuration that is broken, a theme, a
document that cannot be read, and a build that fails, which is a bug and is told as one.
"""

import time
import traceback
from collections.abc import Collection
from pathlib import Path
from typing import NamedTuple

from sitegen import codes
from sitegen.build.outcome import Memory
from sitegen.build.run import Options, build, keep, recall
from sitegen.build.state import Entry, stamp
from sitegen.diagnostics import Diagnostic, Place, Sink
from sitegen.project import Project, read_project
from sitegen.web.content import output_path
from sitegen.web.theme import theme_homes
from sitegen.wording import counted


class Round(NamedTuple):
    """What one build did."""

    number: int = 0
    problems: tuple[Diagnostic, ...] = ()
    written: tuple[str, ...] = ()
    "files that came or changed"
    removed: tuple[str, ...] = ()
    seconds: float = 0.0
    edited: str = ""
    "the page, as a file of the site, of the document that was changed last; empty when none was"
    done: bool = False
    "False when there is no new site"

    def sentence(self) -> str:
        """The build in a line."""
        took = f"{1000 * self.seconds:.0f} ms" if self.seconds < 2 else f"{self.seconds:.1f} s"
        if not self.done:
            return f"not rebuilt ({took}): what is shown is the last good site"
        changed = len(self.written) + len(self.removed)
        what = "nothing changed" if not changed else counted(changed, "file")
        return f"rebuilt in {took}: {what}"


class Preview:
    """The preview of one project. `build` is for one thread; what was built last any may ask for."""

    def __init__(self, root: Path, output: Path, options: Options) -> None:
        self.output = output
        self.last = Round()
        self.project: Project | None = None
        "as the configuration said when it could be read last"
        self.root = root
        self._options = options._replace(output=output, drafts=True, hold=True)
        self._memory = Memory()
        self._kept = True

    def build(self, changed: Collection[Path] = ()) -> Round:
        """Builds, because these files changed."""
        start = time.perf_counter()
        sink = Sink()
        published = None
        try:
            project = read_project(self.root, sink)
            if project is not None:
                if self.project is None:
                    self._memory = recall(project, self._options)
                same = project == self.project and not any(map(self._is_of_theme, changed))
                self.project = project
                before = self._memory if same else self._memory._replace(theme=None)
                outcome = build(project, self._options, sink, before)
                if outcome is not None and outcome.memory and outcome.published:
                    self._memory, self._kept = outcome.memory, False
                    published = outcome.published
        except Exception as error:  # noqa: BLE001  reason: a bug must not end the preview; it is told
            sink.extend([_crash(error)])
        self.last = Round(
            number=self.last.number + 1,
            problems=sink.found(),
            written=published.written if published else (),
            removed=published.removed if published else (),
            seconds=time.perf_counter() - start,
            edited=self._edited(changed),
            done=published is not None,
        )
        return self.last

    def keep(self) -> None:
        """Leaves what is known to the next preview, if that is not done yet."""
        if not self._kept and self.project is not None:
            keep(self.project, self._options, self._memory)
            self._kept = True

    def is_own(self, path: Path) -> bool:
        """Whether a file is a lock as the last build left it, which asks for no other build."""
        if not path.name.endswith(".lock.json") or self.project is None:
            return False
        name = self.project.relative(path)
        known = (seen for one in self._entries() for file, seen in one.files if file == name)
        found = next(known, None)
        return found is not None and found == stamp(path)

    def digest(self, page: str) -> str:
        """Of a file of the site as it was built last; empty when there is none."""
        return self._memory.state.outputs.get(page, ("", None))[0]

    def sources(self, page: str) -> frozenset[str]:
        """The files that a page was made from, relative to the root."""
        for one in self._entries():
            if output_path(one.head.url) == page:
                return frozenset({one.head.file, *(name for name, _ in one.files)})
        return frozenset()

    def _entries(self) -> Collection[Entry]:
        return self._memory.state.entries.values()

    def _is_of_theme(self, path: Path) -> bool:
        return any(path.is_relative_to(home) for home in theme_homes(self.root))

    def _edited(self, changed: Collection[Path]) -> str:
        """The page of the document that was written last, of the few that changed."""
        if self.project is None or not 0 < len(changed) <= _FEW:
            return ""
        names = {self.project.relative(path): path for path in changed}
        found = [
            (stamp(names[name]).modified, output_path(one.head.url))
            for one in self._entries()
            for name in (one.head.file, *(file for file, _ in one.files))
            if name in names
        ]
        return max(found, default=(0, ""))[1]


_FEW = 8
"""Files that one may have edited: more are a checkout's."""


def _crash(error: Exception) -> Diagnostic:
    """A build that failed, with the place in our own code."""
    frames = traceback.extract_tb(error.__traceback__)
    last = frames[-1] if frames else None
    text = " ".join(str(error).split())[:400]
    where = f" in {Path(last.filename).name}:{last.lineno}" if last else ""
    message = f"the build failed{where}: {type(error).__name__}{f': {text}' if text else ''}"
    at = Place(Path(last.filename).name, last.lineno or 0, text=last.line or "") if last else None
    hint = "this is a fault of sitegen: report it with the file that was saved last"
    return Diagnostic(codes.G020, message, at, hint)
