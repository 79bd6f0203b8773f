"""`sitegen build`: render the wiki."""

from pathlib import Path

import click

from sitegen.cli.reporting import format_option, tell
from sitegen.cli.running import (
    check_base_url,
    examples,
    jobs_option,
    no_cache_option,
    open_project,
    run,
    verbosity,
    wiki_argument,
)
from sitegen.terminal import Line


@click.command(
    epilog=examples(
        "sitegen build",
        "sitegen build wiki --strict --base-url https://crashes.example/",
        "sitegen build --locked --output public     # where no kernel is at hand, as in CI",
        exits="0 all is well, 1 there were errors (with --strict, or warnings), 2 wrong usage or no "
        "wiki, 130 stopped: the site is as it was",
    )
)
@click.option("--locked", is_flag=True, help="Never decode; fail when a lock is missing or stale.")
@click.option("--relock", is_flag=True, help="Decode again wherever the kernel's image is at hand.")
@click.option("--strict", is_flag=True, help="Fail on warnings too, and publish nothing then.")
@click.option(
    "-o", "--output", type=click.Path(path_type=Path), help="Folder to write the site to."
)
@click.option("--base-url", metavar="URL", help="Address the site is published at.")
@jobs_option
@no_cache_option
@format_option
@verbosity
@wiki_argument
def command(
    *,
    locked: bool,
    relock: bool,
    strict: bool,
    output: Path | None,
    base_url: str | None,
    jobs: int | None,
    no_cache: bool,
    form: str,
    verbose: bool,
    quiet: bool,
    folder: Path | None,
) -> int:
    """Render the wiki of the project in FOLDER (or around the current folder).

    Logs are decoded where their kernel's image is at hand, and what was found is kept in
    lock files beside the cases; where it is not, the lock is used. Only files that change
    are written.
    """
    from sitegen.build.run import Options, build  # noqa: PLC0415  reason: --help needs none of it
    from sitegen.diagnostics import Sink  # noqa: PLC0415  reason: as above

    if locked and relock:
        raise click.UsageError("--locked and --relock exclude each other")
    check_base_url(base_url)
    sink = Sink()
    project = open_project(folder, sink)
    with Line(quiet=quiet) as line:
        options = Options(
            locked=locked,
            relock=relock,
            strict=strict,
            output=output and output.resolve(),
            base_url=base_url,
            jobs=jobs,
            cache=not no_cache,
            progress=line.tell,
        )
        outcome = build(project, options, sink)
    code = tell(sink.found(), form=form, project=project, strict=strict, verbose=verbose)
    if outcome and not quiet:
        click.echo(outcome.sentence(verbose=verbose), err=form != "text")
    return code


def main(arguments: list[str]) -> int:
    """Parses `arguments` and runs the command; returns its exit code."""
    return run(command, "build", arguments)
