"""The line that tells how far work is."""

import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest

from sitegen.terminal import fitting

ROOT = Path(__file__).parents[1]
WORK = """
import time
from sitegen.terminal import Line
with Line(quiet={quiet}, grace=0) as line:
    line.tell("reading", 3, 120, "a\\x1b[31m.md")
    time.sleep(0.5)
print("done")
"""


@pytest.mark.parametrize(
    ("text", "width", "shown"),
    [
        ("reading", 8, "reading"),
        ("reading", 7, "readi…"),
        ("日本語.md", 80, "日本語.md"),
        ("日本語.md", 6, "日本…"),
        ("日本語.md", 5, "日…"),
        ("e\u0301e\u0301", 3, "e\u0301e\u0301"),
        ("\x1b[31m\n\x07", 80, "\ufffd[31m\ufffd\ufffd"),
    ],
)
def test_a_line_leaves_the_last_column_free_and_is_clean(text: str, width: int, shown: str) -> None:
    assert fitting(text, width) == shown


def watched(code: str, **variables: str) -> str:
    """What a terminal gets to see."""
    ours, theirs = pty.openpty()
    environment = {"PYTHONPATH": str(ROOT), "TERM": "xterm", "LC_ALL": "C.UTF-8", **variables}
    subprocess.run(
        [sys.executable, "-c", code], stdout=theirs, stderr=theirs, env=environment, check=True
    )
    os.close(theirs)
    seen = b""
    try:
        while piece := os.read(ours, 4096):
            seen += piece
    except OSError:  # the end, on Linux
        pass
    os.close(ours)
    return seen.decode()


def test_who_watches_sees_how_far_it_is_and_nothing_is_left_of_it() -> None:
    assert watched(WORK.format(quiet=False)) == (
        "\rreading 3 of 120: a\ufffd[31m.md\x1b[K\r\x1b[Kdone\r\n"
    )


@pytest.mark.parametrize(
    ("quiet", "variables"), [(True, {}), (False, {"TERM": "dumb"}), (False, {"CI": "true"})]
)
def test_nothing_is_shown_to_who_wants_none(quiet: bool, variables: dict[str, str]) -> None:
    assert watched(WORK.format(quiet=quiet), **variables) == "done\r\n"


def test_nothing_is_shown_where_nobody_watches() -> None:
    done = subprocess.run(
        [sys.executable, "-c", WORK.format(quiet=False)],
        env={"PYTHONPATH": str(ROOT), "TERM": "xterm"},
        capture_output=True,
        check=True,
    )
    assert (done.stdout, done.stderr) == (b"done\n", b"")
