"""Draft -> Markdown. What it says is decided elsewhere; here is how it is written down."""

import re
from collections.abc import Iterator
from textwrap import fill

from sitegen.authoring.draft import Draft, DraftLog
from sitegen.authoring.front import write_front_matter

INSIDE = 120
"""Lines of a log that a case may hold itself; a longer one stands in a file beside it."""
_MOST_CHARACTERS = 32 << 10
_TICKS = re.compile(r"`+")
_MOST_TICKS = 12
_WIDTH = 100
_ODD = re.compile(r"[^\S \t\n]|[\x00-\x08\x0e-\x1f\x7f\ufeff\ufffd\u2400]")
"what an editor, git or a reader of Markdown may change or not show"


def fits_inside(logs: tuple[DraftLog, ...]) -> bool:
    """Whether the case's log may stand in the case: one, short, and plain text."""
    if len(logs) != 1:
        return False
    text = logs[0].text
    return (
        len(text) <= _MOST_CHARACTERS
        and text.count("\n") <= INSIDE
        and text.endswith("\n")
        # The first lines would be read as options, and a blank line below options goes.
        and not text.startswith((":", "\n", " ", "\t"))
        and not _ODD.search(text)
        and max(map(len, _TICKS.findall(text)), default=0) <= _MOST_TICKS
    )


def render(draft: Draft, *, inside: bool) -> str:
    """The case as its file holds it; logs inside it, or named by `:file:`."""
    blocks = [write_front_matter(draft.front).rstrip("\n"), wrapped(draft.lead)]
    blocks += (_inside(log) if inside else beside(log) for log in draft.logs)
    for part in draft.parts:
        blocks += [f"## {part.heading}", wrapped(part.text)]
    return "\n\n".join(block for block in blocks if block) + "\n"


def _inside(log: DraftLog) -> str:
    ticks = "`" * max(3, 1 + max(map(len, _TICKS.findall(log.text)), default=0))
    options = list(_options(log))
    head = [f"{ticks}{{panic}}", *options, ""] if options else [f"{ticks}panic"]
    return "\n".join([*head, f"{log.text}{ticks}"])


def beside(log: DraftLog) -> str:
    """The block that names a log in a file beside the case."""
    return "\n".join(["```{panic}", f":file: {log.file}", *_options(log), "```"])


def _options(log: DraftLog) -> Iterator[str]:
    for name, value in (("id", log.id), ("date", log.day), ("kernel", log.kernel)):
        if value:
            yield f":{name}: {value}"


_AS_IT_IS = re.compile(r"[`:~|>#]|- \[.*\]\(|(?: {4}|\t)")
_ITEM = re.compile(r"(?:[-*] (?:\[ \] )?|\d+\. )")


def wrapped(text: str) -> str:
    """Markdown with its paragraphs and list items broken into lines; tables and fences as they are."""
    return "\n\n".join(map(_wrapped_block, text.split("\n\n")))


def _wrapped_block(block: str) -> str:
    lines = block.split("\n")
    return "\n".join(_wrapped_line(line) for line in lines)


def _wrapped_line(line: str) -> str:
    if len(line) <= _WIDTH or _AS_IT_IS.match(line):
        return line
    item = _ITEM.match(line)
    indent = " " * item.end() if item else ""
    return fill(
        line, _WIDTH, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False
    )


# An underscore inside of a word is one.
_ACTIVE = re.compile(r"([\\`*{}\[\]<>#|~$!&]|(?<![^\W_])_|_(?![^\W_]))")


def plain(text: str) -> str:
    r"""`text` as Markdown that shows it as it is, on one line.

    >>> plain("a *b* [c]")
    'a \\*b\\* \\[c\\]'
    """
    return _ACTIVE.sub(r"\\\1", " ".join(text.split()))


def code(text: str) -> str:
    """`text` as a code span."""
    text = " ".join(text.split())
    ticks = "`" * (1 + max(map(len, _TICKS.findall(text)), default=0))
    pad = " " if text.startswith("`") or text.endswith("`") else ""
    return f"{ticks}{pad}{text}{pad}{ticks}"
