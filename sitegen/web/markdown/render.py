"""A document -> its prose as HTML, with the directives where the author placed them.

Walks the tokens of syntax.py once. Everything a document says is escaped here; what
`place` and the roles return is trusted. A block that cannot be used is shown as a box
with its source, so that nothing an author wrote is lost.
"""

import re
from html import escape

from markdown_it.token import Token
from msgspec.structs import replace

from sitegen import codes
from sitegen.diagnostics import Sink, nearest_hint
from sitegen.web.content import Document
from sitegen.web.index import Link
from sitegen.web.markdown.fences import PANIC, Block
from sitegen.web.markdown.pieces import (
    FOOTNOTES,
    code_html,
    footnote_html,
    heading_slug,
    needs_break,
    problem_box,
    tag_html,
    task_html,
    text_html,
)
from sitegen.web.markdown.places import Places
from sitegen.web.markdown.roles import role_fault
from sitegen.web.markdown.syntax import MAX_NESTING, parse, plain_text
from sitegen.web.markdown.uses import check_use
from sitegen.web.markdown.values import (
    DirectiveUse,
    Heading,
    Means,
    PlaceDirective,
    Rendered,
    Resolve,
    RoleUse,
)


def render_document(
    document: Document, *, means: Means, place: PlaceDirective, resolve: Resolve, sink: Sink
) -> Rendered:
    """The document's prose. A leading `# heading` that the page's title repeats is left out."""
    bodies = {name: spec.body for name, spec in means.directives.items()}
    tokens = parse(document.body, bodies)
    writer = _Writer(document, means, place, resolve, sink)
    start = 3 if document.heading and document.title == document.heading else 0
    html = writer.blocks(tokens, start, len(tokens))
    return writer.rendered(html)


_ALERTS = {
    "NOTE": "note",
    "TIP": "tip",
    "IMPORTANT": "warning",
    "WARNING": "warning",
    "CAUTION": "warning",
}
"""GitHub's alerts, `> [!NOTE]`, and the directives they are shown as."""

_ALERT = re.compile(r"\[!(" + "|".join(_ALERTS) + r")\][ \t]*(?:\n|\Z)")

_SCHEMES = frozenset({"http", "https", "mailto", "ftp", "git", "irc", "ircs"})
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):")


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
        self._document = document
        self._means = means
        self._place_directive = place
        self._resolve = resolve
        self._sink = sink
        self._places = Places(document)
        self._line = 0  # of the block being written, from 0: the fallback of every place
        self._ids = set(means.taken)
        self._numbers: dict[str, int] = {}  # of each slug: the last one given
        self._toc: list[Heading] = []
        self._words = 0
        self._links: list[Link] = []
        self._assets: set[str] = set()
        self._used: set[str] = set()
        self._logs = {log.block: log.id for log in document.logs}
        self._too_deep = False

    def rendered(self, html: str) -> Rendered:
        return Rendered(
            html=html,
            toc=tuple(self._toc),
            words=self._words,
            links=tuple(self._links),
            assets=tuple(sorted(self._assets)),
            used=tuple(sorted(self._used)),
        )

    # --- Blocks ------------------------------------------------------------------------------

    def blocks(self, tokens: list[Token], start: int, end: int) -> str:
        """The HTML of tokens[start:end], whole blocks."""
        out: list[str] = []
        at = start
        while at < end:
            token = tokens[at]
            if token.map:
                self._line = token.map[0]
            kind = token.type
            if kind == "inline":
                out.append(self._inline(token))
            elif kind == "heading_open":
                out.append(self._heading(token, tokens[at + 1]))
            elif kind in _CONTAINERS:
                self._check_depth(token)
                close, whole = self._container(tokens, at)
                out.append(tag_html(token) if whole is None else whole)
                at = close
            elif kind == "directive":
                out.append(self._directive(token, token.content))
            elif kind == "fence":
                out.append(code_html(token.content, token.info.strip().split(" ")[0]))
            elif kind == "code_block":
                out.append(code_html(token.content, ""))
            elif kind in FOOTNOTES:
                out.append(footnote_html(token))
            elif not token.hidden:
                out.append(tag_html(token))
            elif needs_break(tokens, at):
                out.append("\n")
            at += 1
        return "".join(out)

    def _container(self, tokens: list[Token], start: int) -> tuple[int, str | None]:
        """A directive or an alert as HTML, and the index of its end; None for a plain container."""
        token = tokens[start]
        if token.type == "directive_open":
            close = _find_close(tokens, start)
            return close, self._directive(token, self.blocks(tokens, start + 1, close))
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
        name = self._unused(heading_slug(text) or "section")
        self._toc.append(Heading(int(token.tag[1]), text, name))
        return f'<{token.tag} id="{escape(name)}">'

    def _unused(self, slug: str) -> str:
        """`slug`, or with the first number that is not taken, as GitHub counts."""
        number = self._numbers.get(slug, 0)
        name = f"{slug}-{number}" if number else slug
        while name in self._ids:
            number += 1
            name = f"{slug}-{number}"
        self._numbers[slug] = number
        self._ids.add(name)
        return name

    def _alert(self, tokens: list[Token], start: int, close: int) -> str | None:
        if close < start + 3 or tokens[start + 1].type != "paragraph_open":
            return None
        inline = tokens[start + 2]
        found = _ALERT.match(inline.content)
        if not found or _ALERTS[found[1]] not in self._means.directives:
            return None
        children = inline.children or []
        cut = next((n for n, child in enumerate(children) if child.type == "softbreak"), None)
        inline.children = children[cut + 1 :] if cut is not None else []
        first = start + 1 if inline.children else start + 4
        line = self._line
        body = self.blocks(tokens, first, close)
        name = _ALERTS[found[1]]
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

    # --- Inlines -----------------------------------------------------------------------------

    def _inline(self, token: Token) -> str:
        children = token.children or []
        out: list[str] = []
        in_link = 0
        ends: list[str] = []
        line, counted = token.map[0] if token.map else self._line, 0
        for child in children:
            kind = child.type
            if kind == "text":
                self._words += len(child.content.split())
                out.append(text_html(child.content, link="://" in child.content and not in_link))
            elif kind == "softbreak":
                out.append("\n")
            elif kind == "code_inline":
                self._words += 1
                out.append(self._code_span(child.content, in_link=bool(in_link)))
            elif kind == "role":
                self._words += 1
                position = max(child.meta["position"], counted)
                line += token.content.count("\n", counted, position)
                counted = position
                out.append(self._role(child, line))
            elif kind == "link_open":
                in_link += 1
                start, end = self._link(str(child.attrs.get("href", "")), child)
                out.append(start)
                ends.append(end)
            elif kind == "link_close":
                in_link -= 1
                out.append(ends.pop())
            elif kind == "image":
                out.append(self._image(child))
            elif kind == "footnote_ref":
                out.append(footnote_html(child))
            elif kind == "hardbreak":
                out.append("<br>\n")
            elif kind == "task":
                out.append(task_html(done=child.meta["done"]))
            else:
                out.append(tag_html(child))
        return "".join(out)

    def _code_span(self, text: str, *, in_link: bool) -> str:
        html = f"<code>{escape(text)}</code>"
        if in_link or not self._means.functions:
            return html
        href = self._means.functions.get(text.removesuffix("()"))
        return f'<a href="{escape(href)}">{html}</a>' if href else html

    def _role(self, role: Token, line: int) -> str:
        name = role.meta["name"]
        render_role = self._means.roles.get(name)
        source = f"{{{name}}}{role.markup}"
        if render_role is None:
            message = f"unknown role '{name}'"
            at = self._places.at(line, source, name)
            self._sink.add(codes.M006, message, at=at, hint=nearest_hint(name, self._means.roles))
            return f'<span class="problem">{escape(message)}: <code>{escape(role.content)}</code></span>'
        use = RoleUse(name, role.content, self._places.at(line, source))
        message, hint = role_fault(use)
        if message:
            at = self._places.at(line, f"{source}{role.content}", role.content)
            self._sink.add(codes.M013, message, at=at if at.column else use.at, hint=hint)
        return render_role(use)

    def _link(self, written: str, token: Token) -> tuple[str, str]:
        """What stands before and after a link's text; nothing for a link that is refused."""
        href = self._href(written)
        if href is None:
            return "", ""
        title = token.attrs.get("title")
        extra = f' title="{escape(str(title))}"' if title else ""
        return f'<a href="{escape(href)}"{extra}>', "</a>"

    def _image(self, token: Token) -> str:
        """A picture of the site, or a link to one elsewhere: pages load nothing from other hosts."""
        alternative = escape(plain_text(token.children))
        written = str(token.attrs.get("src", ""))
        href = self._href(written)
        if href is None:
            return alternative
        if _SCHEME.match(written) or written.startswith("//"):
            self._sink.add(
                codes.X003,
                f"a picture from another host, '{written[:200]}'",
                at=self._places.at_link(self._line, written),
                hint="put a copy beside the document",
            )
            return f'<a href="{escape(href)}">{alternative or escape(href)}</a>'
        title = token.attrs.get("title")
        extra = f' title="{escape(str(title))}"' if title else ""
        return f'<img src="{escape(href)}" alt="{alternative}"{extra} loading="lazy">'

    def _href(self, written: str) -> str | None:
        """The href of a link as written; None when its scheme is refused. Collects what it needs."""
        if found := _SCHEME.match(written):
            if found[1].lower() in _SCHEMES:
                return written
            message = f"the link '{written[:80]}' has the scheme '{found[1].lower()}'"
            at = self._places.at_link(self._line, written)
            self._sink.add(codes.X004, message, at=at, hint="use http, https or mailto")
            return None
        if written.startswith("//"):
            return written
        target = self._resolve(written)
        if target.problem:
            at = self._places.at_link(self._line, written)
            self._sink.add(codes.X001, target.problem, at=at, hint=target.hint)
        if target.asset:
            self._assets.add(target.asset)
        elif target.data:
            at = self._places.at_link(self._line, written)
            self._links.append(Link(at, target.data, data=True))
        elif target.page and target.fragment:
            self._links.append(
                Link(self._places.at_link(self._line, written), target.url, target.fragment)
            )
        return target.href or None


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
