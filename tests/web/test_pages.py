"""Whole pages through the default theme."""

import re
from collections.abc import Callable
from functools import partial
from html.parser import HTMLParser
from pathlib import Path

import pytest
from msgspec import structs

from sitegen.diagnostics import Sink
from sitegen.web import links, pages
from sitegen.web.content import Document
from sitegen.web.directives import CaseLog
from sitegen.web.index import CaseSummary, Index, Page, PageSummary
from sitegen.web.theme import Theme

STATIC = Path(__file__).parents[2] / "themes/default/static"
PREVIEW = Path(__file__).parents[2] / "sitegen/serve/browser"
INDEX = Index(
    cases=(
        CaseSummary(
            url="cases/b/",
            slug="b",
            title="B <i>",
            date="2026-11-22",
            last="2026-11-22",
            logs=2,
            count=2,
        ),
        CaseSummary(url="cases/a/", slug="a", title="A", status="fixed", logs=1, count=1),
    ),
    pages=(PageSummary("about/", "About <us>", "about.md"), PageSummary("a/b/", "Deep", "x.md")),
)
CHROME = pages.make_chrome(INDEX, title="Notes & crashes")
VOID = frozenset({"meta", "link", "input", "br", "hr", "img", "wbr"})

Make = Callable[..., Document]
Log = Callable[..., CaseLog]


@pytest.fixture
def render(default_theme: Theme, tmp_path: Path) -> Callable[..., str]:
    def make(document: Document, *logs: CaseLog, complaints: tuple[str, ...] = ()) -> str:
        sink = Sink()
        page = pages.render_case(
            document,
            logs,
            resolve=partial(links.resolve, document=document, index=INDEX, folder=tmp_path),
            theme=default_theme,
            chrome=CHROME,
            sink=sink,
        )
        assert tuple(found.code.id for found in sink) == complaints
        assert page is not None
        return page.html

    return make


class Outline(HTMLParser):
    """Checks that elements close in order; collects ids, links inside the page, and headings."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.ids: list[str] = []
        self.links: list[str] = []
        self.attributes: set[str] = set()
        self.headings: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in VOID:
            self.open.append(tag)
        if re.fullmatch("h[1-6]", tag):
            self.headings.append(tag)
        for name, value in attrs:
            self.attributes.add(name)
            if name == "id":
                self.ids.append(value or "")
            if name == "href" and (value or "").startswith("#"):
                self.links.append((value or "")[1:])

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def outline(html: str) -> Outline:
    found = Outline()
    found.feed(html)
    found.close()
    assert found.open == []
    return found


def two_logs(document: Make, case_log: Log) -> tuple[Document, CaseLog, CaseLog]:
    first, second = case_log(), case_log(name="panic-2", text=False)
    return document("Prose.\n", first, second), first, second


def test_a_page_is_well_formed_and_its_ids_are_its_own(
    document: Make, case_log: Log, render: Callable[..., str]
) -> None:
    made, *logs = two_logs(document, case_log)
    found = outline(render(made, *logs))
    assert len(found.ids) == len(set(found.ids))
    assert set(found.links) <= set(found.ids)
    assert found.headings.count("h1") == 1


def test_a_page_keeps_to_a_strict_content_security_policy(
    document: Make, case_log: Log, render: Callable[..., str]
) -> None:
    log = case_log(browse="https://src.example/{file}#L{line}")
    html = render(document("Prose.\n", log), log)
    attributes = outline(html).attributes
    assert "style" not in attributes
    assert not {name for name in attributes if name.startswith("on")}
    assert not re.search(r"<script(?![^>]* src=)|<style", html)
    loaded = re.findall(r'(?:src|<link[^>]*href)="([^"]*)"', html)
    assert loaded
    assert all(not re.match("[a-z]+:|//", address) for address in loaded)


def test_parts_stand_in_the_standard_order(
    document: Make, case_log: Log, render: Callable[..., str]
) -> None:
    log = case_log()
    html = render(document("The *author's* words.\n", log), log)
    marks = ['class="verdict"', 'class="facts"', 'class="trust', 'class="prose"']
    marks += ['class="part log"', 'class="part walk"', 'class="part chain"']
    at = [html.index(mark) for mark in marks]
    assert at == sorted(at)


def test_a_part_that_the_author_places_is_not_laid_out_again(
    document: Make, case_log: Log, render: Callable[..., str]
) -> None:
    log = case_log()
    made = document(":::{chain}\n:::\n\nafter the chain\n\n:::{trace}\n:::\n", log)
    html = render(made, log)
    assert html.count('class="part chain"') == 1
    assert html.index('class="part chain"') < html.index("after the chain")
    assert html.count('id="L8"') == 1
    assert '<a href="#trace">' in html


def test_a_part_that_is_placed_twice_is_a_link_the_second_time(
    document: Make, case_log: Log, render: Callable[..., str]
) -> None:
    log = case_log()
    html = render(document(":::{chain}\n:::\n\n:::{chain}\n:::\n", log), log)
    assert html.count('class="part chain"') == 1
    assert '<a href="#chain">chain: above</a>' in html


def test_a_frame_inside_a_note_keeps_its_place(
    document: Make, case_log: Log, render: Callable[..., str]
) -> None:
    log = case_log()
    body = "::::{note} Look\n:::{frame} vfs_write\nIt *writes*.\n:::\n::::\n"
    html = render(document(body, log), log)
    note, frame = html.index('class="notice note"'), html.index('id="frame-vfs_write"')
    assert note < frame < html.index("It <em>writes</em>.")
    assert "sitegen:" not in html


def test_an_unknown_frame_is_reported_and_the_rest_is_rendered(
    document: Make, case_log: Log, render: Callable[..., str]
) -> None:
    log = case_log()
    html = render(document(":::{frame} nobody\n:::\n", log), log, complaints=("C001",))
    assert 'class="part walk"' in html


def test_an_unknown_frame_that_stands_twice_is_no_link_and_no_markup(
    document: Make, case_log: Log, render: Callable[..., str]
) -> None:
    log = case_log()
    body = ":::{frame} <img src=x onerror=alert(1)>\n:::\n\n" * 2
    html = render(document(body, log), log, complaints=("C001", "C001"))
    assert "<img" not in html
    assert ": above" not in html


def test_what_a_hostile_chain_calls_its_functions_is_escaped_where_a_frame_stands_twice(
    document: Make, case_log: Log, render: Callable[..., str]
) -> None:
    log, name = case_log(), '<img src=x onerror=alert(1)>"'
    found = log.evidence.reports[0]
    chain = tuple(structs.replace(step, function=name) for step in found.chain[:1])
    evidence = structs.replace(log.evidence, reports=(structs.replace(found, chain=chain),))
    log = structs.replace(log, evidence=evidence)
    html = render(document(f":::{{frame}} {name}\n:::\n\n" * 2, log), log)
    assert "<img" not in html
    assert "&lt;img src=x onerror=alert(1)&gt;&quot;: above" in html


@pytest.mark.parametrize("number", [0, 1, 7, 99999999999])
def test_markers_that_a_log_or_an_author_writes_are_text(
    document: Make, case_log: Log, render: Callable[..., str], number: int
) -> None:
    log, marker = case_log(), f"<!--sitegen:{number}-->"
    log = structs.replace(log, embedded=structs.replace(log.embedded, block=3))
    body = f":::{{chain}}\n:::\n```panic\n{marker}\n```\n\n{marker} `{marker}`\n\n## {marker}\n"
    html = render(document(body, log), log)
    assert html.count('class="part chain"') == 1
    assert html.count('class="part log"') == 1
    assert marker not in html
    assert f"<code>&lt;!--sitegen:{number}--&gt;</code>" in html  # the others are comments


def test_functions_of_the_chain_link_from_the_prose_to_the_walk(
    document: Make, case_log: Log, render: Callable[..., str]
) -> None:
    log = case_log()
    html = render(document("See `vfs_write()`.\n", log), log)
    assert '<a href="#walk-vfs_write"><code>vfs_write()</code></a>' in html


def test_a_heading_of_the_prose_does_not_take_the_anchor_of_a_part(
    document: Make, case_log: Log, render: Callable[..., str]
) -> None:
    log = case_log()
    found = outline(render(document("## Walk\n\nText.\n", log), log))
    assert {"walk", "walk-1"} <= set(found.ids)


@pytest.mark.parametrize(
    "name",
    [
        "walk",
        "log",
        "raw",
        "main",
        "summary",
        "L1",
        "raw-L1",
        "frame",
        "table",
        "log-2",
        "log-title",
        "walk-panic",
        "a-walk",
        "w1-1",
        "title",
        "walk-title",
        "frame-vfs_write",
        "panic-2",
    ],
)
def test_ids_of_a_page_are_unique_whatever_logs_and_headings_are_called(
    document: Make, case_log: Log, render: Callable[..., str], name: str
) -> None:
    logs = [case_log(name=one) for one in ("first", name, "a", "log-3", f"{name}-b")]
    logs = list({log.id: log for log in logs}.values())
    words = ("walk panic", "frame vfs_write", "table lamp_fops", name, f"{name} title", "raw", "a")
    body = ":::{frame} vfs_write\n:::\n\n" + "".join(f"## {word}\n\n" for word in words)
    found = outline(render(document(body, *logs), *logs))
    assert sorted(found.ids) == sorted(set(found.ids))
    assert set(found.links) <= set(found.ids)


def test_what_logs_and_authors_say_is_escaped(
    document: Make, case_log: Log, render: Callable[..., str]
) -> None:
    log = case_log()
    html = render(document("<script>alert(1)</script>\n", log), log)
    assert "<script>" not in html
    assert "<b>triggered" not in html
    assert "<title>A &lt;lamp&gt; · Notes &amp; crashes</title>" in html
    assert "echo &lt;c&gt;" in html


def test_a_case_without_a_log_is_prose(document: Make, render: Callable[..., str]) -> None:
    html = render(document("Only words.\n"))
    assert "Only words." in html
    assert "verdict" not in html


def test_a_case_that_is_not_decoded_has_every_part(
    document: Make, case_log: Log, render: Callable[..., str]
) -> None:
    log = case_log(decoded=False, text=False)
    html = render(document("Words.\n", log), log)
    assert "Not verified:" in html
    assert 'class="part walk"' in html


def test_equal_input_gives_equal_bytes(
    document: Make, case_log: Log, render: Callable[..., str]
) -> None:
    assert render(document("x\n", case_log()), case_log()) == render(
        document("x\n", case_log()), case_log()
    )


# --- Other pages ------------------------------------------------------------------------------


def test_the_home_page_lists_the_newest_and_the_open(default_theme: Theme, tmp_path: Path) -> None:
    page = pages.render_home(
        None, index=INDEX, resolve=None, theme=default_theme, chrome=CHROME, sink=Sink()
    )
    assert page is not None
    outline(page.html)
    (state,) = re.findall(r'<h1 class="state">(.*)</h1>', page.html)
    assert state == (
        "<strong>2 cases</strong>, seen 3 times. <strong>1 is open</strong>"
        "; the newest report is of 2026-11-22."
    )
    latest, unsettled, frequent = re.split('id="(?:open|frequent)"', page.html)
    assert ("B &lt;i&gt;" in latest, ">A</a>" in latest) == (True, True)
    assert ("B &lt;i&gt;" in unsettled, ">A</a>" in unsettled) == (True, False)
    assert ("B &lt;i&gt;" in frequent, ">A</a>" in frequent) == (True, False)


def test_the_table_has_every_case(default_theme: Theme) -> None:
    page = pages.render_cases(index=INDEX, theme=default_theme, chrome=CHROME, sink=Sink())
    assert page is not None
    outline(page.html)
    assert re.findall(r'href="(\w/index.html)"', page.html) == ["b/index.html", "a/index.html"]


def test_the_header_links_what_exists_and_marks_where_the_reader_is(
    default_theme: Theme,
) -> None:
    page = pages.render_cases(index=INDEX, theme=default_theme, chrome=CHROME, sink=Sink())
    assert page is not None
    links = re.findall(r'<li><a href="([^"]*)"( aria-current="page")?>([^<]*)</a></li>', page.html)
    assert [(title, bool(here)) for _, here, title in links] == [
        ("Cases", True),
        ("Match", False),
        ("About &lt;us&gt;", False),
    ]


def test_an_empty_wiki_has_no_list_and_no_link_to_one(default_theme: Theme, tmp_path: Path) -> None:
    chrome = pages.make_chrome(Index(), title="Empty")
    page = pages.render_home(
        None, index=Index(), resolve=None, theme=default_theme, chrome=chrome, sink=Sink()
    )
    assert page is not None
    assert "No cases yet." in page.html
    assert "cases/" not in page.html


def plain_page(made: Document, *logs: CaseLog, theme: Theme, folder: Path, sink: Sink) -> Page:
    page = pages.render_page(
        made,
        logs,
        resolve=partial(links.resolve, document=made, index=INDEX, folder=folder),
        theme=theme,
        chrome=CHROME,
        sink=sink,
    )
    assert isinstance(page, Page)
    return page


def test_a_plain_page_without_a_log_has_remarks_and_says_what_directives_miss(
    document: Make, default_theme: Theme, tmp_path: Path
) -> None:
    sink = Sink()
    made = document(":::{tip}\nx\n:::\n\n:::{chain}\n:::\n", url="about/")
    page = plain_page(made, theme=default_theme, folder=tmp_path, sink=sink)
    assert 'class="notice tip"' in page.html
    (problem,) = sink.found()
    assert problem.code.id == "M022"
    assert problem.message == "'chain' speaks of a log, and the page has none"


def test_a_page_in_a_folder_belongs_to_the_folder_in_the_header(
    document: Make, default_theme: Theme, tmp_path: Path
) -> None:
    made = document("x", url="about/house/")
    page = plain_page(made, theme=default_theme, folder=tmp_path, sink=Sink())
    assert '<a href="../index.html" aria-current="true">About' in page.html


def test_a_plain_page_with_a_log_shows_what_is_placed_and_nothing_else(
    document: Make, default_theme: Theme, tmp_path: Path, case_log: Callable[..., CaseLog]
) -> None:
    log = case_log()
    log = structs.replace(log, embedded=structs.replace(log.embedded, block=1))
    body = "```panic\nx\n```\n\n`vfs_write` it is.\n\n:::{chain}\n:::\n"
    sink = Sink()
    page = plain_page(
        document(body, log, url="about/"), log, theme=default_theme, folder=tmp_path, sink=sink
    )
    assert sink.found() == ()
    assert 'id="log"' in page.html
    assert 'id="chain"' in page.html
    assert 'id="walk"' not in page.html
    assert 'class="verdict' not in page.html


def test_the_parts_of_two_logs_of_a_plain_page_have_names_of_their_own(
    document: Make, default_theme: Theme, tmp_path: Path, case_log: Callable[..., CaseLog]
) -> None:
    made, *logs = two_logs(document, case_log)
    body = "".join(f":::{{chain}}\n:log: {log.id}\n:::\n\n" for log in logs)
    made = structs.replace(made, kind="page", url="about/", body=body)
    page = plain_page(made, *logs, theme=default_theme, folder=tmp_path, sink=Sink())
    titles = dict(re.findall(r'<h2 id="([^"]+)">([^<]+)</h2>', page.html))
    named = re.findall(r'aria-labelledby="([^"]+)"', page.html)
    assert [titles[one] for one in named] == ["Chain", "Chain, panic-2"]


def test_links_of_a_plain_page_into_parts_that_it_does_not_show_are_text(
    document: Make, default_theme: Theme, tmp_path: Path, case_log: Callable[..., CaseLog]
) -> None:
    log = case_log()
    log = structs.replace(log, embedded=structs.replace(log.embedded, block=1))
    body = "```panic\nx\n```\n\n`vfs_write` it is.\n\n:::{chain}\n:::\n"
    page = plain_page(
        document(body, log, url="about/"),
        log,
        theme=default_theme,
        folder=tmp_path,
        sink=Sink(),
    )
    ids = set(re.findall(r' id="([^"]*)"', page.html))
    assert set(re.findall(r'href="#([^"]*)"', page.html)) <= ids
    walked = plain_page(
        document(f"{body}\n:::{{walk}}\n:::\n", log, url="about/"),
        log,
        theme=default_theme,
        folder=tmp_path,
        sink=Sink(),
    )
    assert '<a href="#walk-vfs_write"><code>vfs_write</code></a>' in walked.html


def test_the_page_for_missing_addresses_leads_home_from_any_depth(default_theme: Theme) -> None:
    chrome = pages.make_chrome(INDEX, title="x", base_url="https://example.org/wiki/")
    page = pages.render_not_found(theme=default_theme, chrome=chrome, sink=Sink())
    assert page is not None
    assert page.url == "404.html"
    assert '<base href="https://example.org/wiki/">' in page.html


# --- The theme's files ------------------------------------------------------------------------


def test_styles_and_scripts_stay_small() -> None:
    """Those of a case's page, as files: 40 KB of rules, 30 KB of scripts."""
    base, case = (
        (STATIC.parent / "templates" / name).read_text() for name in ("base.html", "case.html")
    )
    named = re.findall(r"asset\('([\w.]+)'\)", base + case)
    sizes = dict.fromkeys((".css", ".js", ".svg"), 0)
    for name in named:
        sizes[Path(name).suffix] += (STATIC / name).stat().st_size
    assert sizes[".css"] < 40_000
    assert sizes[".js"] < 30_000


def test_the_style_sheet_loads_nothing_and_forces_nothing() -> None:
    for path in STATIC.rglob("*.css"):
        assert not re.search(r"@import|url\(|!important", path.read_text(encoding="utf-8"))


def test_every_class_that_templates_and_views_give_is_known_to_the_style_sheet() -> None:
    styles = [*sorted(STATIC.rglob("*.css")), PREVIEW / "draft.css"]
    css = "".join(path.read_text(encoding="utf-8") for path in styles)
    known = set(re.findall(r"\.([a-z][\w-]*)", css))
    templates = STATIC.parent / "templates"
    used = {
        name
        for path in templates.rglob("*.html")
        for value in re.findall(r'class="([^"{]*)', path.read_text(encoding="utf-8"))
        for name in value.split()
    }
    # Parts that need no rule of their own.
    assert used - known <= {
        *("decoded", "raw", "home", "list", "name", "further"),
        "scripted",  # a mark for a script
    }
