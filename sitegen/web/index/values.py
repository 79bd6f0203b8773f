"""Pages, data and files as values, on their way out."""

from typing import Literal

from sitegen.diagnostics import Place
from sitegen.model import Evidence, Value
from sitegen.web.content import EmbeddedLog
from sitegen.web.index.summary import CaseSummary


class CaseFiles(Value, frozen=True):
    """Urls of what is published beside a case's page, for programs and mailing lists."""

    json: str
    text: str
    "for mail and pull requests"
    logs: tuple[tuple[str, str], ...]
    "of each log: as embedded, and decoded"


def case_files(url: str, ids: tuple[str, ...]) -> CaseFiles:
    """Where a case's data stand. A case with one log has `slug.log`, others `slug.panic-2.log`."""
    name = url + url.rstrip("/").rpartition("/")[2]
    stems = [name] if len(ids) == 1 else [f"{name}.{log}" for log in ids]
    logs = tuple((f"{stem}.log", f"{stem}.decoded.txt") for stem in stems)
    return CaseFiles(f"{name}.json", f"{name}.txt", logs)


class Link(Value, frozen=True):
    """A link from a page to another page of the site, to be checked when all are rendered."""

    at: Place
    url: str
    "of the page it leads to"
    fragment: str = ""
    "without `#`, decoded"
    data: bool = False
    "leads to a file that is published beside a case, and not to a page"


class Claimed(Value, frozen=True, kw_only=True):
    """What an author claims of a log, and what came of checking it."""

    claim: str
    "as written"
    log: str = ""
    "id of the log it was checked against"
    verdict: Literal["holds", "fails", "unknown"]
    says: str = ""
    "where the evidence says so, or why it does not"
    expected: str = ""
    found: str = ""
    "of a claim that fails"


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
    claims: tuple[Claimed, ...] = ()
    "of the prose, in its order"


class CaseData(Value, frozen=True, kw_only=True):
    """A case as data, for those who read it by program."""

    summary: CaseSummary
    logs: tuple[EmbeddedLog, ...]
    evidence: Evidence | None = None
    decoded: tuple[str, ...] = ()
    "the decoded text of each log, beside `logs`; empty where nothing was decoded"
    chains: tuple[str, ...] = ()
    "the chain of each log's lead report as text of 72 columns, beside `logs`; empty without one"
    claims: tuple[Claimed, ...] = ()


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
