"""Problems that follow from another one, and go when that is mended."""

from collections.abc import Callable, Hashable, Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from sitegen import codes
from sitegen.build.evidence import lock_path
from sitegen.codes.values import Code
from sitegen.diagnostics import Diagnostic, Place


class _Echo(NamedTuple):
    """A code that need not be told beside another one."""

    code: Code
    follows: Code
    at: Callable[[Place], Hashable]
    "what of its place is compared"
    other: Callable[[Place], Hashable]
    "with what of the other's"


def _place(at: Place) -> Hashable:
    return at


def _file(at: Place) -> Hashable:
    return at.path


def _own_anchor(at: Place) -> Hashable:
    """The document, of a link to something on its own page; else nothing that a place has."""
    return at.path if at.text[at.column - 1 : at.end - 1].startswith("#") else None


def _lock(at: Place) -> Hashable:
    """The lock of the document that it stands in."""
    return lock_path(Path(at.path)).as_posix()


_ECHOES = (
    # A log that has nothing in the lock is not decoded, as a check decodes nothing.
    _Echo(codes.S006, codes.S007, _place, _place),
    # A lock that cannot be read has nothing.
    _Echo(codes.S007, codes.S008, _lock, _file),
    # No lock has lines that there are not.
    _Echo(codes.S007, codes.R003, _place, _place),
    # A claim has no log to be checked against where its file is missing.
    _Echo(codes.C006, codes.L002, _file, _file),
    # No page has the lines and the parts of a log whose file is missing.
    _Echo(codes.X002, codes.L002, _own_anchor, _file),
)


def without_echoes(problems: Iterable[Diagnostic]) -> Iterator[Diagnostic]:
    """The problems in their order, those left out that follow from another one."""
    found = tuple(problems)
    known = {
        echo: {echo.other(one.at) for one in found if one.code.id == echo.follows.id and one.at}
        for echo in _ECHOES
    }
    for one in found:
        at = one.at
        if at is None or not any(
            one.code.id == echo.code.id and echo.at(at) in known[echo] for echo in _ECHOES
        ):
            yield one
