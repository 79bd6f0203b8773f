"""What a reader of the site would see of values that no rule finds where they are written."""

from collections.abc import Iterable, Iterator
from itertools import islice

import msgspec

from sitegen import codes
from sitegen.build.editor import Editor
from sitegen.diagnostics import Diagnostic, Place
from sitegen.redact.disguised import Disguised
from sitegen.web.content import Document

_HINT = "write the value as it is read, and it is replaced; or take it out"
_MOST = 200
"""Places of a file that are complained about."""


def disguises(document: Document, editor: Editor) -> tuple[Diagnostic, ...]:
    """Of a document: in its body, line by line, and in its front matter."""
    plain = "\n".join(_texts(msgspec.to_builtins(document.front)))
    front = list(editor.disguised(plain))[:1]
    body = editor.disguised(document.body)
    return (
        *(_problem(document.file, 1, one.rule) for one in front),
        *text_problems(document.file, body, document.body_line),
    )


def text_problems(file: str, found: Iterable[Disguised], first: int = 1) -> tuple[Diagnostic, ...]:
    """Of what was found in a text whose first line is line `first` of the file."""
    some = islice(found, _MOST)
    return tuple(_problem(file, first + one.line - 1, one.rule) for one in some)


def _problem(file: str, line: int, rule: str) -> Diagnostic:
    """Without the line itself: it holds the value."""
    message = f"the text holds, in other characters than are read, what is redacted ({rule})"
    return Diagnostic(codes.G013, message, Place(file, line), _HINT)


def _texts(value: object) -> Iterator[str]:
    """All texts in plain values, each in one line."""
    match value:
        case str():
            yield " ".join(value.split())
        case dict():
            for key, one in value.items():
                yield from _texts(key)
                yield from _texts(one)
        case list() | tuple():
            for one in value:
                yield from _texts(one)
