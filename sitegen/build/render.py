"""Jobs -> outputs, in this process or in others.

A job is one page's worth of work: a document with what was found in its logs, or a term
with its cases. What it renders depends on the job and on `Shared` alone, so its digest
names the result.
"""

from collections.abc import Iterable
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from sitegen.build.caselogs import case_data, case_logs
from sitegen.build.compared import load_compared
from sitegen.build.reading import Read, load
from sitegen.build.redaction import frozen_redactor
from sitegen.build.snippets import find_snippets
from sitegen.diagnostics import Diagnostic, Sink
from sitegen.model import LogEvidence, Value
from sitegen.project import Project
from sitegen.store import code_version, digest
from sitegen.web import links, pages
from sitegen.web.content import Document, output_path
from sitegen.web.index import (
    CaseSummary,
    Index,
    Link,
    Output,
    Page,
    Term,
)
from sitegen.web.links import Target
from sitegen.web.markdown import Syntax
from sitegen.web.outputs import case_outputs, page_output
from sitegen.web.theme import Theme, load_theme

if TYPE_CHECKING:  # a build without rules imports none of it
    from sitegen.redact.redactor import Redactor


class DocumentJob(Value, frozen=True, tag="document"):
    """A document to render."""

    head: Document
    "without body and logs"
    digest: str
    "of all it is read from; empty when `document` has what no file holds"
    summary: CaseSummary | None = None
    "of a case"
    similar: tuple[pages.SimilarCase, ...] = ()
    "the cases like it, best first"
    around: pages.Around = pages.Around()
    "of a page that is no case: those before and after it"
    changed: str = ""
    "day of the document's last commit, as YYYY-MM-DD; empty where it is not asked for"
    document: Document | None = None
    entries: tuple[LogEvidence, ...] = ()
    "beside the document's logs"

    @property
    def url(self) -> str:
        return self.head.url


class TermJob(Value, frozen=True, tag="term"):
    """A term's page to render."""

    term: Term

    @property
    def url(self) -> str:
        return self.term.url


Job = DocumentJob | TermJob


class Shared(Value, frozen=True):
    """What all jobs of a build depend on."""

    project: Project
    index: Index
    "without cases and terms: for links alone, and what they led to is remembered with the page"
    chrome: pages.Chrome
    theme: str
    "the theme's digest"
    templates: Path | None
    "where compiled templates are kept"
    map: bytes = b""
    "what stands for which value, as it is after all documents were read; empty without rules"

    @property
    def redactor(self) -> "Redactor | None":
        return frozen_redactor(self.project.redact, self.map)


class Rendered(Value, frozen=True):
    """What a job gave."""

    outputs: tuple[Output, ...]
    answers: tuple[tuple[str, Target], ...] = ()
    "links as written, and where they led"
    links: tuple[Link, ...] = ()
    assets: tuple[str, ...] = ()
    problems: tuple[Diagnostic, ...] = ()
    failed: tuple[str, ...] = ()
    "paths of outputs that could not be rendered"
    moved: bool = False
    "the files it was read from changed meanwhile: not to be remembered"


def shared_digest(shared: Shared) -> str:
    """Names what all jobs depend on: the code, and `shared` without what only says where things are."""
    project = msgspec.structs.replace(
        shared.project, root=Path(), output=Path(), content=Path(), severity={}
    )
    # A value that came to the map is in none of the pages that are remembered.
    settled = msgspec.structs.replace(
        shared, project=project, index=Index(), templates=None, map=b""
    )
    return digest(
        "page", code_version(), msgspec.msgpack.encode(settled, enc_hook=str, order="sorted")
    )


def key(job: Job, shared: str) -> str:
    """Names what rendering `job` gives: equal keys, equal results. `shared` is its digest.

    Empty for a job whose result cannot be remembered.
    """
    if isinstance(job, DocumentJob) and not job.digest:
        return ""
    return digest(shared, msgspec.msgpack.encode(job))


def is_answered(
    head: Document | None, answers: tuple[tuple[str, Target], ...], shared: Shared
) -> bool:
    """Whether the links that a document's page was rendered with lead where they led then."""
    if not answers or head is None:
        return True
    resolve = Resolver(head, shared.index, shared.project.content)
    return all(resolve.leads_still(written, answer) for written, answer in answers)


def render_chunk(shared: Shared, jobs: tuple[Job, ...]) -> tuple[Rendered, ...]:
    """Renders `jobs` in order; a top-level function of picklable values, for any executor."""
    theme = _theme(shared)
    return tuple(_render(job, shared, theme) for job in jobs)


def _theme(shared: Shared) -> Theme:
    project = shared.project
    options = tuple(project.theme_options.items())
    theme = _load_theme(project.theme, project.root, options, shared.templates, shared.theme)
    theme.move(shared.chrome.moved)
    return theme


@cache
def _load_theme(
    name: str,
    root: Path,
    options: tuple[tuple[str, str | int | bool], ...],
    templates: Path | None,
    digest: str,
) -> Theme:
    """The theme that the build loaded, once a process; `digest` tells its states apart."""
    del digest
    # What is wrong with the theme was said when the build began.
    theme = load_theme(name, root, sink=Sink(), options=dict(options), cache=templates)
    if theme is None:
        raise RuntimeError(f"the theme {name!r} went away during the build")
    return theme


def _render(job: Job, shared: Shared, theme: Theme) -> Rendered:
    sink = Sink()
    match job:
        case TermJob(term):
            found = (
                find_snippets(term, shared.project, shared.redactor)
                if pages.shows_source(term)
                else {}
            )
            page = pages.render_term(term, found, theme=theme, chrome=shared.chrome, sink=sink)
            return _rendered(job.url, page, sink)
        case DocumentJob():
            return _document(job, shared, theme, sink)


def _document(job: DocumentJob, shared: Shared, theme: Theme, sink: Sink) -> Rendered:
    moved = False
    if job.document is not None:
        read = Read(job.document, job.entries)
    else:
        loaded = load(job.head.path, shared.project, shared.redactor)
        if loaded is None:  # gone since the build began
            return Rendered((), failed=(output_path(job.url),), moved=True)
        read, found = loaded
        moved = found != job.digest
    resolve = Resolver(read.document, shared.index, shared.project.content)
    outputs: Iterable[Output] = ()
    logs = tuple(case_logs(read, shared.project))
    compared = load_compared(read.document, shared.project, shared.redactor)
    if job.summary is None:
        page = pages.render_page(
            read.document,
            logs,
            compared=compared,
            around=job.around,
            changed=job.changed,
            syntax=syntax_of(shared.project),
            resolve=resolve,
            theme=theme,
            chrome=shared.chrome,
            sink=sink,
        )
    else:
        page = pages.render_case(
            read.document,
            logs,
            compared=compared,
            similar=job.similar,
            changed=job.changed,
            syntax=syntax_of(shared.project),
            resolve=resolve,
            theme=theme,
            chrome=shared.chrome,
            sink=sink,
        )
        outputs = case_outputs(case_data(read, job.summary, page.claims if page else ()))
    rendered = _rendered(job.url, page, sink, outputs)
    return msgspec.structs.replace(rendered, answers=resolve.answers(), moved=moved)


def syntax_of(project: Project) -> Syntax:
    """What of Markdown's further syntax the project turns on."""
    return Syntax(math=project.math, raw_html=project.raw_html)


def _rendered(url: str, page: Page | None, sink: Sink, outputs: Iterable[Output] = ()) -> Rendered:
    html, failed = _html(url, page)
    return Rendered(
        outputs=(*html, *outputs),
        links=page.links if page else (),
        assets=page.assets if page else (),
        problems=sink.found(),
        failed=failed,
    )


class Resolver:
    """Resolves a document's links and notes what was asked, so that a later build can ask again."""

    def __init__(self, document: Document, index: Index, content: Path) -> None:
        self._resolve = partial(links.resolve, document=document, index=index, folder=content)
        self._answers: dict[str, Target] = {}

    def __call__(self, written: str) -> Target:
        answer = self._answers.get(written)
        if answer is None:
            answer = self._answers[written] = self._resolve(written)
        return answer

    def leads_still(self, written: str, answer: Target) -> bool:
        """Whether a link leads where it led before, and its picture looks as it did."""
        return self._resolve(written, known=answer) == answer

    def answers(self) -> tuple[tuple[str, Target], ...]:
        """Links as written, and where they led, sorted."""
        return tuple(sorted(self._answers.items(), key=lambda item: item[0]))


def _html(url: str, page: Page | None) -> tuple[tuple[Output, ...], tuple[str, ...]]:
    if page is None:
        return (), (output_path(url),)
    return (page_output(page),), ()
