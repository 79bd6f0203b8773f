"""Markdown fixtures: NAME.md is rendered to NAME.html, complaints to NAME.txt."""

from pathlib import Path

import html5lib
import pytest

from sitegen.diagnostics import Sink, as_text
from sitegen.web.markdown import DirectiveUse, Syntax
from sitegen.web.markdown.pieces import code_html
from tests.web.prose import MEANS, PNG, rendered

FIXTURES = Path(__file__).parent / "markdown"

SYNTAXES = {"markup": Syntax(raw_html=True), "math": Syntax(math=True)}
"""What is turned on for a fixture."""


@pytest.mark.parametrize("source", sorted(FIXTURES.glob("*.md")), ids=lambda path: path.stem)
def test_fixture_renders_as_expected(tmp_path: Path, source: Path, update: bool) -> None:
    (tmp_path / "content/docs").mkdir(parents=True)
    (tmp_path / "content/docs/pic ture.png").write_bytes(PNG)
    (tmp_path / "content/docs/.env").write_bytes(b"secret")
    (tmp_path / "content/_kernel").mkdir()
    (tmp_path / "content/_kernel/main.c").write_bytes(b"")
    sink = Sink()
    means = MEANS._replace(syntax=SYNTAXES.get(source.stem, Syntax()))
    html = rendered(tmp_path, source.read_text(), sink, means=means).html
    said = "".join(f"{as_text(one)}\n" for one in sink)
    if update:
        source.with_suffix(".html").write_text(html)
        source.with_suffix(".txt").write_text(said)
    assert html == source.with_suffix(".html").read_text()
    assert said == source.with_suffix(".txt").read_text()


@pytest.mark.parametrize("source", sorted(FIXTURES.glob("*.md")), ids=lambda path: path.stem)
def test_fixture_is_well_formed_html(tmp_path: Path, source: Path) -> None:
    means = MEANS._replace(syntax=SYNTAXES.get(source.stem, Syntax()))
    html = rendered(tmp_path, source.read_text(), means=means).html
    parser = html5lib.HTMLParser(strict=True)
    parser.parse(f"<!DOCTYPE html><title>t</title><main>{html}</main>")


def test_nothing_hostile_becomes_an_element_or_an_attribute(tmp_path: Path) -> None:
    html = rendered(tmp_path, (FIXTURES / "hostile.md").read_text()).html
    tree = html5lib.parse(html, namespaceHTMLElements=False)
    assert [element.tag for element in tree.iter() if element.tag in {"script", "i", "b"}] == []
    for element in tree.iter():
        assert not [name for name in element.attrib if name.startswith("on")]
        href = element.attrib.get("href", "").strip().lower()
        assert not href.startswith(("javascript:", "data:", "vbscript:"))


def test_headings_get_the_ids_that_github_gives(tmp_path: Path) -> None:
    toc = rendered(tmp_path, (FIXTURES / "headings.md").read_text()).toc
    assert [(heading.level, heading.id) for heading in toc] == [
        (2, "log-1"),  # `log` is the page's own
        (2, "log-2"),
        (3, "whats-new-in-61-a-code--more"),
        (2, "über-die-größe"),
        (2, "section"),
        (2, "setext"),
        (2, "inside"),
    ]


@pytest.mark.parametrize(
    ("heading", "slug"),
    [
        ("Camel_Case and-dash - here", "camel_case-and-dash---here"),
        ("`proc_write()` & `file->f_op`", "proc_write--file-f_op"),
        ("Why? (Because.)", "why-because"),
        ("**bold** _and_ ~~gone~~", "bold-and-gone"),
        ("[a link](about.md) in it", "a-link-in-it"),
        ("![a picture](a.png) then text", "-then-text"),
        ("\N{ROCKET} Launch", "-launch"),
        (":rocket: Launch", "rocket-launch"),
        # The sign's selector is a mark, and marks stay.
        ("\N{WARNING SIGN}\N{VARIATION SELECTOR-16} Careful", "\N{VARIATION SELECTOR-16}-careful"),
        ("en\N{EN DASH}dash, it\N{RIGHT SINGLE QUOTATION MARK}s", "endash-its"),
        ("Привет, Мир", "привет-мир"),
        (
            "\u0928\u093f\u0930\u094d\u0923\u092f",
            "\u0928\u093f\u0930\u094d\u0923\u092f",
        ),  # vowel signs are marks
        ("内核 崩溃\N{FULLWIDTH EXCLAMATION MARK}", "内核-崩溃"),
        ("x² ½ Ⅳ ٣ Ⓐ", "x--ⅳ-٣-ⓐ"),
        ("no\N{NO-BREAK SPACE}break", "nobreak"),
        ("two\nlines\n---", "twolines"),
        ("&lt;b&gt; &amp;c", "b-c"),
        ("-a-", "-a-"),
    ],
)
def test_a_heading_is_linked_to_as_on_github(heading: str, slug: str, tmp_path: Path) -> None:
    text = heading if "\n" in heading else f"## {heading}"
    (found,) = rendered(tmp_path, f"---\ntitle: t\n---\n{text}\n").toc
    assert found.id == slug


def test_headings_of_one_name_are_numbered_as_on_github(tmp_path: Path) -> None:
    names = ("echo", "echo", "echo 1", "echo-1", "echo", "foxtrot-1", "foxtrot", "foxtrot")
    toc = rendered(tmp_path, "\n\n".join(f"## {name}" for name in names)).toc
    assert " ".join(one.id for one in toc) == (
        "echo echo-1 echo-1-1 echo-1-2 echo-2 foxtrot-1 foxtrot foxtrot-2"
    )


def test_the_heading_that_is_the_title_keeps_its_id(tmp_path: Path) -> None:
    found = rendered(tmp_path, "# The *lamp*, again\n\n## The lamp again\n")
    assert found.anchor == "the-lamp-again"
    assert found.html == '<h2 id="the-lamp-again-1">The lamp again</h2>\n'


def test_a_number_never_makes_an_id_that_is_taken(tmp_path: Path) -> None:
    toc = rendered(tmp_path, "## a-1\n\n## a\n\n## a\n").toc
    assert [heading.id for heading in toc] == ["a-1", "a", "a-2"]


def test_first_heading_stays_when_the_title_is_another(tmp_path: Path) -> None:
    html = rendered(tmp_path, "---\ntitle: Other\n---\n# Heading\n").html
    assert html == '<h1 id="heading">Heading</h1>\n'


def test_words_are_counted_without_logs_and_code(tmp_path: Path) -> None:
    text = "One two `three`.\n\n```panic\na b c\n```\n\n```\nd e f\n```\n"
    assert rendered(tmp_path, text).words == 4  # the full stop after the code span is one


def test_links_are_told_with_their_place(tmp_path: Path) -> None:
    found = rendered(tmp_path, "---\ntitle: t\n---\ntext\n[x](../cases/other.md#walk%20it)\n").links
    (link,) = found
    assert (link.url, link.fragment, link.at.line, link.at.column) == (
        "cases/other/",
        "walk it",
        5,
        5,
    )


def test_assets_are_told_once(tmp_path: Path) -> None:
    (tmp_path / "content/docs").mkdir(parents=True)
    (tmp_path / "content/docs/a.png").write_bytes(b"")
    found = rendered(tmp_path, "![a](a.png) [a](a.png) ![a](./a.png)").assets
    assert found == ("docs/a.png",)


def test_used_directives_are_told(tmp_path: Path) -> None:
    found = rendered(tmp_path, ":::{chain}\n:::\n\n> [!TIP]\n> x\n\n:::{nope}\n:::\n").used
    assert found == ("chain", "tip")


def test_panic_block_is_matched_with_its_log(tmp_path: Path) -> None:
    uses: list[DirectiveUse] = []

    def place(use: DirectiveUse) -> str:
        uses.append(use)
        return ""

    text = (
        "---\ntitle: t\n---\n\n```panic\na\n```\n\n- x\n\n  ```{panic}\n  :id: other\n  b\n  ```\n"
    )
    rendered(tmp_path, text, place=place)
    assert [(use.log, use.body) for use in uses] == [("panic-1", "a\n"), ("other", "b\n")]


def test_panic_block_without_its_file_says_so_on_the_page(tmp_path: Path) -> None:
    html = rendered(tmp_path, ":::{panic}\n:file: <gone>.log\n:::\n").html
    assert "the log file &#x27;&lt;gone&gt;.log&#x27; could not be read" in html


def test_formulas_are_set_up_to_a_measure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sitegen.web.markdown.codeblocks._MOST_FORMULAS", 50)
    sink = Sink()
    text = " ".join(f"$x_{{{n}}}$" for n in range(20))
    html = rendered(tmp_path, text, sink, means=MEANS._replace(syntax=Syntax(math=True))).html
    assert html.count("<math ") == 10
    assert html.count("<code>") == 10
    assert {one.message for one in sink} == {"the page has more than 50 characters of formulas"}


def test_a_table_that_is_wider_than_a_phone_scrolls_by_itself(tmp_path: Path) -> None:
    narrow = rendered(tmp_path, "| many words in a cell | b |\n|---|---|\n| c d e f g | h |\n").html
    wide = rendered(tmp_path, f"| a | b |\n|---|---|\n| {'c' * 20} | |\n| | {'d' * 20} |\n").html
    assert narrow.startswith("<table>")
    assert wide.startswith('<div class="scroller" role="group" aria-label="Table" tabindex="0">')
    assert wide.endswith("</table>\n</div>\n")


def test_no_line_ends_within_an_arrow() -> None:
    arrow = '<span class="arrow">-&gt;</span>'
    assert code_html("a->b->c") == f"<code>a{arrow}b{arrow}c</code>"
    assert code_html("->watts") == f"<code>{arrow}watts</code>"
    assert code_html("<!--x--> -->y 1 -> 2") == "<code>&lt;!--x--&gt; --&gt;y 1 -&gt; 2</code>"


@pytest.mark.parametrize("language", ["text", "txt", "console", "shell-session"])
def test_what_a_terminal_shows_scrolls_and_can_be_reached_by_the_keyboard(
    language: str, tmp_path: Path
) -> None:
    html = rendered(tmp_path, f"```{language}\nUsage:\n```").html
    start = '<pre class="code terminal" role="group" aria-label="Text" tabindex="0">'
    assert html.startswith(start)
    for other in ("c", "log", ""):
        html = rendered(tmp_path, f"```{other}\nUsage:\n```").html
        assert html.startswith('<pre class="code"><code>')


@pytest.mark.parametrize(
    ("code", "linked"),
    [
        ("vfs_write", True),
        ("vfs_write()", True),
        ("vfs_write+0xc7/0x3f0", True),
        ("vfs_write+0xc7", True),
        ("vfs_write+0xc7/0x3f0 [lamp]", True),
        ("file->f_op->vfs_write", False),
        ("ops.vfs_write", False),
        ("vfs_write(file)", False),
        ("vfs_write()+0xc7", False),
        ("vfs_write+12", False),
        ("vfs_writes", False),
        ("&vfs_write", False),
        ("vfs_write ()", False),
    ],
)
def test_code_links_to_a_function_and_to_nothing_else(
    code: str, linked: bool, tmp_path: Path
) -> None:
    html = rendered(tmp_path, f"`{code}`").html
    inside = code_html(code)
    link = f'<a href="#walk-vfs_write">{inside}</a>'
    assert html == f"<p>{link if linked else inside}</p>\n"


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("code-block", "write '```c {linenos hl_lines=2,4-5}'"),
        ("danger", "write ':::{caution}'"),
        ("wraning", "did you mean 'warning'?"),
    ],
)
def test_a_directive_of_another_tool_is_told_how_it_is_written_here(
    name: str, hint: str, tmp_path: Path
) -> None:
    sink = Sink()
    rendered(tmp_path, f"```{{{name}}} c\n:linenos:\nint x;\n```\n", sink)
    assert [(one.code.id, one.hint) for one in sink] == [("M004", hint)]


def test_a_remark_prefers_no_letter_case_and_keeps_its_name(tmp_path: Path) -> None:
    names = ("note", "TIP", "Important", "WARNING", "caution")
    found = rendered(tmp_path, "\n\n".join(f"> [!{name}]\n> Text." for name in names)).used
    assert found == ("caution", "important", "note", "tip", "warning")


def test_a_role_is_complained_about_in_its_own_line(tmp_path: Path) -> None:
    sink = Sink()
    rendered(tmp_path, "one {x}`a`\ntwo\n{func}`b`\n*three {y}`c`*\n{z}`d`\n", sink)
    assert [(one.at.line, one.at.column) for one in sink] == [(1, 6), (4, 9), (5, 2)]
