"""What a build found -> what a browser is told of it, as JSON."""

from collections.abc import Collection, Iterable

import msgspec

from sitegen.diagnostics import Diagnostic, as_text

MOST = 100
"""Problems that a browser is told of; the terminal has them all."""


class Problem(msgspec.Struct, frozen=True):
    """One problem, for the overlay."""

    severity: str
    code: str
    message: str
    place: str = ""
    "path, line and column"
    line: int = 0
    "0 without an excerpt"
    text: str = ""
    before: int = 0
    "characters before the marked piece"
    width: int = 0
    "of it; 0 when the whole line is meant"
    hint: str = ""
    here: bool = False
    "whether it is about the page that is looked at"
    plain: str = ""
    "as the terminal prints it, to be copied"


class News(msgspec.Struct, frozen=True):
    """What a page is told after a build, and when it asks for the first time."""

    number: int
    "of the build"
    digest: str
    "of the page now; empty when there is none"
    problems: tuple[Problem, ...] = ()
    "of the page first, then errors before warnings"
    more: int = 0
    "problems that are left out"
    written: tuple[str, ...] = ()
    "files that came, changed or went, but for pages"
    go: str = ""
    "the address to go to; empty to stay"


def problems(found: Iterable[Diagnostic], here: Collection[str]) -> tuple[Problem, ...]:
    """Errors and warnings, those about the files `here` first, then errors before warnings."""
    told = [_problem(one, here) for one in found if one.severity != "note"]
    return tuple(sorted(told, key=lambda one: (not one.here, one.severity != "error")))


def _problem(one: Diagnostic, here: Collection[str]) -> Problem:
    at = one.at
    shown = bool(at and at.text and at.line)
    return Problem(
        severity=one.severity,
        code=one.code.id,
        message=one.message,
        place=str(at) if at else "",
        line=at.line if at and shown else 0,
        text=at.text[:_LONGEST] if at and shown else "",
        before=min(at.column - 1, _LONGEST) if at and shown and at.column else 0,
        width=max(1, at.end - at.column) if at and shown and at.column else 0,
        hint=one.hint,
        here=at is not None and at.path in here,
        plain=as_text(one),
    )


_LONGEST = 2000
"""Characters of a line that are shown."""


def encode(news: News) -> str:
    return msgspec.json.encode(news).decode()
