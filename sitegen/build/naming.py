"""What a new file may be called, so that its name holds nothing that the rules keep out of the site."""

import re
from collections.abc import Callable

from sitegen.project import Project


def namer(project: Project) -> Callable[[str], str]:
    """What gives a text without its values, for the name of a file to be made of.

    A value gives way to the word that its pseudonyms begin with, and not to the pseudonym, which
    may not be given yet: the same text has the same name before and after a build. Empty where
    the name holds a value in the form that slugs give it.
    """
    if not project.redact:
        return str
    from sitegen.redact.forms import find_in_name  # noqa: PLC0415  reason: only with rules
    from sitegen.redact.names import Names  # noqa: PLC0415  reason: as above
    from sitegen.redact.redactor import Redactor  # noqa: PLC0415  reason: as above

    redactor = Redactor(project.redact, Names())
    literals = [value for value, _ in redactor.literals()]

    def name(text: str) -> str:
        shown = redactor.labelled(text)
        # As words, what names of files join with signs: `db_01-panic.log`.
        words = re.sub(r"[-_/]", " ", shown)
        labelled = redactor.labelled(words)
        shown = shown if labelled == words else labelled
        return "" if find_in_name(shown, literals, redactor.is_kept) else shown

    return name
