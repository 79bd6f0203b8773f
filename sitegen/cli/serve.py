"""`sitegen serve`: the wiki in a browser while it is written."""

from pathlib import Path

import click

from sitegen.cli.running import examples, open_project, run, verbosity, wiki_argument
from sitegen.diagnostics import Sink
from sitegen.wording import reason_of


@click.command(
    epilog=examples(
        "sitegen serve",
        "sitegen serve wiki --open --navigate",
        "sitegen serve --port 9000",
        exits="0 it was told to end (Ctrl-C), 1 there is no port, 2 wrong usage",
    )
)
@click.option("--host", default="127.0.0.1", help="Address of this machine. [default: 127.0.0.1]")
@click.option(
    "-p",
    "--port",
    type=click.IntRange(1, 65535),
    help="Port; the next free one where it is taken. [default: 8140]",
)
@click.option("-n", "--navigate", is_flag=True, help="Go to the page that was just edited.")
@click.option("--open", "show", is_flag=True, help="Open the browser.")
@click.option("--locked", is_flag=True, help="Never decode.")
@verbosity
@wiki_argument
def command(
    *,
    host: str,
    port: int | None,
    navigate: bool,
    show: bool,
    locked: bool,
    verbose: bool,
    quiet: bool,
    folder: Path | None,
) -> int:
    """Show the wiki of the project in FOLDER (or around the current folder) while it is written.

    It is built on every save, and the page in the browser is loaded anew where it was. Problems
    are shown over the last good page, with their place. Drafts are shown, and marked. The site is
    built into a folder of its own, and only this machine can see it.
    """
    from sitegen.build.run import Options  # noqa: PLC0415  reason: --help needs none of it
    from sitegen.serve.addresses import PORT, bind, is_loopback  # noqa: PLC0415  reason: as above
    from sitegen.serve.run import Wishes, serve  # noqa: PLC0415  reason: as above

    if not is_loopback(host):
        raise click.UsageError(
            f"--host: '{host}' is no address of this machine alone; give 127.0.0.1 or ::1"
        )
    host = "127.0.0.1" if host == "localhost" else host
    project = open_project(folder, Sink())
    try:
        listening = bind(host, port or PORT)
    except OSError as error:
        raise click.ClickException(f"{host}: {reason_of(error)}") from error
    if listening is None:
        raise click.ClickException(f"no port is free from {port or PORT} on; give another --port")
    serve(
        project,
        listening,
        host=host,
        options=Options(locked=locked),
        wishes=Wishes(navigate=navigate, open=show, verbose=verbose, quiet=quiet),
        say=lambda text: click.echo(text, err=True),
    )
    return 0


def main(arguments: list[str]) -> int:
    """Parses `arguments` and runs the command; returns its exit code."""
    return run(command, "serve", arguments)
