"""`sitegen parse [FILE|-]`: a log as JSON. `sitegen parse --jsonl DIR`: one line a log, many logs."""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from sitegen.cli.words import HELP, Option, UsageError, Words
from sitegen.wording import printable, reason_of

TYPE_CHECKING = False
if TYPE_CHECKING:  # imported when something is parsed
    from sitegen.model import CrashLog

LARGEST = 64 * 1024 * 1024
"bytes of a log that are read"
_HEAD = 4096
_TEXT = bytes([*b"\t\n\r\x1b", *range(0x20, 0x7F)])
_MAGIC = (
    b"\x7fELF",
    b"\x1f\x8b",
    b"BZh",
    b"\xfd7zXZ",
    b"\x28\xb5\x2f\xfd",
    b"PK\3\4",
    b"\x89PNG",
    b"%PDF",
)
"""How files begin that are text in no part: ELF, gzip, bzip2, xz, zstd, zip, PNG, PDF."""

WORDS = Words(
    "parse",
    usage=("[FILE|-]", "--jsonl DIR"),
    about="Print a crash log as JSON, with what its words mean and the instructions of `Code:` lines.",
    places=(("FILE", "the log; standard input when it is - or left out"),),
    options=(
        Option(
            ("--jsonl",),
            "parse each log below DIR, and print one JSON object a line: its first\n"
            "crash under the names that syzkaller's tests use",
            value="DIR",
            takes="folder",
        ),
        Option(("-q", "--quiet"), "say nothing of files that are no text and left out"),
        HELP,
    ),
    examples=(
        "sitegen parse panic.log",
        "dmesg | sitegen parse | jq '.reports[].title'",
        "sitegen parse --jsonl /var/crash > crashes.jsonl",
    ),
    exits="0 parsed, 1 something could not be read or written, 2 wrong usage",
    takes="file",
)


def main(argv: list[str]) -> int:
    """Prints what `argv` names. Returns 0; 1 when something could not be read, 2 for wrong usage."""
    try:
        flags, values, words = WORDS.read(argv)
        if "help" in flags:
            print(WORDS.help(), end="")
            return 0
        _check(words, folder="jsonl" in values)
    except UsageError as error:
        sys.stderr.write(WORDS.complain(error))
        return 2
    if sys.stdout is None:
        _complain("standard output", OSError(errno.EBADF, "is closed"))
        _forget_output()
        return 1
    try:
        if "jsonl" in values:
            code = _parse_folder(values["jsonl"], quiet="quiet" in flags)
        else:
            code = _parse(words[0] if words else "-")
        sys.stdout.flush()
    except BrokenPipeError:
        raise
    except OSError as error:
        _complain("standard output", error)
        _forget_output()
        return 1
    return code


def _check(words: list[str], *, folder: bool) -> None:
    """Raises UsageError."""
    if folder and words not in ([], ["-"]):
        raise UsageError("--jsonl takes a folder and no file")
    if len(words) > 1:
        raise UsageError(f"one log at a time, and '{words[1]}' is another; see --jsonl")


def _parse(file: str) -> int:
    import msgspec

    from sitegen.crash.log import decode_bytes, parse

    data = _read(file)
    if data is None:
        return 1
    whole = _whole(parse(decode_bytes(data)))
    _write(msgspec.json.format(msgspec.json.encode(whole), indent=2))
    return 0


def _whole(log: CrashLog) -> dict[str, object]:
    """The log with what its words mean and the instructions of its `Code:` lines."""
    import msgspec

    from sitegen.crash.explain import explain_log

    explanations, listings = explain_log(log)
    known = {
        name: value
        for name, value in msgspec.structs.asdict(log).items()
        if value not in ("", None)
    }
    return {**known, "explanations": explanations, "listings": listings}


def _parse_folder(folder: str, *, quiet: bool) -> int:
    import msgspec

    from sitegen.crash.log import decode_bytes, parse

    code = 0

    def fail(error: OSError) -> None:
        nonlocal code
        code = 1
        _complain(error.filename or folder, error)

    for name in sorted(_files(folder, fail)):
        path = os.path.join(folder, name)  # noqa: PTH118  reason: there may be a hundred thousand
        data = _read(path)
        if data is None:
            code = 1
            continue
        if _is_binary(data):
            if not quiet:
                _say(f"sitegen parse: '{name}' is no text, left out")
            continue
        printed = os.fsencode(name).decode("utf-8", "replace")
        if printed != name:
            fail(OSError(errno.EILSEQ, "name is not UTF-8, printed as near as can be", path))
        _write(msgspec.json.encode(_summary(printed, parse(decode_bytes(data)))))
    return code


def _files(folder: str, fail: Callable[[OSError], None]) -> Iterator[str]:
    """Paths of all files below `folder`, relative to it; hidden folders, such as `.git`, are left out."""
    for at, folders, names in os.walk(folder, onerror=fail):
        folders[:] = [name for name in folders if not name.startswith(".")]
        for name in names:
            path = os.path.join(at, name)  # noqa: PTH118  reason: see below
            if os.path.isfile(path):  # noqa: PTH113  reason: see below
                yield os.path.relpath(path, folder)


def _is_binary(data: bytes) -> bool:
    """Whether a file is no text at all: compressed, an image, a picture. Logs may hold some garbage."""
    head = data[:_HEAD]
    if head[:2] in {b"\xff\xfe", b"\xfe\xff"}:  # UTF-16
        return False
    strange = len(head.translate(None, _TEXT))
    return head.startswith(_MAGIC) or strange * 3 > len(head)


def _summary(name: str, log: CrashLog) -> dict[str, object]:
    """The first crash of a log under the names that syzkaller's tests use, and the log's kernel."""
    report = next((one for one in log.reports if one.crash), None)
    words: dict[str, object] = {"name": name, "title": None}
    if report is not None:
        words = {
            "name": name,
            "title": report.title,
            "alt_titles": list(report.alt_titles),
            "type": report.type or None,
            "kind": report.kind,
            "corrupted": report.corrupted is not None,
            "corrupted_reason": report.corrupted,
            # As there: of the whole log, whichever report it followed from.
            "panicked": any("Kernel panic - not syncing" in line for line in log.lines),
            "guilty_file": report.guilty_file or None,
        }
    return {
        **words,
        "kinds": [one.kind for one in log.reports],
        "arch": log.arch or None,
        "release": log.release or None,
    }


def _read(name: str) -> bytes | None:
    """The bytes of the file, `-` for standard input; None after a complaint."""
    try:
        if name == "-" and sys.stdin is None:
            _complain("standard input", OSError(errno.EBADF, "is closed"))
            return None
        if name == "-":
            data = sys.stdin.buffer.read(LARGEST + 1)
        else:
            with Path(name).open("rb") as file:
                data = file.read(LARGEST + 1)
    except OSError as error:
        _complain(name, error)
        return None
    if len(data) > LARGEST:
        from sitegen import codes
        from sitegen.diagnostics import Diagnostic, Place, as_text

        hint = "cut out the report"
        message = "the log is longer than 64 MiB; the rest is not read"
        _say(as_text(Diagnostic(codes.L004, message, Place(name), hint)))
        data = data[:LARGEST]
    return data


def _complain(name: str, error: OSError) -> None:
    from sitegen import codes
    from sitegen.diagnostics import Diagnostic, Place, as_text

    name = os.fsencode(name).decode("utf-8", "replace")
    _say(as_text(Diagnostic(codes.G006, f"'{name}': {reason_of(error)}", Place(name))))


def _say(text: str) -> None:
    if sys.stderr is not None:
        print("\n".join(map(printable, text.split("\n"))), file=sys.stderr)


def _write(data: bytes) -> None:
    sys.stdout.buffer.write(data + b"\n")


def _forget_output() -> None:
    """What could not be written is not tried again when the interpreter ends."""
    if sys.stdout is None:
        sys.stdout = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115  reason: open until the interpreter ends
        return
    null = os.open(os.devnull, os.O_WRONLY)
    os.dup2(null, sys.stdout.fileno())
    os.close(null)
