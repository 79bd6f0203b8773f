"""Lines of text -> records: what consoles, loggers and mailers put before a message, taken off.

Knows prefixes, nothing of what a message says. Keeps for each character of a message
where in the raw line it stands.
"""

import re

from sitegen.crash.log.loggers import find_marks
from sitegen.crash.log.places import Places, Run
from sitegen.crash.log.tokens import ANSI, PRINTK
from sitegen.model import Record, Span

LONGEST = 8192
"characters of a line that are looked at; printk itself writes 1024, lists of modules go on in one line"

_QUOTE = re.compile(r"(?:[ \t]{0,8}>){1,8} ?(?![0-9a-f]{8,16}: )")
_NOISE = re.compile(
    r"[\s\N{SYMBOL FOR NULL}\N{REPLACEMENT CHARACTER}\ufeff\x07\x08]{1,400}(?=<?\[|<\d)"
)
_PROMPTS = ("# ", "$ ", "> ")
"what shells print last before a kernel speaks on their terminal"
_DROPPED = re.compile(r"\*\* \d{1,12} printk messages dropped \*\* ")


class Line:
    """One line of a log: its message, and where that stands."""

    __slots__ = (
        *("caller", "context", "level", "number", "part", "places", "rest", "start", "text"),
        *("time", "within"),
    )

    def __init__(
        self,
        number: int,
        text: str,
        start: int,
        context: str = "",
        time: str = "",
        caller: str = "",
        level: str = "",
        places: Places | None = None,
    ) -> None:
        self.number = number
        "from 1"
        self.part = 0
        "which of the lines printed in that line of the log, from 0"
        self.text = text
        "the message, control sequences of terminals left out"
        self.start = start
        "index of the message in what was read"
        self.context = context
        "who printed it, as syzkaller tells lines apart: `[ T12]`, `console` for a time alone, or nothing"
        self.time = time
        self.caller = caller
        self.level = level
        self.places = places
        "where what was read stands, when something was left out of the line; None: where it says"
        self.within: tuple[Places, int] | None = None
        "where the text stands that the line was cut out of, and from which index on"
        self.rest: tuple[int, int, Line] | None = None
        "of a line that was cut: how much of the message it holds, how much was lost there, the next line"

    @property
    def place(self) -> tuple[int, int]:
        """By which the lines of a log are in order."""
        return self.number, self.part

    @property
    def width(self) -> int:
        """Columns of the raw line, as far as it was read."""
        return self.start + len(self.text)

    @property
    def last(self) -> int:
        """The line of the log in which the message ends."""
        return self.number if self.within is None else max(self.number, self.within[0].last)

    def with_rest(self, following: "Line", glue: str = "") -> "Line":
        """The line with what a terminal or a mailer had cut off; `glue` stood where it was cut."""
        whole = self.with_text(self.text + glue + following.text)
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
        start, end = self.start + start, self.start + end
        if self.places is not None:
            found = self.places.span(start, end)
            start, end = found.column - 1, found.end - 1
        if self.within is not None:
            places, base = self.within
            return places.span(base + start, base + end)
        return Span(self.number, start + 1, end + 1)

    def without(self, count: int) -> "Line":
        """The line without the first `count` characters of its message."""
        return self.with_text(self.text[count:], skipped=count)

    def with_text(self, text: str, *, skipped: int = 0) -> "Line":
        """The line saying `text`, which begins `skipped` characters further on."""
        line = Line(
            self.number,
            text,
            self.start + skipped,
            self.context,
            self.time,
            self.caller,
            self.level,
            self.places,
        )
        line.part, line.within = self.part, self.within
        return line

    def record(self) -> Record:
        if self.places is None and self.within is None and self.rest is None:
            at = Span(self.number, self.start + 1, self.start + len(self.text) + 1)
        else:
            at = self.span()
        return Record(at, self.text, self.time, self.caller, self.level)


def split_lines(text: str) -> tuple[str, ...]:
    """The lines of `text` without their ends; only LF and CR LF end a line."""
    lines = text.split("\n")
    if lines and not lines[-1]:
        lines.pop()
    if "\r" in text:
        for index, line in enumerate(lines):
            lines[index] = line.rstrip("\r")  # in place: never twice the log in memory
    return tuple(lines)


def read_line(raw: str, number: int) -> Line:
    """One line of a log, its prefixes taken off."""
    found = PRINTK.match(raw)
    if found is not None and "\x1b" not in raw:
        return _with_prefix(raw, number, found)
    places = None
    text = raw[:LONGEST]
    if "\x1b" in text:
        text, places = _without_ansi(text, number)
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
    time = level = caller = ""
    found = PRINTK.match(text, at)
    if found is None:
        for mark in find_marks(text, at):
            at = mark.end()
            groups = mark.groupdict()
            time = groups.get("time") or ""
            level = groups.get("level") or ""
            caller = groups.get("caller") or ""
        found = PRINTK.match(text, at)
    if found is None and (login := text.find(" login: ", at)) >= 0:
        found = PRINTK.match(text, login + 8)
    if found is None and (bracket := text.find("[", at + 1)) >= 0:
        found = PRINTK.match(text, bracket) if text.endswith(_PROMPTS, at, bracket) else None
    if found is not None:
        return _with_prefix(text, number, found, places, level)
    context = f"[{caller}]" if caller else "console" if time else ""
    return Line(number, text[at:], at, context, time, caller, level, places)


def _with_prefix(
    text: str,
    number: int,
    found: re.Match[str],
    places: Places | None = None,
    level: str = "",
) -> Line:
    printed, time, caller = found.group(1, 2, 3)
    end = found.end()
    # syzkaller counts a prefix without the blank behind it to no one.
    bare = end == len(text) and text[-1] == "]"
    return Line(
        number,
        text[end:LONGEST],
        end,
        "" if bare else f"[{caller}]" if caller else "console",
        time,
        caller.strip() if caller else "",
        printed[1:-1] if printed else level,
        places,
    )


def _without_ansi(text: str, number: int) -> tuple[str, Places]:
    """The text without control sequences, and where what is left stands."""
    kept: list[str] = []
    runs: list[Run] = []
    at = size = 0
    for found in (*ANSI.finditer(text), None):
        end = len(text) if found is None else found.start()
        if end > at or found is None:
            kept.append(text[at:end])
            runs.append(Run(size, end - at, number, at, end))
            size += end - at
        at = end if found is None else found.end()
    return "".join(kept), Places(runs)
