"""`sitegen completion SHELL`: a script that completes what is typed after `sitegen`.

The script asks `sitegen` itself, with the line in the environment (the protocol is click's):
verbs in click answer for themselves, for the others their table of options does. What is not in
the command line, such as the kernels of a wiki, is looked up when it is asked for.
"""

import os
import re
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from types import ModuleType
from typing import Any

import click
from click.shell_completion import CompletionItem, get_completion_class, shell_complete

from sitegen.cli.words import HELP, Option, UsageError, Words

VARIABLE = "_SITEGEN_COMPLETE"
"""In whose presence `sitegen` completes; `__main__` looks for it."""

SHELLS = {
    "bash": ('eval "$(sitegen completion bash)"', "~/.bashrc"),
    "zsh": ('eval "$(sitegen completion zsh)"', "~/.zshrc, below compinit"),
    "fish": ("sitegen completion fish | source", "~/.config/fish/config.fish"),
}
"""The line that installs it, and where that goes."""

WORDS = Words(
    "completion",
    usage=("bash|zsh|fish",),
    about="Print a script that completes commands, options and their values in a shell.",
    places=tuple((shell, f"{line:<33} in {where}") for shell, (line, where) in SHELLS.items()),
    options=(HELP,),
    exits="0 printed, 2 wrong usage",
    takes=tuple(SHELLS),
)


def main(arguments: list[str]) -> int:
    """Prints the script for the shell named. Returns 2 when none is."""
    try:
        flags, _, words = WORDS.read(arguments)
        shell = "" if flags else _shell(words)
    except UsageError as error:
        sys.stderr.write(WORDS.complain(error))
        return 2
    found = get_completion_class(shell)
    if found is None:
        print(WORDS.help(), end="")
        return 0
    script = found(click.Command("sitegen"), {}, "sitegen", VARIABLE)
    # Not `source()`, which starts a shell to ask for its version.
    print(script.source_template % script.source_vars())
    return 0


def _shell(words: list[str]) -> str:
    if len(words) != 1:
        raise UsageError(f"name a shell: {', '.join(SHELLS)}")
    if words[0] not in SHELLS:
        raise UsageError(f"unknown shell '{words[0]}'; known are: {', '.join(SHELLS)}")
    return words[0]


# --- Answering ---------------------------------------------------------------------------------


def complete(verbs: Mapping[str, str], load: Callable[[str], ModuleType]) -> int:
    """Answers the script: prints what may stand at the cursor of the line in the environment."""
    return shell_complete(_Verbs(verbs, load), {}, "sitegen", VARIABLE, os.environ[VARIABLE])


class _Verbs(click.Group):
    """`sitegen` as click knows commands. Imports the module of a verb when that is typed."""

    def __init__(self, verbs: Mapping[str, str], load: Callable[[str], ModuleType]) -> None:
        version = click.Option(["-V", "--version"], is_flag=True, help="print the version")
        super().__init__("sitegen", params=[version], context_settings=_NAMES)
        self._verbs = {**verbs, "help": "show the help of a command"}
        self._load = load

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002  reason: click's form
        if cmd_name == "help":
            several = click.Choice([verb for verb in self._verbs if verb != "help"])
            return click.Command("help", params=[click.Argument(["verb"], type=several)])
        if cmd_name not in self._verbs:
            return None
        module = self._load(cmd_name)
        command = getattr(module, "command", None)
        if isinstance(command, click.Command):
            command.context_settings.setdefault("help_option_names", _NAMES["help_option_names"])
            _teach(command)
            return command
        words = getattr(module, "WORDS", None)
        return _command(words) if isinstance(words, Words) else None

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        if incomplete.startswith("-"):
            return click.Command.shell_complete(self, ctx, incomplete)
        return [
            CompletionItem(verb, help=says)
            for verb, says in self._verbs.items()
            if verb.startswith(incomplete)
        ]


_NAMES = {"help_option_names": ["-h", "--help"]}


def _teach(command: click.Command) -> None:
    """Lets the values be looked up of options that are called after what can be."""
    for param in command.params:
        if param.name in LOOKUPS and param.type is click.STRING:
            param.type = _Looked(param.name)


def _command(words: Words) -> click.Command:
    """The command of a verb that has a table of options."""
    params: list[click.Parameter] = [
        _option(option) for option in words.options if option is not HELP
    ]
    if words.takes:
        params.append(click.Argument(["words"], nargs=-1, type=_taking(words.takes)))
    return click.Command(words.verb, params=params, context_settings=_NAMES)


def _option(option: Option) -> click.Option:
    says = option.says.partition("\n")[0]
    names = [*option.names, option.key.replace("-", "_")]
    if not option.value:
        return click.Option(names, is_flag=True, help=says)
    return click.Option(names, type=_taking(option.takes), help=says)


def _taking(takes: str | tuple[str, ...]) -> "click.ParamType[Any]":
    if isinstance(takes, tuple):
        return click.Choice(takes)
    if takes in LOOKUPS:
        return _Looked(takes)
    if takes in {"file", "folder"}:
        return click.Path(file_okay=takes == "file")
    return click.STRING


# --- What is looked up -------------------------------------------------------------------------


# A shell puts what it is offered into the line as it is: `$(...)` in the name of a file would be
# run by whoever then presses Enter, and `*` be replaced.
_PLAIN = re.compile(r"[^\W_][\w.+-]*")


class _Looked(click.types.StringParamType):
    """A value that is one of `LOOKUPS`, or anything else."""

    def __init__(self, name: str) -> None:
        self._look = LOOKUPS[name]

    def shell_complete(
        self,
        ctx: click.Context,  # noqa: ARG002  reason: click's form
        param: click.Parameter,  # noqa: ARG002  reason: click's form
        incomplete: str,
    ) -> list[CompletionItem]:
        try:
            words = sorted(set(self._look()))
        except OSError:
            return []
        return [
            CompletionItem(word)
            for word in words
            if word.startswith(incomplete) and _PLAIN.fullmatch(word)
        ]


def _codes() -> Iterator[str]:
    from sitegen.codes import every_code  # noqa: PLC0415  reason: other completions need none

    yield from every_code()


def _cases() -> Iterator[str]:
    """Slugs of the wiki around the current folder, by the names of files alone."""
    from sitegen.diagnostics import Sink  # noqa: PLC0415  reason: other completions need none
    from sitegen.project import find_root, read_project  # noqa: PLC0415  reason: as above

    root = find_root(Path.cwd())
    project = read_project(root, Sink()) if root else None
    folder = project.content / "cases" if project else None
    for path in folder.iterdir() if folder and folder.is_dir() else ():
        if path.name.startswith(("_", ".")):
            continue
        if path.suffix == ".md":
            yield path.stem
        elif (path / "index.md").is_file():
            yield path.name


def _releases() -> Iterator[str]:
    """Of the kernels that the wiki around the current folder configures, and of those installed."""
    from sitegen.diagnostics import Sink  # noqa: PLC0415  reason: other completions need none
    from sitegen.project import find_root, read_project  # noqa: PLC0415  reason: as above

    root = find_root(Path.cwd())
    project = read_project(root, Sink()) if root else None
    yield from (kernel.release for kernel in project.kernels if kernel.release) if project else ()
    for folder in (Path("/lib/modules"), Path("/usr/lib/debug/lib/modules")):
        if folder.is_dir():
            yield from (path.name for path in folder.iterdir())


LOOKUPS: Mapping[str, Callable[[], Iterator[str]]] = {
    "case": _cases,
    "code": _codes,
    "kernel": _releases,
    "release": _releases,
    "slug": _cases,
}
"""What a value may be, by what it is called."""
