"""What `sitegen serve` takes from a save to the new page, in a real Chromium.

    python tests/bench/serve.py [CASES] [SAVES]

The wiki is that of build.py, 1000 cases. A sentence is added to one case, and the clock runs from the
write of the file until the browser has loaded the page with that sentence in it. Prints every
time, then the median; and beside it what the server says the build took.
"""

import os
import re
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
from build import ROOT, make_wiki

PORT = 8190
WATCH = """
expected => new Promise(resolve => {
  const look = () => document.body && document.body.textContent.includes(expected)
    ? resolve(true) : setTimeout(look, 2);
  look();
})
"""


def measure(cases: int, saves: int) -> None:
    from playwright.sync_api import Error, sync_playwright

    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        make_wiki(folder, cases)
        process = subprocess.Popen(
            [sys.executable, "-m", "sitegen", "serve", "--port", str(PORT), str(folder)],
            env=os.environ | {"XDG_CACHE_HOME": str(folder / "cache"), "PYTHONPATH": str(ROOT)},
            stderr=subprocess.PIPE,
            text=True,
        )
        said: list[str] = []
        address = ""
        while not address and (line := process.stderr.readline()):
            found = re.search(r"http://\S+", line)
            address = found[0] if found else ""
        threading.Thread(target=lambda: said.extend(process.stderr), daemon=True).start()
        document = folder / "content" / "cases" / "case-00000.md"
        times = []
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(
                executable_path=shutil.which("chromium"), args=["--no-sandbox"]
            )
            page = browser.new_page()
            page.goto(f"{address}cases/case-00000/")
            for number in range(saves + 2):
                page.wait_for_load_state("load")
                time.sleep(0.5)
                sentence = f"Sentence number {number}."
                text = document.read_text() + f"\n{sentence}\n"
                start = time.perf_counter()
                document.write_text(text)
                while True:
                    try:
                        page.evaluate(WATCH, sentence)
                        break
                    except Error:  # the page went away: that is what is waited for
                        continue
                times.append(1000 * (time.perf_counter() - start))
            browser.close()
        process.send_signal(signal.SIGINT)
        process.wait()
        builds = [int(found[1]) for line in said if (found := re.search(r"in (\d+) ms", line))]
        times, builds = times[2:], builds[2:]
        print(f"{cases} cases, {saves} saves")
        print("  save to page ", " ".join(f"{one:.0f}" for one in times), "ms")
        print("  of it building", " ".join(map(str, builds)), "ms")
        print(
            f"  median {statistics.median(times):.0f} ms, building {statistics.median(builds):.0f}"
        )


if __name__ == "__main__":
    numbers = [int(one) for one in sys.argv[1:]]
    measure(*(numbers + [1000, 12][len(numbers) :]))
