"""When each document last changed, as git remembers it: one pass over the log for all of them.

Asked for by `updated = true` in the configuration alone: the date of a commit is not known
before it is made, so a site that is committed with its content could never be current.
"""

import os
import subprocess
from pathlib import Path
from typing import NamedTuple

from sitegen import git


class NoHistory(NamedTuple):
    """Why no document is known to have changed at some time, and what to do about it."""

    message: str
    hint: str


def find_fault(root: Path) -> NoHistory | None:
    """What keeps git from telling anything of `root`; None where nothing does."""
    shallow = _git(root, "rev-parse", "--is-shallow-repository").strip()
    if shallow == "false":
        return None
    if shallow == "true":
        message = "the clone is shallow, and its oldest commit seems to have changed everything"
        return NoHistory(message, "fetch all: git fetch --unshallow; of CI ask for a full depth")
    if _git(root, "--version"):
        hint = "build in a clone of the wiki's repository, or leave out `updated`"
        return NoHistory("this is no git repository, or one that git does not trust", hint)
    return NoHistory("there is no git program", "install git, or leave out `updated`")


def last_changes(root: Path, content: Path) -> dict[str, str]:
    """Path relative to `root` -> day of its last commit, as YYYY-MM-DD in its author's time zone.

    Empty where there is no git, no repository, or only a shallow one, whose oldest commit
    seems to have changed everything.
    """
    if _git(root, "rev-parse", "--is-shallow-repository").strip() != "false":
        return {}
    top = _git(root, "rev-parse", "--show-toplevel").rstrip("\n")
    text = _git(
        root,
        *("log", "--no-renames", "--no-relative", "--no-show-signature", "--no-ext-diff"),
        *("--name-only", "-z", "--format=%x01%as", "--", str(content)),
    )
    found: dict[str, str] = {}
    day = ""
    for part in text.split("\0"):
        name = part.strip("\n")
        if name.startswith("\x01"):  # a commit; its first file follows after a line feed
            day, _, name = name[1:].partition("\n")
            day, name = day.strip(), name.lstrip("\n")
        if name and day:
            found.setdefault(Path(os.path.relpath(Path(top, name), root)).as_posix(), day)
    return found


def _git(root: Path, *arguments: str) -> str:
    """What git prints; nothing where it fails."""
    try:
        # Nothing that an author could write is among the arguments.
        done = git.ask(root, *arguments, timeout=git.TIMEOUT, offline=False)
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout.decode("utf-8", "replace") if done.returncode == 0 else ""
