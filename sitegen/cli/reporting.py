"""What the commands that find problems have in common: the forms they tell them in, the exit code."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from sitegen.diagnostics import Diagnostic, as_text, count

FORMATS = ("text", "json", "github", "gitlab", "sarif")
"""As `reporters.FORMATS` has them, which need not be imported for `--help`."""

if TYPE_CHECKING:
    from sitegen.reporters import Report

_Command = TypeVar("_Command", bound=Callable[..., Any])


def format_option(command: _Command) -> _Command:
    """The option `--format`, the same wherever it is taken."""
    return click.option(
        "--format",
        "form",
        type=click.Choice(FORMATS),
        default="text",
        help="How to tell problems; all but text go to standard output. [default: text]",
    )(command)


def report(
    diagnostics: tuple[Diagnostic, ...],
    *,
    form: str,
    root: Path,
    strict: bool,
    verbose: bool,
    to_stderr: bool = False,
) -> int:
    """Prints the problems in a form. Returns 1 when there are errors, or with `strict` warnings; else 0.

    Notes are told where asked for, and to machines. `root` is the project's.
    """
    if form == "text":
        for diagnostic in diagnostics:
            if diagnostic.severity != "note" or verbose:
                click.echo(as_text(diagnostic), err=to_stderr)
    else:
        from sitegen.reporters import FORMATS as FORMS  # noqa: PLC0415  reason: text needs none of it
        from sitegen.reporters import Report, repository_prefix  # noqa: PLC0415  reason: as above

        told = Report(diagnostics, repository_prefix(root, os.environ))
        click.echo(FORMS[form](told), nl=False)
        if form == "github":
            _summarise(told)
    return exit_code(diagnostics, strict=strict)


def exit_code(diagnostics: tuple[Diagnostic, ...], *, strict: bool) -> int:
    """1 when there are errors, or with `strict` warnings; else 0."""
    bad = count(diagnostics, "error") + (count(diagnostics, "warning") if strict else 0)
    return 1 if bad else 0


def _summarise(told: "Report") -> None:
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
