"""The names of registers: of the parts of one, and of one in dumps and decoders."""

import re
from functools import lru_cache
from typing import Any

from sitegen.crash.code.machines import Family

# What the decoders of 16-, 32- and 64-bit names share.
_LOW = {name: f"r{name}" for name in ("ax", "bx", "cx", "dx", "si", "di", "bp")}
_OTHERS = {"esp": "rsp", "spl": "rsp", "fp": "x29", "wsp": "sp", "sb": "r9", "sl": "r10"}


@lru_cache(maxsize=1024)
def full_name(register: str) -> str:
    """The whole register that a name of a part of it stands for: `rax` for `eax`, `x0` for `w0`.

    >>> full_name("r8d"), full_name("eax"), full_name("w3")
    ('r8', 'rax', 'x3')
    """
    name = register.lower()
    if name in _LOW:
        return _LOW[name]
    if name[:1] == "e" and name[1:] in _LOW:
        return _LOW[name[1:]]
    if len(name) == 2 and name[1] in "lh" and f"{name[0]}x" in _LOW:
        return f"r{name[0]}x"
    if name.endswith("l") and name[:-1] in _LOW:
        return _LOW[name[:-1]]
    if found := re.fullmatch(r"(r\d{1,2})[dwb]", name):
        return found[1]
    if found := re.fullmatch(r"w(\d{1,2})", name):
        return f"x{found[1]}"
    return _OTHERS.get(name, name)


def register_of(one: Any, number: int, family: Family) -> str:  # noqa: ANN401  reason: capstone ships no types
    """The full name of the register that capstone's instruction has by this number; empty for none."""
    name = full_name(one.reg_name(number) or "") if number else ""
    return f"r{name}" if family == "s390" and name.isdecimal() else name
