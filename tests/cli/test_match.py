"""`sitegen match`: what a log is like."""

import io
import json
from pathlib import Path

import pytest

from sitegen.cli.match import main

LOG = """\
[    1.0] BUG: kernel NULL pointer dereference, address: 0000000000000008
[    1.0] RIP: 0010:{crash}+0x1b/0x30 [lamp]
[    1.0] Call Trace:
[    1.0]  {way}_write+0x6b/0xb0 [lamp]
[    1.0]  vfs_write+0xc7/0x3f0
"""


@pytest.fixture(autouse=True)
def wiki(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A wiki of two cases; the current folder is one inside it."""
    (tmp_path / "sitegen.toml").write_text('base-url = "https://wiki.example/"\n')
    cases = tmp_path / "content/cases"
    cases.mkdir(parents=True)
    for name, title in (("lamp_set", "The lamp"), ("lamp_get", "Esc \x1b[31m")):
        log = LOG.format(crash=name, way="lamp")
        path = cases / f"{name.replace('_', '-')}.md"
        path.write_text(f"---\nstatus: fixed\n---\n\n# {title}\n\n```panic\n{log}```\n")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.chdir(cases)
    return tmp_path


def match(monkeypatch: pytest.MonkeyPatch, text: str, *options: str) -> int:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(text.encode())))
    return main([*options, "-"])


def test_the_cases_a_log_is_like_are_listed_best_first_with_the_reason(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert match(monkeypatch, LOG.format(crash="lamp_set", way="lamp")) == 0
    assert capsys.readouterr().out == (
        "BUG: unable to handle kernel NULL pointer dereference in lamp_set;"
        " 3 frames that tell it apart\n"
        "\n"
        "1. The lamp (fixed)\n"
        "   The same kind of crash in the same function, lamp_set, with the same 3 frames.\n"
        "   https://wiki.example/cases/lamp-set/\n"
        "\n"
        "2. Esc \N{REPLACEMENT CHARACTER}[31m (fixed)\n"
        "   The same way in, up to lamp_write, and the kind of crash.\n"
        "   https://wiki.example/cases/lamp-get/\n"
    )


def test_a_log_that_is_like_nothing_exits_1(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert match(monkeypatch, LOG.format(crash="disk_flush", way="disk")) == 1
    assert capsys.readouterr().out.endswith("\n\nnothing like it in 2 cases\n")


def test_an_empty_wiki_says_that_it_is_empty(
    wiki: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for path in (wiki / "content/cases").iterdir():
        path.unlink()
    assert match(monkeypatch, LOG.format(crash="lamp_set", way="lamp")) == 1
    assert capsys.readouterr().out.endswith("nothing like it: the wiki has no cases\n")


def test_as_json_the_log_and_its_matches_are_told_with_what_is_shared(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert match(monkeypatch, LOG.format(crash="lamp_set", way="lamp"), "--json", "-n", "1") == 0
    found = json.loads(capsys.readouterr().out)
    assert found["log"]["frames"] == ["lamp_set", "lamp_write", "vfs_write"]
    assert found["matches"] == [
        {
            "slug": "lamp-set",
            "url": "cases/lamp-set/",
            "title": "The lamp",
            "status": "fixed",
            "reason": "The same kind of crash in the same function, `lamp_set`,"
            " with the same 3 frames",
            "shared": ["lamp_set", "lamp_write", "vfs_write"],
            "of": 3,
        }
    ]


def test_the_log_may_be_a_file(wiki: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (wiki / "panic.log").write_text(LOG.format(crash="lamp_set", way="lamp"))
    assert main([str(wiki / "panic.log"), "-n1"]) == 0
    assert "1. The lamp (fixed)" in capsys.readouterr().out


@pytest.mark.parametrize(
    "arguments",
    [[], ["a", "b"], ["-n", "0", "-"], ["-n", "many", "-"], ["--nonsense", "-"], ["no such file"]],
)
def test_wrong_usage_and_a_file_that_cannot_be_read_exit_2(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(arguments) == 2
    assert capsys.readouterr().err


def test_a_text_without_a_crash_exits_2(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert match(monkeypatch, "all is well\n") == 2
    assert capsys.readouterr().err == "sitegen match: there is no crash report in this log\n"


def test_outside_a_wiki_it_says_so_and_exits_2(
    tmp_path_factory: pytest.TempPathFactory,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path_factory.mktemp("elsewhere"))
    assert match(monkeypatch, LOG.format(crash="lamp_set", way="lamp")) == 2
    assert "G001" in capsys.readouterr().err


def test_verbose_names_the_shared_functions_and_quiet_leaves_the_answer_to_the_exit_code(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    log = LOG.format(crash="lamp_set", way="lamp")
    assert match(monkeypatch, log, "-v", "-n", "1") == 0
    assert "\n   lamp_set, lamp_write, vfs_write\n" in capsys.readouterr().out
    assert match(monkeypatch, log, "-q") == 0
    assert match(monkeypatch, LOG.format(crash="disk_flush", way="disk"), "-q") == 1
    assert capsys.readouterr() == ("", "")
