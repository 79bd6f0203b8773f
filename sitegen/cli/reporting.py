"""The option `--format` of the commands that find problems, and what it does."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from sitegen.cli.running import exit_code, report, show

if TYPE_CHECKING:
    from sitegen.diagnostics import Diagnostic
    from sitegen.project import Project
    from sitegen.reporters import Report

_F = TypeVar("_F", bound=Callable[..., Any])

FORMATS = ("text", "json", "github", "gitlab", "sarif")
"""Text, and those of `reporters.FORMATS`, which need not be imported for `--help`."""


def format_option(function: _F) -> _F:
    """Adds `--format` to a command, which takes it as `form`."""
    return click.option(
        "--format",
        "form",
        type=click.Choice(FORMATS),
        default="text",
        help="How to tell problems; all but text go to standard output. [default: text]",
    )(function)


def tell(
    diagnostics: tuple[Diagnostic, ...],
    *,
    form: str,
    project: Project,
    strict: bool = False,
    verbose: bool = False,
    on_stdout: bool = False,
) -> int:
    """Prints problems in a form, and returns the exit code they amount to.

    Text goes to stderr unless `on_stdout`, and has notes only if `verbose`; machines get them all.
    """
    if form == "text" and on_stdout:
        for diagnostic in diagnostics:
            if verbose or diagnostic.severity != "note":
                show(diagnostic, err=False)
        return exit_code(diagnostics, strict=strict)
    if form == "text":
        return report(diagnostics, strict=strict, verbose=verbose)
    from sitegen.reporters import FORMATS as FORMS  # noqa: PLC0415  reason: text needs none of it
    from sitegen.reporters import Report, repository_prefix  # noqa: PLC0415  reason: as above

    prefix = repository_prefix(project.root, os.environ)
    told = Report(diagnostics, prefix, project.config)
    click.echo(FORMS[form](told), nl=False)
    if form == "github":
        _summarise(told)
    return exit_code(diagnostics, strict=strict)


def _summarise(told: Report) -> None:
    """Adds to the summary of the GitHub job that this runs in, if it runs in one."""
    from sitegen.reporters import step_summary  # noqa: PLC0415  reason: as above

    name = os.environ.get("GITHUB_STEP_SUMMARY", "")
    if not name:
        return
    try:
        with Path(name).open("a", encoding="utf-8", errors="replace") as file:
            file.write(step_summary(told))
    except (OSError, ValueError):  # the annotations are there all the same
        return
