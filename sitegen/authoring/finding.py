"""What a command line names -> the logs in it, and what is said of the rest."""

from pathlib import Path

from sitegen import codes
from sitegen.authoring.grouping import is_kernels, read_found
from sitegen.authoring.sources import Folder, Found, Refused, read_log
from sitegen.diagnostics import Sink
from sitegen.wording import counted, named

_MOST_TOLD = 10
"refusals that are told one by one"


def find_logs(name: str, where: Path | Found | Refused, sink: Sink) -> list[Found]:
    """The logs in a file or folder, or what was read already. Complains of what was refused."""
    if isinstance(where, Found):
        return [where]
    if isinstance(where, Refused):
        sink.add(codes.G016, f"'{name}': {where.message}", hint=where.hint)
        return []
    if not where.is_dir():
        return find_logs(name, read_log(where, name), sink)
    folder = Folder(where, name)
    for path, refused in folder.refused[:_MOST_TOLD]:
        sink.add(codes.G017, f"'{path}' left out: {refused.message}", hint=refused.hint)
    more = len(folder.refused) - _MOST_TOLD
    if more > 0:
        sink.add(codes.G017, f"'{name}': {more} more files left out")
    if folder.left_out:
        hint = "give a folder with fewer"
        sink.add(codes.G017, f"'{name}': {folder.left_out} files not looked at", hint=hint)
    read = [(found, read_found(found)) for found in folder.logs]
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
