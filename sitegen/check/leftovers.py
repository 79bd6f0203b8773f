"""What `sitegen new` asked and nobody answered: paragraphs that begin with `TODO:`."""

import re
from collections.abc import Iterator

from sitegen import codes
from sitegen.check.subjects import Subject
from sitegen.diagnostics import Diagnostic, Place
from sitegen.web.content import TODO
from sitegen.web.markdown import find_prose

_LEFT = re.compile(rf"[\s>*+-]*(?:[0-9]+[.)]\s+)?(?:\[[ xX]\]\s+)?(?:<!--\s*)?{TODO}")
_KEYS = ("title", "trigger", "repro", "kernel")
_LONGEST = 300
"""Characters of a line that are looked at."""


def leftovers(subject: Subject) -> Iterator[Diagnostic]:
    """Lines of the prose, and values of the front matter, that are still to be written."""
    document = subject.document
    for name in _KEYS:
        if getattr(document.front, name).startswith(TODO):
            yield Diagnostic(
                codes.M019, f"'{name}' is still to be written", subject.key(name), _HINT
            )
    if TODO not in document.body:
        return
    for number, line in find_prose(document.body):
        found = _LEFT.match(line, 0, _LONGEST)
        if found:
            shown = line if len(line) <= _LONGEST else ""
            at = Place(
                document.file,
                document.body_line + number - 1,
                found.end() - len(TODO) + 1,
                found.end() + 1,
                shown,
            )
            yield Diagnostic(codes.M019, "a line that is still to be written", at, _HINT)


_HINT = "write it, or take it out"
