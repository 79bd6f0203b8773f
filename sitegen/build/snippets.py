"""The source that a term's page shows, from the locks of the cases that it lists."""

from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from sitegen.build.evidence import lock_path
from sitegen.build.state import Stamp, stamp
from sitegen.crash import lockfile
from sitegen.diagnostics import Sink
from sitegen.model import Evidence, Snippet
from sitegen.project import Project
from sitegen.web.index import Term

if TYPE_CHECKING:  # a build without rules imports none of it
    from sitegen.redact.redactor import Redactor

_MOST = 8
"""Snippets that are looked up for one page."""


def find_snippets(
    term: Term, project: Project, redactor: "Redactor | None" = None
) -> dict[str, Snippet]:
    """Snippets that the term's passages name, by SHA-256: the first few, of the newest cases.

    One whose lock is gone or has changed is left out.
    """
    wanted: dict[str, str] = {}
    for mention in term.mentions:
        for passage in mention.passages:
            for name in (passage.snippet, *(holder.snippet for holder in passage.holders)):
                if name:
                    wanted.setdefault(name, mention.case.source)
        if len(wanted) >= _MOST:
            break
    found = {}
    for name, source in list(wanted.items())[:_MOST]:
        path = lock_path(project.content / source)
        snippet = _snippets(path, stamp(path), redactor).get(name)
        if snippet is not None:
            found[name] = snippet
    return found


@lru_cache(maxsize=64)
def _snippets(path: Path, seen: Stamp, redactor: "Redactor | None") -> dict[str, Snippet]:
    """All snippets of a lock, by SHA-256; `seen` tells its states apart."""
    del seen
    evidence = lockfile.read_lock(path, path.name, Sink())
    if evidence is not None and redactor is not None:
        from sitegen.build.editor import Editor  # noqa: PLC0415  reason: only with rules

        evidence = Editor(redactor).value(evidence)
    return {one.sha256: one for one in _walk(evidence)} if evidence else {}


def _walk(evidence: Evidence) -> Iterator[Snippet]:
    for entry in evidence.logs:
        for report in entry.reports:
            for step in report.chain:
                yield from (one for one in (step.snippet,) if one)
                yield from (table.snippet for table in step.edge.tables if table.snippet)
