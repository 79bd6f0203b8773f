"""Where a function was handed to those who called it later, as the walk shows it below their call."""

from typing import NamedTuple

from sitegen.model import Edge
from sitegen.web.directives import source
from sitegen.web.directives.places import Spot, spot
from sitegen.web.directives.steps import Step
from sitegen.web.directives.values import CaseLog
from sitegen.web.theme import trusted

_MOST = 2
"""Places shown; of more the note below says how many."""


class HandoverView(NamedTuple):
    """One place."""

    name: str
    "the function that was handed over"
    lead: str
    "what happened to it: `was` or `may have been`, and what"
    to: str
    "the function or macro it was given to; empty where a pointer was set"
    by: str
    "the function that did; may be empty"
    where: Spot
    lines: str
    "trusted; empty when the text is not at hand, or the place is one of several"


def handed_of(log: CaseLog, step: Step) -> tuple[HandoverView, ...]:
    """The places that the evidence of the way on names; none of them is sure where there are several."""
    edge = step.onward
    sure = len(edge.handed) == 1 and not edge.unproved
    found = []
    for one in edge.handed[:_MOST]:
        happened = "handed to" if one.to else "put into a pointer"
        shown = one.snippet if sure else None
        lines = source.rows(shown, callee=one.to) if shown else ""
        found.append(
            HandoverView(
                name=step.to,
                lead=f"{'was' if sure else 'may have been'} {happened}",
                to=one.to,
                by=one.by,
                where=spot(one.file, one.line, log.browse),
                lines=trusted(lines),
            )
        )
    return tuple(found)


def without_places(edge: Edge) -> str:
    """The edge's note without what the one place that is shown says already."""
    if len(edge.handed) != 1 or not edge.handed[0].file:
        return edge.note
    place = f"{edge.handed[0].file}:{edge.handed[0].line}"
    clauses = edge.note.split("; ")
    return "; ".join(clause for clause in clauses if place not in clause)
