"""What locks hold that nothing asks for any more."""

import os
from collections.abc import Iterator

from sitegen import codes
from sitegen.build.claims import find_members
from sitegen.build.evidence import lock_path
from sitegen.build.excerpts import find_wanted
from sitegen.check.subjects import Subject
from sitegen.diagnostics import Diagnostic, Place
from sitegen.project import Project

_SUFFIX = ".lock.json"


def leftover_entries(subject: Subject, project: Project) -> Iterator[Diagnostic]:
    """Logs and excerpts of the lock that the document does not have."""
    if subject.lock is None:
        return
    at = Place(project.relative(lock_path(project.content / subject.document.path)))
    logs = {log.id for log in subject.document.logs}
    for entry in subject.lock.logs:
        if entry.id not in logs:
            message = f"the lock has '{entry.id[:80]}', and the case has no such log"
            yield Diagnostic(codes.S014, message, at, _REBUILD)
    wanted, members = find_wanted(subject.document), find_members(subject.document)
    for log, entry in subject.entries():
        asked = {one.asked for one in wanted.get(log.id, ())}
        for excerpt in entry.excerpts:
            if excerpt.asked not in asked:
                message = f"the lock has '{excerpt.asked[:80]}', and no directive asks for it"
                yield Diagnostic(codes.S014, message, at, _REBUILD)
        claimed = {one.claim.asked for one in members.get(log.id, ())}
        for name in dict.fromkeys(one.asked for one in entry.layouts if one.asked not in claimed):
            message = f"the lock has '{name[:80]}', and nothing is claimed of it"
            yield Diagnostic(codes.S014, message, at, _REBUILD)


_REBUILD = "run sitegen build, and commit the lock"


def leftover_files(project: Project) -> Iterator[Diagnostic]:
    """Lock files beside which there is no document with a log."""
    for path, folders, names in os.walk(project.content):
        folders[:] = sorted(name for name in folders if not name.startswith(("_", ".")))
        for name in sorted(names):
            if name.endswith(_SUFFIX) and not name.startswith(("_", ".")):
                slug = name.removesuffix(_SUFFIX)
                is_folder = slug == os.path.basename(path) and "index.md" in names  # noqa: PTH119  reason: of a walk of texts
                if f"{slug}.md" not in names and not is_folder:
                    at = Place(project.relative(project.content / path / name))
                    message = f"there is no case for '{name[:200]}'"
                    yield Diagnostic(
                        codes.S014, message, at, "delete it, or rename it with its case"
                    )
