"""`sitegen decode`: a log on stdin, decoded on stdout. The words of the kernel's own script.

The evidence, the diagnostics and the readers are imported when they are needed: a decode that the
cache answers is done before an argument parser is loaded.
"""

from __future__ import annotations

import os
import sys

from sitegen.cli.decode.arguments import WORDS, Arguments
from sitegen.cli.words import UsageError


def main(argv: list[str]) -> int:
    """Decode stdin; 0 when all went well, 1 when the image is of no use, 2 for wrong usage."""
    try:
        arguments = Arguments(argv)
    except UsageError as error:
        sys.stderr.write(WORDS.complain(error))
        return 2
    if "help" in arguments.flags:
        sys.stdout.write(WORDS.help())
        return 0
    for name, stream in (("standard input", sys.stdin), ("standard output", sys.stdout)):
        if stream is None:  # as `<&-` and `>&-` leave it
            from sitegen.cli.decode.complaints import about_stream  # noqa: PLC0415  reason: only a complaint pays for it

            about_stream(name, "is closed")
            return 1
    from sitegen.crash.symbols.values import ImageError  # noqa: PLC0415  reason: usage needs no reader

    try:
        if "json" in arguments.flags:
            from sitegen.cli.decode.evidence import run  # noqa: PLC0415  reason: ten times what text needs
        else:
            from sitegen.cli.decode.text import run  # noqa: PLC0415  reason: --help needs no reader
        status = run(arguments)
        sys.stdout.flush()
    except ImageError as error:
        from sitegen.cli.decode.complaints import about_image  # noqa: PLC0415  reason: only a complaint pays for it

        about_image(error, arguments.vmlinux)
        return 1
    except BrokenPipeError:
        # The reader went away, as `| head` does; Python must not complain at exit either.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except OSError as error:
        from sitegen.cli.decode.complaints import about_stream  # noqa: PLC0415  reason: only a complaint pays for it
        from sitegen.wording import reason_of  # noqa: PLC0415  reason: as above

        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        about_stream("standard output", reason_of(error))
        return 1
    except KeyboardInterrupt:
        return 130
    return status
