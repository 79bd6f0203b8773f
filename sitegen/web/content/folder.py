"""The content folder as a place to read from, and nothing outside it."""

import os
from pathlib import Path
from typing import NamedTuple

from sitegen import codes
from sitegen.diagnostics import Place, Sink
from sitegen.wording import reason_of


class Content(NamedTuple):
    """Where content is read from and problems go to."""

    folder: Path
    root: Path
    sink: Sink

    def name(self, path: str) -> str:
        """`path` of the content folder as diagnostics name it: relative to the project's root."""
        name = Path(os.path.relpath(self.folder / path, self.root)).as_posix()
        return name.encode("utf-8", "replace").decode("utf-8")


def is_inside(path: Path, folder: Path) -> bool:
    """Whether `path`, every symbolic link resolved, is in or below `folder`."""
    try:
        return path.resolve().is_relative_to(folder.resolve())
    except (OSError, RuntimeError, ValueError):  # a circle of links, a NUL in the name
        return False


def find_beside(document: str, wanted: str, content: Content) -> tuple[str, str]:
    """The file that the document at `document` names, relative to the content folder; or what is wrong with it."""
    path = os.path.normpath(os.path.join(os.path.dirname(document), wanted))  # noqa: PTH118, PTH120  reason: pure text, nothing is asked of the disk yet
    target = content.folder / path
    if path.startswith(("/", "..")) or "\0" in path:
        return path, "lies outside the content folder"
    if not _is_file(target):
        return path, "does not exist"
    if not is_inside(target, content.folder):
        return path, "leads out of the content folder"
    return path, ""


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except OSError:  # a name that is too long, a folder that may not be searched
        return False


def complain_unreadable(content: Content, path: str, error: OSError) -> None:
    at = Place(content.name(path))
    content.sink.add(codes.G006, f"cannot read: {reason_of(error)}", at=at)
