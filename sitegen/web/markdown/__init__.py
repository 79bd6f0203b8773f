"""Markdown -> HTML: CommonMark, tables, footnotes, MyST directives and roles.

Raw HTML is text here. What directives and roles mean is told from above, where links
lead by links.py. The parser is imported by the first call that needs it (60 ms).
"""

import re
from collections.abc import Iterator

from sitegen.diagnostics import Sink
from sitegen.web.content import Document, PanicBlock
from sitegen.web.markdown.highlight import Language, highlight_lines
from sitegen.web.markdown.roles import SourceUrl, code_link, standard_roles, text_link
from sitegen.web.markdown.values import (
    PLAIN,
    Asked,
    Directives,
    DirectiveSpec,
    DirectiveUse,
    Heading,
    Means,
    PlaceDirective,
    Rendered,
    RenderRole,
    Resolve,
    Roles,
    RoleUse,
    Syntax,
    Written,
)

__all__ = [
    "PLAIN",
    "Asked",
    "DirectiveSpec",
    "DirectiveUse",
    "Directives",
    "Heading",
    "Language",
    "Means",
    "PlaceDirective",
    "RenderRole",
    "Rendered",
    "Resolve",
    "RoleUse",
    "Roles",
    "SourceUrl",
    "Syntax",
    "Written",
    "code_link",
    "find_asked",
    "find_links",
    "find_panics",
    "find_prose",
    "find_roles",
    "highlight_lines",
    "render",
    "standard_roles",
    "text_link",
]


def find_panics(text: str) -> tuple[PanicBlock, ...]:
    """The `panic` blocks of a Markdown text in order, wherever they stand: lists, quotes, directives."""
    from sitegen.web.markdown import syntax  # noqa: PLC0415  reason: see above

    return syntax.find_panics(text)


def find_asked(text: str, name: str) -> tuple[Asked, ...]:
    """The directives `name` of a Markdown text that have an argument, in order, wherever they stand."""
    if not re.search(rf"\{{\s*{re.escape(name)}\s*\}}", text):
        return ()
    from sitegen.web.markdown import syntax  # noqa: PLC0415  reason: see above

    found = []
    for block in syntax.find_blocks(text, name):
        log = next((one.value for one in block.options if one.name == "log"), "")
        if block.argument:
            found.append(Asked(block.argument, log, block.line + 1))
    return tuple(found)


def find_prose(text: str) -> Iterator[tuple[int, str]]:
    """The lines of a Markdown text that are no code and no log, numbered from 1, as they stand."""
    from sitegen.web.markdown import finding  # noqa: PLC0415  reason: see above

    return finding.find_prose(text)


def find_links(document: Document, syntax: Syntax) -> Iterator[Written]:
    """The addresses that links and pictures of the body are written with, in order."""
    from sitegen.web.markdown import finding  # noqa: PLC0415  reason: see above

    return finding.find_links(document, syntax)


def find_roles(text: str, name: str) -> tuple[Asked, ...]:
    """The roles `name` of a Markdown text, in order, wherever they stand; their text is the argument.

    Parses the whole text, where it has any.
    """
    if f"{{{name}}}`" not in text:
        return ()
    from sitegen.web.markdown import finding  # noqa: PLC0415  reason: see above

    return tuple(Asked(role, "", line + 1) for role, line in finding.find_roles(text, name))


def render(
    document: Document, *, means: Means, place: PlaceDirective, resolve: Resolve, sink: Sink
) -> Rendered:
    """The document's prose. A leading `# heading` that the page's title repeats is left out."""
    from sitegen.web.markdown.render import render_document  # noqa: PLC0415  reason: see above

    return render_document(document, means=means, place=place, resolve=resolve, sink=sink)
