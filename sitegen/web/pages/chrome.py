"""What stands around the text of every page, and how a status is shown."""

from typing import Literal, NamedTuple
from urllib.parse import quote

import msgspec

from sitegen.model import Value
from sitegen.web.content import Document, Status
from sitegen.web.index import TAXONOMIES, Index, moved_terms

MATCH = "match/"
"""Address of the page that a log is pasted into."""

CASES = "cases/"
"""Address of the list of all cases."""

_MOST = 8
"""Links of the header: more do not fit its line."""


class NavItem(Value, frozen=True):
    """A link of the header."""

    url: str
    title: str


class Colophon(NamedTuple):
    """The line at a page's foot: what it was made from."""

    text: str
    changed: str = ""
    "YYYY-MM-DD of the last commit; empty where it is not asked for"
    edit: str = ""
    "where its document can be edited"


class Chrome(Value, frozen=True, kw_only=True):
    """The frame of a site's pages: the same for all of them, or a new page would change the old."""

    title: str
    description: str = ""
    language: str = "en"
    base_url: str = ""
    edit: str = ""
    "address at which documents are edited, with {path}; empty for none"
    nav: tuple[NavItem, ...] = ()
    moved: dict[str, str] = msgspec.field(default_factory=dict)
    "addresses of terms -> where their pages stand, where that is not there: see `moved_terms`"

    def colophon(self, document: Document | None, changed: str = "") -> Colophon:
        """The foot of a document's page, or of one that the build makes."""
        if document is None:
            return Colophon("Made with sitegen.")
        edit = self.edit.replace("{path}", quote(document.file)) if self.edit else ""
        return Colophon(f"Made with sitegen from {document.file}.", changed, edit)


def make_chrome(
    index: Index,
    *,
    title: str,
    description: str = "",
    language: str = "en",
    base_url: str = "",
    edit: str = "",
) -> Chrome:
    """The frame for a site of these pages: its header links the lists and the top-level pages."""
    cases = [NavItem(CASES, "Cases")] if index.cases else []
    cases += [
        NavItem(f"{one.key}/", one.title)
        for one in TAXONOMIES
        if one.nav and index.terms.get(one.key)
    ]
    cases += [NavItem(MATCH, "Match")] if index.cases else []
    pages = [
        NavItem(page.url, page.title)
        for page in index.pages
        if page.source and page.url not in {"", CASES} and page.url.rstrip("/").count("/") == 0
    ]
    return Chrome(
        title=title,
        description=description,
        language=language,
        base_url=base_url,
        edit=edit,
        nav=tuple([*cases, *pages][:_MOST]),
        moved=moved_terms(index.terms),
    )


class StatusView(NamedTuple):
    """A status as a word and the key of its shape."""

    key: Status | Literal["draft"]
    text: str


_STATUSES: dict[Status, str] = {
    "open": "Open",
    "investigating": "Investigating",
    "fixed": "Fixed",
    "wontfix": "Won't fix",
    "duplicate": "Duplicate",
    "invalid": "Invalid",
}


def status_view(status: Status, *, draft: bool = False) -> StatusView:
    """The status; that of a draft, which only a preview shows, is that it is one."""
    if draft:
        return StatusView("draft", "Draft")
    return StatusView(status, _STATUSES[status])
