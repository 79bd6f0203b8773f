"""`journalctl -o short-monotonic`: host and program stand behind the time, where else the message does."""

import re
from collections.abc import Sequence

from sitegen.crash.log.printk import Line, read_line
from sitegen.crash.log.wrapped.shape import Form

_HOST = re.compile(r"(?:[\w.-]{1,255} )?kernel(?:\[\d{1,7}\])?: ?")


def _read(raw: Sequence[str], number: int) -> Sequence[Line]:
    line = read_line(raw[number - 1], number)
    found = _HOST.match(line.text) if line.time else None
    return (line.without(found.end()) if found else line,)


# Twice the same: `Booting kernel: ` is a message.
MONOTONIC = Form(
    ("kernel: ",),
    re.compile(
        r"^\[ {0,12}\d{1,12}\.\d{6}\] (?P<host>(?:[\w.-]{1,255} )?kernel: ).{0,1024}\n"
        r"\[ {0,12}\d{1,12}\.\d{6}\] (?P=host)",
        re.MULTILINE,
    ),
    _read,
)
