"""What all verbs have in common: complaints about the command line, and exit codes."""

import io
from pathlib import Path

import click
import pytest

from sitegen import codes
from sitegen.cli.running import examples, open_project, report, run, verbosity
from sitegen.diagnostics import Place, Sink


@click.command(epilog=examples("sitegen dig here", exits="0 found, 2 wrong usage"))
@click.option("--format", type=click.Choice(["text", "json"]), help="How to print it.")
@verbosity
@click.argument("place", required=False)
def dig(**_: object) -> int:
    """Dig for it."""
    return 0


def asking() -> int:
    raise click.Abort


@pytest.mark.parametrize("option", ["-h", "--help"])
def test_help_shows_usage_an_example_and_the_exit_codes(
    option: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(dig, "dig", [option]) == 0
    out = capsys.readouterr().out
    assert "sitegen dig [OPTIONS] [PLACE]" in out
    assert "\n    sitegen dig here\n" in out
    assert "Exit codes: 0 found, 2 wrong usage.\n" in out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--formatt", "text"], "unknown option '--formatt'; did you mean '--format'?"),
        (["--nonsense"], "unknown option '--nonsense'"),
        (["a", "b"], "got unexpected extra argument (b)"),
        (["--format", "xml"], "invalid value for '--format': 'xml' is not one of 'text', 'json'"),
    ],
)
def test_wrong_usage_is_said_in_a_line_with_the_usage_below_and_exits_2(
    arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(dig, "dig", arguments) == 2
    assert capsys.readouterr().err == (
        f"sitegen dig: {said}\nusage: sitegen dig [OPTIONS] [PLACE]\n"
        "`sitegen dig --help` tells more\n"
    )


def test_no_answer_to_a_question_exits_as_ctrl_c_does() -> None:
    assert run(click.Command("ask", callback=asking), "ask", []) == 130


def test_outside_a_wiki_a_verb_exits_2_and_with_a_broken_configuration_1(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    command = click.Command("look", callback=lambda: open_project(tmp_path, Sink()))
    assert run(command, "look", []) == 2
    assert "error[G001]" in capsys.readouterr().err
    (tmp_path / "sitegen.toml").write_text("title = \n")
    assert run(command, "look", []) == 1
    assert "sitegen.toml:1:" in capsys.readouterr().err


def test_notes_are_printed_when_asked_for_and_warnings_count_when_strict(
    capsys: pytest.CaptureFixture[str],
) -> None:
    sink = Sink()
    note, warning = codes.S006, codes.S001
    assert (note.severity, warning.severity) == ("note", "warning")
    sink.add(note, "there is no image")
    sink.add(warning, "sizes differ")
    assert report(sink) == 0
    assert capsys.readouterr().err == "warning[S001]: sizes differ\n"
    assert report(sink, verbose=True, strict=True) == 1
    assert capsys.readouterr().err == "note[S006]: there is no image\nwarning[S001]: sizes differ\n"


def test_in_a_job_of_github_no_text_is_a_command_to_the_runner(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    sink = Sink()
    sink.add(codes.S001, "##[stop-commands]x", at=Place("::add-mask::a.md"))
    report(sink)
    told = capsys.readouterr().err
    assert "##[" not in told
    assert not told.startswith("::")


class Terminal(io.StringIO):
    """Something to write to that says it is a terminal."""

    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("variables", "shown"),
    [
        ({}, "\x1b[1;33mwarning[S001]\x1b[0m: sizes differ\n"),
        ({"NO_COLOR": "1"}, "warning[S001]: sizes differ\n"),
        ({"TERM": "dumb"}, "warning[S001]: sizes differ\n"),
    ],
)
def test_a_terminal_gets_colours_unless_it_wants_none(
    variables: dict[str, str], shown: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    for name, value in {"TERM": "xterm", **variables}.items():
        monkeypatch.setenv(name, value)
    terminal = Terminal()
    monkeypatch.setattr("sys.stderr", terminal)
    sink = Sink()
    sink.add(codes.S001, "sizes differ")
    report(sink)
    assert terminal.getvalue() == shown
