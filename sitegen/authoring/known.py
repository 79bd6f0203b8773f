"""Logs -> the cases of the wiki that hold them already, or that are of the same crash."""

import hashlib
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from sitegen.authoring.cut import cut_log
from sitegen.authoring.grouping import Event, Seen, event_of, is_same, read_found
from sitegen.authoring.sources import Found
from sitegen.build.known import known_cases
from sitegen.diagnostics import Sink
from sitegen.model import Fingerprint
from sitegen.project import Project
from sitegen.web.content import Document, FrontMatter, read_content
from sitegen.web.markdown import find_panics


class _Case(NamedTuple):
    document: Document
    prints: tuple[Fingerprint, ...]


class Wiki:
    """The cases of a project as they are when it is made, drafts too."""

    def __init__(self, project: Project, cache: Path | None) -> None:
        there = project.content.is_dir()
        prints = {case.slug: case.prints for case in known_cases(project, cache)} if there else {}
        documents = (
            read_content(project.content, project.root, Sink(), find_panics=find_panics)
            if there
            else ()
        )
        self.documents = tuple(one for one in documents if one.kind == "case")
        "by path"
        self._cases = tuple(
            _Case(one, prints[one.slug] if one.slug in prints else tuple(_prints(one)))
            for one in self.documents
        )
        self._holders = {log.sha256: one for one in self.documents for log in one.logs}

    def find_log(self, data: bytes) -> Document | None:
        """The case that holds the very same log."""
        return self._holders.get(hashlib.sha256(data).hexdigest())

    def find_bug(self, front: FrontMatter) -> Document | None:
        """The first case of the same bug of a syzbot dashboard."""
        wanted = frozenset(_bugs(front))
        same = (one for one in self.documents if not wanted.isdisjoint(_bugs(one.front)))
        return next(same, None) if wanted else None

    def find_case(self, group: Sequence[Seen], *, held: bool = False) -> Document | None:
        """The case of a crash: the one that holds a log of it, else (unless `held`) the first of the same crash."""
        for one in group:
            if holder := self.find_log(one.found.data) or self.find_log(_as_held(one)):
                return holder
        same = (
            case.document
            for case in self._cases
            if any(is_same(group[0].print, known) for known in case.prints)
        )
        return None if held else next(same, None)


def split(group: Sequence[Seen], case: Document) -> tuple[tuple[Seen, ...], tuple[Seen, ...]]:
    """The logs of a crash that its case has, as a log or counted as an occurrence, and those that are new."""
    digests = {log.sha256 for log in case.logs}
    events = dict(_events(case))
    counted = Counter[tuple[str, str]]()
    for occurrence in case.front.occurrences:
        counted[occurrence.date, occurrence.kernel] += occurrence.count
    known: list[Seen] = []
    new: list[Seen] = []
    for one in group:
        event = event_of(one)
        day = events.get(event) if event else None
        same = day is not None and (not day or not one.day or day == one.day)
        data = (one.found.data, _as_held(one))
        held = any(hashlib.sha256(text).hexdigest() in digests for text in data)
        told = (one.day, one.log.release)
        if not held and not same and counted[told] > 0:
            counted[told] -= 1
            same = True
        (known if held or same else new).append(one)
    return tuple(known), tuple(new)


_BUG = re.compile(r"https?://[^/]{1,200}/bug\?(?:[^#]{0,200}&)?((?:ext)?id=[0-9a-f]{8,64})\b")


def _bugs(front: FrontMatter) -> Iterator[str]:
    """The bugs of syzbot's that a case names, by either of the numbers that one has."""
    if front.fixes.syzbot:
        yield f"extid={front.fixes.syzbot}"
    for link in (front.snapshot.link, *front.fixes.links):
        if found := _BUG.match(link):
            yield found[1]


def _as_held(one: Seen) -> bytes:
    """The log as a case holds it, which may be a part of it."""
    cut = cut_log(one.text, one.log)
    return cut.text.encode() if cut.left_out else one.found.data


def _seen(case: Document) -> Iterator[Seen]:
    """The logs of a case that hold a report."""
    for log in case.logs:
        alone = case.front.date if len(case.logs) == 1 else ""
        seen = read_found(Found(log.id, log.id, log.text.encode(), log.date or alone))
        if seen is not None:
            yield seen._replace(day=log.date or alone)


def _events(case: Document) -> Iterator[tuple[Event, str]]:
    """The event of each log that tells one, and its day."""
    for one in _seen(case):
        if event := event_of(one):
            yield event, one.day


def _prints(case: Document) -> Iterator[Fingerprint]:
    for one in _seen(case):
        yield one.print
