"""Ctrl-C and SIGTERM while a build is at work: everything is as it was, and nobody is left."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PATIENCE = 60
LOG = """\
[    1.0] BUG: kernel NULL pointer dereference, address: 0000000000000008
[    1.0] RIP: 0010:lamp_set+0x1b/0x30 [lamp]
[    1.0] Call Trace:
[    1.0]  lamp_write+0x6b/0xb0 [lamp]
"""


@pytest.fixture
def wiki(tmp_path: Path) -> Path:
    """More pages than one process renders, built once, and since then of another name."""
    cases = tmp_path / "wiki/content/cases"
    cases.mkdir(parents=True)
    for number in range(40):
        text = f"---\nstatus: open\n---\n\n# Case {number}\n\n```panic\n{LOG}```\n"
        (cases / f"case-{number}.md").write_text(text)
    wiki = tmp_path / "wiki"
    (wiki / "sitegen.toml").write_text('title = "Before"\n')
    build = start(wiki)
    build.communicate(timeout=PATIENCE)
    assert build.returncode == 0
    (wiki / "sitegen.toml").write_text('title = "After"\n')
    return wiki


def start(wiki: Path) -> subprocess.Popen[bytes]:
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "XDG_CACHE_HOME": str(wiki.parent)}
    return subprocess.Popen(
        [sys.executable, "-m", "sitegen", "build", "-q", "--jobs", "2", "--relock"],
        cwd=wiki,
        env=environment,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )


def files(folder: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def staging(wiki: Path) -> bool:
    return (wiki / "site/.staging").is_dir()


def rendering(wiki: Path) -> bool:
    return staging(wiki) and len(list((wiki / "site/.staging").iterdir())) > 20


@pytest.mark.parametrize(
    ("moment", "send", "number", "code"),
    [
        (staging, os.kill, signal.SIGINT, 130),
        (rendering, os.killpg, signal.SIGINT, 130),  # as a terminal does
        (rendering, os.kill, signal.SIGTERM, 143),
    ],
)
def test_a_build_that_is_stopped_leaves_all_as_it_was(
    wiki: Path,
    moment: Callable[[Path], bool],
    send: Callable[[int, int], None],
    number: int,
    code: int,
) -> None:
    before = files(wiki)
    build = start(wiki)
    while not moment(wiki):
        assert build.poll() is None
        time.sleep(0.001)
    send(build.pid, number)
    _, said = build.communicate(timeout=PATIENCE)
    assert (build.returncode, said) == (code, b"")
    assert files(wiki) == before
    assert not (wiki / "site/.staging").exists()
    with pytest.raises(ProcessLookupError):  # nobody is left of its group
        os.killpg(build.pid, 0)


def test_decode_that_waits_for_a_log_is_stopped_quietly(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "sitegen", "decode", str(ROOT / "content/_kernel/vmlinux")]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "XDG_CACHE_HOME": str(tmp_path)}
    pipes = dict.fromkeys(("stdin", "stdout", "stderr"), subprocess.PIPE)
    decode = subprocess.Popen(command, env=environment, **pipes)
    decode.stdin.write(b"first\n")
    decode.stdin.flush()
    assert decode.stdout.readline() == b"first\n"
    decode.send_signal(signal.SIGINT)
    assert decode.wait(PATIENCE) == 130
    assert decode.stderr.read() == b""
    decode.communicate()
