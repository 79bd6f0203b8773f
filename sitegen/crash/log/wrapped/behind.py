"""Words that stand on every line between the time and the message.

`journalctl -o short-monotonic` puts host and program there, makers of telephones the CPU and the task.
"""

import re
from collections.abc import Sequence
from functools import partial

from sitegen.crash.log.printk import Line, read_line
from sitegen.crash.log.wrapped.shape import Form

_TIME = r"(?:<\d{1,3}>)?\[ {0,12}\d{1,12}\.\d{6}\] "
# A pattern, and words one of which it holds: the cheap test.
_WORDS = (
    (r"(?:[\w.-]{1,255} )?kernel(?:\[\d{1,7}\])?: ?", ("kernel: ", "kernel[")),
    # [1:  sh:  123] x
    (r"\[\d{1,2}: {0,16}[^\]\n:]{1,16}: {0,8}\d{1,7}\] ", tuple(f"[{cpu}: " for cpu in range(32))),
    # <1>.(2)[123:sh]x
    (r"(?:<\d>)?[ .-]?\(\d{1,2}\)\[\d{1,7}:[^\]\n]{1,16}\]", (")[",)),
    # c1    123 x
    (r"c\d{1,2} {1,6}\d{1,7} (?:\([^)\n]{1,16}\) )?", ("] c",)),
)


def _read(words: re.Pattern[str], raw: Sequence[str], number: int) -> Sequence[Line]:
    line = read_line(raw[number - 1], number)
    found = words.match(line.text) if line.time else None
    return (line.without(found.end()) if found else line,)


# On two lines in a row: `Booting kernel: ` is a message.
BEHIND = tuple(
    Form(
        words,
        re.compile(rf"^{_TIME}{pattern}.{{0,1024}}\r?\n{_TIME}{pattern}", re.MULTILINE),
        partial(_read, re.compile(pattern)),
    )
    for pattern, words in _WORDS
)
