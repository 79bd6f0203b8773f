"""What each kind of crash means, how its report is read, and what to do next, by the kind's key."""

from collections.abc import Mapping

from sitegen.web.pages.terms.guides.faults import FAULTS
from sitegen.web.pages.terms.guides.giving_up import GIVING_UP
from sitegen.web.pages.terms.guides.sanitizers import SANITIZERS
from sitegen.web.pages.terms.guides.shape import Guide
from sitegen.web.pages.terms.guides.waiting import WAITING

__all__ = ["GUIDES", "Guide"]

GUIDES: Mapping[str, Guide] = {**FAULTS, **SANITIZERS, **WAITING, **GIVING_UP}
