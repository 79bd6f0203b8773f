"""Plan the build, run it, publish what changed.

Content -> Documents -> Evidence -> Index -> pages -> site/. Each page is a job whose
digest is known before it runs: what was rendered before and still stands in the
output is not rendered again, and its problems are told again.
"""

import os
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import NamedTuple

import msgspec

from sitegen import codes
from sitegen.build.evidence import gather
from sitegen.build.gathering import Gathering, Memo, remember
from sitegen.build.publish import Publication, Published, PublishError, open_publication
from sitegen.build.render import (
    DocumentJob,
    Job,
    Rendered,
    Shared,
    TermJob,
    key,
    render_chunk,
    shared_digest,
)
from sitegen.diagnostics import Place, Sink, count
from sitegen.model import Evidence
from sitegen.project import Project, folder_url
from sitegen.store import Store, default_folder, digest
from sitegen.web import links, pages
from sitegen.web.content import MAX_FOLDERS, Document, read_content
from sitegen.web.index import TAXONOMIES, Index, Output, PageSummary, facts_of, make_index
from sitegen.web.markdown import find_panics
from sitegen.web.outputs import site_outputs
from sitegen.web.theme import Theme, load_theme

_CHUNK = 16
"""Pages a process renders at a time."""
_FEW = 2 * _CHUNK
"""Pages up to which starting processes costs more than it saves."""


class Options(NamedTuple):
    """How to build; what the command line says."""

    locked: bool = False
    relock: bool = False
    strict: bool = False
    output: Path | None = None
    base_url: str | None = None
    jobs: int | None = None
    cache: bool = True


class Outcome(NamedTuple):
    """What a build did."""

    pages: int
    cases: int
    undecoded: int
    "logs without an image, here or in the lock"
    output: str
    published: Published | None
    "None when nothing was published because of problems"

    def sentence(self) -> str:
        if self.published is None:
            return f"nothing published: {self.output} is as it was"
        done = self.published
        parts = [f"{_number(len(done.written), 'file')} written"]
        parts += [f"{len(done.removed)} removed"] if done.removed else []
        parts += [f"{done.unchanged} unchanged"]
        made = f"{_number(self.cases, 'case')}, {_number(self.pages, 'page')} in {self.output}"
        note = f" ({_number(self.undecoded, 'log')} not decoded)" if self.undecoded else ""
        return f"{made}: {', '.join(parts)}{note}"


def _number(count: int, noun: str) -> str:
    return f"{count} {noun}{'' if count == 1 else 's'}"


def build(project: Project, options: Options, sink: Sink) -> Outcome | None:
    """Builds the site; problems go to `sink`. None when there is nothing that could be built.

    With `options.strict` nothing is published when there are problems.
    """
    project = _with(project, options)
    if not project.content.is_dir():
        name = project.relative(project.content)
        hint = "make it, or name another with `content` in the configuration"
        sink.add(codes.G005, f"there is no folder '{name}'", at=Place(project.config), hint=hint)
        return None
    theme = load_theme(
        project.theme,
        project.root,
        sink=sink,
        options=project.theme_options,
        config=project.config,
        cache=_templates(default_folder() if options.cache else None),
    )
    publication = open_publication(project, sink) if theme else None
    if publication is None or theme is None:
        return None
    try:
        return _build(project, options, theme, publication, sink)
    finally:
        publication.close()


def _build(
    project: Project, options: Options, theme: Theme, publication: Publication, sink: Sink
) -> Outcome:
    cache = default_folder() if options.cache else None
    documents = tuple(
        document
        for document in read_content(project.content, project.root, sink, find_panics=find_panics)
        if not document.front.draft
    )
    evidence = gather(
        project,
        documents,
        locked=options.locked,
        relock=options.relock,
        cache=cache,
        sink=sink,
    )
    jobs = [_job(document, evidence) for document in documents]
    index, shared = _shared(project, jobs, theme, _templates(cache))
    site = Gathering(publication, sink)
    home = next((document for document in documents if document.url == ""), None)
    others: list[Job] = [job for job in jobs if job.document is not home]
    others += [TermJob(term) for terms in index.terms.values() for term in terms]
    published = None
    try:
        _render_jobs(others, shared, site, options.jobs, cache)
        _render_lists(site, home, index, shared, theme)
        site.add(site_outputs(index))
        site.add(Output(*file) for file in theme.static_files())
        site.add(Output(*file) for file in links.read_assets(site.assets, project.content, sink))
        site.check_links()
        if not (options.strict and count(sink, "error") + count(sink, "warning")):
            published = publication.publish()
    except PublishError as error:
        name = project.relative(project.output)
        sink.add(codes.G006, f"cannot write '{name}': {error}", at=Place(name))
    undecoded = sum(bool(log.provenance.missing) for job in jobs for log in job.entries)
    cases = sum(job.facts is not None for job in jobs)
    return Outcome(site.pages, cases, undecoded, project.relative(project.output), published)


def _templates(cache: Path | None) -> Path | None:
    """Where compiled templates are kept."""
    return cache / "templates" if cache else None


def _shared(
    project: Project, jobs: list[DocumentJob], theme: Theme, templates: Path | None
) -> tuple[Index, Shared]:
    """What lists know of all cases, and what every page depends on."""
    index = make_index(
        [job.document for job in jobs],
        [job.facts for job in jobs if job.facts],
        [PageSummary("", project.title), PageSummary(pages.CASES, "Cases")],
    )
    chrome = pages.make_chrome(
        index,
        title=project.title,
        description=project.description,
        language=project.language,
        base_url=project.base_url,
    )
    without_cases = msgspec.structs.replace(index, cases=(), terms={})
    listing = _listing(project.content)
    return index, Shared(project, without_cases, chrome, theme.digest, listing, templates)


def _with(project: Project, options: Options) -> Project:
    if options.output:
        project = msgspec.structs.replace(project, output=options.output)
    if options.base_url is not None:
        project = msgspec.structs.replace(project, base_url=folder_url(options.base_url))
    return project


def _job(document: Document, evidence: dict[str, Evidence]) -> DocumentJob:
    if document.kind != "case":
        return DocumentJob(document)
    found = evidence.get(document.path)
    return DocumentJob(document, facts_of(document, found), found.logs if found else ())


def _listing(content: Path) -> str:
    """Digest of the names of all files below `content` that a document may link to."""
    names = []
    for folder, folders, files in os.walk(content):
        inside = os.path.relpath(folder, content)
        deep = inside.count(os.sep) >= MAX_FOLDERS  # nothing is read there
        folders[:] = () if deep else sorted(f for f in folders if not f.startswith((".", "_")))
        names += [f"{inside}/{name}" for name in sorted(files)]
    return digest(*names)


def _render_jobs(
    jobs: list[Job], shared: Shared, site: Gathering, processes: int | None, cache: Path | None
) -> None:
    """Renders what is not remembered, in order, in as many processes as it pays to start."""
    store = Store(cache)
    common = shared_digest(shared) if cache else ""
    keys = [key(job, common) if cache else "" for job in jobs]
    memos = [store.find(Memo, name) if name else None for name in keys]
    pending = []
    for job, name, memo in zip(jobs, keys, memos, strict=True):
        if memo is None or not site.add_remembered(job.url, memo):
            pending.append((job, name))
    rendered = _run(shared, tuple(job for job, _ in pending), processes)
    for (job, name), result in zip(pending, rendered, strict=True):
        site.add_rendered(job.url, result)
        if name and not result.failed:
            store.put(name, remember(result))


def _run(shared: Shared, jobs: tuple[Job, ...], processes: int | None) -> Iterator[Rendered]:
    workers = processes or len(os.sched_getaffinity(0))
    if workers == 1 or len(jobs) <= _FEW:
        for job in jobs:
            yield from render_chunk(shared, (job,))
        return
    chunks = [jobs[at : at + _CHUNK] for at in range(0, len(jobs), _CHUNK)]
    with ProcessPoolExecutor(workers) as executor:
        for chunk in executor.map(render_chunk, [shared] * len(chunks), chunks):
            yield from chunk


def _render_lists(
    site: Gathering, home: Document | None, index: Index, shared: Shared, theme: Theme
) -> None:
    """The pages that know all cases, rendered anew in every build."""
    content = shared.project.content
    sink = Sink()
    made = {
        "": pages.render_home(
            home, index=index, theme=theme, chrome=shared.chrome, content=content, sink=sink
        ),
        pages.CASES: pages.render_cases(index=index, theme=theme, chrome=shared.chrome, sink=sink),
        **{
            f"{one.key}/": pages.render_terms(
                one, index.terms[one.key], theme=theme, chrome=shared.chrome, sink=sink
            )
            for one in TAXONOMIES
            if index.terms[one.key]
        },
        pages.NOT_FOUND: pages.render_not_found(theme=theme, chrome=shared.chrome, sink=sink),
    }
    for url, page in made.items():
        site.add_page(url, page)
    site.complain(sink.found())
