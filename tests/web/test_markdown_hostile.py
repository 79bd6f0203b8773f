"""Markdown that means harm, or has gone wrong: nothing raises, and time is linear."""

from functools import partial
from pathlib import Path

import html5lib
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from sitegen.diagnostics import Sink
from sitegen.web import links
from sitegen.web.content import Document, EmbeddedLog, read_document
from sitegen.web.markdown import DirectiveUse, Syntax, find_panics, render
from tests.web.prose import INDEX, MEANS, rendered, show


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
        ":::{note}\n```\n" * 5000,
        "::::{note}\n:::\n" * 5000,
        "".join(":" * n + "{note}\n" for n in range(3, 500)),
        ":::{panic}\n:::{note}\n" * 5000,
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
        "<div>" + "<!--" * 20000,
        "<div>" + "<!-- -->" * 20000,
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
def test_hostile_text_is_rendered(tmp_path: Path, text: str, syntax: Syntax) -> None:
    rendered(tmp_path, text, means=MEANS._replace(syntax=syntax))


def test_what_is_nested_too_deeply_is_complained_about(tmp_path: Path) -> None:
    sink = Sink()
    rendered(tmp_path, "text\n\n" + ">" * 100 + " x", sink)
    assert [(one.code.id, one.at.line if one.at else 0) for one in sink] == [("M011", 3)]


def test_what_is_nested_as_deeply_as_people_do_is_kept(tmp_path: Path) -> None:
    sink = Sink()
    html = rendered(tmp_path, "".join("  " * n + f"- level {n}\n" for n in range(25)), sink).html
    assert "level 24" in html
    assert not sink.found()


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
def test_what_stands_twenty_thousand_times_is_read(piece: str, tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("Words.\n\n" + piece * 20_000)
    sink = Sink()
    made = read_document("a.md", folder=tmp_path, root=tmp_path, sink=sink, find_panics=find_panics)
    assert made is not None
    resolve = partial(links.resolve, document=made, index=INDEX, folder=tmp_path)
    found = render(made, means=MEANS, place=lambda use: "", resolve=resolve, sink=sink)
    assert len({heading.id for heading in found.toc}) == len(found.toc) == piece.count("#") * 20_000
    assert len({log.id for log in made.logs}) == len(made.logs) == piece.count("panic") * 20_000
