"""`sitegen serve` with a browser open: edit, see it; break it, see why; mend it, read on."""

import contextlib
import os
import re
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pytest

Error = pytest.importorskip("playwright.sync_api", reason="playwright is not installed").Error

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser

ROOT = Path(__file__).parents[2]
LOG = """\
[    1.000000] BUG: kernel NULL pointer dereference, address: 0000000000000008
[    1.000001] RIP: 0010:lamp_{name}+0x12/0x40
[    1.000002] Call Trace:
[    1.000003]  <TASK>
[    1.000004]  vfs_write+0x10/0x20
[    1.000005]  </TASK>
"""
BROKEN = "\n:::{regsiters}\n:::\n"
"""An error of Markdown: the page can be built without it."""
PANEL = "sitegen-preview .panel"


class Served(NamedTuple):
    """A wiki that `sitegen serve` shows."""

    root: Path
    address: str
    said: list[str]

    def case(self, name: str = "one") -> Path:
        return self.root / f"content/cases/{name}.md"

    def write(self, name: str, text: str, *, front: str = "") -> None:
        """Writes a case as editors do: beside it, then in its place."""
        log = LOG.replace("{name}", name)
        staged = self.case(name).with_suffix(".md~")
        staged.write_text(f"---\ntitle: Case {name}\n{front}---\n\n{text}\n\n```panic\n{log}```\n")
        staged.replace(self.case(name))

    def wait(self, what: str, times: int = 1) -> None:
        """Waits until the terminal has said it so often."""
        for _ in range(400):
            if sum(what in line for line in self.said) >= times:
                return
            time.sleep(0.025)
        raise AssertionError(f"did not say {what!r} {times} times: {self.said}")


def until(holds: Callable[[], bool]) -> None:
    """Waits for what no page may ask itself, since its policy lets it evaluate nothing."""
    for _ in range(200):
        with contextlib.suppress(Error):  # the page is just going away
            if holds():
                return
        time.sleep(0.05)
    raise AssertionError("it never did")


def paragraphs(count: int, word: str = "word") -> str:
    return "\n\n".join(f"## Part {n}\n\n{(word + ' ') * 120}" for n in range(count))


@pytest.fixture
def serve(tmp_path, chromium) -> Iterator[Callable[..., Served]]:
    """Starts `sitegen serve` on a wiki of two cases and a page."""
    running, readers = [], []

    def start(*options: str) -> Served:
        root = tmp_path / "wiki"
        served = Served(root, "", [])
        (root / "content/cases").mkdir(parents=True)
        (root / "sitegen.toml").write_text('title = "Wiki"\n')
        (root / "content/about.md").write_text("# About\n\nWho we are.\n")
        served.write("one", "First words.")
        served.write("two", "Other words.")
        process = subprocess.Popen(
            [sys.executable, "-m", "sitegen", "serve", "--port", "8710", *options, str(root)],
            env=os.environ | {"XDG_CACHE_HOME": str(tmp_path / "cache"), "PYTHONPATH": str(ROOT)},
            stderr=subprocess.PIPE,
            text=True,
        )
        running.append(process)
        reader = threading.Thread(
            target=lambda: served.said.extend(iter(process.stderr.readline, ""))
        )
        reader.start()
        readers.append(reader)
        served.wait("serving")
        line = next(line for line in served.said if "serving" in line)
        return served._replace(address=re.search(r"http://\S+", line)[0])

    yield start
    for process in running:
        process.send_signal(signal.SIGINT)
        assert process.wait(10) == 0
        readers.pop(0).join()
        process.stderr.close()
    shutil.rmtree(tmp_path / "wiki", ignore_errors=True)


@pytest.fixture
def open_page(chromium: "Browser") -> Iterator[Callable[..., "Page"]]:
    """A window on an address; the test fails on any error of a script and any request to elsewhere."""
    found: list[str] = []
    contexts = []

    def look(address: str, **options) -> "Page":
        context = chromium.new_context(viewport={"width": 1200, "height": 800}, **options)
        context.set_default_timeout(10_000)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: found.append(str(error)))
        page.on("console", lambda one: found.append(one.text))
        page.on(
            "request",
            lambda one: one.url.startswith("http://127.0.0.1:") or found.append(one.url),
        )
        page.goto(address)
        return page

    yield look
    for context in contexts:
        context.close()
    assert found == []


def test_what_is_saved_is_seen(serve, open_page):
    wiki = serve()
    page = open_page(f"{wiki.address}cases/one/")
    page.get_by_text("First words.").wait_for()
    wiki.write("one", "Second words.")
    page.get_by_text("Second words.").wait_for()
    wiki.write("one", "Third words.")
    page.get_by_text("Third words.").wait_for()


def test_the_page_on_the_disk_is_as_it_was_built(serve, open_page, tmp_path):
    wiki = serve()
    page = open_page(f"{wiki.address}cases/one/")
    assert page.locator("script[src='/.sitegen/preview.js']").count() == 1
    for built in (tmp_path / "cache/sitegen/serve").rglob("*.html"):
        assert ".sitegen/" not in built.read_text()
    assert not (wiki.root / "site").exists()


def test_a_page_that_did_not_change_is_not_loaded_anew(serve, open_page):
    wiki = serve()
    page = open_page(f"{wiki.address}about/")
    page.evaluate("window.kept = true")
    wiki.write("one", "Second words.")
    wiki.wait("rebuilt in", times=2)
    page.wait_for_timeout(300)
    assert page.evaluate("window.kept") is True


def test_the_place_is_kept_when_text_above_it_grows(serve, open_page):
    wiki = serve()
    wiki.write("one", paragraphs(12))
    page = open_page(f"{wiki.address}cases/one/")
    page.get_by_role("heading", name="Part 7").wait_for()
    page.evaluate("document.getElementById('part-7').scrollIntoView({behavior: 'instant'})")
    page.evaluate("scrollBy(0, 90)")
    before = page.evaluate("document.getElementById('part-7').getBoundingClientRect().top")
    wiki.write("one", f"{'Much more above. ' * 300}\n\n{paragraphs(12)}")
    page.get_by_text("Much more above.").wait_for()
    top = "document.getElementById('part-7').getBoundingClientRect().top"
    until(lambda: abs(page.evaluate(top) - before) < 2)
    assert page.evaluate("scrollY") > 1000


def test_what_was_opened_and_chosen_stays_so(serve, open_page):
    wiki = serve()
    page = open_page(f"{wiki.address}cases/one/")
    page.locator(".pick-raw").first.check()
    page.evaluate("document.querySelectorAll('details').forEach((one, at) => one.open = at % 2)")
    opened = page.evaluate("Array.from(document.querySelectorAll('details'), one => one.open)")
    wiki.write("one", "Second words.")
    page.get_by_text("Second words.").wait_for()
    until(page.locator(".pick-raw").first.is_checked)
    until(
        lambda: (
            page.evaluate("Array.from(document.querySelectorAll('details'), one => one.open)")
            == opened
        )
    )


def test_an_error_is_shown_over_the_last_good_page_until_it_is_mended(serve, open_page):
    wiki = serve()
    page = open_page(f"{wiki.address}cases/one/")
    wiki.write("one", f"Broken words.\n{BROKEN}")
    panel = page.locator(PANEL)
    panel.wait_for()
    line = wiki.case().read_text().split("\n").index(":::{regsiters}") + 1
    assert panel.locator(".place").inner_text() == f"content/cases/one.md:{line}:5"
    assert "regsiters" in panel.locator("pre").inner_text()
    assert panel.locator("mark").inner_text() == "regsiters"
    assert "^" * 9 in panel.locator("pre").inner_text()
    assert "registers" in panel.locator(".hint").inner_text()
    assert page.get_by_text("First words.").is_visible()

    wiki.write("one", "Mended words.")
    page.get_by_text("Mended words.").wait_for()
    assert not panel.is_visible()


@pytest.mark.parametrize(
    ("name", "broken", "says"),
    [
        ("content/cases/one.md", "---\ntitle: [\n---\nText\n", "content/cases/one.md"),
        ("sitegen.toml", "title = \n", "sitegen.toml:1"),
        ("themes/own/templates/page.html", "{% if %}", "themes/own/templates/page.html:1"),
    ],
)
def test_whatever_is_broken_the_last_good_site_stays(serve, open_page, name, broken, says):
    wiki = serve()
    theme = wiki.root / "themes/own"
    (theme / "templates").mkdir(parents=True)
    (theme / "theme.toml").write_text('extends = "default"\n')
    (theme / "templates/page.html").write_text('{% extends "default/page.html" %}')
    (wiki.root / "sitegen.toml").write_text('title = "Named anew"\ntheme = "own"\n')
    page = open_page(f"{wiki.address}cases/one/")
    page.get_by_role("link", name="Named anew").wait_for()
    good = (wiki.root / name).read_text()
    (wiki.root / name).write_text(broken)
    panel = page.locator(PANEL)
    panel.wait_for()
    assert says in panel.inner_text()
    for address in ("cases/one/", "about/"):
        assert page.request.get(f"{wiki.address}{address}").status == 200
    assert page.get_by_text("First words.").is_visible()
    (wiki.root / name).write_text(good)
    panel.wait_for(state="hidden")


def test_what_is_hidden_returns_when_there_is_something_new(serve, open_page):
    wiki = serve()
    page = open_page(f"{wiki.address}cases/one/")
    wiki.write("one", f"Second words.\n{BROKEN}")
    panel = page.locator(PANEL)
    panel.wait_for()
    assert (
        page.evaluate("document.querySelector('sitegen-preview').shadowRoot.activeElement.id")
        == "title"
    )
    page.keyboard.press("Escape")
    panel.wait_for(state="hidden")
    page.get_by_text("Second words.").wait_for()  # what could be built
    assert page.locator("sitegen-preview .pill").inner_text() == "1 error"
    wiki.write("one", f"Third words.\n{BROKEN}")
    page.get_by_text("Third words.").wait_for()
    assert not panel.is_visible()
    wiki.write("one", f"Fourth words.\n{BROKEN}\n:::{{cahin}}\n:::\n")
    panel.wait_for()
    assert "cahin" in panel.inner_text()


def test_problems_of_the_page_come_first(serve, open_page):
    wiki = serve()
    wiki.write("two", f"Words.\n{BROKEN.replace('regsiters', 'walkk')}")
    page = open_page(f"{wiki.address}cases/one/")
    panel = page.locator(PANEL)
    panel.wait_for()
    assert panel.locator("h3").all_inner_texts()[0] == "Elsewhere"
    wiki.write("one", f"Words.\n{BROKEN}")
    panel.get_by_text("unknown directive 'regsiters'").wait_for()
    assert panel.locator("h3").all_inner_texts()[0] == "This page"
    assert panel.locator("h3").all_inner_texts()[1] == "Elsewhere"


def test_a_draft_is_shown_and_marked_on_its_page_and_in_lists(serve, open_page):
    wiki = serve()
    wiki.write("three", "Not ready.", front="draft: true\n")
    wiki.wait("rebuilt in", times=2)
    (wiki.root / "content/idea.md").write_text("---\ndraft: true\n---\n# Idea\n\nPerhaps.\n")
    wiki.wait("rebuilt in", times=3)
    page = open_page(f"{wiki.address}cases/three/")
    assert page.locator(".byline .status").inner_text() == "Draft"
    page.goto(f"{wiki.address}cases/")
    row = page.locator("tr", has_text="Case three")
    assert row.locator(".status").inner_text() == "Draft"
    assert page.locator("tr", has_text="Case one").locator(".status").inner_text() == "Open"
    page.goto(f"{wiki.address}idea/")
    assert page.locator(".byline .status").inner_text() == "Draft"


def test_the_browser_goes_to_the_page_just_edited(serve, open_page):
    wiki = serve("--navigate")
    page = open_page(f"{wiki.address}about/")
    wiki.write("two", "Edited words.")
    page.get_by_text("Edited words.").wait_for()
    assert page.url.endswith("/cases/two/index.html")


def test_a_theme_that_changes_loads_every_page_anew(serve, open_page):
    wiki = serve()
    theme = wiki.root / "themes/own"
    (theme / "static").mkdir(parents=True)
    (theme / "theme.toml").write_text('extends = "default"\n')
    (wiki.root / "sitegen.toml").write_text('title = "Own"\ntheme = "own"\n')
    page = open_page(f"{wiki.address}about/")
    page.get_by_role("link", name="Own").wait_for()
    default = (ROOT / "themes/default/static/style.css").read_text()
    (theme / "static/style.css").write_text(default + "h1 { letter-spacing: 7px; }\n")
    spacing = "getComputedStyle(document.querySelector('h1')).letterSpacing"
    until(lambda: page.evaluate(spacing) == "7px")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1440])
def test_the_overlay_passes_axe(serve, open_page, node_file, scheme, width):
    wiki = serve()
    page = open_page(f"{wiki.address}cases/one/", color_scheme=scheme, bypass_csp=True)
    page.set_viewport_size({"width": width, "height": 800})
    wiki.write("one", f"Words [nowhere](nowhere.md).\n{BROKEN}")
    page.locator(PANEL).wait_for()
    page.add_script_tag(path=node_file("axe-core/axe.min.js"))
    found = page.evaluate("axe.run(document.querySelector('sitegen-preview'))")
    assert [(one["id"], one["nodes"][0]["html"]) for one in found["violations"]] == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
