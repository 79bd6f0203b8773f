"""Cases like the one that a page shows, each with the reason and the frames they share."""

import re
from collections.abc import Iterable
from html import escape
from typing import NamedTuple

from sitegen.model import Fingerprint, Match, Value
from sitegen.web.directives.steps import layer_class
from sitegen.web.index import CaseRow
from sitegen.web.pages.chrome import StatusView, status_view
from sitegen.web.theme import trusted


class SimilarCase(Value, frozen=True):
    """Another case, and what makes it like this one."""

    case: CaseRow
    match: Match
    asked: Fingerprint
    "what this case's log was compared by"


class Pip(NamedTuple):
    """One frame of the log, entry first."""

    shared: bool
    part: str
    "the class that gives the colour"


class SimilarRow(NamedTuple):
    """A similar case as its list shows it."""

    url: str
    title: str
    status: StatusView
    reason: str
    "trusted: a sentence with functions in <code>"
    frames: str
    pips: tuple[Pip, ...]


class SimilarView(NamedTuple):
    """The list of similar cases."""

    rows: tuple[SimilarRow, ...]


_MOST_PIPS = 24


def similar_view(similar: Iterable[SimilarCase]) -> SimilarView | None:
    """Best first; None when no other case is alike."""
    rows = tuple(_row(one) for one in similar)
    return SimilarView(rows) if rows else None


def _row(one: SimilarCase) -> SimilarRow:
    match = one.match
    shared = set(match.shared)
    frames = one.asked.frames[:_MOST_PIPS]
    letters = one.asked.letters.ljust(len(frames), ".")
    return SimilarRow(
        url=one.case.url,
        title=one.case.title,
        status=status_view(one.case.status, draft=one.case.draft),
        reason=trusted(_sentence(match.reason)),
        frames=f"{len(match.shared)} of {match.total} frames" if match.total else "no trace",
        pips=tuple(
            Pip(name in shared, layer_class(letter))
            for name, letter in reversed(list(zip(frames, letters, strict=False)))
        ),
    )


def _sentence(reason: str) -> str:
    """The reason as a sentence, escaped, what stands in backticks as code."""
    html = re.sub("`([^`]*)`", r"<code>\1</code>", escape(reason))
    return f"{html[:1].upper()}{html[1:]}."
