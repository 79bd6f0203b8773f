"""The page that a log is pasted into finds in the browser what `sitegen match` finds.

The wiki it knows is made of the logs under tests/logs, and of a few cases made up.
"""

import threading
from collections.abc import Callable, Iterator
from functools import cache, partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from msgspec.structs import replace

from sitegen.crash.analyse import analyse
from sitegen.crash.log import parse
from sitegen.crash.similar import Known, fingerprint, fingerprint_of, match_rules
from sitegen.diagnostics import Sink
from sitegen.model import Fingerprint, KnownCase, Match
from sitegen.web.outputs.match import DATA, match_output
from sitegen.web.pages.chrome import MATCH as URL
from sitegen.web.pages.chrome import Chrome, NavItem
from sitegen.web.theme import load_theme
from tests.crash.log.golden import paths, read_golden

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser

LOGS = {f"{path.parent.name}-{path.stem}": read_golden(path).text for path in paths()}
TEN = (
    *("x86_64-null-read", "x86_64-kasan-uaf", "x86_64-hung-mutex", "x86_64-softlockup"),
    *("x86_64-form-journal", "arm64-bug", "arm64-timer", "riscv-null-deref", "powerpc-paging"),
    "x86_64-sysrq-6.2.0-rc2-decoded",
)
FORGED = "<img src=x onerror=alert(1)> & \u2028 `code`"
NEW = """\
[    1.0] BUG: kernel NULL pointer dereference, address: 0000000000000008
[    1.0] CPU: 1 PID: 92 Comm: sh Tainted: G           OE      6.1.0-test #1
[    1.0] RIP: 0010:gear_turn+0x1b/0x30 [gear]
[    1.0] Call Trace:
[    1.0]  gear_write+0x6b/0xb0 [gear]
[    1.0]  vfs_write+0xc7/0x3f0
"""


@cache
def cases() -> tuple[KnownCase, ...]:
    found = []
    for name, text in LOGS.items():
        one = fingerprint_of(analyse(parse(text), id="panic-1", sha256=""))
        found.append(KnownCase(name, f"cases/{name}/", one.title or name, "open", (one,)))
    gear = Fingerprint(kind="null-deref", function="gear_turn", frames=("gear_turn", "gear_read"))
    return (*found, KnownCase("forged", "cases/it's #1/", FORGED, "wontfix", (gear,)))


@cache
def known() -> Known:
    """What the command would know, were titles hidden from it: the browser makes none."""
    return Known((case.slug, [bare(one) for one in case.prints]) for case in cases())


def bare(one: Fingerprint) -> Fingerprint:
    return replace(one, title="", alt_titles=())


def ranked(text: str) -> tuple[Match, ...]:
    return known().rank(bare(fingerprint(parse(text))))


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page, its data and the theme's files."""
    folder = tmp_path_factory.mktemp("served") / "a team" / "notes"
    sink = Sink()
    theme = load_theme("default", Path(), sink=sink)
    assert theme is not None
    context = {
        "title": "Have we seen this one?",
        "description": "",
        "section": URL,
        "site": Chrome(title="Crash notes", nav=(NavItem(URL, "Match"),)),
        "colophon": {"text": "Made with sitegen.", "changed": "", "edit": ""},
        "view": {"cases": f"{len(cases())} cases", "data": DATA},
    }
    html = theme.render("match.html", url=URL, context=context, sink=sink)
    assert html is not None, sink.found()
    data = match_output(cases(), match_rules())
    files = {f"{URL}index.html": html.encode(), data.path: data.data, **dict(theme.static_files())}
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return folder


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_arguments: object) -> None:
        pass


@pytest.fixture(scope="module")
def served(site: Path) -> Iterator[str]:
    handler = partial(_Quiet, directory=str(site.parents[1]))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/a%20team/notes/"
        server.shutdown()


Open = Callable[..., "Page"]


@pytest.fixture
def open_page(chromium: "Browser", site: Path, served: str) -> Iterator[Open]:
    """Opens the page; the test fails on messages, errors, and requests that leave the wiki."""
    found: list[str] = []
    contexts = []

    def open_it(*, disk: bool = True, width: int = 1440, **options: object) -> "Page":
        context = chromium.new_context(viewport={"width": width, "height": 900}, **options)
        contexts.append(context)
        page = context.new_page()
        root = f"{site.as_uri()}/" if disk else served
        page.on("console", lambda one: found.append(one.text))
        page.on("pageerror", lambda error: found.append(str(error)))
        page.on(
            "request",
            lambda request: request.url.startswith(root) or found.append(request.url),
        )
        page.goto(f"{root}{URL}index.html")
        return page

    yield open_it
    for context in contexts:
        context.close()
    assert found == []


def paste(page: "Page", text: str) -> None:
    page.fill("#log", text)
    page.click(".go button")


# --- As the command does -----------------------------------------------------------------------


@pytest.mark.parametrize("disk", [True, False], ids=["file", "http"])
def test_ten_logs_pasted_give_the_cases_of_the_command_in_its_order_with_its_reasons(
    open_page: Open, disk: bool
) -> None:
    page = open_page(disk=disk)
    titles = {case.slug: case.title for case in cases()}
    for name in TEN:
        paste(page, LOGS[name])
        shown = list(
            zip(
                page.locator(".matches .name").all_inner_texts(),
                page.locator(".matches .says").all_inner_texts(),
                strict=True,
            )
        )
        expected = ranked(LOGS[name])
        assert expected
        assert shown == [
            (titles[match.key], match.reason.replace("`", "") + ".") for match in expected
        ]


def test_all_but_two_in_a_hundred_logs_are_read_in_the_browser_as_on_the_command_line(
    open_page: Open,
) -> None:
    """The page knows fewer ways of printing a crash than crash/log does."""
    page = open_page()
    script = "text => sitegenMatch.rank(sitegenMatch.read(text), 10).map(one => one.case.url)"
    differing = [
        name
        for name, text in LOGS.items()
        if page.evaluate(script, text) != [f"cases/{match.key}/" for match in ranked(text)]
    ]
    assert len(differing) <= len(LOGS) // 50, differing


def test_where_a_function_is_named_the_commands_titles_change_no_reason() -> None:
    """They add to the score: a page that knows none may give cases in another order."""
    whole = Known((case.slug, list(case.prints)) for case in cases())
    differing = []
    for name, text in LOGS.items():
        one = fingerprint(parse(text))
        with_titles, without = whole.rank(one), known().rank(bare(one))
        if " in " in one.title and {(match.key, match.reason) for match in with_titles} != {
            (match.key, match.reason) for match in without
        }:
            differing.append(name)
    assert differing == []


def test_the_same_frames_give_the_same_scores_and_reasons(open_page: Open) -> None:
    page = open_page()
    script = "one => sitegenMatch.rank(one, 10).map(one => [one.score, one.reason, one.shared])"
    for case in cases():
        for one in map(bare, case.prints):
            given = {
                "kind": one.kind,
                "function": one.function,
                "frames": one.frames,
                "inlined": one.inlined,
            }
            assert page.evaluate(script, given) == [
                [match.score, match.reason, list(match.shared)] for match in known().rank(one)
            ], case.slug


# --- The page ----------------------------------------------------------------------------------


def test_what_was_read_is_told_and_the_first_sentence_says_whether_it_is_known(
    open_page: Open,
) -> None:
    page = open_page()
    paste(page, NEW)
    assert page.inner_text(".read") == (
        "Read: NULL dereference, gear_turn+0x1b/0x30, 3 frames, 6.1.0-test, tainted G OE"
    )
    assert page.inner_text(".answer h2") == (
        "Seen before: 1 case has this kind of crash in the same function"
    )
    paste(page, LOGS["x86_64-null-read"])
    assert page.inner_text(".answer h2").startswith("Seen before: ")
    assert page.inner_text(".answer h2").endswith(" every frame")
    paste(page, NEW.replace("gear_", "other_"))
    assert page.inner_text(".answer h2") == f"Nothing like it in {len(cases())} cases"
    paste(page, "all is well")
    assert page.inner_text(".answer h2") == "No crash in this text"
    paste(page, "")
    assert page.locator(".answer > *").count() == 0


def test_a_log_without_functions_is_said_to_want_the_command(open_page: Open) -> None:
    page = open_page()
    paste(page, LOGS["x86_64-vfs-busy"])
    assert page.inner_text(".answer .says") == (
        "The log names no function to compare by. sitegen match on a terminal compares titles"
        " as well."
    )
    paste(page, NEW)
    assert page.locator(".answer > .says").count() == 0


def test_a_log_too_long_is_said_to_be_read_in_part(open_page: Open) -> None:
    page = open_page()
    page.evaluate("sitegenMatch.mostText = 1 << 20")
    paste(page, f"{'x' * 999}\n" * 1100)
    assert page.inner_text(".read") == "Only the first 1 MB are read."
    assert page.inner_text(".answer h2") == "No crash in this text"


def test_pasting_is_enough(open_page: Open) -> None:
    page = open_page()
    page.focus("#log")
    page.keyboard.insert_text(NEW)
    page.wait_for_selector(".matches li")


def test_frames_stand_side_by_side_and_a_pip_says_which_are_shared(open_page: Open) -> None:
    page = open_page()
    paste(page, NEW)
    assert page.inner_text(".matches .count") == "1 of 3 frames"
    assert [one.get_attribute("class") for one in page.locator(".pips i").all()] == [
        *("layer-x has", "layer-x", "layer-v"),
    ]
    page.click(".matches summary")
    rows = [row.locator("td").all_inner_texts() for row in page.locator(".side tbody tr").all()]
    assert rows == [
        ["gear_turn", "=", "gear_turn"],
        ["gear_write", "", ""],
        ["vfs_write", "", ""],
        ["", "", "gear_read"],
    ]


def test_a_title_with_markup_is_text_and_its_link_leads_to_the_case(
    open_page: Open, site: Path
) -> None:
    page = open_page()
    paste(page, NEW)
    link = page.locator(".matches .name")
    assert link.text_content() == FORGED
    case = site / "cases/it's #1/index.html"
    case.parent.mkdir(parents=True, exist_ok=True)
    case.write_text("<!DOCTYPE html><title>The case</title>")
    link.click()
    page.wait_for_function("document.title === 'The case'")


def test_all_of_it_is_done_with_the_keyboard(open_page: Open) -> None:
    page = open_page()
    page.focus("#log")
    page.keyboard.insert_text(NEW)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "name"
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.locator(".matches details[open]").count() == 1


def test_without_javascript_the_command_is_given_and_no_form(open_page: Open) -> None:
    page = open_page(java_script_enabled=False)
    assert "sitegen match panic.log" in page.inner_text("main")
    assert not page.is_visible("textarea")


def test_a_phone_scrolls_nothing_sideways(open_page: Open) -> None:
    page = open_page(width=390)
    for name in TEN:
        paste(page, LOGS[name])
        page.locator(".matches summary").first.click()
        assert page.evaluate("document.documentElement.scrollWidth") == 390


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 390])
def test_axe_finds_nothing_when_a_log_is_pasted(
    open_page: Open, node_file: Callable[[str], Path], scheme: str, width: int
) -> None:
    axe = node_file("axe-core/axe.min.js").read_text()
    # axe reads style sheets again, which a page from disk may not.
    page = open_page(disk=False, width=width, color_scheme=scheme, bypass_csp=True)
    page.evaluate(axe)
    for text in (NEW, LOGS["x86_64-null-read"]):
        paste(page, text)
        page.locator(".matches summary").first.click()
        found = page.evaluate("axe.run()")["violations"]
        assert [(one["id"], one["nodes"][0]["html"]) for one in found] == []
