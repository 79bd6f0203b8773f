"""What the pages of a site know of each other, and the values a site is gathered in.

Documents and what decoding found in them -> Index. Made before any page is rendered,
so that a page can link to every other one; reads no file.
"""

import msgspec

from sitegen.diagnostics import Place
from sitegen.model import Evidence, Value
from sitegen.web.content import EmbeddedLog, Status


class CaseSummary(Value, frozen=True, kw_only=True):
    """A case in one row: what lists show and other pages link to."""

    url: str
    slug: str
    title: str
    date: str = ""
    status: Status = "open"
    kernel: str = ""
    "as the author says, else as the first log prints"
    arch: str = ""
    kind: str = ""
    "key of the crash kind; empty when no report was recognised"
    label: str = ""
    "the kind in words"
    crash: str = ""
    "the first report's title, as syzkaller words it"
    function: str = ""
    "where it crashed; file and line are empty when nothing was decoded"
    file: str = ""
    line: int | None = None
    subsystem: str = ""
    functions: tuple[str, ...] = ()
    "of the first report's chain, entry first, each once"
    trigger: str = ""
    tags: tuple[str, ...] = ()
    cve: str = ""
    logs: int = 0
    source: str = ""
    "path of the document in the content folder"


class PageSummary(Value, frozen=True):
    """A page that is no case."""

    url: str
    title: str
    source: str = ""
    "path of the document in the content folder; empty for a page that the build makes"


class Index(Value, frozen=True):
    """All that pages may link to."""

    cases: tuple[CaseSummary, ...] = ()
    "newest first, undated ones last, then by url"
    pages: tuple[PageSummary, ...] = ()
    "by url"
    documents: dict[str, str] = msgspec.field(default_factory=dict)
    "path in the content folder -> url"
    urls: frozenset[str] = frozenset()
    "of every page"


class Link(Value, frozen=True):
    """A link from a page to another page of the site, to be checked when all are rendered."""

    at: Place
    url: str
    "of the page it leads to"
    fragment: str = ""
    "without `#`, decoded"


class Page(Value, frozen=True, kw_only=True):
    """A page, rendered."""

    url: str
    "empty or ends with `/`: written to `<url>index.html`; else it is the file's own name"
    title: str
    html: str
    source: str = ""
    "the document's file, relative to the project's root; empty for a page that the build makes"
    links: tuple[Link, ...] = ()
    assets: tuple[str, ...] = ()
    "files of the content folder that the page needs, relative to it"


class CaseData(Value, frozen=True, kw_only=True):
    """A case as data, for those who read it by program."""

    summary: CaseSummary
    logs: tuple[EmbeddedLog, ...]
    evidence: Evidence | None = None
    decoded: tuple[str, ...] = ()
    "the decoded text of each log, beside `logs`; empty where nothing was decoded"


class Site(Value, frozen=True, kw_only=True):
    """Everything rendered, ready to be turned into files."""

    index: Index
    pages: tuple[Page, ...] = ()
    cases: tuple[CaseData, ...] = ()
    static: tuple[tuple[str, bytes], ...] = ()
    "the theme's files: name in the output and content"
    assets: tuple[tuple[str, bytes], ...] = ()
    "the content folder's: name in the output and content"
