"""Where a new case goes, and whether something stands there already."""

from collections.abc import Iterable

from sitegen import codes
from sitegen.authoring.titles import slug_of
from sitegen.diagnostics import Sink
from sitegen.project import Project
from sitegen.web.content import CASES

_MOST = 99
"cases with one title"


def taken_by(project: Project, slug: str) -> str:
    """What stands where the case would go, relative to the root; empty when nothing does."""
    folder = project.content / CASES
    for name in (f"{slug}.md", slug, f"{slug}.lock.json"):
        path = folder / name
        if path.exists() or path.is_symlink():
            return project.relative(path)
    return ""


def complain_taken(there: str, sink: Sink) -> None:
    """Says that the place of a new case is taken by `there`."""
    hint = "give another name with --slug, or add the log to that case"
    sink.add(codes.G015, f"there is '{there}' already", hint=hint)


def free_slug(project: Project, title: str, taken: Iterable[str] = ()) -> str:
    """A slug for a case of this title where nothing stands: the plain one, else with a number."""
    base, others = slug_of(title), frozenset(taken)
    names = (base, *(f"{base}-{number}" for number in range(2, _MOST + 1)))
    free = (one for one in names if one not in others and not taken_by(project, one))
    return next(free, "")


def free_file(name: str, taken: set[str]) -> str:
    """A name for a log beside its case, safe on any file system; `taken` grows by it."""
    plain = "".join(c if c.isascii() and (c.isalnum() or c in "._-") else "-" for c in name)
    plain = plain.strip(".-_")[-80:].lstrip(".-_") or "panic.log"
    if plain.lower().endswith((".md", ".json", ".lock")) or plain.lower() == "index":
        plain = f"{plain}.log"
    if "." not in plain:
        plain = f"{plain}.log"
    stem, dot, end = plain.rpartition(".")
    number = 1
    while plain.lower() in taken:
        number += 1
        plain = f"{stem}-{number}{dot}{end}"
    taken.add(plain.lower())
    return plain
