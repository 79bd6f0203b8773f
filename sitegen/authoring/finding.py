"""What a command line names -> the logs in it, and what is said of the rest."""

from pathlib import Path

from sitegen import codes
from sitegen.authoring.grouping import is_kernels, read_found
from sitegen.authoring.sources import Folder, Found, Refused, read_log
from sitegen.diagnostics import Sink
from sitegen.wording import counted, named

_MOST_TOLD = 10
"refusals that are told one by one"


def read_given(name: str, where: Path | Found | Refused, sink: Sink) -> Found | None:
    """What stands in a file, or was read already; None, with a complaint, when it was refused."""
    found = read_log(where, name) if isinstance(where, Path) else where
    if isinstance(found, Found):
        return found
    sink.add(codes.G016, f"'{name}': {found.message}", hint=found.hint)
    return None


def find_logs(name: str, where: Path | Found | Refused, sink: Sink) -> list[Found]:
    """The logs in a file or folder, or what was read already; of a mail the log in it.

    Complains of what was refused.
    """
    if not (isinstance(where, Path) and where.is_dir()):
        given = read_given(name, where, sink)
        return [_log_of(given, sink)] if given else []
    folder = Folder(where, name)
    for path, refused in folder.refused[:_MOST_TOLD]:
        sink.add(codes.G017, f"'{path}' left out: {refused.message}", hint=refused.hint)
    more = len(folder.refused) - _MOST_TOLD
    if more > 0:
        sink.add(codes.G017, f"'{name}': {more} more files left out")
    if folder.left_out:
        hint = "give a folder with fewer"
        sink.add(codes.G017, f"'{name}': {folder.left_out} files not looked at", hint=hint)
    logs = [_log_of(found, sink) for found in folder.logs]
    read = [(found, read_found(found)) for found in logs]
    crashes = [found for found, seen in read if seen is not None and is_kernels(seen)]
    without = [found.name for found, seen in read if seen is None or not is_kernels(seen)]
    if rest := sorted([*without, *folder.passed]):
        files = counted(len(rest), "file")
        sink.add(codes.G019, f"{files} without a crash left out: {named(rest)}")
    if not folder.logs:
        sink.add(codes.G016, f"'{name}': no log in this folder")
    elif not crashes:
        sink.add(codes.G016, f"'{name}': {counted(len(without), 'log')}, and no crash in them")
    return crashes


def _log_of(found: Found, sink: Sink) -> Found:
    """The log that a mail holds, as an import of it has it; what is no mail as it is."""
    if b"ubject:" not in found.data[:_HEADERS]:
        return found
    from sitegen.authoring.mail import is_mail, read_mails, read_thread  # noqa: PLC0415  reason: few logs are mails

    told = read_thread(read_mails(found.data), found.name) if is_mail(found.data) else None
    if told is None or isinstance(told, Refused) or told.log is None:
        return found
    hint = "to take over who said what, too: sitegen import FILE"
    sink.add(codes.G019, f"'{found.name}' is a mail, and only the log in it is taken", hint=hint)
    return told.log


_HEADERS = 1 << 14
