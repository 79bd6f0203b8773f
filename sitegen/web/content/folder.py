"""The content folder as a place to read from, and nothing outside it."""

import os
from pathlib import Path
from typing import NamedTuple

from sitegen import codes
from sitegen.diagnostics import Place, Sink


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


def complain_unreadable(content: Content, path: str, error: OSError) -> None:
    reason = (error.strerror or "no reason given").lower()
    content.sink.add(codes.G006, f"cannot read: {reason}", at=Place(content.name(path)))
