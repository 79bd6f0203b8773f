"""The pages before and after a page, in the order of its folder."""

from sitegen.web.index import Index, PageSummary
from sitegen.web.pages import find_around


def index_of(*paths: str) -> Index:
    urls = {
        path: path.removesuffix(".md").removesuffix("index").rstrip("/") + "/" for path in paths
    }
    pages = tuple(PageSummary(urls[path], path, path) for path in paths)
    return Index(pages=pages, documents=urls, titles={one.url: one.title for one in pages})


def order(index: Index, first: str, **links: tuple[str, ...]) -> list[str]:
    """The paths of the pages from `first` on."""
    around = find_around(index, {f"{folder}/index.md": paths for folder, paths in links.items()})
    found = [first]
    while (after := around[index.documents[found[-1]]].after) is not None:
        before = around[after.url].before
        assert before is not None
        assert before.title == found[-1]
        found.append(after.title)
    return found


def test_pages_that_the_index_page_does_not_link_to_come_last_by_their_paths() -> None:
    index = index_of("docs/index.md", "docs/a.md", "docs/b.md", "docs/c.md", "docs/d.md")
    links = ("docs/c.md", "elsewhere.md", "docs/b/", "docs/c.md")
    assert order(index, "docs/c.md", docs=links) == [
        "docs/c.md",
        "docs/b.md",
        "docs/a.md",
        "docs/d.md",
    ]


def test_the_index_page_of_a_folder_stands_among_the_pages_of_the_one_above() -> None:
    index = index_of("docs/index.md", "docs/b.md", "docs/a/index.md", "docs/a/x.md", "docs/a/y.md")
    assert order(index, "docs/a/index.md") == ["docs/a/index.md", "docs/b.md"]
    assert order(index, "docs/a/x.md") == ["docs/a/x.md", "docs/a/y.md"]


def test_without_an_index_page_and_at_the_first_level_pages_stand_alone() -> None:
    index = index_of("index.md", "about.md", "docs/index.md", "notes/a.md", "notes/b.md")
    assert find_around(index, {}) == {}
