"""A git repository's history: whether a kernel has a commit. Nothing is ever fetched, nothing written.

A stable tree has most fixes as commits of its own, which name the original in their message;
so a commit that is no ancestor is looked for by its name, too.
"""

import re
import subprocess
from functools import cache
from pathlib import Path
from typing import Literal, NamedTuple

from sitegen import git

_COMMIT = re.compile(r"[0-9a-f]{40,64}")
_PREFIX = re.compile(r"[0-9a-f]{7,64}")


class Named(NamedTuple):
    """What a repository has under the first digits of a hash."""

    state: Literal["commit", "absent", "ambiguous", "other"]
    commit: str = ""
    "the whole hash"


class Contained(NamedTuple):
    """Whether a kernel has a commit; `yes` is None where that cannot be told, and `why` says so."""

    yes: bool | None
    why: str = ""
    copy: str = ""
    "the commit that names the other as the one it was made from, where that is how it has it"


class History:
    """The commits of the repository at `path`. Remembers what git said."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._run = cache(self._ask)

    def find(self, digits: str) -> Named:
        """The commit whose hash begins with `digits`, which are hex and 7 at least."""
        if not _PREFIX.fullmatch(digits):
            return Named("absent")
        code, said = self._run("rev-parse", f"--disambiguate={digits}")
        names = said.split()
        if code or not names:
            return Named("absent")
        kinds = [(name, self._run("cat-file", "-t", name)[1].strip()) for name in names[:_MOST]]
        commits = [name for name, kind in kinds if kind == "commit"]
        if len(commits) == 1:  # git itself prefers a commit where only commits make sense
            return Named("commit", commits[0])
        return Named("ambiguous" if commits else "other")

    def find_revision(self, revision: str) -> str:
        """The commit that a revision of the configuration leads to; empty when it leads to none."""
        code, said = self._run(
            "rev-parse", "--verify", "--end-of-options", f"{revision}^{{commit}}"
        )
        name = said.strip()
        return name if code == 0 and _COMMIT.fullmatch(name) else ""

    def contains(self, kernel: str, commit: str) -> Contained:
        """Whether the kernel built from one commit has the other: both whole hashes of commits here."""
        code, _ = self._run("merge-base", "--is-ancestor", commit, kernel)
        if code == 0:
            return Contained(yes=True)
        if code != 1:
            return Contained(None, "git could not tell")
        if self._is_shallow():
            return Contained(None, "the clone is shallow: its history is cut off")
        code, said = self._run("merge-base", commit, kernel)
        base = said.strip()
        if code or not _COMMIT.fullmatch(base):
            return Contained(None, "the two have no history in common")
        # "commit 0123... upstream.", "[ Upstream commit 0123... ]", "(cherry picked from commit 0123...)"
        code, said = self._run(
            *("rev-list", "--max-count=1", "--fixed-strings", f"--grep={commit}"),
            *(f"^{base}", kernel),
        )
        if code:
            return Contained(None, "git could not tell")
        copy = said.strip()
        return Contained(yes=bool(copy), copy=copy)

    def _is_shallow(self) -> bool:
        return self._run("rev-parse", "--is-shallow-repository")[1].strip() != "false"

    def _ask(self, *arguments: str) -> tuple[int, str]:
        """Exit code and output of git; -1 where it cannot be run, or takes too long."""
        try:
            # An author's hash was checked to be one.
            done = git.ask(self._path, "--no-replace-objects", *arguments, timeout=git.TIMEOUT)
        except (OSError, ValueError, subprocess.TimeoutExpired):
            return -1, ""
        return done.returncode, done.stdout.decode("utf-8", "replace")


_MOST = 64
"""Objects of one beginning that are looked at."""
