"""What holds for every kind of page: it loads in silence, and needs neither scripts nor a server."""

import re

import pytest

pytestmark = pytest.mark.browser


def test_every_kind_of_page_loads_in_silence(visit, wiki, root):
    """The fixtures fail on messages, errors, and requests that leave the wiki."""
    page = visit(root + "index.html")
    for path in wiki.pages().values():
        page.goto(root + path)

        assert page.locator("h1").count() == 1, path


def test_every_kind_of_page_can_be_read_without_scripts(visit, wiki):
    page = visit(wiki.http + "index.html", javascript=False)
    for path in wiki.pages().values():
        page.goto(wiki.http + path)

        assert page.locator("main").inner_text().strip(), path


def test_the_policy_allows_no_other_host_and_no_inline_script(wiki):
    for path in wiki.pages().values():
        html = (wiki.folder / path).read_text()
        policy = re.search(r'<meta http-equiv="Content-Security-Policy" content="([^"]*)">', html)

        assert policy, path
        assert "default-src 'none'" in policy[1]
        assert "unsafe" not in policy[1]
        assert html.index(policy[0]) < html.index("<script")


@pytest.mark.parametrize("width", [1440, 1024, 390])
def test_no_page_scrolls_sideways(visit, wiki, width):
    page = visit(wiki.file + "index.html", width=width)
    wide = []
    for path in wiki.pages().values():
        page.goto(wiki.file + path)
        if page.evaluate("document.documentElement.scrollWidth > window.innerWidth"):
            wide.append(path)

    assert wide == []
