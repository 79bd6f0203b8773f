"""Which lines of a function a page shows: from the signature to the call, the rest left out."""

import hashlib
import re
from collections.abc import Iterable, Sequence

import msgspec

from sitegen.crash.source.macros import find_macro
from sitegen.crash.source.tables import Initializer
from sitegen.crash.source.values import CallText, Function
from sitegen.model import Snippet

MAX_SHOWN = 25
"""Lines that a snippet shows at most."""

MAX_ASKED = 200
"""Lines that a snippet shows where an author asks for them."""

_WHOLE = 7
"""A function whose call comes within so many more lines is shown without gaps."""

_GAP = 2
"""So few lines are not worth leaving out."""


def excerpt(
    path: str,
    lines: Sequence[str],
    function: Function,
    line: int | None,
    *,
    call: CallText | None = None,
    text: bool = True,
) -> Snippet:
    """The lines from the signature to `line`, where the function calls the next or crashed.

    Without a line nothing is marked, and a short function is shown whole, of a longer one
    the head.

    Shown are, most important first: the marked line and the rest of its call, the
    signature, the conditions around the call, where a pointer called was assigned,
    a few lines before the call, the first lines of the body. Without `text` the
    snippet has their hash only.
    """
    first, last, start = function.first, function.last, function.first
    mark = call.first if call else line
    if mark is None:
        until = last if last - first < 2 * _WHOLE else function.body
        known = [range(first, until + 1), find_macro(lines, function), _head(lines, function)]
        return _snippet(path, lines, (first, last), _runs(_choose(known)), None, text=text)
    # A table of cases that a macro expands is not to be read without the macro.
    is_include = call is None and lines[mark - 1].lstrip().startswith("#include")
    if is_include:
        start = _macro_above(lines, first)
    wishes: list[Iterable[int]] = [
        range(mark, min(call.last if call else mark, mark + 7) + 1),
        range(first, min(function.body, first + 7) + 1),
        _enclosing(lines, function, mark),
        call.assigned if call else (),
        range(start, first),
        find_macro(lines, function),
        _before(lines, function, mark),
        _head(lines, function),
    ]
    until = min(call.last if call else mark, mark + 7)
    if until - start < _WHOLE:
        wishes.append(range(start, until + 1))
    if last - until == 1:
        wishes.append((last,))
    shown = _runs(_choose(wishes))
    snippet = _snippet(path, lines, (first, last), shown, mark, text=text)
    if call is not None:
        return msgspec.structs.replace(snippet, column=call.column, end=call.end)
    if is_include:
        written = lines[mark - 1]
        column = len(written) - len(written.lstrip()) + 1
        return msgspec.structs.replace(snippet, column=column, end=len(written.rstrip()) + 1)
    return snippet


def excerpt_lines(
    path: str,
    lines: Sequence[str],
    first: int,
    last: int,
    *,
    mark: int | None = None,
    text: bool = True,
) -> Snippet:
    """The lines `first` to `last`; of more than MAX_ASKED the first, and the last one."""
    shown: tuple[tuple[int, int], ...] = ((first, last),)
    if last - first >= MAX_ASKED:
        shown = ((first, first + MAX_ASKED - 2), (last, last))
    return _snippet(path, lines, (first, last), shown, mark, text=text)


def excerpt_table(
    path: str, lines: Sequence[str], table: Initializer, *, text: bool = True
) -> Snippet:
    """The first and last line of a constant object, and between them the assignment."""
    mark = table.line
    wishes: list[Iterable[int]] = [(mark,) if mark else (), (table.first, table.last)]
    if table.last - table.first < _WHOLE:
        wishes.append(range(table.first, table.last + 1))
    shown = _runs(_choose(wishes))
    return _snippet(path, lines, (table.first, table.last), shown, mark, text=text)


def _snippet(
    path: str,
    lines: Sequence[str],
    bounds: tuple[int, int],
    shown: tuple[tuple[int, int], ...],
    mark: int | None,
    *,
    text: bool,
) -> Snippet:
    whole = "".join(f"{line}\n" for first, last in shown for line in lines[first - 1 : last])
    return Snippet(
        file=path,
        first=bounds[0],
        last=bounds[1],
        shown=shown,
        sha256=hashlib.sha256(whole.encode()).hexdigest(),
        mark=mark,
        text=whole if text else "",
    )


def _choose(wishes: Sequence[Iterable[int]]) -> list[int]:
    """The lines of the wishes, the first wishes first, as many as may be shown; sorted."""
    chosen: set[int] = set()
    for wish in wishes:
        for number in wish:
            if len(chosen) < MAX_SHOWN:
                chosen.add(number)
    return sorted(chosen)


def _runs(numbers: Sequence[int]) -> tuple[tuple[int, int], ...]:
    """Numbers as runs; small gaps are filled as far as there is room."""
    room = MAX_SHOWN - len(numbers)
    runs: list[tuple[int, int]] = []
    for number in numbers:
        gap = number - runs[-1][1] - 1 if runs else 0
        if runs and (gap == 0 or (gap <= _GAP and gap <= room)):
            runs[-1] = (runs[-1][0], number)
            room -= gap
        else:
            runs.append((number, number))
    return tuple(runs)


# --- what is around a line -------------------------------------------------------------------

_CONDITION = re.compile(
    r"(?:\} ?)?(?:(?:else|if|for|while|switch|do|case|default)\b|\w*for_each\w*\()"
)
_LABEL = re.compile(r"(?!default\b)\w+:")
_PASSED = ("#", "/*", "*", "//")


def _enclosing(lines: Sequence[str], function: Function, mark: int) -> list[int]:
    """The conditions and loops around `mark`, nearest first, by the indentation of their lines."""
    found: list[int] = []
    depth = _indent(lines[mark - 1])
    for number in range(mark - 1, function.body, -1):
        text = lines[number - 1]
        bare = text.strip()
        if not bare or bare.startswith(_PASSED) or _LABEL.fullmatch(bare):
            continue
        indent = _indent(text)
        is_switch = indent == depth and found and bare.startswith("switch")
        if indent >= depth and not is_switch:
            continue
        if _CONDITION.match(bare):
            found.append(number)
        depth = indent
        if depth == 0:
            break
    return found


def _indent(line: str) -> int:
    """Columns before the first character; tabs stop every eight."""
    return len(line[: len(line) - len(line.lstrip())].expandtabs(8))


def _before(lines: Sequence[str], function: Function, mark: int) -> list[int]:
    """Up to three lines before the mark, as long as they lead to it: its paragraph and block."""
    found = []
    depth = _indent(lines[mark - 1])
    for number in range(mark - 1, max(function.body, mark - 4), -1):
        bare = lines[number - 1].strip()
        indent = _indent(lines[number - 1])
        if not bare or bare == "}" or bare.startswith(_PASSED) or indent > depth:
            break
        found.append(number)
        depth = indent
    return found


def _head(lines: Sequence[str], function: Function) -> list[int]:
    """The first two lines of the body, unless it begins with a comment."""
    found = []
    for number in range(function.body + 1, min(function.body + 2, function.last - 1) + 1):
        text = lines[number - 1].strip()
        if not text or text.startswith(_PASSED):
            break
        found.append(number)
    return found


def _macro_above(lines: Sequence[str], first: int) -> int:
    """The line of a `#define` just above a function, a blank line between at most; else `first`."""
    number = first - 1
    if number >= 1 and not lines[number - 1].strip():
        number -= 1
    while number > 1 and lines[number - 2].rstrip().endswith("\\"):
        number -= 1
    return number if number >= 1 and lines[number - 1].startswith("#define") else first
