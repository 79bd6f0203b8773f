"""The known cases as data for the page that a log is pasted into.

A script and no JSON: from disk a page may load scripts alone. What a reader's browser compares
by is what we compare by: rules are given along, names of functions are written once, in a
dictionary, and cases refer to it by codes of one to three characters.

>>> front_coded(["ext4_map_blocks", "ext4_mark_inode", "vfs_write"])
'!ext4_map_blocks )rk_inode !vfs_write'
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence

import msgspec

from sitegen.model import Fingerprint, KnownCase, MatchRules
from sitegen.web.index import Output

DATA = "match/match-data.js"
"""Address of the data, beside the page."""

ALPHABET = "".join(chr(code) for code in range(0x21, 0x7F) if chr(code) not in '"\\<`')
"""What codes are made of: 90 characters that stand in a string as they are."""
_FORMS = ((1, 0, 40), (2, 40, 45), (3, 85, 4), (4, 89, 1))
"""Characters of a code, and which of the alphabet's it begins with: the first of them, how many."""
_SHORT = _FORMS[0][2]
"""Codes of one character."""
FUNCTION = "\x7f"
"""Stands in an address or title for the function that the case's first log crashed in."""
_BLANK = "\x7f"
"""Stands in a function's name for a blank: names of C++ and Rust have some, and blanks part names."""
_MOST_LOGS = 16
"""Logs of a case that are told, of those that differ."""


def match_output(cases: Iterable[KnownCase], rules: MatchRules) -> Output:
    """The data file. The same cases give the same bytes, in whatever order they come."""
    cases = sorted(cases, key=lambda case: case.slug)
    prints = [_told(case) for case in cases]
    tiers = _dictionary(prints)
    names = [name for tier in tiers for name in tier]
    codes = _codes(names)
    kinds = sorted({one.kind for some in prints for one in some if one.kind})
    kind_codes = _codes(kinds)
    statuses = sorted({case.status for case in cases})
    lines = [
        f"{key}: {_json(value)}"
        for key, value in (
            ("rules", _rules(rules)),
            ("names", [front_coded(tier) for tier in tiers]),
            ("letters", _letters(prints, names)),
            ("kinds", kinds),
            ("statuses", statuses),
        )
    ]
    urls = _fronts([_short(case.url, some) for case, some in zip(cases, prints, strict=True)])
    rows = [
        _json(
            [
                url,
                _short(case.title, some),
                statuses.index(case.status),
                *(_coded(one, codes, kind_codes) for one in some),
            ]
        )
        for url, case, some in zip(urls, cases, prints, strict=True)
    ]
    lines.append("cases: [\n" + ",\n".join(rows) + "\n]")
    text = "window.sitegenMatch = {\n" + ",\n".join(lines) + "\n};\n"
    return Output(DATA, text.encode("utf-8", "replace"))


def _told(case: KnownCase) -> list[Fingerprint]:
    """What the logs of a case are compared by, each once. Titles are made from more than a page reads."""
    bare = (
        msgspec.structs.replace(one, title="", alt_titles=())
        for one in case.prints
        if one.frames or one.function
    )
    return list(dict.fromkeys(bare))[:_MOST_LOGS]


def _short(text: str, prints: Sequence[Fingerprint]) -> str:
    """`text`, the function that the first log crashed in left to the dictionary."""
    text = text.replace(FUNCTION, "").encode("utf-8", "replace").decode()
    function = prints[0].function if prints else ""
    return text.replace(function, FUNCTION, 1) if function else text


def _dictionary(prints: Sequence[Sequence[Fingerprint]]) -> tuple[list[str], ...]:
    """All functions: those that stand most often, those that do so twice, the others; each sorted."""
    counted = Counter(
        name
        for some in prints
        for one in some
        for name in (one.function, *one.frames, *one.inlined)
        if name
    )
    ordered = sorted(counted, key=lambda name: (-counted[name], name))
    often = ordered[: _SHORT - 1]
    rest = sorted(ordered[_SHORT - 1 :])
    return (
        sorted(often),
        [name for name in rest if counted[name] > 1],
        [name for name in rest if counted[name] == 1],
    )


def _codes(words: Sequence[str]) -> dict[str, str]:
    """A code for each word; that of nothing is the first."""
    return {word: code(number) for number, word in enumerate(("", *words))}


def code(number: int) -> str:
    """A code by which its end is known: short for small numbers.

    >>> code(0), code(39), code(40), code(4089), code(4090)
    ('!', 'J', 'K!', 'y~', 'z!!')
    """
    size = len(ALPHABET)
    for length, first, after in _FORMS:
        many = after * size ** (length - 1)
        if number < many:
            return ALPHABET[first + number // size ** (length - 1)] + _digits(number, length - 1)
        number -= many
    raise ValueError("no wiki has as many functions")


def _digits(number: int, length: int) -> str:
    size = len(ALPHABET)
    return "".join(ALPHABET[number // size**place % size] for place in reversed(range(length)))


def _coded(one: Fingerprint, codes: dict[str, str], kinds: dict[str, str]) -> str:
    """Kind, function and frames of a log; after a blank what is inlined."""
    frames = "".join(codes[name] for name in one.frames)
    inlined = "".join(codes[name] for name in one.inlined)
    return f"{kinds[one.kind]}{codes[one.function]}{frames}" + (f" {inlined}" if inlined else "")


def _letters(prints: Sequence[Sequence[Fingerprint]], names: Sequence[str]) -> str:
    """The letter of each name's layer, `.` where none is known."""
    known: dict[str, str] = {}
    for some in prints:
        for one in some:
            for name, letter in zip(one.frames, one.letters, strict=False):
                if letter != ".":
                    known.setdefault(name, letter)
    return "".join(known.get(name, ".") for name in names).rstrip(".")


def front_coded(words: Sequence[str]) -> str:
    """Sorted words, each as what it shares with the one before and its rest."""
    return " ".join(_fronts([word.replace(_BLANK, "").replace(" ", _BLANK) for word in words]))


def _fronts(words: Sequence[str]) -> list[str]:
    """For each word the number of characters that begin the one before too, as one, and its rest."""
    found = []
    before = ""
    for word in words:
        most = min(len(before), len(word), len(ALPHABET) - 1)
        # Where JavaScript counts two characters for one of ours, nothing is shared from there on.
        same = next(
            (at for at in range(most) if before[at] != word[at] or before[at] > "\uffff"), most
        )
        found.append(ALPHABET[same] + word[same:])
        before = word
    return found


def _rules(rules: MatchRules) -> dict[str, object]:
    """The rules, their patterns as JavaScript writes them."""
    return {
        "triggers": [[trigger, _pattern(unless)] for trigger, unless in rules.triggers],
        "kinds": [[key, label, _pattern(pattern)] for key, label, pattern in rules.kinds],
        "names": {what: _pattern(pattern) for what, pattern in rules.names.items()},
        "pc": rules.pc,
        "lr": rules.lr,
        "culprits": rules.culprits,
        "first": rules.first,
        "numbers": rules.numbers,
    }


def _pattern(pattern: str) -> str:
    """A pattern of Python's as JavaScript reads it, which asks for no group by its name.

    >>> _pattern("(?i:Oh (a|1)): (?P<m>x)")
    '(?:[Oo][Hh] ([Aa]|1)): (?:x)'
    """
    found = []
    depth = insensitive = 0
    for piece in _PIECES.findall(pattern):
        depth += piece.startswith("(") - (piece == ")")
        if piece == "(?i:":
            insensitive = depth
        elif depth < insensitive:
            insensitive = 0
        if piece.startswith(("(?P<", "(?i:")):
            found.append("(?:")
        elif insensitive and piece.isascii() and piece.isalpha():
            found.append(f"[{piece.upper()}{piece.lower()}]")
        else:
            found.append(piece)
    return "".join(found)


_PIECES = re.compile(r"\(\?P<\w+>|\(\?i:|\\.|\[\]?[^\]]*\]|.", re.DOTALL)
"""What a pattern is made of: groups' beginnings, escapes, classes, characters."""


def _json(value: object) -> str:
    """One line; what ends lines in scripts of old stays out of strings."""
    text = msgspec.json.encode(value).decode()
    return text.replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")
