"""A kernel's source tree, read by kernel-relative paths as lines.

A folder, a git repository at a revision, or the archive that distributions ship; beside it
folders of modules that were built outside of it, each under a name of its own.
"""

import hashlib
import posixpath
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from types import TracebackType
from typing import Self

from sitegen.crash.source.files import MAX_BYTES, Absent, Files, Folder, clean_path
from sitegen.crash.source.maintainers import Maintainers
from sitegen.crash.source.repository import Repository
from sitegen.model import Subsystem, TreeId

__all__ = ["MAX_BYTES", "Tree", "clean_path", "open_tree"]


OUTSIDE = "the file lies outside of the kernel's source tree, and in no folder of module-sources"
"""Why there is no text of a file whose path is still the one of the machine that built it."""


def open_tree(
    path: Path,
    revision: str = "",
    *,
    cache: Path | None = None,
    outside: Mapping[str, Path | None] | None = None,
) -> "Tree | str":
    """The tree at `path`, or why there is none, in words. For `outside` see `Tree`.

    With `revision` it is the git repository's tree at that revision, without it the folder
    as it lies there, or the tar archive, which is unpacked into `cache` when it is first
    read (half a minute for a whole kernel).
    """
    if path.is_file():
        if revision:
            return f"'{path.name}' is an archive, and a revision of it is asked for"
        from sitegen.crash.source.archive import Archive  # noqa: PLC0415  reason: few need it

        files: Repository | Archive = Archive(path, cache)
    elif not path.is_dir():
        return f"no source tree at '{path.name}'"
    elif not revision:
        return Tree(Folder(path), outside)
    else:
        files = Repository(path, revision)
    reason = files.find_fault()
    if reason:
        files.close()
        return reason
    return Tree(files, outside)


class Tree:
    """Files of one tree, as lines. A context manager; files read once are kept.

    `files` is None where the kernel's own tree is not at hand. `outside` are folders of modules, by
    what the paths of their files begin with; None for one that is not at hand.
    """

    def __init__(
        self, files: Files | None, outside: Mapping[str, Path | None] | None = None
    ) -> None:
        self._files = files
        self._outside = {
            f"{name}/": Folder(path) if path else None for name, path in (outside or {}).items()
        }
        self._lines: dict[str, tuple[str, ...] | Absent] = {}
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
        if self._files is not None:
            self._files.close()

    def lines(self, path: str) -> tuple[str, ...] | None:
        """The lines of a file, without their ends; None when it is not one to read.

        That is: outside the tree, missing, no regular file, binary, or longer than MAX_BYTES.
        """
        found = self._find(path)
        return None if isinstance(found, Absent) else found

    def why_not(self, path: str) -> str:
        """Why `lines` has nothing for a path, in words; empty where it has."""
        found = self._find(path)
        if not isinstance(found, Absent):
            return ""
        name = clean_path(path)
        if name is None:
            return OUTSIDE
        if found == Absent():
            prefix = self._prefix(name)
            where = f"source of {prefix[:-1]}" if prefix else "source tree"
            return f"the {where} at hand has no {name}"
        return f"{name} {found.reason}"

    def siblings(self, path: str) -> tuple[str, ...]:
        """The files of the folder that `path` would lie in, with their paths, sorted."""
        name = clean_path(path)
        if name is None:
            return ()
        folder = posixpath.dirname(name)
        files, inside = self._place(name)
        names = files.names(posixpath.dirname(inside)) if files else ()
        return tuple(posixpath.join(folder, one) for one in names)

    def is_elsewhere(self, path: str) -> bool:
        """Whether a file would be in the tree, or in a folder, that only other machines have."""
        name = clean_path(path)
        return name is not None and self._place(name)[0] is None

    def _place(self, name: str) -> tuple[Files | None, str]:
        """What a file is read from, and its path in there."""
        prefix = self._prefix(name)
        return (self._outside[prefix], name[len(prefix) :]) if prefix else (self._files, name)

    def _prefix(self, name: str) -> str:
        """The longest that fits, with its slash; empty for a file of the kernel's tree."""
        fitting = (prefix for prefix in self._outside if name.startswith(prefix))
        return max(fitting, key=len, default="")

    def _find(self, path: str) -> tuple[str, ...] | Absent:
        name = clean_path(path)
        if name is None:
            return Absent()
        if name not in self._lines:
            self._lines[name] = self._read(name)
        return self._lines[name]

    def _read(self, name: str) -> tuple[str, ...] | Absent:
        files, inside = self._place(name)
        if files is None:
            where = "folder" if self._prefix(name) else "tree"
            return Absent(f"is not at hand: its source {where} is not on this machine")
        data = files.read(inside)
        if isinstance(data, Absent):
            return data
        if b"\0" in data:
            return Absent("is no text")
        self._digests[name] = hashlib.sha256(data).hexdigest()
        text = data.decode(errors="replace")
        # Not splitlines: old drivers hold form feeds, which are no line ends to a compiler.
        lines = text.replace("\r\n", "\n").split("\n")
        if lines[-1] == "":
            lines.pop()
        return tuple(lines)

    def subsystem(self, path: str) -> str:
        """The section of the tree's MAINTAINERS that claims a file of it; empty when none does."""
        name = clean_path(path)
        return self._sections.find(name) if name and not self._prefix(name) else ""

    def section(self, title: str) -> Subsystem:
        """Who looks after a section of the tree's MAINTAINERS."""
        return self._sections.section(title)

    @property
    def _sections(self) -> Maintainers:
        if self._maintainers is None:
            self._maintainers = Maintainers(self.lines("MAINTAINERS") or ())
        return self._maintainers

    def identify(self, paths: Iterable[str] = ()) -> TreeId:
        """Which tree this is: the commit, or the Makefile's version and a digest of the files `paths`."""
        if self._files is not None and self._files.commit:
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
