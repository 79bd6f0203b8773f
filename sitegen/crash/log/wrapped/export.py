"""`journalctl -o export` and `-o verbose`: a field a line, `MESSAGE=` among them."""

import re
from collections.abc import Sequence

from sitegen.crash.log.printk import Line, read_line
from sitegen.crash.log.wrapped.shape import MOST_FIELDS, Form, Told, read_message, run_of

_MESSAGE = re.compile(r"[ \t>]{0,12}MESSAGE=")
_FIELD = re.compile(r"[ \t>]{0,12}[A-Z0-9_]{1,64}=")
# The name of a field that is not printable, the head of a record of -o verbose, the end of one.
_OTHER = re.compile(r"(?:[ \t>]{0,12}[A-Z0-9_]{1,64}|.{0,80}\[s=[0-9a-f]{32};i=.{0,400}|\s{0,12})$")
_LEVEL = re.compile(r"[ \t>]{0,12}PRIORITY=(\d)")
_TIME = re.compile(r"[ \t>]{0,12}_SOURCE_MONOTONIC_TIMESTAMP=(\d{1,16})")
_PROGRAM = re.compile(r"[ \t>]{0,12}SYSLOG_IDENTIFIER=(\S{1,80})")
# What is not printable follows its name on lines of its own, behind its size in 8 bytes.
_SIZE = re.compile(r"[^\N{SYMBOL FOR NULL}]{0,2}\N{SYMBOL FOR NULL}{5,7}")


def _read(raw: Sequence[str], number: int) -> Sequence[Line]:
    line = raw[number - 1]
    if found := _MESSAGE.match(line):
        at = found.end()
    elif _is_binary(raw, number):
        size = _SIZE.match(line)
        at = size.end() if size else 0
    elif _FIELD.match(line) or _OTHER.match(line):
        return ()
    else:
        return (read_line(line, number),)
    text = line[at:]
    return read_message(text, (run_of(text, number, at),), number, _told(raw, number))


def _is_binary(raw: Sequence[str], number: int) -> bool:
    """Whether the line goes on with a message whose name stands alone above it."""
    for above in range(number - 2, max(-1, number - 2 - MOST_FIELDS), -1):
        if raw[above].strip(" \t>") == "MESSAGE":
            return not _FIELD.match(raw[number - 1])
        if _FIELD.match(raw[above]):
            return False
    return False


def _told(raw: Sequence[str], number: int) -> Told:
    first = last = number - 1
    while first > 0 and number - first < MOST_FIELDS and not _is_end(raw[first - 1]):
        first -= 1
    while last < len(raw) and last - number < MOST_FIELDS and not _is_end(raw[last]):
        last += 1
    record = raw[first:last]
    return Told(_first(_LEVEL, record), _first(_TIME, record), _first(_PROGRAM, record))


def _is_end(line: str) -> bool:
    return not line.strip() or "[s=" in line


def _first(wanted: re.Pattern[str], lines: Sequence[str]) -> str:
    return next((found[1] for line in lines if (found := wanted.match(line))), "")


EXPORT = Form(
    ("MESSAGE=", "__CURSOR="),
    re.compile(
        r"^(?:__CURSOR=s=|[ \t>]{0,12}(?:MESSAGE=.{0,2000}\n[ \t>]{0,12}_?[A-Z_]{1,64}="
        r"|_?[A-Z_]{1,64}=.{0,400}\n[ \t>]{0,12}MESSAGE=))",
        re.MULTILINE,
    ),
    _read,
)
