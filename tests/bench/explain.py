"""What explaining a log costs beyond reading it: the golden logs, with and without their instructions.

    python tests/bench/explain.py [--runs N]

Prints milliseconds a log: the median, the worst, and the import of the package and of capstone.
"""

import argparse
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
sys.path.insert(0, str(ROOT))

from sitegen.crash.explain import explain, explain_log  # noqa: E402  reason: the path comes first
from sitegen.crash.log import parse  # noqa: E402  reason: see above
from sitegen.model import CrashLog  # noqa: E402  reason: see above
from tests.crash.log.golden import paths, read_golden  # noqa: E402  reason: see above


def words(log: CrashLog) -> None:
    """The words alone: of each report, as a page shows them."""
    for report in log.reports:
        explain(log, report)


def measure(name: str, logs: dict[str, CrashLog], work: Callable[[CrashLog], object]) -> None:
    spent = {}
    for stem, log in logs.items():
        start = time.perf_counter()
        work(log)
        spent[stem] = 1000 * (time.perf_counter() - start)
    worst = max(spent, key=spent.__getitem__)
    median = statistics.median(spent.values())
    print(f"{name:28} median {median:6.2f} ms   worst {spent[worst]:6.2f} ms ({worst})")


def without_code(text: str) -> str:
    return "\n".join(line for line in text.split("\n") if "Code: " not in line)


def imported(names: str) -> float:
    script = f"import time; s = time.perf_counter(); import {names}; print(time.perf_counter() - s)"
    out = subprocess.run(
        [sys.executable, "-c", script], check=True, capture_output=True, text=True, cwd=ROOT
    )
    return 1000 * float(out.stdout)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--runs", type=int, default=3)
    runs = parser.parse_args().runs
    texts = {path.stem: read_golden(path).text for path in paths()}
    plain = {stem: parse(without_code(text)) for stem, text in texts.items()}
    whole = {stem: parse(text) for stem, text in texts.items()}
    for run in range(1, runs + 1):
        print(f"run {run}, {len(texts)} logs")
        measure("  words, no code", plain, words)
        measure("  words, with code", whole, words)
        measure("  words and instructions", whole, explain_log)
    print(
        f"import of crash.explain {imported('sitegen.crash.explain'):.0f} ms, capstone {imported('capstone'):.0f} ms"
    )


if __name__ == "__main__":
    main()
