"""Branches in assembly: to a name, and through a register."""

import re
from collections.abc import Sequence

from sitegen.crash.source.body import CallText


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
