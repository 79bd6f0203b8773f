"""What `sitegen match` costs and finds, on a wiki made of crash reports.

    python tests/bench/match.py [REPORTS]

REPORTS is syzkaller's `pkg/report/testdata/linux`, or what is made of it; without it
`../shared/corpus/syzkaller` beside the checkout is tried. Prints

- the median time of the whole command on a wiki of 300 cases, its cache cold and warm;
- whether reports known to be of one bug find each other first, where both are there;
- how often a report that shares its title with another finds such a one first: by all that is
  known of it, and by its frames alone.
"""

import os
import re
import resource
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from pathlib import Path
from statistics import median
from typing import NamedTuple

import msgspec

from sitegen.crash.log import decode_bytes, parse
from sitegen.crash.similar import Known, fingerprint
from sitegen.model import Fingerprint

ROOT = Path(__file__).parents[2]
CASES = 300
RUNS = 15
TWINS = (("540", "584"), ("614", "615"), ("622", "623"), ("503", "504"))
"""Reports of one bug each, by their numbers."""
HEADER = re.compile(r"\A(?:[A-Z]+: .*\n|#.*\n)+\n")


def read(folder: Path) -> dict[str, str]:
    """The logs by their names: without the expectations above them and the report below."""
    found = {}
    home = folder / "report"
    for path in sorted((home if home.is_dir() else folder).iterdir()):
        if path.is_file() and path.name.isdigit():
            text = HEADER.sub("", decode_bytes(path.read_bytes()))
            found[path.name] = text.partition("\nREPORT:\n")[0]
    return dict(sorted(found.items(), key=lambda item: int(item[0])))


def make_wiki(root: Path, logs: dict[str, str]) -> None:
    """A case a log, named after it; those that have a twin come first."""
    (root / "sitegen.toml").write_text('title = "Reports"\n')
    wanted = [name for pair in TWINS for name in pair if name in logs]
    for name in [*wanted, *(name for name in logs if name not in wanted)][:CASES]:
        case = root / "content/cases" / f"report-{name}"
        case.mkdir(parents=True)
        (case / "panic.log").write_text(logs[name], errors="replace")
        (case / "index.md").write_text(
            "---\nstatus: open\n---\n\n```{panic}\n:file: panic.log\n```\n"
        )


class Run(NamedTuple):
    """One command."""

    seconds: float
    cpu: float
    slugs: list[str]
    "best first"


def run(root: Path, log: str) -> Run:
    environment = {**os.environ, "XDG_CACHE_HOME": str(root / "cache")}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)  # who installs a program has it compiled
    command = [sys.executable, "-m", "sitegen", "match", "--json", "-"]
    used = sum(resource.getrusage(resource.RUSAGE_CHILDREN)[:2])
    start = time.perf_counter()
    done = subprocess.run(
        command, input=log.encode(), capture_output=True, cwd=root, env=environment, check=False
    )
    seconds = time.perf_counter() - start
    cpu = sum(resource.getrusage(resource.RUSAGE_CHILDREN)[:2]) - used
    if not done.stdout:
        raise SystemExit(done.stderr.decode())
    matches = msgspec.json.decode(done.stdout)["matches"]
    return Run(seconds, cpu, [match["slug"] for match in matches])


def measure(logs: dict[str, str]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        make_wiki(root, logs)
        there = sorted(path.name for path in (root / "content/cases").iterdir())
        asked = [logs[name] for name in list(logs)[:: max(1, len(logs) // RUNS)]][:RUNS]
        cold = run(root, asked[0])
        warm = [run(root, log) for log in asked]
        print(f"{len(there)} cases: {cold.seconds * 1000:.0f} ms cold", end=", ")
        print(f"{median(one.seconds for one in warm) * 1000:.0f} ms warm", end=" ")
        print(f"({median(one.cpu for one in warm) * 1000:.0f} ms of CPU; medians of {len(warm)})")
        for one, other in TWINS:
            if one not in logs or other not in logs:
                print(f"twins {one} and {other}: not both there")
                continue
            for query, twin in ((one, other), (other, one)):
                found = [slug for slug in run(root, logs[query]).slugs if slug != f"report-{query}"]
                first = found[:1] == [f"report-{twin}"]
                print(f"{query} finds {twin} {'first' if first else f'not first: {found[:3]}'}")


def hide(one: Fingerprint) -> Fingerprint:
    """The fingerprint without what a headline says."""
    return msgspec.structs.replace(one, title="", alt_titles=(), kind="", function="")


def evaluate(logs: dict[str, str]) -> None:
    prints = {name: fingerprint(parse(log)) for name, log in logs.items()}
    titled = defaultdict(list)
    for name, one in prints.items():
        if one.title and " in corrupted" not in one.title:
            titled[one.title].append(name)
    groups = [names for names in titled.values() if len(names) > 1]
    for words, known in (
        ("by all that is known", prints),
        ("by frames alone", {name: hide(one) for name, one in prints.items()}),
    ):
        cases = Known((name, (one,)) for name, one in known.items())
        asked = [(name, names) for names in groups for name in names]
        firsts = [
            (cases.rank(known[name], 1, without=name), names, known[name]) for name, names in asked
        ]
        hits = sum(bool(found) and found[0].key in names for found, names, _ in firsts)
        bare = sum(not one.frames for *_, one in firsts)
        print(f"{words}: one of the same title first for {hits} of {len(asked)}", end="")
        print(f" ({bare} have no frames)" if bare else "")
    start = time.perf_counter()
    many = [(f"{name}-{copy}", (one,)) for name, one in prints.items() for copy in range(14)][:5000]
    cases = Known(many)
    for key, _ in many:
        cases.similar(key, 5)
    print(f"similar cases of all {len(many)}: {time.perf_counter() - start:.1f} s")


def main() -> None:
    given = sys.argv[1:] or [str(ROOT.parent / "shared/corpus/syzkaller")]
    logs = read(Path(given[0])) if Path(given[0]).is_dir() else {}
    if not logs:
        print(f"no reports in '{given[0]}': nothing is measured")
        return
    print(f"{len(logs)} reports")
    measure(logs)
    evaluate(logs)


if __name__ == "__main__":
    main()
