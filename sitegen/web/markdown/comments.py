"""`<!-- comments -->`, which nobody is shown, as on GitHub. What is never closed is text."""

from typing import NamedTuple

from markdown_it.rules_block import StateBlock
from markdown_it.rules_inline import StateInline

_OPEN, _CLOSE = "<!--", "-->"
_KNOWN = "comments"  # keys of env
_LAST = "last comment"


class _Known(NamedTuple):
    """What the last search found, so that no part of the text is searched twice."""

    first: int
    close: int
    "where the first `-->` behind `first` is; -1 when there is none"
    failed: tuple[int, int]
    "indent of the container that ended before `close`, and the line it ended on"


_NOTHING = _Known(-1, -1, (-1, -1))


def block(state: StateBlock, start: int, end: int, silent: bool) -> bool:  # noqa: FBT001  reason: markdown-it's signature of a rule
    """A comment that begins a line and ends one, over any number of lines."""
    first = state.bMarks[start] + state.tShift[start]
    if not state.src.startswith(_OPEN, first) or state.is_code_block(start):
        return False
    line = _find_end(state, start, end, first + len(_OPEN))
    if line < 0:
        return False
    if not silent:
        state.line = line + 1
    return True


def _find_end(state: StateBlock, start: int, end: int, first: int) -> int:
    """The line that the comment ends; -1 when it does not end in this container, or not a line."""
    known: _Known = state.env.get(_KNOWN, _NOTHING)
    if not 0 <= known.first <= first or 0 <= known.close < first:
        known = _Known(first, state.src.find(_CLOSE, first), (-1, -1))
        state.env[_KNOWN] = known
    indent, ended = known.failed
    if known.close < 0 or (indent == state.blkIndent and start <= ended):
        return -1
    line = start
    while line < end and (
        line == start or state.sCount[line] >= state.blkIndent or state.isEmpty(line)
    ):
        if known.close < state.eMarks[line]:
            rest = state.src[known.close + len(_CLOSE) : state.eMarks[line]]
            return -1 if rest.strip() else line
        line += 1
    state.env[_KNOWN] = known._replace(failed=(state.blkIndent, line))
    return -1


def inline(state: StateInline, silent: bool) -> bool:  # noqa: FBT001  reason: markdown-it's signature of a rule
    """A comment in a line."""
    del silent
    if not state.src.startswith(_OPEN, state.pos):
        return False
    source, last = state.env.get(_LAST, ("", -1))
    if source is not state.src:
        last = state.src.rfind(_CLOSE)
        state.env[_LAST] = (state.src, last)
    first = state.pos + len(_OPEN)
    if last < first:
        return False
    close = state.src.find(_CLOSE, first, state.posMax)
    if close < 0:
        return False
    state.pos = close + len(_CLOSE)
    return True
