"""What stands in a line -> HTML: text, code spans, links, pictures, roles."""

import re
from html import escape

from markdown_it.token import Token

from sitegen import codes
from sitegen.diagnostics import Sink, nearest_hint
from sitegen.web.markdown.autolinks import text_html
from sitegen.web.markdown.codeblocks import CodeBlocks
from sitegen.web.markdown.footnotes import reference_html
from sitegen.web.markdown.hrefs import Hrefs
from sitegen.web.markdown.markup import Markup
from sitegen.web.markdown.pieces import code_html, tag_html, task_html
from sitegen.web.markdown.places import Places
from sitegen.web.markdown.roles import role_fault
from sitegen.web.markdown.syntax import plain_text
from sitegen.web.markdown.values import Means, RoleUse

# `+0x1c/0x40` as logs print it, perhaps with the module; or the brackets of a call.
_CALL = re.compile(r"(?:\(\)|\+0x[0-9a-f]{1,16}(?:/0x[0-9a-f]{1,16})?(?: \[[\w-]{1,64}\])?)\Z")


_PLACED = frozenset({"math", "role", "tag"})
"""Tokens that know where in their block they stand."""


class Inlines:
    """Writes the inline tokens of one document; counts the words of its prose."""

    def __init__(
        self,
        means: Means,
        places: Places,
        hrefs: Hrefs,
        markup: Markup,
        code: CodeBlocks,
        sink: Sink,
    ) -> None:
        self._means = means
        self._places = places
        self._hrefs = hrefs
        self._markup = markup
        self._code = code
        self._sink = sink
        self._ends: list[str] = []  # of the links that are open
        self.words = 0

    def html(self, token: Token, line: int) -> str:
        """The HTML of an `inline` token; its block begins on `line`, from 0."""
        out: list[str] = []
        line, counted = token.map[0] if token.map else line, 0
        block = line
        for child in token.children or ():
            kind = child.type
            if kind == "text":
                self.words += len(child.content.split())
                out.append(text_html(child.content, link="@" in child.content and not self._linked))
            elif kind == "softbreak":
                out.append("\n")
            elif kind == "code_inline":
                self.words += 1
                out.append(self._code_span(child.content))
            elif kind in _PLACED:
                position = max(child.meta["position"], counted)
                line += token.content.count("\n", counted, position)
                counted = position
                out.append(self._placed(child, line))
            elif kind == "link_open":
                out.append(self._begin_link(child, block))
            elif kind == "link_close":
                out.append(self._markup.leave() + self._ends.pop())
            elif kind == "image":
                out.append(self._image(child, block))
            elif kind == "footnote_ref":
                out.append(reference_html(child.meta["note"]))
            elif kind == "hardbreak":
                out.append("<br>\n")
            elif kind == "task":
                out.append(task_html(done=child.meta["done"]))
            else:
                if child.nesting > 0:
                    self._markup.enter()
                elif child.nesting < 0:
                    out.append(self._markup.leave())
                out.append(tag_html(child))
        return "".join(out)

    @property
    def _linked(self) -> bool:
        return bool(self._ends) or self._markup.in_link

    def _begin_link(self, token: Token, line: int) -> str:
        start, end = "", ""
        if not self._linked:
            href, title = (str(token.attrs.get(name) or "") for name in ("href", "title"))
            start, end = self._hrefs.link(href, title, line)
        self._ends.append(end)
        self._markup.enter()
        return start

    def _image(self, token: Token, line: int) -> str:
        src, title = (str(token.attrs.get(name) or "") for name in ("src", "title"))
        says = plain_text(token.children)
        return self._hrefs.picture(src, says, title, line, linked=self._linked)

    def _placed(self, token: Token, line: int) -> str:
        if token.type == "role":
            return self._role(token, line)
        if token.type == "math":
            return self._code.set_formula(token.content, line, display=token.markup == "$$")
        return self._markup.tag(token.meta["tag"], token.content, line, linked=self._linked)

    def _code_span(self, text: str) -> str:
        """Code; `f`, `f()` and `f+0x1/0x2` lead to a function of the case's evidence."""
        html = code_html(text)
        if self._linked or not self._means.functions:
            return html
        href = self._means.functions.get(_CALL.sub("", text, count=1))
        return f'<a href="{escape(href)}">{html}</a>' if href else html

    def _role(self, role: Token, line: int) -> str:
        self.words += 1
        name = role.meta["name"]
        render_role = self._means.roles.get(name)
        source = f"{{{name}}}{role.markup}"
        if render_role is None:
            message = f"unknown role '{name}'"
            at = self._places.at(line, source, name)
            self._sink.add(codes.M006, message, at=at, hint=nearest_hint(name, self._means.roles))
            return f'<span class="problem">{escape(message)}: <code>{escape(role.content)}</code></span>'
        at = self._places.at(line, f"{source}{role.content}", role.content)
        use = RoleUse(name, role.content, at if at.column else self._places.at(line, source))
        message, hint = role_fault(use)
        if message:
            self._sink.add(codes.M013, message, at=use.at, hint=hint)
        return render_role(use)
