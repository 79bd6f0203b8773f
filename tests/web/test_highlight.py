"""Source text as escaped HTML, line by line and as blocks."""

from pathlib import Path

import html5lib
import pytest

from sitegen.web.markdown import highlight_lines
from tests.web.prose import rendered


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


@pytest.mark.parametrize("text", ["/*" * 200000, '"' * 200000, '"\\' * 200000, "/" * 200000])
def test_scanning_is_linear(text: str) -> None:
    lines = highlight_lines(text, "c")
    assert len("".join(lines)) >= len(text)


@pytest.mark.parametrize(
    "language", ["devicetree", "dts", "perl", "python", "make", "yaml", "diff"]
)
@pytest.mark.parametrize("piece", ["a,", "(", " \n", "a: [\n", '"""\n', "$("])
def test_hostile_code_is_coloured(tmp_path: Path, language: str, piece: str) -> None:
    code = piece * (16_000 // len(piece))
    found = rendered(tmp_path, f"```{language}\n{code}\n```\n")
    assert '<pre class="code">' in found.html


@pytest.mark.parametrize(
    "language", ["nosuch", "devicetree", "log", "perl", "../python", "brainfuck"]
)
def test_languages_that_are_not_known_to_be_quick_are_plain(tmp_path: Path, language: str) -> None:
    found = rendered(tmp_path, f"```{language}\nint x = 1; # a\n```\n")
    assert found.html == '<pre class="code"><code>int x = 1; # a\n</code></pre>\n'
