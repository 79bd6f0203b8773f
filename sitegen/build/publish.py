"""Outputs -> site/: staged beside what is there, then moved in all at once.

The only module that writes the output folder. Until every page is rendered the
old site stays as it is; then files are replaced one rename each, files of the
last build that are no longer made are removed, and the manifest is written.
What sitegen did not write it does not touch.
"""

import errno
import fcntl
import hashlib
import os
import shutil
import stat
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from sitegen import codes
from sitegen.build.manifest import MANIFEST, encode_manifest, read_manifest
from sitegen.build.state import NOTHING, Stamp, State, stamp
from sitegen.diagnostics import Place, Sink
from sitegen.project import Project
from sitegen.stopping import unstopped
from sitegen.wording import reason_of

_STAGING = ".staging"


class PublishError(Exception):
    """The output folder cannot be written; the text is the operating system's reason."""


class Published(NamedTuple):
    """What a build did to the output folder; paths relative to it, sorted."""

    written: tuple[str, ...]
    removed: tuple[str, ...]
    unchanged: int


class Publication:
    """One build's way into the output folder. Use `open_publication`, then `stage` and `publish`.

    Holds the folder's lock until `close`: of two builds at once the second is refused.
    """

    def __init__(self, folder: Path, before: dict[str, str], lock: int) -> None:
        self._folder = folder
        self._before = before
        self._lock = lock
        self._after: dict[str, str] = {}
        self._staged: dict[str, Path] = {}
        self._stamps: dict[str, Stamp] = {}
        self._trusted = False

    def _place(self, path: str) -> str:
        # Joining paths would take twice the time of looking at the files.
        return f"{self._folder}/{path}"

    def stage(self, path: str, data: bytes) -> str:
        """Puts `data` aside as the new `path`, unless that is what stands there already.

        Returns its SHA-256. Raises `PublishError`, as `publish` does.
        """
        digest = self._after[path] = hashlib.sha256(data).hexdigest()
        self._stamps.pop(path, None)
        if _read(self._folder / path, len(data)) == data:
            return digest
        staged = self._folder / _STAGING / str(len(self._staged))
        try:
            if not self._staged:  # not earlier: Ctrl-C before this leaves nothing to clear
                staged.parent.mkdir(exist_ok=True)
            staged.write_bytes(data)
        except OSError as error:
            raise PublishError(reason_of(error)) from error
        self._staged[path] = staged
        return digest

    def has(self, files: Iterable[tuple[str, str]], state: State) -> bool:
        """Whether all files (path and SHA-256) are in place as they should be.

        One that looks as it did when `state` was made is not read.
        """
        for path, digest in files:
            before, known = state.outputs.get(path, ("", NOTHING))
            if self._trusted and before == digest:
                self._stamps[path] = known
                continue
            seen = stamp(self._place(path))
            if before != digest or not state.holds(known, seen):
                data = _read(self._folder / path)
                if data is None or hashlib.sha256(data).hexdigest() != digest:
                    return False
            self._stamps[path] = seen
        return True

    def mark(self) -> Stamp:
        """What changes when a build writes the folder, or somebody empties it."""
        return stamp(self._place(MANIFEST))

    def trust(self) -> None:
        """Relies on the files to be as the last build left them: for a folder that is nobody else's."""
        self._trusted = True

    def let_stand(self, path: str, digest: str) -> None:
        """Leaves `path`, which is in place with this SHA-256, as it is."""
        self._after[path] = digest

    def outputs(self) -> dict[str, tuple[str, Stamp]]:
        """SHA-256 and stamp of each file of the site, once published."""
        return {
            path: (digest, self._stamps.get(path) or stamp(self._place(path)))
            for path, digest in self._after.items()
        }

    def digest(self, path: str) -> str:
        """SHA-256 of `path` when published; empty when it will not be there."""
        return self._after.get(path, "")

    def read(self, path: str) -> bytes:
        """What `path` will hold when published; empty when it will not be there."""
        if path not in self._after:
            return b""
        return _read(self._staged.get(path, self._folder / path)) or b""

    def paths(self, *, everything: bool) -> tuple[str, ...]:
        """The files of the site, sorted: those that are new or changed, or all."""
        return tuple(sorted(self._after if everything else self._staged))

    def keep(self, paths: Iterable[str]) -> None:
        """Lets outputs of the last build stand which this one could not render."""
        for path in paths:
            if path in self._before:
                self._after.setdefault(path, self._before[path])

    def publish(self) -> Published:
        """Moves everything staged into place. Ctrl-C waits until all of it is.

        Raises `PublishError`; what can be foreseen is looked at before the first file moves.
        """
        try:
            with unstopped():
                return self._publish()
        except OSError as error:
            raise PublishError(reason_of(error)) from error

    def _publish(self) -> Published:
        gone = sorted(set(self._before) - set(self._after))
        for path in self._staged:
            _check_place(self._folder, path, self._before)
        if self._staged or gone or not (self._folder / MANIFEST).is_file():
            # Should this be cut short, the next build knows every file as its own.
            if not self._after.keys() <= self._before.keys():
                self._write_manifest(self._before | self._after)
            for path in gone:
                _remove(self._folder, path, self._before[path])
            for path, staged in self._staged.items():
                target = self._folder / path
                _make_folder(self._folder, target.parent)
                staged.replace(target)
            self._write_manifest(self._after)
        return Published(
            written=tuple(sorted(self._staged)),
            removed=tuple(gone),
            unchanged=len(self._after) - len(self._staged),
        )

    def _write_manifest(self, files: dict[str, str]) -> None:
        staged = self._folder / _STAGING / "manifest"
        staged.parent.mkdir(exist_ok=True)
        staged.write_bytes(encode_manifest(files))
        staged.replace(self._folder / MANIFEST)

    def close(self) -> None:
        """Removes what was staged and not published, and lets the next build in."""
        with unstopped():
            _clear_staging(self._folder)
            os.close(self._lock)


def _check_place(folder: Path, path: str, ours: dict[str, str]) -> None:
    """Raises `PublishError` when something that is not ours stands in the way of `path`."""
    target = folder / path
    if target.is_dir() and not target.is_symlink():
        inside = [name for name in ours if name.startswith(f"{path}/")]
        if not inside or any(
            file.relative_to(folder).as_posix() not in ours
            for file in target.rglob("*")
            if not file.is_dir()
        ):
            raise PublishError(f"a folder stands in the way of '{path}'")
    for parent in target.parents:
        if parent == folder:
            break
        name = parent.relative_to(folder).as_posix()
        if parent.is_file() and not parent.is_symlink() and name not in ours:
            raise PublishError(f"the file '{name}' stands in the way of '{path}'")


def _clear_staging(folder: Path) -> None:
    """Removes the staging folder; whatever else bears its name goes as well, unfollowed."""
    staging = folder / _STAGING
    if staging.is_symlink() or staging.is_file():
        staging.unlink(missing_ok=True)
    shutil.rmtree(staging, ignore_errors=True)


def _read(path: Path, size: int | None = None) -> bytes | None:
    """The bytes of a regular file (of `size` bytes, if given); None when it is no such thing."""
    try:
        found = path.stat()
        if not stat.S_ISREG(found.st_mode) or (size is not None and found.st_size != size):
            return None
        return path.read_bytes()
    except (OSError, ValueError):
        return None


def open_publication(project: Project, sink: Sink) -> Publication | None:
    """A way into `project.output`; None (and a complaint) when that folder is not ours to write."""
    folder = project.output
    at = Place(project.relative(folder))
    own_folder = "give the output a folder of its own"
    for holy in (project.root, project.content):
        if _is_within(holy, folder):
            sink.add(
                codes.G007,
                "the output folder would hold the project itself",
                at=at,
                hint=own_folder,
            )
            return None
    if _is_within(folder, project.content):
        sink.add(codes.G007, "the output folder lies inside the content", at=at, hint=own_folder)
        return None
    before = read_manifest(folder / MANIFEST)
    try:
        if folder.exists() and not folder.is_dir():
            sink.add(codes.G007, "the output folder is a file", at=at, hint=own_folder)
            return None
        held = {entry.name for entry in folder.iterdir()} if folder.is_dir() else set()
    except OSError as error:  # a name that is too long, a folder that may not be read
        sink.add(codes.G006, f"cannot read '{at.path}': {reason_of(error)}", at=at, hint=own_folder)
        return None
    if before is None:
        if held - {_STAGING}:
            sink.add(
                codes.G007,
                "the output folder holds files that sitegen did not write",
                at=at,
                hint="empty it, or name another with --output",
            )
            return None
        before = {}
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    except (OSError, ValueError) as error:
        reason = reason_of(error) if isinstance(error, OSError) else "not a path"
        sink.add(codes.G006, f"cannot write '{at.path}': {reason}", at=at, hint=own_folder)
        return None
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        _clear_staging(folder)
        if not os.access(folder, os.W_OK | os.X_OK):  # said before all is rendered, not after
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
    except OSError as error:
        os.close(lock)
        busy = isinstance(error, BlockingIOError)
        reason = "another build is at work there" if busy else reason_of(error)
        sink.add(codes.G006, f"cannot write '{at.path}': {reason}", at=at)
        return None
    return Publication(folder, before, lock)


def _is_within(inner: Path, outer: Path) -> bool:
    """Whether `inner` is `outer` or lies below it, links followed."""
    return Path(os.path.realpath(inner)).is_relative_to(os.path.realpath(outer))


def _make_folder(root: Path, folder: Path) -> None:
    """Makes `folder` below `root`. A link on the way is replaced: pages must not leave the site."""
    at = root
    for part in folder.relative_to(root).parts:
        at /= part
        if at.is_symlink():
            at.unlink()
        at.mkdir(exist_ok=True)


def _remove(root: Path, path: str, digest: str) -> None:
    """Removes a file of the last build, and the folders that it leaves empty.

    A file that is no longer as it was written is somebody else's now, and stays.
    """
    target = root / path
    if not _is_within(target.parent, root) or target.is_symlink():
        return
    data = _read(target)
    if data is None or hashlib.sha256(data).hexdigest() != digest:
        return
    target.unlink()
    for folder in target.parents:
        if folder == root:
            break
        try:
            folder.rmdir()
        except OSError:
            break
