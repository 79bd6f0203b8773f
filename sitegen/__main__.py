"""The `sitegen` command: finds the verb, imports its module alone, hands it the arguments.

No argument parser here: `sitegen decode` answers from its cache in less time
than importing one takes.
"""

from __future__ import annotations

import errno
import os
import sys
from io import TextIOWrapper

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import ModuleType

VERBS = {
    "init": "make a new wiki",
    "new": "make a case of a log",
    "import": "make a case of a syzbot bug or a mail",
    "build": "render the wiki",
    "serve": "show the wiki in a browser while it is written",
    "check": "tell everything that is wrong with the wiki",
    "decode": "decode a log from standard input; drop-in for decode_stacktrace.sh",
    "match": "find the cases that a log is like",
    "parse": "print a log as JSON",
    "explain": "explain a diagnostic code",
    "completion": "print a script that completes commands in a shell",
    "schema": "print the JSON Schema of configuration or front matter",
}
_MODULES = {"import": "importing"}
"""Of verbs that Python does not let a module be called."""

_UNWRITABLE = {errno.EBADF, errno.EDQUOT, errno.EFBIG, errno.EIO, errno.ENOSPC}


def main() -> int:
    """Runs the verb named on the command line. Returns 0 clean, 1 problems, 2 usage.

    A reader that goes away and Ctrl-C end it quietly, as a shell expects.
    """
    try:
        # Names and logs hold what a terminal may not be able to show.
        if isinstance(sys.stdout, TextIOWrapper):
            sys.stdout.reconfigure(errors="backslashreplace")
        code = _main(sys.argv[1:])
        if sys.stdout is not None:  # as `>&-` leaves it
            sys.stdout.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 141
    except OSError as error:
        if error.filename is not None or error.errno not in _UNWRITABLE:
            raise
        # Standard output: a full disk, a terminal that went away.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        from sitegen.wording import reason_of  # noqa: PLC0415  reason: only here

        print(f"sitegen: standard output: {reason_of(error)}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        import signal  # noqa: PLC0415  reason: only here

        signal.signal(signal.SIGINT, signal.SIG_IGN)  # all is done: the next one is too late
        if sys.stderr is not None and sys.stderr.isatty():
            sys.stderr.write("\n")  # after the `^C` that the terminal shows
        return 130
    return code


def _main(arguments: list[str]) -> int:
    if "_SITEGEN_COMPLETE" in os.environ:
        from sitegen.cli.completion import complete  # noqa: PLC0415  reason: a shell asks

        return complete(VERBS, _load)
    match arguments:
        case [] | ["help"] | ["-h"] | ["--help"]:
            print(_usage(), file=sys.stdout if arguments else sys.stderr)
            return 0 if arguments else 2
        case ["--version"] | ["-V"]:
            return _version()
        case [verb, "--version"] if verb in VERBS:
            return _version()
        case ["help", verb] if verb in VERBS:
            return _run(verb, ["--help"])
        case [verb, *rest] if verb in VERBS:
            return _run(verb, rest)
    verb = arguments[arguments[0] == "help"]
    if verb.startswith("-"):
        from sitegen.cli.words import unknown_option  # noqa: PLC0415  reason: only this complaint needs it

        said = unknown_option(verb, ["--help", "--version"])
        print(f"sitegen: {said}\n`sitegen --help` tells more", file=sys.stderr)
        return 2
    from sitegen.diagnostics import nearest_hint  # noqa: PLC0415  reason: only this complaint needs it

    known = nearest_hint(verb, VERBS)
    print(f"sitegen: unknown command '{verb}'; {known}", file=sys.stderr)
    return 2


def _version() -> int:
    from sitegen import __version__  # noqa: PLC0415  reason: only this option needs it

    print(f"sitegen {__version__}")
    return 0


def _run(verb: str, arguments: list[str]) -> int:
    code: int = _load(verb).main(arguments)
    return code


def _load(verb: str) -> ModuleType:
    from importlib import import_module  # noqa: PLC0415  reason: import per verb

    return import_module(f"sitegen.cli.{_MODULES.get(verb, verb)}")


def _usage() -> str:
    width = max(map(len, VERBS))
    lines = [f"  {verb:<{width}}  {text}" for verb, text in VERBS.items()]
    return "\n".join(
        [
            "usage: sitegen COMMAND ...",
            "",
            "A static site generator for kernel-crash writeups.",
            "",
            *lines,
            "",
            "`sitegen COMMAND --help` tells more. Exit codes: 0 clean, 1 problems, 2 usage.",
        ]
    )


if __name__ == "__main__":
    sys.exit(main())
