"""Words of a stack, printed in rows of hexadecimal numbers -> the registers saved in it.

32-bit ARM prints what an exception's entry saved, as rows below `Exception stack(0x... to 0x...)`;
all others print what lies on top of the stack, which stays a part of the dump above it.
"""

import re
from collections.abc import Sequence
from typing import NamedTuple

from sitegen.crash.log.printk import Line
from sitegen.model import Frame, Register

_EXCEPTION = re.compile(r"\s{0,4}Exception stack\s?\(0x(?P<first>[0-9a-f]{8}) to 0x[0-9a-f]{8}\)")
_STACK = re.compile(r"\s{0,4}Stack ?:(?:\s{0,4}\(0x[0-9a-f]{8,16} to 0x[0-9a-f]{8,16}\))?(?=\s|$)")
_ROW = re.compile(
    r"\s{0,12}(?:[0-9a-f]{4}:)?\s{0,80}[0-9a-f]{8,16}(?: {1,3}[0-9a-f]{8,16}){0,15}(?: \.\.\.)?\s{0,4}$"
)
_WORD = re.compile(r"(?<![\w:])[0-9a-f]{8}(?![\w:])")

# struct pt_regs of arch/arm/include/asm/ptrace.h.
_SAVED = (*(f"r{number}" for number in range(11)), "fp", "ip", "sp", "lr", "pc", "psr", "orig_r0")
# A system call's entry has pushed its fifth and sixth argument below them.
_PUSHED = 2
_MODES = frozenset((0x10, 0x11, 0x12, 0x13, 0x16, 0x17, 0x1A, 0x1B, 0x1F))
_USER_MODE = 0x10


class Saved(NamedTuple):
    """What an exception's entry saved."""

    pc: Frame | None
    registers: tuple[Register, ...]
    user: bool


def is_exception_stack(text: str) -> bool:
    return "xception stack" in text and _EXCEPTION.match(text) is not None


def is_stack(text: str) -> bool:
    return "Stack" in text and _STACK.match(text) is not None


def is_stack_row(text: str) -> bool:
    return _ROW.match(text) is not None


def read_saved(rows: Sequence[Line], *, syscall: bool) -> Saved | None:
    """The registers in the rows below `Exception stack`; None when they are not to be told.

    `syscall` when the frame above is the return from a system call.
    """
    words = [
        (int(found[0], 16), line.span(found.start(), found.end()))
        for line in rows
        for found in _WORD.finditer(line.text)
    ]
    if syscall:
        words = words[_PUSHED:]
    saved = {
        name: Register(name, value, at) for name, (value, at) in zip(_SAVED, words, strict=False)
    }
    psr = saved.get("psr")
    mode = None if psr is None else psr.value & 0x1F
    if not syscall and mode not in _MODES:
        return None
    pc = saved.pop("pc", None)
    return Saved(
        None if pc is None else Frame(pc.at, None, pc.value, lookup="exact"),
        tuple(saved.values()),
        syscall or mode == _USER_MODE,
    )
