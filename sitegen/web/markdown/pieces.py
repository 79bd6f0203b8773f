"""Tokens and texts -> pieces of HTML. Escapes whatever an author wrote."""

import re
from html import escape

from markdown_it.token import Token

from sitegen.web.markdown.highlight import highlight_block

FOOTNOTES = frozenset(
    {
        "footnote_block_open",
        "footnote_block_close",
        "footnote_open",
        "footnote_close",
        "footnote_anchor",
    }
)


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


_URL = re.compile(r"(?<![\w/])https?://[^\s<>\"'`]+")


def text_html(text: str, *, link: bool) -> str:
    """Escaped text; addresses in it become links when `link`."""
    if not link:
        return escape(text, quote=False)
    out: list[str] = []
    done = 0
    for found in _URL.finditer(text):
        url = _trim(found[0])
        out.append(escape(text[done : found.start()], quote=False))
        out.append(f'<a href="{escape(url)}">{escape(url, quote=False)}</a>')
        done = found.start() + len(url)
    out.append(escape(text[done:], quote=False))
    return "".join(out)


def _trim(url: str) -> str:
    """An address without the punctuation of the sentence around it."""
    open_ones = url.count("(") - url.count(")")  # below 0: a bracket closes that was open before
    end = len(url)
    while end:
        last = url[end - 1]
        if last == ")" and open_ones < 0:
            open_ones += 1
        elif last not in ".,;:!?*_~":
            break
        end -= 1
    return url[:end]


def code_html(text: str, language: str) -> str:
    """A block of code; the language's name is never trusted, only its colours are used."""
    return f'<pre class="code"><code>{highlight_block(text, language)}</code></pre>\n'


def task_html(*, done: bool) -> str:
    checked, label = (" checked", "done") if done else ("", "to do")
    return f'<input type="checkbox" disabled{checked} aria-label="{label}"> '


def footnote_html(token: Token) -> str:
    match token.type:
        case "footnote_ref":
            number, times = token.meta["id"] + 1, token.meta["subId"]
            name = f"{number}:{times}" if times > 0 else f"{number}"
            return (
                f'<sup><a class="footnote" href="#fn:{number}" id="fnref:{name}">{number}</a></sup>'
            )
        case "footnote_block_open":
            return '<section class="footnotes" aria-label="Footnotes">\n<ol>\n'
        case "footnote_block_close":
            return "</ol>\n</section>\n"
        case "footnote_open":
            return f'<li id="fn:{token.meta["id"] + 1}">\n'
        case "footnote_close":
            return "</li>\n"
        case _:
            number, times = token.meta["id"] + 1, token.meta["subId"]
            name = f"{number}:{times}" if times > 0 else f"{number}"
            return f' <a href="#fnref:{name}" aria-label="Back to the text">\N{LEFTWARDS ARROW WITH HOOK}\ufe0e</a>'


def problem_box(message: str, source: str = "") -> str:
    """What is wrong with a block, where the block stands, with its text."""
    text = f"<pre>{escape(source)}</pre>" if source else ""
    return f'<div class="problem"><p>{escape(message)}</p>{text}</div>\n'
