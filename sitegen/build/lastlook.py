"""The last look at what is to be published: each value that a file of the site still holds is told once."""

import re
from collections.abc import Callable, Collection, Iterable

from sitegen import codes
from sitegen.build.publish import Publication
from sitegen.diagnostics import Diagnostic, Place, Sink
from sitegen.project import Project
from sitegen.redact.redactor import Redactor
from sitegen.redact.scan import Leak, Scanner
from sitegen.wording import counted

_MOST = 20
"""Values that are complained about."""


def look(
    paths: Collection[str],
    publication: Publication,
    redactor: Redactor,
    project: Project,
    sink: Sink,
) -> None:
    """Complains about values in the files at `paths` of the site, and in their names."""
    if not paths:
        return
    scanner = Scanner(redactor)
    told = _told(sink)
    names = _by_value(
        (path, leak) for path in paths for leak in scanner.in_name(path) if not told(leak)
    )
    files = _by_value(
        (path, leak)
        for path in paths
        for leak in scanner.leaks(publication.read(path))
        if not told(leak) and _key(leak) not in names
    )
    folder = project.relative(project.output)
    found = [(codes.G014, one) for one in names.values()]
    found += [(codes.G013, one) for one in files.values()]
    for code, places in found[:_MOST]:
        path, leak = places[0]
        line = leak.line if code is codes.G013 else 0
        at = Place(f"{folder}/{redactor.text(path)}", line)
        if code is codes.G013:
            message = f"{_who(len(places))} {_what(leak)}"
            hint = _hint(leak, project.redact.map)
        else:
            message = f"the name of the file holds {_what(leak)}"
            hint = (
                "rename the document, log, picture or alias that it is made of; or narrow the rule"
            )
        sink.add(code, message, at=at, hint=hint)
    if len(found) > _MOST:
        more = counted(len(found) - _MOST, "more value")
        sink.add(codes.G013, f"files of the site hold {more} of what is redacted")


def _key(leak: Leak) -> str:
    return leak.pseudonym or leak.rule


def _by_value(found: Iterable[tuple[str, Leak]]) -> dict[str, list[tuple[str, Leak]]]:
    """Files and what was found in them by value, each file once, in their order."""
    places: dict[str, dict[str, Leak]] = {}
    for path, leak in found:
        places.setdefault(_key(leak), {}).setdefault(path, leak)
    return {key: list(one.items()) for key, one in places.items()}


_NAME = re.compile(r"redacted as '([^']+)'$")


def _told(sink: Iterable[Diagnostic]) -> Callable[[Leak], bool]:
    """Whether the value was told as part of a file's name: it stands on every page that links to it."""
    messages = (one.message for one in sink if one.code is codes.G014)
    told = {found[1] for message in messages if (found := _NAME.search(message))}
    return lambda leak: leak.pseudonym in told


def _who(files: int) -> str:
    """The file that is named, and how many more there are."""
    return f"the file and {counted(files - 1, 'other')} hold" if files > 1 else "the file holds"


def _what(leak: Leak) -> str:
    value = f"what is redacted as '{leak.pseudonym}'" if leak.pseudonym else "a redacted value"
    return f"{value} ({leak.rule})"


def _hint(leak: Leak, name: str) -> str:
    if leak.plain:
        return "the value is a plain word: narrow the rule, or let `keep` name it"
    if leak.pseudonym:
        return f"see '{name}' for the value; take it out, or add a rule with it as 'literal'"
    return "take it out of the file that it comes from"
