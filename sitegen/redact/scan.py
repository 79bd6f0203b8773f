"""The last look: files of the site are searched for values that should not be there.

One pattern, made of all values, and one pass over a file. A value is found as it is written and
as HTML, JSON and addresses encode its characters; where an author's emphasis or a soft hyphen
splits it, too. Inside of compressed data nothing is found.
"""

import re
from collections.abc import Iterable, Iterator
from html.entities import codepoint2name
from typing import NamedTuple

from sitegen.redact.classes import CLASSES
from sitegen.redact.forms import dashed, iter_forms, slug_forms
from sitegen.redact.redactor import Redactor, is_plain


class Leak(NamedTuple):
    """A value that was found in a file."""

    pseudonym: str
    "empty when it has none: no document holds the value"
    rule: str
    "how diagnostics call the rule or class"
    line: int
    "from 1; 0 in a file that is no text"
    plain: bool = False
    "whether the value is a word like others, which may stand there and mean something else"


class _Wanted(NamedTuple):
    pseudonym: str
    rule: str


_SHORT = 6
"""Characters below which a value stands in any picture by chance."""


class Scanner:
    """What the rules of now and the map say must not be in the site."""

    def __init__(self, redactor: Redactor) -> None:
        names = redactor.names
        wanted: dict[str, _Wanted] = {}
        for value, pseudonym in names.section("values").items():
            if rule := redactor.rule_of(value):
                _add(wanted, iter_forms(value), _Wanted(pseudonym, rule), redactor)
        for value, pseudonym in names.section("placed").items():
            if rule := redactor.placed_rule_of(value, pseudonym):
                forms = (value, *slug_forms(value))
                _add(wanted, forms, _Wanted(pseudonym, rule), redactor)
        for value, rule in redactor.literals():
            forms = (value, *slug_forms(value))
            _add(wanted, forms, _Wanted(names.find(value), rule), redactor)
        self._wanted = wanted
        self._pattern = _any_of(wanted)
        long = {value: one for value, one in wanted.items() if len(value) >= _SHORT}
        # What stands beside a text of a picture may look like a letter.
        self._long = _any_of(long, words=False)
        self._homes = names.section("homes") if "home" in redactor.rules.classes else {}
        self._is_kept = redactor.is_kept

    def __bool__(self) -> bool:
        return bool(self._wanted or self._homes)

    def leaks(self, data: bytes) -> list[Leak]:
        """The values in a file, each once, in the order found."""
        text = readable(data)
        if text is None:
            return list(dict.fromkeys(self._binary(data)))
        found = list(self._search(text, self._pattern, lines=True))
        joined = _joined(text)
        if joined != text:
            known = {leak.pseudonym for leak in found}
            more = self._search(joined, self._pattern, lines=True)
            found += [leak for leak in more if leak.pseudonym not in known]
        seen: dict[tuple[str, str], Leak] = {}
        for leak in found:
            seen.setdefault((leak.pseudonym, leak.rule), leak)
        return list(seen.values())

    def in_name(self, path: str) -> list[Leak]:
        """The values in a path of the site or of the content, each once, whatever signs join their words."""
        found = [
            leak
            for form in (path, dashed(path.casefold()))
            for leak in self._search(form, self._pattern, lines=False)
        ]
        return list(dict.fromkeys(found))

    def _binary(self, data: bytes) -> Iterator[Leak]:
        # Pictures keep their texts in UTF-8 or UTF-16.
        for one in (data, data.replace(b"\0", b"")):
            text = one.decode("utf-8", "replace")
            yield from self._search(text, self._long, lines=False, words=False)

    def _search(
        self, text: str, pattern: re.Pattern[str] | None, *, lines: bool, words: bool = True
    ) -> Iterator[Leak]:
        """Each value once."""
        folded = text.casefold()
        at = 0
        seen: set[_Wanted] = set()
        while pattern is not None and (found := pattern.search(folded, at)):
            at = found.start() + 1
            one = self._wanted.get(found[0]) or self._wanted.get(_decoded(found[0]))
            if (
                one is not None
                and one not in seen
                and (not words or _begins_word(folded, found.start()))
            ):
                seen.add(one)
                line = folded.count("\n", 0, found.start()) + 1 if lines else 0
                yield Leak(one.pseudonym, one.rule, line, is_plain(_decoded(found[0])))
        if self._homes:
            yield from self._at_home(folded, lines=lines)

    def _at_home(self, folded: str, *, lines: bool) -> Iterator[Leak]:
        """Names of users where their homes are."""
        seen: set[str] = set()
        for start, end in CLASSES["home"].find(folded):
            value = folded[start:end]
            name = self._homes.get(value)
            if name is not None and value not in seen and not self._is_kept(value):
                seen.add(value)
                line = folded.count("\n", 0, start) + 1 if lines else 0
                yield Leak(name, "class 'home'", line)


def _add(
    wanted: dict[str, _Wanted], forms: Iterable[str], one: _Wanted, redactor: Redactor
) -> None:
    """Adds the ways to write a value that no other value is written in."""
    for form in forms:
        if not redactor.is_kept(form):
            wanted.setdefault(form, one)


_ESCAPED = re.compile(
    r"(?:\\(?:[nrtbf]|u[0-9a-f]{4})|%[0-9a-f]{2}|&(?:[a-z]{2,8}|#\d{2,5}|#x[0-9a-f]{2,5});"
    # A colour of a terminal, and the letter with which the index of names begins each.
    r"|\[[0-9;]{0,9}m|\"[a-z])$"
)


def _begins_word(text: str, start: int) -> bool:
    """Whether no letter or digit stands before the value: one that is part of an escape does not count."""
    if start == 0 or not (text[start].isalnum() and text[start - 1].isalnum()):
        return True
    return _ESCAPED.search(text[max(start - 12, 0) : start]) is not None


_Tree = dict[str, "_Tree"]
_END = ""
"""The key of a tree's node where a value ends."""


def _any_of(values: Iterable[str], *, words: bool = True) -> re.Pattern[str] | None:
    """One pattern for all values, as they are and encoded; None for none.

    The longest is found; with `words` none whose last letter or digit another follows.
    """
    tree: _Tree = {}
    for value in values:
        node = tree
        for char in value:
            node = node.setdefault(char, {})
        node[_END] = {}
    return re.compile(_branches(tree, "", words=words)) if tree else None


def _branches(tree: _Tree, before: str, *, words: bool) -> str:
    """The pattern of what follows the character `before`."""
    forms = []
    for char in sorted(tree, reverse=True):  # the end comes last
        if char == _END:
            forms.append(r"(?![^\W_])" if words and before.isalnum() else "")
            continue
        form, node, last = _encoded(char), tree[char], char
        while len(node) == 1 and _END not in node:
            (last,) = node
            node = node[last]
            form += _encoded(last)
        forms.append(form + _branches(node, last, words=words))
    return forms[0] if len(forms) == 1 else f"(?:{'|'.join(forms)})"


_PLAIN = re.compile(r"[a-z0-9._~-]")


def _encoded(char: str) -> str:
    """A pattern for a character as it is, and as HTML, JSON and addresses encode it."""
    if _PLAIN.fullmatch(char):
        return re.escape(char)
    if char == " ":  # prose goes on in the next line
        return r"(?:\s{1,200}|%20|&nbsp;|&#160;|\\[nt])"
    return f"(?:{'|'.join(map(re.escape, _encodings(char)))})"


def _encodings(char: str) -> list[str]:
    forms = [char]
    for one in dict.fromkeys((char, char.upper() if len(char.upper()) == 1 else char)):
        code = ord(one)
        data = one.encode("utf-8", "surrogatepass")
        forms += ["".join(f"%{byte:02x}" for byte in data), f"&#{code};", f"&#x{code:x};"]
        units = one.encode("utf-16-be", "surrogatepass").hex()
        forms.append("".join(f"\\u{units[at : at + 4]}" for at in range(0, len(units), 4)))
        if code in codepoint2name:
            forms.append(f"&{codepoint2name[code].casefold()};")
        if one in '"\\/':
            forms.append(f"\\{one}")
    return list(dict.fromkeys(forms))


_ESCAPE = re.compile(
    r"(?:%[0-9a-f]{2})+|&(?:[a-z]{2,8}|#\d{2,7}|#x[0-9a-f]{2,6});|(?:\\u[0-9a-f]{4})+|\\[\"\\/nt]|\s+"
)


def _decoded(found: str) -> str:
    """What was found, without what HTML, JSON and addresses put in the place of characters."""
    return _ESCAPE.sub(lambda one: _char(one[0]), found)


def _char(escape: str) -> str:
    from html import unescape  # noqa: PLC0415  reason: only what is found pays for it
    from urllib.parse import unquote  # noqa: PLC0415  reason: as above

    if escape.isspace() or escape in ("\\n", "\\t", "&nbsp;", "&#160;"):
        return " "
    if escape.startswith("&"):
        return unescape(escape).casefold()
    if escape.startswith("%"):
        return unquote(escape).casefold()
    if escape.startswith("\\u"):
        units = bytes.fromhex(escape.replace("\\u", ""))
        return units.decode("utf-16-be", "replace").casefold()
    return escape[1:]


# What may stand inside of a word and is not seen: emphasis, a soft hyphen, a place to break it.
_TAGS = re.compile(r"</?(?:em|strong|del|ins|s|u|b|i|mark|sub|sup|small|wbr)>", re.IGNORECASE)
UNSEEN = re.compile(
    "[\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufe00-\ufe0f\ufeff]"
    "|&shy;|&zwnj;|&zwj;"
)
"""What may stand inside of a word and takes no room."""


def _joined(text: str) -> str:
    """A text without what splits words and is not seen."""
    if "<" in text:
        text = _TAGS.sub("", text)
    return UNSEEN.sub("", text) if not text.isascii() or "&" in text else text


_CONTROL = re.compile(r"[\x00-\x06\x0e-\x1a\x1c-\x1f]")


def readable(data: bytes) -> str | None:
    """A file's text, to be redacted as logs are; None for one that is no text.

    Bytes that are no UTF-8 are kept by surrogates, which `encoded` makes bytes again: a log in
    Latin-1 is a text as well.
    """
    text = data.decode("utf-8", "surrogateescape")
    if "\0" in text or (_CONTROL.search(text) and not data.isascii() and not _is_utf8(data)):
        return None
    return text


def encoded(text: str) -> bytes:
    """The bytes of a text that `readable` gave."""
    return text.encode("utf-8", "surrogateescape")


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


_WRITTEN = re.compile(rb"(?:[\t\x20-\x7e]|[\xc3-\xdf][\x80-\xbf]){10,}|(?:[\t\x20-\x7e]\0){10,}")
"""What is long enough to be no chance among compressed bytes; UTF-16, too."""


def written(data: bytes) -> str:
    """The texts in a file that is no text, a line each: what cameras and editors leave in pictures.

    Nothing is found in what is compressed.
    """
    found = dict.fromkeys(one[0].replace(b"\0", b"") for one in _WRITTEN.finditer(data))
    return b"\n".join(found).decode("utf-8", "replace")
