"""Where a function was handed over to be called, or set: lines of the source, places in the code."""

from collections.abc import Sequence
from typing import NamedTuple

from sitegen.crash.chain.mechanisms import Mechanism, is_registrar
from sitegen.crash.chain.tables import Source
from sitegen.crash.names import bare_name
from sitegen.crash.source import excerpt, find_function, find_handed, find_setters
from sitegen.crash.source.tree import clean_path
from sitegen.crash.symbols.values import Call, Taken, Taker
from sitegen.model import Handover

FEW = 2
"""Places of which all are named; where there are more, none of them tells."""

MOST = 8
"""Places kept as evidence."""


class Handed(NamedTuple):
    """The places that take a function's address and give it to others."""

    places: tuple[Handover, ...] = ()
    by_name: bool = False
    "one of them gives it to a function or macro of the mechanism asked for"
    elsewhere: bool = False
    "all of them give it to functions of other mechanisms"


def handed_over(
    name: str,
    file: str,
    taken: Taken | None,
    source: Source,
    *,
    mechanism: Mechanism | None,
    key: str = "",
) -> Handed:
    """Where the function `name`, defined in `file`, is handed over.

    The places are of the source's where its file has some, else of the code. Those that give it to
    the mechanism count alone, where there are any; `key` is a word that must stand on the line
    (the name of a static call).
    """
    text, code = _in_source(name, file, source, key), _in_code(taken, source, key)
    registrars = mechanism.registrars if mechanism else frozenset()
    for places in (text, code):
        mine = tuple(one for one in places if one.to in registrars)
        if mine:
            return Handed(mine[:MOST], by_name=True)
    elsewhere = bool(text or code) and all(is_registrar(one.to) for one in (*text, *code))
    return Handed(tuple(text or code)[:MOST], elsewhere=elsewhere)


def _in_source(name: str, file: str, source: Source, key: str) -> list[Handover]:
    path = clean_path(file)
    lines = source.tree.lines(path) if source.tree and path else None
    if lines is None or path is None:
        return []
    return [
        _place(path, line, registrar_at(lines, line, name), source)
        for line in find_handed(lines, name)
        if not key or key in lines[line - 1]
    ]


def _in_code(taken: Taken | None, source: Source, key: str) -> list[Handover]:
    takers = taken.takers if taken and not key else ()
    return list(dict.fromkeys(_taking(one, source) for one in takers))


def _taking(taker: Taker, source: Source) -> Handover:
    """A place of the code. That the call behind it is given the address is believed of registrars."""
    call = written(taker.calls)
    to = taker.before if is_registrar(taker.before) else ""
    place = _place(call.file, call.line, to, source)
    return Handover(to, bare_name(taker.function), place.file, place.line, place.snippet)


def written(calls: Sequence[Call]) -> Call:
    """The innermost place that is no header: where the code was written that a header completes."""
    bodies = (one for one in calls if one.file and not one.file.startswith("include/"))
    return next(bodies, calls[0] if calls else Call(""))


def _place(file: str, line: int | None, to: str, source: Source) -> Handover:
    path = clean_path(file)
    lines = source.tree.lines(path) if source.tree and path else None
    snippet = None
    if lines is not None and path is not None and line is not None and line <= len(lines):
        function = find_function(lines, line)
        if function is not None:
            snippet = excerpt(path, lines, function, line, text=source.snippets)
    return Handover(to, "", path or file, line, snippet)


_ABOVE = 3
"""Lines above in which the call that a line belongs to may begin."""


def registrar_at(lines: Sequence[str], number: int, callee: str) -> str:
    """What `callee` is an argument of, on a line of the source; empty where that cannot be told.

    >>> registrar_at(("INIT_WORK(&device->work,", "          device_work);"), 2, "device_work")
    'INIT_WORK'
    """
    first = max(number - _ABOVE, 1)
    text = "\n".join(line[:500] for line in lines[first - 1 : number])
    depth = 0
    for at in range(text.rfind(callee) - 1, -1, -1):
        char = text[at]
        if char == ")":
            depth += 1
        elif char == "(":
            if depth:
                depth -= 1
                continue
            word = text[:at].rstrip()
            begin = len(word)
            while begin and (word[begin - 1].isalnum() or word[begin - 1] == "_"):
                begin -= 1
            return word[begin:]
        elif char in ";{}":
            break
    return ""


def set_in(name: str, file: str, member: str, source: Source) -> tuple[Handover, ...]:
    """The lines of the function's file that set a member to it while the kernel runs."""
    path = clean_path(file)
    lines = source.tree.lines(path) if source.tree and path else None
    if lines is None or path is None:
        return ()
    return tuple(
        _place(path, line, "", source) for line in find_setters(lines, name, member)[:MOST]
    )


def said(places: Sequence[Handover]) -> str:
    """`in a.c:3 or in b.c:7`, and by whom where the code tells; of many one and the count."""
    if len(places) > FEW:
        return f"in {len(places)} places or more, one of them {_words(places[0])}"
    return " or ".join(_words(place) for place in places)


def _words(place: Handover) -> str:
    where = f"{place.file}:{place.line}" if place.file and place.line else place.file
    if place.by and where:
        return f"in {place.by} ({where})"
    return f"in {where or place.by}"
