"""Where the source alone says that a function stands in a slot: designated initializers.

Looked for in the function's own file, then in the other files and headers of its folder. No
image speaks here: that a call went through such an object is possible, and not proved.
"""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from sitegen.crash.chain.tables import MAX_SNIPPETS, Source
from sitegen.crash.source import excerpt_table, find_initializer
from sitegen.crash.source.files import clean_path
from sitegen.model import Table

_MOST_FILES = 300
"""Files of a folder that are looked through."""

_MOST_LINES = 2000
"""Lines above an assignment in which its object may begin."""

_MOST = 32
"""Assignments that are named."""

_BEGIN = re.compile(
    r"(?P<before>[A-Za-z_][\w \t*]{0,200}?)(?P<name>\w{1,100})\s{0,4}(?:\[[^\]=]{0,100}\]\s{0,4}){0,3}"
    r"(?:__\w{1,60}(?:\([^()=]{0,60}\))?\s{0,4}){0,4}=\s{0,4}(?:\{|$)"
)
_STRUCT = re.compile(r"\b(?:struct|union)\s+(\w+)")


class Assigned(NamedTuple):
    """Objects that hold a function in a slot, as the source has it."""

    tables: tuple[Table, ...]
    slot: str
    "`struct.member`, where all agree on it"


def assigned(function: str, file: str, member: str, source: Source) -> Assigned:
    """The objects whose initializers assign `function` to `.member`.

    Those of the function's own file, or where it has none those of the files beside it.
    """
    path = clean_path(file)
    if source.tree is None or path is None or not function or not member:
        return Assigned((), "")
    own = tuple(_tables(path, source.tree.lines(path) or (), function, member, source))
    found = own or tuple(
        table
        for one in _beside(path, source)
        for table in _tables(one, source.tree.lines(one) or (), function, member, source)
    )
    slots = {f"{table.type}.{member}" for table in found if table.type}
    return Assigned(found[:_MOST], slots.pop() if len(slots) == 1 else "")


def _beside(path: str, source: Source) -> Sequence[str]:
    files = source.tree.siblings(path) if source.tree else ()
    return [one for one in files if one.endswith((".c", ".h")) and one != path][:_MOST_FILES]


def _tables(
    path: str, lines: Sequence[str], function: str, member: str, source: Source
) -> Iterator[Table]:
    assigning = re.compile(
        rf"\.\s{{0,8}}{re.escape(member)}\s{{0,40}}=\s{{0,40}}&?{re.escape(function)}\s{{0,8}}[,}}]?\s"
    )
    count = 0
    for number, line in enumerate(lines, 1):
        if function not in line or not assigning.search(line[:500] + "\n"):
            continue
        begin = _begin(lines, number)
        count += begin is not None
        if begin is None or count > _MOST:
            continue
        declared, name, kind = begin
        snippet = None
        found = find_initializer(lines, declared, callee=function, member=member)
        if found is not None and count <= MAX_SNIPPETS:
            snippet = excerpt_table(path, lines, found, text=source.snippets)
        yield Table(name, path, declared, number, kind, snippet)


def _begin(lines: Sequence[str], number: int) -> tuple[int, str, str] | None:
    """(line, name, struct) of the object whose initializer holds a line; None when it has no name."""
    for above in range(number, max(0, number - _MOST_LINES), -1):
        text = lines[above - 1]
        if above < number and text.startswith("}"):
            return None
        if not text[:1].isalpha() and text[:1] != "_":
            continue
        match = _BEGIN.match(text[:400])
        if match is None:
            return None
        kind = _STRUCT.search(match["before"])
        return above, match["name"], kind[1] if kind else ""
    return None
