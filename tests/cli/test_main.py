"""`sitegen` itself: finding the verb."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from sitegen import __version__
from sitegen.__main__ import VERBS, main


def sitegen(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> int:
    monkeypatch.setattr("sys.argv", ["sitegen", *arguments])
    return main()


def test_every_verb_has_a_module_and_help(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for verb in VERBS:
        for arguments in ([verb, "--help"], [verb, "-h"], ["help", verb]):
            assert sitegen(monkeypatch, *arguments) == 0
            assert f"sitegen {verb}" in capsys.readouterr().out


@pytest.mark.parametrize("arguments", [["bild"], ["help", "bild"]])
def test_an_unknown_verb_gets_the_nearest_one(
    arguments: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert sitegen(monkeypatch, *arguments) == 2
    assert capsys.readouterr().err == "sitegen: unknown command 'bild'; did you mean 'build'?\n"


def test_without_a_verb_the_usage_is_printed_and_it_exits_2(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert sitegen(monkeypatch) == 2
    assert capsys.readouterr().err.startswith("usage: sitegen COMMAND")
    assert sitegen(monkeypatch, "help") == 0
    assert capsys.readouterr().out.startswith("usage: sitegen COMMAND")


@pytest.mark.parametrize("arguments", [["--version"], ["-V"], ["build", "--version"]])
def test_the_version_is_printed(
    arguments: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert sitegen(monkeypatch, *arguments) == 0
    assert capsys.readouterr().out == f"sitegen {__version__}\n"


def test_an_unknown_option_gets_the_nearest_one(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert sitegen(monkeypatch, "--verison") == 2
    said = capsys.readouterr().err
    assert said.startswith("sitegen: unknown option '--verison'; did you mean '--version'?\n")


@pytest.mark.parametrize("verb", ["explain", "build --help", "schema config", "--help"])
@pytest.mark.parametrize(
    ("output", "code", "said"),
    [
        (">/dev/full", 1, "sitegen: standard output: no space left on device\n"),
        (">&-", 0, ""),
    ],
)
def test_output_that_nobody_takes_is_no_traceback(
    verb: str, output: str, code: int, said: str
) -> None:
    if not Path("/dev/full").exists():
        pytest.skip("no /dev/full on this system")
    done = subprocess.run(
        ["sh", "-c", f"{sys.executable} -m sitegen {verb} {output}"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == code
    assert done.stderr == said


@pytest.mark.parametrize("verb", ["explain", "build --help", "--help"])
def test_a_reader_that_went_away_ends_it_quietly(verb: str) -> None:
    reads, writes = os.pipe()
    os.close(reads)
    done = subprocess.run(
        [sys.executable, "-m", "sitegen", *verb.split()],
        stdout=writes,
        stderr=subprocess.PIPE,
        check=False,
    )
    os.close(writes)
    assert (done.returncode, done.stderr) == (141, b"")


@pytest.mark.parametrize("verb", ["parse -", "match -", "new -", "decode vmlinux"])
def test_a_standard_input_that_is_closed_is_said(verb: str, tmp_path: Path) -> None:
    (tmp_path / "sitegen.toml").touch()
    done = subprocess.run(
        ["sh", "-c", f"{sys.executable} -m sitegen {verb} <&-"],
        cwd=tmp_path,
        env={"PYTHONPATH": str(Path(__file__).parents[2]), "PATH": os.environ["PATH"]},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode in {1, 2}
    assert "closed" in done.stderr
    assert "Traceback" not in done.stderr
