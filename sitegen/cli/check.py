"""`sitegen check`: everything that is to be said of a wiki, without writing anything of it."""

from pathlib import Path

import click

from sitegen.cli.reporting import format_option, tell
from sitegen.cli.running import (
    examples,
    jobs_option,
    no_cache_option,
    open_project,
    run,
    verbosity,
    wiki_argument,
)
from sitegen.diagnostics import Sink
from sitegen.terminal import Line


@click.command(
    epilog=examples(
        "sitegen check",
        "sitegen check --strict --format github     # annotations on a pull request",
        "sitegen check --format sarif > sitegen.sarif",
        exits="0 all is well, 1 there were errors (with --strict, or warnings), 2 wrong usage",
    )
)
@click.option("--strict", is_flag=True, help="Fail on warnings too.")
@click.option("--external", is_flag=True, help="Ask for every address outside of the wiki, too.")
@jobs_option
@no_cache_option
@format_option
@verbosity
@wiki_argument
def command(
    *,
    strict: bool,
    external: bool,
    jobs: int | None,
    no_cache: bool,
    form: str,
    verbose: bool,
    quiet: bool,
    folder: Path | None,
) -> int:
    """Check the wiki of the project in FOLDER (or around the current folder).

    Tells everything that a build with --locked tells, and more: what a lock says against the
    kernel's image and source where they are at hand, commits against its git repository,
    skeletons that nobody filled in, cases that contradict themselves or each other. Writes
    nothing of the project, and asks nothing of the network unless told to.
    """
    from sitegen.check.run import check  # noqa: PLC0415  reason: --help needs none of it
    from sitegen.reporters import in_order, sum_up  # noqa: PLC0415  reason: as above

    sink = Sink()
    project = open_project(folder, sink)
    with Line(quiet=quiet) as line:
        checked = check(
            project,
            sink,
            jobs=jobs,
            cache=not no_cache,
            external=external,
            progress=line.tell,
        )
    found = in_order(sink)
    code = tell(found, form=form, project=project, strict=strict, verbose=verbose, on_stdout=True)
    if not quiet:
        shown = tuple(one for one in found if verbose or one.severity != "note")
        looked = f"{checked.sentence()}: " if checked else ""
        click.echo(f"{looked}{sum_up(shown)}", err=form != "text")
    return code


def main(arguments: list[str]) -> int:
    """Parses `arguments` and runs the command; returns its exit code."""
    return run(command, "check", arguments)
