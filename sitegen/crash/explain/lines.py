"""Lines of a report -> the words in them that a newcomer would look up.

Rules and readers are looked for by the first word of the line, so that a line costs a look
or two into a table.
"""

import re
from collections.abc import Iterator
from functools import cache

from sitegen.crash.explain.cpu import find_cpu
from sitegen.crash.explain.cpu.x86 import build_words
from sitegen.crash.explain.topics import SHAPES, TOPICS, Rule
from sitegen.crash.explain.words import Reader, Word

_LONGEST = 2000
"""Characters of a line that are looked at: what is longer was printed by no kernel."""
_FIRST = re.compile(r"\s{0,12}(\S{1,40})")
_SHAPED = frozenset("0123456789abcdefghijklmnopqrstuvwxyz#(_OC")
"""First characters of words that `SHAPES` may stand for."""


@cache
def _rules() -> dict[str, tuple[Rule, ...]]:
    found: dict[str, tuple[Rule, ...]] = {}
    for topic in TOPICS:
        for one in topic.rules:
            found[one.first] = (*found.get(one.first, ()), one)
    return found


@cache
def _readers(arch: str) -> dict[str, tuple[Reader, ...]]:
    """By the first word: first those of the processor, then those of all."""
    found: dict[str, tuple[Reader, ...]] = dict(find_cpu(arch).lines)
    for topic in TOPICS:
        for first, readers in topic.readers.items():
            found[first] = (*found.get(first, ()), *readers)
    for first in ("CPU:", "Internal"):
        found[first] = (*found.get(first, ()), build_words)
    return found


@cache
def _of_kind(kind: str) -> tuple[Reader, ...]:
    return tuple(reader for topic in TOPICS for reader in topic.kinds.get(kind, ()))


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)


def line_words(text: str, arch: str, kind: str = "") -> Iterator[Word]:
    """The words of the line that have an explanation, the more particular first.

    `kind` is that of the report in which it stands.
    """
    text = text[:_LONGEST]
    found = _FIRST.match(text)
    if found is None:
        return
    first = found[1]
    names = [first]
    if first[0] in _SHAPED and (shape := _shape(first)):
        names.append(shape)
    elif first[0] == "{":
        names.append("{")
    readers = _readers(arch)
    rules = _rules()
    for start, reader in find_cpu(arch).starts.items():
        if first.startswith(start):
            yield from reader(text)
    for name in names:
        for reader in readers.get(name, ()):
            yield from reader(text)
    for reader in _of_kind(kind):
        yield from reader(text)
    for name in names:
        for rule in rules.get(name, ()):
            if rule.kinds and kind not in rule.kinds:
                continue
            pattern = _compiled(rule.pattern)
            if word := pattern.search(text):
                group = "w" if "w" in pattern.groupindex else 0
                yield Word(word.start(group), word.end(group), rule.text, weight=rule.weight)


def _shape(first: str) -> str:
    """What stands for a first word that is another one in each log; empty for others."""
    return next((name for pattern, name in SHAPES if pattern.match(first)), "")
