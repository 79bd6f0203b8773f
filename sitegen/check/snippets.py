"""The source that locks show, held against the tree."""

import hashlib
from collections.abc import Iterator

from sitegen import codes
from sitegen.build.excerpts import find_wanted
from sitegen.build.kernels import Kernels
from sitegen.check.subjects import Subject, line_of
from sitegen.crash.source import Tree
from sitegen.diagnostics import Diagnostic, Place
from sitegen.model import ChainStep, LogEvidence, Snippet
from sitegen.web.content import EmbeddedLog

_MOST = 10
"""Snippets of a log that are complained about one by one."""


def source_drift(subject: Subject, kernels: Kernels) -> Iterator[Diagnostic]:
    """Snippets whose lines are not those of the tree that the kernel is configured with."""
    wanted = find_wanted(subject.document)
    for log, entry in subject.entries():
        kernel = kernels.find(subject.document.release(log, entry.kernel), "")
        if kernel is None or not any(one.exists() for one in kernel.source_folders()):
            continue
        tree = kernels.tree(kernel)
        if tree is None:
            continue
        asked = {one.asked: one.at for one in wanted.get(log.id, ())}
        places = [*_of_chains(log, entry)]
        places += [(one.snippet, asked[one.asked]) for one in entry.excerpts if one.asked in asked]
        yield from _compare(places, tree, Place(log.path, log.line))


def _of_chains(log: EmbeddedLog, entry: LogEvidence) -> Iterator[tuple[Snippet, Place]]:
    """Each snippet once, with the line of the log that its step stands for."""
    seen: set[tuple[str, str]] = set()
    for report in entry.reports:
        for step in report.chain:
            for snippet in _of_step(step):
                if (snippet.file, snippet.sha256) not in seen:
                    seen.add((snippet.file, snippet.sha256))
                    yield snippet, line_of(log, step.log_line)


def _of_step(step: ChainStep) -> Iterator[Snippet]:
    edge = step.edge
    tables = (*edge.tables, *(table for one in edge.targets for table in one.tables))
    found = [step.snippet, *(one.snippet for one in tables), *(one.snippet for one in edge.handed)]
    yield from (one for one in found if one is not None)


def _compare(places: list[tuple[Snippet, Place]], tree: Tree, whole: Place) -> Iterator[Diagnostic]:
    found = []
    for snippet, at in places:
        if tree.is_elsewhere(snippet.file):
            continue
        lines = tree.lines(snippet.file)
        where = f"{snippet.file}:{snippet.first}-{snippet.last}"
        if lines is None:
            found.append(Diagnostic(codes.R005, f"no '{where}': {tree.why_not(snippet.file)}", at))
        elif _digest(snippet, lines) != snippet.sha256:
            message = f"'{where}' is another text in the source tree than in the lock"
            found.append(Diagnostic(codes.R005, message, at, _HINT))
    yield from found[:_MOST]
    if len(found) > _MOST:
        message = f"{len(found) - _MOST} more pieces of source differ from the tree's"
        yield Diagnostic(codes.R005, message, whole, _HINT)


_HINT = "give the source that the kernel was built from, or run sitegen build --relock"


def _digest(snippet: Snippet, lines: tuple[str, ...]) -> str:
    """Of the lines that the snippet shows, as the tree has them."""
    state = hashlib.sha256()
    for first, last in snippet.shown:
        for line in lines[max(0, first - 1) : last]:
            state.update(f"{line}\n".encode())
    return state.hexdigest()
