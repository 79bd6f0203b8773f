"""`sitegen new LOG...`: a case for each crash in logs, decoded, with what is left to write."""

from __future__ import annotations

import shlex
import sys
from pathlib import Path

import click

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
from sitegen.terminal import Line
from sitegen.wording import printable

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from sitegen.authoring.adding import Addition
    from sitegen.authoring.make import Made
    from sitegen.authoring.plan import Plan
    from sitegen.authoring.sources import Found
    from sitegen.project import Project


@click.command(
    epilog=examples(
        "sitegen new panic.log",
        "dmesg | sitegen new - --title 'The lamp that would not light'",
        "sitegen new /var/crash --dry-run         # what is in there, and what would be made",
        "sitegen new --from-dmesg",
        exits="0 the cases are made, 1 there were problems, 2 wrong usage",
    )
)
@click.option("--slug", metavar="NAME", help="Name of the case's file. [default: from its title]")
@click.option("--title", metavar="TEXT", help="Title. [default: what the log says]")
@click.option("--kernel", metavar="RELEASE", help="Kernel of the logs, where they do not say.")
@click.option("--date", metavar="DAY", help="When it happened, as YYYY-MM-DD.")
@click.option("--together", is_flag=True, help="Make one case of all logs, though they differ.")
@click.option("--add", is_flag=True, help="Add new logs of known crashes to their cases.")
@click.option("--from-dmesg", is_flag=True, help="Read the log of this machine.")
@click.option("--dry-run", is_flag=True, help="Say what would be made, and make nothing.")
@no_cache_option
@wiki_option
@verbosity
@click.argument("logs", nargs=-1, metavar="[LOG|FOLDER|-]...")
def command(
    *,
    slug: str | None,
    title: str | None,
    kernel: str | None,
    date: str | None,
    together: bool,
    add: bool,
    from_dmesg: bool,
    dry_run: bool,
    no_cache: bool,
    wiki: Path | None,
    verbose: bool,
    quiet: bool,
    logs: tuple[str, ...],
) -> int:
    """Make a case of each crash in the LOGs: files, folders such as /var/crash, or - for standard input.

    Logs of one crash become one case. Its title, kernel, date and tags are filled in from the
    log, which is decoded where the kernel's image is at hand; the case holds a section for each
    thing that a postmortem tells, and a line that begins with TODO: for what is left to write.
    Nothing is overwritten. Of a crash that the wiki has a case of, no other case is made unless
    you name it with --slug: what to add to that case is told, or added with --add.
    """
    from sitegen.authoring.adding import add as write_addition  # noqa: PLC0415  reason: --help needs none of it
    from sitegen.authoring.new import Wanted, make, plan  # noqa: PLC0415  reason: as above

    wanted = Wanted(
        slug=slug or "",
        title=title or "",
        kernel=kernel or "",
        day=date or "",
        together=together,
    )
    if problem := wanted.problem():
        raise click.UsageError(problem)
    if not logs and not from_dmesg:
        raise click.UsageError("no log given; name a file or a folder, or - for standard input")
    sink = Sink()
    project = open_project(wiki, sink)
    found = _find(logs, sink, from_dmesg=from_dmesg)
    sweep = any(Path(name).is_dir() for name in logs)
    planned = plan(project, found, wanted, sink, near=from_dmesg, sweep=sweep, cache=not no_cache)
    if isinstance(planned, str):
        raise click.UsageError(planned)
    plans = planned.cases
    # What is left out of what was given is no detail.
    code = report(sink.found(), verbose=verbose or not quiet)
    if dry_run:
        for one in plans:
            click.echo(
                f"{project.relative(project.content)}/cases/{one.slug}: {printable(one.title)}"
            )
            for log in one.seen:
                day = f", {log.day}" if log.day else ""
                click.echo(f"  {printable(log.found.name)}{day}")
        if not quiet:
            _say_additions(project, planned.additions)
        return code if any(planned) else PROBLEMS
    sink = Sink()
    with Line(quiet=quiet) as line:
        line.show("decoding")
        made = make(project, plans, sink, cache=not no_cache)
    added = [one for one in planned.additions if add and write_addition(project, one, sink)]
    code = max(code, report(sink.found(), verbose=verbose))
    if not quiet:
        tell(project, made)
        for addition in added:
            click.echo(
                f"{_shown(project.root / addition.case)}: '{printable(addition.name)}' added as {addition.log.file}"
            )
        if added:
            click.echo("next: sitegen build decodes what was added")
        _say_additions(project, [one for one in planned.additions if one not in added])
    return code if made or planned.additions or planned.known else PROBLEMS


def _find(names: tuple[str, ...], sink: Sink, *, from_dmesg: bool) -> list[Found]:
    """The logs that the command line names."""
    from sitegen.authoring.finding import find_logs  # noqa: PLC0415  reason: as above
    from sitegen.authoring.sources import read_machine, read_stream  # noqa: PLC0415  reason: as above

    found = []
    if from_dmesg:
        found += find_logs("this machine's log", read_machine(), sink)
    for name in dict.fromkeys(names):
        if name == "-" and sys.stdin is None:
            raise click.UsageError("standard input is closed")
        if name == "-":
            found += find_logs("standard input", read_stream(sys.stdin.buffer), sink)
        else:
            found += find_logs(name, Path(name), sink)
    return found


def _say_additions(project: Project, additions: Sequence[Addition]) -> None:
    """What the author is to do with new logs of known crashes."""
    for one in additions:
        case = project.root / one.case
        click.echo(f"{_shown(case)}: has no '{printable(one.name)}', a log of the same crash")
        beside = shlex.quote(_shown(case.parent / one.log.file))
        click.echo(f"  copy it to {beside}, and put below the other logs:")
        for line in one.block.split("\n"):
            click.echo(f"    {line}")
    if additions:
        click.echo("  --add does this; --slug makes another case of one")


def tell(project: Project, made: list[tuple[Plan, Made]]) -> None:
    """What was made, and what comes next."""
    from sitegen.authoring.told import describe  # noqa: PLC0415  reason: as above
    from sitegen.cli.decode.places import find_installed  # noqa: PLC0415  reason: as above

    for plan, one in made:
        path = _shown(project.root / one.file)
        click.echo(f"{path}: {printable(plan.title)}")
        for line in describe(plan, one, find_installed):
            click.echo(f"  {printable(line)}")
    if made:
        path = _shown(project.root / made[0][1].file)
        where = path if len(made) == 1 else "the cases"
        click.echo(f"next: write what TODO: asks for in {where}; sitegen serve shows it meanwhile")


def _shown(path: Path) -> str:
    """`path` as a shell in the current folder names it."""
    try:
        return str(path.relative_to(Path.cwd()))
    except ValueError:
        return str(path)


def main(arguments: list[str]) -> int:
    """Parses `arguments` and runs the command; returns its exit code."""
    return run(command, "new", arguments)
