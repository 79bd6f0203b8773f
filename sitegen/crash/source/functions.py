"""Where a function begins and ends in its text. Lines count from 1.

Kernel style puts a function's braces into column 0, and a scan for them agrees with
a parser on all but a handful of functions, at a fraction of the time. A parser of C
is asked last: it does not see through the kernel's macros.
"""

import re
from collections.abc import Sequence

from sitegen.crash.source.assembly import find_label, is_label
from sitegen.crash.source.macros import USE, find_use
from sitegen.crash.source.syntax import find_definition
from sitegen.crash.source.values import Function


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
        return find_label(lines, line, name)
    if declared is not None and 1 <= declared <= line:
        found = _from_signature(lines, declared)
        if found and found.last >= line:
            return found
    made = find_use(lines, declared) if declared is not None else None
    return _around(lines, line) or made or _parsed(lines, line)


def find_named(lines: Sequence[str], name: str, *, assembly: bool = False) -> Function | None:
    """The definition of the function `name` in a file's text; None when it has none.

    Of several (under `#ifdef`) the first. A macro that makes it is believed when it is given
    the whole name, or a part of it behind the prefix that system calls have.
    """
    word = re.compile(rf"(?<!\w){re.escape(name)}(?!\w)")
    bare = _SYSCALL.sub("", name)
    for number, text in enumerate(lines, 1):
        if name not in text and (bare == name or bare not in text):
            continue
        if text[:1].isspace() or not text:
            continue
        if assembly:
            if is_label(text, name):
                return find_label(lines, number, name)
            continue
        if word.search(text[:500]) or (bare != name and _SYSCALL_DEFINE.match(text, 0, 500)):
            if bare != name and not is_declared(lines, number, name):
                continue
            found = _from_signature(lines, number)
            if found and found.first <= number <= found.body:
                return found
    return None


# As the kernel's own macros for system calls prefix them.
_SYSCALL = re.compile(r"^__(?:x64|ia32|arm64|se|do|riscv|s390x)_(?:compat_)?sys_")
_SYSCALL_DEFINE = re.compile(r"(?:COMPAT_)?SYSCALL\w*_DEFINE\d\(")


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
    macro = USE.match(text)
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
