"""FrontMatter -> the YAML between `---` lines. The one place where front matter is written.

What is written here is read back as it was by `web.content`: white space collapsed, and
what no file can hold (halves of surrogate pairs) as question marks.
"""

import re
from collections.abc import Iterator, Mapping

from sitegen.web.content import FrontMatter, Occurrence

_PLAIN = re.compile(r"[A-Za-z_/](?:[\w ./+()@=>-]*[\w./+()=>])?", re.ASCII)
_RELEASE = re.compile(r"\d{1,4}\.\d{1,4}(?:\.\d{1,4}[\w.+-]*|-[a-z][\w.+-]*)", re.ASCII)
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_WORDS = frozenset({"null", "true", "false", "yes", "no", "on", "off", "y", "n"})
"What other readers of YAML take for something else than text."

_KEYS = ("title", "date", "status", "kernel", "trigger", "repro", "reported")
_FIXES = {
    "introduced": "introduced",
    "fixed": "fixed",
    "cve": "cve",
    "syzbot": "syzbot",
    "reported_by": "reported-by",
    "links": "links",
}


def write_front_matter(front: FrontMatter) -> str:
    """The front matter with its two lines of dashes, ended by a newline.

    Keys that have their default are left out, but for the status, which is there to be edited.
    """
    return "\n".join(["---", *_lines(front), "---", ""])


def _lines(front: FrontMatter) -> Iterator[str]:
    for key in _KEYS:
        value = getattr(front, key)
        if value or key == "status":
            yield f"{key}: {quoted(value)}"
    for key, values in (
        ("tags", front.tags),
        ("authors", front.authors),
        ("aliases", front.aliases),
    ):
        if values:
            yield f"{key}: [{', '.join(map(quoted, values))}]"
    if front.layers:
        yield "layers:"
        yield from (f"  {quoted(key)}: {quoted(value)}" for key, value in front.layers.items())
    fixes = {name: getattr(front.fixes, field) for field, name in _FIXES.items()}
    yield from _group("fixes", fixes)
    if front.occurrences_file:
        yield f"occurrences: {quoted(front.occurrences_file)}"
    elif front.occurrences:
        yield "occurrences:"
        yield from (f"  - {{{', '.join(_pairs(one))}}}" for one in front.occurrences)
    snapshot = front.snapshot
    parts = {"source": snapshot.source, "date": snapshot.date, "link": snapshot.link}
    yield from _group("snapshot", parts)
    if front.draft:
        yield "draft: true"


def _group(name: str, values: Mapping[str, str | tuple[str, ...]]) -> Iterator[str]:
    given = {key: value for key, value in values.items() if value}
    if given:
        yield f"{name}:"
    for key, value in given.items():
        if isinstance(value, str):
            yield f"  {key}: {quoted(value)}"
        else:
            yield f"  {key}:"
            yield from (f"    - {quoted(one)}" for one in value)


def _pairs(one: Occurrence) -> Iterator[str]:
    yield f"date: {quoted(one.date)}"
    for key in ("kernel", "host", "link"):
        if value := getattr(one, key):
            yield f"{key}: {quoted(value)}"
    if one.count != 1:
        yield f"count: {one.count}"


def quoted(text: str) -> str:
    r"""`text` as a scalar, also inside brackets: plain where that is safe, else in double quotes.

    >>> quoted("6.1.0-56-amd64"), quoted("echo c > /proc/sysrq-trigger"), quoted("a: b")
    ('6.1.0-56-amd64', 'echo c > /proc/sysrq-trigger', '"a: b"')
    """
    text = one_line(text)
    if _DAY.fullmatch(text) or _RELEASE.fullmatch(text):
        return text
    if _PLAIN.fullmatch(text) and text.lower() not in _WORDS:
        return text
    return f'"{"".join(map(_escaped, text))}"'


def one_line(text: str) -> str:
    """`text` as front matter keeps it: white space collapsed, surrogates replaced."""
    return " ".join(text.encode("utf-8", "replace").decode("utf-8").split())


def _escaped(character: str) -> str:
    if character in '"\\':
        return f"\\{character}"
    if character.isprintable():
        return character
    code = ord(character)
    if code < 0x100:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
