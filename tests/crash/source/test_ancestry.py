"""What a repository's history tells of a kernel, and what it does not."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from sitegen.crash.source import History

pytestmark = pytest.mark.skipif(shutil.which("git") is None, reason="there is no git")


def git(path: Path, *arguments: str) -> str:
    settings = {"GIT_CONFIG_GLOBAL": "/dev/null", "GIT_CONFIG_SYSTEM": "/dev/null"}
    who = ("-c", "user.name=A", "-c", "user.email=a@b", "-c", "protocol.file.allow=always")
    return subprocess.run(
        ["git", "-C", str(path), *who, *arguments],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, **settings},
    ).stdout.strip()


def commit(path: Path, message: str) -> str:
    git(path, "commit", "-q", "--allow-empty", "-m", message)
    return git(path, "rev-parse", "HEAD")


@pytest.fixture
def repository(tmp_path) -> Path:
    path = tmp_path / "linux"
    path.mkdir()
    git(path, "init", "-q", "-b", "main")
    (path / "a.c").write_text("int a;\n")
    git(path, "add", "a.c")
    commit(path, "first")
    return path


def test_an_ancestor_is_contained_and_what_came_later_is_not(repository) -> None:
    old = commit(repository, "old")
    kernel = commit(repository, "kernel")
    new = commit(repository, "new")
    history = History(repository)

    assert history.contains(kernel, old).yes is True
    assert history.contains(kernel, kernel).yes is True
    assert history.contains(kernel, new) == (False, "", "")


@pytest.mark.parametrize(
    "words",
    [
        "commit {} upstream.",
        "[ Upstream commit {} ]",
        "(cherry picked from commit {})",
    ],
)
def test_a_commit_made_from_another_contains_it(repository, words) -> None:
    git(repository, "branch", "stable")
    fix = commit(repository, "fix")
    git(repository, "checkout", "-q", "stable")
    copy = commit(repository, f"fix\n\n{words.format(fix)}")
    kernel = commit(repository, "release")

    assert History(repository).contains(kernel, fix) == (True, "", copy)


def test_a_commit_is_found_by_its_first_digits(repository) -> None:
    whole = commit(repository, "one")
    history = History(repository)

    assert history.find(whole[:12]) == ("commit", whole)
    assert history.find(whole) == ("commit", whole)
    assert history.find("0badc0de0badc0de").state == "absent"
    assert history.find(git(repository, "rev-parse", "HEAD:a.c")).state == "other"


def test_digits_of_several_commits_are_ambiguous(repository, monkeypatch) -> None:
    first, second = commit(repository, "one"), commit(repository, "two")
    history = History(repository)
    real = history._run
    both = (0, f"{first}\n{second}\n")
    monkeypatch.setattr(
        history, "_run", lambda *a: both if a[1].startswith("--disambiguate") else real(*a)
    )

    assert history.find(first[:7]).state == "ambiguous"


@pytest.mark.parametrize(
    "digits", ["--help", "HEAD", "v7.0", "", "0123456 ", "-1234567", "abc\n1234"]
)
def test_what_is_no_hash_never_reaches_git(repository, digits, monkeypatch) -> None:
    history = History(repository)
    monkeypatch.setattr(history, "_run", lambda *_: pytest.fail("git was asked"))

    assert history.find(digits).state == "absent"


def test_a_revision_is_never_taken_for_an_option(repository) -> None:
    history = History(repository)

    assert history.find_revision("--show-toplevel") == ""
    assert history.find_revision("main") == git(repository, "rev-parse", "main")
    assert history.find_revision("no-such-branch") == ""


def test_a_shallow_clone_says_yes_and_never_no(repository, tmp_path) -> None:
    commit(repository, "old")
    kernel = commit(repository, "kernel")
    new = commit(repository, "new")
    git(tmp_path, "clone", "-q", "--depth", "2", f"file://{repository}", "shallow")
    history = History(tmp_path / "shallow")

    assert history.contains(new, kernel).yes is True
    found = history.contains(kernel, new)
    assert found.yes is None
    assert "shallow" in found.why


def test_a_partial_clone_fetches_nothing(repository, tmp_path) -> None:
    kernel = commit(repository, "kernel")
    git(repository, "config", "uploadpack.allowFilter", "true")
    git(tmp_path, "clone", "-q", "--bare", "--filter=blob:none", f"file://{repository}", "partial")
    late = commit(repository, "not cloned")
    history = History(tmp_path / "partial")

    assert history.find(late).state == "absent"
    assert history.find(kernel) == ("commit", kernel)


def test_histories_without_a_common_commit_cannot_be_compared(repository) -> None:
    kernel = commit(repository, "kernel")
    git(repository, "checkout", "-q", "--orphan", "other")
    other = commit(repository, "other")

    assert History(repository).contains(kernel, other) == (
        None,
        "the two have no history in common",
        "",
    )


def test_hooks_and_settings_of_the_repository_run_nothing(repository, tmp_path) -> None:
    witness = tmp_path / "witness"
    hostile = tmp_path / "hostile.sh"
    hostile.write_text(f"#!/bin/sh\ntouch {witness}\n")
    hostile.chmod(0o755)
    for key in (
        "core.pager",
        "core.fsmonitor",
        "gpg.program",
        "core.sshCommand",
        "core.alternateRefsCommand",
    ):
        git(repository, "config", key, str(hostile))
    git(repository, "config", "log.showSignature", "true")
    kernel = commit(repository, "kernel")
    new = commit(repository, "new")
    witness.unlink(missing_ok=True)
    history = History(repository)

    history.find(kernel[:12])
    history.find_revision("main")
    history.contains(kernel, new)

    assert not witness.exists()


def test_what_is_no_repository_has_nothing(tmp_path) -> None:
    history = History(tmp_path)

    assert history.find("0123456789ab").state == "absent"
    assert history.find_revision("HEAD") == ""
