"""A git repository at a revision, read through one `git cat-file --batch`.

Bare ones, worktrees and partial clones alike. Nothing is ever fetched: what a partial
clone has left out is not there.
"""

import re
import subprocess
from functools import cached_property
from pathlib import Path
from typing import IO

from sitegen import git
from sitegen.crash.source.files import MAX_BYTES, MOST_NAMES, TOO_LONG, Absent

_CHUNK = 1 << 16


class Repository:
    """The tree of one revision."""

    def __init__(self, path: Path, revision: str) -> None:
        self._path = path
        self._revision = revision
        self._process: subprocess.Popen[bytes] | None = None
        self.commit = ""

    def find_fault(self) -> str:
        """Looks the revision up. Why the repository cannot be read; empty when it can."""
        try:
            revision = f"{self._revision}^{{commit}}"
            found = git.ask(self._path, "rev-parse", "--verify", "--end-of-options", revision)
        except (OSError, ValueError) as error:
            return f"cannot run git: {error}"
        commit = found.stdout.decode(errors="replace").strip()
        if found.returncode == 0 and re.fullmatch(r"[0-9a-f]{40,64}", commit):
            self.commit = commit
            return ""
        said = found.stderr.decode(errors="replace")
        if "not a git repository" in said:
            return f"'{self._path.name}' is no git repository, and a revision is asked for"
        if "dubious ownership" in said:
            return f"git does not trust the repository '{self._path.name}': it is another user's"
        return f"no revision '{self._revision}' in the git repository '{self._path.name}'"

    def read(self, path: str) -> bytes | Absent:
        try:
            return self._read(path)
        except OSError:
            self.close()
            return Absent("could not be read: git ended")

    def _read(self, path: str) -> bytes | Absent:
        if self._process is None:
            # With --follow-symlinks git itself follows links, and names those that leave the tree.
            self._process = subprocess.Popen(  # noqa: S603  reason: a fixed command line, no shell
                git.command(self._path, "cat-file", "--batch", "--follow-symlinks"),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env=git.environment(),
            )
        requests, answers = self._process.stdin, self._process.stdout
        if requests is None or answers is None:
            return Absent()
        requests.write(f"{self.commit}:{path}\n".encode())
        requests.flush()
        head = answers.readline().split()
        if not head:
            # git gives up on the first object that it would have to fetch.
            self.close()
            if self._is_partial:
                return Absent(f"is not in the partial clone '{self._path.name}'")
            return Absent("could not be read: git ended")
        if head[-1] in {b"missing", b"ambiguous"} or not head[-1].isdigit():
            return Absent()
        size = int(head[-1])
        data = _take(answers, size)
        if len(head) != 3:
            # `symlink`, `dangling`, `loop` and `notdir` are followed by the path alone.
            answers.readline()
            return Absent()
        answers.read(1)
        if head[1] != b"blob":
            return Absent()
        return data if size <= MAX_BYTES else TOO_LONG

    def names(self, folder: str) -> tuple[str, ...]:
        found = git.ask(self._path, "ls-tree", "-z", f"{self.commit}:{folder}")
        entries = found.stdout.decode(errors="replace").split("\0")[:MOST_NAMES]
        return tuple(sorted(entry.partition("\t")[2] for entry in entries if " blob " in entry))

    @cached_property
    def _is_partial(self) -> bool:
        """Whether the repository was cloned with a filter, so that objects may be elsewhere."""
        found = git.ask(self._path, "config", "--get-regexp", r"^remote\..*\.promisor$")
        return found.returncode == 0

    def close(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        for stream in (process.stdin, process.stdout):
            try:
                if stream is not None:
                    stream.close()
            except OSError:  # a question that nobody will answer is still in the pipe
                pass
        process.wait()


def _take(stream: IO[bytes], size: int) -> bytes:
    """The next `size` bytes; of more than MAX_BYTES nothing is kept."""
    if size <= MAX_BYTES:
        return stream.read(size)
    while size > 0 and (chunk := stream.read(min(size, _CHUNK))):
        size -= len(chunk)
    return b""
