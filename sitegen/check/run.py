"""A project -> everything that is to be said of it: what the build says, and what the checks find.

Nothing of the project is written. The site is built into a folder of the cache, which makes the
next time quick; without a cache, or while another check is at work there, into one that goes again.
"""

from collections.abc import Iterator
from contextlib import ExitStack
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from msgspec.structs import replace

from sitegen.build.kernels import Kernels
from sitegen.build.redaction import public_problems
from sitegen.build.run import Options, build
from sitegen.build.scratch import scratch_folder
from sitegen.check.echoes import without_echoes
from sitegen.check.outside import outside_links
from sitegen.check.subjects import Subject, read_subjects
from sitegen.check.table import (
    DOCUMENT_CHECKS,
    FOLDER_CHECKS,
    KERNEL_CHECKS,
    LOCK_CHECKS,
    WIKI_CHECKS,
)
from sitegen.diagnostics import Diagnostic, Place, Sink
from sitegen.project import Project
from sitegen.store import default_folder
from sitegen.terminal import Progress, silent
from sitegen.web.markdown import Syntax
from sitegen.wording import counted


class Checked(NamedTuple):
    """How much was looked at."""

    cases: int
    pages: int

    def sentence(self) -> str:
        """`1 case, 12 pages`."""
        return f"{counted(self.cases, 'case')}, {counted(self.pages, 'page')}"


def check(
    project: Project,
    sink: Sink,
    *,
    jobs: int | None = None,
    cache: bool = True,
    external: bool = False,
    progress: Progress = silent,
    allowed: frozenset[str] = frozenset(),
) -> Checked | None:
    """Looks at all of a project; problems go to `sink`. None when it could not be built at all.

    With `external` addresses outside of the wiki are asked for; `allowed` are hosts of this
    machine's own networks that may be.
    """
    folder = default_folder() if cache else None
    met = Sink()
    with scratch_folder(folder, "check", str(project.root), project.config) as output:
        options = Options(locked=True, output=output, jobs=jobs, cache=cache, progress=progress)
        outcome = build(project, options, met)
    weighed = Sink(project.severity)
    if outcome is not None:
        weighed.extend(public_problems(project, _find(project, folder, progress)))
        if external:
            progress("asking for addresses outside", 0, 0, "")
            weighed.extend(public_problems(project, _ask(project, allowed)))
    sink.extend(without_echoes((*met, *weighed)))
    return Checked(outcome.cases, outcome.pages) if outcome else None


def _find(project: Project, cache: Path | None, progress: Progress) -> Iterator[Diagnostic]:
    """What the checks of the tables find."""
    met = Sink()
    light: list[Subject] = []
    with ExitStack() as stack:
        kernels = Kernels(project, cache, stack, met)
        for number, subject in enumerate(read_subjects(project)):
            progress("checking", number, 0, subject.document.path)
            for of_document in DOCUMENT_CHECKS:
                yield from _bounded(of_document(subject))
            for of_lock in LOCK_CHECKS:
                yield from _bounded(of_lock(subject, project))
            for of_kernel in KERNEL_CHECKS:
                yield from _bounded(of_kernel(subject, kernels))
            light.append(_light(subject, project))
    for of_wiki in WIKI_CHECKS:
        yield from of_wiki(light)
    for of_folder in FOLDER_CHECKS:
        yield from of_folder(project)
    yield from met


def _bounded(found: Iterator[Diagnostic]) -> Iterator[Diagnostic]:
    """What a check finds in one document, as far as anybody would read it."""
    yield from islice(found, _MOST)
    rest = next(found, None)
    if rest is not None:
        more = 1 + sum(1 for _ in found)
        at = Place(rest.at.path) if rest.at else None
        yield Diagnostic(rest.code, f"{more} more such problems", at)


_MOST = 50
"""Problems of one check and document that are told one by one."""


def _light(subject: Subject, project: Project) -> Subject:
    """The subject without what takes room: a wiki may have thousands."""
    return Subject(replace(subject.document, body="", logs=()), None, project.root)


def _ask(project: Project, allowed: frozenset[str]) -> Iterator[Diagnostic]:
    syntax = Syntax(math=project.math, raw_html=project.raw_html)
    return outside_links(read_subjects(project), syntax, allowed=allowed)
