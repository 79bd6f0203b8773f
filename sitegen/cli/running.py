"""How a verb written with click is run: its options in common, its complaints, its exit code.

A verb's module holds `command`, whose callback returns the exit code, and
`main(arguments)`, which is `run(command, "verb", arguments)`. What is wrong with the
arguments is said in one form by all verbs; problems are printed by `report`.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from sitegen.cli.words import unknown_option
from sitegen.stopping import stop_on_sigterm

if TYPE_CHECKING:  # --help needs none of it, nor does completion
    from sitegen.diagnostics import Diagnostic, Sink
    from sitegen.project import Project

CLEAN, PROBLEMS, USAGE, INTERRUPTED = 0, 1, 2, 130
"""Exit codes."""

_F = TypeVar("_F", bound=Callable[..., Any])


def verbosity(function: _F) -> _F:
    """Adds `--verbose` and `--quiet` to a command, which takes them as `verbose` and `quiet`."""
    quiet = click.option("-q", "--quiet", is_flag=True, help="Print problems only.")
    verbose = click.option("-v", "--verbose", is_flag=True, help="Print notes too.")
    return verbose(quiet(function))


_FOLDER = click.Path(path_type=Path, exists=True, file_okay=False)


def wiki_argument(function: _F) -> _F:
    """Adds FOLDER to a command, which takes it as `folder`; None when it is not given."""
    return click.argument("folder", type=_FOLDER, required=False)(function)


def wiki_option(function: _F) -> _F:
    """Adds `--wiki` to a command whose arguments are something else; None when it is not given."""
    says = "The wiki. [default: around the current folder]"
    return click.option("-C", "--wiki", metavar="DIR", type=_FOLDER, help=says)(function)


def jobs_option(function: _F) -> _F:
    """Adds `--jobs` to a command, which takes it as `jobs`; None: one a core."""
    says = "Processes to use. [default: one a core]"
    return click.option("-j", "--jobs", type=click.IntRange(1, 256), metavar="N", help=says)(
        function
    )


def no_cache_option(function: _F) -> _F:
    """Adds `--no-cache` to a command, which takes it as `no_cache`."""
    says = "Neither read nor write the cache."
    return click.option("--no-cache", is_flag=True, help=says)(function)


def check_base_url(base_url: str | None) -> None:
    """Raises UsageError for what is no address to publish at; none at all is one."""
    from sitegen.project import BASE_URL  # noqa: PLC0415  reason: see above

    if base_url and not re.fullmatch(BASE_URL, base_url):
        raise click.UsageError("--base-url: give an http:// or https:// address")


def examples(*lines: str, exits: str = "") -> str:
    """The end of a verb's help: lines to type, each as it is, and what the exit codes say.

    Give it as `epilog=examples(...)`.
    """
    parts = ["\b\nExamples:\n" + "\n".join(f"  {line}" for line in lines)] if lines else []
    parts += [f"Exit codes: {exits}."] if exits else []
    return "\n\n".join(parts)


class NoProject(click.ClickException):
    """There is no configuration, or none that can be used; the problems are the message."""

    def __init__(self, problems: tuple[Diagnostic, ...]) -> None:
        super().__init__("\n".join(problem.message for problem in problems))
        self.problems = problems
        # Nothing to work on is wrong usage; a file that is not TOML is a problem of that file.
        missing = any(problem.code.id == "G001" for problem in problems)
        self.status = USAGE if missing else PROBLEMS


def open_project(folder: Path | None, sink: Sink) -> Project:
    """The project in `folder`, else around it (the current folder when None). Raises `NoProject`."""
    start = (folder or Path()).resolve()
    from sitegen.project import find_root, read_project  # noqa: PLC0415  reason: see above

    project = read_project(find_root(start) or start, sink)
    if project is None:
        raise NoProject(sink.found())
    return project


def show(diagnostic: Diagnostic, *, err: bool = True) -> None:
    """Prints a problem, in colour on a terminal that takes it, unless NO_COLOR is set.

    In a job of GitHub no text of a problem is a command to the runner.
    """
    from sitegen.diagnostics import as_text  # noqa: PLC0415  reason: see above

    takes = os.environ.get("TERM", "dumb") != "dumb" and not os.environ.get("NO_COLOR")
    text = as_text(diagnostic, colour=takes)
    if os.environ.get("GITHUB_ACTIONS"):
        from sitegen.reporters.github import harmless  # noqa: PLC0415  reason: only there

        text = harmless(text)
    click.echo(text, err=err)  # which takes colours off for a file


def report(
    diagnostics: Iterable[Diagnostic], *, strict: bool = False, verbose: bool = False
) -> int:
    """Prints problems to stderr, notes only if `verbose`. Returns the exit code they amount to."""
    found = tuple(diagnostics)
    for diagnostic in found:
        if verbose or diagnostic.severity != "note":
            show(diagnostic)
    return exit_code(found, strict=strict)


def exit_code(diagnostics: Iterable[Diagnostic], *, strict: bool = False) -> int:
    """What problems amount to: errors count, and with `strict` warnings."""
    found = tuple(diagnostics)
    from sitegen.diagnostics import count  # noqa: PLC0415  reason: see above

    bad = count(found, "error") + (count(found, "warning") if strict else 0)
    return PROBLEMS if bad else CLEAN


def run(command: click.Command, verb: str, arguments: list[str]) -> int:
    """Runs `command` as `sitegen VERB`. Returns its exit code; 2 when the arguments make no sense."""
    command.context_settings.setdefault("help_option_names", ["-h", "--help"])
    stop_on_sigterm()
    try:
        # Not `command.main`, which takes Ctrl-C for an answer that was not given.
        with command.make_context(f"sitegen {verb}", [*arguments]) as context:
            return int(command.invoke(context) or CLEAN)
    except click.exceptions.Exit as done:  # as after --help
        return done.exit_code
    except NoProject as error:
        report(error.problems)
        return error.status
    except click.UsageError as error:
        usage = error.ctx.get_usage() if error.ctx else ""
        complain(verb, _message(error), usage)
        return error.exit_code
    except click.ClickException as error:
        complain(verb, error.format_message())
        return error.exit_code
    except click.Abort:  # no answer to a question
        return INTERRUPTED


def complain(verb: str, message: str, usage: str = "") -> None:
    """Says what is wrong with a command line, with its usage where that helps."""
    lines = [f"sitegen {verb}: {message}"]
    if usage:
        usage = usage[:1].lower() + usage[1:]
        lines += [usage, f"`sitegen {verb} --help` tells more"]
    sys.stderr.write("\n".join(lines) + "\n")


def _message(error: click.UsageError) -> str:
    """What click says, in the form of all other messages."""
    if isinstance(error, click.NoSuchOption):
        known = error.ctx.command.get_params(error.ctx) if error.ctx else ()
        return unknown_option(error.option_name, (name for one in known for name in one.opts))
    said = " ".join(error.format_message().split()).removesuffix(".")
    return said[:1].lower() + said[1:]
