"""A wiki with a fault of every sort, and the git repository that one of its kernels was built from."""

import hashlib
import json
import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest
from msgspec.structs import replace

from sitegen.build.run import Options, build
from sitegen.check.run import check
from sitegen.crash.lockfile import decode, encode, iter_snippets
from sitegen.diagnostics import Diagnostic, Sink
from sitegen.project import read_project
from sitegen.reporters import in_order

ROOT = Path(__file__).parents[2]
KERNEL = ROOT / "content" / "_kernel"
FAULTS = Path(__file__).parent / "faults"
PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x08\0\0\0\x08\x08"


class History(NamedTuple):
    """Commits of a repository whose tag v7.0 is a stable kernel."""

    path: Path
    culprit: str
    upstream: str
    "the fix, which the stable kernel has as a commit of its own"
    copy: str
    later: str
    "of mainline, and not in the stable kernel"
    blob: str


class Repository:
    """A repository to make commits in."""

    def __init__(self, path: Path) -> None:
        self.path = path
        path.mkdir()
        self.git("init", "-q", "-b", "main")

    def git(self, *arguments: str) -> str:
        day = "2026-01-01T00:00:00Z"
        who = {"GIT_AUTHOR_DATE": day, "GIT_COMMITTER_DATE": day}
        done = subprocess.run(
            [
                *("git", "-C", str(self.path), "-c", "user.name=A", "-c", "user.email=a@b"),
                *arguments,
            ],
            capture_output=True,
            text=True,
            check=True,
            env={
                **os.environ,
                **who,
                "GIT_CONFIG_GLOBAL": "/dev/null",
                "GIT_CONFIG_SYSTEM": "/dev/null",
            },
        )
        return done.stdout.strip()

    def commit(self, message: str) -> str:
        with (self.path / "lamp.c").open("a") as file:
            file.write(f"/* {len(message)} */\n")
        self.git("add", "lamp.c")
        self.git("commit", "-q", "-m", message)
        return self.git("rev-parse", "HEAD")


@pytest.fixture
def history(tmp_path) -> History:
    if shutil.which("git") is None:
        pytest.skip("there is no git")
    made = Repository(tmp_path / "history")
    made.commit("lamp: a driver")
    culprit = made.commit("lamp: read the bulb")
    made.git("branch", "stable")
    made.commit("lamp: other work")
    upstream = made.commit("lamp: look for a bulb")
    later = made.commit("lamp: more work")
    made.git("checkout", "-q", "stable")
    copy = made.commit(f"lamp: look for a bulb\n\ncommit {upstream} upstream.\n")
    made.git("tag", "v7.0")
    blob = made.git("rev-parse", "HEAD:lamp.c")
    return History(made.path, culprit, upstream, copy, later, blob)


@pytest.fixture
def faults(tmp_path, monkeypatch, history) -> Path:
    """The wiki of faults, with locks made before they were tampered with."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("EXAMPLE_KERNEL", str(KERNEL))
    wiki = tmp_path / "wiki"
    shutil.copytree(FAULTS, wiki)
    shutil.copytree(KERNEL / "logs", wiki / "content" / "_logs")
    (wiki / "content" / "picture.png").write_bytes(PNG)
    (wiki / "content" / "pages" / "latin.md").write_bytes(b"# Latin\n\nna\xefve\n")
    (wiki / "content" / "pages" / "outside.md").symlink_to(wiki / "sitegen.toml")
    names = {
        "CULPRIT": history.culprit[:12],
        "UPSTREAM": history.upstream[:12],
        "LATER": history.later,
        "BLOB": history.blob[:16],
    }
    for path in sorted((wiki / "content" / "cases").glob("fixes-*.md")):
        text = path.read_text()
        for name, commit in names.items():
            text = text.replace(f" {name}\n", f" {commit}\n")
        path.write_text(text)
    make(wiki)
    tamper(wiki / "content" / "cases")
    return wiki


def make(wiki: Path) -> None:
    """Builds the wiki, which writes its locks."""
    project = read_project(wiki, Sink())
    assert project is not None
    assert build(project, Options(jobs=1), Sink()) is not None


def tamper(cases: Path) -> None:
    """Does to the locks what careless people do."""

    def edit(name: str, old: str, new: str) -> None:
        path = cases / name
        text = path.read_text()
        assert old in text, (name, old)
        path.write_text(text.replace(old, new, 1))

    edit("drift.lock.json", '"line": 122', '"line": 121')
    edit("sizes.lock.json", '"equal": 8', '"equal": 9')
    edit("chain.lock.json", '"kind": "direct"', '"kind": "tail"')
    edit("forged.lock.json", "add_kstack_offset();", "remove_kstack_offset();")
    old, new = "\tadd_kstack_offset();", "\tadd_another_offset();"
    text = next(
        one.text
        for one in iter_snippets(decode((cases / "source.lock.json").read_bytes()))
        if old in one.text
    )
    edit("source.lock.json", json.dumps(text), json.dumps(text.replace(old, new)))
    edit("source.lock.json", sha256(text), sha256(text.replace(old, new)))
    edit("lock-stale.md", "Comm: init", "Comm: exit")
    edit("lock-damaged.lock.json", "{", "")
    more = cases / "lock-more.lock.json"
    held = decode(more.read_bytes())
    more.write_bytes(encode(replace(held, logs=(*held.logs, replace(held.logs[0], id="panic-9")))))
    (cases / "lock-missing.lock.json").unlink()
    shutil.copy(cases / "drift.lock.json", cases / "gone.lock.json")


def sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


@pytest.fixture
def look() -> Callable[..., tuple[Diagnostic, ...]]:
    """Checks the wiki in a folder: what is found, in order."""

    def look(wiki: Path, **options) -> tuple[Diagnostic, ...]:
        sink = Sink()
        project = read_project(wiki, sink)
        assert project is not None
        check(project, sink, jobs=1, **options)
        return in_order(sink)

    return look
