"""Lines of the source that an author asks for, from the case's own tree."""

import re
from typing import NamedTuple

from sitegen.web.directives import source
from sitegen.web.directives.places import Spot, spot
from sitegen.web.directives.values import CaseLog
from sitegen.web.theme import trusted


class ExcerptView(NamedTuple):
    """An excerpt, or in its place why there is none."""

    name: str
    "of the function, where one was asked for; or what was asked for, where it is not at hand"
    where: Spot
    lines: str
    "trusted; empty where the text is not at hand"
    reason: str
    "why there are no lines, as a sentence"
    prose: str
    "the author's, trusted"


_PLACE = re.compile(r"([\w.+,@~/-]{1,300}):([0-9]{1,7})(?:-([0-9]{1,7}))?")


def excerpt_view(log: CaseLog, asked: str, prose: str) -> ExcerptView:
    """What the evidence holds of what is asked for; a place without text where it holds nothing."""
    asked = " ".join(asked.split())
    found = next((one for one in log.evidence.excerpts if one.asked == asked), None)
    if found is None:
        place = _PLACE.fullmatch(asked)
        where = Spot("")
        if place:
            last = int(place[3]) if place[3] else None
            where = spot(place[1], int(place[2]), log.browse, last=last)
        reason = "The source tree of this kernel was not at hand when the page was made."
        return ExcerptView("" if place else asked, where, "", reason, trusted(prose))
    snippet = found.snippet
    first, last = snippet.first, snippet.last
    if snippet.mark is not None:
        first = last = snippet.mark
    lines = source.rows(snippet)
    reason = "" if lines else "The source text is not part of this site."
    where = spot(snippet.file, first, log.browse, last=last)
    return ExcerptView(found.function, where, trusted(lines), reason, trusted(prose))
