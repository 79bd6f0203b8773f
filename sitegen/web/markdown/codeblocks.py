"""Code blocks -> HTML: coloured, and with numbered lines where an author asks for them.

What is asked for stands in braces behind the language, where GitHub and editors leave it alone:

    ```c {linenos hl_lines=2,4-5 linenostart=580 name=probe caption="The caller"}

`linenos` numbers the lines, from `linenostart` on; each has an anchor then, `#probe-L581`.
`hl_lines` marks lines, counted from the block's first, as Hugo and Sphinx count them. `name` is
the anchor of the block, which else is `code`, `code-1`; `caption` stands above it.
"""

import re
from html import escape
from typing import NamedTuple

from sitegen import codes
from sitegen.diagnostics import Sink, nearest_hint
from sitegen.web.markdown.highlight import highlight_block, highlight_rows
from sitegen.web.markdown.math import formula_html
from sitegen.web.markdown.places import Places
from sitegen.web.markdown.slugs import Ids


class _Wishes(NamedTuple):
    """What the braces ask for."""

    numbered: bool = False
    first: int = 1
    marked: frozenset[int] = frozenset()
    "lines, from 1"
    name: str = ""
    caption: str = ""


_PLAIN = _Wishes()
_MOST_FORMULAS = 100_000
_INFO = re.compile(r"\s*([^\s{]*)\s*(?:\{(.*)\}\s*)?", re.DOTALL)
_WISH = re.compile(r"\s*([A-Za-z_-]+)(?:=(\"[^\"]*\"|'[^']*'|\[[^\]]*\]|[^\s\"'\[]*))?(?=\s|\Z)")
_NUMBER = re.compile(r"[0-9]{1,7}")
_RANGE = re.compile(r"([0-9]{1,7})(?:-([0-9]{1,7}))?")
_NAME = re.compile(r"[A-Za-z][\w-]{0,60}")
_KNOWN = ("linenos", "linenostart", "hl_lines", "name", "caption")


class CodeBlocks:
    """Writes the code blocks of one document. Lines are of the body, from 0."""

    def __init__(self, ids: Ids, places: Places, sink: Sink, *, math: bool) -> None:
        self._ids = ids
        self._places = places
        self._sink = sink
        self._math = math
        self._room = _MOST_FORMULAS

    def html(self, text: str, info: str, line: int) -> str:
        """A block whose fence says `info` behind its marks."""
        found = _INFO.fullmatch(info)
        language, braces = (found[1], found[2] or "") if found else (info.split(maxsplit=1)[0], "")
        if self._math and language == "math":
            return self.formula(text, line)
        wishes = self._wishes(braces, text.count("\n"), line) if braces.strip() else _PLAIN
        if wishes == _PLAIN:
            return plain_html(text, language)
        name = ""
        if wishes.name and not self._ids.take(wishes.name):
            self._complain(
                line,
                wishes.name,
                f"the page has an anchor '{wishes.name}' already",
                "choose another",
            )
        elif wishes.name or wishes.numbered:
            name = wishes.name or self._ids.give("code")
        if wishes.numbered or wishes.marked:
            code, kind = _rows(highlight_rows(text, language), wishes, name), ' class="excerpt"'
        else:
            code, kind = plain_html(text, language), ""
        anchor = f' id="{escape(name)}"' if name else ""
        caption = (
            wishes.caption and f'<figcaption class="says">{escape(wishes.caption)}</figcaption>\n'
        )
        return f"<figure{kind}{anchor}>\n{caption}{code}</figure>\n"

    def formula(self, text: str, line: int) -> str:
        """A formula on lines of its own."""
        return f'<div class="formula">{self.set_formula(text, line, display=True)}</div>\n'

    def set_formula(self, text: str, line: int, *, display: bool) -> str:
        """A formula, or what was written where it is not understood."""
        message = f"the formula '{' '.join(text.split())[:80]}' is not understood"
        self._room -= len(text)
        if self._room < 0:
            message = f"the page has more than {_MOST_FORMULAS} characters of formulas"
        elif html := formula_html(text, display=display):
            return html
        self._sink.add(
            codes.M017, message, at=self._places.at(line, text.strip()), hint="write it as code"
        )
        return f"<code>{escape(text.strip())}</code>"

    def _wishes(self, braces: str, lines: int, line: int) -> _Wishes:
        """What the braces ask for, without what is not understood."""
        given: dict[str, str] = {}
        at = 0
        while at < len(braces.rstrip()):
            found = _WISH.match(braces, at)
            if found is None:
                self._complain(
                    line,
                    braces[at:].split(maxsplit=1)[0],
                    f"'{braces[at:].strip()[:80]}' is not understood",
                    "write name=value with blanks between",
                )
                break
            given[found[1]] = _unquoted(found[2]) if found[2] is not None else ""
            at = found.end()
        wishes = _PLAIN
        for name, value in given.items():
            wish = _wish(wishes, name, value, lines)
            if wish is not None:
                wishes = wish
            elif name in _KNOWN:
                self._complain(line, name, f"'{name}={value[:80]}' is not understood", _FORMS[name])
            else:
                self._complain(
                    line, name, f"code blocks have no '{name[:80]}'", nearest_hint(name, _KNOWN)
                )
        return wishes

    def _complain(self, line: int, word: str, message: str, hint: str) -> None:
        self._sink.add(codes.M016, message, at=self._places.at(line, word), hint=hint)


_FORMS = {
    "linenos": "write it alone",
    "linenostart": "write linenostart=12",
    "hl_lines": "write lines of the block, counted from 1: hl_lines=2,4-5",
    "name": "write letters, digits, - and _, a letter first",
    "caption": 'write caption="..."',
}


def _wish(wishes: _Wishes, name: str, value: str, lines: int) -> _Wishes | None:
    """The wishes with one more; None for what is not understood. A block has `lines` lines."""
    match name:
        case "linenos" if value in {"", "true", "table", "inline"}:
            return wishes._replace(numbered=True)
        case "linenos" if value == "false":
            return wishes
        case "linenostart" if _NUMBER.fullmatch(value):
            return wishes._replace(numbered=True, first=int(value))
        case "hl_lines":
            marked = _lines(value, lines)
            return wishes._replace(marked=marked) if marked else None
        case "name" if _NAME.fullmatch(value):
            return wishes._replace(name=value)
        case "caption" if value.strip():
            return wishes._replace(caption=" ".join(value.split()))
    return None


def _lines(value: str, lines: int) -> frozenset[int]:
    """The lines that `2,4-5` or `[2, "4-5"]` names; none when one is not of the block."""
    marked: set[int] = set()
    for part in re.split(r"[\s,]+", value.strip("[] ").replace('"', "").replace("'", "")):
        found = _RANGE.fullmatch(part)
        first = int(found[1]) if found else 0
        last = int(found[2] or first) if found else 0
        if not 0 < first <= last <= lines:
            return frozenset()
        marked.update(range(first, last + 1))
    return frozenset(marked)


def _unquoted(value: str) -> str:
    return value[1:-1] if value[:1] in {'"', "'"} else value


def plain_html(text: str, language: str) -> str:
    """A block of code; the language's name is never trusted, only its colours are used.

    What a terminal shows is laid out in columns: it scrolls where it is too wide, and other code wraps.
    """
    start = _TERMINAL if language in _OF_TERMINALS else '<pre class="code">'
    return f"{start}<code>{highlight_block(text, language)}</code></pre>\n"


_TERMINAL = '<pre class="code terminal" role="group" aria-label="Text" tabindex="0">'
_OF_TERMINALS = frozenset({"console", "shell-session", "text", "txt"})


def _rows(rows: tuple[str, ...], wishes: _Wishes, name: str) -> str:
    """The lines, one element each, laid out as source is elsewhere on the page."""
    out = []
    for index, html in enumerate(rows):
        part = "line call" if index + 1 in wishes.marked else "line"
        number = index + wishes.first
        if not wishes.numbered:
            out.append(f'<span class="{part}"><span class="t">{html}</span></span>')
            continue
        anchor = f"{escape(name)}-L{number}"
        link = (
            f'<a class="n" href="#{anchor}" tabindex="-1">{number}</a>'
            if name
            else f'<span class="n">{number}</span>'
        )
        identified = f' id="{anchor}"' if name else ""
        out.append(f'<span class="{part}"{identified}>{link} <span class="t">{html}</span></span>')
    body = "\n".join(out)
    return f'<pre class="source">{body}</pre>\n'
