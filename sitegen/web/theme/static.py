"""The files of a theme that are published as they are, under names with a hash in them.

A name changes with the file and with all that it refers to, so that a browser may keep
it for ever; references between style sheets and scripts are rewritten.
"""

import hashlib
import os
import posixpath
import re
from collections.abc import Iterator, Mapping
from pathlib import Path


def list_files(folder: Path) -> Iterator[str]:
    """Files below `folder`, relative to it, sorted; none when there is no such folder.

    Hidden ones are left out, and symbolic links that leave the folder or lead to another
    one, what `unusable_files` names, and what lies deeper than `MAX_FOLDERS`.
    """
    return (path for path in _walk(folder) if _is_usable(path))


def unusable_files(folder: Path) -> Iterator[str]:
    """Files below `folder` whose names no address can hold, as they can be printed."""
    for path in _walk(folder):
        if not _is_usable(path):
            yield ascii(path)[1:-1]


MAX_FOLDERS = 16


def _is_usable(path: str) -> bool:
    return path.isprintable() and "\\" not in path


def _walk(folder: Path) -> Iterator[str]:
    """Paths of readable files, relative to `folder`, sorted."""
    home = folder.resolve()
    found: list[str] = []
    todo = [""]
    while todo:
        prefix = todo.pop()
        try:
            entries = list(os.scandir(folder / prefix))
        except OSError:
            continue
        for entry in entries:
            path = prefix + entry.name
            if entry.name.startswith("."):
                continue
            if entry.is_dir(follow_symlinks=False):
                if path.count("/") < MAX_FOLDERS:
                    todo.append(f"{path}/")
            elif _is_readable(Path(entry.path), home):
                found.append(path)
    yield from sorted(found, key=lambda path: path.split("/"))


def _is_readable(path: Path, home: Path) -> bool:
    try:
        return path.is_file() and path.resolve().is_relative_to(home) and os.access(path, os.R_OK)
    except (OSError, RuntimeError):  # a circle of links
        return False


_REFERENCE = re.compile(rb"""(["'(])([\w./-]+)(["')])""")


def _references(path: str, data: bytes, known: Mapping[str, object]) -> Iterator[tuple[bytes, str]]:
    """What a style sheet or script refers to: as written, and as a path below static/."""
    if not path.endswith((".css", ".js", ".mjs")):
        return
    for found in _REFERENCE.finditer(data):
        written = found[2].decode()
        if not path.endswith(".css") and not written.startswith(("./", "../")):
            continue  # a script's word in quotes is no path
        target = posixpath.normpath(posixpath.join(posixpath.dirname(path), written))
        if target in known:
            yield found[2], target


def closure(path: str, files: Mapping[str, bytes]) -> set[str]:
    """`path` and everything it refers to, directly or not."""
    seen, todo = {path}, [path]
    while todo:
        one = todo.pop()
        new = {target for _, target in _references(one, files[one], files)} - seen
        seen |= new
        todo += new
    return seen


def hashed_name(path: str, contents: list[bytes]) -> str:
    digest = hashlib.sha256(b"\0".join(contents)).hexdigest()[:8]
    stem, dot, suffix = path.rpartition(".")
    return f"static/{stem}.{digest}.{suffix}" if dot else f"static/{path}.{digest}"


def rewrite(path: str, data: bytes, names: Mapping[str, str]) -> bytes:
    """`data` with references to other static files by their names in the output."""
    targets = dict(_references(path, data, names))
    if not targets:
        return data
    here = posixpath.dirname(names[path])

    def replace(found: re.Match[bytes]) -> bytes:
        target = targets.get(found[2])
        if target is None:
            return found[0]
        name = posixpath.relpath(names[target], here)
        return found[1] + f"./{name}".encode() + found[3]

    return _REFERENCE.sub(replace, data)
