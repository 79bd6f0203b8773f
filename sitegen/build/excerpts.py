"""What the `source` directives of a document ask for -> excerpts, kept in its lock.

An excerpt that the lock holds is used as long as the log is the same; others are taken
from the source tree of the log's kernel.
"""

from collections.abc import Mapping
from typing import NamedTuple, TypeGuard

from msgspec.structs import replace

from sitegen import codes
from sitegen.build.kernels import Kernels
from sitegen.diagnostics import Place, Sink
from sitegen.model import Excerpt, LogEvidence
from sitegen.project import Kernel
from sitegen.web.content import Document
from sitegen.web.markdown import find_asked


class Wanted(NamedTuple):
    """What a directive asks for, and where it stands."""

    asked: str
    at: Place


def find_wanted(document: Document) -> dict[str, tuple[Wanted, ...]]:
    """What the document asks for, by the id of the log whose tree is meant; each thing once."""
    found: dict[str, dict[str, Wanted]] = {}
    first = document.logs[0].id if document.logs else ""
    for use in find_asked(document.body, "source"):
        asked = " ".join(use.argument.split())
        at = Place(document.file, document.body_line + use.line - 1)
        found.setdefault(use.log or first, {}).setdefault(asked, Wanted(asked, at))
    return {log: tuple(wanted.values()) for log, wanted in found.items()}


def with_excerpts(
    entry: LogEvidence,
    known: LogEvidence | None,
    wanted: tuple[Wanted, ...],
    *,
    kernel: Kernel | None,
    kernels: Kernels | None,
    relock: bool,
    sink: Sink,
) -> LogEvidence:
    """The evidence with the excerpts that are wanted and no others, in the order of the document.

    `known` is the lock's entry; with `relock` it counts only where the tree is not here.
    Without `kernels` nothing is opened. What cannot be had is complained about.
    """
    fresh = known is not None and known.sha256 == entry.sha256
    held = {one.asked: one for one in known.excerpts} if known is not None and fresh else {}
    # What was decoded anew is taken from the tree that it was decoded with.
    new = relock or (known is not None and entry.reports != known.reports)
    tree = kernels.tree(kernel) if new and held and kernels and _has_tree(kernel) else None
    found = []
    for one in wanted:
        excerpt = held.get(one.asked)
        if excerpt is not None and tree is not None and not tree.is_elsewhere(excerpt.snippet.file):
            excerpt = None
        excerpt = excerpt or _find(one, entry, kernel, kernels, sink)
        if excerpt is not None:
            found.append(excerpt)
    return replace(entry, excerpts=tuple(found))


def _has_tree(kernel: Kernel | None) -> TypeGuard[Kernel]:
    return kernel is not None and any(folder.exists() for folder in kernel.source_folders())


def _find(
    wanted: Wanted, entry: LogEvidence, kernel: Kernel | None, kernels: Kernels | None, sink: Sink
) -> Excerpt | None:
    missing = f"the lock has no excerpt for '{wanted.asked[:80]}'"
    if kernels is None:
        hint = "run sitegen build where the source tree is, and commit the lock"
        sink.add(codes.S007, missing, at=wanted.at, hint=hint)
        return None
    tree = kernels.tree(kernel) if kernel is not None else None
    if tree is None or kernel is None:
        name = kernel.name if kernel is not None else entry.kernel
        where = f"the source tree of {name}" if name else "the source tree of its kernel"
        hint = "configure the kernel's `source`, or build where it is and commit the lock"
        sink.add(codes.R004, f"{missing}, and {where} is not at hand", at=wanted.at, hint=hint)
        return None
    from sitegen.crash.source import Unfound, find_excerpt  # noqa: PLC0415  reason: first use

    answer = find_excerpt(
        tree,
        wanted.asked,
        spots=_spots(entry),
        locate=lambda name: _locate(name, kernel, kernels),
        text=kernel.snippets,
    )
    if isinstance(answer, Unfound) and answer.elsewhere:
        hint = "build where that source is, and commit the lock"
        sink.add(codes.R004, f"{missing}, and {answer.message}", at=wanted.at, hint=hint)
        return None
    if isinstance(answer, Unfound):
        sink.add(codes.R003, answer.message, at=wanted.at, hint=answer.hint)
        return None
    return answer


def _spots(entry: LogEvidence) -> Mapping[str, tuple[str, int | None]]:
    """Where the evidence has come to functions."""
    found: dict[str, tuple[str, int | None]] = {}
    for report in entry.reports:
        for step in report.chain:
            if step.file:
                found.setdefault(step.function, (step.file, step.line))
        frames = [frame for frame in (report.pc, report.lr) if frame]
        for trace in report.traces:
            frames += trace.frames
        for frame in frames:
            for call in frame.calls:
                if call.file and call.function:
                    found.setdefault(call.function, (call.file, call.line))
    return found


def _locate(name: str, kernel: Kernel, kernels: Kernels) -> tuple[str, int | None] | None:
    """Where the image says that a function is declared."""
    symbolizer = kernels.open(kernel).symbolizer
    if symbolizer is None:
        return None
    from sitegen.crash.symbols.values import Decoded, Query  # noqa: PLC0415  reason: first use

    (answer,) = symbolizer.decode([Query(name, lookup="exact")])
    if not isinstance(answer, Decoded):
        return None
    (bounds,) = symbolizer.bounds([answer])
    known = bounds[-1] if bounds else None
    if known is not None and known.file:
        return known.file, known.first
    return (answer.calls[-1].file, answer.calls[-1].line) if answer.calls[-1].file else None
