"""Other cases that a document's `diff` directives name, as their documents and locks have them."""

import posixpath
from typing import TYPE_CHECKING

from sitegen.build.evidence import lock_path
from sitegen.crash import lockfile
from sitegen.diagnostics import Sink
from sitegen.project import Project
from sitegen.web.content import Document, is_inside, read_document
from sitegen.web.directives import Compared
from sitegen.web.directives.places import NOWHERE, Browse
from sitegen.web.markdown import find_asked, find_panics

if TYPE_CHECKING:  # a build without rules imports none of it
    from sitegen.redact.redactor import Redactor


def compared_files(document: Document, project: Project) -> tuple[str, ...]:
    """What the comparisons are read from, relative to the root: documents and locks, there or not."""
    found = []
    for path in _find_paths(document).values():
        file = project.content / path
        found += [project.relative(file), project.relative(lock_path(file))]
    return tuple(found)


def load_compared(
    document: Document, project: Project, redactor: "Redactor | None" = None
) -> tuple[Compared, ...]:
    """The cases that are named and exist. One that was never decoded has no logs."""
    found = []
    for written, path in _find_paths(document).items():
        file = project.content / path
        if not is_inside(file, project.content) or not file.is_file():
            continue
        met = Sink()  # what is wrong with it is said where it is built
        other = read_document(
            path,
            folder=project.content,
            root=project.root,
            sink=met,
            find_panics=find_panics,
        )
        if other is None or other.kind != "case" or other.front.draft:
            continue
        lock = lockfile.read_lock(lock_path(file), "", met)
        logs = lock.logs if lock else ()
        if redactor is not None:
            from sitegen.build.redacted import editor_of, redact_document  # noqa: PLC0415  reason: only with rules

            # A lock that is older than the document may have other logs.
            whole = len(logs) == len(other.logs)
            editor = editor_of(other, redactor)
            other, shown, _ = redact_document(other, logs if whole else (), editor, project.content)
            logs = shown if whole else editor.value(logs)
        release = other.front.kernel or (logs[0].kernel if logs else "")
        kernel = project.find_kernel(release, "")
        found.append(
            Compared(
                written=written,
                title=other.title,
                url=other.url,
                logs=logs,
                browse=Browse(kernel.browse, kernel.outside()) if kernel else NOWHERE,
            )
        )
    return tuple(found)


def _find_paths(document: Document) -> dict[str, str]:
    """Paths in the content folder of the cases named, by what is written, without detours."""
    found = {}
    for use in find_asked(document.body, "diff"):
        for word in use.argument.split()[:2]:
            written = posixpath.normpath(word.partition("#")[0])
            path = posixpath.normpath(posixpath.join(posixpath.dirname(document.path), written))
            hidden = any(part.startswith((".", "_")) for part in path.split("/"))
            if path.endswith(".md") and not hidden and not path.startswith("/"):
                found[written] = path
    return found
