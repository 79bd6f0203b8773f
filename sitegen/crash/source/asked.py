"""What an author asks for, in the words of a `source` directive -> the excerpt.

`fs/read_write.c:582` (the function around that line), `fs/read_write.c:582-600`,
`fs/read_write.c:vfs_write`, and `vfs_write` alone where it is known which file that is in.
"""

import re
from collections.abc import Callable, Mapping
from typing import NamedTuple

from sitegen.crash.source.files import clean_path
from sitegen.crash.source.functions import find_function, find_named
from sitegen.crash.source.snippets import MAX_ASKED, excerpt, excerpt_lines
from sitegen.crash.source.tree import Tree
from sitegen.crash.source.values import Function
from sitegen.diagnostics import meant_hint
from sitegen.model import Excerpt
from sitegen.wording import counted

Spots = Mapping[str, tuple[str, int | None]]
"""Functions by name: the file each is in, and a line of it where one is known."""


class Unfound(NamedTuple):
    """Why there is no such excerpt: a message and a hint for a diagnostic."""

    message: str
    hint: str = ""
    elsewhere: bool = False
    "another machine may have it: the source it would be in is not at hand"


_AROUND = 3
"""Lines shown before and after one that lies in no function."""
_LONGEST = 400
"""Characters that a place may be written with."""
_NAME = re.compile(r"[A-Za-z_][\w.$]{0,200}")
_LINES = re.compile(r"([0-9]{1,7})(?:-([0-9]{1,7}))?")
_FORMS = "write it as fs/read_write.c:582-600, fs/read_write.c:vfs_write or vfs_write"


def find_excerpt(
    tree: Tree,
    asked: str,
    *,
    spots: Spots,
    locate: Callable[[str], tuple[str, int | None] | None] | None = None,
    text: bool = True,
) -> Excerpt | Unfound:
    """The excerpt that an author asks for, or why there is none.

    `spots` are the functions that the log's evidence places; of others `locate` may know the
    place, and what nobody knows is looked for in the files of `spots`.
    """
    if len(asked) > _LONGEST:
        return Unfound(f"'{asked[:80]}...' is no place in the source", _FORMS)
    file, _, what = asked.rpartition(":")
    if lines := _LINES.fullmatch(what):
        return _of_lines(tree, asked, (file, int(lines[1]), int(lines[2] or 0)), spots, text=text)
    name = what.removesuffix("()")
    if not _NAME.fullmatch(name):
        reason = "names no lines and no function" if "/" in what else "is no place in the source"
        return Unfound(f"'{asked}' {reason}", _FORMS)
    if file:
        return _of_file(tree, asked, (file, name), spots, text=text)
    return _of_function(tree, asked, name, spots, locate, text=text)


def _of_lines(
    tree: Tree, asked: str, place: tuple[str, int, int], spots: Spots, *, text: bool
) -> Excerpt | Unfound:
    file, first, last = place
    lines = tree.lines(file)
    if lines is None:
        return _no_file(tree, file, spots)
    path = clean_path(file) or file
    if not 1 <= first <= len(lines) or last > len(lines):
        count = counted(len(lines), "line")
        return Unfound(f"'{path}' has {count}, and '{asked}' asks for others", _FORMS)
    if last:
        if last < first:
            return Unfound(f"the lines of '{asked}' run backwards", f"write {last}-{first}")
        if last - first >= MAX_ASKED:
            message = f"'{asked}' asks for {last - first + 1} lines"
            return Unfound(message, f"ask for {MAX_ASKED} at most, or for a function")
        return Excerpt(asked=asked, snippet=excerpt_lines(path, lines, first, last, text=text))
    function = find_function(lines, first, assembly=path.endswith((".S", ".s")))
    if function is None:
        around = max(1, first - _AROUND), min(len(lines), first + _AROUND)
        snippet = excerpt_lines(path, lines, *around, mark=first, text=text)
    else:
        snippet = excerpt(path, lines, function, first, text=text)
    return Excerpt(asked=asked, snippet=snippet)


def _of_file(
    tree: Tree, asked: str, place: tuple[str, str], spots: Spots, *, text: bool
) -> Excerpt | Unfound:
    file, name = place
    lines = tree.lines(file)
    if lines is None:
        return _no_file(tree, file, spots)
    path = clean_path(file) or file
    found = find_named(lines, name, assembly=path.endswith((".S", ".s")))
    if found is None:
        known = set(_DEFINED.findall("\n".join(line[:200] for line in lines)))
        return Unfound(f"no function '{name}' in '{path}'", meant_hint(name, known))
    return _whole(asked, name, path, lines, found, text=text)


_DEFINED = re.compile(r"^[A-Za-z_][^\n;=({]{0,120}?\b(\w+)\(", re.MULTILINE)
"""Names that a line in column 0 may define: enough for a hint."""


def _of_function(
    tree: Tree,
    asked: str,
    name: str,
    spots: Spots,
    locate: Callable[[str], tuple[str, int | None] | None] | None,
    *,
    text: bool,
) -> Excerpt | Unfound:
    spot = spots.get(name) or (locate(name) if locate else None)
    files = dict.fromkeys(file for file, _ in spots.values())
    for file in ([spot[0]] if spot else []) + list(files):
        lines = tree.lines(file)
        if lines is None:
            continue
        path = clean_path(file) or file
        assembly = path.endswith((".S", ".s"))
        found = find_named(lines, name, assembly=assembly)
        if found is None and spot and spot[0] == file and spot[1] is not None:
            # A macro makes it, and does not spell its name.
            found = find_function(lines, spot[1], name=name, declared=spot[1], assembly=assembly)
        if found is not None:
            return _whole(asked, name, path, lines, found, text=text)
    if spot and (reason := tree.why_not(spot[0])):
        elsewhere = tree.is_elsewhere(spot[0])
        return Unfound(f"no source of '{name}': {reason}", elsewhere=elsewhere)
    hint = meant_hint(name, spots) or "name its file: fs/read_write.c:vfs_write"
    return Unfound(f"nobody knows which file the function '{name}' is in", hint)


def _whole(
    asked: str, name: str, path: str, lines: tuple[str, ...], found: Function, *, text: bool
) -> Excerpt:
    snippet = excerpt_lines(path, lines, found.first, found.last, text=text)
    return Excerpt(asked=asked, function=name, snippet=snippet)


def _no_file(tree: Tree, file: str, spots: Spots) -> Unfound:
    known = {path for path, _ in spots.values()} | set(tree.siblings(file))
    return Unfound(tree.why_not(file), meant_hint(file, known), tree.is_elsewhere(file))
