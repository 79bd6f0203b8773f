"""What stands in a line -> HTML: text, code spans, links, pictures, roles."""

from html import escape

from markdown_it.token import Token

from sitegen import codes
from sitegen.diagnostics import Sink, nearest_hint
from sitegen.web.markdown.hrefs import Hrefs
from sitegen.web.markdown.pieces import footnote_html, tag_html, task_html, text_html
from sitegen.web.markdown.places import Places
from sitegen.web.markdown.roles import role_fault
from sitegen.web.markdown.syntax import plain_text
from sitegen.web.markdown.values import Means, RoleUse


class Inlines:
    """Writes the inline tokens of one document; counts the words of its prose."""

    def __init__(self, means: Means, places: Places, hrefs: Hrefs, sink: Sink) -> None:
        self._means = means
        self._places = places
        self._hrefs = hrefs
        self._sink = sink
        self.words = 0

    def html(self, token: Token, line: int) -> str:
        """The HTML of an `inline` token; its block begins on `line`, from 0."""
        out: list[str] = []
        ends: list[str] = []  # of the links that are open
        line, counted = token.map[0] if token.map else line, 0
        block = line
        for child in token.children or ():
            kind = child.type
            if kind == "text":
                self.words += len(child.content.split())
                out.append(text_html(child.content, link="://" in child.content and not ends))
            elif kind == "softbreak":
                out.append("\n")
            elif kind == "code_inline":
                self.words += 1
                out.append(self._code_span(child.content, in_link=bool(ends)))
            elif kind == "role":
                self.words += 1
                position = max(child.meta["position"], counted)
                line += token.content.count("\n", counted, position)
                counted = position
                out.append(self._role(child, line))
            elif kind == "link_open":
                href, title = (str(child.attrs.get(name) or "") for name in ("href", "title"))
                start, end = self._hrefs.link(href, title, block)
                out.append(start)
                ends.append(end)
            elif kind == "link_close":
                out.append(ends.pop())
            elif kind == "image":
                src, title = (str(child.attrs.get(name) or "") for name in ("src", "title"))
                out.append(self._hrefs.picture(src, plain_text(child.children), title, block))
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
