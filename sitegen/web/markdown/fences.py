"""Fences: plain code, and MyST's directives, as rules of markdown-it.

A directive is ```{name} argument or :::{name} argument, then `:key: value` lines, then the
body. A Markdown body is parsed in place, inside the same state, so that its tokens carry the
lines of the file and share link definitions and footnotes.
"""

import re
from collections.abc import Mapping
from typing import Literal, NamedTuple

from markdown_it.rules_block import StateBlock

PANIC = "panic"
"""The directive that ```panic, without braces, stands for too."""

BODIES = "bodies"  # key of env: directive -> how its body is read; None: all but panic is Markdown

Body = Literal["markdown", "text", "none"]


class Option(NamedTuple):
    """A `:key: value` line of a directive."""

    name: str
    value: str
    line: int
    "of the body, from 0"


class Block(NamedTuple):
    """A directive as it stands in the text; the `meta` of its token."""

    name: str
    braces: bool
    "False for `:::name`, which is no directive but looks like one"
    argument: str
    options: tuple[Option, ...]
    line: int
    "where it opens; lines of the body, from 0"
    text_line: int
    "where its body begins"
    indent: int
    "characters before the body's first line"
    closes: str
    "what is missing at its end; empty when it is closed"
    half: bool = False
    "the brace behind its name is missing"


_DIRECTIVE = re.compile(r"[ \t]*\{([^{}`]{1,80})\}(.*)", re.DOTALL)
_HALF = re.compile(r"[ \t]*\{([A-Za-z][\w-]{0,40})(?:[ \t]+([^{}`]*))?\Z")
_BARE = re.compile(r"[ \t]*([A-Za-z][\w-]{0,40})(.*)", re.DOTALL)
_OPTION = re.compile(r":([A-Za-z][\w-]{0,40}):(?:[ \t]+(.*))?\Z")


def fence(state: StateBlock, start: int, end: int, silent: bool) -> bool:  # noqa: FBT001  reason: markdown-it's signature of a rule
    """Code fences and directives. Colon fences are directives only."""
    if state.is_code_block(start):
        return False
    first = state.bMarks[start] + state.tShift[start]
    last = state.eMarks[start]
    if first + 3 > last or state.src[first] not in "`~:":
        return False
    marker = state.src[first]
    after = state.skipCharsStr(first, marker)
    length = after - first
    info = state.src[after:last]
    if length < 3 or (marker == "`" and "`" in info):
        return False
    use = _directive(info, marker)
    if use is None and marker == ":":
        return False
    if silent:
        return True
    verbatim = marker != ":" or (use is not None and use.name == PANIC)
    close, closed = _find_close(state, start, end, _Open(marker, length, verbatim))
    if use is None:
        token = state.push("fence", "code", 0)
        token.info = info
        token.content = state.getLines(start + 1, close, state.sCount[start], True)
        token.markup = state.src[first:after]
        token.map = [start, close + closed]
        state.line = close + closed
    else:
        _push_directive(state, use, start, close, closes="" if closed else state.src[first:after])
    return True


class _Use(NamedTuple):
    """What a fence's info string says of a directive."""

    name: str
    argument: str
    braces: bool = True
    half: bool = False


def _directive(info: str, marker: str) -> _Use | None:
    """The directive of a fence's info string; None for a plain fence."""
    if found := _DIRECTIVE.match(info):
        return _Use(found[1].strip(), found[2].strip())
    if found := _HALF.match(info):
        return _Use(found[1], (found[2] or "").strip(), half=True)
    if marker == ":":
        found = _BARE.match(info)
        return _Use(found[1], found[2].strip(), braces=False) if found else None
    word, _, argument = info.strip().partition(" ")
    return _Use(PANIC, argument.strip()) if word == PANIC else None


class _Open(NamedTuple):
    """A fence that is open."""

    mark: str
    run: int
    "how many marks it began with"
    verbatim: bool
    "nothing that stands in it opens anything"


def _find_close(state: StateBlock, start: int, end: int, fence: _Open) -> tuple[int, bool]:
    """The line of the closing fence and True; where the block ends without one, and False.

    Directives of colons may stand in each other, whatever their lengths, and hold code.
    """
    opened = [fence]
    line = start
    while True:
        line += 1
        if line >= end:
            return line, False
        first = state.bMarks[line] + state.tShift[line]
        last = state.eMarks[line]
        if first < last and state.sCount[line] < state.blkIndent:
            return line, False  # a line left of the list item ends the item, and the fence with it
        if first + 3 > last or state.src[first] not in "`~:" or state.is_code_block(line):
            continue
        mark = state.src[first]
        after = state.skipCharsStr(first, mark)
        if after - first < 3:
            continue
        info = state.src[after:last].strip()
        closed = _closed(opened, mark, after - first) if not info else -1
        if closed == 0:
            return line, True
        if closed > 0:
            del opened[closed:]
        elif not opened[-1].verbatim and (inner := _opened(mark, after - first, info)):
            opened.append(inner)


def _closed(opened: list[_Open], mark: str, run: int) -> int:
    """The index of the fence that a line of so many marks closes; -1 when it closes none.

    That which began with as many, or else the innermost that began with fewer.
    """
    top = len(opened) - 1
    if not opened[top].verbatim and mark == ":":
        for index in range(top, max(-1, top - _DEPTH), -1):
            if opened[index].run == run:
                return index
    return top if opened[top].mark == mark and run >= opened[top].run else -1


_DEPTH = 64  # fences in each other that are looked through


def _opened(mark: str, run: int, info: str) -> _Open | None:
    if mark != ":":
        return None if mark == "`" and "`" in info else _Open(mark, run, verbatim=True)
    use = _directive(info, mark)
    return _Open(mark, run, verbatim=use.name == PANIC) if use else None


def _push_directive(state: StateBlock, use: _Use, start: int, close: int, *, closes: str) -> None:
    name, argument, braces, half = use
    closed = not closes
    bodies: Mapping[str, Body] | None = state.env[BODIES]
    indent = state.sCount[start]
    options, text_line = _options(state, start + 1, close, indent)
    block = Block(
        name,
        braces,
        argument,
        options,
        start,
        text_line,
        _indent(state, text_line, close, indent),
        closes,
        half,
    )
    if bodies is None:
        body: Body | None = "text" if name == PANIC else "markdown"
    else:
        body = bodies.get(name) if braces else None
    if body == "text" or body is None:
        token = state.push("directive", "", 0)
        source = start if body is None else text_line
        stop = close + closed if body is None else close
        token.content = state.getLines(source, stop, indent, True) if source < stop else ""
    else:
        token = state.push("directive_open", "", 1)
        _parse_inside(state, text_line, close)
        state.push("directive_close", "", -1).block = True
    token.block = True
    token.map = [start, close + closed]
    token.meta = {"block": block}
    state.line = close + closed


def _parse_inside(state: StateBlock, start: int, end: int) -> None:
    """Parses the lines of a directive's body where they stand."""
    parent, line_max, tight = state.parentType, state.lineMax, state.tight
    state.parentType = "directive"
    state.lineMax = end  # lazy continuation must not run past the closing fence
    state.md.block.tokenize(state, start, end)
    state.parentType, state.lineMax, state.tight = parent, line_max, tight


def _options(
    state: StateBlock, start: int, end: int, indent: int
) -> tuple[tuple[Option, ...], int]:
    """The `:key: value` lines from `start` on, and the line after them (and one blank line)."""
    found: list[Option] = []
    line = start
    while line < end and (match := _OPTION.match(state.getLines(line, line + 1, indent, False))):
        found.append(Option(match[1], (match[2] or "").strip(), line))
        line += 1
    if found and line < end and state.isEmpty(line):
        line += 1
    return tuple(found), line


def _indent(state: StateBlock, line: int, end: int, indent: int) -> int:
    """Characters of the source line before what is taken from it."""
    if line >= end:
        return 0
    last = state.eMarks[line]
    source = last - (state.src.rfind("\n", 0, last) + 1)
    return max(0, source - len(state.getLines(line, line + 1, indent, False)))
