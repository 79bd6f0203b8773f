"""The address of a request -> a file of the output folder, and nothing that lies elsewhere."""

import os
import stat
from pathlib import Path
from typing import NamedTuple

_TYPES = {
    "atom": "application/atom+xml",
    "avif": "image/avif",
    "css": "text/css; charset=utf-8",
    "csv": "text/csv; charset=utf-8",
    "gif": "image/gif",
    "html": "text/html; charset=utf-8",
    "ico": "image/x-icon",
    "jpeg": "image/jpeg",
    "jpg": "image/jpeg",
    "js": "text/javascript; charset=utf-8",
    "json": "application/json",
    "log": "text/plain; charset=utf-8",
    "mjs": "text/javascript; charset=utf-8",
    "mp4": "video/mp4",
    "patch": "text/plain; charset=utf-8",
    "diff": "text/plain; charset=utf-8",
    "pdf": "application/pdf",
    "png": "image/png",
    "svg": "image/svg+xml",
    "txt": "text/plain; charset=utf-8",
    "wasm": "application/wasm",
    "webm": "video/webm",
    "webp": "image/webp",
    "woff": "font/woff",
    "woff2": "font/woff2",
    "xml": "application/xml",
}
"""Content types by the end of a name."""
_OTHER = "application/octet-stream"


class Found(NamedTuple):
    """A file of the site."""

    path: str
    "relative to the output folder"
    data: bytes
    type: str


def find(folder: Path, path: str) -> Found | None:
    """The file at the path of a request, decoded once; a folder's `index.html` for one that ends with `/`.

    None when there is none, and for all that is hidden or leads out of the folder.
    """
    name = name_of(path)
    if name is None:
        return None
    target = os.path.join(folder, name)  # noqa: PTH118  reason: a name from outside goes to the system as it is
    home = os.path.realpath(folder)
    try:
        if not Path(os.path.realpath(target)).is_relative_to(home):
            return None
        handle = os.open(target, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except (OSError, ValueError):
        return None
    if not stat.S_ISREG(os.fstat(handle).st_mode):
        os.close(handle)
        return None
    with os.fdopen(handle, "rb") as file:
        return Found(name, file.read(), type_of(name))


def name_of(path: str) -> str | None:
    """The file that a path names, relative to the output folder; None for one that may not be asked for.

    >>> name_of("/"), name_of("/cases/a/"), name_of("/.manifest.json"), name_of("/a/../../b")
    ('index.html', 'cases/a/index.html', None, None)
    """
    if not path.startswith("/") or not path.isprintable() or "\\" in path:
        return None
    if path.endswith("/"):
        path += "index.html"
    parts = path[1:].split("/")
    if any(part == "" or part.startswith(".") for part in parts):
        return None
    return "/".join(parts)


def is_folder(folder: Path, path: str) -> bool:
    """Whether the path names a page without the `/` at its end."""
    return not path.endswith("/") and find(folder, f"{path}/") is not None


def type_of(name: str) -> str:
    """The content type of a file by its name."""
    return _TYPES.get(name.rpartition(".")[2].lower(), _OTHER)
