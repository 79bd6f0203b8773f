"""A step's place in the source: its file, its function's lines, its line."""

import re
from collections.abc import Sequence
from typing import NamedTuple

from sitegen.crash.source import Function, Tree, find_function
from sitegen.crash.source.tree import clean_path
from sitegen.crash.symbols.values import Bounds


class Text(NamedTuple):
    """A function's text and the line that was reached in it."""

    path: str
    lines: Sequence[str]
    function: Function
    line: int


def find_text(
    tree: Tree | None, function: str, file: str, line: int | None, bounds: Bounds | None = None
) -> Text | None:
    """The text around a line of the debug information; None when the tree does not have it."""
    path = clean_path(file)
    if tree is None or line is None or path is None:
        return None
    lines = tree.lines(path)
    if lines is None:
        return _find_include(tree, function, path, bounds)
    declared = bounds.first if bounds and clean_path(bounds.file) == path else None
    found = find_function(
        lines, line, name=function, declared=declared, assembly=path.endswith((".S", ".s"))
    )
    return Text(path, lines, found, line) if found else None


_INCLUDE = re.compile(r"\s*#\s*include\s*[<\"]([^>\"]+)[>\"]")


def _find_include(tree: Tree, function: str, generated: str, bounds: Bounds | None) -> Text | None:
    """The line of a function that includes a file which the build made and the tree lacks.

    `x64_sys_call` includes its cases, from a list of system calls.
    """
    if bounds is None or bounds.first is None:
        return None
    path = clean_path(bounds.file)
    lines = tree.lines(path) if path else None
    if path is None or lines is None or path == generated:
        return None
    found = find_function(lines, bounds.first + 1, name=function, declared=bounds.first)
    for number in range(found.body, found.last + 1) if found else ():
        match = _INCLUDE.match(lines[number - 1])
        if match and generated.endswith("/" + match[1]) and found:
            return Text(path, lines, found, number)
    return None
