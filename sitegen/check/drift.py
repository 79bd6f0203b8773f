"""What a log decodes to now, held against what its lock says.

A drifted frame means that the lock was edited, that the image at hand is another than the one it
was made from, or that sitegen reads the image better than it did.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from msgspec.structs import replace

from sitegen import codes
from sitegen.build.claims import find_members, with_layouts
from sitegen.build.kernels import Kernels, Opened
from sitegen.check.subjects import Subject, line_of
from sitegen.diagnostics import Diagnostic, Place, Sink
from sitegen.model import Call, ChainStep, Edge, Layout, LogEvidence, TraceFrame
from sitegen.project import Kernel
from sitegen.web.content import EmbeddedLog

if TYPE_CHECKING:  # decoding is imported where there is an image
    from sitegen.crash.symbols.symbolizer import Symbolizer

_MOST = 10
"""Frames of a log that are told one by one."""


def decode_drift(subject: Subject, kernels: Kernels) -> Iterator[Diagnostic]:
    """Each frame that decodes to something else than the lock says; a note where there is no image."""
    for log, entry in subject.entries():
        release = subject.document.release(log, entry.kernel)
        kernel = kernels.find(release, "")
        where = kernels.whereabouts(release)
        if kernel is not None and where == "elsewhere":
            message = f"kernel {kernel.name}: its image is not here, so its locks are not checked"
            yield Diagnostic(codes.S015, message)
        if kernel is None or where != "here":
            continue
        opened = kernels.open(kernel)
        if opened.symbolizer is None:  # told by whoever opens it
            continue
        lost = _lost_modules(entry, opened.symbolizer)
        for module in lost:
            message = (
                f"kernel {kernel.name}: its module '{module[:80]}' is not here, and is not checked"
            )
            yield Diagnostic(codes.S015, message)
        yield from _compare(log, entry, _analyse(log, kernel, opened), frozenset(lost))


def _analyse(log: EmbeddedLog, kernel: Kernel, opened: Opened) -> LogEvidence:
    from sitegen.crash.analyse import analyse  # noqa: PLC0415  reason: only where there is an image
    from sitegen.crash.log import parse, unwrap  # noqa: PLC0415  reason: as above

    return analyse(
        parse(unwrap(log.text)),
        id=log.id,
        sha256=log.sha256,
        symbolizer=opened.symbolizer,
        tree=opened.tree,
        snippets=kernel.snippets,
        missing=opened.missing,
    )


def _lost_modules(entry: LogEvidence, symbolizer: "Symbolizer") -> tuple[str, ...]:
    """Modules that the lock has decoded frames of, and whose images are not here; sorted."""
    modules = {frame.module for frame in entry.frames() if frame.module and frame.calls}
    return tuple(name for name in sorted(modules) if symbolizer.find_build_id(name) is None)


def _compare(
    log: EmbeddedLog, old: LogEvidence, new: LogEvidence, lost: frozenset[str]
) -> Iterator[Diagnostic]:
    """One diagnostic a frame; where all frames agree one for the sizes, and one for the chain.

    Frames of modules that are `lost` are left out, and so is what is made of them.
    """
    at = Place(log.path, log.line)
    if old.provenance.missing and not new.provenance.missing:
        message = f"not decoded in the lock ({old.provenance.missing}), and the image is here"
        yield Diagnostic(codes.S013, message, at, _DECODE)
        return
    now = {_key(frame): frame for frame in new.frames()}
    drifted = [
        (frame, now.get(_key(frame)))
        for frame in old.frames()
        if frame.module not in lost and _decoded(frame) != _decoded(now.get(_key(frame)))
    ]
    for frame, other in drifted[:_MOST]:
        name = frame.symbol or (hex(frame.address) if frame.address is not None else "the frame")
        exact = _calls(other) == _calls(frame)
        found, held = _calls(other, exact=exact), _calls(frame, exact=exact)
        message = f"'{name}' decodes to {found}; the lock says {held}"
        yield Diagnostic(codes.S013, message, _place(log, frame), _hint(old, new))
    if len(drifted) > _MOST:
        message = f"{len(drifted) - _MOST} more frames decode to something else than the lock says"
        yield Diagnostic(codes.S013, message, at, _hint(old, new))
    if drifted or lost:
        return
    before, after = old.provenance, new.provenance
    if before.sizes != after.sizes:
        message = f"{_sizes(new)} now; the lock says {_sizes(old)}"
        yield Diagnostic(codes.S013, message, at, _hint(old, new))
    elif before.tree is None or after.tree is not None:
        yield from _chains(log, old, new)


_DECODE = "run sitegen build, and commit the lock"
_RELOCK = "run sitegen build --relock, and review what changes"


def _hint(old: LogEvidence, new: LogEvidence) -> str:
    """What to do, and whose image it was, where that is another."""
    ids = [{one.name: one.build_id for one in log.provenance.images} for log in (old, new)]
    for name, build_id in ids[0].items():
        if ids[1].get(name, build_id) != build_id:
            return f"the lock was made from the {name} with build ID {build_id[:40]}; {_RELOCK}"
    return _RELOCK


def _key(frame: TraceFrame) -> tuple[object, ...]:
    """What tells a frame of a log from all others."""
    return frame.line, frame.column, frame.symbol, frame.offset, frame.lookup


def _decoded(frame: TraceFrame | None) -> tuple[Call, ...] | None:
    return frame.calls if frame else None


def _calls(frame: TraceFrame | None, *, exact: bool = False) -> str:
    """What a frame decodes to, in words, innermost first; with columns where `exact`."""
    if frame is None:
        return "nothing: it is no frame"
    if not frame.calls:
        return "nothing"
    return " in ".join(
        f"{call.function} ({':'.join(map(str, filter(None, _where(call, exact=exact))))})"
        for call in frame.calls
    )


def _where(call: Call, *, exact: bool) -> tuple[object, ...]:
    how = "inlined" if call.inlined else "not inlined"
    return (call.file, call.line, call.column, how) if exact else (call.file, call.line)


def _place(log: EmbeddedLog, frame: TraceFrame) -> Place:
    width = len(frame.symbol) if frame.symbol else 1
    return line_of(log, frame.line, frame.column, (frame.column or 0) + width)


def _sizes(entry: LogEvidence) -> str:
    sizes = entry.provenance.sizes
    if sizes is None:
        return "no function size is compared"
    total = sizes.equal + len(sizes.different)
    return f"{sizes.equal} of {total} function sizes are the image's"


# --- Layouts -----------------------------------------------------------------------------------


def layout_drift(subject: Subject, kernels: Kernels) -> Iterator[Diagnostic]:
    """Members of structures that claims are about, and that the image has elsewhere than the lock says."""
    wanted = find_members(subject.document)
    for log, entry in subject.entries():
        members = wanted.get(log.id, ())
        release = subject.document.release(log, entry.kernel)
        kernel = kernels.find(release, "")
        if not members or kernel is None or kernels.whereabouts(release) != "here":
            continue
        now = with_layouts(
            entry, None, members, kernel=kernel, kernels=kernels, relock=True, sink=Sink()
        )
        for one in members:
            asked = one.claim.asked
            held, found = (
                tuple(layout for layout in each.layouts if layout.asked == asked)
                for each in (entry, now)
            )
            if any(layout.typeless for layout in found):
                continue  # a module that is not here may have the type
            if held and found and held != found:
                message = f"'{asked[:80]}' is {_layouts(found)}; the lock says {_layouts(held)}"
                yield Diagnostic(codes.S013, message, one.at, _RELOCK)


def _layouts(layouts: tuple[Layout, ...]) -> str:
    """Where a member is, in words."""
    return " or ".join(
        dict.fromkeys(
            one.missing or f"at {one.offset or 0:#x}, {one.size or 0} bytes" for one in layouts
        )
    )


# --- Chains ------------------------------------------------------------------------------------


def _chains(log: EmbeddedLog, old: LogEvidence, new: LogEvidence) -> Iterator[Diagnostic]:
    """The first step of each report that is another now."""
    for before, after in zip(old.reports, new.reports, strict=False):
        steps = zip(_bare(before.chain), _bare(after.chain), strict=False)
        shared = min(len(before.chain), len(after.chain))
        first = next((n for n, (one, two) in enumerate(steps) if one != two), shared)
        if first == len(before.chain) == len(after.chain):
            continue
        step = before.chain[first] if first < len(before.chain) else after.chain[first]
        message = f"the chain differs from the lock's from '{step.function}' on"
        at = line_of(log, step.log_line)
        yield Diagnostic(codes.S016, message, at, _RELOCK)


def _bare(chain: tuple[ChainStep, ...]) -> Iterator[ChainStep]:
    """The steps without what is shown of the tree: that is compared by itself."""
    return (
        replace(step, snippet=None, unshown="", mismatch=False, edge=_edge(step)) for step in chain
    )


def _edge(step: ChainStep) -> Edge:
    edge = step.edge
    return replace(
        edge,
        tables=tuple(replace(table, snippet=None) for table in edge.tables),
        targets=tuple(
            replace(one, tables=tuple(replace(table, snippet=None) for table in one.tables))
            for one in edge.targets
        ),
        handed=tuple(replace(one, snippet=None) for one in edge.handed),
    )
