"""A snippet as lines of HTML: numbers, `... SNIP ...`, the call marked and its expression underlined."""

import re
from html import escape
from itertools import pairwise

from sitegen.model import Snippet
from sitegen.web.markdown import Language, highlight_lines
from sitegen.wording import counted

_LONGEST = 400
"""Characters of a line shown: generated source has lines of thousands."""


def rows(
    snippet: Snippet,
    *,
    expression: str = "",
    callee: str = "",
    part: str = "call",
    pointer: bool = False,
    goes: str = "",
) -> str:
    """The snippet's lines as HTML, one element a line; empty when its text was left out.

    The marked line gets the class `part`, the call in it is underlined (dashed when it
    went through a `pointer`), and `goes` (trusted HTML) stands behind it.
    """
    lines = _lines(snippet)
    out = []
    index = 0
    end = 0
    for first, last in _runs(snippet, len(lines)):
        if end and first > end + 1:
            out.append(_snip(first - end - 1))
        run = [line[:_LONGEST] for line in lines[index : index + last - first + 1]]
        for number, (line, html) in enumerate(
            zip(run, colour(run, snippet.file), strict=True), first
        ):
            if number == snippet.mark:
                span = _span(snippet, line)
                if span is None and (expression or callee):
                    span = _find_call(line, expression, callee)
                shown = _underline(line, snippet.file, span, pointer=pointer)
                out.append(_row(number, shown or html, part=part, goes=goes))
            else:
                out.append(_row(number, html))
        index += last - first + 1
        end = last
    return "\n".join(out)


def bare_row(line: int, text: str, *, href: str, part: str, pointer: bool, goes: str) -> str:
    """The marked line where the text of the source is not at hand: what is known of it."""
    number = f'<a class="n" href="{escape(href)}">{line}</a>' if href else _number(line)
    shown = f"<u{_DASHED if pointer else ''}>{escape(text[:_LONGEST])}</u>" if text else ""
    return f'<span class="line {part}">{number} <span class="t">{shown}</span>{goes}</span>'


def line_html(text: str, file: str) -> str:
    """One line, coloured; trusted."""
    return colour([text], file)[0]


def plain(snippet: Snippet) -> tuple[int, str] | None:
    """The marked line and its text without indentation; None when it is not at hand."""
    line = shown_lines(snippet).get(snippet.mark or 0)
    return None if snippet.mark is None or line is None else (snippet.mark, line.strip())


def shown_lines(snippet: Snippet) -> dict[int, str]:
    """The lines shown, by number; none when the text is not at hand."""
    lines = _lines(snippet)
    numbers = (n for first, last in _runs(snippet, len(lines)) for n in range(first, last + 1))
    return dict(zip(numbers, lines, strict=False))


def marked(snippet: Snippet) -> str:
    """The characters of the marked line that are the call; empty when the evidence says none."""
    line = shown_lines(snippet).get(snippet.mark or 0, "")
    span = _span(snippet, line)
    return line[span[0] : span[1]] if span else ""


def colour(lines: list[str], file: str) -> tuple[str, ...]:
    """The lines escaped, with strings and comments in the language of `file` coloured."""
    language: Language = "asm" if file.endswith(".S") else "c"
    html = highlight_lines("\n".join(lines), language)
    return html + ("",) * (len(lines) - len(html))  # an empty last line is none there


def _row(number: int, html: str, *, part: str = "", goes: str = "") -> str:
    kind = f"line {part}" if part else "line"
    return f'<span class="{kind}">{_number(number)} <span class="t">{html}</span>{goes}</span>'


def _number(number: int) -> str:
    return f'<span class="n">{number}</span>'


def _lines(snippet: Snippet) -> list[str]:
    """Split at line feeds only, as the evidence counts: form feeds stand in old files."""
    return snippet.text.removesuffix("\n").split("\n") if snippet.text else []


def _runs(snippet: Snippet, lines: int) -> tuple[tuple[int, int], ...]:
    """The runs shown, none of them empty; none at all when they are not those of the text.

    A lock can be edited by hand, or merged.
    """
    runs = tuple(run for run in snippet.shown if run[0] <= run[1])
    ordered = all(above[1] < below[0] for above, below in pairwise(((0, 0), *runs)))
    count = sum(last - first + 1 for first, last in runs)
    return runs if ordered and count == lines else ()


def _snip(count: int) -> str:
    lines = counted(count, "line")
    return f'<span class="snip">... SNIP ... <span class="unseen">{lines} left out</span></span>'


_DASHED = ' class="pointer"'


def _span(snippet: Snippet, line: str) -> tuple[int, int] | None:
    """The call in the marked line, where the evidence says which characters it is."""
    if snippet.column is None or snippet.end is None:
        return None
    start, end = snippet.column - 1, min(snippet.end - 1, len(line))
    return (start, end) if 0 <= start < end else None


def _underline(line: str, file: str, span: tuple[int, int] | None, *, pointer: bool) -> str:
    """The line with the call underlined; empty when it cannot be told which piece that is."""
    if span is None:
        return ""
    start, end = span
    before, call, after = (
        colour([piece], file)[0] for piece in (line[:start], line[start:end], line[end:])
    )
    return f"{before}<u{_DASHED if pointer else ''}>{call}</u>{after}"


def _find_call(line: str, expression: str, callee: str) -> tuple[int, int] | None:
    """Where the call stands in the line: the expression as written, or a call of `callee`.

    None where neither is there: the pointer was read into a local variable first, or a macro
    makes the call. What begins in the first column is a definition and no call.
    """
    start = line.find(expression) if expression else -1
    if start >= 0:
        return start, start + len(expression)
    head = expression.partition("(")[0].rstrip() or callee
    if head and line[:1].isspace():
        found = re.search(rf"(?<![\w>.]){re.escape(head)}\s*\(", line)
        if found:  # it may go on in the next line
            return found.start(), _closing(line, found.start())
    if callee:
        jump = re.search(rf"\b(?:call|jmp|bl|b|jal)\w*\s+{re.escape(callee)}\b", line)
        if jump:
            return jump.span()
    return None


def _closing(line: str, start: int) -> int:
    """The end of the parenthesis that opens first after `start`, or of what stands on the line."""
    depth = 0
    for index in range(start, len(line)):
        if line[index] == "(":
            depth += 1
        elif line[index] == ")":
            depth -= 1
            if not depth:
                return index + 1
    return len(line.rstrip())
