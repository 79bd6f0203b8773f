"""What can only be seen across all cases: names that differ by capitals alone, one bug in two cases."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple

from sitegen import codes
from sitegen.check.subjects import Subject
from sitegen.diagnostics import Diagnostic


class _Names(NamedTuple):
    """A key whose values are names that cases share."""

    key: str
    noun: str
    values: Callable[[Subject], tuple[str, ...]]


_NAMES = (
    _Names("tags", "tag", lambda subject: subject.document.front.tags),
    _Names("authors", "author", lambda subject: subject.document.front.authors),
)


def spellings(subjects: Sequence[Subject]) -> Iterator[Diagnostic]:
    """Tags and authors that another case spells with other capitals: the rarer spelling, where it stands."""
    for names in _NAMES:
        used: dict[str, dict[str, list[Subject]]] = {}
        for subject in subjects:
            for name in names.values(subject):
                used.setdefault(name.casefold(), {}).setdefault(name, []).append(subject)
        for spelled in used.values():
            # Of two that are used as often the first counts.
            usual = max(spelled, key=lambda name: len(spelled[name]))
            for name in spelled:
                if name != usual:
                    message = f"the {names.noun} '{name}' is '{usual}' elsewhere"
                    for subject in spelled[name]:
                        number = names.values(subject).index(name)
                        at = subject.key(*_written(subject, names.key, name, number), names.key)
                        yield Diagnostic(codes.G025, message, at, f"write '{usual}'")


def _written(subject: Subject, key: str, name: str, number: int) -> Iterable[str]:
    """The item of a list that holds a name: where it was read, or behind those that stand twice."""
    length = len(subject.document.front.tags) + len(subject.document.front.authors)
    for index in range(number, number + length):
        at = subject.key(f"{key}.{index}")
        if name in at.text[at.column - 1 : at.end]:
            yield f"{key}.{index}"
            return


def same_bugs(subjects: Sequence[Subject]) -> Iterator[Diagnostic]:
    """Cases that name the bug of an earlier one, and are not said to be its duplicate."""
    first: dict[tuple[str, str], Subject] = {}
    for subject in subjects:
        front = subject.document.front
        if subject.document.kind != "case" or front.status == "duplicate":
            continue
        for key, value, noun in (
            ("syzbot", front.fixes.syzbot, "syzbot bug"),
            ("cve", front.fixes.cve and f"{front.fixes.cve} {front.title.casefold()}", "CVE"),
        ):
            if not value:
                continue
            other = first.setdefault((key, value), subject)
            if other is not subject:
                message = f"'{other.document.file}' is about the same {noun}"
                hint = "add the log to that case, or set 'status: duplicate' and link to it"
                yield Diagnostic(codes.G026, message, subject.key(f"fixes.{key}"), hint)
                break
