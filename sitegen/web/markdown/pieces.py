"""Tokens and texts -> pieces of HTML. Escapes whatever an author wrote."""

import re
from html import escape

from markdown_it.token import Token


def tag_html(token: Token) -> str:
    """An opening, closing or empty element; a list's first number and a cell's side are kept."""
    if token.nesting < 0:
        return f"</{token.tag}>" + ("\n" if token.block else "")
    attributes = ""
    if token.attrs:
        if "start" in token.attrs:
            attributes = f' start="{int(token.attrs["start"])}"'
        elif side := _SIDES.get(str(token.attrs.get("style"))):
            attributes = f' class="{side}"'
    breaks = token.block and (token.nesting == 0 or token.tag in _OUTER)
    return f"<{token.tag}{attributes}>" + ("\n" if breaks else "")


_SIDES = {f"text-align:{side}": f"align-{side}" for side in ("left", "center", "right")}
_OUTER = frozenset({"ul", "ol", "dl", "blockquote", "table", "thead", "tbody", "tr"})


def needs_break(tokens: list[Token], at: int) -> bool:
    """Whether a hidden paragraph's end is followed by a block, which begins a line of its own."""
    token = tokens[at]
    return token.nesting < 0 and at + 1 < len(tokens) and tokens[at + 1].nesting > 0


def code_html(text: str) -> str:
    """`text` as code. No line ends within C's arrow, as browsers would have it behind the hyphen."""
    html = escape(text)
    if "-&gt;" in html:
        html = _ARROW.sub('<span class="arrow">-&gt;</span>', html)
    return f"<code>{html}</code>"


_ARROW = re.compile(r"(?<!-)-&gt;(?=[A-Za-z_])")

SCROLLER = '<div class="scroller" role="group" aria-label="Table" tabindex="0">\n'
"""Around a table that may be wider than a phone, so that the page itself never scrolls sideways."""

_NARROW = 36  # characters


def is_wide(tokens: list[Token], start: int) -> bool:
    """Whether the longest words of a table's columns are together wider than a phone."""
    longest: list[int] = []
    column = 0
    for at in range(start, len(tokens)):
        kind = tokens[at].type
        if kind == "table_close":
            break
        if kind == "tr_open":
            column = 0
        elif kind == "inline":
            longest += [0] * (column + 1 - len(longest))
            words = (len(word) for word in tokens[at].content.split())
            longest[column] = max(longest[column], *words, 0)
            column += 1
    return sum(longest) + 2 * len(longest) > _NARROW


def task_html(*, done: bool) -> str:
    checked, label = (" checked", "done") if done else ("", "to do")
    return f'<input type="checkbox" disabled{checked} aria-label="{label}"> '


def problem_box(message: str, source: str = "") -> str:
    """What is wrong with a block, where the block stands, with its text."""
    text = f"<pre>{escape(source)}</pre>" if source else ""
    return f'<div class="problem"><p>{escape(message)}</p>{text}</div>\n'
