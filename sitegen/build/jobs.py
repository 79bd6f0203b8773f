"""Runs jobs: lets stand what is remembered, renders the rest in as many processes as it pays to start."""

import hashlib
import os
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor

from sitegen import codes
from sitegen.build.fulltext import FOLDER, FullTextError, full_text
from sitegen.build.gathering import Gathering, remember
from sitegen.build.render import (
    DocumentJob,
    Job,
    Rendered,
    Shared,
    is_answered,
    key,
    render_chunk,
    shared_digest,
)
from sitegen.build.state import Memo, State
from sitegen.diagnostics import Diagnostic
from sitegen.store import code_version, digest

_CHUNK = 16
"""Pages a process renders at a time."""
_FEW = 2 * _CHUNK
"""Pages up to which starting processes costs more than it saves."""


def render_jobs(
    jobs: list[Job], shared: Shared, site: Gathering, processes: int | None, state: State
) -> dict[str, Memo]:
    """Renders what is not remembered, in as many processes as it pays to start.

    Outputs are added in the order of the jobs, rendered now or before, so that of two that want
    one path the same one has it in every build. Returns what to remember, by url.
    """
    common = shared_digest(shared)
    keys = [key(job, common) for job in jobs]
    found: list[Memo | None] = []
    for job, name in zip(jobs, keys, strict=True):
        memo = state.memos.get(job.url)
        fits = memo is not None and memo.key == name and is_answered(job, memo.answers, shared)
        found.append(memo if memo is not None and fits and site.has(memo, state) else None)
    pending = tuple(job for job, memo in zip(jobs, found, strict=True) if memo is None)
    rendered = _run(shared, pending, processes)
    memos: dict[str, Memo] = {}
    for job, name, memo in zip(jobs, keys, found, strict=True):
        if memo is not None:
            site.add_remembered(job.url, memo)
            memos[job.url] = memo
            continue
        result = next(rendered)
        site.add_rendered(job.url, result)
        if name and not result.failed and not result.moved:
            memos[job.url] = remember(name, result)
    return memos


def add_full_text(site: Gathering, jobs: list[Job], state: State) -> dict[str, Memo]:
    """Adds the index of the documents' text, made anew when a page changed. Returns what to remember."""
    urls = [job.url for job in jobs if isinstance(job, DocumentJob)]
    pages = [(url, site.read_page(url)) for url in urls]
    name = digest("full text", code_version(), *(part for page in pages for part in page))
    memo = state.memos.get(FOLDER)
    if memo is not None and memo.key == name and site.add_remembered_files(memo, state):
        return {FOLDER: memo}
    try:
        outputs = full_text(pages)
    except FullTextError as error:
        hint = "pip install 'sitegen[search]'"
        site.complain([Diagnostic(codes.G008, f"no index of the full text: {error}", hint=hint)])
        return {}
    site.add(outputs)
    files = tuple((one.path, hashlib.sha256(one.data).hexdigest()) for one in outputs)
    return {FOLDER: Memo(key=name, files=files)}


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
