"""Where links lead, and what is said about those that lead nowhere."""

from pathlib import Path

import pytest
from msgspec.structs import replace

from sitegen.diagnostics import Place, Sink
from sitegen.web.content import Document
from sitegen.web.index import Index, Link, Page
from sitegen.web.links import (
    Target,
    anchors,
    check,
    commit_url,
    cve_url,
    read_assets,
    resolve,
    syzbot_url,
)

INDEX = Index(
    documents={
        "index.md": "",
        "about.md": "about/",
        "cases/a.md": "cases/a/",
        "cases/b/index.md": "cases/b/",
        "docs/index.md": "docs/",
    },
    titles={"": "Home", "cases/": "Cases", "functions/vfs_write/": "vfs_write", "404.html": "Lost"},
)
CASE = Document(
    path="cases/b/index.md", file="content/cases/b/index.md", kind="case", slug="b", url="cases/b/"
)


def leads(written: str, folder: Path = Path("nowhere")) -> Target:
    return resolve(written, document=CASE, index=INDEX, folder=folder)


@pytest.mark.parametrize(
    ("written", "data"),
    [
        ("b.json", "cases/b/b.json"),
        ("./b.log", "cases/b/b.log"),
        ("b.panic-2.txt", "cases/b/b.panic-2.txt"),
        ("../a/a.log", "cases/a/a.log"),
        ("/cases/a/a.json", "cases/a/a.json"),
    ],
)
def test_what_is_published_beside_a_case_is_known_by_its_name(written: str, data: str) -> None:
    index = replace(INDEX, titles={**INDEX.titles, "cases/a/": "A", "cases/b/": "B"})
    found = resolve(written, document=CASE, index=index, folder=Path("nowhere"))
    assert (found.problem, found.data, found.page, found.asset) == ("", data, False, "")


@pytest.mark.parametrize(
    "written", ["a.log", "b.html", "b.png", "b..log", "../c/c.log", "../../about/about.log", "b"]
)
def test_other_names_are_files_that_are_not_there(written: str) -> None:
    index = replace(INDEX, titles={**INDEX.titles, "cases/b/": "B", "about/": "About"})
    assert resolve(written, document=CASE, index=index, folder=Path("nowhere")).problem


def test_a_file_that_nobody_published_is_a_complaint_naming_the_nearest() -> None:
    at = Place("content/a.md", 3)
    links = (Link(at, "cases/b/b.json", data=True), Link(at, "cases/b/b.lgo", data=True))
    sink = Sink()
    check([Page(url="a/", title="", html="", links=links)], sink, files={"cases/b/b.json", "b.log"})
    (problem,) = sink
    assert problem.code.id == "X001"
    assert problem.hint == "did you mean 'cases/b/b.json'?"


@pytest.mark.parametrize(
    ("written", "href", "url"),
    [
        ("../a.md", "../a/index.html", "cases/a/"),
        ("../a.md#log", "../a/index.html#log", "cases/a/"),
        ("../../about.md", "../../about/index.html", "about/"),
        ("/about.md", "../../about/index.html", "about/"),
        ("/content/about.md", "../../about/index.html", "about/"),
        ("index.md", "index.html", "cases/b/"),
        ("./", "index.html", "cases/b/"),
        ("../..", "../../index.html", ""),
        ("../../docs", "../../docs/index.html", "docs/"),
        ("../../docs/", "../../docs/index.html", "docs/"),
        ("../", "../index.html", "cases/"),
        ("../index.html", "../index.html", "cases/"),
        (
            "../../functions/vfs_write/",
            "../../functions/vfs_write/index.html",
            "functions/vfs_write/",
        ),
        ("../../404.html", "../../404.html", "404.html"),
        ("../%61.md", "../a/index.html", "cases/a/"),
        ("#fn:1", "#fn:1", "cases/b/"),
        ("?x=1#y", "#y", "cases/b/"),
        ("#", "index.html", "cases/b/"),
    ],
)
def test_links_follow_file_paths_to_pages(written: str, href: str, url: str) -> None:
    found = leads(written)
    assert (found.href, found.url, found.page, found.problem) == (href, url, True, "")


def test_files_beside_a_case_are_its_assets(tmp_path: Path) -> None:
    (tmp_path / "cases/b").mkdir(parents=True)
    (tmp_path / "cases/b/a pic.png").write_bytes(b"")
    (tmp_path / "cases/b/..png").write_bytes(b"")
    found = leads('a%20pic.png?raw=1"#x', tmp_path)
    assert (found.href, found.asset, found.page) == (
        "a%20pic.png?raw=1%22#x",
        "cases/b/a pic.png",
        False,
    )


def test_a_picture_is_measured_once_while_it_looks_the_same(tmp_path: Path) -> None:
    (tmp_path / "cases/b").mkdir(parents=True)
    head = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x10\0\0\0\x20"
    (tmp_path / "cases/b/a.png").write_bytes(head)
    found = leads("a.png", tmp_path)
    assert found.picture is not None
    assert (found.picture.width, found.picture.height) == (16, 32)
    known = replace(found, picture=replace(found.picture, width=1))
    again = resolve("a.png", document=CASE, index=INDEX, folder=tmp_path, known=known)
    assert again == known
    (tmp_path / "cases/b/notes.txt").write_bytes(head)
    assert leads("notes.txt", tmp_path).picture is None


@pytest.mark.parametrize(
    "written",
    [
        "../../../etc/passwd",
        "/../x",
        "../../../../x",
        "%2e%2e/%2e%2e/%2e%2e/x",
        "a%00b",
    ],
)
def test_what_lies_outside_the_content_folder_is_no_link(tmp_path: Path, written: str) -> None:
    (tmp_path / "content").mkdir()
    (tmp_path / "x").write_text("secret")
    found = leads(written, tmp_path / "content")
    assert (found.href, found.asset, found.page) == ("", "", False)
    assert found.problem.endswith("lies outside the content folder")


def test_files_that_are_not_for_readers_are_not_published(tmp_path: Path) -> None:
    folder = tmp_path / "content"
    (folder / "cases/b/_aside").mkdir(parents=True)
    (folder / "cases/b/.git").mkdir()
    for name in ("_aside/x", ".git/x", ".env", "draft.md", "new\nline"):
        (folder / "cases/b" / name).write_text("x")
    (tmp_path / "secret").write_text("secret")
    (folder / "cases/b/link.png").symlink_to("../../../secret")
    (folder / "cases/b/loop.png").symlink_to("loop.png")
    for written in (
        "_aside/x",
        ".git/x",
        ".env",
        "draft.md",
        "new%0Aline",
        "link.png",
        "loop.png",
        "_aside",
        "x" * 5000,
    ):
        found = leads(written, folder)
        assert found.asset == ""
        assert found.problem.startswith("there is no ")


def test_the_document_itself_and_its_neighbours_are_not_near_for_the_folder_they_share() -> None:
    folder = "cases/a-crash-with-a-very-long-name"
    names = {f"{folder}/index.md": "", f"{folder}/notes.md": "n/"}
    case = replace(CASE, path=f"{folder}/index.md")

    def hint(written: str) -> str:
        index = replace(INDEX, documents=names)
        return resolve(written, document=case, index=index, folder=Path("nowhere")).hint

    assert hint("unrelated-thing.md") == hint("picture.md") == ""
    assert hint("note.md") == "did you mean 'notes.md'?"


def test_a_misspelt_document_gets_the_nearest_as_it_would_be_written_here() -> None:
    assert leads("../../abuot.md").hint == "did you mean '../../about.md'?"
    assert leads("../a").hint == "write '../a.md'"


def page(url: str, html: str, *links: tuple[str, str]) -> Page:
    at = Place("content/x.md", 3, 1)
    return Page(
        url=url, title="t", html=html, links=tuple(Link(at, to, fragment) for to, fragment in links)
    )


def test_missing_anchors_are_found_when_all_pages_are_rendered() -> None:
    sink = Sink()
    check(
        [
            page("a/", '<h2 id="log">', ("b/", "walk"), ("b/", "wlak"), ("a/", "log"), ("b/", "")),
            page("b/", '<p  id="walk"><a id="a&amp;b">', ("b/", "a&b"), ("gone/", "x")),
        ],
        sink,
    )
    (found,) = sink
    assert (found.code.id, found.message, found.hint) == (
        "X002",
        "'b/index.html' has no anchor '#wlak'",
        "did you mean 'walk'?",
    )


def test_anchors_are_ids_only() -> None:
    assert anchors('<a id="x" data-id="y" href="#z">id="w"</a>') == {"x"}


def test_assets_are_read_once_and_sorted(tmp_path: Path) -> None:
    (tmp_path / "b.png").write_bytes(b"b")
    (tmp_path / "a.png").write_bytes(b"a")
    sink = Sink()
    found = read_assets(["b.png", "a.png", "b.png", "../x", "gone.png"], tmp_path, sink)
    assert found == (("a.png", b"a"), ("b.png", b"b"))
    assert sink.found() == ()


def test_addresses_elsewhere_are_made_of_what_has_their_form_only() -> None:
    assert commit_url("e972b08b91ef") == "https://git.kernel.org/linus/e972b08b91ef"
    assert cve_url("CVE-2024-50082") == "https://www.cve.org/CVERecord?id=CVE-2024-50082"
    assert syzbot_url("0123456789ab") == "https://syzkaller.appspot.com/bug?extid=0123456789ab"
    for make in (commit_url, cve_url, syzbot_url):
        assert make('"><script>') == ""
        assert make("") == ""
