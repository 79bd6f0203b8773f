"""Source text -> escaped HTML, line by line or as a block. Classes, no styles.

C and assembly are coloured by a scanner of our own, strings and comments only: on
a page about a call, keywords compete with the call. Other languages go through
Pygments, which is imported when an author first names one.
"""

import re
from collections.abc import Callable
from functools import lru_cache
from html import escape
from typing import Literal

Language = Literal["c", "asm"]

COMMENT = "tok-comment"
STRING = "tok-string"

# A comment or string that the text does not end runs to its end, so no start is tried twice.
_C = re.compile(
    r"""(?P<comment>/\*(?:[^*]|\*(?!/))*(?:\*/)?|//[^\n]*)"""
    r"""|(?P<string>"(?:[^"\\\n]|\\.)*"?|'(?:[^'\\\n]|\\.)*'?)""",
    re.DOTALL,
)
# `#` begins a comment in x86's assembly, a directive of the preprocessor in column one and an
# immediate value on arm: a comment is taken only where a blank stands on both sides.
_ASM = re.compile(
    r"""(?P<comment>/\*(?:[^*]|\*(?!/))*(?:\*/)?|//[^\n]*|(?<=[ \t])\#(?=[ \t])[^\n]*)"""
    r"""|(?P<string>"(?:[^"\\\n]|\\.)*"?)""",
    re.DOTALL,
)
_SCANNERS: dict[str, re.Pattern[str]] = {"c": _C, "asm": _ASM}

_NAMES: dict[str, Language] = {
    "c": "c",
    "h": "c",
    "cpp": "c",
    "c++": "c",
    "asm": "asm",
    "gas": "asm",
    "s": "asm",
}
"""What authors call the languages that we scan ourselves."""

MAX_PYGMENTS = 64 * 1024
"""Characters of a code block that Pygments is still asked to colour."""

_COLOURED = frozenset(
    [
        "bash",
        "sh",
        "shell",
        "zsh",
        "console",
        "shell-session",
        "diff",
        "patch",
        "udiff",
        "python",
        "py",
        "python3",
        "rust",
        "rs",
        "make",
        "makefile",
        "mf",
        "json",
        "yaml",
        "yml",
        "toml",
        "ini",
        "cfg",
    ]
)
"""Languages that Pygments is asked to colour: many of its lexers take quadratic time, or worse."""

_SLOW = re.compile(r"[^\n]{401}|\s{200}")
"""What takes quadratic time in the others: long lines, and runs of blanks."""


def highlight_lines(text: str, language: Language) -> tuple[str, ...]:
    """The lines of `text` as escaped HTML, comments and strings in spans; linear time.

    A comment over several lines is a span in each of them. There are as many lines as
    `text` has, an end of line at the end not counted.

    >>> highlight_lines('a = "<"; /* x', "c")
    ('a = <span class="tok-string">&quot;&lt;&quot;</span>; <span class="tok-comment">/* x</span>',)
    """
    lines: list[list[str]] = [[]]
    done = 0
    for found in _SCANNERS[language].finditer(text):
        _put(lines, text[done : found.start()], "")
        _put(lines, found[0], COMMENT if found.lastgroup == "comment" else STRING)
        done = found.end()
    _put(lines, text[done:], "")
    if len(lines) > 1 and not lines[-1]:
        lines.pop()
    return tuple("".join(line) for line in lines)


def _put(lines: list[list[str]], piece: str, name: str) -> None:
    first, *others = piece.split("\n")
    if first:
        lines[-1].append(_span(first, name))
    lines.extend([_span(other, name)] if other else [] for other in others)


def _span(text: str, name: str) -> str:
    return f'<span class="{name}">{escape(text)}</span>' if name else escape(text)


@lru_cache(maxsize=1024)
def highlight_block(text: str, language: str) -> str:
    """`text` as escaped HTML for a `<pre>`; coloured when the language is known. Cached.

    Pygments costs about a millisecond for 30 lines, and 50 for the first language of a process.
    """
    ours = _NAMES.get(language.lower())
    if ours is not None:
        return "\n".join(highlight_lines(text, ours)) + ("\n" if text.endswith("\n") else "")
    known = language.lower() in _COLOURED and len(text) <= MAX_PYGMENTS
    lexer = _lexer(language.lower()) if known and not _SLOW.search(text) else None
    return lexer(text) if lexer else escape(text)


# Few classes: a page shows them in the inks of the theme. Keys are Pygments' names of types, each
# with the types below it.
_CLASSES = {
    "Comment": COMMENT,
    "Literal.String": STRING,
    "Keyword": "tok-keyword",
    "Literal.Number": "tok-number",
    "Generic.Inserted": "tok-inserted",
    "Generic.Deleted": "tok-deleted",
    "Generic.Heading": "tok-heading",
    "Generic.Subheading": "tok-heading",
    "Generic.Prompt": "tok-prompt",
    "Generic.Output": "tok-output",
}


@lru_cache(maxsize=64)
def _lexer(language: str) -> Callable[[str], str] | None:
    """A function that colours text of the language; None when this Pygments does not know it."""
    from pygments.lexers import get_lexer_by_name  # noqa: PLC0415  reason: 20 ms, and few pages need it
    from pygments.token import string_to_tokentype  # noqa: PLC0415  reason: as above
    from pygments.util import ClassNotFound  # noqa: PLC0415  reason: as above

    try:
        lexer = get_lexer_by_name(language, stripnl=False, ensurenl=False)
    except ClassNotFound:
        return None
    classes = {string_to_tokentype(name): value for name, value in _CLASSES.items()}

    def colour(text: str) -> str:
        return "".join(
            _span(value, next((classes[kind] for kind in token.split() if kind in classes), ""))
            for token, value in lexer.get_tokens(text)
        )

    return colour
