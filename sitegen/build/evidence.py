"""Documents -> Evidence per case: from the lock, by decoding, or the poorer kind.

A lock entry is used when its log is unchanged. Where it is missing or stale and
the kernel's image is at hand, the log is decoded and the lock written. Where
neither is there, the evidence says why, and the page is built all the same.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from msgspec.structs import replace

from sitegen import codes
from sitegen.build.claims import find_members, with_layouts
from sitegen.build.excerpts import find_wanted, with_excerpts
from sitegen.build.kernels import Kernels
from sitegen.crash import lockfile
from sitegen.diagnostics import Diagnostic, Place, Sink
from sitegen.model import CrashLog, Evidence, LogEvidence
from sitegen.project import Project
from sitegen.store import write_atomically
from sitegen.web.content import Document, EmbeddedLog
from sitegen.wording import reason_of

if TYPE_CHECKING:  # decoding is imported when something is decoded
    from sitegen.crash.source import Tree
    from sitegen.crash.symbols.symbolizer import Symbolizer

_REBUILD = "run sitegen build where the kernel's image is, and commit the lock"


class Gathered(NamedTuple):
    """The evidence of one document."""

    evidence: Evidence | None = None
    "None for a document without logs"
    locked: bool = True
    "whether the lock holds the very same, so that it can be read from there"
    problems: tuple[Diagnostic, ...] = ()


def gather(
    project: Project,
    document: Document,
    kernels: Kernels,
    *,
    locked: bool,
    relock: bool,
    hold: bool = False,
) -> Gathered:
    """The evidence of a document's logs. Writes its lock when that changed, unless `locked`.

    With `relock` every log is worked on anew whose evidence would not become poorer by it. With
    `hold` the lock keeps what was decoded of logs that are gone: the document is being edited, and
    a fence that is broken now is mended in a moment.
    """
    sink = Sink()
    path = lock_path(project.content / document.path)
    name = project.relative(path)
    lock = lockfile.read_lock(path, name, sink)
    entries = _entries(document, lock)
    answers = [
        _answer(document, log, entries.get(log.id), kernels, locked=locked, relock=relock)
        for log in document.logs
    ]
    for answer in answers:
        sink.extend(answer.problems)
    wanted, members = find_wanted(document), find_members(document)
    logs = []
    for log, answer in zip(document.logs, answers, strict=True):
        known = entries.get(log.id)
        kernel = kernels.find(document.release(log, answer.entry.kernel), "")
        opened = None if locked else kernels
        anew = relock and not answer.kept
        entry = with_excerpts(
            answer.entry,
            known,
            wanted.get(log.id, ()),
            kernel=kernel,
            kernels=opened,
            relock=anew,
            sink=sink,
        )
        entry = with_layouts(
            entry,
            known,
            members.get(log.id, ()),
            kernel=kernel,
            kernels=opened,
            relock=anew,
            sink=sink,
        )
        logs.append(entry)
    evidence = Evidence(schema=lockfile.SCHEMA, logs=tuple(logs))
    for log, entry in zip(document.logs, evidence.logs, strict=True):
        sink.extend(_remarks(log, entry))
    # A lock that cannot be read may hold more than what is known without an image.
    poorer = lock is None and any(entry.provenance.missing for entry in evidence.logs)
    settled = all(answer.settled for answer in answers)
    settled = settled and not (hold and lock is not None and _loses(lock, evidence))
    written = evidence == lock
    if not locked and settled and not written and not (poorer and path.exists()):
        written = _write(path, name, evidence, sink)
    return Gathered(evidence, written, sink.found())


def _entries(document: Document, lock: Evidence | None) -> dict[str, LogEvidence]:
    """What the lock knows of the document's logs, by their ids: also of one that has another id now."""
    if lock is None:
        return {}
    known = {entry.id: entry for entry in lock.logs}
    same = {entry.sha256: entry for entry in lock.logs}
    for log in document.logs:
        if log.sha256 in same and (log.id not in known or known[log.id].sha256 != log.sha256):
            known[log.id] = replace(same[log.sha256], id=log.id)
    return known


def _loses(lock: Evidence, evidence: Evidence) -> bool:
    """Whether something was decoded of a log that is there no more."""
    there = {entry.sha256 for entry in evidence.logs}
    return any(entry.sha256 not in there and not entry.provenance.missing for entry in lock.logs)


def lock_path(document: Path) -> Path:
    """Where a case keeps its lock: `slug.lock.json` beside `slug.md`, or inside the folder `slug/`."""
    slug = document.parent.name if document.name == "index.md" else document.stem
    return document.parent / f"{slug}.lock.json"


class _Answer(NamedTuple):
    entry: LogEvidence
    settled: bool = True
    "False when another machine, with the image, would answer better: not for the lock"
    kept: bool = False
    "the lock's entry, since a module that it knows is not here: nothing of it is made anew"
    problems: tuple[Diagnostic, ...] = ()


def _answer(
    document: Document,
    log: EmbeddedLog,
    entry: LogEvidence | None,
    kernels: Kernels,
    *,
    locked: bool,
    relock: bool,
) -> _Answer:
    """The evidence for one log: its lock entry, or a new one."""
    fresh = entry is not None and entry.sha256 == log.sha256
    wanted = log.kernel or document.front.kernel
    if entry is not None and fresh:
        where = kernels.whereabouts(wanted or entry.kernel)
        undecoded = bool(entry.provenance.missing)
        good = _is_good(entry) if where == "here" else not (undecoded and where == "elsewhere")
        poorer = where != "here" and not undecoded
        if locked or (poorer and not relock) or (good and not relock):
            return _Answer(entry)
        if poorer and where == "nowhere":
            return _Answer(entry)
        if poorer:
            problem = Diagnostic(codes.S010, _CANNOT, _place(log), _REBUILD)
            return _Answer(entry, problems=(problem,))
    if locked:
        state = "is stale: the log changed" if entry else "has nothing for this log"
        problem = Diagnostic(codes.S007, f"the lock {state}", _place(log), _REBUILD)
        return _Answer(
            _analyse(log, _parse(log), missing="not decoded: built with --locked"),
            settled=False,
            problems=(problem,),
        )
    parsed = _parse(log)
    kernel = kernels.find(wanted or parsed.release, parsed.build_id)
    if kernel is None:
        release = wanted or parsed.release
        missing = f"no kernel {release} is configured" if release else "the log names no kernel"
        return _Answer(_analyse(log, parsed, missing=missing))
    opened = kernels.open(kernel)
    if entry is not None and fresh and opened.symbolizer is None and not entry.provenance.missing:
        problem = Diagnostic(codes.S010, _CANNOT, _place(log), _REBUILD)
        return _Answer(entry, problems=(problem,))
    kernels.fetch_modules(kernel, log.text)
    new = _analyse(
        log,
        parsed,
        symbolizer=opened.symbolizer,
        tree=opened.tree,
        snippets=kernel.snippets,
        missing=opened.missing,
    )
    if entry is not None and fresh and (gone := _lost_modules(entry, new)):
        named = ", ".join(f"'{name}'" for name in gone)
        what = f"module {named} is" if len(gone) == 1 else f"the modules {named} are"
        problem = Diagnostic(
            codes.S010,
            f"not decoded again: {what} not here; the lock is used",
            _place(log),
            "name the module's folder under 'modules' of the kernel",
        )
        return _Answer(entry, kept=True, problems=(problem,))
    if opened.symbolizer is not None:
        return _Answer(new)
    if not opened.elsewhere:
        return _Answer(new)
    state = "there is no lock" if entry is None else "the lock is stale"
    said = f"{state}, and {opened.missing} ({kernels.place(kernel)})"
    problem = Diagnostic(codes.S010, said, _place(log), _REBUILD)
    return _Answer(new, settled=False, problems=(problem,))


def _lost_modules(before: LogEvidence, now: LogEvidence) -> tuple[str, ...]:
    """Modules of frames that were decoded before and are not now, sorted."""
    undecoded = {
        (frame.line, frame.column) for frame in now.frames() if frame.module and not frame.calls
    }
    lost = {
        frame.module
        for frame in before.frames()
        if frame.module and frame.calls and (frame.line, frame.column) in undecoded
    }
    return tuple(sorted(lost))


_CANNOT = "not decoded again: the kernel's image cannot be read here; the lock is used"


def _is_good(entry: LogEvidence) -> bool:
    """Whether an image at hand has nothing to add: decoded, and by the kernel that crashed."""
    sizes = entry.provenance.sizes
    return not entry.provenance.missing and not (sizes and sizes.different)


def _parse(log: EmbeddedLog) -> CrashLog:
    from sitegen.crash.log import parse, unwrap  # noqa: PLC0415  reason: a fresh lock needs no parser

    return parse(unwrap(log.text))


def _analyse(
    log: EmbeddedLog,
    parsed: CrashLog,
    *,
    symbolizer: "Symbolizer | None" = None,
    tree: "Tree | None" = None,
    snippets: bool = True,
    missing: str = "",
) -> LogEvidence:
    from sitegen.crash.analyse import analyse  # noqa: PLC0415  reason: a fresh lock needs no decoder

    return analyse(
        parsed,
        id=log.id,
        sha256=log.sha256,
        symbolizer=symbolizer,
        tree=tree,
        snippets=snippets,
        missing=missing,
    )


def _place(log: EmbeddedLog) -> Place:
    return Place(log.path, log.line)


def _remarks(log: EmbeddedLog, entry: LogEvidence) -> Iterator[Diagnostic]:
    """What every build says of this evidence, whether it was just made or stood in the lock."""
    at = _place(log)
    if not entry.reports:
        hint = "paste the part that begins with the crash's first line"
        yield Diagnostic(codes.L001, "no crash report in this log", at, hint)
    for report in entry.reports:
        if report.corrupted:
            yield Diagnostic(codes.L003, f"corrupted report: {report.corrupted}", at)
    provenance = entry.provenance
    sizes = provenance.sizes
    if sizes and sizes.different:
        total = sizes.equal + len(sizes.different)
        shown = ", ".join(sizes.different[:3])
        text = f"{len(sizes.different)} of {total} function sizes differ from the image's ({shown})"
        hint = f"give the vmlinux of {entry.kernel or 'the kernel that crashed'}"
        yield Diagnostic(codes.S001, text, at, hint)
    if provenance.mismatched:
        count = len(provenance.mismatched)
        shown = ", ".join(provenance.mismatched[:3])
        what = "a function is" if count == 1 else f"{count} functions are"
        text = f"{what} not where the image says in the source tree ({shown})"
        hint = f"give the source that {entry.kernel or 'the kernel that crashed'} was built from"
        yield Diagnostic(codes.R002, text, at, hint)
    if provenance.missing:
        yield Diagnostic(codes.S006, f"not decoded: {provenance.missing}", at)


def _write(path: Path, name: str, evidence: Evidence, sink: Sink) -> bool:
    try:
        write_atomically(path, lockfile.encode(evidence))
    except OSError as error:
        sink.add(codes.G006, f"cannot write the lock: {reason_of(error)}", at=Place(name))
        return False
    return True
