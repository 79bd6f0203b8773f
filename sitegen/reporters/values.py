"""What all reporters start from: diagnostics, and how their paths are called elsewhere."""

import hashlib
import posixpath
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from sitegen.diagnostics import Diagnostic
from sitegen.wording import printable


class Report(NamedTuple):
    """What is to be told."""

    diagnostics: tuple[Diagnostic, ...]
    prefix: str = ""
    "the project's folder below the repository's top, ended by `/`; empty when it is the top"
    config: str = "sitegen.toml"
    "the file that a problem without a place is put down to, where a form asks for a place"


def in_order(diagnostics: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    """By file, line and column, each once; those without a place first. Equals keep their order."""
    return tuple(sorted(dict.fromkeys(diagnostics), key=_position))


def _position(diagnostic: Diagnostic) -> tuple[str, int, int]:
    at = diagnostic.at
    return (at.path, at.line, at.column) if at else ("", 0, 0)


def repository_prefix(root: Path, environment: Mapping[str, str]) -> str:
    """Where `root` lies in its git repository, ended by `/`; empty at its top.

    Outside of a repository the workspace of a GitHub job counts as one.
    """
    for folder in (root, *root.parents):
        if (folder / ".git").exists():
            return _below(root, folder)
    workspace = environment.get("GITHUB_WORKSPACE", "")
    if workspace and root.is_relative_to(workspace):
        return _below(root, Path(workspace))
    return ""


def _below(root: Path, top: Path) -> str:
    name = root.relative_to(top).as_posix()
    return "" if name == "." else f"{name}/"


def path_of(diagnostic: Diagnostic, report: Report) -> str:
    """The diagnostic's file, relative to the repository's top; the configuration where it has none.

    Empty when the file lies outside of the repository.
    """
    path = diagnostic.at.path if diagnostic.at else report.config
    name = printable(posixpath.normpath(report.prefix + path))
    return "" if name == ".." or name.startswith(("../", "/")) else name


def whole_message(diagnostic: Diagnostic) -> str:
    """Message and hint as lines, without control characters: both may hold what anybody wrote."""
    parts = (diagnostic.message, diagnostic.hint)
    return "\n".join(printable(part) for part in parts if part)


def iter_fingerprints(report: Report) -> Iterator[tuple[Diagnostic, str]]:
    """Each diagnostic with a name of its own: 32 hex digits.

    The name depends on the file, the code, the message and the text of the line, and on how many
    of the same come before it. So it stays when lines are added above.
    """
    seen: Counter[tuple[str, ...]] = Counter()
    for diagnostic in report.diagnostics:
        text = diagnostic.at.text if diagnostic.at else ""
        same = (diagnostic.code.id, path_of(diagnostic, report), diagnostic.message, text)
        state = hashlib.sha256()
        for part in (*same, str(seen[same])):
            data = part.encode("utf-8", "replace")
            state.update(len(data).to_bytes(8, "little") + data)
        seen[same] += 1
        yield diagnostic, state.hexdigest()[:32]
