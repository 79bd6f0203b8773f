"""Footnotes: numbered as they are referred to, and laid out at the end of the page.

The plugin reads them; where they go and how they are numbered is ours, since what refers
to a footnote may itself not be on the page.
"""

from typing import Literal, NamedTuple

from markdown_it.rules_block import StateBlock
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token
from mdit_py_plugins.footnote.index import footnote_def, footnote_ref

_INSIDE = "in footnote"  # key of env: whether one is being parsed


def footnote(state: StateBlock, start: int, end: int, silent: bool) -> bool:  # noqa: FBT001  reason: markdown-it's signature of a rule
    """A footnote's text, but not inside another's: the plugin would take the two apart wrongly."""
    if silent:
        return footnote_def(state, start, end, silent)
    if state.env.get(_INSIDE):
        return False
    state.env[_INSIDE] = True
    found = footnote_def(state, start, end, silent)
    state.env[_INSIDE] = False
    return found


def reference(state: StateInline, silent: bool) -> bool:  # noqa: FBT001  reason: markdown-it's signature of a rule
    """`[^1]`, in the text of a link too: looked at silently it would pass for a link in a link."""
    return not silent and footnote_ref(state, silent)


class Note(NamedTuple):
    """A reference to a footnote; the `meta["note"]` of its token."""

    number: int
    "of the footnote, from 1"
    time: int
    "how often it was referred to before; -1 for one inside a link, to which nothing leads back"


class Unused(NamedTuple):
    """A footnote that nothing refers to."""

    label: str
    line: int
    "of the body, from 0"


def lay_out(tokens: list[Token]) -> tuple[list[Token], tuple[Unused, ...]]:
    """The tokens with all footnotes at the end, and those that are left out.

    They are numbered in the order in which the page refers to them. Of two footnotes with one
    label the first counts, as on GitHub.
    """
    prose, texts, lines = _take_apart(tokens)
    if not texts:
        return tokens, ()
    numbers = _Numbers()
    numbers.give(prose)
    for label in numbers.labels:  # grows: a footnote may refer to others
        numbers.give(texts[label])
    unused = tuple(Unused(one, lines[one]) for one in texts if one not in numbers.times)
    if not numbers.labels:
        return prose, unused
    section = [_token("footnote_block_open", 1)]
    for number, label in enumerate(numbers.labels, 1):
        section += _item(number, numbers.times[label], texts[label])
    return [*prose, *section, _token("footnote_block_close", -1)], unused


def _take_apart(
    tokens: list[Token],
) -> tuple[list[Token], dict[str, list[Token]], dict[str, int]]:
    """The tokens without footnotes; of each label the tokens of its footnote, and its line."""
    prose: list[Token] = []
    texts: dict[str, list[Token]] = {}
    lines: dict[str, int] = {}
    into = prose
    for token in tokens:
        if token.type == "footnote_reference_open":
            label = token.meta["label"]
            into = []
            if texts.setdefault(label, into) is into:
                lines[label] = token.map[0] if token.map else 0
        elif token.type == "footnote_reference_close":
            into = prose
        else:
            into.append(token)
    return prose, texts, lines


class _Numbers:
    """Which footnote has which number, and how often it was referred to."""

    def __init__(self) -> None:
        self.labels: list[str] = []
        self.times: dict[str, int] = {}
        self._numbers: dict[str, int] = {}

    def give(self, tokens: list[Token]) -> None:
        """Numbers what these tokens refer to."""
        for token in tokens:
            depth = 0
            for child in token.children or ():
                if child.type in {"link_open", "link_close"}:
                    depth += child.nesting
                elif child.type == "footnote_ref":
                    child.meta = {"note": self._note(child.meta["label"], linked=depth > 0)}

    def _note(self, label: str, *, linked: bool) -> Note:
        if label not in self.times:
            self.labels.append(label)
            self.times[label] = 0
        number = self._numbers.setdefault(label, len(self.labels))
        if linked:
            return Note(number, -1)
        self.times[label] += 1
        return Note(number, self.times[label] - 1)


def _item(number: int, times: int, text: list[Token]) -> list[Token]:
    """A footnote's tokens; what leads back stands at the end of its last paragraph."""
    back = [_token("footnote_anchor", 0, Note(number, time)) for time in range(times)]
    inside = bool(text) and text[-1].type == "paragraph_close" and not text[-1].hidden
    cut = len(text) - 1 if inside else len(text)
    return [
        _token("footnote_open", 1, Note(number, 0)),
        *text[:cut],
        *back,
        *text[cut:],
        _token("footnote_close", -1),
    ]


def _token(kind: str, nesting: Literal[-1, 0, 1], note: Note | None = None) -> Token:
    return Token(kind, "", nesting, meta={"note": note})


# --- HTML ------------------------------------------------------------------------------------


def section_html(token: Token) -> str:
    """One of the tokens that `lay_out` adds."""
    match token.type:
        case "footnote_block_open":
            return '<section class="footnotes" aria-label="Footnotes">\n<ol>\n'
        case "footnote_block_close":
            return "</ol>\n</section>\n"
        case "footnote_open":
            return f'<li id="fn:{token.meta["note"].number}">\n'
        case "footnote_close":
            return "</li>\n"
        case _:
            return _back(token.meta["note"])


def _back(note: Note) -> str:
    again = f"<sup>{note.time + 1}</sup>" if note.time else ""
    says = f"Back to the text, place {note.time + 1}" if note.time else "Back to the text"
    return f' <a href="#{_name(note)}" aria-label="{says}">\N{LEFTWARDS ARROW WITH HOOK}\ufe0e{again}</a>'


def reference_html(note: Note) -> str:
    """A footnote's number in the text, leading to it."""
    if note.time < 0:
        return f"<sup>{note.number}</sup>"
    href = f"#fn:{note.number}"
    return f'<sup><a class="footnote" href="{href}" id="{_name(note)}">{note.number}</a></sup>'


def _name(note: Note) -> str:
    return f"fnref:{note.number}:{note.time}" if note.time else f"fnref:{note.number}"


SECTION = frozenset(
    [
        "footnote_block_open",
        "footnote_block_close",
        "footnote_open",
        "footnote_close",
        "footnote_anchor",
    ]
)
"""Types of the tokens that `lay_out` adds."""
