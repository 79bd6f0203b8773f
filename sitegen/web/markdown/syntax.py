"""Markdown text -> tokens. Knows the syntax; what directives and roles mean is for render.py.

Directives are MyST's: ```{name} argument and :::{name} argument, then `:key: value`
lines, then the body. A Markdown body is parsed in place, inside the same state, so
that its tokens carry the lines of the file and share link definitions and footnotes.
"""

import re
from collections.abc import Mapping
from functools import cache
from typing import Literal, NamedTuple

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token
from mdit_py_plugins.deflist import deflist_plugin
from mdit_py_plugins.footnote import footnote_plugin
from mdit_py_plugins.footnote.index import footnote_def

from sitegen.web.content import PanicBlock

MAX_NESTING = 64
"""Levels of quotes, lists and directives in each other; what is deeper is left out."""

PANIC = "panic"
"""The directive that ```panic, without braces, stands for too."""

_BODIES = "bodies"  # key of env: directive -> how its body is read; None: all but panic is Markdown

_IN_FOOTNOTE = "in footnote"  # key of env: whether one is being parsed

Body = Literal["markdown", "text", "none"]


class Option(NamedTuple):
    """A `:key: value` line of a directive."""

    name: str
    value: str
    line: int
    "of the body, from 0"


class Block(NamedTuple):
    """A directive as it stands in the text; the `meta` of its token."""

    name: str
    braces: bool
    "False for `:::name`, which is no directive but looks like one"
    argument: str
    options: tuple[Option, ...]
    line: int
    "where it opens; lines of the body, from 0"
    text_line: int
    "where its body begins"
    indent: int
    "characters before the body's first line"


class _Parser(MarkdownIt):
    def validateLink(self, url: str) -> bool:  # noqa: N802  reason: markdown-it calls it so
        """Accepts every link: rendering refuses, since it can say where."""
        del url
        return True


@cache
def _parser() -> MarkdownIt:
    """The one parser, made once a process: 3 ms."""
    md = _Parser("commonmark", {"html": False, "maxNesting": MAX_NESTING})
    md.enable(["table", "strikethrough"])
    md.disable(["html_block", "html_inline"])
    md.use(deflist_plugin).use(footnote_plugin, inline=False)
    md.block.ruler.at("fence", _fence, {"alt": ["paragraph", "reference", "blockquote", "list"]})
    md.block.ruler.at("footnote_def", _footnote, {"alt": ["paragraph", "reference"]})
    md.inline.ruler.before("backticks", "role", _role)
    return md


def parse(text: str, bodies: Mapping[str, Body]) -> list[Token]:
    """The tokens of `text`, flat as markdown-it gives them.

    Besides markdown-it's own there are `directive_open` and `directive_close` (a
    Markdown body between them), `directive` (`content` is the body as text, or the
    whole block's source when `bodies` does not know the name), and, inside inline
    tokens, `role`. Their `meta` is a Block, and the role's (name, position).
    """
    return _parser().parse(text, {_BODIES: bodies})


def find_panics(text: str) -> tuple[PanicBlock, ...]:
    """The `panic` blocks of a Markdown text in order, wherever they stand: lists, quotes, directives.

    Parses blocks only, about half of what `parse` costs.
    """
    tokens: list[Token] = []
    md = _parser()
    # What markdown-it's own normalisation does, so that lines are counted alike.
    md.block.parse(text.replace("\0", "\N{REPLACEMENT CHARACTER}"), md, {_BODIES: None}, tokens)
    return tuple(_panic(token) for token in tokens if token.type == "directive")


def _panic(token: Token) -> PanicBlock:
    block: Block = token.meta["block"]
    return PanicBlock(
        line=block.line + 1,
        options=tuple((option.name, option.value, option.line + 1) for option in block.options),
        text=token.content,
        text_line=block.text_line + 1,
        indent=block.indent,
    )


# --- Fences ----------------------------------------------------------------------------------

_DIRECTIVE = re.compile(r"[ \t]*\{([^{}`]{1,80})\}(.*)", re.DOTALL)
_BARE = re.compile(r"[ \t]*([A-Za-z][\w-]{0,40})(.*)", re.DOTALL)
_OPTION = re.compile(r":([A-Za-z][\w-]{0,40}):(?:[ \t]+(.*))?\Z")


def _fence(state: StateBlock, start: int, end: int, silent: bool) -> bool:  # noqa: FBT001  reason: markdown-it's signature of a rule
    """Code fences and directives. Colon fences are directives only."""
    if state.is_code_block(start):
        return False
    first = state.bMarks[start] + state.tShift[start]
    last = state.eMarks[start]
    if first + 3 > last or state.src[first] not in "`~:":
        return False
    marker = state.src[first]
    after = state.skipCharsStr(first, marker)
    length = after - first
    info = state.src[after:last]
    if length < 3 or (marker == "`" and "`" in info):
        return False
    use = _directive(info, marker)
    if use is None and marker == ":":
        return False
    if silent:
        return True
    close, closed = _find_close(state, start, end, marker, length)
    if use is None:
        token = state.push("fence", "code", 0)
        token.info = info
        token.content = state.getLines(start + 1, close, state.sCount[start], True)
        token.markup = state.src[first:after]
        token.map = [start, close + closed]
        state.line = close + closed
    else:
        _push_directive(state, use, start, close, closed=closed)
    return True


def _directive(info: str, marker: str) -> tuple[str, bool, str] | None:
    """Name, whether in braces, and argument of a fence's info string; None for a plain fence."""
    if found := _DIRECTIVE.match(info):
        return found[1].strip(), True, found[2].strip()
    if marker == ":":
        found = _BARE.match(info)
        return (found[1], False, found[2].strip()) if found else None
    word, _, argument = info.strip().partition(" ")
    return (PANIC, True, argument.strip()) if word == PANIC else None


def _find_close(
    state: StateBlock, start: int, end: int, marker: str, length: int
) -> tuple[int, bool]:
    """The line of the closing fence and True; where the block ends without one, and False."""
    line = start
    while True:
        line += 1
        if line >= end:
            return line, False
        first = state.bMarks[line] + state.tShift[line]
        last = state.eMarks[line]
        if first < last and state.sCount[line] < state.blkIndent:
            return line, False  # a line left of the list item ends the item, and the fence with it
        if first >= last or state.src[first] != marker or state.is_code_block(line):
            continue
        after = state.skipCharsStr(first, marker)
        if after - first >= length and state.skipSpaces(after) >= last:
            return line, True


def _push_directive(
    state: StateBlock, use: tuple[str, bool, str], start: int, close: int, *, closed: bool
) -> None:
    name, braces, argument = use
    bodies: Mapping[str, Body] | None = state.env[_BODIES]
    indent = state.sCount[start]
    options, text_line = _options(state, start + 1, close, indent)
    block = Block(
        name, braces, argument, options, start, text_line, _indent(state, text_line, close, indent)
    )
    if bodies is None:
        body: Body | None = "text" if name == PANIC else "markdown"
    else:
        body = bodies.get(name) if braces else None
    if body == "text" or body is None:
        token = state.push("directive", "", 0)
        source = start if body is None else text_line
        stop = close + closed if body is None else close
        token.content = state.getLines(source, stop, indent, True) if source < stop else ""
    else:
        token = state.push("directive_open", "", 1)
        _parse_inside(state, text_line, close)
        state.push("directive_close", "", -1).block = True
    token.block = True
    token.map = [start, close + closed]
    token.meta = {"block": block}
    state.line = close + closed


def _parse_inside(state: StateBlock, start: int, end: int) -> None:
    """Parses the lines of a directive's body where they stand."""
    parent, line_max, tight = state.parentType, state.lineMax, state.tight
    state.parentType = "directive"
    state.lineMax = end  # lazy continuation must not run past the closing fence
    state.md.block.tokenize(state, start, end)
    state.parentType, state.lineMax, state.tight = parent, line_max, tight


def _options(
    state: StateBlock, start: int, end: int, indent: int
) -> tuple[tuple[Option, ...], int]:
    """The `:key: value` lines from `start` on, and the line after them (and one blank line)."""
    found: list[Option] = []
    line = start
    while line < end and (match := _OPTION.match(state.getLines(line, line + 1, indent, False))):
        found.append(Option(match[1], (match[2] or "").strip(), line))
        line += 1
    if found and line < end and state.isEmpty(line):
        line += 1
    return tuple(found), line


def _indent(state: StateBlock, line: int, end: int, indent: int) -> int:
    """Characters of the source line before what is taken from it."""
    if line >= end:
        return 0
    last = state.eMarks[line]
    source = last - (state.src.rfind("\n", 0, last) + 1)
    return max(0, source - len(state.getLines(line, line + 1, indent, False)))


def _footnote(state: StateBlock, start: int, end: int, silent: bool) -> bool:  # noqa: FBT001  reason: markdown-it's signature of a rule
    """A footnote's text, but not inside another's: the plugin would take the two apart wrongly."""
    if silent:
        return footnote_def(state, start, end, silent)
    if state.env.get(_IN_FOOTNOTE):
        return False
    state.env[_IN_FOOTNOTE] = True
    found = footnote_def(state, start, end, silent)
    state.env[_IN_FOOTNOTE] = False
    return found


# --- Roles -----------------------------------------------------------------------------------

_ROLE = re.compile(r"\{([A-Za-z][\w.:-]{0,40})\}(`+)")


def _role(state: StateInline, silent: bool) -> bool:  # noqa: FBT001  reason: markdown-it's signature of a rule
    """{name}`text`, the text between equal runs of backticks as in a code span."""
    if state.src[state.pos] != "{":
        return False
    found = _ROLE.match(state.src, state.pos)
    if found is None:
        return False
    run = found[2]
    close = _find_run(state.src, run, found.end(), state.posMax)
    if close < 0:
        return False
    if not silent:
        token = state.push("role", "", 0)
        token.content = " ".join(state.src[found.end() : close].split())
        token.markup = run
        token.meta = {"name": found[1], "position": state.pos}
    state.pos = close + len(run)
    return True


def _find_run(text: str, run: str, start: int, end: int) -> int:
    """Where a run of exactly these backticks begins; -1 when there is none."""
    while (at := text.find(run, start, end)) >= 0:
        after = at + len(run)
        while after < end and text[after] == "`":
            after += 1
        if after - at == len(run):
            return at
        start = after
    return -1


def plain_text(tokens: list[Token] | None) -> str:
    """What inline tokens say without markup: for headings, alternative texts and titles."""
    parts: list[str] = []
    for token in tokens or ():
        if token.type in {"text", "code_inline", "role"}:
            parts.append(token.content)
        elif token.type in {"softbreak", "hardbreak"}:
            parts.append(" ")
        elif token.children:
            parts.append(plain_text(token.children))
    return "".join(parts)
