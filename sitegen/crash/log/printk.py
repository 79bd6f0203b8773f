"""Lines of text -> records: what consoles, loggers and mailers put before a message, taken off.

Knows prefixes, nothing of what a message says. Keeps for each character of a message
where in the raw line it stands.
"""

import re
from collections.abc import Iterator, Sequence

from sitegen.crash.log.tokens import ANSI, PRINTK
from sitegen.model import Record, Span

LONGEST = 1280
"characters of a line that are looked at; printk itself writes 1024 at most"

# What stands before printk's own prefix, or in its place. Each is tried once, in this order.
_QUOTE = re.compile(r"(?:[ \t]{0,8}>){1,8} ?")
_NOISE = re.compile(r"[\s\N{SYMBOL FOR NULL}\ufeff\x07\x08]{1,40}(?=<?\[|<\d)")
_DROPPED = re.compile(r"\*\* \d{1,12} printk messages dropped \*\* ")
_LOGGERS = (
    # `journalctl -k`, /var/log/kern.log: Jan  1 00:00:00 host kernel: ...
    re.compile(
        r"(?P<time>[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d(?:\.\d{1,9})?) \S{1,255} kernel(?:\[\d{1,7}\])?: ?"
    ),
    # rsyslog, `journalctl -o short-iso`, `dmesg --time-format iso`
    re.compile(
        r"(?P<time>\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d{1,9})?(?:Z|[+-]\d\d:?\d\d)?)"
        r"(?: (?:\S{1,255} )?kernel(?:\[\d{1,7}\])?: ?| )"
    ),
    # `dmesg -T`, perhaps with `-x` before
    re.compile(
        r"(?:(?P<facility>[a-z]\w{2,7}) {0,6}:(?P<level>[a-z]{3,6}) {0,4}: )?"
        r"\[(?P<time>[A-Z][a-z]{2} [A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d \d{4})\] ?"
    ),
    # `dmesg -x`
    re.compile(r"(?P<facility>[a-z]\w{2,7}) {0,6}:(?P<level>[a-z]{3,6}) {0,4}: "),
    # netconsole with the extended header, /dev/kmsg
    re.compile(r"(?P<level>\d{1,3}),\d{1,12},(?P<time>\d{1,16}),[-c](?:,[a-z]+=[^,;]{1,40}){0,6};"),
    # `dmesg -d`, `dmesg -e`
    re.compile(r"\[ {0,12}(?P<time>\d{1,12}\.\d{1,9}) <[ +]{0,12}\d{1,12}\.\d{1,9}>\] ?"),
    re.compile(r"(?P<level><\d{1,3}>)(?=[^\[])"),
)
_FIRST = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789[<")


class Line:
    """One line of a log: its message, and where that stands."""

    __slots__ = (
        *("caller", "columns", "context", "level", "number", "rest", "start", "text", "time"),
    )

    def __init__(
        self,
        number: int,
        text: str,
        *,
        start: int,
        context: str = "",
        time: str = "",
        caller: str = "",
        level: str = "",
        columns: Sequence[int] | None = None,
    ) -> None:
        self.number = number
        "from 1"
        self.text = text
        "the message, control sequences of terminals left out"
        self.start = start
        "index of the message in the raw line"
        self.context = context
        "who printed it, as syzkaller tells lines apart: `[ T12]`, `console` for a time alone, or nothing"
        self.time = time
        self.caller = caller
        self.level = level
        self.columns = columns
        "index in the raw line of each character of the message and of its end; None: start onwards"
        self.rest: tuple[int, int, Line] | None = None
        "of a line that was cut: how much of the message it holds, how much was lost there, the next line"

    @property
    def width(self) -> int:
        """Columns of the raw line, as far as it was read."""
        return self.start + len(self.text)

    def with_rest(self, following: "Line", glue: str = "") -> "Line":
        """The line with what a terminal or a mailer had cut off; `glue` stood where it was cut."""
        whole = Line(
            self.number,
            self.text + glue + following.text,
            start=self.start,
            context=self.context,
            time=self.time,
            caller=self.caller,
            level=self.level,
            columns=self.columns,
        )
        if self.rest is None:
            whole.rest = len(self.text), len(glue), following
        else:
            cut, glued, rest = self.rest
            whole.rest = cut, glued, rest.with_rest(following, glue)
        return whole

    def span(self, start: int = 0, end: int | None = None) -> Span:
        """Where `text[start:end]` stands in the log; only its beginning where it was cut in two."""
        if end is None:
            end = len(self.text)
        if self.rest is not None:
            cut, glued, following = self.rest
            if start >= cut + glued:
                return following.span(start - cut - glued, end - cut - glued)
            start, end = min(start, cut), min(end, cut)
        if self.columns is None:
            return Span(self.number, self.start + start + 1, self.start + end + 1)
        last = self.columns[end - 1] + 1 if end > start else self.columns[start]
        return Span(self.number, self.columns[start] + 1, last + 1)

    def record(self) -> Record:
        return Record(self.span(), self.text, self.time, self.caller, self.level)


def split_lines(text: str) -> tuple[str, ...]:
    """The lines of `text` without their ends; only LF and CR LF end a line."""
    lines = text.split("\n")
    if lines and not lines[-1]:
        lines.pop()
    if "\r" in text:
        for index, line in enumerate(lines):
            lines[index] = line.rstrip("\r")  # in place: never twice the log in memory
    return tuple(lines)


def read_lines(raw: Sequence[str], first: int = 1, last: int | None = None) -> Iterator[Line]:
    """The lines `first` to `last` (from 1, both included) of `raw`, prefixes taken off."""
    for number in range(first, (len(raw) if last is None else last) + 1):
        yield read_line(raw[number - 1], number)


def read_line(raw: str, number: int) -> Line:
    """One line of a log, its prefixes taken off."""
    found = PRINTK.match(raw)
    if found is not None and "\x1b" not in raw:
        return _with_prefix(raw, number, found, None)
    columns = None
    text = raw[:LONGEST]
    if "\x1b" in text:
        text, columns = _without_ansi(text)
    at = 0
    if text[:1] in (">", " ", "\t") and (quote := _QUOTE.match(text)):
        at = quote.end()
    if noise := _NOISE.match(text, at):
        at = (
            noise.end()
            if PRINTK.match(text, noise.end()) or text[noise.end() : noise.end() + 1] == "<"
            else at
        )
    if text.startswith("** ", at) and (dropped := _DROPPED.match(text, at)):
        at = dropped.end()
    time = level = context = ""
    if not PRINTK.match(text, at) and text[at : at + 1] in _FIRST:
        for logger in _LOGGERS:
            if found := logger.match(text, at):
                at = found.end()
                groups = found.groupdict()
                time = groups.get("time") or ""
                level = (groups.get("level") or "").strip("<>")
                context = "console" if time else ""
                break
    found = PRINTK.match(text, at)
    if found is None and (login := text.find(" login: ", at)) >= 0:
        found = PRINTK.match(text, login + 8)
    if found is not None:
        return _with_prefix(text, number, found, columns, level)
    return Line(
        number,
        text[at:],
        start=at,
        context=context,
        time=time,
        level=level,
        columns=None if columns is None else columns[at:],
    )


def _with_prefix(
    text: str,
    number: int,
    found: re.Match[str],
    columns: Sequence[int] | None,
    level: str = "",
) -> Line:
    printed, time, caller = found.group("level", "time", "caller")
    end = found.end()
    return Line(
        number,
        text[end:LONGEST],
        start=end,
        context=f"[{caller}]" if caller else "console",
        time=time,
        caller=caller.strip() if caller else "",
        level=printed[1:-1] if printed else level,
        columns=None if columns is None else columns[end:],
    )


def _without_ansi(text: str) -> tuple[str, tuple[int, ...]]:
    """The text without control sequences, and the index of each character left, and of the end."""
    kept: list[str] = []
    columns: list[int] = []
    at = 0
    for found in ANSI.finditer(text):
        kept.append(text[at : found.start()])
        columns.extend(range(at, found.start()))
        at = found.end()
    kept.append(text[at:])
    columns.extend(range(at, len(text) + 1))
    return "".join(kept), tuple(columns)
