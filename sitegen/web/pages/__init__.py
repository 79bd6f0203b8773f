"""Documents, Index and evidence -> Pages, through the templates of a theme.

Each `render_` function makes one page from plain values and can run in any process.
It returns None, with a complaint in the sink, when the template fails.
"""

from collections.abc import Iterable

import msgspec

from sitegen.diagnostics import Sink
from sitegen.web.content import Document
from sitegen.web.directives import CaseLog, Compared
from sitegen.web.index import TAXONOMIES, Index, Page, Taxonomy, Term
from sitegen.web.markdown import PLAIN, Rendered, Resolve, Syntax
from sitegen.web.pages import feeds
from sitegen.web.pages.around import Around, find_around
from sitegen.web.pages.case import lay_out
from sitegen.web.pages.cases import cases_view
from sitegen.web.pages.chrome import CASES, MATCH, Chrome, NavItem, make_chrome
from sitegen.web.pages.home import home_view
from sitegen.web.pages.margin import headings
from sitegen.web.pages.prose import render_prose
from sitegen.web.pages.search import SEARCH, search_view
from sitegen.web.pages.similar import SimilarCase
from sitegen.web.pages.terms import Snippets, overview_view, shape_of, taxonomy_of
from sitegen.web.theme import Theme, trusted
from sitegen.wording import counted

__all__ = [
    "CASES",
    "MATCH",
    "NOT_FOUND",
    "SEARCH",
    "Around",
    "CaseLog",
    "Chrome",
    "NavItem",
    "SimilarCase",
    "find_around",
    "make_chrome",
    "render_case",
    "render_cases",
    "render_feeds",
    "render_home",
    "render_match",
    "render_not_found",
    "render_page",
    "render_redirects",
    "render_search",
    "render_term",
    "render_terms",
    "shows_source",
]

NOT_FOUND = "404.html"
"""Address of the page that a host shows for an address that does not exist."""


def render_case(  # noqa: PLR0913  reason: each argument is of another layer
    document: Document,
    logs: tuple[CaseLog, ...],
    *,
    compared: tuple[Compared, ...] = (),
    similar: tuple[SimilarCase, ...] = (),
    changed: str = "",
    syntax: Syntax = PLAIN,
    resolve: Resolve,
    theme: Theme,
    chrome: Chrome,
    sink: Sink,
) -> Page | None:
    """The page of a case, whose last day was `changed`.

    `compared` are the cases that it names, `similar` those like it, best first.
    """
    laid = lay_out(
        document,
        logs,
        compared=compared,
        similar=similar,
        syntax=syntax,
        theme=theme,
        resolve=resolve,
        sink=sink,
    )
    frame = _Frame(
        document.url,
        document.title,
        section=CASES,
        document=document,
        changed=changed,
        anchor=laid.rendered.anchor,
    )
    html = frame.render("case.html", laid.view, chrome, theme, sink, description=laid.description)
    page = _page(frame, html, laid.rendered)
    return page and msgspec.structs.replace(page, claims=laid.claims)


def render_page(  # noqa: PLR0913  reason: each argument is of another layer
    document: Document,
    logs: tuple[CaseLog, ...] = (),
    *,
    compared: tuple[Compared, ...] = (),
    around: Around = Around(),  # noqa: B008  reason: a frozen value
    changed: str = "",
    syntax: Syntax = PLAIN,
    resolve: Resolve,
    theme: Theme,
    chrome: Chrome,
    sink: Sink,
) -> Page | None:
    """The page of a document that is no case: of its logs it shows what the author placed."""
    rendered = render_prose(
        document,
        logs,
        compared=compared,
        syntax=syntax,
        theme=theme,
        resolve=resolve,
        sink=sink,
    )
    frame = _Frame(
        document.url,
        document.title,
        section=f"{document.url.partition('/')[0]}/",
        document=document,
        changed=changed,
        anchor=rendered.anchor,
    )
    found = tuple(headings((rendered.html,)))
    view = {
        "prose": trusted(rendered.html.strip("\n")),
        "logs": bool(logs),
        "contents": found if len(found) >= _LONG else (),
        "above": _above(document, chrome, resolve),
        "around": around,
        "draft": document.front.draft,
    }
    return _page(frame, frame.render("page.html", view, chrome, theme, sink), rendered)


_LONG = 3
"""Headings from which on a page has a list of them beside it."""


def _above(document: Document, chrome: Chrome, resolve: Resolve) -> NavItem | None:
    """The page of the folder that the document is in; None at the first level, or without one."""
    up = "../index.md" if document.path.endswith("/index.md") else "index.md"
    target = resolve(up) if "/" in document.path else None
    if target is None or not target.page or target.url in {"", document.url}:
        return None
    return next((item for item in chrome.nav if item.url == target.url), NavItem(target.url, "Up"))


def render_home(  # noqa: PLR0913  reason: as above
    document: Document | None,
    logs: tuple[CaseLog, ...] = (),
    *,
    index: Index,
    changed: str = "",
    syntax: Syntax = PLAIN,
    resolve: Resolve | None,
    theme: Theme,
    chrome: Chrome,
    sink: Sink,
) -> Page | None:
    """The first page: the state of the wiki, and what the content folder's own index says."""
    rendered = Rendered("")
    if document is not None and resolve is not None:
        rendered = render_prose(
            document, logs, syntax=syntax, theme=theme, resolve=resolve, sink=sink
        )
    frame = _Frame("", chrome.title, section="", document=document, changed=changed)
    view = home_view(index, trusted(rendered.html.strip("\n")))
    html = frame.render("home.html", view, chrome, theme, sink, description=chrome.description)
    return _page(frame, html, rendered)


def render_cases(*, index: Index, theme: Theme, chrome: Chrome, sink: Sink) -> Page | None:
    """The table of all cases."""
    frame = _Frame(CASES, "Cases", section=CASES)
    lists = tuple((one.title, f"{one.key}/") for one in TAXONOMIES if index.terms.get(one.key))
    html = frame.render("cases.html", cases_view(index, lists), chrome, theme, sink)
    return _page(frame, html, Rendered(""))


def shows_source(term: Term) -> bool:
    """Whether the page of this term shows source, and `render_term` wants snippets."""
    return shape_of(term.taxonomy).snippets


def render_term(
    term: Term, snippets: Snippets, *, theme: Theme, chrome: Chrome, sink: Sink
) -> Page | None:
    """The page of a term: what is known of it, and the cases that have it."""
    taxonomy = taxonomy_of(term)
    shape = shape_of(taxonomy.key)
    frame = _Frame(term.url, term.title, section=f"{taxonomy.key}/")
    view = shape.view(taxonomy, term, snippets)
    return _page(frame, frame.render(shape.template, view, chrome, theme, sink), Rendered(""))


def render_terms(
    taxonomy: Taxonomy, terms: tuple[Term, ...], *, theme: Theme, chrome: Chrome, sink: Sink
) -> Page | None:
    """The list of all terms of a taxonomy."""
    frame = _Frame(f"{taxonomy.key}/", taxonomy.title, section=f"{taxonomy.key}/")
    view = overview_view(taxonomy, terms)
    html = frame.render("terms/overview.html", view, chrome, theme, sink)
    return _page(frame, html, Rendered(""))


def render_search(
    *, index: Index, full_text: str = "", theme: Theme, chrome: Chrome, sink: Sink
) -> Page | None:
    """The page of search results, which without scripts is an index of the wiki.

    `full_text` is the address of Pagefind's script; empty where there is none.
    """
    frame = _Frame(SEARCH, "Search", section=SEARCH)
    html = frame.render("search.html", search_view(index, full_text), chrome, theme, sink)
    return _page(frame, html, Rendered(""))


def render_feeds(*, index: Index, theme: Theme, chrome: Chrome, sink: Sink) -> tuple[Page, ...]:
    """What programs read of the site. Without `base_url` no feed and no map: they need whole addresses."""
    lists = (CASES, *(f"{one.key}/" for one in TAXONOMIES if index.terms.get(one.key)))
    views: dict[str, object] = {feeds.ROBOTS: None}
    if chrome.base_url:
        views[feeds.FEED] = feeds.feed_view(
            index, title=chrome.title, description=chrome.description
        )
        views[feeds.SITEMAP] = feeds.sitemap_view(index, lists)
    return tuple(
        page
        for url, view in views.items()
        if (page := _plain(url, url, view, url, chrome, theme, sink))
    )


def render_redirects(
    documents: Iterable[Document], *, theme: Theme, chrome: Chrome, sink: Sink
) -> tuple[Page, ...]:
    """A page at each address that a document had before, leading to where it is now."""
    return tuple(
        msgspec.structs.replace(page, source=document.file)
        for document in documents
        for alias in document.front.aliases
        if (
            page := _plain(
                alias, document.title, document.url, "redirect.html", chrome, theme, sink
            )
        )
    )


def _plain(
    url: str, title: str, view: object, template: str, chrome: Chrome, theme: Theme, sink: Sink
) -> Page | None:
    """A page without links to check."""
    context = {"title": title, "site": chrome, "view": view}
    html = theme.render(template, url=url, context=context, sink=sink)
    return None if html is None else Page(url=url, title=title, html=html)


def render_match(cases: int, *, data: str, theme: Theme, chrome: Chrome, sink: Sink) -> Page | None:
    """The page that a log is pasted into; `data` is the address of what it is compared with."""
    frame = _Frame(MATCH, "Match", section=MATCH)
    view = {"cases": counted(cases, "case"), "data": data}
    return _page(frame, frame.render("match.html", view, chrome, theme, sink), Rendered(""))


def render_not_found(*, theme: Theme, chrome: Chrome, sink: Sink) -> Page | None:
    """The page for addresses that do not exist."""
    frame = _Frame(NOT_FOUND, "No such page", section=NOT_FOUND)
    return _page(frame, frame.render("404.html", {}, chrome, theme, sink), Rendered(""))


class _Frame:
    """A page's place in the site."""

    def __init__(
        self,
        url: str,
        title: str,
        *,
        section: str,
        document: Document | None = None,
        changed: str = "",
        anchor: str = "",
    ) -> None:
        self.url = url
        self.title = title
        self.section = section
        self.document = document
        self.changed = changed
        self.anchor = anchor

    def render(
        self,
        template: str,
        view: object,
        chrome: Chrome,
        theme: Theme,
        sink: Sink,
        *,
        description: str = "",
    ) -> str | None:
        context = {
            "title": self.title,
            "anchor": self.anchor,
            "description": description,
            "section": self.section,
            "site": chrome,
            "colophon": chrome.colophon(self.document, self.changed),
            "view": view,
        }
        return theme.render(template, url=self.url, context=context, sink=sink)


def _page(frame: _Frame, html: str | None, rendered: Rendered) -> Page | None:
    if html is None:
        return None
    return Page(
        url=frame.url,
        title=frame.title,
        html=html,
        source=frame.document.file if frame.document else "",
        links=rendered.links,
        assets=rendered.assets,
    )
