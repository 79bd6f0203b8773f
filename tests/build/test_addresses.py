"""Pages, files and aliases that want one address: who gets it, and what is said."""

import hashlib
import json
import shutil
from pathlib import Path

import pytest

from sitegen import codes
from sitegen.build.run import Options, build
from sitegen.diagnostics import Sink, as_text
from sitegen.project import read_project

LOG = "[    1.000000] Kernel panic - not syncing: one\n"


@pytest.fixture
def wiki(tmp_path, monkeypatch) -> Path:
    """A wiki without documents."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    folder = tmp_path / "wiki"
    (folder / "content" / "cases").mkdir(parents=True)
    (folder / "sitegen.toml").write_text('title = "Wiki"\n')
    return folder


def write(wiki: Path, path: str, front: str = "") -> None:
    (wiki / "content" / path).write_text(f"---\n{front}\n---\n```panic\n{LOG}```\n")


def run(wiki: Path, *, cache: bool = True, jobs: int = 1) -> list[str]:
    sink = Sink()
    project = read_project(wiki, sink)
    assert project is not None
    outcome = build(project, Options(cache=cache, jobs=jobs), sink)
    assert outcome is not None
    assert outcome.published is not None
    return [as_text(problem) for problem in sink if problem.code == codes.M009]


@pytest.mark.parametrize(
    "alias",
    ["match/match-data.js", "cases.json", "cases", "robots.txt", "kinds/panic", "cases/two"],
)
def test_an_alias_takes_no_other_files_place(wiki, alias) -> None:
    write(wiki, "cases/two.md", "title: Two")
    run(wiki)
    before = {path for path in (wiki / "site").rglob("*") if path.is_file()}
    write(wiki, "cases/one.md", f"title: One\naliases: [{alias}]")
    said = run(wiki)
    assert len(said) == 1
    assert said[0].startswith(f"content/cases/one.md: error[M009]: the alias '{alias}/'")
    assert before <= {path for path in (wiki / "site").rglob("*") if path.is_file()}
    assert "Two" in (wiki / "site/cases/two/index.html").read_text()


def test_of_two_aliases_alike_the_first_leads(wiki) -> None:
    write(wiki, "cases/one.md", "title: One\naliases: [old, old/, /old]")
    write(wiki, "cases/two.md", "title: Two\naliases: [old]")
    said = run(wiki)
    assert [line.partition(":")[0] for line in said] == ["content/cases/two.md"]
    assert "cases/one/" in (wiki / "site/old/index.html").read_text()


def test_no_document_stands_in_place_of_its_folders_page(wiki) -> None:
    write(wiki, "cases/index.html.md", "title: Odd")
    assert run(wiki) == []
    assert "Odd" in (wiki / "site/cases/index-html/index.html").read_text()
    assert "Odd" in (wiki / "site/cases/index.html").read_text()


def test_a_file_of_the_source_in_a_thousand_folders_has_a_page(wiki) -> None:
    lock = {
        "schema": 1,
        "logs": [
            {
                "id": "panic-1",
                "sha256": hashlib.sha256(LOG.encode()).hexdigest(),
                "reports": [
                    {
                        "kind": "panic",
                        "label": "Panic",
                        "title": "kernel panic: one",
                        "chain": [{"function": "lamp", "file": f"{'a/' * 2400}lamp.c"}],
                    }
                ],
            }
        ],
    }
    write(wiki, "cases/one.md")
    (wiki / "content/cases/one.lock.json").write_text(json.dumps(lock))
    run(wiki)
    (page,) = (wiki / "site/files").glob("*/index.html")
    assert "lamp" in page.read_text()


@pytest.mark.parametrize("jobs", [1, 2])
def test_who_has_an_address_does_not_depend_on_who_came_first(wiki, jobs, monkeypatch) -> None:
    monkeypatch.setattr("sitegen.build.state._TICK", -(10**12))  # all files are trusted
    write(wiki, "cases/one.md", "title: One\ntags: [foo bar]")
    assert run(wiki, jobs=jobs) == []
    write(wiki, "cases/two.md", "title: Two\ntags: [Foo bar]")
    again = run(wiki, jobs=jobs)
    grown = {path: path.read_bytes() for path in (wiki / "site").rglob("*") if path.is_file()}
    shutil.rmtree(wiki / "site")
    assert run(wiki, cache=False) == again
    assert grown == {path: path.read_bytes() for path in grown}
    assert "Two" in (wiki / "site/tags/foo-bar/index.html").read_text()
