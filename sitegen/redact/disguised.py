"""Values that stand in a text in other characters than a reader sees: `10&#46;0.0.5`, `d*b*01`.

Such a value is not replaced, since what it is written with belongs to the text. It is found, so
that nobody publishes it. What is looked for is what the rules name, whether or not it stands
anywhere in its plain form.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from html import unescape
from typing import NamedTuple
from urllib.parse import unquote

from sitegen.redact.redactor import Redactor
from sitegen.redact.scan import UNSEEN


class Disguised(NamedTuple):
    """A value that a reader of the page sees, and that the text does not show."""

    line: int
    "from 1"
    rule: str
    "how diagnostics call the rule or class"


# Without one of these a text is what it looks like.
_SIGN = re.compile(r"[&%*~`_<\\]|\]\(|[^\x00-\x7f]")
# What a browser or Markdown takes out of a line.
_MARKS = re.compile(
    r"<!--.{0,400}?-->"
    r"|</?(?:a|abbr|b|bdi|bdo|big|cite|code|data|del|dfn|em|font|i|ins|kbd|mark|q|s|samp|small|span"
    r"|strong|sub|sup|time|tt|tspan|u|var|wbr)\b[^<>]{0,400}>",
    re.IGNORECASE,
)
_LINK = re.compile(r"!?\[(?P<text>[^\[\]]{0,400})\](?:\([^()]{0,400}\)|\{[^{}]{0,400}\})")
_EMPHASIS = re.compile(r"[*~`]+|(?<![^\W_])_+|_+(?![^\W_])")
_BACKSLASH = re.compile(r"\\([!-/:-@\[-`{-~])")
_NOTES = re.compile("[\u00b2\u00b3\u00b9\u2070-\u209f]")  # of footnotes, which follow a word
_UNICODE = re.compile(r"\\u([0-9a-f]{4})|\\x([0-9a-f]{2})", re.IGNORECASE)


def find_disguised(text: str, redactor: Redactor) -> Iterator[Disguised]:
    """What the rules name in the lines of `text` as they are read, but not as they are written."""
    if not _SIGN.search(text):
        return
    for number, line in enumerate(text.split("\n"), 1):
        if not _SIGN.search(line):
            continue
        plain: set[str] | None = None
        told: set[str] = set()
        for form in _forms(line):
            for match in redactor.matches(form):
                if plain is None:
                    found = {one.value for one in redactor.matches(line)}
                    plain = found | {_EMPHASIS.sub("", value) for value in found}
                if match.value not in plain and match.rule not in told:
                    told.add(match.rule)
                    yield Disguised(number, match.rule)


def _forms(line: str) -> Iterable[str]:
    """The ways to read a line, each once, without the one that it is written in."""
    whole = UNSEEN.sub("", unescape(_MARKS.sub("", line)))
    seen = unicodedata.normalize("NFKC", _NOTES.sub(" ", whole))
    bare = _EMPHASIS.sub("", _LINK.sub(r"\g<text>", seen))
    forms = (
        seen,
        unquote(seen),
        _UNICODE.sub(lambda one: chr(int(one[1] or one[2], 16)), seen),
        _BACKSLASH.sub(r"\1", seen),
        bare,
        _BACKSLASH.sub(r"\1", bare),
    )
    return [form for form in dict.fromkeys(forms) if form != line]
