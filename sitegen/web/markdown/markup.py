"""HTML in Markdown: text, unless the project lets it through, and then a part of it only.

Tags are written anew, from elements and attributes that are listed: no script, no style,
no class, nothing that loads from elsewhere. They are closed where the block they stand in
ends, so that a page keeps its shape. Not nh3's work: it cleans whole fragments, and
`<details>` around Markdown is two halves; and it would leave their links unchecked.
"""

import re
from html import escape, unescape

from sitegen import codes
from sitegen.diagnostics import Sink
from sitegen.web.markdown.hrefs import Hrefs
from sitegen.web.markdown.places import Places
from sitegen.web.markdown.slugs import Ids
from sitegen.web.markdown.tags import BLOCK, INLINE, Tag, read_tag

_VOID = frozenset({"br", "hr", "img", "wbr"})
_WRAPS = BLOCK - {
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
        if not self.on or tag.name not in INLINE:
            self._tell(tag, source, line)
            return escape(source, quote=False)
        return self._tag(tag, line, linked=linked)

    def lines(self, content: str, line: int) -> str:
        """The lines of a block that begins with a tag: nothing in them is Markdown."""
        out: list[str] = []
        content = _uncommented(content)
        done = at = 0
        while (at := content.find("<", at)) >= 0:
            found = read_tag(content, at, len(content))
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
        if name in BLOCK and "p" in self._open[-4:]:
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


def _uncommented(content: str) -> str:
    out: list[str] = []
    done = 0
    while (first := content.find("<!--", done)) >= 0:
        close = content.find("-->", first + 4)
        if close < 0:
            break
        out.append(content[done:first])
        done = close + 3
    return "".join([*out, content[done:]])


def _text(written: str) -> str:
    return escape(unescape(written), quote=False)
