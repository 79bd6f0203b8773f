r"""Records of /dev/kmsg, which netconsole's extended format sends: perhaps in pieces, escaped as `\x0a`."""

import re
from collections.abc import Iterator, Sequence

from sitegen.crash.log.places import Run
from sitegen.crash.log.printk import LONGEST, Line, read_line
from sitegen.crash.log.wrapped.shape import Form, Told, read_message

_MOST_PIECES = 16
"pieces of one record on lines of their own"
_HEADER = re.compile(
    r"[ \t>]{0,8}(?:\d{1,3}\.\d[\w.+~-]{0,80},)?(?P<level>\d{1,3}),(?P<sequence>\d{1,12}),(?P<time>\d{1,16}),[-c+]"
    r"(?:,caller=(?P<caller>[A-Z]\d{1,9}))?(?:,(?!ncfrag)[a-z]{1,12}=[^,;]{1,40}){0,6}"
    r"(?:,ncfrag=(?P<at>\d{1,6})/\d{1,6})?;"
)
_DICTIONARY = re.compile(r"[ \t>]{0,8} [A-Z_]{1,40}=")
_PIECE = re.compile(r"\\x(?P<code>[0-9a-f]{2})|[^\\]+|\\")
_REST = re.compile(r"\d{1,6}/\d{1,6};")


def _read(raw: Sequence[str], number: int) -> Sequence[Line]:
    line = raw[number - 1][:LONGEST]
    header = _HEADER.match(line)
    if header is None:
        return () if _DICTIONARY.match(line) else (read_line(line, number),)
    if int(header["at"] or 0) and number > 1 and _is_same(raw[number - 2], header):
        return ()
    found = list(_pieces(line, header, number))
    following = number
    while header["at"] and following < min(len(raw), number + _MOST_PIECES):
        further = _is_same(raw[following], header)
        if further is None or not int(further["at"]):
            break
        following += 1
        found += _pieces(raw[following - 1][:LONGEST], further, following)
    text, runs = "", []
    for piece, line_number, start, end in found:
        runs.append(Run(len(text), len(piece), line_number, start, end))
        text += piece
    lines = read_message(text, runs, number, Told(str(int(header["level"]) & 7), header["time"]))
    caller = header["caller"] or ""
    for one in lines:
        one.caller = one.caller or caller
        one.context = one.context or (f"[{caller}]" if caller else "console")
    return lines


def _is_same(line: str, header: re.Match[str]) -> re.Match[str] | None:
    """The header of another piece of the record that `header` is of; None for another record's."""
    found = _HEADER.match(line)
    if found is None or found["at"] is None or found["sequence"] != header["sequence"]:
        return None
    return found if found["time"] == header["time"] else None


def _pieces(line: str, header: re.Match[str], number: int) -> Iterator[tuple[str, int, int, int]]:
    """The text behind a header: characters, and where they stand. What joins it in the line goes."""
    again = line[: header.start("at")].lstrip(" \t>") if header["at"] else ""
    at = header.end()
    while again and (found := line.find(again, at)) >= 0:
        rest = _REST.match(line, found + len(again))
        if rest is None:
            break
        yield from _unescaped(line, at, found, number)
        at = rest.end()
    yield from _unescaped(line, at, len(line), number)


def _unescaped(line: str, at: int, end: int, number: int) -> Iterator[tuple[str, int, int, int]]:
    for found in _PIECE.finditer(line, at, end):
        text = chr(int(found["code"], 16)) if found["code"] else found[0]
        yield text.replace("\x00", "\N{SYMBOL FOR NULL}"), number, found.start(), found.end()


KMSG = Form(
    (",-;", ",-,", ",c;", ",c,", ",+;", ",+,"),
    re.compile(
        r"^[ \t>]{0,8}(?:\d{1,3}\.\d[\w.+~-]{0,80},)?\d{1,3},\d{1,12},\d{1,16},[-c+](?:,[a-z]{1,12}=[^,;\n]{1,40}){0,6};",
        re.MULTILINE,
    ),
    _read,
)
