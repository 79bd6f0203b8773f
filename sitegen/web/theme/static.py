"""The files of a theme that are published as they are, under names with a hash in them.

A name changes with the file and with all that it refers to, so that a browser may keep
it for ever; references between style sheets and scripts are rewritten.
"""

import hashlib
import posixpath
import re
from collections.abc import Iterator, Mapping
from pathlib import Path


def list_files(folder: Path) -> Iterator[str]:
    """Files below `folder`, relative to it, sorted; none when there is no such folder.

    Hidden ones are left out, and symbolic links that leave the folder.
    """
    if folder.is_dir():
        home = folder.resolve()
        for path in sorted(folder.rglob("*")):
            relative = path.relative_to(folder).as_posix()
            if any(part.startswith(".") for part in relative.split("/")):
                continue
            if path.is_file() and path.resolve().is_relative_to(home):
                yield relative


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
