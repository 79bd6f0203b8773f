"""Markdown fixtures: NAME.md is rendered to NAME.html, complaints to NAME.txt."""

import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import html5lib
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from sitegen.diagnostics import Sink, as_text
from sitegen.web import links
from sitegen.web.content import PANIC_OPTIONS, Document, EmbeddedLog, read_document
from sitegen.web.index import Index
from sitegen.web.markdown import (
    Asked,
    DirectiveSpec,
    DirectiveUse,
    Means,
    Rendered,
    Syntax,
    find_asked,
    find_panics,
    highlight_lines,
    render,
    standard_roles,
)

FIXTURES = Path(__file__).parent / "markdown"

SYNTAXES = {"markup": Syntax(raw_html=True), "math": Syntax(math=True)}
"""What is turned on for a fixture."""

PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + (640).to_bytes(4, "big") + (480).to_bytes(4, "big")

SPECS = {
    spec.name: spec
    for spec in (
        DirectiveSpec("panic", options=PANIC_OPTIONS, body="text"),
        DirectiveSpec("note", "optional", frozenset({"class"})),
        DirectiveSpec("tip"),
        DirectiveSpec("important"),
        DirectiveSpec("warning"),
        DirectiveSpec("caution"),
        DirectiveSpec("chain", body="none"),
        DirectiveSpec("frame", "required"),
        DirectiveSpec("registers", "optional", body="none"),
    )
}
FUNCTIONS = {"vfs_write": "#walk-vfs_write"}
MEANS = Means(
    SPECS,
    standard_roles(FUNCTIONS, lambda file, line: f"https://source.example/{file}#L{line or 1}"),
    FUNCTIONS,
    taken=("log",),
)
INDEX = Index(
    documents={
        "index.md": "",
        "docs/about.md": "docs/about/",
        "cases/other.md": "cases/other/",
        "cases/folder/index.md": "cases/folder/",
    },
    titles={"": "Home", "cases/": "Cases"},
)


def show(use: DirectiveUse) -> str:
    """A directive as the fixtures see it; like a partial, it escapes what is text."""
    from html import escape

    body = escape(use.body) if use.name == "panic" else use.body
    options = "".join(f" {name}={value}" for name, value in use.options)
    head = escape(f"{use.name}|{use.argument}|{options.strip()}|{use.log}|line {use.at.line}")
    return f"<section><p>{head}</p>\n{body}</section>\n"


def document(tmp_path: Path, text: str | bytes, path: str = "docs/page.md") -> Document:
    file = tmp_path / "content" / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(text.encode() if isinstance(text, str) else text)
    found = read_document(
        path, folder=tmp_path / "content", root=tmp_path, sink=Sink(), find_panics=find_panics
    )
    assert found is not None
    return found


def rendered(
    tmp_path: Path,
    text: str,
    sink: Sink | None = None,
    *,
    place: Callable[[DirectiveUse], str] = show,
    means: Means = MEANS,
) -> Rendered:
    page = document(tmp_path, text)
    resolve = partial(links.resolve, document=page, index=INDEX, folder=tmp_path / "content")
    return render(page, means=means, place=place, resolve=resolve, sink=sink or Sink())


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


@pytest.mark.parametrize(
    "text",
    [
        ">" * 5000 + " x",
        "".join("  " * n + "- x\n" for n in range(500)),
        "".join(":" * (1000 - n) + "{note}\n" for n in range(500)),
        "[" * 20000,
        "*_" * 20000,
        "`" * 3000 + " " + "".join("`" * n + " " for n in range(200)),
        "{func}`" * 5000,
        "![" * 5000 + "](" * 5000,
        ":::{note}\n" * 5000,
        "```{note}\n" * 5000,
        "https://x" + ")" * 50000,
        "<" * 20000 + "a@b" * 5000,
        "| a " * 2000 + "\n" + "|---" * 2000 + "\n" + "| b " * 2000,
        "\0\x01\x7f\u2028\ufeff" * 2000,
        "[^a]" * 3000 + "\n\n[^a]: " + "[^a]" * 3000,
        "- [ ] " * 2000,
        "&#0;&#xFFFFFFFF;&amp" * 2000,
        "<!--" * 20000,
        "<!-- a\n" * 20000,
        "- <!-- a\n" + "  <!-- b\n" * 20000 + "\n-->",
        "> <!-- a\n" * 10000 + "\n-->",
        "<b>" * 20000,
        "<b " * 20000,
        "<a href='" * 20000,
        "<div>\n\n" * 5000,
        "<div>" * 20000 + "\n" + "</p>" * 20000,
        "<details>\n<summary>" * 5000,
        "<td>" * 20000,
        "<!-- " + "<div>\n" * 20000,
        "$a " * 20000,
        "$a$" * 5000,
        "$$" * 20000,
        "$`" * 20000,
        "$$\na\n" * 10000,
        "$" + "{" * 1900 + "$",
        "$" + "x^" * 900 + "$",
        "$" + "\\frac" * 300 + "$",
        "$" + "\\left(" * 300 + "$",
        "$" + "\\sqrt{" * 300 + "}" * 300 + "$",
        "$" + "\\begin{matrix}" * 100 + "$",
        "$" + "\\displaystyle " * 140 + "$",
        "$" + "'" * 1900 + "$",
        "$x$ " * 10000,
        "www." * 20000,
        "https://" * 20000,
        "http://a" * 20000,
        "a@b.c " * 20000,
        "a@" * 40000,
        "a." * 40000 + "@b.c",
        "~" * 40000,
        "~a" * 20000,
        "https://" + "\u0661." * 20000,
        "https://x/" + "&amp;" * 20000,
        "[^1] " * 5000 + "\n\n" + "[^1]: a\n" * 5000,
        "".join(f"[^{n}] " for n in range(3000))
        + "\n\n"
        + "".join(f"[^{n}]: [^{n + 1}]\n" for n in range(3000)),
        "> [!NOTE]\n" * 5000,
        "".join(f"{'>' * n} [!NOTE]\n" for n in range(1, 60)),
        "```c {" + "a " * 20000 + "}\nx\n```",
        "```c {hl_lines=" + "1," * 20000 + "1}\nx\n```",
        "```c {hl_lines=1-9999999}\nx\n```",
        "```c {linenos}\n" + "x\n" * 20000 + "```",
        "```c {linenos}\nx\n```\n" * 5000,
        "```diff\n" + "+\n" * 20000 + "```",
        "```panic\n" + "x" * 200000,
    ],
    ids=lambda text: repr(text[:12]),
)
@pytest.mark.parametrize("syntax", [Syntax(), Syntax(math=True, raw_html=True)], ids=["", "all"])
def test_hostile_text_is_rendered_in_bounded_time(
    tmp_path: Path, text: str, syntax: Syntax
) -> None:
    started = time.process_time()
    rendered(tmp_path, text, means=MEANS._replace(syntax=syntax))
    assert time.process_time() - started < 10


def test_formulas_are_set_up_to_a_measure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sitegen.web.markdown.codeblocks._MOST_FORMULAS", 50)
    sink = Sink()
    text = " ".join(f"$x_{{{n}}}$" for n in range(20))
    html = rendered(tmp_path, text, sink, means=MEANS._replace(syntax=Syntax(math=True))).html
    assert html.count("<math ") == 10
    assert html.count("<code>") == 10
    assert {one.message for one in sink} == {"the page has more than 50 characters of formulas"}


def test_what_is_nested_too_deeply_is_complained_about(tmp_path: Path) -> None:
    sink = Sink()
    rendered(tmp_path, "text\n\n" + ">" * 100 + " x", sink)
    assert [(one.code.id, one.at.line if one.at else 0) for one in sink] == [("M011", 3)]


def test_what_is_nested_as_deeply_as_people_do_is_kept(tmp_path: Path) -> None:
    sink = Sink()
    html = rendered(tmp_path, "".join("  " * n + f"- level {n}\n" for n in range(25)), sink).html
    assert "level 24" in html
    assert not sink.found()


def test_a_table_that_is_wider_than_a_phone_scrolls_by_itself(tmp_path: Path) -> None:
    narrow = rendered(tmp_path, "| many words in a cell | b |\n|---|---|\n| c d e f g | h |\n").html
    wide = rendered(tmp_path, f"| a | b |\n|---|---|\n| {'c' * 20} | |\n| | {'d' * 20} |\n").html
    assert narrow.startswith("<table>")
    assert wide.startswith('<div class="scroller" role="group" aria-label="Table" tabindex="0">')
    assert wide.endswith("</table>\n</div>\n")


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
    inside = f"<code>{code.replace('&', '&amp;').replace('>', '&gt;')}</code>"
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


# --- find_panics -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "```panic\n[ 1] a\n  b\n```\n",
        "~~~panic\n[ 1] a\n  b\n~~~\n",
        "```{panic}\n[ 1] a\n  b\n```\n",
        ":::{panic}\n[ 1] a\n  b\n:::\n",
        "text\n\n- item\n\n  ```panic\n  [ 1] a\n    b\n  ```\n",
        "> > ```panic\n> > [ 1] a\n> >   b\n> > ```\n",
        "1. x\n   > ```panic\n   > [ 1] a\n   >   b\n   > ```\n",
        "::::{note}\n:::{tip}\n```panic\n[ 1] a\n  b\n```\n:::\n::::\n",
        "   ```panic\n   [ 1] a\n     b\n   ```\n",
        "```panic\n[ 1] a\n  b\n",  # never closed
        "````panic\n[ 1] a\n  b\n````\n",
        "[^1]: note\n\n    ```panic\n    [ 1] a\n      b\n    ```\n",
    ],
)
def test_panic_is_found_wherever_it_stands(text: str) -> None:
    (block,) = find_panics(text)
    assert block.text == "[ 1] a\n  b\n"
    line = text.split("\n")[block.text_line - 1]
    assert line[block.indent :] == "[ 1] a"


@pytest.mark.parametrize(
    "text",
    [
        "    ```panic\n    x\n    ```\n",
        "````\n```panic\nx\n```\n````\n",
        "```panics\nx\n```\n",
        "`panic`",
    ],
)
def test_what_is_no_panic_block_is_not_found(text: str) -> None:
    assert find_panics(text) == ()


def test_log_that_holds_a_shorter_fence_is_whole() -> None:
    (block,) = find_panics("````panic\na\n```\nb\n````\n")
    assert block.text == "a\n```\nb\n"


def test_options_of_a_panic_block_keep_their_lines() -> None:
    (block,) = find_panics("\n```{panic}\n:id: x\n:kernel: 6.1\n\nlog\n```\n")
    assert block.options == (("id", "x", 3), ("kernel", "6.1", 4))
    assert (block.line, block.text_line, block.text) == (2, 6, "log\n")


def test_directives_are_found_wherever_they_stand_before_the_page_is_rendered():
    text = """\
Text with {source} in it, and `:::{source} no.c:1`.

:::{source} a.c:1-2
:log: second
prose
:::

- item
  ```{ source }   b.c:3
  ```

> ::::{note}
> :::{source} c.c:f
> :::
> ::::

:::{source}
:::

    :::{source} code.c:1

```panic
:::{source} log.c:1
:::
```
"""
    assert find_asked(text, "source") == (
        Asked("a.c:1-2", "second", 3),
        Asked("b.c:3", "", 9),
        Asked("c.c:f", "", 13),
    )
    assert find_asked(text, "diff") == ()


# --- highlight_lines -------------------------------------------------------------------------


def test_a_comment_over_lines_is_marked_in_each_of_them() -> None:
    assert highlight_lines("a /* b\nc */ d\n", "c") == (
        'a <span class="tok-comment">/* b</span>',
        '<span class="tok-comment">c */</span> d',
    )


def test_lines_are_as_many_as_the_text_has() -> None:
    for text in ("", "a", "a\n", "a\n\n", "\n", "/*\n\n*/\n\n"):
        expected = text.split("\n")
        if len(expected) > 1 and not expected[-1]:
            expected.pop()
        assert len(highlight_lines(text, "c")) == len(expected)


def test_a_quote_in_a_comment_opens_no_string() -> None:
    (line,) = highlight_lines("/* don't */ x = '\"'; // it's", "c")
    assert line == (
        '<span class="tok-comment">/* don&#x27;t */</span> x = '
        '<span class="tok-string">&#x27;&quot;&#x27;</span>; '
        '<span class="tok-comment">// it&#x27;s</span>'
    )


def test_preprocessor_lines_and_immediates_are_no_comments_in_assembly() -> None:
    assert highlight_lines("#ifdef A\nmov x0, #1 # one", "asm") == (
        "#ifdef A",
        'mov x0, #1 <span class="tok-comment"># one</span>',
    )


def test_text_survives_highlighting() -> None:
    text = 'int a = "\\"<&>"; /* <b> */\n\tchar c = \'\\\'\';\n#define X "unclosed\nint y;\n'
    html = "\n".join(highlight_lines(text, "c"))
    tree = html5lib.parse(f"<pre>\n{html}</pre>", namespaceHTMLElements=False)
    assert "".join(tree.itertext()) == text.rstrip("\n")


@pytest.mark.parametrize("text", ["/*" * 100000, '"' * 100000, '"\\' * 100000, "/" * 100000])
def test_scanning_is_linear(text: str) -> None:
    started = time.process_time()
    highlight_lines(text, "c")
    assert time.process_time() - started < 2


# --- Laws ------------------------------------------------------------------------------------

PIECES = (
    "- ", "  ", "> ", "1. ", "```", "````", ":::", "::::", "{note}", "{tip}", "{panic}", "panic", "{x",
    "\n", "\n\n", ":id: a\n", "text", "|", "|-|-|\n", "[a](b)", "![", "](", ")", "`", "*", "**", "_",
    "{func}`f`", "{nope}`f`", "[^1]", "[^1]: ", "# ", "<b>", "&amp;", "\\", "\t", "    ", "---\n",
    "> [!NOTE]\n", ": ", "[ ] ", "javascript:", "https://x.y", "\0", "é", "\u2028",
    "<!--", "-->", "$", "$$", "x^2", "www.x.y", "a@b.c", "~", "{linenos}", "[^2]: ", "<kbd>", "</kbd>",
    "<div>", "</div>\n", "<a href=x.md>", "</a>", "<td>", "<p>", "<br>", "<img src=x>", "<details>\n",
)  # fmt: skip


SYNTAX = Syntax(math=True)


@settings(max_examples=200, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=60).map("".join))
@example("[^1]: - [^1]: ")  # a footnote in a footnote
def test_no_text_raises_and_every_page_is_well_formed(text: str) -> None:
    page = Document(path="a.md", file="content/a.md", kind="page", slug="a", url="a/", body=text)
    resolve = partial(links.resolve, document=page, index=INDEX, folder=Path("nowhere"))
    means = MEANS._replace(syntax=SYNTAX)
    found = render(page, means=means, place=show, resolve=resolve, sink=Sink())
    parser = html5lib.HTMLParser(strict=True)
    parser.parse(f"<!DOCTYPE html><title>t</title><main>{found.html}</main>".replace("\0", ""))


TAGS = (
    "<b>", "</b>", "<i class=x>", "</i>", "<a href=x.md>", "<a id=log>", "</a>", "<p>", "</p>", "<div>", "</div>",
    "<details open>", "</details>", "<summary>", "</summary>", "<ul>", "</ul>", "<li>", "<table>", "</table>", "<tr>",
    "<td colspan=2>", "</td>", "<br>", "<img src=x.png onerror=alert(1)>", "<h2>", "</h2>", "<pre>", "</pre>", "<hr>",
    "<script>alert(1)</script>", "</main>", "</body>", "<style>", "<svg onload=alert(1)>", "<!--", "-->", "<b onclick=x",
    "\n", "\n\n", "- ", "> ", "text", "*", "`", "[a](b)", "[^1]", "\n\n[^1]: ", "| a |\n|---|\n| ", ":::{note}\n", ":::\n", "# ",
)  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from(TAGS), max_size=40).map("".join))
def test_html_that_is_let_through_does_no_harm_and_keeps_the_shape_of_the_page(text: str) -> None:
    page = Document(path="a.md", file="content/a.md", kind="page", slug="a", url="a/", body=text)
    resolve = partial(links.resolve, document=page, index=INDEX, folder=Path("nowhere"))
    means = MEANS._replace(syntax=Syntax(raw_html=True))
    html = render(page, means=means, place=show, resolve=resolve, sink=Sink()).html
    tree = html5lib.parse(
        f"<!DOCTYPE html><title>t</title><main>{html}</main><footer>f</footer>",
        namespaceHTMLElements=False,
    )
    body = tree.find("body")
    assert [element.tag for element in body] == ["main", "footer"]
    ids = [element.attrib["id"] for element in tree.iter() if "id" in element.attrib]
    assert len(ids) == len(set(ids))
    for element in tree.iter():
        assert element.tag not in {"script", "style", "svg", "iframe", "form", "input"} or (
            element.tag == "input" and element.attrib["type"] == "checkbox"
        )
        assert not {name for name in element.attrib if name.startswith(("on", "style"))}


@settings(max_examples=200, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=60).map("".join))
@example("<div>\n```\n\n```panic\na\n```")
@example("$$\n```\n$$\n```panic\na\n```")
@example("<!--\n```panic\na\n```\n-->")
def test_every_panic_directive_that_is_placed_was_found_before(text: str) -> None:
    uses: list[DirectiveUse] = []

    def place(use: DirectiveUse) -> str:
        uses.append(use)
        return use.body

    # The pieces stand for logs by a number each, as the reader of content gives them.
    blocks = find_panics(text)
    page = Document(path="a.md", file="content/a.md", kind="page", slug="a", url="a/", body=text)
    logs = tuple(
        EmbeddedLog(id=f"panic-{n}", text=block.text, sha256="0", path="a.md", block=block.line)
        for n, block in enumerate(blocks)
    )
    resolve = partial(links.resolve, document=page, index=INDEX, folder=Path("nowhere"))
    means = MEANS._replace(syntax=Syntax(math=True, raw_html=True))
    html = render(
        replace(page, logs=logs), means=means, place=place, resolve=resolve, sink=Sink()
    ).html
    assert "could not be read" not in html
    by_id = {log.id: log for log in logs}
    for use in uses:
        if use.name == "panic":
            assert use.body == by_id[use.log].text
    for block in blocks:
        line = text.replace("\0", "\ufffd").split("\n")[block.text_line - 1] if block.text else ""
        assert line[block.indent :] == block.text.split("\n")[0]


# --- Time -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "piece",
    [
        "# a\n\n",
        "# a-1\n\n# a\n\n",
        "{func}`a` ",
        "{func}`a`\n",
        "{nope}`a` ",
        "[a](javascript:x) ",
        "[a](nope.md) ",
        "[a](nope.md)\n",
        "```panic\n:id: a\nx\n```\n",
        "```panic\n:id: 9\n:date: x\nx\n```\n",
    ],
)
def test_what_stands_twenty_thousand_times_takes_linear_time(piece: str, tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("Words.\n\n" + piece * 20_000)
    start = time.process_time()
    sink = Sink()
    made = read_document("a.md", folder=tmp_path, root=tmp_path, sink=sink, find_panics=find_panics)
    assert made is not None
    resolve = partial(links.resolve, document=made, index=INDEX, folder=tmp_path)
    found = render(made, means=MEANS, place=lambda use: "", resolve=resolve, sink=sink)
    assert time.process_time() - start < 10
    assert len({heading.id for heading in found.toc}) == len(found.toc) == piece.count("#") * 20_000
    assert len({log.id for log in made.logs}) == len(made.logs) == piece.count("panic") * 20_000


def test_a_role_is_complained_about_in_its_own_line(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("one {x}`a`\ntwo\n{func}`b`\n*three {y}`c`*\n{z}`d`\n")
    sink = Sink()
    made = read_document("a.md", folder=tmp_path, root=tmp_path, sink=sink, find_panics=find_panics)
    assert made is not None
    resolve = partial(links.resolve, document=made, index=INDEX, folder=tmp_path)
    render(made, means=MEANS, place=lambda use: "", resolve=resolve, sink=sink)
    assert [(one.at.line, one.at.column) for one in sink] == [(1, 6), (4, 9), (5, 2)]


@pytest.mark.parametrize(
    "language", ["devicetree", "dts", "perl", "python", "make", "yaml", "diff"]
)
@pytest.mark.parametrize("piece", ["a,", "(", " \n", "a: [\n", '"""\n', "$("])
def test_code_is_coloured_in_bounded_time(tmp_path: Path, language: str, piece: str) -> None:
    code = piece * (16_000 // len(piece))
    started = time.process_time()
    found = rendered(tmp_path, f"```{language}\n{code}\n```\n")
    assert time.process_time() - started < 3
    assert '<pre class="code">' in found.html


@pytest.mark.parametrize(
    "language", ["nosuch", "devicetree", "log", "perl", "../python", "brainfuck"]
)
def test_languages_that_are_not_known_to_be_quick_are_plain(tmp_path: Path, language: str) -> None:
    found = rendered(tmp_path, f"```{language}\nint x = 1; # a\n```\n")
    assert found.html == '<pre class="code"><code>int x = 1; # a\n</code></pre>\n'
