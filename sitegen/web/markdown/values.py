"""What rendering Markdown takes and gives."""

from collections.abc import Callable, Collection, Mapping
from typing import Literal, NamedTuple

from sitegen.diagnostics import Place
from sitegen.model import Value
from sitegen.web.index import Link
from sitegen.web.links import Target


class DirectiveSpec(Value, frozen=True):
    """What a directive takes. Its rendering is for web/directives."""

    name: str
    argument: Literal["none", "optional", "required"] = "none"
    options: frozenset[str] = frozenset()
    body: Literal["markdown", "text", "none"] = "markdown"
    wants: str = ""
    "what its argument names, with an example: the hint where it is missing"


class DirectiveUse(Value, frozen=True, kw_only=True):
    """A directive as an author used it, checked against its spec."""

    name: str
    argument: str = ""
    "plain text: escape it"
    options: tuple[tuple[str, str], ...] = ()
    "those that the directive takes, in the order written; plain text"
    body: str = ""
    "rendered HTML, to be trusted, of a Markdown body; the text as written of a text body"
    at: Place
    "the line the block opens on"
    log: str = ""
    "of a `panic` directive, the id of its EmbeddedLog"

    def option(self, name: str, default: str = "") -> str:
        return next((value for key, value in self.options if key == name), default)


class Asked(NamedTuple):
    """A directive as written, found before the page is rendered: nothing in it is checked."""

    argument: str
    log: str
    "its `:log:` option; empty where it has none"
    line: int
    "of the body, from 1, where it opens"


class Written(NamedTuple):
    """The address of a link as an author wrote it."""

    href: str
    at: Place


class RoleUse(Value, frozen=True):
    """A role as an author used it: {name}`text`."""

    name: str
    text: str
    "plain text: escape it"
    at: Place
    "of the text, or of the role where the text goes on in the next line"


PlaceDirective = Callable[[DirectiveUse], str]
"""Renders a directive where the author put it. What it returns is trusted HTML."""

RenderRole = Callable[[RoleUse], str]
"""Renders a role. What it returns is trusted HTML; `code_link` and `text_link` make it."""

Directives = Mapping[str, DirectiveSpec]
Roles = Mapping[str, RenderRole]


Resolve = Callable[[str], Target]
"""Where a relative link of the document leads: links.resolve for that document."""


class Syntax(Value, frozen=True):
    """What of Markdown's further syntax a project turns on. Where logs stand does not depend on it."""

    math: bool = False
    raw_html: bool = False


PLAIN = Syntax()


class Means(NamedTuple):
    """What a document's words stand for, told by the layers above. All of it is read only."""

    directives: Directives
    roles: Roles
    functions: Mapping[str, str]
    "names that link by themselves in a code span -> href"
    taken: Collection[str] = ()
    "ids of the page, which headings must not get"
    syntax: Syntax = PLAIN


class Heading(Value, frozen=True):
    """A heading of the prose."""

    level: int
    text: str
    "plain text: escape it"
    id: str


class Rendered(Value, frozen=True):
    """A document's prose as HTML, with what was met on the way."""

    html: str
    "trusted; directives stand where the author placed them"
    anchor: str = ""
    "of the leading heading that the title repeats: the title gets it, as on GitHub"
    toc: tuple[Heading, ...] = ()
    "in the order of the document, those inside directives too"
    words: int = 0
    "of the prose, without logs and code blocks"
    links: tuple[Link, ...] = ()
    "to pages of the site"
    assets: tuple[str, ...] = ()
    "files of the content folder that the prose needs, each once, sorted"
    used: tuple[str, ...] = ()
    "names of the directives that were placed, sorted: the page lays out the others"
