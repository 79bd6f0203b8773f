"""A folder of dumps (`/var/crash`, `/sys/fs/pstore`, any other) -> the logs in it.

Symbolic links are not followed, and nothing is read that is no file. What is no log is left
out, and named: a folder that a crash left behind holds much else.
"""

import os
import re
from collections.abc import Iterator
from pathlib import Path

from sitegen.authoring.sources.files import read_log
from sitegen.authoring.sources.pstore import is_record, join_records
from sitegen.authoring.sources.values import Found, Refused
from sitegen.wording import reason_of

DEPTH = 4
"""Folders in each other that are looked into."""
MOST = 1000
"""Files that are read."""
MOST_BYTES = 512 << 20
"""Bytes of all of them together."""

_OTHER = re.compile(
    # The log of the kernel that wrote the dump is not the log of the one that crashed.
    r"kexec-dmesg\.log|dump\.\d+|vmcore(?:-incomplete|\.flat)?|vmlinu[xz].*|System\.map.*|linux-.*"
    r"|.*\.(?:elf|ko|so|o|png|jpg|gif|html|js|css|py|sh|json|md|toml|yaml|lock|upload|uploaded|zip|tar|deb|rpm)"
    r"|.*\.tar\..*|\..*"
)
_BETTER = ("vmcore-dmesg.txt", "vmcore-dmesg-incomplete.txt", "dmesg.txt")
"names of one and the same log in a folder; the first that is there counts"


class Folder:
    """What a folder held, once it was read."""

    def __init__(self, path: Path, name: str) -> None:
        self.logs: list[Found] = []
        "in the order of their paths"
        self.refused: list[tuple[str, Refused]] = []
        self.passed: list[str] = []
        "files that are no logs, by their names or by what they hold"
        self.left_out = 0
        "files that were not looked at, because there are so many"
        self._files = 0
        self._bytes = 0
        self._read(path, name.rstrip("/") or "/", DEPTH)

    def _read(self, path: Path, name: str, depth: int) -> None:
        try:
            entries = sorted(os.scandir(path), key=lambda entry: entry.name)
        except OSError as error:
            hint = "read it as root, or copy it" if isinstance(error, PermissionError) else ""
            self.refused.append((name, Refused(reason_of(error), hint)))
            return
        files = [entry.name for entry in entries if entry.is_file(follow_symlinks=False)]
        names = [one for one in files if not _OTHER.fullmatch(one)]
        self.passed += [f"{name}/{entry.name}" for entry in entries if _is_passed(entry)]
        worse = [one for one in _BETTER if one in names][1:]
        records: list[Found] = []
        for found in self._take(path, name, [one for one in names if one not in worse]):
            (records if is_record(found.file) else self.logs).append(found)
        self.logs += join_records(records)
        for entry in entries:
            if depth and entry.is_dir(follow_symlinks=False):
                self._read(path / entry.name, f"{name}/{entry.name}", depth - 1)

    def _take(self, path: Path, name: str, names: list[str]) -> Iterator[Found]:
        for one in names:
            if self._files == MOST or self._bytes > MOST_BYTES:
                self.left_out += 1
                continue
            self._files += 1
            found = read_log(path / one, f"{name}/{one}")
            if isinstance(found, Refused):
                # Nothing can be done about some: a folder holds empty files, too.
                if found.hint:
                    self.refused.append((f"{name}/{one}", found))
                else:
                    self.passed.append(f"{name}/{one}")
            else:
                self._bytes += len(found.data)
                yield found


def _is_passed(entry: os.DirEntry[str]) -> bool:
    """Whether this is no log by its name or its sort. Hidden files are nobody's concern."""
    if entry.name.startswith(".") or entry.is_dir(follow_symlinks=False):
        return False
    return not entry.is_file(follow_symlinks=False) or _OTHER.fullmatch(entry.name) is not None
