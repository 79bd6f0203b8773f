"""When documents last changed, from a repository made for it."""

import subprocess
from pathlib import Path

import pytest

from sitegen.build.history import find_fault, last_changes
from sitegen.build.run import Options, build
from sitegen.diagnostics import Sink, as_text
from sitegen.project import read_project


def git(folder: Path, *arguments: str) -> None:
    identity = ["-c", "user.name=A", "-c", "user.email=a@b.example"]
    subprocess.run(["git", "-C", folder, *identity, *arguments], check=True, capture_output=True)


@pytest.fixture
def repository(tmp_path) -> Path:
    """A wiki in a folder of its repository, two commits old."""
    git(tmp_path, "init", "-q")
    content = tmp_path / "wiki/content"
    content.mkdir(parents=True)
    for day, names in (("2020-01-02", ("a.md", "ä b.md")), ("2021-03-04", ("a.md", "\x01x\n.md"))):
        for name in names:
            (content / name).write_text(day)
        git(tmp_path, "add", ".")
        git(tmp_path, "commit", "-q", "-m", "x", "--date", f"{day}T12:00:00+0000")
    return tmp_path


def test_a_document_changed_when_its_last_commit_was_made(repository) -> None:
    found = last_changes(repository / "wiki", repository / "wiki/content")
    assert found["content/a.md"] == "2021-03-04"
    assert found["content/ä b.md"] == "2020-01-02"


def test_what_is_not_committed_has_no_day(repository) -> None:
    (repository / "wiki/content/new.md").write_text("x")
    assert "content/new.md" not in last_changes(repository / "wiki", repository / "wiki/content")


def test_a_shallow_repository_knows_nothing(repository, tmp_path) -> None:
    subprocess.run(
        ["git", "clone", "-q", "--depth", "1", f"file://{repository}", tmp_path / "shallow"],
        check=True,
        capture_output=True,
    )
    wiki = tmp_path / "shallow/wiki"
    assert last_changes(wiki, wiki / "content") == {}


def test_without_a_repository_or_git_nothing_is_known(tmp_path, monkeypatch, repository) -> None:
    assert last_changes(Path("/"), Path("/")) == {}
    monkeypatch.setenv("PATH", "")
    assert last_changes(repository / "wiki", repository / "wiki/content") == {}


def test_no_setting_and_no_hook_of_the_user_changes_what_git_says(repository, monkeypatch) -> None:
    wiki = repository / "wiki"
    expected = last_changes(wiki, wiki / "content")
    for setting in ("diff.relative", "log.showSignature", "core.quotePath"):
        git(repository, "config", setting, "true")
    monkeypatch.setenv("GIT_DIR", ".git")
    monkeypatch.setenv("GIT_INDEX_FILE", "nowhere")
    assert expected
    assert last_changes(wiki, wiki / "content") == expected


def test_a_repository_with_its_history_has_no_fault(repository) -> None:
    assert find_fault(repository / "wiki") is None


@pytest.mark.parametrize(
    ("state", "message"),
    [
        ("no git", "there is no git program"),
        ("no repository", "this is no git repository"),
        ("shallow", "the clone is shallow"),
    ],
)
def test_days_that_git_cannot_tell_are_complained_of(
    repository, tmp_path, monkeypatch, state, message
) -> None:
    wiki = tmp_path / "clone/wiki"
    if state == "shallow":
        clone = ["git", "clone", "-q", "--depth", "1", f"file://{repository}", tmp_path / "clone"]
        subprocess.run(clone, check=True, capture_output=True)
    else:
        (wiki / "content").mkdir(parents=True)
        (wiki / "content/a.md").write_text("# A\n")
        monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(wiki.parent))
    (wiki / "sitegen.toml").write_text('title = "W"\nupdated = true\n')
    if state == "no git":
        monkeypatch.setenv("PATH", "/nowhere")
    sink = Sink()
    project = read_project(wiki, sink)
    assert project is not None
    build(project, Options(cache=False, jobs=1), sink)
    (said,) = (as_text(one) for one in sink if one.code.id == "G027")
    assert f"the days of last changes are not known: {message}" in said
