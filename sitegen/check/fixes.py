"""`fixes` of the front matter, held against the git repository that the kernel was built from.

The commit that brought the bug must be in the kernel that crashed; the one that fixed it must not.
What git cannot tell is said as a note, and nothing is guessed.
"""

from collections.abc import Iterator
from typing import NamedTuple

from sitegen import codes
from sitegen.build.kernels import Kernels
from sitegen.check.subjects import Subject
from sitegen.crash.source import History
from sitegen.diagnostics import Diagnostic


class _Crashed(NamedTuple):
    """A kernel that crashed, as a commit."""

    name: str
    history: History
    repository: str
    "the name of its folder"
    commit: str


def fixes(subject: Subject, kernels: Kernels) -> Iterator[Diagnostic]:
    """What is wrong with `introduced` and `fixed`, told once for all kernels of the case."""
    wanted = subject.document.front.fixes
    for key, digits in (("introduced", wanted.introduced), ("fixed", wanted.fixed)):
        if not digits:
            continue
        found = [_check(key, digits, one, subject) for one in _crashed(subject, kernels)]
        yield from dict.fromkeys(one for one in found if one is not None)


def _crashed(subject: Subject, kernels: Kernels) -> tuple[_Crashed, ...]:
    """The kernels of the case's logs whose repository and revision are configured and here."""
    held = {entry.id: entry.kernel for entry in subject.lock.logs} if subject.lock else {}
    found: dict[str, _Crashed] = {}
    for log in subject.document.logs:
        release = subject.document.release(log, held.get(log.id, ""))
        kernel = kernels.find(release, "")
        history = kernels.history(kernel) if kernel else None
        if kernel is None or kernel.source is None or history is None:
            continue
        commit = history.find_revision(kernel.revision)
        if commit:  # else its tree cannot be read either, which the build says
            crashed = _Crashed(kernel.name, history, kernel.source.name, commit)
            found.setdefault(kernel.name, crashed)
    return tuple(found.values())


def _check(key: str, digits: str, crashed: _Crashed, subject: Subject) -> Diagnostic | None:
    at = subject.key(f"fixes.{key}")
    named = crashed.history.find(digits)
    where = f"the repository '{crashed.repository}'"
    match named.state:
        case "absent":
            message = f"not checked: {where} has no commit '{digits}'"
            return Diagnostic(codes.R009, message, at, "fetch it, if it is one")
        case "ambiguous":
            message = f"{where} has several commits that begin with '{digits}'"
            return Diagnostic(codes.R008, message, at, "give more digits, 12 at least")
        case "other":
            message = f"'{digits}' is no commit in {where}"
            return Diagnostic(codes.R008, message, at, "give the hash of the commit itself")
    has = crashed.history.contains(crashed.commit, named.commit)
    if has.yes is None:
        message = f"not checked whether {crashed.name} has '{digits}': {has.why}"
        return Diagnostic(codes.R009, message, at)
    if key == "introduced" and not has.yes:
        message = f"{crashed.name} crashed without '{digits}', which is to have brought the bug"
        hint = "correct 'introduced', or the revision of the kernel in the configuration"
        return Diagnostic(codes.R006, message, at, hint)
    if key == "fixed" and has.yes:
        copy = f" (as {has.copy[:12]})" if has.copy else ""
        message = f"{crashed.name} crashed with '{digits}'{copy}, which is to have fixed the bug"
        hint = "correct 'fixed', or say why it was not enough"
        return Diagnostic(codes.R007, message, at, hint)
    return None
