"""Lines of a file that wraps messages up -> the lines within the messages.

What a message says is left to `printk`; where in the file each of its characters stands is kept.
"""

from collections.abc import Sequence

from sitegen.crash.log.wrapped.behind import BEHIND
from sitegen.crash.log.wrapped.export import EXPORT
from sitegen.crash.log.wrapped.json_text import JSON
from sitegen.crash.log.wrapped.kmsg import KMSG
from sitegen.crash.log.wrapped.shape import Form

__all__ = ["FORMS", "Form", "find_form"]

FORMS = (JSON, EXPORT, KMSG, *BEHIND)

_MOST_LOOKED_AT = 400
"lines of a file that tell its form"
_LONGEST = 4000
"characters of each that are looked at"


def find_form(raw: Sequence[str]) -> Form | None:
    """How the lines wrap messages up; None for a log that does not."""
    head = "\n".join(line[:_LONGEST] for line in raw[:_MOST_LOOKED_AT])
    for form in FORMS:
        if any(word in head for word in form.words) and form.mark.search(head):
            return form
    return None
