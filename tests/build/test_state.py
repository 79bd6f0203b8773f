"""What the build remembers: it reads and renders what changed, and equals a clean build all the same."""

import os
import random
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from sitegen.build import reading, render
from sitegen.build.run import Options, build
from sitegen.diagnostics import Sink, as_text
from sitegen.project import read_project

LOG = """\
[    1.000000] BUG: kernel NULL pointer dereference, address: 0000000000000008
[    1.000001] RIP: 0010:lamp_{name}+0x12/0x40
[    1.000002] Call Trace:
[    1.000003]  <TASK>
[    1.000004]  vfs_write+0x10/0x20
[    1.000005]  </TASK>
"""
OLD = 1_600_000_000


@pytest.fixture
def wiki(tmp_path, monkeypatch) -> Path:
    """A wiki of three cases and a page that links to one of them, all written long ago."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    folder = tmp_path / "wiki"
    (folder / "content" / "cases").mkdir(parents=True)
    (folder / "sitegen.toml").write_text('title = "Wiki"\n')
    (folder / "content" / "about.md").write_text("# About\n\nSee [one](cases/one.md).\n")
    for name in ("one", "two", "three"):
        write_case(folder, name)
    return folder


def write_case(wiki: Path, name: str, text: str = "") -> None:
    log = LOG.replace("{name}", name)
    path = wiki / f"content/cases/{name}.md"
    path.write_text(f"# Case {name}\n\n{text}\n\n```panic\n{log}```\n")


def run(wiki: Path, *, cache: bool = True) -> list[str]:
    sink = Sink()
    project = read_project(wiki, sink)
    assert project is not None
    assert build(project, Options(cache=cache, jobs=1), sink) is not None
    return [as_text(problem) for problem in sink]


@pytest.fixture
def settle(monkeypatch) -> Callable[[], None]:
    """Makes every file look as if it had been written long before the next build."""
    monkeypatch.setattr("sitegen.build.state._TICK", -(10**12))
    return lambda: None


@pytest.fixture
def work(monkeypatch) -> dict[str, list[str]]:
    """Documents that were opened, and pages that were rendered, from now on."""
    done: dict[str, list[str]] = {"read": [], "rendered": []}
    read, one = reading.read_document, render._render

    def count_read(path, **options):
        done["read"].append(path)
        return read(path, **options)

    def count_rendered(job, *rest):
        done["rendered"].append(job.url)
        return one(job, *rest)

    monkeypatch.setattr(reading, "read_document", count_read)
    monkeypatch.setattr(render, "_render", count_rendered)
    return done


def snapshot(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def test_a_second_build_opens_and_renders_nothing(wiki, settle, work) -> None:
    run(wiki)
    before = snapshot(wiki)
    work["read"].clear()
    work["rendered"].clear()
    run(wiki)
    assert work == {"read": [], "rendered": []}
    assert snapshot(wiki) == before


def test_a_case_that_changed_renders_itself_and_what_lists_it(wiki, settle, work) -> None:
    run(wiki)
    work["rendered"].clear()
    write_case(wiki, "two", "More is known.")
    run(wiki)
    assert work["rendered"] == ["cases/two/"]
    work["rendered"].clear()
    text = (wiki / "content/cases/two.md").read_text()
    (wiki / "content/cases/two.md").write_text(f"---\ntags: [lamp]\n---\n{text}")
    run(wiki)
    assert {"cases/two/", "tags/lamp/"} <= set(work["rendered"])
    assert not {"cases/one/", "cases/three/", "about/"} & set(work["rendered"])


def png(width: int) -> bytes:
    return b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + width.to_bytes(4, "big") + b"\0\0\0\x08"


def test_a_picture_of_another_size_renders_the_pages_that_show_it(wiki, settle, work) -> None:
    picture = wiki / "content/cases/lamp.png"
    picture.write_bytes(png(20))
    write_case(wiki, "two", "![The lamp](lamp.png)")
    run(wiki)
    page = wiki / "site/cases/two/index.html"
    assert 'width="20" height="8"' in page.read_text()
    work["rendered"].clear()
    run(wiki)
    assert work["rendered"] == []

    picture.write_bytes(png(3000))
    run(wiki)

    assert work["rendered"] == ["cases/two/"]
    assert 'width="3000" height="8"' in page.read_text()


def test_further_syntax_that_is_turned_on_renders_every_document(wiki, settle, work) -> None:
    write_case(wiki, "two", "$x^2$ and <kbd>Ctrl</kbd>")
    assert any("M015" in one for one in run(wiki))
    page = wiki / "site/cases/two/index.html"
    assert "$x^2$ and &lt;kbd&gt;Ctrl&lt;/kbd&gt;" in page.read_text()
    with (wiki / "sitegen.toml").open("a") as config:
        config.write("math = true\nraw-html = true\n")

    assert not any("M015" in one for one in run(wiki))

    assert "</math> and <kbd>Ctrl</kbd>" in page.read_text()


def test_a_new_case_renders_no_other_case(wiki, settle, work) -> None:
    run(wiki)
    work["rendered"].clear()
    write_case(wiki, "four")
    run(wiki)
    assert [url for url in work["rendered"] if url.startswith(("cases/", "about"))] == [
        "cases/four/"
    ]


def test_a_page_is_rendered_again_when_its_links_lead_elsewhere(wiki, settle, work) -> None:
    run(wiki)
    work["rendered"].clear()
    (wiki / "content/cases/one.md").unlink()
    said = run(wiki)
    assert "about/" in work["rendered"]
    assert any("there is no 'cases/one.md'" in line for line in said)
    work["rendered"].clear()
    write_case(wiki, "one")
    assert not any("there is no" in line for line in run(wiki))
    assert "about/" in work["rendered"]


def test_a_page_is_rendered_again_when_its_neighbours_change(wiki, settle, work) -> None:
    folder = wiki / "content/guide"
    folder.mkdir()
    for name in "abcd":
        (folder / f"{name}.md").write_text(f"# Page {name}\n")
    (folder / "index.md").write_text("# Guide\n\n[C](c.md#top), [A](a.md), [x](https://x/b.md)\n")
    run(wiki)
    assert beside(wiki, "cabd") == [("", "a"), ("c", "b"), ("a", "d"), ("b", "")]
    rounds = [
        # file, text, what is rendered, the order of all
        ("a.md", "# Page a\n\nMore.\n", ["guide/a/"], "cabd"),
        ("a.md", "# Page e\n", ["guide/a/", "guide/b/", "guide/c/"], "cabd"),
        ("a.md", "# Page a\n", ["guide/a/", "guide/b/", "guide/c/"], "cabd"),
        ("index.md", "# Guide\n\n[D](/guide/d.md) [C](c.md)\n", None, "dcab"),
    ]
    for name, text, rendered, order in rounds:
        work["rendered"].clear()
        (folder / name).write_text(text)
        run(wiki)
        if rendered is not None:
            assert sorted(work["rendered"]) == rendered
        if "Page e" not in text:
            assert [name for name, _ in beside(wiki, order)] == ["", *order[:-1]]
        incremental = snapshot(wiki / "site")
        shutil.rmtree(wiki / "site")
        run(wiki, cache=False)
        assert snapshot(wiki / "site") == incremental


def beside(wiki: Path, names: str) -> list[tuple[str, str]]:
    """The last letters of the titles that each page has before and after it."""
    found = []
    for name in names:
        html = (wiki / f"site/guide/{name}/index.html").read_text()
        before, after = (re.search(f">{word}: Page (.)<", html) for word in ("Previous", "Next"))
        found.append((before[1] if before else "", after[1] if after else ""))
    return found


@pytest.mark.parametrize("harm", ["gone", "changed"])
def test_an_output_that_is_not_as_it_was_is_made_again(wiki, settle, harm) -> None:
    run(wiki)
    before = snapshot(wiki / "site")
    page = wiki / "site/cases/one/index.html"
    if harm == "gone":
        page.unlink()
    else:
        page.write_bytes(page.read_bytes()[::-1])  # of the same size
    run(wiki)
    assert snapshot(wiki / "site") == before


def test_a_lock_that_changed_changes_the_page(wiki, settle) -> None:
    run(wiki)
    lock = wiki / "content/cases/one.lock.json"
    lock.write_text(lock.read_text().replace("lamp_one", "lamp_ONE"))
    run(wiki)
    assert "lamp_ONE" in (wiki / "site/cases/one/index.html").read_text()


def test_a_file_written_twice_in_one_tick_is_noticed(wiki) -> None:
    """Same size, same time: only a file that is old by the time it is looked at may be trusted."""
    write_case(wiki, "one", "before")
    run(wiki)
    path = wiki / "content/cases/one.md"
    found = path.stat()
    write_case(wiki, "one", "after!")
    os.utime(path, ns=(found.st_atime_ns, found.st_mtime_ns))
    run(wiki)
    assert "after!" in (wiki / "site/cases/one/index.html").read_text()


@pytest.mark.parametrize("harm", ["cut", "flipped", "empty", "folder"])
def test_a_damaged_state_is_no_state(wiki, settle, harm) -> None:
    run(wiki)
    before = snapshot(wiki / "site")
    (state,) = (wiki.parent / "cache/sitegen/builds").iterdir()
    data = state.read_bytes()
    if harm == "folder":
        state.unlink()
        state.mkdir()
    else:
        state.write_bytes({"cut": data[:-9], "flipped": data[:-1] + b"?", "empty": b""}[harm])
    run(wiki)
    assert snapshot(wiki / "site") == before


def test_another_configuration_is_another_world(wiki, settle) -> None:
    run(wiki)
    (wiki / "sitegen.toml").write_text('title = "Another"\n')
    run(wiki)
    assert "Another" in (wiki / "site/cases/one/index.html").read_text()


def test_whatever_is_edited_an_incremental_build_equals_a_clean_one(wiki, settle) -> None:
    """Twenty rounds of random edits: the same bytes and the same problems as without a memory."""
    chance = random.Random(1)
    names = ["one", "two", "three", "four", "deep/five", "deep/six"]
    run(wiki)
    for round_ in range(20):
        for _ in range(chance.randint(1, 3)):
            name = chance.choice(names)
            path = wiki / f"content/cases/{name}.md"
            path.parent.mkdir(exist_ok=True)
            match chance.randrange(6):
                case 0:
                    path.unlink(missing_ok=True)
                case 1:
                    write_case(
                        wiki, name, f"See [it](../cases/{chance.choice(names)}.md#{round_})."
                    )
                case 2:
                    write_case(wiki, name, "{func}`vfs_write`")
                    path.write_text(f"---\ntags: [t{round_ % 3}]\nfoo: x\n---\n{path.read_text()}")
                case 3:
                    path.with_suffix(".lock.json").unlink(missing_ok=True)
                case 4:
                    (wiki / "content/cases/x.log").write_text(LOG.replace("{name}", f"r{round_}"))
                    path.write_text(
                        f"# {name}\n\n```{{panic}}\n:file: {'x' if '/' not in name else '../x'}.log\n```\n"
                    )
                case 5:
                    (wiki / "content/cases/x.log").unlink(missing_ok=True)
        said = run(wiki)
        clean = wiki.parent / "clean"
        shutil.rmtree(clean, ignore_errors=True)
        shutil.copytree(wiki, clean, ignore=shutil.ignore_patterns("site"))
        assert run(clean, cache=False) == said, round_
        assert snapshot(clean) == snapshot(wiki), round_


def test_what_problems_count_as_renders_nothing_anew(wiki, settle, work) -> None:
    (wiki / "content/about.md").write_text("# About\n\nSee [it](gone.md).\n")
    assert any("warning[X001]" in line for line in run(wiki))
    work["read"].clear()
    work["rendered"].clear()
    config = wiki / "sitegen.toml"
    config.write_text(f'{config.read_text()}[severity]\nX001 = "error"\n')
    assert any("error[X001]" in line for line in run(wiki))
    config.write_text(config.read_text().replace("error", "ignore"))
    assert not any("X001" in line for line in run(wiki))
    assert work == {"read": [], "rendered": []}


def test_each_output_folder_has_a_state_of_its_own(wiki, settle, work) -> None:
    project = read_project(wiki, Sink())
    assert project is not None
    other = Options(jobs=1, output=wiki.parent / "other", locked=True)
    build(project, Options(jobs=1), Sink())
    build(project, other, Sink())
    work["read"].clear()
    work["rendered"].clear()

    build(project, Options(jobs=1), Sink())
    build(project, other, Sink())

    assert work == {"read": [], "rendered": []}
