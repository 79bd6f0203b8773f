"""The tutorial, as a new user would follow it: a new environment, an empty home, the wheel alone.

Every `sh` block of the page is run, word for word and in order; every file is saved and every
edit made as the page says; what it says is printed is printed.
"""

import os
import re
import signal
import subprocess
import sys
import sysconfig
import time
import urllib.request
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).parent.parent
PAGE = ROOT / "content" / "docs" / "tutorial.md"

_BLOCK = re.compile(
    r'^```(\w+)(?: \{caption="([^"]*)"\})?\n(.*?)^```$|^The line `([^`]*)` goes',
    re.MULTILINE | re.DOTALL,
)
_EDIT = "in place of "


class Block(NamedTuple):
    language: str
    caption: str
    text: str


BLOCKS = [
    Block(found[1], found[2] or "", found[3])
    if found[1]
    else Block("markdown", _EDIT + found[4], "")
    for found in _BLOCK.finditer(PAGE.read_text())
]


class Reader:
    """Somebody with a terminal and an editor, in an empty folder with the wheel in it."""

    def __init__(self, folder: Path, wheel: Path) -> None:
        self.folder = folder
        self._installed = False
        (folder / "home").mkdir()
        (folder / "work").mkdir()
        self.work = folder / "work"
        (self.work / wheel.name).write_bytes(wheel.read_bytes())
        self._packages = _dependencies(folder / "packages")
        # What pip needs to find nothing but the wheel; what git needs to know who commits.
        self._environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(folder / "home"),
            "LANG": "C.UTF-8",
            "PIP_NO_INDEX": "1",
            "PIP_DISABLE_PIP_VERSION_CHECK": "1",
            "GIT_AUTHOR_NAME": "A. Author",
            "GIT_AUTHOR_EMAIL": "author@example.org",
            "GIT_COMMITTER_NAME": "A. Author",
            "GIT_COMMITTER_EMAIL": "author@example.org",
        }

    def run(self, text: str) -> str:
        """Runs a block where the last one ended, with its variables; what it printed."""
        if not self._installed and "pip install" in text:
            text = text.replace("pip install", f"{self._offer()}\npip install", 1)
            self._installed = True
        kept = self.folder / "kept"
        script = f"set -e\n{text}\n{{ pwd; export -p; }} > {kept}\n"
        where, variables = self._state(kept)
        done = subprocess.run(
            ["bash", "-c", variables + script],
            cwd=where,
            env=self._environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=300,
        )
        assert done.returncode == 0, f"{text}\n{done.stdout}{done.stderr}"
        return done.stdout + done.stderr

    def _state(self, kept: Path) -> tuple[Path, str]:
        if not kept.exists():
            return self.work, ""
        where, _, variables = kept.read_text().partition("\n")
        return Path(where), variables + "\n"

    def _offer(self) -> str:
        """Makes the dependencies of this environment known to the new one, as an index would."""
        version = f"python{sys.version_info[0]}.{sys.version_info[1]}"
        return f"echo {self._packages} > .venv/lib/{version}/site-packages/dependencies.pth"

    def serve(self, text: str) -> str:
        """Runs a block that does not end, until it answers; its first page."""
        where, variables = self._state(self.folder / "kept")
        said = self.folder / "served"
        with said.open("w") as stream:
            process = subprocess.Popen(
                ["bash", "-c", f"{variables}exec {text.strip()}"],
                cwd=where,
                env=self._environment,
                stdout=stream,
                stderr=stream,
            )
        try:
            page = ""
            for _ in range(600):
                address = re.search(r"http://127\.0\.0\.1:\d+/", said.read_text())
                if address:
                    with urllib.request.urlopen(address[0]) as answer:
                        page = answer.read().decode()
                    break
                assert process.poll() is None, said.read_text()
                time.sleep(0.1)
            return page
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(timeout=30)

    def case(self) -> Path:
        return self.work / "crashes" / "content" / "cases" / "sysrq.md"

    def replace(self, begins: str, text: str) -> None:
        """Puts `text` in the place of the paragraph of the case that begins so."""
        paragraphs = self.case().read_text().split("\n\n")
        (number,) = [n for n, one in enumerate(paragraphs) if begins in one]
        before, found, _ = paragraphs[number].partition(begins)
        rest = ":::" if paragraphs[number].rstrip().endswith(":::") else ""
        assert found
        paragraphs[number] = f"{before}{text.rstrip()}" + (f"\n{rest}" if rest else "")
        self.case().write_text("\n\n".join(paragraphs))

    def configure(self, text: str) -> None:
        config = self.work / "crashes" / "sitegen.toml"
        config.write_text(f"{config.read_text()}\n{text}")

    def set_front_matter(self, text: str) -> None:
        _, _, body = self.case().read_text().split("---\n", 2)
        self.case().write_text(f"---\n{text}---\n{body}")


def _dependencies(folder: Path) -> Path:
    """A folder with all that is installed here but sitegen itself."""
    folder.mkdir()
    for entry in Path(sysconfig.get_path("purelib")).iterdir():
        if "sitegen" not in entry.name and entry.suffix != ".pth":
            (folder / entry.name).symlink_to(entry)
    return folder


def matches(expected: str, printed: str) -> bool:
    """Whether each line stands in what was printed, with anything for `...`."""
    return all(
        re.search(re.escape(line).replace(r"\.\.\.", ".*"), printed)
        for line in expected.splitlines()
    )


@pytest.fixture(scope="module")
def followed(tmp_path_factory) -> Reader:
    """The folder of somebody who did all that the page says."""
    folder = tmp_path_factory.mktemp("reader")
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", folder / "dist"],
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    (wheel,) = (folder / "dist").glob("*.whl")
    reader = Reader(folder, wheel)
    printed = ""
    for block in BLOCKS:
        match block:
            case Block("sh", "leave it running"):
                assert "<html" in reader.serve(block.text)
            case Block("sh"):
                printed = reader.run(block.text)
            case Block("text", "panic.log"):
                (reader.work / "panic.log").write_text(block.text)
            case Block("text", caption) if caption.startswith("what it prints"):
                assert matches(block.text, printed), printed
            case Block("yaml", "front matter"):
                reader.set_front_matter(block.text)
            case Block("markdown", caption) if caption.startswith(_EDIT):
                reader.replace(caption.removeprefix(_EDIT), block.text)
            case Block("toml", "at the end of sitegen.toml"):
                reader.configure(block.text.replace("/path/to/checkout", str(ROOT)))
            case Block("toml", caption) if caption.startswith("an example"):
                pass  # of a kernel that only the reader has
            case _:
                pytest.fail(f"the page has a block that nobody follows: {block}")
    return reader


def test_nothing_is_left_to_write(followed):
    assert "TODO" not in followed.case().read_text()
    assert "warning" not in followed.run("sitegen check")


def test_the_page_is_made_with_its_claims_and_its_chain(followed):
    html = (followed.work / "crashes/site/cases/sysrq/index.html").read_text()

    assert html.count('class="claim holds"') == 3
    assert 'id="chain"' in html
    assert "echo c &gt; /proc/sysrq-trigger" in html


def test_the_last_build_shows_lines_of_source_and_tables(followed):
    html = (followed.work / "crashes/site/cases/sysrq/index.html").read_text()

    assert "drivers/tty/sysrq.c" in html
    assert 'class="ops"' in html
    assert "not decoded" not in followed.run("sitegen build")


def test_what_is_committed_is_what_is_edited(followed):
    names = followed.run("git ls-files").split()

    assert "content/cases/sysrq.md" in names
    assert "content/cases/sysrq.lock.json" in names
    assert not [name for name in names if name.startswith("site/")]


def test_the_log_of_the_page_is_ours():
    (log,) = [block.text for block in BLOCKS if block.caption == "panic.log"]

    assert log == (ROOT / "content/_kernel/logs/sysrq.log").read_text()
