"""Which changes are built for, and how many builds a burst of them is."""

import time
from pathlib import Path

import pytest

from sitegen.diagnostics import Sink
from sitegen.project import Project, read_project
from sitegen.serve.watch import Watcher, counts, watched


@pytest.fixture
def project(tmp_path) -> Project:
    (tmp_path / "content/cases").mkdir(parents=True)
    (tmp_path / "themes/own").mkdir(parents=True)
    (tmp_path / "kernels").mkdir()
    (tmp_path / "sitegen.toml").write_text(
        'title = "x"\n[[kernels]]\nrelease = "6.1"\nvmlinux = "kernels/vmlinux"\n'
    )
    project = read_project(tmp_path, Sink())
    assert project is not None
    return project


@pytest.mark.parametrize(
    "name",
    [
        *("content/cases/a.md", "content/cases/panic.log", "content/cases/a.lock.json"),
        *("content/_kernel/x.log", "themes/own/theme.toml", "sitegen.toml", "pyproject.toml"),
        "kernels/vmlinux",
    ],
)
def test_what_a_build_reads_counts(project, name) -> None:
    assert counts(project.root / name, watched(project.root, project))


@pytest.mark.parametrize(
    "name",
    [
        *("site/index.html", "README.md", "kernels/System.map", ".git/index", "sitegen.toml~"),
        *("content/cases/.a.md.swp", "content/cases/a.md~", "content/cases/4913", "content/#a.md#"),
        *("content/cases/.sitegen-x1", "content/.git/index", "content/a.md___jb_tmp___"),
    ],
)
def test_what_no_build_reads_does_not(project, name) -> None:
    assert not counts(project.root / name, watched(project.root, project))


def test_a_configuration_that_cannot_be_read_is_watched_still(tmp_path) -> None:
    places = watched(tmp_path, None)
    assert counts(tmp_path / "sitegen.toml", places)
    assert not places.deep


@pytest.fixture
def watcher(project):
    problems: list[str] = []
    watcher = Watcher(watched(project.root, project), problems.append)
    time.sleep(0.5)  # until the system watches
    yield watcher
    watcher.close()
    assert problems == []


def batches(watcher: Watcher) -> list[set[str]]:
    found = []
    while batch := watcher.next(2.0):
        found.append({path.name for path in batch})
    return found


def test_five_hundred_files_of_a_checkout_are_one_batch(project, watcher) -> None:
    for number in range(500):
        (project.content / f"page-{number}.md").write_text("text")
    found = batches(watcher)
    assert len(found) == 1
    assert {f"page-{number}.md" for number in range(500)} <= found[0]


def test_a_file_that_is_replaced_is_one_batch(project, watcher) -> None:
    page = project.content / "a.md"
    page.with_suffix(".tmp").write_text("new")
    page.with_suffix(".tmp").replace(page)
    assert batches(watcher) == [{"a.md"}]


def test_an_editor_that_moves_the_old_file_away_first_is_one_batch(project, watcher) -> None:
    page = project.content / "a.md"
    page.write_text("old")
    assert batches(watcher) == [{"a.md"}]
    page.rename(Path(f"{page}~"))
    page.write_text("new")
    Path(f"{page}~").unlink()
    assert batches(watcher) == [{"a.md"}]
