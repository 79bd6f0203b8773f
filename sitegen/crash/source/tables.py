"""Ops tables in the source: the line of an initialiser that assigns a function to a slot."""

import re
from collections.abc import Sequence
from typing import NamedTuple

_MAX_TABLE = 2000
"""Lines of an initialiser that are searched."""


class Initializer(NamedTuple):
    """A constant object's lines, and the one that sets the slot."""

    first: int
    last: int
    line: int | None
    "None where a macro stands for the assignment"


def find_initializer(
    lines: Sequence[str], declared: int, *, callee: str, member: str = ""
) -> Initializer | None:
    """The object declared at line `declared`, and where `callee` is assigned to `.member`.

    An assignment to that member wins; without one, the only line that names the
    callee; None when there is no such line in the file.
    """
    if not 1 <= declared <= len(lines):
        return None
    last = _last(lines, declared)
    name = rf"(?<!\w){re.escape(callee)}(?!\w)"
    slot = re.compile(rf"\.\s{{0,40}}{re.escape(member)}\s{{0,40}}=[^=,;]{{0,200}}?{name}")
    assigned = re.compile(rf"(?<!\w){name}")
    naming = []
    for number in range(declared, last + 1):
        text = lines[number - 1]
        if callee not in text:
            continue
        if member and slot.search(text):
            return Initializer(declared, last, number)
        if assigned.search(text):
            naming.append(number)
    return Initializer(declared, last, naming[0] if len(naming) == 1 else None)


def _last(lines: Sequence[str], declared: int) -> int:
    """The line that ends the object: its closing brace, or the semicolon of a one-line form."""
    depth = 0
    for number in range(declared, min(declared + _MAX_TABLE, len(lines)) + 1):
        text = lines[number - 1]
        depth += text.count("{") - text.count("}")
        if depth <= 0 and (";" in text or (number > declared and text.startswith("}"))):
            return number
        # A macro that defines the object stands alone, with or without a semicolon.
        if depth <= 0 and number == declared and text.rstrip().endswith(")"):
            return number
    return declared


def find_setters(lines: Sequence[str], callee: str, member: str) -> tuple[int, ...]:
    """The lines that set `.member` of some object to `callee` while the kernel runs."""
    if not callee or not member:
        return ()
    setting = re.compile(
        rf"(?:->|[\w\])]\.)\s{{0,4}}{re.escape(member)}\s{{0,8}}=\s{{0,8}}&?{re.escape(callee)}\s{{0,4}};"
    )
    return tuple(
        number
        for number, text in enumerate(lines, 1)
        if callee in text and setting.search(text[:500])
    )


def find_handed(lines: Sequence[str], callee: str) -> tuple[int, ...]:
    """The lines that hand `callee` to a function or macro, as an argument of its own."""
    if not callee:
        return ()
    handing = re.compile(rf"\w\s?\((?:[^;]*,)?\s{{0,8}}&?{re.escape(callee)}\s{{0,4}}[,)]")
    following = re.compile(rf"\s+(?:[^;(]*,\s{{0,8}})?&?{re.escape(callee)}\s{{0,4}}[,)]")
    return tuple(
        number
        for number, text in enumerate(lines, 1)
        if callee in text
        and (handing.search(text[:500]) or following.match(text[:500]))
        and not text.startswith(("EXPORT_SYMBOL", "NOKPROBE_SYMBOL", "/*", " *"))
    )
