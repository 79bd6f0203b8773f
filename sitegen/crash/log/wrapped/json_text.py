"""JSON with a console's text in it: `journalctl -o json`, -pretty, -sse and -seq, and what clouds and containers write."""

import re
from collections.abc import Iterator, Sequence

from sitegen.crash.log.places import Run
from sitegen.crash.log.printk import Line, read_line
from sitegen.crash.log.wrapped.shape import MOST_FIELDS, Form, Told, read_message

LONGEST = 1 << 18
"characters of one message that are read: a cloud gives a console as one"
_MOST_BYTES = 1 << 16

# journald; docker; Google's logging; fluentd; `aws ec2 get-console-output`.
_NAMES = "MESSAGE|log|textPayload|message|Output"
_MESSAGE = re.compile(rf'"(?P<name>{_NAMES})"\s{{0,8}}:\s{{0,8}}(?P<kind>["\[])')
_TOLD = r'"{}"\s{{0,8}}:\s{{0,8}}"?(?P<value>[^",}}]{{1,80}})'
_LEVEL = re.compile(_TOLD.format("PRIORITY"))
_TIME = re.compile(
    _TOLD.format("(?:_SOURCE_MONOTONIC_TIMESTAMP|__MONOTONIC_TIMESTAMP|time|timestamp)")
)
_PROGRAM = re.compile(_TOLD.format("SYSLOG_IDENTIFIER"))
_BEGIN = re.compile(r"[\s>\x1e]{0,12}(?:data: )?\{")
_BESIDES = re.compile(
    r'[\s>\x1e]{0,12}(?:data: ?)?(?:"[\w.-]{1,80}" {0,8}: |"?\d{1,20}"?,?$|[\[\]{}]{0,2},?$|\{"|id: )'
)
"what is no message: other fields, bytes of one, brackets"

_PIECE = re.compile(
    r'(?P<plain>[^"\\]+)|\\u(?P<high>d[89ab][0-9a-f]{2})\\u(?P<low>d[c-f][0-9a-f]{2})'
    r"|\\u(?P<code>[0-9a-f]{4})|\\(?P<one>.)",
    re.IGNORECASE,
)
_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f"}
_BYTE = re.compile(r"[\s>]{0,12}(?P<byte>\d{1,3})\s{0,8}(?P<more>,)?\s{0,8}")


def read_console(text: str) -> str:
    """The message of a record that is alone in the text and has several lines; else the text."""
    raw = text.split("\n", MOST_FIELDS)
    if len(raw) > MOST_FIELDS or not _BEGIN.match(raw[0]):
        return text
    found = [(line, one) for line in raw if (one := _MESSAGE.search(line, 0, LONGEST))]
    if len(found) != 1 or found[0][1]["kind"] != '"':
        return text
    line, start = found[0]
    console, _ = _unescape(line, start.end(), 1)
    return console if "\n" in console.rstrip("\n") else text


def _read(raw: Sequence[str], number: int) -> Sequence[Line]:
    line = raw[number - 1]
    found = _MESSAGE.search(line, 0, LONGEST)
    if found is None:
        return () if _BESIDES.match(line) else (read_line(line, number),)
    if found["kind"] == "[":
        text, runs = _text_of_bytes(tuple(_bytes(raw, number, found.end())))
    else:
        text, runs = _unescape(line, found.end(), number)
    told = _told(raw, number)
    if found["name"] != "MESSAGE":
        told = Told(time=told.time)
    return read_message(text, runs, number, told)


def _told(raw: Sequence[str], number: int) -> Told:
    """What the other fields of the record say; its lines are gone through where it has several."""
    lines = [raw[number - 1][:LONGEST]]
    if not _BEGIN.match(lines[0]):
        first, last = number - 1, number
        while first > 0 and number - first < MOST_FIELDS and not _BEGIN.match(raw[first]):
            first -= 1
        while last < len(raw) and last - number < MOST_FIELDS and not raw[last].startswith("}"):
            last += 1
        lines = list(raw[first:last])
    return Told(*(_first(wanted, lines) for wanted in (_LEVEL, _TIME, _PROGRAM)))


def _first(wanted: re.Pattern[str], lines: Sequence[str]) -> str:
    return next((found["value"] for line in lines if (found := wanted.search(line))), "")


def _unescape(line: str, at: int, number: int) -> tuple[str, list[Run]]:
    """The string that begins at `at`, behind its quotation mark."""
    kept: list[str] = []
    runs: list[Run] = []
    size = 0
    end = at + LONGEST
    while found := _PIECE.match(line, at, end):
        text = _meaning(found)
        kept.append(text)
        runs.append(Run(size, len(text), number, at, found.end()))
        size += len(text)
        at = found.end()
    return "".join(kept), runs


def _meaning(found: re.Match[str]) -> str:
    if found["plain"]:
        return found["plain"]
    if found["high"]:
        high, low = int(found["high"], 16) - 0xD800, int(found["low"], 16) - 0xDC00
        return chr(0x10000 + (high << 10) + low)
    if found["code"]:
        code = int(found["code"], 16)
        if not code:
            return "\N{SYMBOL FOR NULL}"
        return "\N{REPLACEMENT CHARACTER}" if 0xD800 <= code < 0xE000 else chr(code)
    return _ESCAPES.get(found["one"], found["one"])


def _bytes(raw: Sequence[str], number: int, at: int) -> Iterator[tuple[int, int, int, int]]:
    """The bytes of an array, and where each stands; -o json-pretty may give each a line."""
    left = _MOST_BYTES
    while number <= len(raw):
        line = raw[number - 1]
        more = not line[at:].strip()
        while left and (found := _BYTE.match(line, at)):
            left -= 1
            yield int(found["byte"]) & 0xFF, number, found.start("byte"), found.end("byte")
            at = found.end()
            more = bool(found["more"])
        if not more or at < len(line) or not left:
            return
        number, at = number + 1, 0


def _text_of_bytes(data: Sequence[tuple[int, int, int, int]]) -> tuple[str, list[Run]]:
    """The text that UTF-8 bytes make, a character in place of each byte that makes none."""
    kept: list[str] = []
    runs: list[Run] = []
    index = 0
    while index < len(data):
        first = data[index][0]
        size = 1 if first < 0xC0 else 2 if first < 0xE0 else 3 if first < 0xF0 else 4
        text = bytes(one[0] for one in data[index : index + size]).decode("utf-8", "replace")
        if len(text) != 1 or index + size > len(data):
            size, text = 1, "\N{REPLACEMENT CHARACTER}"
        _, number, start, end = data[index]
        if data[index + size - 1][1] == number:
            end = data[index + size - 1][3]
        kept.append(text.replace("\x00", "\N{SYMBOL FOR NULL}"))
        runs.append(Run(len(runs), 1, number, start, end))
        index += size
    return "".join(kept), runs


JSON = Form(
    ('"MESSAGE"', '"log"', '"textPayload"', '"message"', '"Output"'),
    re.compile(
        rf'^[ \t>\x1e]{{0,12}}(?:data: )?(?:\{{[^\n]{{0,3000}}?)?"(?:{_NAMES})"[ \t]{{0,8}}:[ \t]{{0,8}}["\[]',
        re.MULTILINE,
    ),
    _read,
)
