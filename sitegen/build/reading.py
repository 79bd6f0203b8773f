"""Content -> what the build knows of every document: remembered, or read and decoded.

A document whose files look as they did is not opened. Its text and evidence are read when
its page is rendered, by the process that renders it, so that no build holds more than a
few of them at a time.
"""

from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from sitegen import codes
from sitegen.build.compared import compared_files
from sitegen.build.evidence import Gathered, gather, lock_path
from sitegen.build.kernels import Kernels
from sitegen.build.state import Entry, State, stamp
from sitegen.crash import lockfile
from sitegen.diagnostics import Diagnostic, Place, Sink
from sitegen.model import Evidence, Fingerprint, LogEvidence
from sitegen.project import Project
from sitegen.store import code_version, digest
from sitegen.terminal import Progress, silent
from sitegen.web.content import Document, address, find_documents, read_document
from sitegen.web.index import facts_of
from sitegen.web.links import linked_path
from sitegen.web.markdown import PLAIN, find_links, find_panics

if TYPE_CHECKING:  # a build without rules imports none of it
    from sitegen.redact.redactor import Redactor


class Read(NamedTuple):
    """A document with the evidence of its logs, beside them: as they may be published."""

    document: Document
    entries: tuple[LogEvidence, ...] = ()


class Reading(NamedTuple):
    """What the build knows of a document."""

    entry: Entry
    read: Read | None = None
    "only where it cannot be read again: its evidence stands in no lock"
    held: bool = False
    "its files have errors now: it is as the last build knew it, and what that said of it no longer counts"


_UNSTEADY = frozenset({codes.L002, codes.L004, codes.G006, codes.M012})
"""Problems that depend on more than the files that were read."""


def world(project: Project, *, locked: bool, drafts: bool = False) -> str:
    """Digest of what entries depend on beside files: code, configuration, images and trees at hand."""
    settled = msgspec.structs.replace(project, output=Path(), severity={})
    images = [str(kernel.vmlinux and kernel.vmlinux.is_file()) for kernel in project.kernels]
    trees = [str(tree.exists()) for kernel in project.kernels for tree in kernel.source_folders()]
    encoded = msgspec.msgpack.encode(settled, enc_hook=str, order="sorted")
    return digest("world", code_version(), encoded, str((locked, drafts)), *images, *trees)


class Manner(NamedTuple):
    """How documents are read."""

    locked: bool = False
    "never decode"
    relock: bool = False
    "decode again wherever an image is at hand; nothing is remembered"
    drafts: bool = False
    "decode the logs of drafts, too"
    hold: bool = False
    "a document in which there are errors now is as the last build knew it, which had met none"


def read_documents(
    project: Project,
    kernels: Kernels,
    state: State,
    redactor: "Redactor | None",
    manner: Manner,
    sink: Sink,
    progress: Progress = silent,
) -> tuple[Reading, ...]:
    """Every document, drafts included, in the order of their paths; of two with one address the first.

    What the last build read is taken from `state`. Problems are told document by document, then
    those of the evidence.
    """
    found: dict[str, Reading] = {}
    paths = tuple(find_documents(project.content, project.root, sink))
    for number, path in enumerate(paths):
        progress("reading", number, len(paths), path)
        entry = None if manner.relock else _remembered(path, project, state)
        reading = Reading(entry) if entry else _read(path, project, kernels, redactor, manner, sink)
        if manner.hold and not entry:
            reading = _last_good(reading, state.entries.get(path))
        if reading is None:
            continue
        if entry:
            sink.extend(entry.problems)
        head = reading.entry.head
        other = found.setdefault(head.url, reading)
        if other is not reading:
            sink.add(
                codes.M009,
                f"'{other.entry.head.file}' has the same address, '{head.url}'",
                at=Place(head.file),
                hint="rename one of them",
            )
    for reading in found.values():
        if not reading.held:
            sink.extend(reading.entry.remarks)
    return tuple(found.values())


def _last_good(now: Reading | None, before: Entry | None) -> Reading | None:
    """What was read, or instead of what has errors what was read before, if that had none."""
    broken = now is None or any(problem.severity == "error" for problem in now.entry.problems)
    if not broken or before is None:
        return now
    good = not any(problem.severity == "error" for problem in before.problems)
    return Reading(before, held=True) if good or now is None else now


def _remembered(path: str, project: Project, state: State) -> Entry | None:
    """What the last build knew of the document, if its files look as they did."""
    entry = state.entries.get(path)
    if entry is None or not entry.files:
        return None
    head = entry.head
    if address(path, project.content) != (head.kind, head.slug, head.url):
        return None
    same = all(state.holds(known, stamp(f"{project.root}/{name}")) for name, known in entry.files)
    return entry if same else None


def _read(
    path: str,
    project: Project,
    kernels: Kernels,
    redactor: "Redactor | None",
    manner: Manner,
    sink: Sink,
) -> Reading | None:
    """The document read, and its logs decoded; None when it cannot be read, with a complaint."""
    met = Sink()
    document = read_document(
        path, folder=project.content, root=project.root, sink=met, find_panics=find_panics
    )
    if document is None:
        sink.extend(met)
        return None
    gathered = Gathered()
    if document.logs and (manner.drafts or not document.front.draft):
        gathered = gather(
            project,
            document,
            kernels,
            locked=manner.locked,
            relock=manner.relock,
            hold=manner.hold,
        )
    files = _files(document, project)
    stamps = tuple((name, stamp(project.root / name)) for name in files)
    steady = gathered.locked and not any(problem.code in _UNSTEADY for problem in met)
    name = _digest(document, project) if steady else ""
    found = _public(document, gathered, met.found(), project, redactor)
    sink.extend(found.problems)
    document, evidence = found.document, found.evidence
    entry = Entry(
        head=_head(document),
        facts=facts_of(document, evidence) if document.kind == "case" else None,
        prints=_prints(evidence) if document.kind == "case" and evidence else (),
        digest=name,
        order=_order(document),
        undecoded=sum(bool(log.provenance.missing) for log in evidence.logs) if evidence else 0,
        problems=found.problems,
        remarks=found.remarks,
        files=stamps if steady else (),
    )
    entry = msgspec.structs.replace(entry, known=_known(entry))
    read = Read(document, evidence.logs if evidence else ())
    return Reading(entry, None if steady else read)


class _Public(NamedTuple):
    """A document and all that is said of it, as it may be published."""

    document: Document
    evidence: Evidence | None
    problems: tuple[Diagnostic, ...]
    remarks: tuple[Diagnostic, ...]


def _public(
    document: Document,
    gathered: Gathered,
    problems: tuple[Diagnostic, ...],
    project: Project,
    redactor: "Redactor | None",
) -> _Public:
    evidence = gathered.evidence
    if redactor is None:
        return _Public(document, evidence, problems, gathered.problems)
    from sitegen.build.redacted import editor_of, redact_document  # noqa: PLC0415  reason: only with rules

    editor = editor_of(document, redactor)
    entries = evidence.logs if evidence else ()
    found = redact_document(document, entries, editor, project.content)
    return _Public(
        found.document,
        msgspec.structs.replace(evidence, logs=found.entries) if evidence else None,
        (*editor.problems(problems), *(() if document.front.draft else found.problems)),
        editor.problems(gathered.problems),
    )


def _known(entry: Entry) -> str:
    """Digest of what other pages can know of the document."""
    return digest(
        "known", msgspec.msgpack.encode((entry.head, entry.facts, entry.prints, entry.order))
    )


def _order(document: Document) -> tuple[str, ...]:
    """What the index page of a folder below the content folder links to."""
    if document.kind != "page" or not document.path.endswith("/index.md"):
        return ()
    found = (linked_path(one.href, document) for one in find_links(document, PLAIN))
    return tuple(dict.fromkeys(path for path in found if path))


def _head(document: Document) -> Document:
    """The document as other pages know it: they sum up its occurrences, of which there may be many."""
    front = msgspec.structs.replace(document.front, occurrences=())
    return msgspec.structs.replace(document, front=front, body="", logs=())


def _prints(evidence: Evidence) -> tuple[Fingerprint, ...]:
    from sitegen.crash.similar import fingerprint_of  # noqa: PLC0415  reason: what is remembered needs none of it

    return tuple(fingerprint_of(entry) for entry in evidence.logs)


def load(
    path: str, project: Project, redactor: "Redactor | None" = None
) -> tuple[Read, str] | None:
    """A document whose evidence stands in its lock, and the digest of what it was read from now.

    None when it can no longer be read. Its problems were told when it was first read.
    """
    met = Sink()
    document = read_document(
        path, folder=project.content, root=project.root, sink=met, find_panics=find_panics
    )
    if document is None:
        return None
    entries: tuple[LogEvidence, ...] = ()
    if document.logs:
        lock = lock_path(project.content / document.path)
        evidence = lockfile.read_lock(lock, lock.name, met)
        entries = evidence.logs if evidence else ()
        if [entry.id for entry in entries] != [log.id for log in document.logs]:
            return None
    name = _digest(document, project)
    if redactor is not None:
        from sitegen.build.redacted import editor_of, redact_document  # noqa: PLC0415  reason: only with rules

        editor = editor_of(document, redactor)
        document, entries, _ = redact_document(document, entries, editor, project.content)
    return Read(document, entries), name


def _files(document: Document, project: Project) -> tuple[str, ...]:
    """What a document was read from, relative to the root: itself, logs, its lock, other cases."""
    names = [document.file, *document.tables, *(log.path for log in document.logs)]
    if document.logs:
        names.append(project.relative(lock_path(project.content / document.path)))
        names += compared_files(document, project)
    return tuple(dict.fromkeys(names))


def _digest(document: Document, project: Project) -> str:
    """Of the bytes of a document's files. A file that cannot be read now has no bytes."""
    parts = [part for name in _files(document, project) for part in (name, _bytes(project, name))]
    return digest(document.path, document.url, *parts)


def _bytes(project: Project, name: str) -> bytes:
    try:
        return (project.root / name).read_bytes()
    except OSError:
        return b""
