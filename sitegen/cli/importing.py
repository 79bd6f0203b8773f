"""`sitegen import FILE`: a case of a syzbot bug, or of mails that report a crash."""

from pathlib import Path

import click

from sitegen.cli.new import tell
from sitegen.cli.running import (
    PROBLEMS,
    examples,
    no_cache_option,
    open_project,
    report,
    run,
    verbosity,
    wiki_option,
)
from sitegen.diagnostics import Sink


@click.command(
    epilog=examples(
        "sitegen import bug.json --log report.txt     # the bug's page with &json=1, and its report",
        "sitegen import thread.mbox.gz",
        exits="0 the case is made, 1 there were problems, 2 wrong usage",
    )
)
@click.option(
    "--log",
    metavar="LOG",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="The crash's log, which the JSON does not hold.",
)
@click.option("--slug", metavar="NAME", help="Name of the case's file. [default: from its title]")
@click.option("--title", metavar="TEXT", help="Title. [default: what the file says]")
@click.option("--kernel", metavar="RELEASE", help="Kernel of the log, where it does not say.")
@click.option("--date", metavar="DAY", help="When it happened, as YYYY-MM-DD.")
@no_cache_option
@wiki_option
@verbosity
@click.argument("file", type=click.Path(path_type=Path))
def command(
    *,
    log: Path | None,
    slug: str | None,
    title: str | None,
    kernel: str | None,
    date: str | None,
    no_cache: bool,
    wiki: Path | None,
    verbose: bool,
    quiet: bool,
    file: Path,
) -> int:
    """Make a case of FILE: a bug of a syzbot dashboard as JSON, a mail, or a thread of mails as mbox.

    Links, dates, reporters, commits and the timeline are taken over; the log is put into the
    case, and decoded where its kernel is at hand. Nothing is fetched, nothing overwritten.
    """
    from sitegen.authoring.finding import read_given  # noqa: PLC0415  reason: --help needs none of it
    from sitegen.authoring.importing import (  # noqa: PLC0415  reason: as above
        finish_import,
        plan_import,
        read_import,
        with_log,
    )
    from sitegen.authoring.new import Wanted, make  # noqa: PLC0415  reason: as above

    wanted = Wanted(slug=slug or "", title=title or "", kernel=kernel or "", day=date or "")
    if problem := wanted.problem():
        raise click.UsageError(problem)
    if file.is_dir():
        raise click.UsageError(f"'{file}' is a folder; give one file")
    sink = Sink()
    project = open_project(wiki, sink)
    found = read_given(str(file), file, sink)
    told = read_import(found, sink) if found else None
    if told is not None and log is not None:
        told = with_log(told, log, sink)
    plan = plan_import(project, told, wanted, sink) if told else None
    made = []
    if plan and told:
        made = make(project, [plan], sink, cache=not no_cache, finish=finish_import(told))
    code = report(sink.found(), verbose=verbose)
    if made and not quiet:
        tell(project, made)
        if told and told.log is None:
            where = f"; it is at {told.log_link}" if told.log_link else ""
            click.echo(f"the log is not in the export{where}")
    return code if made else PROBLEMS


def main(arguments: list[str]) -> int:
    """Parses `arguments` and runs the command; returns its exit code."""
    return run(command, "import", arguments)
