"""The cases that are like each other, found anew when a log comes, goes or changes."""

from collections.abc import Mapping, Sequence

import msgspec

from sitegen.model import Fingerprint, Match, Value
from sitegen.store import digest
from sitegen.web.index import CaseRow
from sitegen.web.pages import SimilarCase

_MOST = 5
"""Similar cases shown for one."""


class Likeness(Value, frozen=True):
    """Which cases are like which, and what that was found from."""

    digest: str = ""
    "of what all cases are compared by"
    matches: dict[str, tuple[Match, ...]] = msgspec.field(default_factory=dict)
    "by url, best first; the matches' keys are urls"


def find_likeness(
    prints: Mapping[str, Sequence[Fingerprint]], before: Likeness, world: str
) -> Likeness:
    """The likeness of the cases, by url; `before` where nothing that counts has changed."""
    name = digest(world, msgspec.msgpack.encode(sorted(prints.items())))
    if name == before.digest:
        return before
    from sitegen.crash.similar import Known  # noqa: PLC0415  reason: a build without new logs compares nothing

    known = Known(prints.items())
    matches = ((url, known.similar(url, _MOST)) for url in sorted(prints))
    return Likeness(name, {url: found for url, found in matches if found})


def similar_cases(
    url: str,
    likeness: Likeness,
    prints: Mapping[str, Sequence[Fingerprint]],
    rows: Mapping[str, CaseRow],
) -> tuple[SimilarCase, ...]:
    """The cases like the one at `url`, best first, for its page."""
    return tuple(
        SimilarCase(rows[match.key], match, _asked(match, prints[url]))
        for match in likeness.matches.get(url, ())
    )


def _asked(match: Match, prints: Sequence[Fingerprint]) -> Fingerprint:
    """The log that the match is about: the one that has most of the shared frames."""
    shared = set(match.shared)
    return max(prints, key=lambda one: len(shared.intersection(one.frames)))
