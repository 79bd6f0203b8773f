"""HTML in Markdown: text, unless the project lets it through, and then a part of it only.

Tags are taken apart and written anew, from the elements and attributes below: no script,
no style, no class, nothing that loads from elsewhere. They are closed where the block they
stand in ends, so that a page keeps its shape. Not nh3's work: it cleans whole fragments,
and `<details>` around Markdown is two halves; and it would leave their links unchecked.
"""

import re
from html import escape, unescape
from typing import NamedTuple

from markdown_it.rules_block import StateBlock
from markdown_it.rules_inline import StateInline

from sitegen import codes
from sitegen.diagnostics import Sink
from sitegen.web.markdown.hrefs import Hrefs
from sitegen.web.markdown.places import Places
from sitegen.web.markdown.slugs import Ids

_VOID = frozenset({"br", "hr", "img", "wbr"})
_INLINE = frozenset([
    "a", "abbr", "b", "bdi", "bdo", "br", "cite", "code", "del", "dfn", "em", "i", "img", "ins",
    "kbd", "mark", "q", "rp", "rt", "ruby", "s", "samp", "small", "span", "strong", "sub",
    "sup", "time", "u", "var", "wbr",
])  # fmt: skip
_BLOCK = frozenset([
    "blockquote", "caption", "dd", "details", "div", "dl", "dt", "figcaption", "figure", "h1",
    "h2", "h3", "h4", "h5", "h6", "hr", "li", "ol", "p", "pre", "summary", "table", "tbody",
    "td", "tfoot", "th", "thead", "tr", "ul",
])  # fmt: skip
_WRAPS = _BLOCK - {
    "caption",
    "figcaption",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "p",
    "pre",
    "summary",
}
"""What may stand around Markdown: other elements end with their lines."""

_CELLS = frozenset({"td", "th"})
_PARTS_OF_TABLES = frozenset({"tbody", "td", "tfoot", "th", "thead", "tr"})
_ENDS = {
    "dd": frozenset({"dd", "dt"}),
    "dt": frozenset({"dd", "dt"}),
    "li": frozenset({"li"}),
    "tbody": _PARTS_OF_TABLES,
    "td": _CELLS,
    "tfoot": _PARTS_OF_TABLES,
    "th": _CELLS,
    "thead": _PARTS_OF_TABLES,
    "tr": _CELLS | {"tr"},
}
"""Elements that end where another begins, by its name."""

_NUMBER = re.compile(r"[0-9]{1,4}")
_WORDS = re.compile(r"[^\0]{1,500}")
_ATTRIBUTES: dict[str, dict[str, re.Pattern[str]]] = {
    "": {
        "dir": re.compile(r"ltr|rtl|auto"),
        "lang": re.compile(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8}){0,4}"),
        "title": _WORDS,
    },
    "details": {"open": re.compile("|open")},
    "li": {"value": _NUMBER},
    "ol": {"start": _NUMBER, "reversed": re.compile("|reversed")},
    "td": {"colspan": _NUMBER, "rowspan": _NUMBER},
    "th": {"colspan": _NUMBER, "rowspan": _NUMBER},
    "time": {"datetime": re.compile(r"[0-9TZ:.+ -]{4,40}")},
}
"""What may stand in an element, by its name; under the empty one what may stand in all of them."""

_NAME = r"[A-Za-z][A-Za-z0-9]{0,15}"
_ATTRIBUTE = r"[A-Za-z_:][\w:.-]*(?:\s*=\s*(?:\"[^\"]*\"|'[^']*'|[^\s\"'=<>`]+))?"
_TAG = re.compile(rf"<(?P<close>/?)(?P<name>{_NAME})(?P<rest>(?:\s+{_ATTRIBUTE})*)\s*/?>")
_PARTS = re.compile(r"([A-Za-z_:][\w:.-]*)(?:\s*=\s*(\"[^\"]*\"|'[^']*'|[^\s\"'=<>`]+))?")
_BEGINS = re.compile(rf"</?({_NAME})(?=[\s/>]|\Z)")
_FENCE = re.compile(r"`{3}|~{3}|:{3}")
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)

MAX_TAG = 2000
"""Characters of a tag that is still one."""


class Tag(NamedTuple):
    """A tag as written; the `meta` of its token."""

    name: str
    "of an element that may be let through, in lower case"
    closes: bool
    attributes: tuple[tuple[str, str], ...]
    "in the order written, each name once"


def _read(source: str, at: int, end: int) -> tuple[Tag, int] | None:
    """The tag at `at` and where it ends; None for anything but a tag of a known element."""
    found = _TAG.match(source, at, min(end, at + MAX_TAG))
    if found is None:
        return None
    name = found["name"].lower()
    if name not in _INLINE and name not in _BLOCK:
        return None
    attributes: dict[str, str] = {}
    for part in _PARTS.finditer(found["rest"]):
        value = part[2] or ""
        attributes.setdefault(
            part[1].lower(),
            unescape(value.strip(value[0]) if value[:1] in "\"'" and value else value),
        )
    return Tag(name, bool(found["close"]), tuple(attributes.items())), found.end()


# --- Rules -----------------------------------------------------------------------------------


def inline(state: StateInline, silent: bool) -> bool:  # noqa: FBT001  reason: markdown-it's signature of a rule
    """A tag in a line, as a `tag` token."""
    if state.src[state.pos] != "<":
        return False
    found = _read(state.src, state.pos, state.posMax)
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
    if found is None or found[1].lower() not in _BLOCK:
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


# --- Writing ---------------------------------------------------------------------------------


class Markup:
    """Writes the tags of one document. Without `on` they are text, and the sink is told."""

    def __init__(self, hrefs: Hrefs, ids: Ids, places: Places, sink: Sink, *, on: bool) -> None:
        self.on = on
        self._hrefs = hrefs
        self._ids = ids
        self._places = places
        self._sink = sink
        self._told: set[str] = set()
        self._open: list[str] = []  # elements that an author opened; empty for one of Markdown's

    def enter(self) -> None:
        """An element of Markdown's begins."""
        self._open.append("")

    def leave(self) -> str:
        """It ends: what closes the author's elements in it."""
        closing = ""
        while self._open and (name := self._open.pop()):
            closing += f"</{name}>"
        return closing

    @property
    def in_link(self) -> bool:
        return "a" in self._open

    def tag(self, tag: Tag, source: str, line: int, *, linked: bool) -> str:
        """A tag in a line. `linked`: inside a link, where no other may begin."""
        if not self.on or tag.name not in _INLINE:
            self._tell(tag, source, line)
            return escape(source, quote=False)
        return self._tag(tag, line, linked=linked)

    def lines(self, content: str, line: int) -> str:
        """The lines of a block that begins with a tag: nothing in them is Markdown."""
        out: list[str] = []
        content = _COMMENT.sub("", content)
        done = at = 0
        while (at := content.find("<", at)) >= 0:
            found = _read(content, at, len(content))
            if found is None:
                at += 1
                continue
            out += [_text(content[done:at]), self._tag(found[0], line, linked=self.in_link)]
            done = at = found[1]
        out.append(_text(content[done:]))
        while self._open and self._open[-1] and self._open[-1] not in _WRAPS:
            out.append(f"</{self._open.pop()}>")
        return "".join(out)

    def _tag(self, tag: Tag, line: int, *, linked: bool) -> str:
        if tag.closes:
            return self._close(tag.name)
        if tag.name == "a" and linked:
            return ""
        ended = self._ended(tag.name)
        given = dict(tag.attributes)
        if tag.name == "img":
            size = tuple(given.get(side, "") for side in ("width", "height"))
            width, height = (side if _NUMBER.fullmatch(side) else "" for side in size)
            return ended + self._hrefs.picture(
                given.get("src", ""),
                given.get("alt", ""),
                given.get("title", ""),
                line,
                wanted=(width, height),
                linked=linked,
            )
        written = [
            f' {name}="{escape(value)}"' if value else f" {name}"
            for name, value in given.items()
            if _may(tag.name, name, value)
        ]
        if (
            (name := given.get("id") or given.get("name", ""))
            and _ID.fullmatch(name)
            and self._ids.take(name)
        ):
            written.append(f' id="{name}"')
        if tag.name == "a" and "href" in given:
            href = self._hrefs.href(given["href"], line)
            written += [f' href="{escape(href)}"'] if href is not None else []
        if tag.name not in _VOID:
            if len(self._open) >= _MAX_OPEN:
                return ended
            self._open.append(tag.name)
        return f"{ended}<{tag.name}{''.join(written)}>"

    def _ended(self, name: str) -> str:
        """What an opening tag closes without saying so: an item the one above it, a block a paragraph."""
        closing = ""
        if name in _BLOCK and "p" in self._open[-4:]:
            closing = self._close("p")
        while self._open and self._open[-1] in _ENDS.get(name, ()):
            closing += f"</{self._open.pop()}>"
        return closing

    def _close(self, name: str) -> str:
        """What closes the element, and those in it; nothing when it was not opened in this block."""
        closing = ""
        for at in range(len(self._open) - 1, -1, -1):
            if not self._open[at]:
                return ""
            closing += f"</{self._open[at]}>"
            if self._open[at] == name:
                del self._open[at:]
                return closing
        return ""

    def _tell(self, tag: Tag, source: str, line: int) -> None:
        if tag.name in self._told:
            return
        self._told.add(tag.name)
        hint = "write it as code, or set raw-html = true in the configuration"
        if self.on:
            hint = "begin a line with it"
        message = f"HTML is shown as text: '{source[:80]}'"
        self._sink.add(codes.M015, message, at=self._places.at(line, source), hint=hint)


_ID = re.compile(r"(?!(?:.*-)?L[0-9])[A-Za-z][\w.:-]{0,80}")  # L12 is a line of a log, or of code

_MAX_OPEN = 200
"""Elements in each other, Markdown's among them: what opens deeper is left out."""


def _may(element: str, name: str, value: str) -> bool:
    form = _ATTRIBUTES.get(element, {}).get(name) or _ATTRIBUTES[""].get(name)
    return form is not None and form.fullmatch(value) is not None


def _text(written: str) -> str:
    return escape(unescape(written), quote=False)
