"""Runs jobs: lets stand what is remembered, renders the rest in as many processes as it pays to start."""

import os
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from typing import NamedTuple

from sitegen import codes
from sitegen.build.fulltext import FOLDER, FullTextError, full_text
from sitegen.build.gathering import Gathering, remember
from sitegen.build.render import (
    Job,
    Rendered,
    Shared,
    is_answered,
    key,
    render_chunk,
    shared_digest,
)
from sitegen.build.state import Memo, State
from sitegen.build.workers import CHUNK, render_in_processes
from sitegen.diagnostics import Diagnostic
from sitegen.store import code_version, digest
from sitegen.terminal import Progress, silent
from sitegen.web.content import Document

_FEW = 2 * CHUNK
"""Pages up to which starting processes costs more than it saves."""


class Plan(NamedTuple):
    """A page to come."""

    url: str
    make: Callable[[], Job]
    "the job; it may take long to make"
    head: Document | None = None
    "of a document's page: what its links are resolved for"
    settled: bool = False
    "nothing that the job is made from has changed since the last build, whose page will do"
    held: bool = False
    "the page is of a document as it was: see `Reading`"


def render_jobs(
    plans: Sequence[Plan],
    shared: Shared,
    site: Gathering,
    processes: int | None,
    state: State,
    progress: Progress = silent,
) -> dict[str, Memo]:
    """Renders what is not remembered, in as many processes as it pays to start.

    Outputs are added in the order of the plans, rendered now or before, so that of two that want
    one path the same one has it in every build. Returns what to remember, by url.
    """
    common = cache(lambda: shared_digest(shared))
    found: list[Memo | None] = []
    pending: list[tuple[str, Job]] = []
    for plan in plans:
        memo = state.memos.get(plan.url)
        job = None if plan.settled and memo else plan.make()
        name = key(job, common()) if job else memo.key if memo else ""
        fits = memo and memo.key == name and is_answered(plan.head, memo.answers, shared)
        if memo and fits and site.has(memo, state):
            found.append(memo)
        else:
            found.append(None)
            pending.append((name, job or plan.make()))
    rendered = _run(shared, tuple(job for _, job in pending), processes)
    names = iter(pending)
    memos: dict[str, Memo] = {}
    for number, (plan, memo) in enumerate(zip(plans, found, strict=True)):
        if memo is not None:
            site.add_remembered(plan.url, memo, held=plan.held)
            memos[plan.url] = memo
            continue
        progress("rendering", number, len(plans), plan.url)
        result = next(rendered)
        name, _ = next(names)
        files = site.add_rendered(plan.url, result)
        if name and not result.failed and not result.moved:
            memos[plan.url] = remember(name, result, files)
    return memos


def add_full_text(site: Gathering, urls: Sequence[str], state: State) -> dict[str, Memo]:
    """Adds the index of the text of the pages at `urls`, made anew when one changed.

    Returns what to remember.
    """
    digests = [(url, site.page_digest(url)) for url in urls]
    name = digest("full text", code_version(), *(part for page in digests for part in page))
    memo = state.memos.get(FOLDER)
    if memo is not None and memo.key == name and site.has(memo, state):
        site.add_remembered(FOLDER, memo)
        return {FOLDER: memo}
    try:
        outputs = full_text([(url, site.read_page(url)) for url in urls])
    except FullTextError as error:
        hint = "pip install 'pagefind[bin]'"
        site.complain([Diagnostic(codes.G008, f"no index of the full text: {error}", hint=hint)])
        return {}
    return {FOLDER: Memo(key=name, files=site.add(outputs))}


def _run(shared: Shared, jobs: tuple[Job, ...], processes: int | None) -> Iterator[Rendered]:
    workers = processes or len(os.sched_getaffinity(0))
    if workers == 1 or len(jobs) <= _FEW:
        for job in jobs:
            yield from render_chunk(shared, (job,))
        return
    yield from render_in_processes(shared, jobs, workers)
