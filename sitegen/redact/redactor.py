"""The redactor: finds in a text what the rules name, and puts pseudonyms in its place.

One pass: what a pseudonym looks like is not looked at again. Of values that overlap the longest
counts, and takes what sticks out of it of the others with it, so that no end of a value stays.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from sitegen.redact.classes import CLASSES, normal
from sitegen.redact.names import Names, Section
from sitegen.redact.patterns import iter_pieces
from sitegen.redact.rules import Rule, Rules

_WORD_BEFORE = r"(?<![^\W_])"
_WORD_AFTER = r"(?![^\W_])"
_ESCAPE = "\x1b"
# What colours a terminal ends with a letter, which is none of the word that follows.
_COLOURS = re.compile(r"\x1b\[[0-9;]{0,20}[A-Za-z]")
_TELLING = 4
"""Characters from which on a name that was found by its place is looked for elsewhere."""


class Edit(NamedTuple):
    """A piece of a text and what stands in its place. Never across lines."""

    start: int
    end: int
    by: str


class Match(NamedTuple):
    """A value that a rule or class names."""

    start: int
    end: int
    value: str
    "as the map has it"
    label: str
    section: Section
    rule: str
    "how diagnostics call the rule or class"


class Redactor:
    """Rules, compiled, with the map that they fill."""

    def __init__(self, rules: Rules, names: Names) -> None:
        self.rules = rules
        self.names = names
        self.is_kept = _keeper(rules.keep)
        self._classes = [(name, CLASSES[name]) for name in rules.classes]
        literals = [rule for rule in rules.rules if rule.literal]
        self._by_literal = {rule.literal.casefold(): rule for rule in reversed(literals)}
        self._any = next(iter(literals), None)
        self._literals = _any_literal({*self._by_literal, *(one.literal for one in literals)})
        self._patterns = [(rule, re.compile(rule.pattern)) for rule in rules.rules if rule.pattern]

    def text(self, text: str) -> str:
        """`text` with pseudonyms in the place of values."""
        return apply(text, self.edits(text))

    def edits(self, text: str) -> tuple[Edit, ...]:
        """What is to be replaced, in the order of the text; gives pseudonyms to what is met first."""
        found = []
        for start, end, match in _resolved(self.matches(text)):
            name = self.names.give(
                match.value, match.label, section=match.section, free=self._is_free
            )
            found.append(Edit(start, end, name))
        return tuple(found)

    def labelled(self, text: str) -> str:
        """`text` with what pseudonyms begin with in the place of values; the map is not asked."""
        found = _resolved(self.matches(text))
        return apply(text, [Edit(start, end, one.label.rstrip("_")) for start, end, one in found])

    def matches(self, text: str) -> Iterator[Match]:
        """Everything in the text that a rule or class names, in no order; may overlap."""
        if _ESCAPE not in text:
            yield from self._kept_out(text)
            return
        yield from self._kept_out(_COLOURS.sub(lambda found: " " * len(found[0]), text))
        # A page shows the text without its colours: what they split is one word again.
        shown, places = _without_colours(text)
        for match in self._kept_out(shown):
            yield match._replace(start=places[match.start], end=places[match.end - 1] + 1)

    def _kept_out(self, text: str) -> Iterator[Match]:
        for match in self._all(text):
            if match.end == match.start or self.is_kept(match.value):
                continue
            if not self.is_kept(text[match.start : match.end].casefold()):
                yield match

    def _all(self, text: str) -> Iterator[Match]:
        for name, one in self._classes:
            if one.sign and one.sign not in text:
                continue
            for start, end in one.find(text):
                value = normal(name, text[start:end])
                yield Match(start, end, value, one.label, one.section, f"class '{name}'")
        if self._literals is not None:
            for found in self._literals.finditer(text):
                # A few letters have forms that match and fold to another text.
                value = " ".join(found[0].casefold().split())
                rule = self._by_literal.get(value, self._any)
                if rule is not None:
                    yield Match(*found.span(), value, rule.label, "values", _call(rule))
        if self._patterns:
            yield from self._of_patterns(text)

    def _of_patterns(self, text: str) -> Iterator[Match]:
        for offset, piece in iter_pieces(text):
            for rule, pattern in self._patterns:
                for found in pattern.finditer(piece):
                    group = 1 if pattern.groups and found[1] is not None else 0
                    start, end = found.span(group)
                    value = found[group].casefold()
                    section: Section = "placed" if group else "values"
                    yield Match(
                        offset + start, offset + end, value, rule.label, section, _call(rule)
                    )

    def rule_of(self, value: str) -> str:
        """Which rule or class of now names a value wherever it stands; empty for none."""
        if self.is_kept(value):
            return ""
        found = (one for one in self._all(value) if one.section == "values")
        return next((one.rule for one in found if (one.start, one.end) == (0, len(value))), "")

    def placed_rule_of(self, value: str, pseudonym: str) -> str:
        """Which rule or class of now may have found a value by what stood around it; empty for none.

        And for what is a word or a small number like others: it may stand elsewhere and mean
        something else.
        """
        if self.is_kept(value) or is_plain(value):
            return ""
        label = re.sub(r"-?\d+$", "", pseudonym)
        for rule, pattern in self._patterns:
            if pattern.groups and rule.label == label:
                return _call(rule)
        if len(value) < _TELLING:
            return ""
        for name, one in self._classes:
            if one.label == label and one.section == "placed":
                return f"class '{name}'"
        return ""

    def literals(self) -> Iterable[tuple[str, str]]:
        """Literals in lower case, and how diagnostics call their rules."""
        return [
            (value, _call(rule))
            for value, rule in self._by_literal.items()
            if not self.is_kept(value)
        ]

    def _is_free(self, pseudonym: str) -> bool:
        """Whether no rule would take the pseudonym itself for a value."""
        return next(self._all(pseudonym), None) is None


def is_plain(value: str) -> bool:
    """Whether the value is of letters alone, or a small number, so that it says little by itself."""
    return value.isalpha() or (value.isdigit() and len(value) < _TELLING)


def _without_colours(text: str) -> tuple[str, list[int]]:
    """The text without what colours it, and where each of its characters stands."""
    pieces, places, last = [], list[int](), 0
    for found in _COLOURS.finditer(text):
        pieces.append(text[last : found.start()])
        places += range(last, found.start())
        last = found.end()
    pieces.append(text[last:])
    places += range(last, len(text))
    return "".join(pieces), places


def _call(rule: Rule) -> str:
    return f"rule {rule.number}"


def _keeper(keep: Sequence[str]) -> Callable[[str], bool]:
    """Whether a value is one that stays."""
    if not keep:
        return lambda _: False
    forms = "|".join(
        ".*".join(re.escape(part) for part in one.casefold().split("*")) for one in keep
    )
    return lru_cache(maxsize=4096)(
        lambda value, form=re.compile(forms, re.DOTALL): form.fullmatch(value) is not None
    )


def _any_literal(literals: Iterable[str]) -> re.Pattern[str] | None:
    """A pattern for all literals as whole words, the longest first; None for none."""
    forms = [_literal(one) for one in sorted(literals, key=lambda one: (-len(one), one))]
    return re.compile("|".join(forms), re.IGNORECASE) if forms else None


def _literal(literal: str) -> str:
    before = _WORD_BEFORE if literal[0].isalnum() else ""
    after = _WORD_AFTER if literal[-1].isalnum() else ""
    return before + r"[ \t]+".join(map(re.escape, literal.split(" "))) + after


def _resolved(matches: Iterable[Match]) -> list[tuple[int, int, Match]]:
    """Spans that do not overlap, in order, each with the longest match in it."""
    found: list[tuple[int, int, Match]] = []
    for match in sorted(matches, key=_precedence):
        if found and match.start < found[-1][1]:
            start, end, other = found[-1]
            longer = match.end - match.start > other.end - other.start
            found[-1] = (start, max(end, match.end), match if longer else other)
        else:
            found.append((match.start, match.end, match))
    return found


def _precedence(match: Match) -> tuple[int, int, bool]:
    """What comes first, is longer, and says by itself what it is."""
    return match.start, match.start - match.end, match.section != "values"


def apply(text: str, edits: Iterable[Edit]) -> str:
    """`text` with the edits made, which are in order and do not overlap."""
    pieces = []
    last = 0
    for start, end, by in edits:
        pieces += [text[last:start], by]
        last = end
    return "".join([*pieces, text[last:]]) if pieces else text


def moved_column(edits: Sequence[Edit], column: int) -> int:
    """Where the character at `column` of a line stands after the line's edits; columns from 1.

    One that was replaced is where its pseudonym begins.
    """
    index = column - 1
    moved = 0
    for start, end, by in edits:
        if index < start:
            break
        if index < end:
            return start + moved + 1
        moved += len(by) - (end - start)
    return column + moved
