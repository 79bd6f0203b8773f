"""A line of text -> the entry of the table of reports that it triggers."""

import re
from functools import cache

from sitegen.crash.log.oopses import OOPSES, Oops

MOST_SAID = 1280
"""characters of a line that a name is made from: printk writes 1024 to a record. Patterns may take
time with the square of it."""
_BEFORE = 200
"characters before a trigger that may say it is none"
TRIGGER = re.compile("|".join(re.escape(oops.trigger) for oops in OOPSES))
"Cheap test: a line that does not match begins no report."
HINTS = (":", "ernel", "fault", "BUG")
"Cheaper still: one of these stands in every trigger, and in few lines of a stack."


@cache
def _unless(oops: Oops) -> re.Pattern[str] | None:
    return re.compile(oops.unless) if oops.unless else None


def find_oops(text: str) -> Oops | None:
    """The entry that the line `text` triggers, the topmost of the table; None for other lines."""
    for hint in HINTS:
        if hint in text:
            break
    else:
        return None
    if not TRIGGER.search(text):
        return None
    text = said(text)
    for oops in OOPSES:
        if oops.trigger in text:
            unless = _unless(oops)
            if unless is None or not unless.search(text):
                return oops
    return None


def said(text: str) -> str:
    """The line, or of one longer than any record the part around its first trigger."""
    if len(text) <= MOST_SAID:
        return text
    found = TRIGGER.search(text)
    start = max(0, found.start() - _BEFORE) if found else 0
    return text[start : start + MOST_SAID]
