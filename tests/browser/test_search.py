"""The search field and the search page, from a server and from disk, by keys, mouse and no script."""

import re
from pathlib import Path
from urllib.parse import quote, urlencode

import pytest

from sitegen.diagnostics import Sink
from sitegen.web import pages
from sitegen.web.index import CaseFacts, CaseSummary, Index, PageSummary, make_index
from sitegen.web.outputs import page_output, search, site_outputs
from sitegen.web.theme import load_theme
from tests.bench.search import make_facts
from tests.browser.test_standards import run_axe

pytestmark = pytest.mark.browser
ROOT = Path(__file__).parents[2]


def ask(page, query):
    """Types a query as a reader does, and waits for what all of it finds."""
    page.keyboard.press("/")
    page.keyboard.type(query)
    page.locator(f".found a[href$='?{urlencode({'q': query})}']").wait_for()


def found(page) -> dict[str, list[str]]:
    """What the list shows, by its groups."""
    groups = page.locator(".found [role='group']")
    return {
        group.get_attribute("aria-label"): [
            " ".join(option.split()) for option in group.get_by_role("option").all_inner_texts()
        ]
        for group in groups.all()
    }


def write_site(folder: Path, facts: list[CaseFacts]) -> Index:
    """The search page and its index, of cases that are made up."""
    index = make_index([], facts, [PageSummary("", "Notes"), PageSummary("cases/", "Cases")])
    sink = Sink()
    theme = load_theme("default", ROOT, sink=sink)
    assert theme is not None, list(sink)
    chrome = pages.make_chrome(index, title="Notes")
    page = pages.render_search(index=index, theme=theme, chrome=chrome, sink=sink)
    assert page is not None, list(sink)
    files = [(one.path, one.data) for one in (page_output(page), *site_outputs(index))]
    for path, data in (*files, *theme.static_files()):
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(data)
    return index


# --- The field ---------------------------------------------------------------------------------


PARTS = {
    "sysrq": ("Functions", "write_sysrq_trigger"),
    "vfs_wr": ("Functions", "vfs_write"),
    "rite_sys": ("Functions", "write_sysrq_trigger"),
    "VFS_WRITE()": ("Functions", "vfs_write"),
    "write_sysrq_trigger+0x3f/0x80": ("Functions", "write_sysrq_trigger"),
    "read_write.c": ("Source files", "fs/read_write.c"),
    "proc_ops": ("Ops tables", "sysrq_trigger_proc_ops"),
    "null deref": ("Kinds", "NULL dereference"),
    "6.2": ("Kernels", "6.2.0-rc2"),
    "fs/inode.c:48": ("Cases", "Closing a shared lamp puts its inode twice fs/inode.c:48"),
    "inode.c:48:9": ("Source files", "fs/inode.c"),
    "ba6130c7": ("Kernels", "ba6130c74ca33394849a8f40b5a6637e7090068b"),
    "procfs": ("Tags", "procfs"),
    "about": ("Pages", "About this wiki"),
}


def test_a_line_that_no_case_passed_finds_the_file_alone(page):
    ask(page, "fs/inode.c:49")
    assert list(found(page)) == ["Source files"]


def test_any_part_of_a_name_finds_it(page):
    for query, (group, title) in PARTS.items():
        ask(page, query)

        assert title in found(page)[group], query
        page.keyboard.press("Escape")


def test_words_are_all_looked_for_and_a_case_says_where_they_are(visit, wiki):
    page = visit(f"{wiki.file}index.html")
    ask(page, "bulb TIMER")

    cases = found(page)["Cases"]
    assert [case for case in cases if "blinks without a bulb" in case]
    assert all("timer" in case.lower() for case in cases)


def test_a_symbol_that_is_the_query_comes_first(visit, wiki):
    page = visit(f"{wiki.file}index.html")
    ask(page, "vfs_write")

    assert next(iter(found(page).items())) == ("Functions", ["vfs_write"])


def test_what_was_typed_is_marked(visit, wiki):
    page = visit(f"{wiki.file}index.html")
    ask(page, "sysrq_tri")

    marks = page.locator(".found mark").all_inner_texts()
    assert set(marks) == {"sysrq_tri"}


def test_arrows_walk_and_enter_opens(visit, root):
    page = visit(f"{root}cases/sysrq-crash/index.html")
    field = page.get_by_role("combobox", name="Search")
    ask(page, "write_sysrq_trigger")
    assert field.get_attribute("aria-expanded") == "true"
    assert field.get_attribute("aria-activedescendant") is None

    page.keyboard.press("ArrowDown")
    first = field.get_attribute("aria-activedescendant")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowUp")
    last = field.get_attribute("aria-activedescendant")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")

    assert first == "found-0"
    assert "All results" in page.locator(f"#{last}").inner_text()
    option = page.locator("[aria-selected='true']")
    assert option.get_attribute("id") == first
    title = option.inner_text()
    page.keyboard.press("Enter")
    page.wait_for_url("**/functions/write_sysrq_trigger/index.html")
    assert title == "write_sysrq_trigger"


def test_escape_leaves_and_slash_comes_back(visit, wiki):
    page = visit(f"{wiki.file}index.html")
    ask(page, "vfs")

    page.keyboard.press("Escape")
    assert page.locator(".found").is_hidden()
    assert page.evaluate("document.activeElement === document.body")
    assert page.locator(".search input").input_value() == "vfs"

    page.keyboard.press("/")
    page.locator(".found").wait_for()
    page.keyboard.type("proc")
    assert page.locator(".search input").input_value() == "proc"


def test_a_click_opens_and_a_click_elsewhere_closes(page):
    ask(page, "lamp")
    page.locator("h1").click(force=True, position={"x": 2, "y": 2})
    assert page.locator(".found").is_hidden()

    page.locator(".search input").click()
    page.get_by_role("option", name="desk_lamp_ops").click()

    page.wait_for_url("**/tables/desk_lamp_ops/index.html")


def test_a_slash_in_a_field_is_a_slash(visit, wiki):
    page = visit(f"{wiki.file}index.html")
    ask(page, "fs")
    page.keyboard.type("/read")

    assert page.locator(".search input").input_value() == "fs/read"


def test_nothing_is_said_to_be_nothing(visit, wiki):
    page = visit(f"{wiki.file}index.html")
    for query, answer in (("no such", "Nothing found."), ("x", "Type two letters or more.")):
        page.keyboard.press("/")
        page.keyboard.type(query)

        page.get_by_role("status").filter(has_text=answer).wait_for()
        assert page.get_by_role("combobox").get_attribute("aria-expanded") == "false"
        page.keyboard.press("Escape")


def test_enter_without_a_choice_shows_all_results(visit, root):
    page = visit(f"{root}cases/index.html")
    ask(page, "sysrq panics")
    page.keyboard.press("Enter")

    page.wait_for_url("**/search/index.html?q=sysrq+panics")
    page.locator(".hits li").first.wait_for()
    assert "sysrq" in page.locator(".hits li").first.inner_text()


# --- The page of results -----------------------------------------------------------------------


def test_the_page_shows_all_that_was_found_and_follows_the_field(visit, root):
    page = visit(f"{root}search/index.html?q=vfs_write")
    page.get_by_role("heading", name="Functions").wait_for()
    assert page.locator(".search input").input_value() == "vfs_write"
    assert page.locator(".lists").is_hidden()
    assert "vfs_write" in page.title()

    page.locator(".search input").fill("drivers/tty")
    page.get_by_role("heading", name="Source files").wait_for()
    page.locator(".search input").press("ArrowDown")
    assert page.evaluate("document.activeElement.closest('.results') !== null")
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.matches('.search input')")

    page.locator(".search input").fill("")
    assert page.locator(".lists").is_visible()
    assert page.locator(".results > *").count() == 0


@pytest.mark.parametrize("javascript", [True, False])
def test_without_a_query_the_page_is_an_index_of_the_wiki(visit, wiki, javascript):
    page = visit(f"{wiki.file}search/index.html", javascript=javascript)

    for folder in ("cases", "functions", "files", "tables", "kinds", "kernels", "tags"):
        link = page.locator(f".lists .all[href$='../{folder}/index.html']")
        assert link.is_visible(), folder


def test_without_scripts_the_field_leads_to_the_index(visit, root):
    page = visit(f"{root}cases/index.html", javascript=False)

    page.get_by_role("searchbox", name="Search").fill("vfs")
    page.get_by_role("button", name="Search").click()

    page.wait_for_url("**/search/index.html?q=vfs")
    assert page.get_by_text("needs JavaScript").is_visible()
    assert page.get_by_role("link", name="vfs_write").is_visible()


# --- Many cases, strange cases -----------------------------------------------------------------


def test_it_finds_what_reading_everything_would_find(visit, wiki, monkeypatch):
    for module in (search, search.cases):
        monkeypatch.setattr(module, "BLOCK", 64)
    index = write_site(wiki.served / "many", list(make_facts(150)))
    texts = everything(index)
    page = visit(f"{wiki.server}many/search/index.html")
    commit = index.terms["commits"][0].name
    one = index.cases[70]
    several = f"{one.functions[7][:5]} {one.kernel} {one.tags[0]}"

    for query in ("write", "null in", "_tab", "cve-2024-100", commit[:6], "io", several):
        answer = page.evaluate(
            """async query => {
              await sitegenSearch.ready();
              const { words, groups } = await sitegenSearch.find(query, 5000);
              return [words, groups.flatMap(group => group.rows.map(row => row.url))];
            }""",
            query,
        )
        words, urls = answer
        assert sorted(urls) == sorted(
            url for url, text in texts.items() if all(holds(text.lower(), word) for word in words)
        ), query
        assert urls, query


def everything(index: Index) -> dict[str, str]:
    """All that can be found, by address, with all that it is found by."""
    terms = [term for some in index.terms.values() for term in some]
    texts = {term.url: f"{term.title} {term.name}" for term in terms}
    texts |= {page.url: page.title for page in index.pages}
    texts |= {f"{key}/": key for key, some in index.terms.items() if some}
    for case in index.cases:
        texts[case.url] = " ".join([case.title, case.url, case.crash, case.label, *case.archs])
    for term in terms:
        for mention in term.mentions:
            texts[mention.case.url] += f" {term.name}"
    return texts


def holds(text: str, word: str) -> bool:
    for one in re.split(r"[\s()]+", text):
        if re.fullmatch("[0-9a-f]{8,}", one):
            if len(word) >= 4 and one.startswith(word):
                return True
        elif word in one if len(word) > 2 else re.search(rf"(?<![a-z0-9]){word}", one):
            return True
    return False


def test_a_hostile_title_is_text(visit, wiki):
    title = '<img src=x onerror=alert(1)> & "quoted" </script> \u2028 e\u0301t\u00e9 \U0001f600'
    folder = wiki.served / "hostile"
    write_site(folder, [CaseFacts(summary=CaseSummary(url="cases/a b/", slug="a b", title=title))])
    page = visit(f"{wiki.server}hostile/search/index.html?q={quote('onerror ETE')}")

    link = page.locator(".hits a")
    link.wait_for()

    assert link.text_content() == title
    assert link.locator("mark").all_inner_texts() == ["onerror", "e\u0301t\u00e9"]
    assert link.get_attribute("href") == f"{wiki.server}hostile/cases/a%20b/index.html"


def test_an_index_that_was_published_meanwhile_is_read_anew(visit, wiki):
    page = visit(f"{wiki.http}index.html")
    manifest = (wiki.folder / "search/manifest.js").read_text()
    old = re.sub(
        r'"names":"[0-9a-f]+"', lambda one: re.sub("[0-9a-f]{6}", "000000", one[0]), manifest
    )
    assert old != manifest
    page.route(
        "**/search/manifest.js",
        lambda route: route.fulfill(body=old, content_type="text/javascript"),
    )

    ask(page, "vfs_write")

    assert "vfs_write" in found(page)["Functions"]


def test_an_index_that_is_not_there_is_said_so(visit, wiki):
    page = visit(f"{wiki.http}index.html")
    page.route(
        "**/search/names/**", lambda route: route.fulfill(body="", content_type="text/javascript")
    )

    page.keyboard.press("/")
    page.keyboard.type("vfs")

    page.get_by_role("status").filter(has_text="could not be loaded").wait_for()


# --- Everybody ---------------------------------------------------------------------------------


@pytest.mark.parametrize(("width", "scheme"), [(1440, "light"), (390, "dark")])
def test_axe_finds_nothing_in_results(visit, wiki, node_file, width, scheme):
    axe = node_file("axe-core/axe.min.js")
    page = visit(f"{wiki.file}cases/index.html", width=width, scheme=scheme, policy=False)
    page.add_script_tag(path=axe)
    ask(page, "sysrq")
    page.keyboard.press("ArrowDown")
    assert run_axe(page) == []
    box = page.locator(".found").bounding_box()
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= width

    page.goto(f"{wiki.file}search/index.html?q=sysrq")
    page.locator(".hits li").first.wait_for()
    page.add_script_tag(path=axe)
    assert run_axe(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_the_option_at_hand_can_be_told_where_colours_are_forced(visit, wiki):
    page = visit(f"{wiki.file}index.html", forced=True)
    ask(page, "sysrq")
    page.keyboard.press("ArrowDown")

    option = page.locator("[aria-selected='true']")
    assert option.evaluate("one => getComputedStyle(one).outlineStyle") == "solid"


def test_paper_has_no_field(visit, wiki):
    page = visit(f"{wiki.file}index.html", media="print")

    assert page.locator(".search").is_hidden()
