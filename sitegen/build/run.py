"""Plan the build, run it, publish what changed.

Content -> Documents -> Evidence -> Index -> pages -> site/. Each page is a job whose
digest is known before it runs: what was rendered before and still stands in the
output is not rendered again, and its problems are told again.
"""

import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import NamedTuple

from msgspec.structs import replace

from sitegen import codes
from sitegen.build.gathering import Gathering
from sitegen.build.history import find_fault, last_changes
from sitegen.build.jobs import Plan, add_full_text, render_jobs
from sitegen.build.kernels import Kernels
from sitegen.build.lists import render_lists, render_redirects
from sitegen.build.outcome import Memory, Outcome
from sitegen.build.overview import Overview, common_digest
from sitegen.build.publish import Publication, PublishError, open_publication
from sitegen.build.reading import Manner, Reading, read_documents, world
from sitegen.build.redaction import Redaction, discreet, open_redaction
from sitegen.build.render import DocumentJob, Shared, TermJob
from sitegen.build.state import NOTHING, State, read_state, write_state
from sitegen.diagnostics import Place, Sink, count
from sitegen.project import Project, folder_url
from sitegen.store import default_folder, digest
from sitegen.terminal import Progress, silent
from sitegen.web.index import Output
from sitegen.web.theme import Theme, load_theme


class Options(NamedTuple):
    """How to build; what the command line says."""

    locked: bool = False
    relock: bool = False
    strict: bool = False
    output: Path | None = None
    base_url: str | None = None
    jobs: int | None = None
    cache: bool = True
    progress: Progress = silent
    "is told how far the build is"
    drafts: bool = False
    "show drafts, which are never published otherwise: for an `output` that nobody publishes"
    hold: bool = False
    "keep the last page of a document that cannot be read, or only with errors"


def build(
    project: Project, options: Options, sink: Sink, before: Memory | None = None
) -> Outcome | None:
    """Builds the site; problems go to `sink`. None when there is nothing that could be built.

    Problems count as the configuration's `severity` says. With `options.strict` nothing is
    published when there are any. `before` is what the last build of this process left: then the
    state is neither read nor written, see `keep`.
    """
    weighed = Sink(project.severity)
    try:
        return _begin(_with(project, options), options, weighed, before)
    finally:
        sink.extend(discreet(weighed))


def _begin(project: Project, options: Options, sink: Sink, before: Memory | None) -> Outcome | None:
    if not project.content.is_dir():
        name = project.relative(project.content)
        hint = "make it, or name another with `content` in the configuration"
        sink.add(codes.G005, f"there is no folder '{name}'", at=Place(project.config), hint=hint)
        return None
    theme = (before and before.theme) or load_theme(
        project.theme,
        project.root,
        sink=sink,
        options=project.theme_options,
        config=project.config,
        cache=_templates(default_folder() if options.cache else None),
    )
    redaction = open_redaction(project, sink)
    publication = open_publication(project, sink) if theme and redaction else None
    if publication is None or theme is None or redaction is None:
        return None
    if before and before.mark != NOTHING and before.mark == publication.mark():
        publication.trust()
    try:
        outcome = _build(
            project,
            options,
            theme,
            redaction,
            publication,
            sink,
            before or recall(project, options),
        )
    finally:
        publication.close()
    if before is None and outcome.memory is not None:
        keep(project, options, outcome.memory)
    return outcome


def recall(project: Project, options: Options) -> Memory:
    """What the last build of another process left."""
    return Memory(read_state(_state_path(_with(project, options), options)))


def keep(project: Project, options: Options, memory: Memory) -> None:
    """Leaves what a build knew to the next process."""
    write_state(_state_path(_with(project, options), options), memory.state)


def _build(
    project: Project,
    options: Options,
    theme: Theme,
    redaction: Redaction,
    publication: Publication,
    sink: Sink,
    before: Memory,
) -> Outcome:
    cache = default_folder() if options.cache else None
    last = before.state
    now = State(
        when=time.time_ns(), world=world(project, locked=options.locked, drafts=options.drafts)
    )
    same = (last.world, last.redactions) == (now.world, redaction.digest())
    known = last if same else State(when=last.when, outputs=last.outputs)
    with ExitStack() as stack:
        kernels = Kernels(project, cache, stack, sink)
        manner = Manner(
            locked=options.locked,
            relock=options.relock,
            drafts=options.drafts,
            hold=options.hold,
        )
        read = read_documents(
            project, kernels, known, redaction.redactor, manner, sink, options.progress
        )
    redaction.check_addresses(sink)
    for folder in theme.places:
        redaction.check_theme(folder, sink)
    project = redaction.project()
    readings = tuple(one for one in read if options.drafts or not one.entry.head.front.draft)
    changes = _changes(project, sink)
    common = common_digest(project, theme.digest, readings, changes)
    same = common == known.common
    overview = before.overview if same else None
    overview = overview or Overview(project, readings, known, same=same)
    shared = Shared(
        project, overview.links, overview.chrome, theme.digest, _templates(cache), redaction.map()
    )
    theme.move(overview.chrome.moved)
    site = Gathering(publication, sink)
    plans = [
        *_documents(readings, overview, changes, known, same=same),
        *_terms(overview, same=same),
    ]
    published, memos, assets = None, {}, {}
    try:
        memos = render_jobs(plans, shared, site, options.jobs, known, options.progress)
        home = next((one for one in readings if not one.entry.head.url), None)
        memos |= render_lists(site, home, overview, shared, theme, known, common)
        site.add(Output(*file) for file in theme.static_files())
        assets = site.add_assets(project.content, known, redaction)
        render_redirects(site, [one.entry.head for one in readings], shared, theme)
        site.check_links()
        if project.full_text:
            options.progress("indexing the text", 0, 0, "")
            urls = [plan.url for plan in plans if plan.head]
            memos |= add_full_text(site, urls, known)
        redaction.scan(publication, sink, everything=known is not last)
        if not options.locked:
            redaction.keep(sink)
        strict = options.strict and count(sink, "error") + count(sink, "warning")
        if not strict and redaction.may_publish(sink):
            options.progress("publishing", 0, 0, "")
            published = publication.publish()
    except PublishError as error:
        name = project.relative(project.output)
        sink.add(codes.G006, f"cannot write '{name}': {error}", at=Place(name))
    memory = None
    if published:
        state = replace(
            now,
            entries={one.entry.head.path: one.entry for one in read},
            memos=memos,
            common=common,
            terms=overview.term_urls,
            chrome=overview.chrome,
            likeness=overview.likeness,
            outputs=publication.outputs(),
            assets=assets,
            redactions=redaction.digest(),
        )
        memory = Memory(state, overview, theme, publication.mark())
    return Outcome(
        pages=len(plans),
        cases=sum(one.entry.facts is not None for one in readings),
        undecoded=sum(one.entry.undecoded for one in readings),
        waiting=tuple(one.entry.head.file for one in readings if one.entry.undecoded),
        output=project.relative(project.output),
        published=published,
        memory=memory,
    )


def _documents(
    readings: tuple[Reading, ...],
    overview: Overview,
    changes: Mapping[str, str],
    known: State,
    *,
    same: bool,
) -> Iterator[Plan]:
    """The pages of all documents but the content folder's own index."""
    for one in readings:
        head = one.entry.head
        if head.url:
            make = partial(_document, one, overview, changes.get(head.file, ""))
            settled = same and known.entries.get(head.path) is one.entry
            yield Plan(head.url, make, head, settled, one.held)


def _document(reading: Reading, overview: Overview, changed: str) -> DocumentJob:
    entry, read, _ = reading
    return DocumentJob(
        head=entry.head,
        digest=entry.digest,
        summary=entry.facts.summary if entry.facts else None,
        similar=overview.similar(entry.head.url),
        around=overview.around(entry.head.url),
        changed=changed,
        document=read and read.document,
        entries=read.entries if read else (),
    )


def _terms(overview: Overview, *, same: bool) -> Iterator[Plan]:
    """The pages of all terms."""
    for number, url in enumerate(overview.term_urls):
        yield Plan(url, partial(_term, overview, number), settled=same)


def _term(overview: Overview, number: int) -> TermJob:
    return TermJob(overview.terms[number])


def _state_path(project: Project, options: Options) -> Path | None:
    """Where a project's state is kept: one for each folder that it is built into."""
    cache = default_folder() if options.cache else None
    name = digest(str(project.root), project.config, str(project.output))
    return cache / "builds" / name if cache else None


def _templates(cache: Path | None) -> Path | None:
    """Where compiled templates are kept."""
    return cache / "templates" if cache else None


def _with(project: Project, options: Options) -> Project:
    if options.output:
        project = replace(project, output=options.output)
    if options.base_url is not None:
        project = replace(project, base_url=folder_url(options.base_url))
    return project


def _changes(project: Project, sink: Sink) -> dict[str, str]:
    """When each document last changed, where that is asked for; complains when git cannot tell."""
    if not project.updated:
        return {}
    if fault := find_fault(project.root):
        message = f"the days of last changes are not known: {fault.message}"
        sink.add(codes.G027, message, at=Place(project.config), hint=fault.hint)
        return {}
    return last_changes(project.root, project.content)
