"""`sitegen init [DIR]`: a new wiki."""

import os
import sys
from pathlib import Path

import click

from sitegen.cli.running import PROBLEMS, check_base_url, examples, report, run
from sitegen.diagnostics import Sink

_TITLE = "Crash notes"


@click.command(
    epilog=examples(
        "sitegen init crashes",
        "sitegen init --title 'Crashes of the lamp team' --base-url https://crashes.example/",
        "sitegen init --ci github --yes",
        exits="0 the wiki is made, 1 something stands in its way, 2 wrong usage",
    )
)
@click.option("--title", metavar="TEXT", help=f"What the wiki is called. [default: {_TITLE}]")
@click.option("--base-url", metavar="URL", help="Address it will be published at.")
@click.option(
    "--ci",
    type=click.Choice(["github", "gitlab", "both", "none"]),
    default="both",
    show_default=True,
    help="Whose CI files to write.",
)
@click.option("-y", "--yes", is_flag=True, help="Ask nothing, take the defaults.")
@click.option("-q", "--quiet", is_flag=True, help="Print problems only.")
@click.argument(
    "folder", metavar="[DIR]", type=click.Path(path_type=Path, file_okay=False), default=Path()
)
def command(
    *, title: str | None, base_url: str | None, ci: str, yes: bool, quiet: bool, folder: Path
) -> int:
    """Make a new wiki in DIR (or the current folder): configuration, a worked example, CI files.

    On a terminal it asks for what was not given. DIR may hold other files, such as a git
    repository's; nothing is overwritten.
    """
    from sitegen.authoring.wiki import CI, LocalKernel, NewWiki, make_wiki  # noqa: PLC0415  reason: --help needs none of it
    from sitegen.cli.decode.places import find_installed  # noqa: PLC0415  reason: as above

    ask = not yes and sys.stdin.isatty() and sys.stdout.isatty()
    if title is None:
        title = click.prompt("Title of the wiki", default=_TITLE) if ask else _TITLE
    if base_url is None and ask:
        base_url = click.prompt(
            "Address it will be published at (may be empty)", default="", show_default=False
        )
    check_base_url(base_url)
    release = os.uname().release
    vmlinux = find_installed(release) if ask else ""
    wants = vmlinux and click.confirm(f"Decode logs of {release} with {vmlinux}?", default=True)
    sink = Sink()
    wanted = NewWiki(
        title=" ".join(title.split()) or _TITLE,
        base_url=base_url or "",
        kernel=LocalKernel(release, vmlinux) if wants else None,
        ci=CI if ci == "both" else tuple(one for one in CI if one == ci),
    )
    written = make_wiki(folder, wanted, sink)
    code = report(sink.found())
    if written is None:
        return code or PROBLEMS
    if not quiet:
        for path in (*(folder / name for name in written.files), *written.above):
            click.echo(f"  {os.path.relpath(path)}")
        if not written.ignored:
            click.echo(f"add /site/ to {folder / '.gitignore'}: what is built is not committed")
        if written.above:
            click.echo("the CI files are in the root of the repository, where they are looked for")
        for name in written.displaced:
            click.echo(
                f"the repository has a '{name}' already: join {folder / name} with it by hand"
            )
        if ci != "none":
            click.echo("say in the CI files, under SITEGEN, what pip is to install")
        there = "" if folder == Path() else f"cd {folder} && "
        click.echo(f"next: {there}sitegen build; then open site/index.html")
        click.echo("      sitegen new panic.log makes a case of your own")
    return code


def main(arguments: list[str]) -> int:
    """Parses `arguments` and runs the command; returns its exit code."""
    return run(command, "init", arguments)
