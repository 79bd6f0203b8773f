"""Source text -> escaped HTML, line by line or as a block. Classes, no styles.

Strings and comments only: on a page about a call, keywords compete with the call. C,
assembly, Kconfig and patches are coloured by scanners of our own, other languages
through Pygments, which is imported when an author first names one.
"""

import re
from collections.abc import Iterable, Iterator
from functools import cache, lru_cache
from html import escape
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from pygments.lexer import Lexer
    from pygments.token import _TokenType

Language = Literal["c", "asm", "kconfig"]

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
_KCONFIG = re.compile(r"""(?P<comment>\#[^\n]*)|(?P<string>"(?:[^"\\\n]|\\.)*"?)""")
_SCANNERS: dict[str, re.Pattern[str]] = {"c": _C, "asm": _ASM, "kconfig": _KCONFIG}

_NAMES: dict[str, Language] = {
    "c": "c",
    "h": "c",
    "cpp": "c",
    "c++": "c",
    "dts": "c",  # a device tree has C's comments and strings
    "dtsi": "c",
    "devicetree": "c",
    "asm": "asm",
    "gas": "asm",
    "s": "asm",
    "kconfig": "kconfig",
    "defconfig": "kconfig",
    "config": "kconfig",
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
    return _rows(_scanned(text, _SCANNERS[language]))


def _scanned(text: str, scanner: re.Pattern[str]) -> Iterator[tuple[str, str]]:
    done = 0
    for found in scanner.finditer(text):
        yield text[done : found.start()], ""
        yield found[0], COMMENT if found.lastgroup == "comment" else STRING
        done = found.end()
    yield text[done:], ""


def _put(lines: list[list[str]], piece: str, name: str) -> None:
    first, *others = piece.split("\n")
    if first:
        lines[-1].append(_span(first, name))
    lines.extend([_span(other, name)] if other else [] for other in others)


def _span(text: str, name: str) -> str:
    return f'<span class="{name}">{escape(text)}</span>' if name else escape(text)


def highlight_block(text: str, language: str) -> str:
    """`text` as escaped HTML for a `<pre>`; coloured when the language is known. Cached.

    Pygments costs about a millisecond for 30 lines, and 50 for the first language of a process.
    """
    rows = highlight_rows(text, language)
    if language.lower() in _DIFFS:  # a line in colour is a block: its end stands inside
        ends = [
            f"{row}\n" if not row.endswith(_END) else f"{row[: -len(_END)]}\n{_END}" for row in rows
        ]
        return "".join(ends) if text.endswith("\n") else "".join(ends)[:-1]
    return "\n".join(rows) + ("\n" if text.endswith("\n") else "")


@lru_cache(maxsize=1024)
def highlight_rows(text: str, language: str) -> tuple[str, ...]:
    """The lines of `text` as escaped HTML, as many as `highlight_lines` gives. Cached."""
    language = language.lower()
    if (ours := _NAMES.get(language)) is not None:
        return highlight_lines(text, ours)
    pieces: Iterable[tuple[str, str]] = [(text, "")]
    if language in _DIFFS:
        pieces = _diff(text)
    elif language in _COLOURED and len(text) <= MAX_PYGMENTS and not _SLOW.search(text):
        pieces = _lexed(text, language)
    return _rows(pieces)


def _rows(pieces: Iterable[tuple[str, str]]) -> tuple[str, ...]:
    """Pieces of a text and their classes -> its lines. A piece over several lines is a span in each."""
    lines: list[list[str]] = [[]]
    for piece, name in pieces:
        _put(lines, piece, name)
    if len(lines) > 1 and not lines[-1]:
        lines.pop()
    return tuple("".join(line) for line in lines)


_DIFFS = frozenset({"diff", "patch", "udiff"})
_END = "</span>"
_SIGNS = {"+": "tok-inserted", "-": "tok-deleted", "@": COMMENT}


def _diff(text: str) -> Iterator[tuple[str, str]]:
    """The lines of a patch: what is added, what goes, and what says where."""
    for line in text.splitlines(keepends=True):
        name = _SIGNS.get(line[:1], "")
        if line.startswith(("+++ ", "--- ", "diff ", "index ")):
            name = COMMENT
        yield line.rstrip("\n"), name
        if line.endswith("\n"):
            yield "\n", ""


# Few classes: a page about a call shows strings and comments in colour, and no keywords. Keys are
# Pygments' names of types, each with the types below it.
_CLASSES = {
    "Comment": COMMENT,
    "Literal.String": STRING,
    "Generic.Prompt": "tok-prompt",
}


def _lexed(text: str, language: str) -> Iterator[tuple[str, str]]:
    """Pygments' tokens; the whole text without a class when this Pygments does not know the language."""
    lexer = _lexer(language)
    if lexer is None:
        yield text, ""
        return
    classes = _classes()
    for kind, value in lexer.get_tokens(text):
        yield value, next((classes[one] for one in kind.split() if one in classes), "")


@cache
def _classes() -> "dict[_TokenType, str]":
    from pygments.token import string_to_tokentype  # noqa: PLC0415  reason: 20 ms, and few pages need it

    return {string_to_tokentype(name): value for name, value in _CLASSES.items()}


@cache
def _lexer(language: str) -> "Lexer | None":
    from pygments.lexers import get_lexer_by_name  # noqa: PLC0415  reason: as above
    from pygments.util import ClassNotFound  # noqa: PLC0415  reason: as above

    try:
        return get_lexer_by_name(language, stripnl=False, ensurenl=False)
    except ClassNotFound:
        return None
