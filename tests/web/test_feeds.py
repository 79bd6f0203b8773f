"""The feed, the map and the redirects, read by a feed parser and an XML parser."""

from xml.etree import ElementTree as ET

import feedparser

from sitegen.diagnostics import Sink
from sitegen.web import pages
from sitegen.web.content import Document, FrontMatter
from sitegen.web.index import CaseSummary, Index, Page, PageSummary
from sitegen.web.pages.feeds import sitemap_view
from sitegen.web.theme import Theme

INDEX = Index(
    cases=(
        CaseSummary(
            url="cases/new/",
            slug="new",
            title="A & <b> \x0b",
            date="2026-01-02",
            last="2026-03-04",
            label="BUG()",
            function="f",
            file="a.c",
            line=3,
            tags=("x&y",),
            authors=("A <nother>",),
        ),
        CaseSummary(url="cases/old/", slug="old", title="Old", date="2025-01-01", crash="panic: x"),
        CaseSummary(url="cases/undated/", slug="undated", title="Undated"),
    ),
    pages=(PageSummary("about/", "About"),),
)
CHROME = pages.make_chrome(INDEX, title="N & <m>", base_url="https://x.example/a&b/")


def made(theme: Theme, chrome: pages.Chrome = CHROME) -> dict[str, Page]:
    sink = Sink()
    found = pages.render_feeds(index=INDEX, theme=theme, chrome=chrome, sink=sink)
    assert not sink.found()
    return {page.url: page for page in found}


def test_a_feed_parser_reads_the_cases_newest_first(default_theme: Theme) -> None:
    feed = feedparser.parse(made(default_theme)["feed.xml"].html)
    assert not feed.bozo
    assert feed.version == "atom10"
    assert feed.feed.title == "N & <m>"
    assert feed.feed.updated == "2026-03-04T00:00:00Z"
    assert [entry.link for entry in feed.entries] == [
        "https://x.example/a&b/cases/new/",
        "https://x.example/a&b/cases/old/",
    ]
    first, second = feed.entries
    assert first.title == "A & <b>"
    assert (first.published, first.updated) == ("2026-01-02T00:00:00Z", "2026-03-04T00:00:00Z")
    assert first.summary == "BUG() in f, a.c:3"
    assert [tag.term for tag in first.tags] == ["x&y"]
    assert first.author == "A <nother>"
    assert second.summary == "panic: x"


def test_the_map_has_every_page_once(default_theme: Theme) -> None:
    root = ET.fromstring(made(default_theme)["sitemap.xml"].html.split("?>", 1)[1])
    space = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
    places = [place.findtext(f"{space}loc") for place in root]
    assert places == [
        f"https://x.example/a&b/{url}"
        for url in ("about/", "cases/", "cases/new/", "cases/old/", "cases/undated/")
    ]


def test_the_map_writes_addresses_as_its_protocol_wants_them() -> None:
    index = Index(cases=(CaseSummary(url="cases/k\u00e4fer-\u65e5/", slug="x", title="X"),))
    assert [one.url for one in sitemap_view(index, ()).places] == ["cases/k%C3%A4fer-%E6%97%A5/"]


def test_without_an_address_there_is_no_feed_and_no_map(default_theme: Theme) -> None:
    found = made(default_theme, pages.make_chrome(INDEX, title="N"))
    assert list(found) == ["robots.txt"]
    assert "Sitemap" not in found["robots.txt"].html
    assert "Sitemap: https://x.example/a&b/sitemap.xml" in made(default_theme)["robots.txt"].html


def test_an_alias_leads_to_where_the_document_is_now(default_theme: Theme) -> None:
    front = FrontMatter(title="Now", aliases=("cases/before/", "b/"))
    document = Document(
        path="cases/now.md", file="content/cases/now.md", kind="case", slug="now", url="cases/now/",
        front=front,
    )  # fmt: skip
    sink = Sink()
    found = pages.render_redirects([document], theme=default_theme, chrome=CHROME, sink=sink)
    assert [page.url for page in found] == ["cases/before/", "b/"]
    assert 'content="0; url=../now/index.html"' in found[0].html
    assert '<a href="../cases/now/index.html">' in found[1].html


def test_pages_say_where_they_stand_and_what_they_are(default_theme: Theme) -> None:
    page = pages.render_cases(index=INDEX, theme=default_theme, chrome=CHROME, sink=Sink())
    assert page is not None
    assert '<link rel="canonical" href="https://x.example/a&amp;b/cases/">' in page.html
    assert '<meta property="og:title" content="Cases">' in page.html
    assert 'type="application/atom+xml"' in page.html
    bare = pages.make_chrome(INDEX, title="N")
    page = pages.render_cases(index=INDEX, theme=default_theme, chrome=bare, sink=Sink())
    assert page is not None
    assert "canonical" not in page.html


def test_what_xml_cannot_write_stays_out_of_the_feed(default_theme: Theme) -> None:
    chrome = pages.make_chrome(
        INDEX, title="A\x01 <wiki>", description="of \x0b crashes", base_url="https://x.example/"
    )
    feed = feedparser.parse(made(default_theme, chrome)["feed.xml"].html)
    assert not feed.bozo
    assert (feed.feed.title, feed.feed.subtitle) == ("A <wiki>", "of  crashes")


def test_a_feed_without_entries_has_a_date_all_the_same(default_theme: Theme) -> None:
    found = pages.render_feeds(index=Index(), theme=default_theme, chrome=CHROME, sink=Sink())
    feed = feedparser.parse(next(page for page in found if page.url == "feed.xml").html)
    assert feed.feed.updated == "1970-01-01T00:00:00Z"
