"""`sitegen build`: render the wiki."""

import re
import sys
from pathlib import Path

import click

from sitegen.diagnostics import Diagnostic, Sink, as_text, count
from sitegen.project import BASE_URL, find_root, read_project


@click.command()
@click.option("--locked", is_flag=True, help="Never decode; fail when a lock is missing or stale.")
@click.option("--relock", is_flag=True, help="Decode again wherever the kernel's image is at hand.")
@click.option("--strict", is_flag=True, help="Fail on warnings too, and publish nothing then.")
@click.option(
    "-o", "--output", type=click.Path(path_type=Path), help="Folder to write the site to."
)
@click.option("--base-url", metavar="URL", help="Address the site is published at.")
@click.option(
    "-j", "--jobs", type=click.IntRange(1, 256), help="Processes to use. [default: one a core]"
)
@click.option("--no-cache", is_flag=True, help="Neither read nor write the cache.")
@click.option("-v", "--verbose", is_flag=True, help="Print notes too.")
@click.option("-q", "--quiet", is_flag=True, help="Print problems only.")
@click.argument(
    "folder", type=click.Path(path_type=Path, exists=True, file_okay=False), required=False
)
def command(
    *,
    locked: bool,
    relock: bool,
    strict: bool,
    output: Path | None,
    base_url: str | None,
    jobs: int | None,
    no_cache: bool,
    verbose: bool,
    quiet: bool,
    folder: Path | None,
) -> int:
    """Render the wiki of the project in FOLDER (or around the current folder).

    Logs are decoded where their kernel's image is at hand, and what was found is kept in
    lock files beside the cases; where it is not, the lock is used. Only files that change
    are written. Exits 0 when all is well, 1 when there were errors (or, with --strict,
    warnings).
    """
    from sitegen.build.run import Options, build  # noqa: PLC0415  reason: --help needs none of it

    if locked and relock:
        raise click.UsageError("--locked and --relock exclude each other")
    if base_url and not re.fullmatch(BASE_URL, base_url):
        raise click.UsageError("--base-url: give an http:// or https:// address")
    sink = Sink()
    start = (folder or Path()).resolve()
    project = read_project(find_root(start) or start, sink)
    if project is None:
        return _report(sink.found(), strict=strict, verbose=verbose)
    outcome = build(
        project,
        Options(
            locked=locked,
            relock=relock,
            strict=strict,
            output=output and output.resolve(),
            base_url=base_url,
            jobs=jobs,
            cache=not no_cache,
        ),
        sink,
    )
    code = _report(sink.found(), strict=strict, verbose=verbose)
    if outcome and not quiet:
        click.echo(outcome.sentence())
    return code


def _report(diagnostics: tuple[Diagnostic, ...], *, strict: bool, verbose: bool) -> int:
    """Prints the problems, and notes if asked to; says by its exit code whether they matter."""
    for diagnostic in diagnostics:
        if diagnostic.severity == "note" and not verbose:
            continue
        click.echo(as_text(diagnostic), err=True)
    bad = count(diagnostics, "error") + (count(diagnostics, "warning") if strict else 0)
    return 1 if bad else 0


def main(arguments: list[str]) -> int:
    """Parses `arguments` and runs the command; returns its exit code."""
    try:
        return int(command.main(arguments, "sitegen build", standalone_mode=False) or 0)
    except click.ClickException as error:
        error.show(sys.stderr)
        return error.exit_code
    except click.Abort:
        return 130
