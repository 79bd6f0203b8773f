"""The prose of a page that is no case: Markdown, with remarks set apart."""

from sitegen.diagnostics import Sink
from sitegen.web.content import Document
from sitegen.web.directives import NOTES, Case, view_of
from sitegen.web.markdown import (
    DirectiveUse,
    Means,
    Rendered,
    Resolve,
    Syntax,
    render,
    standard_roles,
)
from sitegen.web.theme import Theme


def render_prose(
    document: Document, *, syntax: Syntax, theme: Theme, resolve: Resolve, sink: Sink
) -> Rendered:
    """The document as HTML. Directives about logs do not exist here: there is no log."""
    case = Case(front=document.front)

    def place(use: DirectiveUse) -> str:
        html = theme.render(
            f"directives/{use.name}.html",
            url=document.url,
            context={"view": view_of(use, case, sink)},
            sink=sink,
        )
        return html or ""

    roles = standard_roles({}, lambda _file, _line: "")
    means = Means(NOTES, roles, {}, frozenset({"main"}), syntax)
    return render(document, means=means, place=place, resolve=resolve, sink=sink)
