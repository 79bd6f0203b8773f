"""A step's place in the source: its file, its function's lines, its line."""

import re
from collections.abc import Sequence
from typing import NamedTuple

from sitegen.crash.source import CallText, Function, Tree, find_call, find_function
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


class Calls:
    """The calls in texts. A question asked again, as recursion does, costs nothing."""

    def __init__(self) -> None:
        self._known: dict[tuple[object, ...], CallText | None] = {}

    def find(
        self,
        text: Text | None,
        *,
        callee: str = "",
        members: tuple[str, ...] = (),
        argument: int | None = None,
    ) -> CallText | None:
        """As `find_call`, at the line of the text; None without a text."""
        if text is None:
            return None
        key = text.path, text.line, callee, members, argument
        if key not in self._known:
            self._known[key] = find_call(
                text.lines,
                text.function,
                text.line,
                callee=callee,
                members=members,
                argument=argument,
            )
        return self._known[key]
