"""A case's page under a reader's hands: ladder, tabs, permalinks, explanations, colours."""

import pytest

CASE = "cases/sysrq-crash/index.html"
LONG = "cases/timer-debian-6.1/index.html"


def present(page) -> str:
    """The rung that the ladder says the reader is at."""
    return page.evaluate(
        "(document.querySelector('.rung a[aria-current=\"step\"]') || {textContent: ''}).textContent.trim()"
    )


def test_the_ladder_follows_the_reader(visit, root):
    page = visit(f"{root}{CASE}")
    seen = []
    for function in ("entry_SYSCALL_64_after_hwframe", "vfs_write", "sysrq_handle_crash"):
        step = page.locator(f"[id='walk-{function}']")
        step.evaluate("one => one.scrollIntoView({block: 'start'})")
        page.wait_for_function(
            "name => (document.querySelector('.rung a[aria-current=\"step\"]')?.textContent ?? '').includes(name)",
            arg=function,
        )
        seen.append(present(page))
        rung = page.locator('.rung a[aria-current="step"]')
        assert rung.bounding_box()["y"] >= 0, "the present rung is in the window"
    assert len(set(seen)) == 3


def test_a_rung_leads_to_its_step(visit, root):
    page = visit(f"{root}{CASE}")
    page.locator(".rung a", has_text="proc_reg_write").first.click()
    assert page.url.endswith("#walk-proc_reg_write")
    assert page.locator("[id='walk-proc_reg_write']").bounding_box()["y"] < 200


def read(page, function: str) -> None:
    """Brings a function of the walk to where the reader is: a quarter down the window."""
    page.locator(f"[id='walk-{function}']").evaluate(
        "one => scrollBy(0, one.getBoundingClientRect().top - innerHeight / 4 + 4)"
    )
    page.wait_for_function(
        "name => (document.querySelector('.rung a[aria-current]')?.textContent ?? '').startsWith(name)",
        arg=function,
    )


def test_both_ends_of_a_long_ladder_are_in_the_window_on_arrival(visit, root):
    page = visit(f"{root}{LONG}")
    rungs = page.locator(".rung:visible")
    first, last = (one.bounding_box() for one in (rungs.first, rungs.last))
    assert "crashed here" in rungs.last.inner_text()
    assert first["y"] >= 0
    assert last["y"] + last["height"] < 900


def test_a_long_ladder_opens_the_readers_layer_and_folds_it_again(visit, root):
    page = visit(f"{root}{LONG}")
    rung = page.locator(".rung a", has_text="do_idle").first
    assert not rung.is_visible()
    for function, open_ in (("do_idle", True), ("cm_timer_fn", False), ("do_idle", True)):
        read(page, function)
        assert rung.is_visible() == open_


def test_a_layer_of_a_long_ladder_that_is_opened_by_hand_stays_open(visit, wiki):
    page = visit(f"{wiki.http}{LONG}")
    page.locator(".ladder summary", has_text="Scheduler").click()
    read(page, "do_idle")
    read(page, "cm_timer_fn")
    assert page.locator(".rung a", has_text="do_idle").first.is_visible()


def test_the_strip_of_a_phone_shows_every_layer_of_every_case(visit, wiki):
    page = visit("about:blank", width=360)
    for path in sorted((wiki.folder / "cases").glob("*/index.html")):
        page.goto(f"{wiki.http}cases/{path.parent.name}/index.html")
        if not page.locator(".ladder").count():
            continue
        strip = page.locator(".strip").evaluate("one => [one.scrollWidth, one.clientWidth]")
        assert strip[0] <= strip[1], path.parent.name
        layers = page.locator(".ladder .layers > li").count()
        assert page.locator(".mini:visible").count() == layers, path.parent.name


def test_without_scripts_the_ladder_stays_beside_the_walk(visit, wiki):
    page = visit(f"{wiki.http}{CASE}", javascript=False)
    page.goto(f"{wiki.http}{CASE}#walk-vfs_write")
    box = page.locator(".ladder").bounding_box()
    assert box is not None
    assert -1 <= box["y"] < 100


@pytest.mark.parametrize("javascript", [True, False])
def test_the_raw_log_is_a_tab_away(visit, root, javascript):
    page = visit(f"{root}{CASE}", javascript=javascript)
    raw, decoded = page.locator(".log .raw").first, page.locator(".log .decoded").first
    assert decoded.is_visible()
    assert not raw.is_visible()
    page.locator(".tabs label", has_text="Raw").first.click()
    assert raw.is_visible()
    assert not decoded.is_visible()
    page.keyboard.press("ArrowLeft")
    assert decoded.is_visible()


def test_unreliable_frames_can_be_hidden(visit, wiki):
    page = visit(f"{wiki.http}{CASE}")
    doubted = page.locator(".log .decoded .line.doubt, .log .decoded .doubt")
    if not doubted.count():
        doubted = page.locator(".log .decoded .line", has_text="? ")
    assert doubted.first.is_visible()
    page.locator("label", has_text="Show ? frames").first.click()
    assert not doubted.first.is_visible()


def test_a_line_of_the_log_has_an_address(visit, root):
    page = visit(f"{root}{CASE}")
    page.locator("#L6 a.n").click()
    assert page.url.endswith("#L6")
    plain = page.locator("#L7").evaluate("one => getComputedStyle(one).backgroundColor")
    assert page.locator("#L6").evaluate("one => getComputedStyle(one).backgroundColor") != plain


def test_copied_lines_have_no_numbers(visit, wiki):
    page = visit(f"{wiki.http}{CASE}")
    text = page.evaluate(
        """() => {
          const range = document.createRange();
          range.selectNode(document.getElementById('L5'));
          getSelection().removeAllRanges();
          getSelection().addRange(range);
          return getSelection().toString();
        }"""
    )
    assert "sysrq: Trigger a crash" in text
    assert not text.strip().startswith("5")


def test_a_word_is_explained_on_hover_and_on_focus(visit, wiki):
    page = visit(f"{wiki.http}{CASE}")
    word = page.locator(".word").first
    tip = word.locator('[role="tooltip"]')
    assert not tip.is_visible()
    word.locator("button").hover()
    assert tip.is_visible()
    page.mouse.move(0, 0)
    word.locator("button").focus()
    assert tip.is_visible()
    page.keyboard.press("Escape")
    assert not tip.is_visible()


def test_the_scheme_is_the_readers_choice_and_is_kept(visit, wiki):
    page = visit(f"{wiki.http}{CASE}", scheme="light")
    paper = "getComputedStyle(document.body).backgroundColor"
    light = page.evaluate(paper)
    page.locator("button.scheme").click()
    dark = page.evaluate(paper)
    assert dark != light
    page.goto(f"{wiki.http}index.html")
    assert page.evaluate(paper) == dark
    page.locator("button.scheme").click()
    assert page.evaluate(paper) == light


def test_nothing_moves_while_a_page_loads(visit, wiki):
    page = visit("about:blank")
    page.add_init_script(
        """
        window.moved = 0;
        new PerformanceObserver(list => {
          for (const entry of list.getEntries()) { window.moved += entry.value; }
        }).observe({type: "layout-shift", buffered: true});
        """
    )
    for path in (CASE, "index.html", "cases/index.html", "functions/vfs_write/index.html"):
        page.goto(f"{wiki.http}{path}", wait_until="load")
        page.wait_for_timeout(200)
        assert page.evaluate("window.moved") < 0.01, path


def test_a_case_is_small_and_paints_with_one_style_sheet(wiki):
    html = (wiki.folder / CASE).read_bytes()
    assert len(html) < 120_000
    text = html.decode()
    head = text[: text.index("</head>")]
    assert head.count('rel="stylesheet"') == 1
    blocking = [line for line in head.splitlines() if "<script" in line and "defer" not in line]
    assert len(blocking) <= 1, "only the choice of colours must come before the first paint"


def test_paper_has_the_text_and_not_the_tools(visit, wiki):
    page = visit(f"{wiki.http}{CASE}", media="print")
    for tool in (".masthead", ".contents", ".ladder", ".tabs"):
        assert not page.locator(tool).first.is_visible(), tool
    assert page.locator(".verdict").first.is_visible()
    assert page.locator("#chain").is_visible()


def test_a_long_name_in_the_ladder_breaks_behind_an_underscore(visit, wiki):
    page = visit(f"{wiki.http}{LONG}")
    read(page, "asm_sysvec_apic_timer_interrupt")
    name = page.locator(".rung a span", has_text="instr_sysvec_apic_timer_interrupt")
    assert name.inner_text() == "instr_sysvec_apic_timer_interrupt"
    lines = name.evaluate(
        """one => {
          const found = new Map();
          for (const text of one.childNodes) {
            if (text.nodeType !== 3) { continue; }
            for (let at = 0; at < text.length; at++) {
              const range = document.createRange();
              range.setStart(text, at);
              range.setEnd(text, at + 1);
              const top = range.getBoundingClientRect().top;
              found.set(top, (found.get(top) ?? "") + text.data[at]);
            }
          }
          return [...found.values()];
        }"""
    )
    assert lines[0].endswith("_")
    assert "".join(lines) == "instr_sysvec_apic_timer_interrupt"
