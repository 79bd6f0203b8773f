"""What reading console logs costs: N MB of boot noise with 20 reports in it, and many small ones.

    python tests/bench/parse.py [MB ...]

Prints seconds, MB/s and peak memory of a whole process, beside a peer measured in the same run: a
bare loop that splits the text into lines and asks each whether it holds one of ten headlines. Of the
small logs, those of tests/logs, it prints milliseconds each.
"""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
REPORTS = 20

READ = """
import sys
from pathlib import Path
from sitegen.crash.log import decode_bytes, parse
log = parse(decode_bytes(Path(sys.argv[1]).read_bytes()))
print(len(log.reports), "reports")
"""
PEER = """
import sys
from pathlib import Path
words = ("BUG:", "WARNING:", "INFO:", "Oops", "panic", "KASAN", "UBSAN", "GPF", "fault", "stall")
text = Path(sys.argv[1]).read_bytes().decode("utf-8", "replace")
print(sum(any(word in line for word in words) for line in text.split("\\n")), "lines")
"""

SMALL = """
import sys, time
from pathlib import Path
from sitegen.crash.log import decode_bytes, parse
texts = [decode_bytes(path.read_bytes()) for path in sorted(Path(sys.argv[1]).glob("*/*.txt"))]
parse(texts[0])
best = 1e9
for _ in range(3):
    start = time.process_time()
    for text in texts:
        parse(text)
    best = min(best, time.process_time() - start)
size = sum(map(len, texts))
print(f"{len(texts)} logs of {size / len(texts) / 1000:.1f} KB: {1000 * best / len(texts):.2f} ms each, {size / best / 1e6:.1f} MB/s")
"""


def make_log(path: Path, megabytes: int) -> None:
    """Boot noise of changing lines with a crash of the example kernel at even distances."""
    crash = (ROOT / "content/_kernel/logs/null.log").read_text()
    size, at, number = megabytes << 20, 0, 0
    with path.open("w") as file:
        for report in range(REPORTS):
            while at < size * (report + 1) // REPORTS - len(crash):
                number += 1
                at += file.write(
                    f"[{number / 1000:12.6f}] pci 0000:00:{number % 32:02x}.0: BAR {number % 6}:"
                    f" assigned [mem 0x{number * 4096:012x}-0x{number * 4096 + 4095:012x}]\n"
                )
            at += file.write(crash)


def run(code: str, path: Path) -> tuple[float, float, str]:
    """CPU seconds, peak MB and the output of one process."""
    command = [sys.executable, "-c", code, str(path)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    output = process.stdout.read().strip() if process.stdout else ""
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit("the reader failed")
    return usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024, output


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "console.log"
        for megabytes in [int(argument) for argument in sys.argv[1:]] or [10, 100]:
            make_log(path, megabytes)
            base, _, _ = run(PEER, path)
            seconds, memory, output = run(READ, path)
            print(
                f"{megabytes:4} MB: {seconds:6.2f} s, {megabytes / seconds:5.1f} MB/s,"
                f" {seconds / base:4.1f} x peer, {memory / megabytes:4.1f} x the input"
                f" in memory, {output}"
            )
    print(run(SMALL, ROOT / "tests/logs")[2])


if __name__ == "__main__":
    main()
