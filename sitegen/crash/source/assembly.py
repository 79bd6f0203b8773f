"""Assembly: where a function begins and ends, the macros that make one, its branches."""

import re
from collections.abc import Sequence

from sitegen.crash.source.values import CallText, Function

_MAX_LINES = 20_000
"""Lines a function may take."""

# SYM_CODE_START, SYM_FUNC_START_LOCAL, SYM_INNER_LABEL, ...; ENTRY before Linux 5.4.
_LABEL = re.compile(
    r"\s*(?:SYM_(?:\w*_START\w*|INNER_LABEL\w*)|ENTRY|GLOBAL|WEAK|(?:ASM_)?\w*FUNC_START\w*)"
    r"\(\s*(?P<macro>[\w.$]+)"
    r"|(?P<plain>[A-Za-z_$][\w.$]*):"
)
_END = re.compile(r"\s*(?:SYM_\w*_END\w*|END|ENDPROC|END_\w+)\(|\s*\.size\s")


def is_label(text: str, name: str) -> bool:
    """Whether a line is the label of `name`."""
    match = _LABEL.match(text[:500])
    return match is not None and name in {match["macro"], match["plain"]}


def find_label(lines: Sequence[str], line: int, name: str) -> Function | None:
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


# --- Macros ----------------------------------------------------------------------------------

_BRANCH = re.compile(r"\s*(?:call|jmp|blr?|br?|jalr?|j)\s")
_MOST_OF_MACRO = 200


def find_macro_lines(lines: Sequence[str], first: int, end: int) -> tuple[int, ...]:
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


# --- Branches --------------------------------------------------------------------------------


def find_branch(lines: Sequence[str], line: int, callee: str) -> CallText | None:
    """The branch to `callee` on a line of assembly, or its name where a macro makes the branch."""
    text = lines[line - 1]
    word = rf"{re.escape(callee)}(?![\w.])"
    found = re.search(rf"(?<![\w.])[a-z][\w.]{{0,15}}\s{{1,40}}\*?{word}", text)
    found = found or re.search(rf"(?<![\w.]){word}", text)
    if not callee or not found:
        return None
    return CallText(line, line, found.start() + 1, found.end() + 1, callee, ())


_JUMP = re.compile(
    r"(?<![\w.])(?:"
    r"(?:call|jmp)[lq]?\s+\*%(?P<x86>\w+)"
    r"|(?:CALL|JMP)_NOSPEC\s+%?(?P<retpoline>\w+)"
    r"|bl?r(?:a[ab]z?)?\s+(?P<arm64>x\d+)"
    r"|blx\s+(?P<arm>[a-z]+\d*)"
    r"|jalr\s+(?:ra\s*,\s*)?(?P<riscv>[a-z]+\d*)"
    r"|b(?P<powerpc>ctr)l(?!\w)"
    r"|basr\s+%r\d+\s*,\s*(?P<s390>%r\d+)"
    r")"
)


def find_jump(lines: Sequence[str], line: int) -> CallText | None:
    """The branch through a register on a line of assembly; None when there is none."""
    found = _JUMP.search(lines[line - 1][:500])
    if found is None:
        return None
    register = next(filter(None, found.groups()))
    return CallText(line, line, found.start() + 1, found.end() + 1, register, ())
