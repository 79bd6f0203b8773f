"""Front matter whose values do not go together, or leave out what one of them promises."""

from collections.abc import Iterator

from sitegen import codes
from sitegen.check.subjects import Subject
from sitegen.diagnostics import Diagnostic
from sitegen.web.markdown import PLAIN, find_links


def contradictions(subject: Subject) -> Iterator[Diagnostic]:
    """Values of which one must be wrong."""
    front = subject.document.front
    fixes = front.fixes
    if _is_same(fixes.introduced, fixes.fixed):
        message = "the commit that fixed it is the one that brought it"
        hint = "correct 'introduced' or 'fixed'"
        yield Diagnostic(codes.M020, message, subject.key("fixes.fixed"), hint)
    taken = front.snapshot.date
    last = max((seen.date for seen in front.occurrences), default="")
    if taken and last > taken:
        message = f"seen on {last}, and the snapshot is of {taken}"
        at = subject.key(*_rows(subject, last), "snapshot.date")
        yield Diagnostic(codes.M020, message, at, "correct one of the dates")
    yield from _kernels(subject)


def _is_same(one: str, other: str) -> bool:
    return bool(one and other) and (one.startswith(other) or other.startswith(one))


def _rows(subject: Subject, day: str) -> Iterator[str]:
    """The keys of the occurrences of a day. They are sorted when read, and may stand in a file."""
    for index in range(len(subject.document.front.occurrences)):
        name = f"occurrences.{index}.date"
        at = subject.key(name)
        if at.text[at.column - 1 :].startswith((day, f'"{day}', f"'{day}")):
            yield name


def _kernels(subject: Subject) -> Iterator[Diagnostic]:
    """The kernel that the front matter names, and those that the logs print."""
    wanted = subject.document.front.kernel
    plain = [(log, entry) for log, entry in subject.entries() if not log.kernel and entry.kernel]
    printed = dict.fromkeys(entry.kernel for _, entry in plain)
    if wanted and printed and wanted not in printed:
        shown = ", ".join(list(printed)[:3])
        message = f"the kernel is '{wanted[:80]}' here, and the log says {shown}"
        hint = "take 'kernel' out, or correct it: the log says whose it is"
        yield Diagnostic(codes.M020, message, subject.key("kernel"), hint)


_OPEN = frozenset({"open", "investigating"})


def promises(subject: Subject) -> Iterator[Diagnostic]:
    """What a status makes a reader look for, and does not find; or finds, and was not to."""
    front = subject.document.front
    if front.status == "fixed" and not subject.has("fixes.fixed"):
        message = "the status is 'fixed', and no commit is named that fixed it"
        hint = "give it as 'fixed' below 'fixes'"
        yield Diagnostic(codes.M021, message, subject.key("status"), hint)
    if front.status in _OPEN and front.fixes.fixed:
        unsaid = "" if subject.has("status") else ", as none is given"
        message = f"the status is '{front.status}'{unsaid}, and a commit is named that fixed it"
        at = subject.key("status", "fixes.fixed")
        yield Diagnostic(codes.M021, message, at, "write 'status: fixed', or take 'fixed' out")
    if front.status == "duplicate" and not (subject.has("fixes.links") or _leads_on(subject)):
        message = "the status is 'duplicate', and nothing leads to the other case"
        yield Diagnostic(codes.M021, message, subject.key("status"), "link to it")


def _leads_on(subject: Subject) -> bool:
    """Whether a link of the prose leads out of the page."""
    return any(not one.href.startswith("#") for one in find_links(subject.document, PLAIN))
