"""Functions that a macro makes without a body of their own: its use, and its definition."""

import re
from collections.abc import Sequence

from sitegen.crash.source.assembly import find_macro_lines
from sitegen.crash.source.values import Function

USE = re.compile(r"\s{0,8}(?:static\s+|inline\s+|noinline\s+|__\w+\s+){0,4}([A-Za-z_]\w*)\s?\(")
_MOST_OF_USE = 12


def find_macro(lines: Sequence[str], function: Function) -> tuple[int, ...]:
    """The lines of the macro that makes a function without a body; none when the file has none.

    Of an assembler's macro its head, the label and the branches.
    """
    if "{" in lines[function.body - 1] or function.first != function.body:
        return ()
    text = lines[function.first - 1]
    if use := USE.match(text):
        define = re.compile(rf"\s*#\s*define\s+{re.escape(use[1])}\(")
    elif word := re.match(r"\s*(\w+)\s", text):
        define = re.compile(rf"\s*\.macro\s+{re.escape(word[1])}(?!\w)")
    else:
        return ()
    for number in range(function.first - 1, 0, -1):
        if define.match(lines[number - 1]):
            found = _define if use else find_macro_lines
            return found(lines, number, function.first)
    return ()


def _define(lines: Sequence[str], first: int, end: int) -> tuple[int, ...]:
    last = first
    while last < end and lines[last - 1].rstrip().endswith("\\"):
        last += 1
    return tuple(range(first, last + 1))


def find_use(lines: Sequence[str], line: int) -> Function | None:
    """A macro in column 0 that makes a whole function of its arguments, and ends with them."""
    text = lines[line - 1] if 1 <= line <= len(lines) else ""
    if not USE.match(text) or text[:1].isspace():
        return None
    depth = 0
    for number in range(line, min(line + _MOST_OF_USE, len(lines) + 1)):
        text = lines[number - 1]
        if "{" in text:
            return None
        depth += text.count("(") - text.count(")")
        if depth <= 0:
            return Function(line, line, number) if text.rstrip().endswith((")", ");")) else None
    return None
