"""A document -> its prose as HTML, with the directives where the author placed them.

Walks the tokens of syntax.py once. Everything a document says is escaped here; what
`place` and the roles return is trusted. A block that cannot be used is shown as a box
with its source, so that nothing an author wrote is lost.
"""

import re
from collections.abc import Iterable
from html import escape

from markdown_it.token import Token
from msgspec.structs import replace

from sitegen import codes
from sitegen.diagnostics import Sink
from sitegen.web.content import Document
from sitegen.web.markdown import footnotes
from sitegen.web.markdown.codeblocks import CodeBlocks, plain_html
from sitegen.web.markdown.fences import PANIC, Block
from sitegen.web.markdown.footnotes import Unused
from sitegen.web.markdown.hrefs import Hrefs
from sitegen.web.markdown.inlines import Inlines
from sitegen.web.markdown.markup import Markup
from sitegen.web.markdown.pieces import SCROLLER, is_wide, needs_break, problem_box, tag_html
from sitegen.web.markdown.places import Places
from sitegen.web.markdown.slugs import Ids, heading_slug
from sitegen.web.markdown.syntax import MAX_NESTING, anchor_text, parse, plain_text
from sitegen.web.markdown.uses import check_use
from sitegen.web.markdown.values import (
    DirectiveUse,
    Heading,
    Means,
    PlaceDirective,
    Rendered,
    Resolve,
)


def render_document(
    document: Document, *, means: Means, place: PlaceDirective, resolve: Resolve, sink: Sink
) -> Rendered:
    """The document's prose. A leading `# heading` that the page's title repeats is left out."""
    bodies = {name: spec.body for name, spec in means.directives.items()}
    tokens, unused = parse(document.body, bodies, means.syntax)
    writer = _Writer(document, means, place, resolve, sink)
    start = 0
    if document.heading and document.title == document.heading:
        writer.take_title(tokens[1])
        start = 3
    html = writer.inside(tokens, start, len(tokens))
    writer.complain(unused)
    return writer.rendered(html)


# GitHub's alerts, `> [!NOTE]`, are shown as the directives of their names.
_ALERT = re.compile(r"\[!(note|tip|important|warning|caution)\][ \t]*(?:\n|\Z)", re.IGNORECASE)


class _Writer:
    """Writes one document; collects what is met on the way."""

    def __init__(
        self,
        document: Document,
        means: Means,
        place: PlaceDirective,
        resolve: Resolve,
        sink: Sink,
    ) -> None:
        self._means = means
        self._place_directive = place
        self._sink = sink
        self._places = Places(document)
        self._hrefs = Hrefs(self._places, resolve, sink)
        self._ids = Ids(means.taken)
        on = means.syntax.raw_html
        self._markup = Markup(self._hrefs, self._ids, self._places, sink, on=on)
        self._code = CodeBlocks(self._ids, self._places, sink, math=means.syntax.math)
        self._inlines = Inlines(means, self._places, self._hrefs, self._markup, self._code, sink)
        self._line = 0  # of the block being written, from 0: the fallback of every place
        self._anchor = ""
        self._toc: list[Heading] = []
        self._used: set[str] = set()
        self._logs = {log.block: log.id for log in document.logs}
        self._too_deep = False
        self._wide = False  # the table that is being written

    def rendered(self, html: str) -> Rendered:
        return Rendered(
            html=html,
            anchor=self._anchor,
            toc=tuple(self._toc),
            words=self._inlines.words,
            links=tuple(self._hrefs.links),
            assets=tuple(sorted(self._hrefs.assets)),
            used=tuple(sorted(self._used)),
        )

    def take_title(self, inline: Token) -> None:
        """Keeps the id of the leading heading for the page's title."""
        if slug := heading_slug(anchor_text(inline.children)):
            self._anchor = self._ids.give(slug)

    def complain(self, unused: Iterable[Unused]) -> None:
        for label, line in unused:
            at = self._places.at(line, f"[^{label}]", label)
            message = f"nothing refers to the footnote '{label[:80]}'"
            self._sink.add(
                codes.M014, message, at=at, hint=f"write [^{label[:80]}] where it belongs"
            )

    # --- Blocks ------------------------------------------------------------------------------

    def inside(self, tokens: list[Token], start: int, end: int) -> str:
        """The HTML of tokens[start:end], whole blocks, in which HTML that is opened is closed."""
        self._markup.enter()
        return self._blocks(tokens, start, end) + self._markup.leave()

    def _blocks(self, tokens: list[Token], start: int, end: int) -> str:
        out: list[str] = []
        at = start
        while at < end:
            token = tokens[at]
            if token.map:
                self._line = token.map[0]
            kind = token.type
            if token.nesting < 0:
                out.append(self._markup.leave())
            if kind == "inline":
                if ":::" in token.content:
                    self._tell_strays(token)
                out.append(self._inlines.html(token, self._line))
            elif kind == "heading_open":
                out.append(self._heading(token, tokens[at + 1]))
            elif kind in _CONTAINERS:
                self._check_depth(token)
                close, whole = self._container(tokens, at)
                out.append(tag_html(token) if whole is None else whole)
                if whole is None:
                    self._markup.enter()
                at = close + 1
                continue
            elif kind == "directive":
                out.append(self._directive(token, token.content))
            elif kind == "fence":
                out.append(self._code.html(token.content, token.info, self._line))
            elif kind == "code_block":
                out.append(plain_html(token.content, ""))
            elif kind == "math":
                out.append(self._code.formula(token.content, self._line))
            elif kind == "markup":
                out.append(self._markup.lines(token.content, self._line))
            elif kind in footnotes.SECTION:
                out.append(footnotes.section_html(token))
            elif kind == "table_open":
                self._wide = is_wide(tokens, at)
                out.append((SCROLLER if self._wide else "") + tag_html(token))
            elif kind == "table_close":
                out.append(tag_html(token) + ("</div>\n" if self._wide else ""))
            elif not token.hidden:
                out.append(tag_html(token))
            elif needs_break(tokens, at):
                out.append("\n")
            if token.nesting > 0:
                self._markup.enter()
            at += 1
        return "".join(out)

    def _tell_strays(self, inline: Token) -> None:
        """Complains about lines that were meant to close a directive and are shown as text."""
        for number, text in enumerate(inline.content.split("\n"), self._line):
            if re.fullmatch(r":{3,}[ \t]*", text):
                self._sink.add(
                    codes.M018,
                    f"there is no directive that '{text.strip()[:80]}' could close",
                    at=self._places.at(number, text.strip()),
                    hint="take it away, or give the directives around it colons of their own number",
                )

    def _container(self, tokens: list[Token], start: int) -> tuple[int, str | None]:
        """A directive or an alert as HTML, and the index of its end; None for a plain container."""
        token = tokens[start]
        if token.type == "directive_open":
            close = _find_close(tokens, start)
            return close, self._directive(token, self.inside(tokens, start + 1, close))
        if token.type == "blockquote_open":
            close = _find_close(tokens, start)
            alert = self._alert(tokens, start, close)
            return (start, None) if alert is None else (close, alert)
        if token.type == "list_item_open":
            _make_task(tokens, start)
        return start, None

    def _check_depth(self, token: Token) -> None:
        if token.level >= MAX_NESTING - 1 and not self._too_deep:
            self._too_deep = True
            self._sink.add(
                codes.M011,
                f"nested deeper than {MAX_NESTING} levels: the rest of the block is left out",
                at=self._places.at(self._line),
                hint="nest lists and quotes less",
            )

    def _heading(self, token: Token, inline: Token) -> str:
        text = plain_text(inline.children).strip()
        name = self._ids.give(heading_slug(anchor_text(inline.children)) or "section")
        self._toc.append(Heading(int(token.tag[1]), text, name))
        return f'<{token.tag} id="{escape(name)}">'

    def _alert(self, tokens: list[Token], start: int, close: int) -> str | None:
        if close < start + 3 or tokens[start + 1].type != "paragraph_open":
            return None
        inline = tokens[start + 2]
        found = _ALERT.match(inline.content)
        name = found[1].lower() if found else ""
        if name not in self._means.directives:
            return None
        children = inline.children or []
        cut = next((n for n, child in enumerate(children) if child.type == "softbreak"), None)
        inline.children = children[cut + 1 :] if cut is not None else []
        first = start + 1 if inline.children else start + 4
        line = self._line
        body = self.inside(tokens, first, close)
        self._used.add(name)
        return self._place_directive(DirectiveUse(name=name, body=body, at=self._places.at(line)))

    # --- Directives --------------------------------------------------------------------------

    def _directive(self, token: Token, body: str) -> str:
        """A directive where it stands: what `place` makes of it, or a box saying what is wrong."""
        block: Block = token.meta["block"]
        first, end = token.map or (0, 0)
        source = "\n".join(self._places.lines[first:end])
        checked = check_use(block, body, source, self._means.directives, self._places, self._sink)
        use = checked.use
        if use is None:
            return checked.boxes
        if use.name == PANIC:
            use = replace(use, log=self._logs.get(use.at.line, ""))
            if not use.log:
                return problem_box(f"the log file '{use.option('file')}' could not be read")
        self._used.add(use.name)
        return checked.boxes + self._place_directive(use)


_CONTAINERS = frozenset({"directive_open", "blockquote_open", "list_item_open", "dd_open"})


def _find_close(tokens: list[Token], start: int) -> int:
    """The index of the token that closes the container opened at `start`."""
    level = tokens[start].level
    kind = tokens[start].type.removesuffix("_open") + "_close"
    at = start + 1
    while tokens[at].level != level or tokens[at].type != kind:
        at += 1
    return at


def _make_task(tokens: list[Token], start: int) -> None:
    """Turns `[ ]` and `[x]` at the start of a list item into a box that cannot be changed."""
    if start + 2 >= len(tokens) or tokens[start + 2].type != "inline":
        return
    children = tokens[start + 2].children or []
    first = children[0] if children else None
    if first is None or first.type != "text" or first.content[:4] not in {"[ ] ", "[x] ", "[X] "}:
        return
    done = first.content[1] != " "
    first.content = first.content[4:]
    children.insert(0, Token("task", "", 0, meta={"done": done}))
