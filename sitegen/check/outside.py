"""Addresses outside of the wiki: where they stand, and whether they answer."""

from collections.abc import Iterable, Iterator
from urllib.parse import urldefrag

from sitegen import codes
from sitegen.check.fetch import Answer, ask_all
from sitegen.check.subjects import Subject
from sitegen.diagnostics import Diagnostic, Place
from sitegen.web.markdown import Syntax, find_links


def outside_links(
    subjects: Iterable[Subject], syntax: Syntax, *, allowed: frozenset[str] = frozenset()
) -> Iterator[Diagnostic]:
    """What is wrong with http and https addresses, at every place. Each is asked for once.

    Addresses of hosts in this machine and its networks are refused, but for those `allowed`.
    """
    places: dict[str, list[Place]] = {}
    for subject in subjects:
        for href, at in _addresses(subject, syntax):
            places.setdefault(urldefrag(href).url, []).append(at)
    for address, answer in ask_all(sorted(places), allowed=allowed):
        for at in places[address]:
            found = _judge(address, answer, at)
            if found is not None:
                yield found


def _addresses(subject: Subject, syntax: Syntax) -> Iterator[tuple[str, Place]]:
    front = subject.document.front
    for index, link in enumerate(front.fixes.links):
        yield link, subject.key(f"fixes.links.{index}", "fixes.links")
    if front.snapshot.link:
        yield front.snapshot.link, subject.key("snapshot.link")
    for one in front.occurrences:
        if one.link:
            yield one.link, subject.key("occurrences")
    for href, at in find_links(subject.document, syntax):
        if href.lower().startswith(("http://", "https://")):
            yield href, at


def _judge(address: str, answer: Answer, at: Place) -> Diagnostic | None:
    shown = address[:200]
    if answer.problem:
        hint = "correct it, or take it out"
        return Diagnostic(codes.X007, f"'{shown}' {answer.problem}", at, hint)
    if answer.moved:
        hint = f"write '{answer.moved[:200]}'"
        return Diagnostic(codes.X008, f"'{shown}' has moved", at, hint)
    return None
