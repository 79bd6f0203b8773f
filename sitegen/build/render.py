"""Jobs -> outputs, in this process or in others.

A job is one page's worth of work: a document with what was found in its logs, or a term
with its cases. What it renders depends on the job and on `Shared` alone, so its digest
names the result.
"""

from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

import msgspec

from sitegen.crash.lockfile import SCHEMA
from sitegen.crash.text import decoded_text
from sitegen.diagnostics import Diagnostic, Sink
from sitegen.model import Evidence, LogEvidence, Value
from sitegen.project import Project
from sitegen.store import code_version, digest
from sitegen.web import pages
from sitegen.web.content import Document, output_path
from sitegen.web.index import (
    CaseData,
    CaseFacts,
    CaseSummary,
    Index,
    Link,
    Output,
    Page,
    Term,
    case_files,
)
from sitegen.web.outputs import case_outputs, page_output
from sitegen.web.theme import Theme, load_theme


class DocumentJob(Value, frozen=True, tag="document"):
    """A document to render."""

    document: Document
    facts: CaseFacts | None = None
    "of a case"
    entries: tuple[LogEvidence, ...] = ()
    "beside the document's logs"

    @property
    def url(self) -> str:
        return self.document.url


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
    "without cases and terms: a page must not depend on another case"
    chrome: pages.Chrome
    theme: str
    "the theme's digest"
    listing: str
    "digest of the names of all files in the content folder, which links may lead to"
    templates: Path | None
    "where compiled templates are kept"


class Rendered(Value, frozen=True):
    """What a job gave."""

    outputs: tuple[Output, ...]
    links: tuple[Link, ...] = ()
    assets: tuple[str, ...] = ()
    problems: tuple[Diagnostic, ...] = ()
    failed: tuple[str, ...] = ()
    "paths of outputs that could not be rendered"


def shared_digest(shared: Shared) -> str:
    """Names what all jobs depend on: the code, and `shared` without what only says where things are."""
    project = msgspec.structs.replace(shared.project, root=Path(), output=Path(), content=Path())
    settled = msgspec.structs.replace(shared, project=project, templates=None)
    return digest(
        "page", code_version(), msgspec.msgpack.encode(settled, enc_hook=str, order="sorted")
    )


def key(job: Job, shared: str) -> str:
    """Names what rendering `job` gives: equal keys, equal results. `shared` is its digest."""
    return digest(shared, msgspec.msgpack.encode(job))


def render_chunk(shared: Shared, jobs: tuple[Job, ...]) -> tuple[Rendered, ...]:
    """Renders `jobs` in order; a top-level function of picklable values, for any executor."""
    theme = _theme(shared)
    return tuple(_render(job, shared, theme) for job in jobs)


def _theme(shared: Shared) -> Theme:
    project = shared.project
    options = tuple(project.theme_options.items())
    return _load_theme(project.theme, project.root, options, shared.templates, shared.theme)


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
    outputs: Iterable[Output] = ()
    match job:
        case TermJob(term):
            page = pages.render_term(term, theme=theme, chrome=shared.chrome, sink=sink)
        case DocumentJob(facts=CaseFacts(summary=summary)):
            page = _case_page(job, shared, theme, sink)
            outputs = case_outputs(_case_data(job, summary))
        case DocumentJob(document):
            page = _page(document, shared, theme, sink)
    html, failed = _html(job.url, page)
    return Rendered(
        outputs=(*html, *outputs),
        links=page.links if page else (),
        assets=page.assets if page else (),
        problems=sink.found(),
        failed=failed,
    )


def _case_page(job: DocumentJob, shared: Shared, theme: Theme, sink: Sink) -> Page | None:
    return pages.render_case(
        job.document,
        tuple(_case_logs(job, shared)),
        index=shared.index,
        theme=theme,
        chrome=shared.chrome,
        content=shared.project.content,
        sink=sink,
    )


def _page(document: Document, shared: Shared, theme: Theme, sink: Sink) -> Page | None:
    return pages.render_page(
        document,
        index=shared.index,
        theme=theme,
        chrome=shared.chrome,
        content=shared.project.content,
        sink=sink,
    )


def _html(url: str, page: Page | None) -> tuple[tuple[Output, ...], tuple[str, ...]]:
    if page is None:
        return (), (output_path(url),)
    return (page_output(page),), ()


def _case_logs(job: DocumentJob, shared: Shared) -> Iterator[pages.CaseLog]:
    # A build without changes parses nothing.
    from sitegen.crash.explain import explain_log  # noqa: PLC0415  reason: see above
    from sitegen.crash.log import parse  # noqa: PLC0415  reason: see above

    document = job.document
    files = case_files(document.url, tuple(log.id for log in document.logs)).logs
    for log, entry, (raw, _) in zip(document.logs, job.entries, files, strict=True):
        release = log.kernel or document.front.kernel or entry.kernel
        kernel = shared.project.find_kernel(release, "")
        parsed = parse(log.text)
        explanations, listings = explain_log(parsed)
        yield pages.CaseLog(
            id=log.id,
            embedded=log,
            log=parsed,
            evidence=entry,
            explanations=explanations,
            listings=listings,
            browse=kernel.browse if kernel else "",
            raw=raw,
        )


def _case_data(job: DocumentJob, summary: CaseSummary) -> CaseData:
    return CaseData(
        summary=summary,
        logs=job.document.logs,
        evidence=Evidence(schema=SCHEMA, logs=job.entries),
        decoded=tuple(
            decoded_text(log.text, entry)
            for log, entry in zip(job.document.logs, job.entries, strict=True)
        ),
    )
