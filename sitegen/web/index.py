"""What the pages of a site know of each other, and the values a site is gathered in.

Documents and what decoding found in them -> Index. Made before any page is rendered,
so that a page can link to every other one; reads no file.

>>> files = case_files("cases/sysrq/", ("panic-1",))
>>> files.json, files.logs
('cases/sysrq/sysrq.json', (('cases/sysrq/sysrq.log', 'cases/sysrq/sysrq.txt'),))
"""

from collections.abc import Iterable

import msgspec

from sitegen.diagnostics import Place
from sitegen.model import Evidence, ReportEvidence, Value
from sitegen.web.content import Document, EmbeddedLog, Status


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
    titles: dict[str, str] = msgspec.field(default_factory=dict)
    "url -> title, of every page and case"


def summarize(document: Document, evidence: Evidence | None) -> CaseSummary:
    """The case in one row, from the report that its page is about. The author's word comes first."""
    entry = evidence.logs[0] if evidence and evidence.logs else None
    found = entry.reports[entry.lead] if entry and entry.reports else None
    crash = found.title if found else ""
    function, file, line = _crashed_in(found)
    steps = found.chain if found else ()
    front = document.front
    return CaseSummary(
        url=document.url,
        slug=document.slug,
        title=front.title or document.heading or crash or document.title,
        date=front.date or next((log.date for log in document.logs if log.date), ""),
        status=front.status,
        kernel=front.kernel or (entry.kernel if entry else ""),
        arch=entry.arch if entry else "",
        kind=found.kind if found else "",
        label=found.label if found else "",
        crash=crash,
        function=function,
        file=file,
        line=line,
        functions=tuple(dict.fromkeys(step.function for step in steps)),
        trigger=front.trigger,
        tags=front.tags,
        cve=front.fixes.cve,
        logs=len(document.logs),
        source=document.path,
    )


def _crashed_in(report: ReportEvidence | None) -> tuple[str, str, int | None]:
    """Function, file and line of the crash: the last step before the panic itself, else the PC's."""
    if report is None:
        return "", "", None
    if report.chain:
        steps = [step for step in report.chain if step.letter != "K"] or list(report.chain)
        last = steps[-1]
        return last.function, last.file, last.line
    if report.pc is None:
        return "", "", None
    if report.pc.calls:
        call = report.pc.calls[0]
        return call.function, call.file, call.line
    return report.pc.symbol, "", None


def make_index(
    documents: Iterable[Document], cases: Iterable[CaseSummary], made: Iterable[PageSummary] = ()
) -> Index:
    """The index of all documents, with a summary for each case; `made` are pages of the build's own.

    The result does not depend on the order of what is given.
    """
    documents = sorted(documents, key=lambda document: document.path)
    pages = [
        PageSummary(document.url, document.title, document.path)
        for document in documents
        if document.kind == "page"
    ]
    taken = {page.url for page in pages}
    pages += [page for page in made if page.url not in taken]
    by_url = sorted(cases, key=lambda case: case.url)
    return Index(
        cases=tuple(sorted(by_url, key=lambda case: case.date, reverse=True)),
        pages=tuple(sorted(pages, key=lambda page: page.url)),
        documents={document.path: document.url for document in documents},
        titles=dict(
            sorted(
                [(page.url, page.title) for page in pages]
                + [(case.url, case.title) for case in by_url]
            )
        ),
    )


class CaseFiles(Value, frozen=True):
    """Urls of what is published beside a case's page, for programs and mailing lists."""

    json: str
    logs: tuple[tuple[str, str], ...]
    "of each log: as embedded, and decoded"


def case_files(url: str, ids: tuple[str, ...]) -> CaseFiles:
    """Where a case's data stand. A case with one log has `slug.log`, others `slug.panic-2.log`."""
    name = url + url.rstrip("/").rpartition("/")[2]
    stems = [name] if len(ids) == 1 else [f"{name}.{log}" for log in ids]
    return CaseFiles(f"{name}.json", tuple((f"{stem}.log", f"{stem}.txt") for stem in stems))


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


class Output(Value, frozen=True):
    """A file of the site. Making one whose path leaves the site is a bug, and raises."""

    path: str
    "relative to the site's root, with `/`"
    data: bytes

    def __post_init__(self) -> None:
        parts = self.path.split("/")
        bad = any(part in {"", ".", ".."} or not part.isprintable() for part in parts)
        if bad or "\\" in self.path:
            raise ValueError(f"not a path inside the site: {self.path!r}")
