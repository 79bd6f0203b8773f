r"""Formulas, `$a_b$`, `$$\sum x$$` and ```math as on GitHub -> MathML, where the project turns them on.

latex2mathml does it, for it is small, kept and needs no script. Nothing of what it makes is
taken as it is: elements and attributes are written anew from the lists below, since its
output holds whatever `\text{}` and `\href{}{}` were given.
"""

import re
from functools import lru_cache
from html import escape, unescape
from typing import TYPE_CHECKING

from markdown_it.rules_block import StateBlock
from markdown_it.rules_inline import StateInline

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

MAX_FORMULA = 2000
"""Characters of a formula that is still set."""

_ELEMENTS = frozenset([
    "math", "menclose", "mfrac", "mi", "mmultiscripts", "mn", "mo", "mover", "mpadded",
    "mphantom", "mprescripts", "mroot", "mrow", "mspace", "msqrt", "mstyle", "msub", "msubsup",
    "msup", "mtable", "mtd", "mtext", "mtr", "munder", "munderover", "none",
])  # fmt: skip
_ATTRIBUTES = frozenset([
    "accent", "accentunder", "columnalign", "columnlines", "columnspacing", "depth", "display",
    "displaystyle", "fence", "form", "height", "largeop", "linethickness", "lspace",
    "mathvariant", "maxsize", "minsize", "movablelimits", "notation", "rowlines", "rowspacing",
    "rspace", "scriptlevel", "separator", "stretchy", "symmetric", "voffset", "width",
])  # fmt: skip
_VALUE = re.compile(r"[\w.+ -]{0,60}")
# They would let a short formula grow without end.
_MACROS = re.compile(r"\\(?:re|provide)?newcommand|\\[gex]?def\b|\\let\b|\\DeclareMath")


@lru_cache(maxsize=256)
def formula_html(formula: str, *, display: bool) -> str:
    """A formula as MathML; empty when it is not understood."""
    formula = formula.strip()
    if not formula or len(formula) > MAX_FORMULA or _MACROS.search(formula):
        return ""
    from latex2mathml.converter import convert_to_element  # noqa: PLC0415  reason: 20 ms, and few pages need it

    try:
        found = convert_to_element(formula, display="block" if display else "inline")
        return "".join(_written(found))
    except Exception:  # noqa: BLE001  reason: it raises IndexError, KeyError, StopIteration and others on what it does not know
        return ""


def _written(element: "Element") -> list[str]:
    """The element anew. What is not in the lists is left out, and what stands in it stays."""
    known = element.tag in _ELEMENTS
    attributes = "".join(
        f' {name}="{escape(value)}"'
        for name, value in element.attrib.items()
        if name in _ATTRIBUTES and _VALUE.fullmatch(value)
    )
    out = [f"<{element.tag}{attributes}>"] if known else []
    out.append(escape(unescape(element.text or ""), quote=False))
    for child in element:
        out += _written(child)
    return [*out, f"</{element.tag}>"] if known else out


# --- Rules -----------------------------------------------------------------------------------

_KNOWN = "formulas"  # key of env: what the last search found
_CLOSES = {
    "$": re.compile(r"(?<!\\)\$"),
    "$$": re.compile(r"(?<!\\)\$\$"),
    "$`": re.compile(r"`\$"),
}


def inline(state: StateInline, silent: bool) -> bool:  # noqa: FBT001  reason: markdown-it's signature of a rule
    r"""`$a$` and `$$a$$`, or $`a`$ where signs of Markdown stand in the formula.

    A `$` opens none behind a letter or before a blank, and closes none before a letter or
    behind a blank: prices and shell variables stay what they are.
    """
    source, at = state.src, state.pos
    if source[at] != "$":
        return False
    mark = source[at : at + 2]
    mark = mark if mark in {"$$", "$`"} else "$"
    first = at + len(mark)
    if first >= state.posMax or (mark == "$" and source[first].isspace()):
        return False
    if at and source[at - 1].isalnum():
        return False
    close = _find_close(state, mark, first)
    if not first < close < min(state.posMax, first + MAX_FORMULA):
        return False
    if mark == "$" and not _may_close(source, close):
        return False
    if not silent:
        token = state.push("math", "", 0)
        token.content = source[first:close]
        token.markup = mark
        token.meta = {"position": at}
    state.pos = close + len(mark)
    return True


def _may_close(source: str, close: int) -> bool:
    after = source[close + 1 : close + 2]
    return not source[close - 1].isspace() and not (after.isalnum() or after in {"_", "$"})


def _find_close(state: StateInline, mark: str, first: int) -> int:
    """Where the next mark that closes is; -1 without one. No part of a text is searched twice."""
    known: dict[str, tuple[int, int]]
    source, known = state.env.get(_KNOWN, ("", {}))
    if source is not state.src:
        known = {}
        state.env[_KNOWN] = (state.src, known)
    since, close = known.get(mark, (-1, -2))
    if since < 0 or -1 < close < first:
        found = _CLOSES[mark].search(state.src, first)
        close = found.start() if found else -1
        known[mark] = (first, close)
    return close


_FENCE = re.compile(r"`{3}|~{3}|:{3}|\$\$")


def block(state: StateBlock, start: int, end: int, silent: bool) -> bool:  # noqa: FBT001  reason: markdown-it's signature of a rule
    """Lines from one that begins with `$$` to one that ends with it, none of them blank.

    Nor a fence: where the logs of a document are does not depend on the configuration.
    """
    first = state.bMarks[start] + state.tShift[start]
    if not state.src.startswith("$$", first) or state.is_code_block(start):
        return False
    line, text = start, state.src[first + 2 : state.eMarks[start]].rstrip()
    while not text.endswith("$$"):
        line += 1
        if line >= end or state.isEmpty(line) or state.sCount[line] < state.blkIndent:
            return False
        text = state.src[state.bMarks[line] + state.tShift[line] : state.eMarks[line]].rstrip()
        if _FENCE.match(text) and text != "$$":
            return False
    if not silent:
        token = state.push("math", "", 0)
        token.block = True
        token.content = state.getLines(start, line + 1, state.blkIndent, False).strip()[2:-2]
        token.map = [start, line + 1]
        state.line = line + 1
    return True
