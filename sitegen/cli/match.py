"""`sitegen match FILE|-`: the cases of the wiki that a log is like, best first."""

from __future__ import annotations

import sys
from pathlib import Path

from sitegen.cli.words import HELP, Option, UsageError, Words
from sitegen.wording import counted, printable, reason_of

TYPE_CHECKING = False
if TYPE_CHECKING:  # imported when something is matched
    from collections.abc import Sequence

    from sitegen.model import Fingerprint, KnownCase, Match

LARGEST = 64 * 1024 * 1024
"bytes of a log that are read"
MOST = 10
"""Cases that are listed where nobody says how many."""
FOUND, NOTHING, TROUBLE = 0, 1, 2
"""Exit codes, as grep has them."""

WORDS = Words(
    "match",
    usage=("[options] FILE|-",),
    about="""\
Find the cases of the wiki that a log is like, best first, each with the reason. The wiki is that of
the current folder, or of a folder above it. Nothing is decoded.""",
    places=(("FILE", "the log; standard input when it is -"),),
    options=(
        Option(("-n",), f"cases to list [{MOST}]", value="N"),
        Option(("--json",), "print one JSON object"),
        Option(("--no-cache",), "neither read nor write the cache"),
        Option(("-v", "--verbose"), "name the functions that a case shares with the log"),
        Option(("-q", "--quiet"), "print nothing; the exit code answers"),
        HELP,
    ),
    examples=(
        "sitegen match panic.log",
        "dmesg | sitegen match -n 3 -",
        "sitegen match -q panic.log || sitegen new panic.log",
    ),
    exits="0 something is like it, 1 nothing is, 2 wrong usage or nothing to compare",
    takes="file",
)


def main(argv: list[str]) -> int:
    """Prints what the log that `argv` names is like. Returns 0; 1 when it is like nothing, 2 on trouble."""
    try:
        flags, values, words = WORDS.read(argv)
        if "help" in flags:
            print(WORDS.help(), end="")
            return FOUND
        name = _one(words)
        most = _count(values.get("n", str(MOST)))
    except UsageError as error:
        sys.stderr.write(WORDS.complain(error))
        return TROUBLE
    return _match(name, most, flags)


def _match(name: str, most: int, flags: frozenset[str]) -> int:
    from sitegen.build.known import known_cases
    from sitegen.crash.log import decode_bytes, parse
    from sitegen.crash.similar import Known, fingerprint
    from sitegen.diagnostics import Sink, as_text
    from sitegen.project import find_root, read_project
    from sitegen.store import default_folder

    data = _read(name)
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
    cases = known_cases(project, None if "no-cache" in flags else default_folder())
    known = Known((case.slug, case.prints) for case in cases)
    matches = known.rank(query, most)
    by_slug = {case.slug: case for case in cases}
    found = [(by_slug[match.key], match) for match in matches]
    if "json" in flags:
        print(_as_json(query, found))
    elif "quiet" not in flags:
        print(_as_text(query, found, len(cases), project.base_url, verbose="verbose" in flags))
    return FOUND if found else NOTHING


def _one(words: Sequence[str]) -> str:
    if not words:
        raise UsageError("name a log, or - for standard input")
    if len(words) > 1:
        raise UsageError(f"one log at a time, and '{words[1]}' is another")
    return words[0]


def _count(text: str) -> int:
    if not (text.isascii() and text.isdigit() and 0 < int(text[:6]) <= 10_000):
        raise UsageError(f"-n wants a number from 1 to 10000, not '{text}'")
    return int(text[:6])


def _read(name: str) -> bytes | None:
    """The log, as much of it as is read; None after a complaint."""
    try:
        if name == "-" and sys.stdin is None:
            _complain("standard input is closed")
            return None
        if name == "-":
            return sys.stdin.buffer.read(LARGEST)
        with Path(name).open("rb") as file:
            return file.read(LARGEST)
    except OSError as error:
        _complain(f"'{name}': {reason_of(error)}")
        return None


def _complain(message: str) -> int:
    print(f"sitegen match: {printable(message)}", file=sys.stderr)
    return TROUBLE


def _as_text(
    query: Fingerprint,
    found: Sequence[tuple[KnownCase, Match]],
    total: int,
    base_url: str,
    *,
    verbose: bool,
) -> str:
    """A paragraph a case."""
    count = len(query.frames)
    frames = counted(count, "frame")
    lines = [f"{query.title or 'A trace without a headline'}; {frames} that tell it apart"]
    if not found:
        cases = {0: "the wiki has no cases", 1: "1 case"}.get(total, f"{total} cases")
        lines += ["", f"nothing like it in {cases}" if total else f"nothing like it: {cases}"]
    for place, (case, match) in enumerate(found, start=1):
        indent = " " * (len(str(place)) + 2)
        lines += ["", f"{place}. {case.title} ({case.status})"]
        lines += [f"{indent}{match.reason.replace('`', '')}.", f"{indent}{base_url}{case.url}"]
        if verbose and match.shared:
            lines.append(f"{indent}{', '.join(match.shared)}")
    return "\n".join(map(printable, lines))


def _as_json(query: Fingerprint, found: Sequence[tuple[KnownCase, Match]]) -> str:
    import json

    from sitegen.model import to_plain

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
