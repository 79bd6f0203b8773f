"""A step's place in the source: its file, its function's lines, its line."""

import re
from collections.abc import Sequence
from typing import NamedTuple

from sitegen.crash.chain.names import syscall_name
from sitegen.crash.chain.steps import Step
from sitegen.crash.source import (
    CallText,
    Function,
    Tree,
    find_call,
    find_function,
    is_declared,
)
from sitegen.crash.source.tree import OUTSIDE, clean_path
from sitegen.crash.symbols.values import Bounds


class Text(NamedTuple):
    """A function's text and the line that was reached in it."""

    path: str
    lines: Sequence[str]
    function: Function
    line: int | None
    "None where only the function is known"


class Unshown(NamedTuple):
    """Why a step has no text."""

    reason: str = ""
    mismatch: bool = False
    "the tree has another text there than the image was built from"


MISMATCH = Unshown(
    "the source tree is of another version: the function is not at its line there", True
)


def find_text(
    tree: Tree | None, function: str, file: str, line: int | None, bounds: Bounds | None = None
) -> Text | Unshown:
    """The text around a line of the debug information, or why there is none to show.

    Where the debug information says on which line the function is declared and the tree
    has not got its name there, the tree is of another version, and nothing in it is to be
    believed.
    """
    path = clean_path(file)
    if tree is None or not file:
        return Unshown()
    if bounds is None and (path is None or tree.lines(path) is None):
        path = _in_tree(tree, file) or path
    if path is None:
        return Unshown(OUTSIDE)
    lines = tree.lines(path)
    if lines is None:
        made = _find_include(tree, function, path, bounds)
        return made or Unshown(tree.why_not(path))
    declared = bounds.first if bounds and clean_path(bounds.file) == path else None
    if line is None and declared is None:
        return Unshown("the debug information does not say on which lines it stands")
    place = line if line is not None else declared
    if place is None or place > len(lines):
        return MISMATCH
    assembly = path.endswith((".S", ".s"))
    if declared is not None and not assembly and not is_declared(lines, declared, function):
        # Of what a macro of assembly made, in a header, the line itself is all that is known.
        if not is_declared(lines, place, function):
            return MISMATCH
        declared = place
    found = find_function(lines, place, name=function, declared=declared, assembly=assembly)
    if found is None:
        return Unshown(f"no function stands around line {place} of {path}")
    if bounds is None and not assembly and not _is_of(lines, found, function):
        return MISMATCH
    return Text(path, lines, found, line)


def _in_tree(tree: Tree, file: str) -> str | None:
    """The path in the tree of a file that a log names with the folder it was built in.

    The kernel's own script prints `/build/linux-6.1/arch/x86/entry/entry_64.S`.
    """
    parts = file.split("/")
    for at in range(1, min(len(parts), _MOST_FOLDERS)):
        path = clean_path("/".join(parts[at:]))
        if path is not None and "/" in path and tree.lines(path) is not None:
            return path
    return None


_MOST_FOLDERS = 16


def _is_of(lines: Sequence[str], found: Function, function: str) -> bool:
    """Whether the function around a line bears the name that a log gave it."""
    signature = range(found.first, min(found.body, found.first + _MOST_SIGNATURE) + 1)
    name = syscall_name(function) or function
    return any(is_declared(lines, number, name) for number in signature)


_MOST_SIGNATURE = 30

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
    if not is_declared(lines, bounds.first, function):
        return None
    found = find_function(lines, bounds.first + 1, name=function, declared=bounds.first)
    for number in range(found.body, found.last + 1) if found else ():
        match = _INCLUDE.match(lines[number - 1])
        if match and generated.endswith("/" + match[1]) and found:
            return Text(path, lines, found, number)
    return None


class Texts:
    """The texts of steps; a place asked for again, as recursion does, costs nothing."""

    def __init__(self, tree: Tree | None) -> None:
        self._tree = tree
        self._known: dict[tuple[str, str, int | None], Text | Unshown] = {}

    def of(self, step: Step) -> Text | Unshown:
        """As `find_text`, at the step's place."""
        key = step.function, step.call.file, step.call.line
        if key not in self._known:
            self._known[key] = find_text(self._tree, *key, step.bounds)
        return self._known[key]


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
        """As `find_call`, at the line of the text; None without a text or a line."""
        if text is None or text.line is None:
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


def is_elsewhere(text: Text, callee: str) -> bool:
    """Whether the function calls `callee`, but not where the debug information says."""
    call = re.compile(rf"(?<![\w.>]){re.escape(callee)}\s{{0,4}}\(")
    first, last = text.function.body, text.function.last
    return any(call.search(line) for line in text.lines[first:last])
