"""KASAN's dump of shadow memory -> what the bytes say, above all the one that `^` points to."""

import re
from collections.abc import Iterator, Sequence

from sitegen.crash.explain.topics.sanitizers import SHADOW, TAGS, shadow_text
from sitegen.crash.lazy import Lazy
from sitegen.model import Explanation, Record, Span

_ROW = Lazy(
    r"(?P<mark>>)?\s?(?P<address>[0-9a-f]{8,16}): "
    r"(?P<bytes>\[?[0-9a-f]{2}(?:[ \[\]]{1,3}[0-9a-f]{2}){3,31}\]?)\s*$"
)
_BYTE = Lazy(r"[0-9a-f]{2}")
_CARET = Lazy(r"\s{8,200}\^\s*$")
_TITLE = "Memory state around the buggy address"
_MOST_ROWS = 16


def shadow_words(records: Sequence[Record]) -> Iterator[Explanation]:
    """The dump's title, and the bytes of the marked row: that of the access first."""
    tags = any(record.text.startswith("Pointer tag: ") for record in records)
    for index, record in enumerate(records):
        at = record.text.find(_TITLE)
        if at < 0:
            continue
        start = record.at.column + at
        text = TAGS if tags else SHADOW
        yield Explanation(Span(record.at.line, start, start + len(_TITLE)), text)
        yield from _rows(records[index + 1 : index + 1 + _MOST_ROWS], tags=tags)
        return


def _rows(rows: Sequence[Record], *, tags: bool) -> Iterator[Explanation]:
    for index, row in enumerate(rows):
        found = _ROW.match(row.text)
        if found is None or not found["mark"] or row.at.end - row.at.column != len(row.text):
            continue
        bytes_ = list(_BYTE.finditer(row.text, found.start("bytes"), found.end("bytes")))
        accessed = _accessed(
            bytes_, row.text, rows[index + 1].text if index + 1 < len(rows) else ""
        )
        if tags:
            return
        seen: set[str] = set()
        if accessed is not None:
            seen.add(accessed[0])
            if said := shadow_text(int(accessed[0], 16)):
                yield _of_byte(row, accessed, f"Here the access went. {said}", accessed=True)
        for one in bytes_:
            if one[0] not in seen and (said := shadow_text(int(one[0], 16))):
                seen.add(one[0])
                yield _of_byte(row, one, said, accessed=False)
        return


def _accessed(bytes_: Sequence[re.Match[str]], text: str, below: str) -> re.Match[str] | None:
    """The byte in brackets, or the one that the next line's `^` stands below; None for neither."""
    for one in bytes_:
        if text[one.start() - 1] == "[":
            return one
    caret = _CARET.match(below)
    if caret is None:
        return None
    column = below.index("^")
    # The row's `>` takes the place of the blank that the line with `^` begins with, or stands before it.
    return next((one for one in bytes_ if one.start() <= column <= one.end()), None)


def _of_byte(row: Record, one: re.Match[str], text: str, *, accessed: bool) -> Explanation:
    start = row.at.column + one.start()
    at = Span(row.at.line, start, row.at.column + one.end())
    return Explanation(at, text, weight="telling" if accessed else "plain")
