"""Content and locks -> the cases that a log may be like, remembered by what they were read from.

Nothing is decoded and nothing but the cache is written: a lock is used where it is fresh, and
else the log is parsed.
"""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from sitegen import codes
from sitegen.model import Fingerprint, KnownCase, Value
from sitegen.project import Project
from sitegen.store import Store, code_version, digest

if TYPE_CHECKING:  # a build that remembers all cases opens none
    from sitegen.web.content import Document


class _Memo(Value, frozen=True):
    """The cases, and the logs in files of their own that they were read from."""

    cases: tuple[KnownCase, ...]
    logs: tuple[tuple[str, str], ...]
    "name relative to the root, and digest"


def known_cases(project: Project, cache: Path | None) -> tuple[KnownCase, ...]:
    """The cases of the project, drafts left out, by their slugs.

    Reads every document and lock, some milliseconds a hundred; parses what changed since it
    was asked last. Complaints are the build's.
    """
    store = Store(cache)
    key = digest("known", code_version(), *_contents(project.content)) if cache else ""
    memo = store.find(_Memo, key) if key else None
    if memo is None or any(_digest(project.root / name) != known for name, known in memo.logs):
        memo, steady = _read(project)
        if key and steady:
            store.put(key, memo)
    return memo.cases


def _contents(folder: Path) -> Iterator[str]:
    """Names and digests of all documents and locks below `folder`, sorted."""
    for path, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith(("_", ".")))
        for name in sorted(names):
            if name.endswith((".md", ".lock.json")) and not name.startswith(("_", ".")):
                yield os.path.relpath(os.path.join(path, name), folder)  # noqa: PTH118  reason: half the time of a start would go to making paths
                yield _digest(Path(path, name))


def _digest(path: Path) -> str:
    """Of the bytes of a file; of none when it cannot be read."""
    try:
        return digest(path.read_bytes())
    except OSError:
        return ""


def _read(project: Project) -> tuple[_Memo, bool]:
    """The cases, and whether they depend on nothing but the files that are told."""
    # What is remembered needs neither Markdown nor YAML.
    from sitegen.diagnostics import Sink  # noqa: PLC0415  reason: see above
    from sitegen.web.content import read_content  # noqa: PLC0415  reason: see above
    from sitegen.web.markdown import find_panics  # noqa: PLC0415  reason: see above

    met = Sink()
    documents = read_content(project.content, project.root, met, find_panics=find_panics)
    cases = [
        document for document in documents if document.kind == "case" and not document.front.draft
    ]
    files = {log.path for document in cases for log in document.logs if log.path != document.file}
    memo = _Memo(
        tuple(sorted((_known(document, project) for document in cases), key=_slug)),
        tuple((name, _digest(project.root / name)) for name in sorted(files)),
    )
    return memo, not any(problem.code in _UNSTEADY for problem in met)


_UNSTEADY = frozenset({codes.L002, codes.L004, codes.G006, codes.M012})
"""Problems with a file that may be there the next time, and is among none of those that are told."""


def _slug(case: KnownCase) -> str:
    return case.slug


def _known(document: "Document", project: Project) -> KnownCase:
    prints = tuple(_prints(document, project))
    crash = next((one.title for one in prints if one.title), "")
    front = document.front
    return KnownCase(
        slug=document.slug,
        url=document.url,
        title=front.title or document.heading or crash or document.title,
        status=front.status,
        prints=prints,
    )


def _prints(document: "Document", project: Project) -> Iterator[Fingerprint]:
    """What each log of a case is compared by."""
    from sitegen.build.evidence import lock_path  # noqa: PLC0415  reason: see `_read`
    from sitegen.crash import lockfile  # noqa: PLC0415  reason: as above
    from sitegen.crash.log import parse, unwrap  # noqa: PLC0415  reason: as above
    from sitegen.crash.similar import fingerprint, fingerprint_of  # noqa: PLC0415  reason: as above
    from sitegen.diagnostics import Sink  # noqa: PLC0415  reason: as above

    lock = lockfile.read_lock(lock_path(project.content / document.path), "", Sink())
    fresh = {entry.id: entry for entry in lock.logs} if lock else {}
    for log in document.logs:
        entry = fresh.get(log.id)
        if entry is not None and entry.sha256 == log.sha256:
            yield fingerprint_of(entry)
        else:
            yield fingerprint(parse(unwrap(log.text)))
