"""What holds for every kind of page: it loads in silence, and needs neither scripts nor a server."""

import re

import pytest

pytestmark = pytest.mark.browser

WIDTHS = (1440, 1024, 390)


def test_every_kind_of_page_loads_in_silence_and_fits_its_window(visit, wiki, root):
    """The fixtures fail on messages, errors, and requests that leave the wiki."""
    page = visit(f"{root}index.html")
    wide = []
    for path in wiki.pages().values():
        page.goto(root + path)
        assert page.locator("h1").count() == 1, path
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            if page.evaluate("document.documentElement.scrollWidth > window.innerWidth"):
                wide.append((path, width))

    assert wide == []


def test_every_kind_of_page_can_be_read_without_scripts(visit, wiki):
    page = visit(f"{wiki.file}index.html", javascript=False)
    for path in wiki.pages().values():
        page.goto(wiki.file + path)

        assert page.locator("main").inner_text().strip(), path


def test_the_policy_allows_no_other_host_and_no_inline_script(wiki):
    for path in wiki.pages().values():
        html = (wiki.folder / path).read_text()
        policy = re.search(r'<meta http-equiv="Content-Security-Policy" content="([^"]*)">', html)

        assert policy, path
        assert "default-src 'none'" in policy[1]
        assert "unsafe" not in policy[1]
        assert html.index(policy[0]) < html.index("<script")


def test_a_terminals_text_scrolls_in_its_block_on_a_phone_and_wraps_on_paper(visit, wiki):
    address = f"{wiki.file}docs/commands/index.html"
    widths = "one => [one.scrollWidth > one.clientWidth, document.documentElement.scrollWidth]"
    usage = "pre.terminal:has-text('Usage: sitegen new')"
    assert visit(address, width=390).eval_on_selector(usage, widths) == [True, 390]
    assert not visit(address, width=720, media="print").eval_on_selector(usage, widths)[0]


def test_names_and_full_stops_stay_in_their_lines_on_a_phone(visit, wiki):
    page = visit(f"{wiki.file}docs/writing/index.html", width=390)
    assert page.eval_on_selector(".ways figcaption", "one => getComputedStyle(one).display") == (
        "block"
    )
    page.goto(f"{wiki.file}cases/lamp-null/index.html")
    name = ".registers th:has-text('ORIG_RAX')"
    lines = "one => one.offsetHeight / parseFloat(getComputedStyle(one).lineHeight)"
    assert page.eval_on_selector(name, lines) == 1
    indent = "one => one.querySelector('.meaning').offsetLeft - one.querySelector('td').offsetLeft"
    assert page.eval_on_selector(".held tr", indent) == 0
