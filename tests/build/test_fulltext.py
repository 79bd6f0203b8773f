"""The index of the full text: the same for the same pages, made anew when one changed, never in the way."""

from pathlib import Path

import pytest

from sitegen.build import fulltext, jobs
from sitegen.build.run import Options, build
from sitegen.diagnostics import Sink
from sitegen.project import read_project

PAGES = (
    ("", b"<html lang=en><body><nav>menu</nav><main><h1>Home</h1><p>lamp</p></main></body></html>"),
    ("cases/a/", b"<html lang=en><body><main><h1>A</h1><p>bulb</p></main></body></html>"),
)


@pytest.fixture
def pagefind() -> None:
    pytest.importorskip("pagefind", reason="pagefind is not installed: the extra `search`")
    pytest.importorskip("pagefind_bin", reason="pagefind's program is not installed")


@pytest.fixture
def wiki(tmp_path, monkeypatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    folder = tmp_path / "wiki"
    (folder / "content").mkdir(parents=True)
    (folder / "sitegen.toml").write_text('title = "Wiki"\nfull-text = true\n')
    (folder / "content" / "about.md").write_text("# About\n\nA lamp.\n")
    return folder


def run(wiki: Path) -> list[str]:
    sink = Sink()
    project = read_project(wiki, sink)
    assert project is not None
    assert build(project, Options(jobs=1), sink) is not None
    return [problem.code.id for problem in sink]


def test_equal_pages_give_equal_files(pagefind) -> None:
    first, second = fulltext.full_text(PAGES), fulltext.full_text(PAGES)
    assert first == second
    names = {output.path for output in first}
    assert {"pagefind/pagefind.js", "pagefind/pagefind-entry.json"} <= names
    assert not any(name.endswith((".css", "-ui.js")) for name in names)


def test_the_index_is_made_once_and_again_when_a_page_changed(pagefind, wiki, monkeypatch) -> None:
    monkeypatch.setattr("sitegen.build.state._TICK", -(10**12))
    made = []
    real = fulltext.full_text
    monkeypatch.setattr(jobs, "full_text", lambda pages: made.append(1) or real(pages))
    assert run(wiki) == []
    assert (wiki / "site/pagefind/pagefind.js").is_file()
    run(wiki)
    assert len(made) == 1
    (wiki / "content/about.md").write_text("# About\n\nA bulb.\n")
    run(wiki)
    assert len(made) == 2
    assert (wiki / "site/pagefind/pagefind.js").is_file()


def test_without_pagefind_the_rest_of_the_site_is_built(wiki, monkeypatch) -> None:
    def fail(_pages: object) -> None:
        raise fulltext.FullTextError("pagefind is not installed")

    monkeypatch.setattr(jobs, "full_text", fail)
    assert run(wiki) == ["G008"]
    assert (wiki / "site/about/index.html").is_file()


def test_a_wiki_that_does_not_ask_has_none(wiki) -> None:
    (wiki / "sitegen.toml").write_text('title = "Wiki"\n')
    assert run(wiki) == []
    assert not (wiki / "site/pagefind").exists()
    assert "wasm" not in (wiki / "site/search/index.html").read_text()
