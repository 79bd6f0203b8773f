"""`sitegen` itself: finding the verb."""

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
