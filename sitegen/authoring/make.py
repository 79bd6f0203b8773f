"""Plan -> a case on disk, decoded. Written whole or not at all; nothing is overwritten.

The case is put together in a hidden folder beside the content, decoded and read back there,
and moved to its place when all of it is good.
"""

import os
import shutil
import tempfile
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import NamedTuple

from msgspec.structs import replace

from sitegen import codes
from sitegen.authoring.draft import Draft
from sitegen.authoring.facts import Facts, agreed, facts_of, tags_of
from sitegen.authoring.likes import Like, find_likes
from sitegen.authoring.places import complain_taken, taken_by
from sitegen.authoring.plan import Plan
from sitegen.authoring.render import fits_inside, render
from sitegen.authoring.sections import comparisons, lead, skeleton
from sitegen.build.evidence import gather, lock_path
from sitegen.build.kernels import Kernels
from sitegen.crash.similar import fingerprint
from sitegen.diagnostics import Diagnostic, Place, Sink
from sitegen.model import Evidence, KnownCase
from sitegen.project import Project
from sitegen.web.content import CASES, Document, FrontMatter, read_document
from sitegen.web.markdown import find_panics
from sitegen.wording import reason_of

Finish = Callable[[Draft, Facts], Draft]
"""What else is known of the case, put into its draft."""


class Made(NamedTuple):
    """A case that was made."""

    file: str
    "relative to the root"
    evidence: Evidence | None
    locked: bool
    "whether a lock stands beside it"
    likes: tuple[Like, ...] = ()


def make_case(
    plan: Plan,
    project: Project,
    cases: Sequence[KnownCase],
    sink: Sink,
    *,
    cache: Path | None = None,
    finish: Finish | None = None,
) -> Made | None:
    """Makes the case of `plan`, compared with the known `cases`; None, with a complaint, when it cannot."""
    folder = project.content / CASES
    try:
        folder.mkdir(parents=True, exist_ok=True)
        stage = Path(tempfile.mkdtemp(prefix=".sitegen-", dir=folder))
    except OSError as error:
        _cannot_write(project.relative(folder), error, sink)
        return None
    try:
        with ExitStack() as stack:
            kernels = Kernels(project, cache, stack, sink)
            return _make(
                plan,
                stage,
                project=project,
                kernels=kernels,
                cases=cases,
                sink=sink,
                finish=finish,
            )
    except OSError as error:
        _cannot_write(project.relative(folder), error, sink)
        return None
    finally:
        shutil.rmtree(stage, ignore_errors=True)


def _make(
    plan: Plan,
    stage: Path,
    *,
    project: Project,
    kernels: Kernels,
    cases: Sequence[KnownCase],
    sink: Sink,
    finish: Finish | None,
) -> Made | None:
    staged = replace(project, root=stage, content=stage)
    inside = fits_inside(plan.logs)
    front = FrontMatter(
        title=plan.title,
        date=plan.day,
        kernel=plan.kernel or agreed(one.release for one in plan.parsed),
        occurrences=plan.occurrences,
    )
    draft = Draft(front, "", plan.logs, ())
    document = _write(plan.slug, draft, staged, inside=inside)
    if document is None and inside:
        inside = False
        document = _write(plan.slug, draft, staged, inside=inside)
    if document is None:
        sink.add(codes.G016, f"'{plan.slug}': the log cannot be put into a case")
        return None
    evidence = _gather(staged, document, kernels, sink)
    likes: tuple[Like, ...] = ()
    if evidence is not None and plan.parsed:
        facts = facts_of(plan.parsed, evidence)._replace(logs=len(plan.seen))
        likes = find_likes(
            fingerprint(plan.parsed[0]), cases, project.content, _path(plan.slug, inside=inside)
        )
        draft = draft._replace(
            front=replace(front, tags=tags_of(facts)),
            lead=lead(facts, dated=bool(plan.day)),
            parts=(*skeleton(facts), *comparisons(likes)),
        )
    else:
        facts = Facts(logs=0)
    draft = finish(draft, facts) if finish else draft
    if _write(plan.slug, draft, staged, inside=inside) is None:
        sink.add(codes.G016, f"'{plan.slug}': the case cannot be read back as it was written")
        return None
    path = _move(plan.slug, project, stage, sink, inside=inside)
    if path is None:
        return None
    return Made(project.relative(path), evidence, lock_path(path).exists(), likes)


def _path(slug: str, *, inside: bool) -> str:
    return f"{CASES}/{slug}.md" if inside else f"{CASES}/{slug}/index.md"


def _write(slug: str, draft: Draft, staged: Project, *, inside: bool) -> Document | None:
    """Writes the case into the stage. The document that a build reads; None when that is not the draft."""
    path = _path(slug, inside=inside)
    file = staged.content / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(render(draft, inside=inside).encode())
    if not inside:
        for log in draft.logs:
            (file.parent / log.file).write_bytes(log.data)
    met = Sink()
    document = read_document(
        path, folder=staged.content, root=staged.root, sink=met, find_panics=find_panics
    )
    problems = [problem for problem in met if problem.code is not codes.M008]
    same = (
        document is not None
        and not problems
        and document.front == draft.front
        and [log.text for log in document.logs] == [log.text for log in draft.logs]
    )
    if not same and inside:
        file.unlink()
    return document if same else None


def _gather(staged: Project, document: Document, kernels: Kernels, sink: Sink) -> Evidence | None:
    """Decodes the logs of the staged case. Its lock is left beside it."""
    if not document.logs:
        return None
    gathered = gather(staged, document, kernels, locked=False, relock=False)
    for problem in gathered.problems:
        # Why nothing was decoded is told with the case; the lock is where the case is not yet.
        if problem.code not in {codes.S006, codes.S010, codes.L003}:
            sink.extend([_elsewhere(problem)])
    return gathered.evidence


def _elsewhere(problem: Diagnostic) -> Diagnostic:
    """The problem without its place, which is in the stage."""
    return Diagnostic(problem.code, problem.message, None, problem.hint)


def _move(slug: str, project: Project, stage: Path, sink: Sink, *, inside: bool) -> Path | None:
    """Moves the case to its place, where nothing may stand."""
    taken = taken_by(project, slug)
    if taken:
        complain_taken(taken, sink)
        return None
    source, folder = stage / CASES, project.content / CASES
    _readable(source)
    if not inside:
        (source / slug).rename(folder / slug)
        return folder / slug / "index.md"
    lock, case = (folder / f"{slug}{end}" for end in (".lock.json", ".md"))
    if (source / lock.name).exists():
        _create(lock, (source / lock.name).read_bytes())
    try:
        _create(case, (source / case.name).read_bytes())
    except OSError:
        lock.unlink(missing_ok=True)
        raise
    return case


def _create(path: Path, data: bytes) -> None:
    """Writes a file where none is; what came to stand there meanwhile is an OSError."""
    with path.open("xb") as file:
        file.write(data)


def _readable(folder: Path) -> None:
    """Gives what was staged the modes that any new file has."""
    mask = os.umask(0)
    os.umask(mask)
    for path in (folder, *folder.rglob("*")):
        path.chmod((0o777 if path.is_dir() else 0o666) & ~mask)


def _cannot_write(name: str, error: OSError, sink: Sink) -> None:
    sink.add(codes.G006, f"cannot write '{name}': {reason_of(error)}", at=Place(name))
