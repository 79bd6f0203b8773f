"""Markdown text -> tokens. Knows the syntax; what directives and roles mean is for render.py."""

import re
from collections.abc import Iterable, Mapping
from functools import cache
from typing import NamedTuple

from markdown_it import MarkdownIt
from markdown_it.ruler import RuleOptionsType
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token
from mdit_py_plugins.deflist import deflist_plugin
from mdit_py_plugins.footnote import footnote_plugin

from sitegen.web.content import PanicBlock
from sitegen.web.markdown import autolinks, comments, footnotes, math, tags
from sitegen.web.markdown.fences import BODIES, Block, Body, fence
from sitegen.web.markdown.values import PLAIN, Syntax

MAX_NESTING = 64
"""Levels of quotes, lists and directives in each other; what is deeper is left out."""


class _Parser(MarkdownIt):
    def validateLink(self, url: str) -> bool:  # noqa: N802  reason: markdown-it calls it so
        """Accepts every link: rendering refuses, since it can say where."""
        del url
        return True


@cache
def _parser(syntax: Syntax = PLAIN) -> MarkdownIt:
    """The parser of a syntax, made once a process: 3 ms."""
    options = {"html": False, "maxNesting": MAX_NESTING, "strikethrough_single_tilde": True}
    md = _Parser("commonmark", options)
    md.enable(["table", "strikethrough"])
    md.disable(["html_block", "html_inline"])
    md.use(deflist_plugin).use(footnote_plugin, inline=False, move_to_end=False)
    breaks: RuleOptionsType = {"alt": ["paragraph", "reference", "blockquote", "list"]}
    md.block.ruler.at("fence", fence, breaks)
    md.block.ruler.at("footnote_def", footnotes.footnote, {"alt": ["paragraph", "reference"]})
    md.block.ruler.before("fence", "comment", comments.block, breaks)
    md.inline.ruler.at("text", autolinks.text)
    md.inline.ruler.at("footnote_ref", footnotes.reference)
    md.inline.ruler.after("text", "address", autolinks.address)
    md.inline.ruler.before("backticks", "role", _role)
    md.inline.ruler.before("autolink", "comment", comments.inline)
    md.inline.ruler.after("autolink", "tag", tags.inline)
    if syntax.raw_html:
        md.block.ruler.before(
            "fence", "markup", tags.block, {"alt": ["paragraph", "reference", "blockquote"]}
        )
    if syntax.math:
        md.block.ruler.before("fence", "math", math.block)
        md.inline.ruler.before("backticks", "math", math.inline)
    return md


class Parsed(NamedTuple):
    """A text as tokens."""

    tokens: list[Token]
    unused: tuple[footnotes.Unused, ...]
    "footnotes that are not among them"


def parse(text: str, bodies: Mapping[str, Body] | None, syntax: Syntax) -> Parsed:
    """The tokens of `text`, flat as markdown-it gives them, footnotes at the end.

    Besides markdown-it's own there are `directive_open` and `directive_close` (a
    Markdown body between them), `directive` (`content` is the body as text, or the
    whole block's source when `bodies` does not know the name), and, inside inline
    tokens, `role`. Their `meta` is a Block, and the role's name and position. HTML
    is a `tag` in a line and `markup` as lines, a formula is `math`. Without `bodies` every
    directive but `panic` has one of Markdown.
    """
    return Parsed(*footnotes.lay_out(_parser(syntax).parse(text, {BODIES: bodies})))


def find_panics(text: str) -> tuple[PanicBlock, ...]:
    """The `panic` blocks of a Markdown text in order, wherever they stand: lists, quotes, directives.

    Parses blocks only, about half of what `parse` costs.
    """
    tokens = block_tokens(text)
    return tuple(_panic(token) for token in tokens if token.type == "directive")


def find_blocks(text: str, name: str) -> tuple[Block, ...]:
    """The directives of this name whose body is Markdown, in order; costs what find_panics does."""
    opened = (token for token in block_tokens(text) if token.type == "directive_open")
    blocks: Iterable[Block] = (token.meta["block"] for token in opened)
    return tuple(block for block in blocks if block.braces and block.name == name)


def block_tokens(text: str) -> list[Token]:
    """The tokens of the blocks alone; all directives but panic hold Markdown."""
    tokens: list[Token] = []
    md = _parser()
    # What markdown-it's own normalisation does, so that lines are counted alike.
    md.block.parse(text.replace("\0", "\N{REPLACEMENT CHARACTER}"), md, {BODIES: None}, tokens)
    return tokens


def _panic(token: Token) -> PanicBlock:
    block: Block = token.meta["block"]
    return PanicBlock(
        line=block.line + 1,
        options=tuple((option.name, option.value, option.line + 1) for option in block.options),
        text=token.content,
        text_line=block.text_line + 1,
        indent=block.indent,
    )


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


def anchor_text(tokens: list[Token] | None) -> str:
    """What GitHub makes a heading's id of: its text without pictures, ends of lines as they are."""
    shown = [token for token in tokens or () if token.type != "image"]
    return "".join("\n" if token.type.endswith("break") else plain_text([token]) for token in shown)
