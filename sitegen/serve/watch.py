"""Files that change -> batches of paths: what an editor or a checkout does at once comes at once.

The one door to watchfiles.
"""

import queue
import threading
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import NamedTuple

from sitegen.project import CONFIG_FILES, Project
from sitegen.web.theme import theme_homes

_STEP = 10
"""Milliseconds of silence after which a change is told."""
_LONGEST = 400
"""Milliseconds after which it is told without silence."""
_MANY = 8
"""Files of a batch from which on more are waited for: a checkout writes them one by one."""
_QUIET = 0.15
"""Seconds of silence that end such a batch."""
_BLINK = 0.1
"""Seconds that a file which is gone has to come back: some editors remove it before they write it."""


class Watched(NamedTuple):
    """Where to look for changes."""

    deep: tuple[Path, ...]
    "folders, with all below them"
    flat: tuple[Path, ...]
    "folders of which some files count"
    files: frozenset[Path]
    "those files"


def watched(root: Path, project: Project | None) -> Watched:
    """All that a build of the project depends on: content, themes, configuration, images.

    Only the configuration where that cannot be read.
    """
    files = {root / name for name in CONFIG_FILES}
    deep: list[Path] = []
    if project is not None:
        deep = [project.content, *theme_homes(root)]
        files |= {kernel.vmlinux for kernel in project.kernels if kernel.vmlinux}
    files |= set(deep)  # a folder that comes or goes
    flat = {path.parent for path in files}
    return Watched(
        tuple(sorted(path for path in deep if path.is_dir())),
        tuple(sorted(path for path in flat if path.is_dir())),
        frozenset(files),
    )


def counts(path: Path, places: Watched) -> bool:
    """Whether a change of this file is one to build for: no backup, nothing hidden."""
    if path in places.files:
        return path not in places.deep or not path.is_dir()
    for folder in places.deep:
        if path.is_relative_to(folder):
            return not any(map(_is_litter, path.relative_to(folder).parts))
    return False


def _is_litter(name: str) -> bool:
    """Whether an editor leaves a file of this name beside the one it writes."""
    return name.startswith((".", "#")) or name.endswith(_LITTER) or name == "4913"


_LITTER = ("~", ".swp", ".swx", ".swo", ".tmp", ".bak", ".orig", "___jb_tmp___", "___jb_old___")


class Watcher:
    """Watches folders from threads of its own until `close`."""

    def __init__(self, places: Watched, problem: Callable[[str], None]) -> None:
        self.places = places
        self._problem = problem
        self._found: queue.SimpleQueue[frozenset[Path]] = queue.SimpleQueue()
        self._stop = threading.Event()
        self._threads = [
            threading.Thread(target=self._watch, args=(folders, deep), daemon=True)
            for folders, deep in ((places.deep, True), (places.flat, False))
            if folders
        ]
        for thread in self._threads:
            thread.start()

    def next(self, timeout: float) -> frozenset[Path]:
        """The next batch of changes that count; empty when there was none for `timeout` seconds."""
        try:
            batch = self._found.get(timeout=timeout)
        except queue.Empty:
            return frozenset()
        while True:
            gone = any(not path.exists() for path in batch)
            quiet = _QUIET if len(batch) > _MANY else _BLINK if gone else 0
            try:
                batch |= self._found.get(timeout=quiet)
            except queue.Empty:
                return batch

    def close(self) -> None:
        self._stop.set()

    def _watch(self, folders: tuple[Path, ...], deep: bool) -> None:  # noqa: FBT001  reason: a thread's arguments have no names
        try:
            self._listen(folders, deep=deep, poll=False)
        except (OSError, RuntimeError) as error:  # the system watches no more folders
            self._problem(f"{error}: looking at the files themselves, which is slower")
            self._listen(folders, deep=deep, poll=True)

    def _listen(self, folders: Iterable[Path], *, deep: bool, poll: bool) -> None:
        from watchfiles import watch  # noqa: PLC0415  reason: --help needs none of it

        for changes in watch(
            *folders,
            watch_filter=None,
            debounce=_LONGEST,
            step=_STEP,
            stop_event=self._stop,
            rust_timeout=1000,
            raise_interrupt=False,
            force_polling=poll,
            recursive=deep,
            ignore_permission_denied=True,
        ):
            found = frozenset(
                path for _, name in changes if counts(path := Path(name), self.places)
            )
            if found:
                self._found.put(found)
