"""HTML tags in Markdown: which there are, and where they stand. What becomes of them is for markup.py."""

import re
from html import unescape
from typing import NamedTuple

from markdown_it.rules_block import StateBlock
from markdown_it.rules_inline import StateInline

INLINE = frozenset([
    "a", "abbr", "b", "bdi", "bdo", "br", "cite", "code", "del", "dfn", "em", "i", "img", "ins",
    "kbd", "mark", "q", "rp", "rt", "ruby", "s", "samp", "small", "span", "strong", "sub",
    "sup", "time", "u", "var", "wbr",
])  # fmt: skip
"""Elements that stand in a line."""

BLOCK = frozenset([
    "blockquote", "caption", "dd", "details", "div", "dl", "dt", "figcaption", "figure", "h1",
    "h2", "h3", "h4", "h5", "h6", "hr", "li", "ol", "p", "pre", "summary", "table", "tbody",
    "td", "tfoot", "th", "thead", "tr", "ul",
])  # fmt: skip
"""Elements that stand on lines of their own."""

_NAME = r"[A-Za-z][A-Za-z0-9]{0,15}"
_ATTRIBUTE = r"[A-Za-z_:][\w:.-]*(?:\s*=\s*(?:\"[^\"]*\"|'[^']*'|[^\s\"'=<>`]+))?"
_TAG = re.compile(rf"<(?P<close>/?)(?P<name>{_NAME})(?P<rest>(?:\s+{_ATTRIBUTE})*)\s*/?>")
_PARTS = re.compile(r"([A-Za-z_:][\w:.-]*)(?:\s*=\s*(\"[^\"]*\"|'[^']*'|[^\s\"'=<>`]+))?")
_BEGINS = re.compile(rf"</?({_NAME})(?=[\s/>]|\Z)")
_FENCE = re.compile(r"`{3}|~{3}|:{3}")

MAX_TAG = 2000
"""Characters of a tag that is still one."""


class Tag(NamedTuple):
    """A tag as written; the `meta` of its token."""

    name: str
    "of an element that may be let through, in lower case"
    closes: bool
    attributes: tuple[tuple[str, str], ...]
    "in the order written, each name once"


def read_tag(source: str, at: int, end: int) -> tuple[Tag, int] | None:
    """The tag at `at` and where it ends; None for anything but a tag of a known element."""
    found = _TAG.match(source, at, min(end, at + MAX_TAG))
    if found is None:
        return None
    name = found["name"].lower()
    if name not in INLINE and name not in BLOCK:
        return None
    attributes: dict[str, str] = {}
    for part in _PARTS.finditer(found["rest"]):
        value = part[2] or ""
        bare = value[1:-1] if value[:1] in {'"', "'"} else value
        attributes.setdefault(part[1].lower(), unescape(bare))
    return Tag(name, bool(found["close"]), tuple(attributes.items())), found.end()


# --- Rules -----------------------------------------------------------------------------------


def inline(state: StateInline, silent: bool) -> bool:  # noqa: FBT001  reason: markdown-it's signature of a rule
    """A tag in a line, as a `tag` token."""
    if state.src[state.pos] != "<":
        return False
    found = read_tag(state.src, state.pos, state.posMax)
    if found is None:
        return False
    tag, end = found
    if not silent:
        token = state.push("tag", "", 0)
        token.content = state.src[state.pos : end]
        token.meta = {"tag": tag, "position": state.pos}
        if tag.name == "a":
            state.linkLevel += -1 if tag.closes else 1
    state.pos = end
    return True


def block(state: StateBlock, start: int, end: int, silent: bool) -> bool:  # noqa: FBT001  reason: markdown-it's signature of a rule
    """Lines from one that begins with the tag of a block to a blank one, as a `markup` token.

    A fence ends them too: where the logs of a document are does not depend on the configuration.
    """
    first = state.bMarks[start] + state.tShift[start]
    if state.src[first : first + 1] != "<" or state.is_code_block(start):
        return False
    found = _BEGINS.match(state.src, first, state.eMarks[start])
    if found is None or found[1].lower() not in BLOCK:
        return False
    if silent:
        return True
    line = start + 1
    while line < end and not state.isEmpty(line) and state.sCount[line] >= state.blkIndent:
        if _FENCE.match(state.src, state.bMarks[line] + state.tShift[line]):
            break
        line += 1
    token = state.push("markup", "", 0)
    token.map = [start, line]
    token.content = state.getLines(start, line, state.blkIndent, True)
    state.line = line
    return True
