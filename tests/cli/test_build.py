"""`sitegen build`: what it says, and what it exits with."""

from pathlib import Path

import pytest

from sitegen.cli.build import main

LOG = "```panic\n[    1.0] BUG: kernel NULL pointer dereference, address: 0000000000000008\n```\n"


@pytest.fixture
def wiki(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A wiki of four logs that no kernel is configured for."""
    (tmp_path / "content/cases").mkdir(parents=True)
    (tmp_path / "sitegen.toml").write_text("")
    for name in "abcd":
        (tmp_path / f"content/cases/{name}.md").write_text(LOG)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return tmp_path


@pytest.mark.parametrize(
    ("options", "named"),
    [
        (
            [],
            "(4 logs not decoded: content/cases/a.md, content/cases/b.md, content/cases/c.md and 1 more)",
        ),
        (
            ["-v"],
            (
                "(4 logs not decoded: "
                "content/cases/a.md, content/cases/b.md, content/cases/c.md, content/cases/d.md)"
            ),
        ),
    ],
)
def test_logs_that_are_not_decoded_are_named(
    wiki: Path, options: list[str], named: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([str(wiki), *options]) == 0
    assert capsys.readouterr().out.endswith(f"{named}\n")


def test_quiet_prints_problems_only(wiki: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (wiki / "content/cases/a.md").write_text("---\nstatus: opne\n---\n")
    assert main([str(wiki), "-q"]) == 1
    out, said = capsys.readouterr()
    assert out == ""
    assert "content/cases/a.md:2:" in said


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--locked", "--relock"], "--locked and --relock exclude each other"),
        (["--base-url", "crashes"], "--base-url: give an http:// or https:// address"),
        (["--jobs", "0"], "invalid value for '-j' / '--jobs': 0 is not in the range"),
    ],
)
def test_wrong_usage_exits_2(
    arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(arguments) == 2
    assert capsys.readouterr().err.startswith(f"sitegen build: {said}")


def test_outside_a_wiki_it_exits_2(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(tmp_path)]) == 2
    assert "error[G001]" in capsys.readouterr().err
