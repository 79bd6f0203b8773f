"""Completion, in the shells themselves: what a Tab makes of a line, typed into a terminal."""

import os
import pty
import select
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from sitegen.__main__ import VERBS
from sitegen.cli.completion import SHELLS, main

ROOT = Path(__file__).parents[2]
PATIENCE = 30
SHOW = "\x18\x0c"
"""Ctrl-X Ctrl-L, which a test has the shell print its line at."""
STARTS = {
    "bash": (
        ["bash", "--noprofile", "--norc", "-i"],
        (
            r"""show() { printf '<%s>\n' "$READLINE_LINE"; }; bind -x '"\C-x\C-l": show'; """
            'eval "$(sitegen completion bash)"'
        ),
    ),
    "zsh": (
        ["zsh", "-f", "-i"],
        (
            """show() { print -r -- "<$BUFFER>" }; zle -N show; bindkey '^X^L' show; """
            'autoload -U compinit; compinit -u -D; eval "$(sitegen completion zsh)"'
        ),
    ),
}


class Shell(NamedTuple):
    """A shell in a terminal."""

    terminal: int

    def type(self, text: str) -> None:
        os.write(self.terminal, text.encode())

    def wait(self, text: str) -> str:
        """What the shell prints until `text` appears in it."""
        seen = ""
        end = time.monotonic() + PATIENCE
        while text not in seen:
            left = end - time.monotonic()
            ready = select.select([self.terminal], [], [], max(0, left))[0]
            assert ready, f"no {text!r} in {seen!r}"
            seen += os.read(self.terminal, 4096).decode(errors="replace")
        return seen.replace("\r", "")


@pytest.fixture
def wiki(tmp_path: Path) -> Path:
    """A folder with a wiki, and `sitegen` in `bin`."""
    program = tmp_path / "bin/sitegen"
    program.parent.mkdir()
    program.write_text(f'#!/bin/sh\nexec {sys.executable} -m sitegen "$@"\n')
    program.chmod(0o755)
    (tmp_path / "sitegen.toml").write_text('[[kernels]]\nrelease = "6.1.0-lamp"\n')
    (tmp_path / "panic.log").touch()
    return tmp_path


def surroundings(wiki: Path) -> dict[str, str]:
    path = f"{wiki / 'bin'}{os.pathsep}{os.environ['PATH']}"
    return {
        "PATH": path,
        "HOME": str(wiki),
        "TERM": "dumb",
        "PS1": "$ ",
        "LC_ALL": "C.UTF-8",
        "PYTHONPATH": str(ROOT),
    }


@pytest.fixture(params=[*STARTS])
def shell(request: pytest.FixtureRequest, wiki: Path) -> Iterator[Shell]:
    command, line = STARTS[request.param]
    if shutil.which(command[0]) is None:
        pytest.skip(f"{command[0]} is not installed")
    process, terminal = pty.fork()
    if process == 0:
        os.chdir(wiki)
        os.execvpe(command[0], command, surroundings(wiki))
    shell = Shell(terminal)
    shell.type(f"{line} && echo rea''dy\r")
    shell.wait("ready")
    yield shell
    os.kill(process, signal.SIGKILL)
    os.close(terminal)
    os.waitpid(process, 0)


LINES = [
    ("sitegen bu", "sitegen build "),
    ("sitegen build --lo", "sitegen build --locked "),
    ("sitegen build --format sa", "sitegen build --format sarif "),
    ("sitegen decode --debug", "sitegen decode --debuginfod "),
    ("sitegen decode -r 6.1.0-l", "sitegen decode -r 6.1.0-lamp "),
    ("sitegen parse pan", "sitegen parse panic.log "),
    ("sitegen parse --jsonl bi", "sitegen parse --jsonl bin/"),
    ("sitegen explain X001", "sitegen explain X001 "),
    ("sitegen completion f", "sitegen completion fish "),
    ("sitegen help sc", "sitegen help schema "),
]


def test_a_tab_completes_a_line_in_bash_and_zsh(shell: Shell) -> None:
    for typed, completed in LINES:
        shell.type(f"\x15{typed}\t{SHOW}")
        assert f"<{completed.rstrip()}" in shell.wait(">"), typed


def test_a_tab_completes_a_line_in_fish(wiki: Path) -> None:
    if shutil.which("fish") is None:
        pytest.skip("fish is not installed")
    asks = "".join(f'echo (complete -C "{typed}");' for typed, _ in LINES)
    done = subprocess.run(
        ["fish", "--no-config", "-c", f"sitegen completion fish | source; {asks}"],
        env=surroundings(wiki),
        cwd=wiki,
        capture_output=True,
        text=True,
        check=True,
        timeout=PATIENCE,
    )
    words = [line.split("\t")[0] for line in done.stdout.splitlines()]
    assert words == [completed.split()[-1] for _, completed in LINES]


def completions(wiki: Path, line: str) -> list[str]:
    """What `sitegen` answers the script of bash."""
    words = line.split(" ")
    asked = {"_SITEGEN_COMPLETE": "bash_complete", "COMP_WORDS": line}
    done = subprocess.run(
        [wiki / "bin/sitegen"],
        env={**surroundings(wiki), **asked, "COMP_CWORD": str(len(words) - 1)},
        cwd=wiki,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stderr == ""
    return [word.partition(",")[2] for word in done.stdout.splitlines()]


def test_all_verbs_are_offered(wiki: Path) -> None:
    assert completions(wiki, "sitegen ") == [*VERBS, "help"]


@pytest.mark.parametrize("verb", VERBS)
def test_options_of_every_verb_are_offered(wiki: Path, verb: str) -> None:
    assert "--help" in completions(wiki, f"sitegen {verb} --")


def test_a_broken_wiki_is_silent(wiki: Path) -> None:
    (wiki / "sitegen.toml").write_text("[[")
    assert "6.1.0-lamp" not in completions(wiki, "sitegen decode -r ")


def test_a_name_that_a_shell_would_run_is_not_offered(wiki: Path) -> None:
    cases = wiki / "content/cases"
    cases.mkdir(parents=True)
    for name in ("lamp", "$(touch x)", "`x`", "a;x", "a\nb", "*", "-x", "a b"):
        (cases / f"{name}.md").touch()

    assert completions(wiki, "sitegen new --slug ") == ["lamp"]


@pytest.mark.parametrize("arguments", [[], ["tcsh"], ["bash", "zsh"], ["--nonsense"]])
def test_without_a_shell_that_is_known_it_exits_2(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(arguments) == 2
    assert capsys.readouterr().err.startswith("sitegen completion: ")


def test_help_has_the_line_that_installs_it(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--help"]) == 0
    out = capsys.readouterr().out
    for line, _ in SHELLS.values():
        assert line in out
