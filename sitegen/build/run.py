"""Plan the build, run it, publish what changed.

Content -> Documents -> Evidence -> Index -> pages -> site/. Each page is a job whose
digest is known before it runs: what was rendered before and still stands in the
output is not rendered again, and its problems are told again.
"""

import time
from contextlib import ExitStack
from pathlib import Path
from typing import NamedTuple

from msgspec.structs import replace

from sitegen import codes
from sitegen.build.gathering import Gathering
from sitegen.build.history import last_changes
from sitegen.build.jobs import add_full_text, render_jobs
from sitegen.build.kernels import Kernels
from sitegen.build.likeness import find_likeness, similar_cases
from sitegen.build.lists import render_lists, render_redirects
from sitegen.build.publish import Publication, Published, PublishError, open_publication
from sitegen.build.reading import Reading, read_documents, world
from sitegen.build.render import DocumentJob, Job, Shared, TermJob
from sitegen.build.state import State, read_state, write_state
from sitegen.diagnostics import Place, Sink, count
from sitegen.model import KnownCase
from sitegen.project import Project, folder_url
from sitegen.store import default_folder, digest
from sitegen.web import links, pages
from sitegen.web.index import Index, Output, PageSummary, make_index
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

    Problems count as the configuration's `severity` says. With `options.strict` nothing is
    published when there are any.
    """
    weighed = Sink(project.severity)
    try:
        return _begin(project, options, weighed)
    finally:
        sink.extend(weighed)


def _begin(project: Project, options: Options, sink: Sink) -> Outcome | None:
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
    place = _state_path(project, cache)
    before = read_state(place)
    now = State(when=time.time_ns(), world=world(project, locked=options.locked))
    known = before if before.world == now.world else State(when=before.when, outputs=before.outputs)
    with ExitStack() as stack:
        kernels = Kernels(project, cache, stack, sink)
        read = read_documents(
            project, kernels, known, locked=options.locked, relock=options.relock, sink=sink
        )
    readings = [one for one in read if not one.entry.head.front.draft]
    index, shared = _shared(project, readings, theme, _templates(cache))
    site = Gathering(publication, sink)
    prints = {one.entry.head.url: one.entry.prints for one in readings if one.entry.prints}
    likeness = find_likeness(prints, known.likeness, now.world)
    rows = {case.url: case.row for case in index.cases}
    changes = last_changes(project.root, project.content) if project.updated else {}
    jobs: list[Job] = [
        _job(
            one,
            similar_cases(one.entry.head.url, likeness, prints, rows),
            changes.get(one.entry.head.file, ""),
        )
        for one in readings
        if one.entry.head.url
    ]
    jobs += [TermJob(term) for terms in index.terms.values() for term in terms]
    published, memos = None, {}
    try:
        memos = render_jobs(jobs, shared, site, options.jobs, known)
        render_lists(site, readings, _known(readings, index), index, shared, theme)
        site.add(Output(*file) for file in theme.static_files())
        site.add(Output(*file) for file in links.read_assets(site.assets, project.content, sink))
        render_redirects(site, readings, shared, theme)
        site.check_links()
        if project.full_text:
            memos |= add_full_text(site, jobs, known)
        if not (options.strict and count(sink, "error") + count(sink, "warning")):
            published = publication.publish()
    except PublishError as error:
        name = project.relative(project.output)
        sink.add(codes.G006, f"cannot write '{name}': {error}", at=Place(name))
    if published:
        entries = {one.entry.head.path: one.entry for one in read}
        write_state(
            place,
            replace(
                now,
                entries=entries,
                memos=memos,
                likeness=likeness,
                outputs=publication.outputs(),
            ),
        )
    undecoded = sum(one.entry.undecoded for one in readings)
    cases = len(index.cases)
    return Outcome(site.pages, cases, undecoded, project.relative(project.output), published)


def _state_path(project: Project, cache: Path | None) -> Path | None:
    """Where a project's state is kept: one for each folder that it is built into."""
    return (
        cache / "builds" / digest(str(project.root), project.config, str(project.output))
        if cache
        else None
    )


def _templates(cache: Path | None) -> Path | None:
    """Where compiled templates are kept."""
    return cache / "templates" if cache else None


def _shared(
    project: Project, readings: list[Reading], theme: Theme, templates: Path | None
) -> tuple[Index, Shared]:
    """What lists know of all cases, and what every page depends on."""
    index = make_index(
        [one.entry.head for one in readings],
        [one.entry.facts for one in readings if one.entry.facts],
        [
            PageSummary("", project.title),
            PageSummary(pages.CASES, "Cases"),
            PageSummary(pages.SEARCH, "Search"),
            PageSummary(pages.MATCH, "Match"),
        ],
    )
    chrome = pages.make_chrome(
        index,
        title=project.title,
        description=project.description,
        language=project.language,
        base_url=project.base_url,
        edit=project.edit,
    )
    for_links = replace(index, cases=(), terms={})
    return index, Shared(project, for_links, chrome, theme.digest, templates)


def _known(readings: list[Reading], index: Index) -> tuple[KnownCase, ...]:
    """What a reader's log is compared with."""
    prints = {one.entry.head.url: one.entry.prints for one in readings}
    return tuple(
        KnownCase(case.slug, case.url, case.title, case.status, prints[case.url])
        for case in index.cases
    )


def _with(project: Project, options: Options) -> Project:
    if options.output:
        project = replace(project, output=options.output)
    if options.base_url is not None:
        project = replace(project, base_url=folder_url(options.base_url))
    return project


def _job(reading: Reading, similar: tuple[pages.SimilarCase, ...], changed: str) -> DocumentJob:
    entry, read = reading
    return DocumentJob(
        head=entry.head,
        digest=entry.digest,
        summary=entry.facts.summary if entry.facts else None,
        similar=similar,
        changed=changed,
        document=read and read.document,
        entries=read.entries if read else (),
    )
