"""`sitegen parse [FILE|-]`: a log as JSON. `sitegen parse --jsonl DIR`: one line a log, many logs."""

import errno
import os
import sys
from argparse import ArgumentParser
from pathlib import Path

import msgspec

from sitegen import codes
from sitegen.crash.explain import explain_log
from sitegen.crash.log import decode_bytes, parse
from sitegen.diagnostics import Diagnostic, Place, as_text
from sitegen.model import CrashLog

LARGEST = 64 * 1024 * 1024
"bytes of a log that are read"


def main(argv: list[str]) -> int:
    """Prints what `argv` names. Returns 0; 1 when something could not be read, 2 for wrong usage."""
    parser = ArgumentParser(prog="sitegen parse", description="Print a crash log as JSON.")
    parser.add_argument("file", nargs="?", default="-", help="the log; standard input when '-'")
    parser.add_argument(
        "--jsonl", metavar="DIR", help="parse each file of DIR, print one JSON object a line"
    )
    try:
        arguments = parser.parse_args(argv)
    except SystemExit as error:
        return 0 if error.code == 0 else 2
    if arguments.jsonl is not None and arguments.file != "-":
        print("sitegen parse: --jsonl takes a folder and no file", file=sys.stderr)
        return 2
    if sys.stdout is None:
        _complain("standard output", OSError(errno.EBADF, "is closed"))
        _forget_output()
        return 1
    try:
        code = _parse(arguments.file, arguments.jsonl)
        sys.stdout.flush()
    except BrokenPipeError:
        raise
    except OSError as error:
        _complain("standard output", error)
        _forget_output()
        return 1
    return code


def _parse(file: str, folder: str | None) -> int:
    if folder is not None:
        return _parse_folder(Path(folder))
    text = _read(file)
    if text is None:
        return 1
    _write(msgspec.json.format(msgspec.json.encode(_whole(parse(text))), indent=2))
    return 0


def _whole(log: CrashLog) -> dict[str, object]:
    """The log with what its words mean and the instructions of its `Code:` lines."""
    explanations, listings = explain_log(log)
    known = {
        name: value
        for name, value in msgspec.structs.asdict(log).items()
        if value not in ("", None)
    }
    return {**known, "explanations": explanations, "listings": listings}


def _parse_folder(folder: Path) -> int:
    try:
        paths = sorted(path for path in folder.iterdir() if path.is_file())
    except OSError as error:
        _complain(str(folder), error)
        return 1
    code = 0
    for path in paths:
        text = _read(str(path))
        if text is None:
            code = 1
            continue
        name = os.fsencode(path.name).decode("utf-8", "replace")
        if name != path.name:
            _complain(
                str(path), OSError(errno.EILSEQ, "name is not UTF-8, printed as near as can be")
            )
            code = 1
        _write(msgspec.json.encode(_summary(name, parse(text))))
    return code


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


def _read(name: str) -> str | None:
    """The text of the file, `-` for standard input; None after a complaint."""
    try:
        if name == "-":
            data = sys.stdin.buffer.read(LARGEST + 1)
        else:
            with Path(name).open("rb") as file:
                data = file.read(LARGEST + 1)
    except OSError as error:
        _complain(name, error)
        return None
    if len(data) > LARGEST:
        hint = "cut out the report"
        said = Diagnostic(
            codes.L004, "the log is longer than 64 MiB; the rest is not read", Place(name), hint
        )
        print(as_text(said), file=sys.stderr)
        data = data[:LARGEST]
    return decode_bytes(data)


def _complain(name: str, error: OSError) -> None:
    reason = (error.strerror or "cannot be read").lower()
    name = os.fsencode(name).decode("utf-8", "replace")
    print(as_text(Diagnostic(codes.G006, f"'{name}': {reason}", Place(name))), file=sys.stderr)


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
