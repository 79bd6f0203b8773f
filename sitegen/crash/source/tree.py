"""A kernel's source tree, read by kernel-relative paths: a folder, or a git repository at a revision.

Paths come from debug information, logs and directives, so nothing in them is trusted:
only regular text files inside the tree are read, symbolic links included.
"""

import hashlib
import posixpath
import re
import subprocess
from collections.abc import Iterable
from pathlib import Path
from types import TracebackType
from typing import Protocol, Self

from sitegen.crash.source.maintainers import Maintainers
from sitegen.model import TreeId

MAX_BYTES = 8 << 20
"""A longer file is not read. The longest C file with code in it has a tenth of that."""


def open_tree(path: Path, revision: str = "") -> "Tree | str":
    """The tree at `path`, or why there is none, in words.

    With `revision` it is the git repository's tree at that revision (bare ones and
    worktrees alike), without it the folder as it lies there.
    """
    if not path.is_dir():
        return f"no source tree at '{path.name}'"
    if not revision:
        return Tree(_Folder(path))
    files = _Git(path, revision)
    reason = files.find_fault()
    if reason:
        files.close()
        return reason
    return Tree(files)


class _Files(Protocol):
    """Where the bytes come from. Both forms follow links, but never out of the tree."""

    commit: str

    def read(self, path: str) -> bytes | None: ...

    def close(self) -> None: ...


class Tree:
    """Files of one tree, as lines. A context manager; files read once are kept."""

    def __init__(self, files: _Files) -> None:
        self._files = files
        self._lines: dict[str, tuple[str, ...] | None] = {}
        self._digests: dict[str, str] = {}
        self._maintainers: Maintainers | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        self._files.close()

    def lines(self, path: str) -> tuple[str, ...] | None:
        """The lines of a file, without their ends; None when it is not one to read.

        That is: outside the tree, missing, no regular file, binary, or longer than MAX_BYTES.
        """
        name = clean_path(path)
        if name is None:
            return None
        if name not in self._lines:
            self._lines[name] = self._read(name)
        return self._lines[name]

    def _read(self, name: str) -> tuple[str, ...] | None:
        data = self._files.read(name)
        if data is None or b"\0" in data:
            return None
        self._digests[name] = hashlib.sha256(data).hexdigest()
        text = data.decode(errors="replace")
        # Not splitlines: old drivers hold form feeds, which are no line ends to a compiler.
        lines = text.replace("\r\n", "\n").split("\n")
        if lines[-1] == "":
            lines.pop()
        return tuple(lines)

    def subsystem(self, path: str) -> str:
        """The section of the tree's MAINTAINERS that claims a file; empty when none does."""
        name = clean_path(path)
        if self._maintainers is None:
            self._maintainers = Maintainers(self.lines("MAINTAINERS") or ())
        return self._maintainers.find(name) if name else ""

    def identify(self, paths: Iterable[str] = ()) -> TreeId:
        """Which tree this is: the commit, or the Makefile's version and a digest of the files `paths`."""
        if self._files.commit:
            return TreeId(commit=self._files.commit)
        names = {name for path in paths if (name := clean_path(path)) and self.lines(name)}
        whole = "".join(f"{self._digests[name]}  {name}\n" for name in sorted(names))
        digest = hashlib.sha256(whole.encode()).hexdigest() if names else ""
        return TreeId(version=self._version(), digest=digest)

    def _version(self) -> str:
        """`6.1.192` or `6.2.0-rc2`, from the head of the tree's Makefile; empty when it has none."""
        fields = {
            match[1]: match[2]
            for line in (self.lines("Makefile") or ())[:40]
            if (match := re.match(r"(VERSION|PATCHLEVEL|SUBLEVEL|EXTRAVERSION) *= *(\S*)$", line))
        }
        numbers = (fields.get(name, "") for name in ("VERSION", "PATCHLEVEL", "SUBLEVEL"))
        return ".".join(filter(None, numbers)) + fields.get("EXTRAVERSION", "")


def clean_path(path: str) -> str | None:
    """`path` relative to the tree's root, without `.` and `..`; None when it may lead outside.

    >>> clean_path("./arch/x86/include/../kernel/traps.c")
    'arch/x86/kernel/traps.c'
    >>> clean_path("fs/../../etc/passwd") is None
    True
    """
    if not path or path.startswith("/") or "\\" in path or not path.isprintable():
        return None
    name = posixpath.normpath(path)
    return None if name in {".", ".."} or name.startswith("../") else name


class _Folder:
    commit = ""

    def __init__(self, path: Path) -> None:
        self._root = path.resolve()

    def read(self, path: str) -> bytes | None:
        try:
            file = (self._root / path).resolve(strict=True)
            # A pipe or a device would be waited for, or read without an end.
            if not file.is_relative_to(self._root) or not file.is_file():
                return None
            with file.open("rb") as stream:
                data = stream.read(MAX_BYTES + 1)
        except (OSError, RuntimeError):  # RuntimeError: a loop of links, before Python 3.13
            return None
        return data if len(data) <= MAX_BYTES else None

    def close(self) -> None:
        pass


class _Git:
    """One `git cat-file --batch` for all files of a revision."""

    def __init__(self, path: Path, revision: str) -> None:
        self._path = path
        self._revision = revision
        self._process: subprocess.Popen[bytes] | None = None
        self.commit = ""

    def find_fault(self) -> str:
        """Looks the revision up. Why the repository cannot be read; empty when it can."""
        command = [*self._git(), "rev-parse", "--verify", "--quiet", "--end-of-options"]
        try:
            found = subprocess.run(  # noqa: S603  reason: no shell; the revision follows --end-of-options
                [*command, f"{self._revision}^{{commit}}"],
                capture_output=True,
                check=False,
                stdin=subprocess.DEVNULL,
            )
        except (OSError, ValueError) as error:
            return f"cannot run git: {error}"
        self.commit = found.stdout.decode(errors="replace").strip()
        if found.returncode or not re.fullmatch(r"[0-9a-f]{40,64}", self.commit):
            self.commit = ""
            return f"no revision '{self._revision}' in the git repository '{self._path.name}'"
        return ""

    def _git(self) -> list[str]:
        return ["git", "-C", str(self._path)]

    def read(self, path: str) -> bytes | None:
        if self._process is None:
            # With --follow-symlinks git itself follows links, and names those that leave the tree.
            self._process = subprocess.Popen(  # noqa: S603  reason: a fixed command line, no shell
                [*self._git(), "cat-file", "--batch", "--follow-symlinks"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
            )
        requests, answers = self._process.stdin, self._process.stdout
        if requests is None or answers is None:
            return None
        try:
            requests.write(f"{self.commit}:{path}\n".encode())
            requests.flush()
            head = answers.readline().split()
            if not head or head[-1] in {b"missing", b"ambiguous"} or not head[-1].isdigit():
                return None
            data = answers.read(int(head[-1]))
            if len(head) != 3:
                # `symlink`, `dangling`, `loop` and `notdir` are followed by the path alone.
                answers.readline()
                return None
            answers.read(1)
        except OSError:
            return None
        return data if head[1] == b"blob" and len(data) <= MAX_BYTES else None

    def close(self) -> None:
        if self._process is not None:
            for stream in (self._process.stdin, self._process.stdout):
                if stream is not None:
                    stream.close()
            self._process.wait()
            self._process = None
