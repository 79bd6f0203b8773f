"""Outputs -> site/: staged beside what is there, then moved in all at once.

The only module that writes the output folder. Until every page is rendered the
old site stays as it is; then files are replaced one rename each, files of the
last build that are no longer made are removed, and the manifest is written.
What sitegen did not write it does not touch.
"""

import hashlib
import json
import os
import shutil
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from sitegen import codes
from sitegen.diagnostics import Place, Sink
from sitegen.project import Project

MANIFEST = ".manifest.json"
_STAGING = ".staging"


class PublishError(Exception):
    """The output folder cannot be written; the text is the operating system's reason."""


class Published(NamedTuple):
    """What a build did to the output folder; paths relative to it, sorted."""

    written: tuple[str, ...]
    removed: tuple[str, ...]
    unchanged: int


class Publication:
    """One build's way into the output folder. Use `open_publication`, then `stage` and `publish`."""

    def __init__(self, folder: Path, before: dict[str, str]) -> None:
        self._folder = folder
        self._before = before
        self._after: dict[str, str] = {}
        self._staged: dict[str, Path] = {}

    def stage(self, path: str, data: bytes) -> None:
        """Puts `data` aside as the new `path`, unless that is what stands there already.

        Raises `PublishError`, as `publish` does.
        """
        digest = hashlib.sha256(data).hexdigest()
        self._after[path] = digest
        target = self._folder / path
        try:
            same = target.stat().st_size == len(data) and target.read_bytes() == data
        except OSError:
            same = False
        if same:
            return
        staged = self._folder / _STAGING / str(len(self._staged))
        try:
            staged.parent.mkdir(parents=True, exist_ok=True)
            staged.write_bytes(data)
        except OSError as error:
            raise PublishError(error.strerror) from error
        self._staged[path] = staged

    def stands(self, files: Iterable[tuple[str, str]]) -> bool:
        """Lets files (path and SHA-256) stand that are in place as they should be; all or none."""
        files = tuple(files)
        for path, digest in files:
            try:
                data = (self._folder / path).read_bytes()
            except OSError:
                return False
            if hashlib.sha256(data).hexdigest() != digest:
                return False
        self._after.update(files)
        return True

    def read(self, path: str) -> bytes:
        """What `path` will hold when published; empty when it will not be there."""
        if path not in self._after:
            return b""
        return self._staged.get(path, self._folder / path).read_bytes()

    def keep(self, paths: Iterable[str]) -> None:
        """Lets outputs of the last build stand which this one could not render."""
        for path in paths:
            if path in self._before:
                self._after.setdefault(path, self._before[path])

    def publish(self) -> Published:
        """Moves everything staged into place, or raises `PublishError` when that fails half-way."""
        try:
            return self._publish()
        except OSError as error:
            raise PublishError(error.strerror) from error

    def _publish(self) -> Published:
        gone = sorted(set(self._before) - set(self._after))
        for path in gone:
            _remove(self._folder, path)
        for path, staged in self._staged.items():
            target = self._folder / path
            _make_folder(self._folder, target.parent)
            staged.replace(target)
        manifest = _manifest(self._after)
        if self._staged or gone or not (self._folder / MANIFEST).is_file():
            staged = self._folder / _STAGING / "manifest"
            staged.parent.mkdir(parents=True, exist_ok=True)
            staged.write_bytes(manifest)
            staged.replace(self._folder / MANIFEST)
        self.discard()
        return Published(
            written=tuple(sorted(self._staged)),
            removed=tuple(gone),
            unchanged=len(self._after) - len(self._staged),
        )

    def discard(self) -> None:
        """Removes what was staged; the site stays as it was."""
        shutil.rmtree(self._folder / _STAGING, ignore_errors=True)


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
    if folder.exists() and not folder.is_dir():
        sink.add(codes.G007, "the output folder is a file", at=at, hint=own_folder)
        return None
    before = _read_manifest(folder / MANIFEST)
    if before is None:
        strange = folder.is_dir() and any(entry.name != _STAGING for entry in folder.iterdir())
        if strange:
            sink.add(
                codes.G007,
                "the output folder holds files that sitegen did not write",
                at=at,
                hint="empty it, or name another with --output",
            )
            return None
        before = {}
    publication = Publication(folder, before)
    publication.discard()
    return publication


def _is_within(inner: Path, outer: Path) -> bool:
    """Whether `inner` is `outer` or lies below it, links followed."""
    return Path(os.path.realpath(inner)).is_relative_to(os.path.realpath(outer))


def _manifest(files: dict[str, str]) -> bytes:
    return (
        json.dumps({"files": files}, indent=1, sort_keys=True, ensure_ascii=False).encode() + b"\n"
    )


def _read_manifest(path: Path) -> dict[str, str] | None:
    """Paths and digests of the last build; None when there is no manifest that can be read."""
    try:
        files = json.loads(path.read_bytes())["files"]
    except (OSError, ValueError, KeyError, TypeError):
        return None
    if not isinstance(files, dict):
        return None
    return {name: str(value) for name, value in files.items() if _is_safe(name)}


def _is_safe(path: str) -> bool:
    """Whether a path of a manifest stays inside the folder: it may come from anywhere."""
    parts = path.split("/")
    return bool(path) and not any(part in {"", ".", ".."} for part in parts) and "\0" not in path


def _make_folder(root: Path, folder: Path) -> None:
    """Makes `folder` below `root`. A link on the way is replaced: pages must not leave the site."""
    at = root
    for part in folder.relative_to(root).parts:
        at /= part
        if at.is_symlink():
            at.unlink()
        at.mkdir(exist_ok=True)


def _remove(root: Path, path: str) -> None:
    """Removes a file of the last build, and the folders that it leaves empty."""
    target = root / path
    if not _is_within(target.parent, root):
        return
    with suppress(FileNotFoundError):
        target.unlink()
    for folder in target.parents:
        if folder == root:
            break
        try:
            folder.rmdir()
        except OSError:
            break
