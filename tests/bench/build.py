"""What building costs: N cases with locks, made from the example wiki's, in a temporary folder.

    python tests/bench/build.py [N ...]

Prints CPU seconds and peak memory of whole processes (one worker), as medians of three:
everything new, nothing changed, and one page touched. The peer, measured in the same run, is a bare
loop of markdown-it-py and Jinja2 over the same documents without decoding, log or walk.
"""

import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
RUNS = 3

PEER = """
import sys, pathlib, jinja2, markdown_it
md = markdown_it.MarkdownIt("commonmark")
template = jinja2.Environment(autoescape=True).from_string("<!doctype html><title>{{ t }}</title>{{ b|safe }}")
for path in sorted(pathlib.Path(sys.argv[1]).rglob("*.md")):
    html = template.render(t=path.stem, b=md.render(path.read_text()))
    target = pathlib.Path(sys.argv[2]) / (path.stem + ".html")
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(html)
"""


def make_wiki(folder: Path, cases: int) -> None:
    """A wiki of `cases` cases: copies of the example's that keep their log in the page."""
    (folder / "content" / "cases").mkdir(parents=True)
    (folder / "sitegen.toml").write_text('title = "Many crashes"\n')
    example = ROOT / "content" / "cases"
    page = (example / "sysrq-crash.md").read_text()
    lock = (example / "sysrq-crash.lock.json").read_text()
    for number in range(cases):
        target = folder / "content" / "cases" / f"case-{number:05}"
        text = page.replace("title: echo c", f"title: Case {number}, echo c", 1)
        target.with_suffix(".md").write_text(text)
        target.with_suffix(".lock.json").write_text(lock)


def run(command: list[str], environment: dict[str, str]) -> tuple[float, float]:
    """CPU seconds and peak MB of one process."""
    process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{command} failed")
    return usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def measure(cases: int) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        make_wiki(folder, cases)
        environment = os.environ | {"XDG_CACHE_HOME": str(folder / "cache")}
        build = [sys.executable, "-m", "sitegen", "build", "-q", "-j1", str(folder)]
        peer = [sys.executable, "-c", PEER, str(folder / "content"), str(folder / "peer")]
        touched = folder / "content" / "cases" / "case-00000.md"
        figures: dict[str, list[tuple[float, float]]] = {}
        for _ in range(RUNS):
            shutil.rmtree(folder / "cache", ignore_errors=True)
            shutil.rmtree(folder / "site", ignore_errors=True)
            figures.setdefault("peer: Markdown alone", []).append(run(peer, environment))
            figures.setdefault("all new", []).append(run(build, environment))
            figures.setdefault("nothing changed", []).append(run(build, environment))
            touched.write_text(touched.read_text() + "\nOne more sentence.\n")
            figures.setdefault("one page touched", []).append(run(build, environment))
        size = sum(path.stat().st_size for path in (folder / "site").rglob("*") if path.is_file())
    base = statistics.median(cpu for cpu, _ in figures["peer: Markdown alone"])
    print(f"{cases} cases, {size / 1e6:.1f} MB of site")
    for title, runs in figures.items():
        cpu = statistics.median(cpu for cpu, _ in runs)
        memory = max(memory for _, memory in runs)
        print(
            f"  {title:<22} {cpu:7.2f} s  {1000 * cpu / cases:6.2f} ms a case"
            f"  {cpu / base:6.2f} x peer  {memory:5.0f} MB"
        )


if __name__ == "__main__":
    for argument in sys.argv[1:] or ["200", "1000"]:
        measure(int(argument))
