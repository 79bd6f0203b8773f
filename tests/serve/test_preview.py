"""A project built again and again: the last good site stays, drafts never get into `site/`."""

import os
import shutil
from pathlib import Path

import pytest

from sitegen.build.run import Options, build
from sitegen.diagnostics import Sink, as_text
from sitegen.project import read_project
from sitegen.serve import preview as module
from sitegen.serve.preview import Preview

LOG = """\
[    1.000000] BUG: kernel NULL pointer dereference, address: 0000000000000008
[    1.000001] RIP: 0010:lamp_on+0x12/0x40
[    1.000002] Call Trace:
[    1.000003]  <TASK>
[    1.000004]  vfs_write+0x10/0x20
[    1.000005]  </TASK>
"""


@pytest.fixture
def wiki(tmp_path, monkeypatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    root = tmp_path / "wiki"
    (root / "content/cases").mkdir(parents=True)
    (root / "sitegen.toml").write_text('title = "Wiki"\n')
    for name in ("one", "two"):
        (root / f"content/cases/{name}.md").write_text(f"# Case {name}\n\n```panic\n{LOG}```\n")
    (root / "content/cases/idea.md").write_text(
        f"---\ndraft: true\n---\n# An idea\n\n```panic\n{LOG}```\n"
    )
    return root


@pytest.fixture
def shown(wiki, tmp_path) -> Preview:
    shown = Preview(wiki, tmp_path / "shown/site", Options(jobs=1))
    assert shown.build().done
    return shown


def said(shown: Preview) -> list[str]:
    return [as_text(one) for one in shown.last.problems if one.severity != "note"]


def test_drafts_are_in_the_preview_and_never_in_the_site(wiki, shown) -> None:
    page = (shown.output / "cases/idea/index.html").read_text()
    assert '<span class="status draft">Draft</span>' in page
    assert "status draft" in (shown.output / "cases/index.html").read_text()
    project = read_project(wiki, Sink())
    build(project, Options(jobs=1), Sink())
    files = [path for path in (wiki / "site").rglob("*") if path.is_file()]
    assert files
    assert not [path for path in files if b"An idea" in path.read_bytes()]
    assert not (wiki / "site/cases/idea").exists()


def test_a_preview_of_the_same_content_is_the_site_as_it_is_built(wiki, shown) -> None:
    (wiki / "content/cases/idea.md").unlink()
    (wiki / "content/cases/one.md").write_text(f"# Renamed\n\n```panic\n{LOG}```\n")
    shown.build()
    build(read_project(wiki, Sink()), Options(jobs=1, cache=False), Sink())

    def files(folder: Path) -> dict[str, bytes]:
        return {
            path.relative_to(folder).as_posix(): path.read_bytes()
            for path in folder.rglob("*")
            if path.is_file()
        }

    assert files(shown.output) == files(wiki / "site")


@pytest.mark.parametrize(
    "broken", [b"---\ntitle: [\n---\nText\n", b"---\nstatus: 7\n---\n", b"\xff\xfe"]
)
def test_a_document_with_errors_keeps_its_last_page(wiki, shown, broken) -> None:
    page = shown.output / "cases/one/index.html"
    lists = shown.output / "cases/index.html"
    before, listed = page.read_bytes(), lists.read_bytes()
    (wiki / "content/cases/one.md").write_bytes(broken)
    shown.build()
    assert "content/cases/one.md" in said(shown)[0]
    assert page.read_bytes() == before
    assert lists.read_bytes() == listed
    shown.build()
    assert page.read_bytes() == before
    (wiki / "content/cases/one.md").unlink()
    shown.build()
    assert not page.exists()


@pytest.mark.parametrize(
    ("broken", "problems"), [("status: [open", ["3", "2"]), ("status: 7", ["2"])]
)
def test_of_a_page_that_is_kept_only_what_is_wrong_with_the_file_now_is_told(
    wiki, shown, broken, problems
) -> None:
    path = wiki / "content/cases/one.md"
    good = path.read_text()
    path.write_text(f"{good}\n{{claim}}`RAX is NULL`, see [there](two.md#nowhere)\n")
    shown.build()
    assert lines_told(shown) == ["12", "12"]
    path.write_text(f"---\n{broken}\n---\n{good}")
    for _ in range(2):
        shown.build()
        assert lines_told(shown) == problems
    path.write_text(good)
    shown.build()
    assert lines_told(shown) == []


def lines_told(shown: Preview) -> list[str]:
    """The numbers of the lines that something is said about."""
    return [one.split(":")[1] for one in said(shown)]


@pytest.mark.parametrize("config", ["title = \n", 'theme = "gone"\n', 'content = "gone"\n'])
def test_a_broken_configuration_keeps_the_last_site(wiki, shown, config) -> None:
    before = sorted(shown.output.rglob("*"))
    (wiki / "sitegen.toml").write_text(config)
    done = shown.build()
    assert not done.done
    assert said(shown)
    assert sorted(shown.output.rglob("*")) == before
    assert "last good site" in done.sentence()
    (wiki / "sitegen.toml").write_text('title = "Wiki"\n')
    assert shown.build().done
    assert said(shown) == []


def test_a_build_that_fails_is_told_and_the_next_one_works(wiki, shown, monkeypatch) -> None:
    def fail(*_arguments):
        raise KeyError("cases/uaf/")

    with monkeypatch.context() as patch:
        patch.setattr(module, "build", fail)
        assert not shown.build().done
    assert said(shown)[0].startswith("test_preview.py:")
    assert "error[G020]: the build failed in test_preview.py" in said(shown)[0]
    assert "KeyError: 'cases/uaf/'" in said(shown)[0]
    assert (shown.output / "index.html").is_file()
    assert shown.build().done


def test_the_page_that_was_edited_is_known(wiki, shown) -> None:
    path = wiki / "content/cases/two.md"
    path.write_text(f"{path.read_text()}\nMore.\n")
    done = shown.build({path})
    assert done.edited == "cases/two/index.html"
    assert done.written == ("cases/two/index.html",)


def test_a_lock_that_a_build_wrote_asks_for_no_other(wiki, shown) -> None:
    lock = wiki / "content/cases/two.lock.json"
    assert lock.is_file()
    assert shown.is_own(lock)
    os.utime(lock, (1, 1))
    assert not shown.is_own(lock)
    assert not shown.is_own(wiki / "content/cases/two.md")


def test_the_next_preview_begins_where_the_last_one_ended(wiki, shown, monkeypatch) -> None:
    monkeypatch.setattr("sitegen.build.state._TICK", -(10**12))
    shown.build()
    shown.keep()
    again = Preview(wiki, shown.output, Options(jobs=1))
    monkeypatch.setattr("sitegen.build.render._render", None)
    monkeypatch.setattr("sitegen.build.reading.read_document", None)
    assert again.build().done
    assert again.last.written == ()


def test_a_folder_that_somebody_emptied_is_filled_again(shown) -> None:
    shutil.rmtree(shown.output)
    shown.build()
    assert (shown.output / "cases/one/index.html").is_file()
