"""`sitegen match FILE|-`: the cases of the wiki that a log is like, best first."""

import sys
from argparse import ArgumentParser
from collections.abc import Sequence
from pathlib import Path

from sitegen.build.known import known_cases
from sitegen.crash.log import decode_bytes, parse
from sitegen.crash.similar import Known, fingerprint
from sitegen.diagnostics import Sink, as_text
from sitegen.model import Fingerprint, KnownCase, Match, to_plain
from sitegen.project import find_root, read_project
from sitegen.store import default_folder

LARGEST = 64 * 1024 * 1024
"bytes of a log that are read"
MOST = 10
"""Cases that are listed where nobody says how many."""
FOUND, NOTHING, TROUBLE = 0, 1, 2
"""Exit codes, as grep has them."""


def main(argv: list[str]) -> int:
    """Prints what the log that `argv` names is like. Returns 0; 1 when it is like nothing, 2 on trouble."""
    parser = ArgumentParser(
        prog="sitegen match",
        description="Find the cases of the wiki that a log is like, best first, each with the reason.",
        epilog="The wiki is that of the current folder, or of a folder above it. Nothing is decoded. "
        "Exit codes: 0 something is like it, 1 nothing is, 2 wrong usage or nothing to compare.",
    )
    parser.add_argument("file", metavar="FILE", help="the log; standard input when '-'")
    parser.add_argument(
        "-n", type=_count, default=MOST, metavar="N", help=f"cases to list [{MOST}]"
    )
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("--no-cache", action="store_true", help="neither read nor write the cache")
    try:
        arguments = parser.parse_args(argv)
    except SystemExit as error:
        return 0 if error.code == 0 else TROUBLE
    data = _read(arguments.file)
    if data is None:
        return TROUBLE
    query = fingerprint(parse(decode_bytes(data)))
    if not (query.title or query.frames):
        return _complain("there is no crash report in this log")
    start = Path.cwd()
    sink = Sink()
    project = read_project(find_root(start) or start, sink)
    if project is None:
        for diagnostic in sink:
            print(as_text(diagnostic), file=sys.stderr)
        return TROUBLE
    cases = known_cases(project, None if arguments.no_cache else default_folder())
    known = Known((case.slug, case.prints) for case in cases)
    matches = known.rank(query, arguments.n)
    by_slug = {case.slug: case for case in cases}
    found = [(by_slug[match.key], match) for match in matches]
    if arguments.json:
        print(_as_json(query, found))
    else:
        print(_as_text(query, found, len(cases), project.base_url))
    return FOUND if found else NOTHING


def _count(text: str) -> int:
    number = int(text)
    if not 0 < number <= 10_000:
        raise ValueError
    return number


def _read(name: str) -> bytes | None:
    """The log, as much of it as is read; None after a complaint."""
    try:
        if name == "-":
            return sys.stdin.buffer.read(LARGEST)
        with Path(name).open("rb") as file:
            return file.read(LARGEST)
    except OSError as error:
        _complain(f"'{name}': {(error.strerror or 'cannot be read').lower()}")
        return None


def _complain(message: str) -> int:
    print(f"sitegen match: {_plain(message)}", file=sys.stderr)
    return TROUBLE


def _as_text(
    query: Fingerprint, found: Sequence[tuple[KnownCase, Match]], total: int, base_url: str
) -> str:
    """A paragraph a case."""
    count = len(query.frames)
    frames = "1 frame" if count == 1 else f"{count} frames"
    lines = [f"{query.title or 'A trace without a headline'}; {frames} that tell it apart"]
    if not found:
        cases = {0: "the wiki has no cases", 1: "1 case"}.get(total, f"{total} cases")
        lines += ["", f"nothing like it in {cases}" if total else f"nothing like it: {cases}"]
    for place, (case, match) in enumerate(found, start=1):
        indent = " " * (len(str(place)) + 2)
        lines += ["", f"{place}. {case.title} ({case.status})"]
        lines += [f"{indent}{match.reason.replace('`', '')}.", f"{indent}{base_url}{case.url}"]
    return "\n".join(map(_plain, lines))


def _as_json(query: Fingerprint, found: Sequence[tuple[KnownCase, Match]]) -> str:
    import json  # noqa: PLC0415  reason: only this form needs it

    matches = [
        {
            "slug": case.slug,
            "url": case.url,
            "title": case.title,
            "status": case.status,
            "reason": match.reason,
            "shared": match.shared,
            "of": match.total,
        }
        for case, match in found
    ]
    return json.dumps({"log": to_plain(query), "matches": matches}, indent=2, ensure_ascii=False)


def _plain(text: str) -> str:
    """`text` without control characters: titles must not drive a terminal."""
    return "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in text)
