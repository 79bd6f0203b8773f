"""What decoding costs: whole processes, side by side with the tools that people use.

    python tests/bench/decode.py [--runs N] [--sweep] [--script]

Frames are call sites spread over a number of units of the distribution kernel that SITEGEN_KERNELS
points to, and all frames of the corpus' x86 logs. Each round runs every tool once, one after the
other, so that a busy machine is busy for all of them; printed are medians of wall time, of CPU time
and of peak memory, and how many times our time a tool takes, ours cold and ours with the frames
cached, within the rounds. Peers that are not installed are left out (drgn: pip install drgn).
`--script` runs the kernel's own script too, once, which takes minutes; `--sweep` goes from 1 to 4000
frames, the script's up to 64.
"""

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parent.parent.parent
CORPUS = ROOT.parent / "shared" / "corpus" / "qemu" / "logs"
BESIDE = Path(sys.executable).parent / "sitegen"
SITEGEN = [str(BESIDE)] if BESIDE.exists() else [sys.executable, "-m", "sitegen"]
SWEEP = (1, 4, 16, 64, 256, 1000, 4000)
UNITS = 1500
"units that frames are spread over at most; the image has 2302 with code"
COLD, WARM, SCRIPT = "sitegen, cold", "sitegen, frames warm", "decode_stacktrace.sh"
SWEPT = {COLD, WARM, "addr2line -i", "llvm-symbolizer", "drgn", SCRIPT}
PATIENCE = 64
"frames that the script is given in a sweep at most: it takes a quarter of a second for each"

# Runs in a process of its own: what the parent holds would count as its children's peak.
SAMPLE = """
import json, random, sys
sys.path.insert(0, sys.argv[3])
from tests.bench.sample import call_sites, in_logs
print(json.dumps(call_sites(sys.argv[1], *map(int, sys.argv[4:])) if sys.argv[2] == "-"
                 else in_logs(sys.argv[1], sys.argv[2])))
"""
DRGN = """
import sys, drgn
program = drgn.Program(drgn.Platform(drgn.Architecture.X86_64))
made = program.extra_module("vmlinux", create=True)
module = made[0] if isinstance(made, tuple) else made
module.address_ranges = ((0xFFFFFFFF81000000, 0xFFFFFFFF84000000),)
module.try_file(sys.argv[1], force=True)
for line in sys.stdin:
    try:
        print(program.source_location(int(line, 16)))
    except LookupError:
        print("??")
"""


class Frames(NamedTuple):
    """What all tools are asked."""

    title: str
    log: bytes
    addresses: bytes
    "one a line, one byte before each return address"


class Figure(NamedTuple):
    """One run of one process."""

    wall: float
    cpu: float
    peak: float
    "MB"


class Peer(NamedTuple):
    title: str
    command: list[str]
    needs: Callable[[Frames], bytes]
    "standard input"
    before: Callable[[], None] = lambda: None


def _sample(vmlinux: Path, title: str, *arguments: str) -> Frames:
    command = [sys.executable, "-c", SAMPLE, str(vmlinux), *arguments]
    rows = json.loads(subprocess.run(command, check=True, capture_output=True).stdout)
    log = "Call Trace:\n" + "".join(f" {token}\n" for token, _ in rows)
    addresses = "".join(f"{address:#x}\n" for _, address in rows)
    return Frames(f"{title}: {len(rows)} frames", log.encode(), addresses.encode())


def _peers(vmlinux: Path, cache: Path, *, script: bool) -> list[Peer]:
    image = str(vmlinux)
    decode = [*SITEGEN, "decode"]

    def log(frames: Frames) -> bytes:
        return frames.log

    def addresses(frames: Frames) -> bytes:
        return frames.addresses

    def forget(pattern: str) -> Callable[[], None]:
        def now() -> None:
            for path in [path for path in cache.rglob(pattern) if path.is_file()]:
                path.unlink()

        return now

    peers = [
        Peer(COLD, [*decode, "--no-cache", image], log),
        Peer("sitegen, first run", [*decode, image], log, forget("*")),
        Peer("sitegen, index warm", [*decode, image], log, forget("frames-*")),
        Peer(WARM, [*decode, image], log),
        Peer("addr2line -i", ["addr2line", "-f", "-i", "-e", image], addresses),
        Peer("llvm-symbolizer", [_llvm(), f"--obj={image}"], addresses),
        Peer("drgn", [sys.executable, "-c", DRGN, image], addresses),
    ]
    source = next(iter(sorted(vmlinux.parent.parent.glob("linux-source-*"))), None)
    if script and source is not None:
        path = source / "scripts" / "decode_stacktrace.sh"
        peers.append(Peer(SCRIPT, ["bash", str(path), image, "auto"], log))
    return [peer for peer in peers if _is_there(peer)]


def _llvm() -> str:
    found = [name for name in ("llvm-symbolizer", "llvm-symbolizer-14") if shutil.which(name)]
    return found[0] if found else "llvm-symbolizer"


def _is_there(peer: Peer) -> bool:
    if peer.title == "drgn":
        tried = subprocess.run([sys.executable, "-c", "import drgn"], check=False, stderr=-3)
        return tried.returncode == 0
    return shutil.which(peer.command[0]) is not None


def _run(peer: Peer, frames: Frames, environment: dict[str, str]) -> Figure:
    peer.before()
    with tempfile.TemporaryFile() as stdin:
        stdin.write(peer.needs(frames))
        stdin.seek(0)
        began = time.perf_counter()
        process = subprocess.Popen(
            peer.command, stdin=stdin, stdout=subprocess.DEVNULL, stderr=-3, env=environment
        )
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - began
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{peer.title} failed: {' '.join(peer.command)}")
    return Figure(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)


class Measured(NamedTuple):
    """A tool's medians, and how many times ours it takes."""

    figure: Figure
    cold: float
    warm: float


def _measure(
    peers: list[Peer], frames: Frames, runs: int, environment: dict[str, str]
) -> dict[str, Measured]:
    """By title. The first round only warms the page cache and our own, but for the script."""
    rounds: list[dict[str, Figure]] = []
    for number in range(runs + 1):
        mine = [peer for peer in peers if peer.title != SCRIPT or number == 1]
        figures = {peer.title: _run(peer, frames, environment) for peer in mine}
        if number:
            rounds.append(figures)
    found = {}
    for peer in peers:
        several = [figures for figures in rounds if peer.title in figures]
        rows = zip(*(figures[peer.title] for figures in several), strict=True)
        cold, warm = (
            statistics.median(one[peer.title].wall / one[ours].wall for one in several)
            for ours in (COLD, WARM)
        )
        found[peer.title] = Measured(Figure(*map(statistics.median, rows)), cold, warm)
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--runs", type=int, default=9)
    parser.add_argument("--sweep", action="store_true")
    parser.add_argument("--script", action="store_true")
    options = parser.parse_args()
    vmlinux = Path(os.environ.get("SITEGEN_KERNELS", "")) / "amd64" / "vmlinux"
    if not vmlinux.exists():
        raise SystemExit("SITEGEN_KERNELS does not point to a folder with amd64/vmlinux")
    with tempfile.TemporaryDirectory() as name:
        # Compiled once, as what is installed is.
        compiled = {"PYTHONDONTWRITEBYTECODE": "", "PYTHONPYCACHEPREFIX": f"{name}/compiled"}
        environment = os.environ | compiled | {"XDG_CACHE_HOME": f"{name}/cache"}
        peers = _peers(vmlinux, Path(name) / "cache", script=options.script)
        if options.sweep:
            swept = [peer for peer in peers if peer.title in SWEPT]
            _sweep(vmlinux, swept, options.runs, environment)
            return
        for frames in _sets(vmlinux):
            print(
                f"{frames.title}\n  {'':<22} {'wall':>9} {'CPU':>9} {'peak':>8}  {'cold':>7} {'warm':>7}"
            )
            for title, one in _measure(peers, frames, options.runs, environment).items():
                wall, cpu, peak = one.figure
                print(
                    f"  {title:<22} {1000 * wall:6.0f} ms {1000 * cpu:6.0f} ms {peak:5.0f} MB"
                    f"  {one.cold:7.2f} {one.warm:7.2f}",
                    flush=True,
                )


def _sets(vmlinux: Path) -> Iterator[Frames]:
    yield _sample(vmlinux, "16 units", "-", str(ROOT), "20", "16")
    yield _sample(vmlinux, "150 units", "-", str(ROOT), "200", "150")
    if CORPUS.exists():
        yield _sample(vmlinux, "corpus, x86", str(CORPUS), str(ROOT))


def _sweep(vmlinux: Path, peers: list[Peer], runs: int, environment: dict[str, str]) -> None:
    """A table of time and memory, a row a number of frames."""
    print(f"  frames  units {''.join(f'{peer.title:>24}' for peer in peers)}")
    for count in SWEEP:
        units = min(count, UNITS)
        frames = _sample(vmlinux, "sweep", "-", str(ROOT), str(count), str(units))
        asked = [peer for peer in peers if peer.title != SCRIPT or count <= PATIENCE]
        found = _measure(asked, frames, max(runs // 3, 1), environment)
        cells = [_cell(found[peer.title].figure if peer in asked else None) for peer in peers]
        print(f"  {count:6} {units:6} " + "".join(cells), flush=True)


def _cell(figure: Figure | None) -> str:
    if figure is None:
        return f"{'-':>24}"
    return f"{1000 * figure.wall:11.0f} ms {figure.peak:6.0f} MB"


if __name__ == "__main__":
    main()
