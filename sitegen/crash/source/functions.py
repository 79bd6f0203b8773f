"""Where a function begins and ends in its text. Lines count from 1.

Kernel style puts a function's braces into column 0, and a scan for them agrees with
a parser on all but a handful of functions, at a fraction of the time. A parser of C
is asked last: it does not see through the kernel's macros.
"""

import re
from collections.abc import Sequence
from typing import NamedTuple

from sitegen.crash.source.syntax import find_definition


class Function(NamedTuple):
    """The lines of one function."""

    first: int
    "of the signature, with its return type and attributes"
    body: int
    "the line of the opening brace; for assembly the line of the label"
    last: int


def find_function(
    lines: Sequence[str],
    line: int,
    *,
    name: str = "",
    declared: int | None = None,
    assembly: bool = False,
) -> Function | None:
    """The function that line `line` lies in; None when it lies in none.

    `declared` is the line of the function's name in the signature. Where it is known it
    decides: a macro that defines a function does not spell its name, and the debug
    information alone knows the line. `name` picks the label of an assembly function.
    """
    if not 1 <= line <= len(lines):
        return None
    if assembly:
        return _find_label(lines, line, name)
    if declared is not None and 1 <= declared <= line:
        found = _from_signature(lines, declared)
        if found and found.last >= line:
            return found
    made = _macro_use(lines, declared) if declared is not None else None
    return _around(lines, line) or made or _parsed(lines, line)


def is_declared(lines: Sequence[str], declared: int, name: str) -> bool:
    """Whether line `declared` declares the function `name`, as far as its text tells.

    A macro that makes a function (`SYSCALL_DEFINE3(write, ...)`, `PROXY_FUNC(read, ...)`) is
    believed when it is given a part of the name.
    """
    if not 1 <= declared <= len(lines):
        return False
    text = lines[declared - 1][:500]
    if name in re.findall(r"\w+", text):
        return True
    macro = _USE.match(text)
    given = [word.strip(" \t);") for word in text[macro.end() :].split(",")] if macro else []
    return any(len(word) > 2 and word in name and word not in _TYPES for word in given)


_TYPES = frozenset({"bool", "char", "int", "long", "short", "signed", "unsigned", "void"})


# --- C ---------------------------------------------------------------------------------------

_MAX_SIGNATURE = 30
"""Lines a signature may take. The longest in Linux has some twenty."""

_MAX_LINES = 20_000
"""Lines a function may take. The longest in Linux has some five thousand."""

# `do {` and friends of a misindented body, and initialisers, open no function.
_OPENS = re.compile(
    r"(?!do\b|else\b|if\b|for\b|while\b|switch\b|enum\b)[A-Za-z_][^=;]*\)[^=;()]*\{"
)


def _opens(line: str) -> bool:
    """Whether a function's body begins on this line, in column 0 or behind its signature."""
    return line.startswith("{") or bool(_OPENS.match(line[:500]))


def _opens_apart(lines: Sequence[str], opening: int) -> bool:
    """Whether a body begins on line `opening`, below a blank line that its signature stands above."""
    if not 2 < opening <= len(lines) or not lines[opening - 1].startswith("{"):
        return False
    return not lines[opening - 2].strip() and lines[opening - 3].rstrip().endswith(")")


def _from_signature(lines: Sequence[str], declared: int) -> Function | None:
    for number in range(declared, min(declared + _MAX_SIGNATURE, len(lines) + 1)):
        text = lines[number - 1]
        if _opens(text):
            return _finish(lines, number, declared)
        if not text.strip() and _opens_apart(lines, number + 1):
            continue
        if not text.strip() or text[0] in "}#" or text.rstrip().endswith(";"):
            return None
    return None


def _around(lines: Sequence[str], line: int) -> Function | None:
    """The function around `line`: from the nearest brace in column 0 above, or just below."""
    for number in range(line, max(0, line - _MAX_LINES), -1):
        text = lines[number - 1]
        if text.startswith("}") and number < line:
            break
        if _opens(text):
            found = _finish(lines, number, number)
            return found if found and found.last >= line else None
    # Not in a body: perhaps in a signature, as the first instruction of a function is.
    found = _from_signature(lines, line)
    return found if found and found.first <= line else None


def _finish(lines: Sequence[str], opening: int, signature: int) -> Function | None:
    """The function whose body opens on line `opening` and whose signature holds line `signature`."""
    last = _closing(lines, opening)
    if last is None:
        return None
    first = min(opening, signature)
    if first == opening and _opens_apart(lines, opening):
        first -= 2
    while first > 1 and opening - first < _MAX_SIGNATURE and _continues(lines[first - 2]):
        first -= 1
    return Function(first, opening, last)


def _closing(lines: Sequence[str], opening: int) -> int | None:
    text = lines[opening - 1]
    if not text.startswith("{") and text.rstrip().endswith("}"):
        return opening
    for number in range(opening + 1, min(opening + _MAX_LINES, len(lines)) + 1):
        text = lines[number - 1]
        if text.startswith("}"):
            return number
        if text.startswith("{"):
            return None
    return None


def _continues(line: str) -> bool:
    """Whether a line may be the upper part of the signature below it."""
    text = line.strip()
    return bool(text) and not (
        text.startswith(("}", "#", "/*", "*", "//")) or text.endswith((";", "}", "*/", "\\", ":"))
    )


def _parsed(lines: Sequence[str], line: int) -> Function | None:
    found = find_definition("\n".join(lines), line)
    return Function(*found) if found else None


_USE = re.compile(r"\s{0,8}(?:static\s+|inline\s+|noinline\s+|__\w+\s+){0,4}([A-Za-z_]\w*)\s?\(")
_MOST_OF_USE = 12


def find_macro(lines: Sequence[str], function: Function) -> tuple[int, ...]:
    """The lines of the macro that makes a function without a body; none when the file has none.

    Of an assembler's macro its head, the label and the branches.
    """
    if "{" in lines[function.body - 1] or function.first != function.body:
        return ()
    text = lines[function.first - 1]
    if use := _USE.match(text):
        define = re.compile(rf"\s*#\s*define\s+{re.escape(use[1])}\(")
    elif word := re.match(r"\s*(\w+)\s", text):
        define = re.compile(rf"\s*\.macro\s+{re.escape(word[1])}(?!\w)")
    else:
        return ()
    for number in range(function.first - 1, 0, -1):
        if define.match(lines[number - 1]):
            return (
                _inside(lines, number, function.first)
                if not use
                else _define(lines, number, function.first)
            )
    return ()


def _define(lines: Sequence[str], first: int, end: int) -> tuple[int, ...]:
    last = first
    while last < end and lines[last - 1].rstrip().endswith("\\"):
        last += 1
    return tuple(range(first, last + 1))


_BRANCH = re.compile(r"\s*(?:call|jmp|blr?|br?|jalr?|j)\s")
_MOST_OF_MACRO = 200


def _inside(lines: Sequence[str], first: int, end: int) -> tuple[int, ...]:
    """Head, labels and branches of the assembler's macro that begins on line `first`."""
    found = [first]
    for number in range(first + 1, min(first + _MOST_OF_MACRO, end)):
        text = lines[number - 1]
        if text.lstrip().startswith(".endm"):
            found.append(number)
            break
        if _LABEL.match(text) or _BRANCH.match(text):
            found.append(number)
    return tuple(found)


def _macro_use(lines: Sequence[str], line: int) -> Function | None:
    """A macro in column 0 that makes a whole function of its arguments, and ends with them."""
    text = lines[line - 1] if 1 <= line <= len(lines) else ""
    if not _USE.match(text) or text[:1].isspace():
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


# --- assembly --------------------------------------------------------------------------------

# SYM_CODE_START, SYM_FUNC_START_LOCAL, SYM_INNER_LABEL, ...; ENTRY before Linux 5.4.
_LABEL = re.compile(
    r"\s*(?:SYM_(?:\w*_START\w*|INNER_LABEL\w*)|ENTRY|GLOBAL|WEAK|(?:ASM_)?\w*FUNC_START\w*)"
    r"\(\s*(?P<macro>[\w.$]+)"
    r"|(?P<plain>[A-Za-z_$][\w.$]*):"
)
_END = re.compile(r"\s*(?:SYM_\w*_END\w*|END|ENDPROC|END_\w+)\(|\s*\.size\s")


def _find_label(lines: Sequence[str], line: int, name: str) -> Function | None:
    """From the label of `name` (or else the nearest) to the next end or label behind `line`.

    A line behind an end is in no function by itself: it uses a macro that makes one, and is all
    there is of it.
    """
    first = nearest = None
    for number in range(line, max(0, line - _MAX_LINES), -1):
        if number < line and nearest is None and _END.match(lines[number - 1]):
            return Function(line, line, line)
        match = _LABEL.match(lines[number - 1])
        if not match:
            continue
        nearest = nearest or number
        if not name or name in {match["macro"], match["plain"]}:
            first = number
            break
    first = first or nearest
    if first is None:
        return None
    last = line
    for number in range(line, min(line + _MAX_LINES, len(lines)) + 1):
        text = lines[number - 1]
        if number > line and (_END.match(text) or _LABEL.match(text)):
            # The end names the function and belongs to it, the next label does not.
            last = number if _END.match(text) else last
            break
        if text.strip():
            last = number
    return Function(first, first, last)
