"""Diagnostics: what is wrong, where, and what to do. Values, collected by a Sink.

Every problem a user can cause ends as a `Diagnostic` with a code of `codes/`;
exceptions are for bugs. Stages are handed a `Sink`, the build replays what it
collected.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Literal

import msgspec

from sitegen.codes import Code
from sitegen.wording import printable

Severity = Literal["error", "warning", "note"]
Weight = Severity | Literal["ignore"]
"""What a configuration makes of a code."""


class Place(msgspec.Struct, frozen=True, order=True):
    """Where a diagnostic points: a file of the project, and perhaps a piece of one line of it."""

    path: str
    "relative to the project's root, with `/`"
    line: int = 0
    "from 1; 0 when the whole file is meant"
    column: int = 0
    "from 1, in characters; 0 when the whole line is meant"
    end: int = 0
    "the column after the last character"
    text: str = ""
    "the line itself, for the excerpt; empty when there is none to show"

    def __str__(self) -> str:
        numbers = [str(n) for n in (self.line, self.column) if n]
        return ":".join([self.path, *numbers])


class Diagnostic(msgspec.Struct, frozen=True):
    """One problem, with what to do about it."""

    code: Code
    message: str
    "one line, lower case, says what is"
    at: Place | None = None
    hint: str = ""
    "says what to do, in the imperative"

    @property
    def severity(self) -> Severity:
        return self.code.severity


class Sink:
    """Collects diagnostics in the order found. One per job; never shared between processes.

    `weights` gives codes, by their ids, another severity than their own, or leaves them out.
    """

    def __init__(self, weights: Mapping[str, Weight] | None = None) -> None:
        self._weights = weights or {}
        self._found: list[Diagnostic] = []

    def add(self, code: Code, message: str, *, at: Place | None = None, hint: str = "") -> None:
        self.extend([Diagnostic(code, message, at, hint)])

    def extend(self, diagnostics: Iterable[Diagnostic]) -> None:
        if not self._weights:
            self._found.extend(diagnostics)
            return
        for diagnostic in diagnostics:
            weight = self._weights.get(diagnostic.code.id, diagnostic.severity)
            if weight != "ignore":
                code = diagnostic.code._replace(severity=weight)
                self._found.append(msgspec.structs.replace(diagnostic, code=code))

    def __iter__(self) -> Iterator[Diagnostic]:
        return iter(self._found)

    def found(self) -> tuple[Diagnostic, ...]:
        return tuple(self._found)


def find_nearest(word: str, known: Iterable[str]) -> str | None:
    """The known word nearest to `word`; None when none is near.

    One of the same letters goes before others that are near. Of equals the last in order.

    >>> find_nearest("rpi", ["rip", "rsp"])
    'rip'
    """
    from difflib import get_close_matches  # noqa: PLC0415  reason: only a complaint pays for it

    near = get_close_matches(word, sorted(known), n=16)
    letters = sorted(word)
    return next((one for one in near if sorted(one) == letters), next(iter(near), None))


def meant_hint(word: str, known: Iterable[str]) -> str:
    """A hint naming the known word nearest to `word`; empty when none is near.

    >>> meant_hint("regsiters", ["registers", "trace"])
    "did you mean 'registers'?"
    """
    near = find_nearest(word, known)
    return f"did you mean '{near}'?" if near else ""


def nearest_hint(word: str, known: Iterable[str]) -> str:
    """The same; where none is near a list of the known words, if they are few."""
    words = sorted(known)
    few = f"known are: {', '.join(words)}" if 0 < len(words) <= _FEW else ""
    return meant_hint(word, words) or few


_FEW = 16  # words that a hint may list

_TYPES = {
    "array": "a list",
    "bool": "true or false",
    "float": "a number",
    "int": "a whole number",
    "null": "nothing",
    "object": "a table",
    "str": "text",
}


def in_words(error: msgspec.ValidationError) -> str:
    """What a value is instead of what it should be, without the names of Python's types.

    >>> in_words(msgspec.ValidationError("Expected `bool`, got `str` - at `$.snippets`"))
    'is text, not true or false'
    """
    found = re.match(r"Expected `([^`]*)`, got `([^`]*)`", str(error))
    if not found:
        return "does not have the form it should"
    wanted = " or ".join(_TYPES.get(name, name) for name in found[1].split(" | "))
    return f"is {_TYPES.get(found[2], found[2])}, not {wanted}"


def count(diagnostics: Iterable[Diagnostic], severity: Severity) -> int:
    return sum(1 for diagnostic in diagnostics if diagnostic.severity == severity)


def as_text(diagnostic: Diagnostic, *, colour: bool = False) -> str:
    """The diagnostic as a compiler prints it: place, code, message, excerpt, hint.

    With `colour` the severity and what it is about stand out on a terminal.
    """
    code = diagnostic.code
    ink, end = (_INKS[diagnostic.severity], "\x1b[0m") if colour else ("", "")
    head = f"{ink}{diagnostic.severity}[{code.id}]{end}: {printable(diagnostic.message)}"
    at = diagnostic.at
    if at is None:
        lines = [head]
    else:
        lines = [f"{printable(str(at))}: {head}"]
        if at.text and at.line:
            lines.append(f"{at.line:>5} | {printable(at.text)}")
            if at.column:
                width = max(1, at.end - at.column)
                lines.append(" " * 5 + " | " + " " * (at.column - 1) + ink + "^" * width + end)
    if diagnostic.hint:
        lines.append(f"  hint: {printable(diagnostic.hint)}")
    return "\n".join(lines)


_INKS = {"error": "\x1b[1;31m", "warning": "\x1b[1;33m", "note": "\x1b[1;36m"}
"""Bold red, yellow and cyan, which light and dark terminals have legible."""
