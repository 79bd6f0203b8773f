"""`sitegen init`: what it asks, and what it says."""

import io
import os

import pytest

from sitegen.__main__ import VERBS
from sitegen.cli.decode import places
from sitegen.cli.init import main


@pytest.fixture(autouse=True)
def _here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("sys.stdin", io.StringIO())


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_the_verbs_that_start_things_are_there():
    assert list(VERBS)[:3] == ["init", "new", "import"]


def test_it_asks_nothing_away_from_a_terminal(capsys, tmp_path):
    assert main(["wiki"]) == 0
    out = capsys.readouterr().out
    assert "  wiki/sitegen.toml\n" in out
    assert out.endswith(
        "next: cd wiki && sitegen build; then open site/index.html\n"
        "      sitegen new panic.log makes a case of your own\n"
    )
    assert 'title = "Crash notes"' in (tmp_path / "wiki/sitegen.toml").read_text()


def test_it_takes_answers_from_the_command_line(tmp_path):
    assert (
        main(
            ["--title", 'The "lamp" team', "--base-url", "https://a.example/", "--ci", "none", "-q"]
        )
        == 0
    )
    text = (tmp_path / "sitegen.toml").read_text()
    assert 'title = "The \\"lamp\\" team"' in text
    assert '\nbase-url = "https://a.example/"' in text
    assert not (tmp_path / ".github").exists()


def test_on_a_terminal_it_asks_for_what_was_not_given(monkeypatch, tmp_path):
    asked = []
    monkeypatch.setattr("sys.stdin", Terminal())
    monkeypatch.setattr("sys.stdout", Terminal())
    image = tmp_path / f"vmlinux-{os.uname().release}"
    image.touch()
    monkeypatch.setattr(places, "_IMAGES", (str(tmp_path / "vmlinux-{}"),))
    monkeypatch.setattr(
        "click.prompt", lambda text, **_: asked.append(text) or ("Lamps" if "Title" in text else "")
    )
    monkeypatch.setattr("click.confirm", lambda text, **_: asked.append(text) or True)
    assert main([]) == 0
    assert asked == [
        "Title of the wiki",
        "Address it will be published at (may be empty)",
        f"Decode logs of {os.uname().release} with {image}?",
    ]
    text = (tmp_path / "sitegen.toml").read_text()
    assert 'title = "Lamps"' in text
    assert f'[[kernels]]\nrelease = "{os.uname().release}"\nvmlinux = "{image}"' in text


def test_it_refuses_to_overwrite(capsys, tmp_path):
    (tmp_path / "sitegen.toml").write_text("mine")
    assert main([]) == 1
    assert "error[G015]: there is 'sitegen.toml' already" in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["sitegen.toml"]


def test_a_wrong_address_is_wrong_usage(capsys, tmp_path):
    assert main(["--base-url", "a.example"]) == 2
    assert "give an http:// or https:// address" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_it_tells_what_is_left_to_do_in_a_repository(capsys, tmp_path):
    (tmp_path / ".git").mkdir()
    (tmp_path / "wiki").mkdir()
    (tmp_path / "wiki/.gitignore").write_text("*.o\n")
    assert main(["wiki"]) == 0
    out = capsys.readouterr().out
    assert "add /site/ to wiki/.gitignore" in out
    assert "the CI files are in the root of the repository" in out
    assert "\n  .github/workflows/wiki.yml\n" in out
    assert "\n  wiki/sitegen.toml\n" in out
