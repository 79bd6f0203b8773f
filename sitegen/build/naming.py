"""What a new file may be called, so that its name holds nothing that the rules keep out of the site."""

import re
from collections.abc import Callable, Iterable

from sitegen.project import Project

_BETWEEN = r"[\W_]+"


def namer(project: Project, texts: Iterable[str] = ()) -> Callable[[str], str]:
    """What gives a text without values, for the name of a file to be made of.

    Values are what the rules name in it, and in `texts`, those that the file is about, whatever
    signs join their words. A value gives way to the word that its pseudonyms begin with, and not
    to the pseudonym, which may not be given yet: a text has one name before and after a build.
    """
    if not project.redact:
        return str
    from sitegen.redact.forms import dashed  # noqa: PLC0415  reason: only with rules
    from sitegen.redact.names import Names  # noqa: PLC0415  reason: as above
    from sitegen.redact.redactor import Redactor, is_plain  # noqa: PLC0415  reason: as above

    redactor = Redactor(project.redact, Names())
    labels = {value: redactor.labelled(value) for value, _ in redactor.literals()}
    for text in texts:
        for one in redactor.matches(text):
            if not is_plain(one.value):
                labels.setdefault(one.value, one.label.rstrip("_"))

    def name(text: str) -> str:
        shown = redactor.labelled(text)
        # As words, what names of files join with signs: `db_01-panic.log`.
        words = re.sub(r"[-_/]", " ", shown)
        labelled = redactor.labelled(words)
        shown = shown if labelled == words else labelled
        for value, label in labels.items():
            form = dashed(value)
            if form and f"-{form}-" in f"-{dashed(shown.casefold())}-":
                found = _BETWEEN.join(map(re.escape, form.split("-")))
                shown = re.sub(rf"(?<![^\W_]){found}(?![^\W_])", label, shown, flags=re.IGNORECASE)
        return shown

    return name
