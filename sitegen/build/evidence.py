"""Documents -> Evidence per case: from the lock, by decoding, or the poorer kind.

A lock entry is used when its log is unchanged. Where it is missing or stale and
the kernel's image is at hand, the log is decoded and the lock written. Where
neither is there, the evidence says why, and the page is built all the same.
"""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Literal, NamedTuple

from sitegen import codes
from sitegen.crash import lockfile
from sitegen.diagnostics import Diagnostic, Place, Sink
from sitegen.model import CrashLog, Evidence, LogEvidence
from sitegen.project import Kernel, Project
from sitegen.store import write_atomically
from sitegen.web.content import Document, EmbeddedLog

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
    project: Project, document: Document, kernels: "Kernels", *, locked: bool, relock: bool
) -> Gathered:
    """The evidence of a document's logs. Writes its lock when that changed, unless `locked`.

    With `relock` every log is worked on anew whose evidence would not become poorer by it.
    """
    sink = Sink()
    path = lock_path(project.content / document.path)
    name = project.relative(path)
    lock = lockfile.read_lock(path, name, sink)
    entries = {entry.id: entry for entry in lock.logs} if lock else {}
    answers = [
        _answer(document, log, entries.get(log.id), kernels, locked=locked, relock=relock)
        for log in document.logs
    ]
    for answer in answers:
        sink.extend(answer.problems)
    evidence = Evidence(schema=lockfile.SCHEMA, logs=tuple(answer.entry for answer in answers))
    for log, entry in zip(document.logs, evidence.logs, strict=True):
        sink.extend(_remarks(log, entry))
    # A lock that cannot be read may hold more than what is known without an image.
    poorer = lock is None and any(entry.provenance.missing for entry in evidence.logs)
    settled = all(answer.settled for answer in answers)
    written = evidence == lock
    if not locked and settled and not written and not (poorer and path.exists()):
        written = _write(path, name, evidence, sink)
    return Gathered(evidence, written, sink.found())


def lock_path(document: Path) -> Path:
    """Where a case keeps its lock: `slug.lock.json` beside `slug.md`, or inside the folder `slug/`."""
    slug = document.parent.name if document.name == "index.md" else document.stem
    return document.parent / f"{slug}.lock.json"


class _Answer(NamedTuple):
    entry: LogEvidence
    settled: bool = True
    "False when another machine, with the image, would answer better: not for the lock"
    problems: tuple[Diagnostic, ...] = ()


def _answer(
    document: Document,
    log: EmbeddedLog,
    entry: LogEvidence | None,
    kernels: "Kernels",
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
        if locked or poorer or (good and not relock):
            return _Answer(entry)
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
    new = _analyse(
        log,
        parsed,
        symbolizer=opened.symbolizer,
        tree=opened.tree,
        snippets=kernel.snippets,
        missing=opened.missing,
    )
    if opened.symbolizer is not None:
        return _Answer(new)
    if not opened.elsewhere:
        return _Answer(new)
    state = "there is no lock" if entry is None else "the lock is stale"
    problem = Diagnostic(codes.S010, f"{state}, and {opened.missing}", _place(log), _REBUILD)
    return _Answer(new, settled=False, problems=(problem,))


def _is_good(entry: LogEvidence) -> bool:
    """Whether an image at hand has nothing to add: decoded, and by the kernel that crashed."""
    sizes = entry.provenance.sizes
    return not entry.provenance.missing and not (sizes and sizes.different)


def _parse(log: EmbeddedLog) -> CrashLog:
    from sitegen.crash.log import parse  # noqa: PLC0415  reason: a fresh lock needs no parser

    return parse(log.text)


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
        sink.add(codes.G006, f"cannot write the lock: {error.strerror}", at=Place(name))
        return False
    return True


_IMAGE_PROBLEMS = {
    "missing": (codes.S002, "correct the path, or leave it out and use the lock"),
    "not-elf": (codes.S003, "give the vmlinux with debug information, not the boot image"),
    "damaged": (codes.S005, "install it again"),
    "unsupported": (codes.S009, "rebuild it with another form of debug information"),
}
"""By ImageError.kind."""
_MISSING_MODULES = "correct the path, or leave it out: frames of these modules stay undecoded"
_NO_DWARF = "install the -dbg or debuginfo package and give the vmlinux in it"


class _Opened(NamedTuple):
    symbolizer: "Symbolizer | None" = None
    tree: "Tree | None" = None
    missing: str = ""
    elsewhere: bool = False
    "there is an image, but not one that can be read on this machine"


class Kernels:
    """The configured kernels; images and trees are opened once, on first use, and closed with the stack."""

    def __init__(self, project: Project, cache: Path | None, stack: ExitStack, sink: Sink) -> None:
        self._project = project
        self._cache = cache
        self._stack = stack
        self._sink = sink
        self._opened: dict[Kernel, _Opened] = {}

    def find(self, release: str, build_id: str) -> Kernel | None:
        return self._project.find_kernel(release, build_id)

    def whereabouts(self, release: str) -> Literal["here", "elsewhere", "nowhere"]:
        """Where the image for a log of this kernel is. Opens nothing."""
        kernel = self.find(release, "")
        if kernel is None or not (kernel.vmlinux or kernel.elsewhere):
            return "nowhere"
        return "here" if kernel.vmlinux is not None and kernel.vmlinux.is_file() else "elsewhere"

    def open(self, kernel: Kernel) -> _Opened:
        """Image and tree of `kernel`; complains about what is configured and not there, once."""
        if kernel not in self._opened:
            self._opened[kernel] = self._open(kernel)
        return self._opened[kernel]

    def _open(self, kernel: Kernel) -> _Opened:
        if kernel.vmlinux is None:
            where = "is not on this machine" if kernel.elsewhere else "is not configured"
            missing = f"the image of {kernel.name} {where}"
            return _Opened(missing=missing, elsewhere=kernel.elsewhere)
        from sitegen.crash.symbols.symbolizer import (  # noqa: PLC0415  reason: first use
            ImageError,
            Symbolizer,
        )

        modules = []
        for path in kernel.modules:
            if path.exists():
                modules.append(path)
            else:
                name = self._project.relative(path)
                self._complain(kernel, codes.S002, f"there is no '{name}'", _MISSING_MODULES)
        try:
            symbolizer = self._stack.enter_context(
                Symbolizer(kernel.vmlinux, modules, cache=self._cache)
            )
        except ImageError as error:
            code, hint = _IMAGE_PROBLEMS[error.kind]
            self._complain(kernel, code, error.message, hint)
            return _Opened(missing=error.message, elsewhere=True)
        if not symbolizer.has_lines:
            name = self._project.relative(kernel.vmlinux)
            self._complain(kernel, codes.S004, f"'{name}' has no debug information", _NO_DWARF)
        return _Opened(symbolizer, self._open_tree(kernel))

    def _complain(self, kernel: Kernel, code: codes.Code, message: str, hint: str = "") -> None:
        at = Place(self._project.config)
        self._sink.add(code, f"kernel {kernel.name}: {message}", at=at, hint=hint)

    def _open_tree(self, kernel: Kernel) -> "Tree | None":
        if kernel.source is None:
            return None
        from sitegen.crash.source import open_tree  # noqa: PLC0415  reason: first use

        tree = open_tree(kernel.source, kernel.revision, cache=self._cache)
        if isinstance(tree, str):
            self._complain(kernel, codes.R001, tree)
            return None
        return tree
