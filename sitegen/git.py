"""The user's git, asked about one repository. The one place that runs it to its end."""

import os
import subprocess
from pathlib import Path

TIMEOUT = 60
"""Seconds after which git is not waited for, by those who can do without it."""

# A hook, which a build may well run in, points git to its own repository.
_LEFT_OUT = frozenset(
    {
        *("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_COMMON_DIR", "GIT_NAMESPACE"),
        *("GIT_OBJECT_DIRECTORY", "GIT_ALTERNATE_OBJECT_DIRECTORIES", "GIT_PREFIX"),
    }
)
_ALWAYS = {"GIT_OPTIONAL_LOCKS": "0", "GIT_LITERAL_PATHSPECS": "1", "LC_ALL": "C"}
# Since git 2.45 (and 2.39.4) the first is enough; before, no protocol may be spoken.
_OFFLINE = {"GIT_NO_LAZY_FETCH": "1", "GIT_ALLOW_PROTOCOL": "none", "GIT_TERMINAL_PROMPT": "0"}


def command(path: Path, *arguments: str) -> list[str]:
    """The command line for the repository at `path`."""
    return ["git", "-C", str(path), *arguments]


def environment(*, offline: bool = True) -> dict[str, str]:
    """What git is to see of ours: no repository but the one it is called on, paths as they are written.

    When `offline` nothing is fetched: what a partial clone has left out is not there.
    """
    kept = {name: value for name, value in os.environ.items() if name not in _LEFT_OUT}
    return kept | _ALWAYS | (_OFFLINE if offline else {})


def ask(
    path: Path, *arguments: str, timeout: float | None = None, offline: bool = True
) -> "subprocess.CompletedProcess[bytes]":
    """What git says of the repository at `path`. Raises OSError, ValueError and TimeoutExpired."""
    return subprocess.run(  # noqa: S603  reason: no shell; what comes from outside was checked by the caller
        command(path, *arguments),
        capture_output=True,
        check=False,
        stdin=subprocess.DEVNULL,
        timeout=timeout,
        env=environment(offline=offline),
    )
