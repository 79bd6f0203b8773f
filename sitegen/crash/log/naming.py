"""Lines from a trigger on -> the report's title, other titles, and what is wrong with it.

Goes by the rules of syzkaller (pkg/report), so that a title found here finds its bug in
syzbot; also where another rule would name a likelier function.
"""

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from sitegen.crash.log import walk
from sitegen.crash.log.cleaning import clean
from sitegen.crash.log.guilty import find_guilty_file
from sitegen.crash.log.oopses import Format, Oops
from sitegen.crash.log.printk import Line
from sitegen.crash.log.skips import SYSCALL_PREFIXES
from sitegen.crash.log.triggers import find_oops, said

# A second report ends the text the title is made from; these lines belong to the first one.
_SAME_REPORT = (
    *("invalid opcode: 0000", "Kernel panic - not syncing", "unregister_netdevice: waiting for"),
    *("PANIC: double fault", "Internal error:"),
)
# Not reports, but they bring stacks of their own.
_FOREIGN = (
    *("vmalloc: allocation failure:", "FAULT_INJECTION: forcing a failure"),
    "FAULT_FLAG_ALLOW_RETRY missing",
)
_QUESTIONABLE = re.compile(r"(?:^|[\]>]) *\? ")
_UNRELIABLE = " (unreliable)"
_CPU = re.compile(r"\[ *C[0-9]")
_TIME_STAMP = re.compile(r"\[ *[0-9]+\.[0-9]{6}\]")

NO_FRAMES = "no function of the report can be named: the trace is missing or mixed with another"
NO_TRACE = "the call trace is missing"
EMPTY_TRACE = "a call trace has no frames"
CUT = "the report ends within a call trace"
NO_FORMAT = "the header's continuation is missing"
HEADLESS = "only the end of a report is there"
MIXED = "another line is mixed into the header"
LOST = "the connection to the console was lost"


class Name(NamedTuple):
    """What a report is called."""

    title: str
    alt_titles: tuple[str, ...]
    corrupted: str | None
    "why; None for a report that is whole"
    guilty_file: str
    "empty when the lines name no file"


class _Text:
    """What of a log belongs to a report, as far as its name goes."""

    def __init__(self, trigger: Line) -> None:
        self.title: list[str] = []
        "the lines the title is made from"
        self.report: list[str] = []
        "all lines"
        self._context = trigger.context
        self._open = True
        self._whole = True
        self._kept = 0
        self._longest = 16 if "BUG: KMSAN:" in trigger.text else 22
        self._all_cpus = False
        self._keep(trigger.text)

    def add(self, line: Line) -> None:
        if (
            self._open
            and self._context in ("", "console")
            and _ends(line.text)
            and not (self._kept == 1 and is_repeated(self.report[0], line.text))
        ):
            self._open = False
        if line.context == self._context or (self._all_cpus and _CPU.match(line.context)):
            self._keep(line.text)

    def _keep(self, text: str) -> None:
        text = said(text)
        if self._context and _is_questionable(text):
            return
        self._kept += 1
        if "Sending NMI from CPU" in text:
            self._all_cpus = True
        if self._kept > self._longest and (
            "Kernel panic - not syncing" in text
            or "WARNING: possible circular locking dependency detected" in text
        ):
            self._whole = False
        # The first line stays whatever it says.
        if self._kept > 1 and "Disabling lock debugging due to kernel taint" in text:
            return
        if self._whole:
            self.report.append(text)
            if self._open:
                self.title.append(text)


def name(trigger: Line, oops: Oops, following: Iterable[Line], *, lost: bool = False) -> Name:
    """The name of the report that `trigger` begins; `following` are all later lines of the log.

    `lost` when the log says that the console's connection broke.
    """
    text = _Text(trigger)
    for line in following:
        text.add(line)
    form, groups, found, corrupted = _choose(oops, text.title)
    alts: tuple[str, ...] = ()
    if form is None:
        raw = _raw_title(oops, text.title)
        title = raw
    else:
        title, alts = _write(form, groups, found)
    if corrupted is None and _TIME_STAMP.search(title):
        corrupted = MIXED
    if corrupted is None:
        corrupted = _check_traces(text.report, form)
    if corrupted is None and lost:
        corrupted = LOST
    title = clean(title)
    others = dict.fromkeys(clean(alt) for alt in alts)
    return Name(
        title,
        tuple(alt for alt in others if alt != title),
        corrupted,
        find_guilty_file(title, text.report),
    )


def _ends(text: str) -> bool:
    """Whether a line ends the text a title is made from."""
    if ("FAULT_" in text or "vmalloc" in text) and any(words in text for words in _FOREIGN):
        return True
    return find_oops(text) is not None and not any(words in text for words in _SAME_REPORT)


def is_repeated(headline: str, text: str) -> bool:
    """Whether `text`, right below a decoded headline, is that again for the outer function.

    Decoded KASAN headlines come once for each function inlined at the place.
    """
    begin, _, function = headline.partition(" in ")
    return bool(function) and "[inline]" in headline and text.startswith(f"{begin} in ")


def _is_questionable(text: str) -> bool:
    if text.endswith(_UNRELIABLE):
        return True
    return "? " in text and "<EOI>" not in text and _QUESTIONABLE.search(text) is not None


def _choose(
    oops: Oops, lines: Sequence[str]
) -> tuple[Format | None, dict[str, str], walk.Found, str | None]:
    """The format whose header stands first, the words captured, the functions, what is wrong."""
    text = "\n".join(lines)
    best: Format | None = None
    groups: dict[str, str] = {}
    found = walk.NOTHING
    corrupted: str | None = None
    start = len(text) + 1
    matched = False
    for form in oops.formats:
        header = walk.pattern(form.header).search(text)
        if header is None or header.start() > start:
            continue
        if header.start() == start and best is not None:
            continue
        if header.start() < start:
            best = None
            start = header.start()
        matched = True
        read = _find_needs(form, text) if form.needs else (header.start(), header.groupdict(""))
        if read is None:
            continue
        at, groups = read
        best, found, corrupted = form, _named(groups.get("f", "")), None
        if form.walk:
            found = walk.walk(text[at:].split("\n"), form)
            if found.bad:
                corrupted = NO_FRAMES
        if corrupted is None and form.corrupted:
            corrupted = HEADLESS
    if best is None:
        return None, {}, walk.NOTHING, NO_FORMAT if matched else None
    return best, groups, found, corrupted


def _named(function: str) -> walk.Found:
    """A function that the header itself or a line it needs names: taken as it is."""
    return walk.Found(function, function)


def _find_needs(form: Format, text: str) -> tuple[int, dict[str, str]] | None:
    """Where the needed lines begin, and what they capture; None when one is not there."""
    groups: dict[str, str] = {}
    start = at = 0
    for index, need in enumerate(form.needs):
        found = walk.pattern(need).search(text, at)
        if found is None:
            return None
        if index == 0:
            start = found.start()
        groups.update(found.groupdict(""))
        end = text.find("\n", found.end())
        at = len(text) if end < 0 else end + 1
    return start, groups


def _write(form: Format, groups: dict[str, str], found: walk.Found) -> tuple[str, tuple[str, ...]]:
    """Title and further titles, not yet cleaned."""

    def written(function: str, origin: str) -> list[str]:
        words = {**groups, "f": function or "corrupted", "g": origin or "corrupted"}
        return [template.format_map(words) for template in (form.title, *form.alt)]

    origin = found.origin or walk.NOTHING
    title, *alts = written(found.name, origin.name)
    if not form.walk:
        return title, tuple(alts)
    if (found.name, origin.name) != (found.function, origin.function):
        alts.extend(written(found.function, origin.function))
    for prefix in SYSCALL_PREFIXES:
        if found.function.startswith(prefix) or origin.function.startswith(prefix):
            alts.extend(
                written(found.function.removeprefix(prefix), origin.function.removeprefix(prefix))
            )
    return title, tuple(alts)


def _raw_title(oops: Oops, lines: Sequence[str]) -> str:
    for line in lines:
        at = line.find(oops.trigger)
        if at >= 0:
            return line[at:]
    return lines[0] if lines else ""


def _check_traces(lines: Sequence[str], form: Format | None) -> str | None:
    """What is wrong with the traces of a report, or None."""
    if form is not None and form.traceless:
        return None
    headers = [index for index, line in enumerate(lines) if walk.is_trace_header(line)]
    followed = {index for index in headers if _has_frames(lines, index)}
    if form is not None and not followed:
        return EMPTY_TRACE if headers else NO_TRACE
    for header in walk.TRACE_HEADERS:
        first = next((index for index in headers if header.search(lines[index])), None)
        if first is None:
            continue
        if first not in followed and header is not walk.RISCV_HEADER:
            return EMPTY_TRACE
        if len(lines) - first - 1 < 2:
            return CUT
    return None


def _has_frames(lines: Sequence[str], header: int) -> bool:
    for line in lines[header + 1 : header + 16]:
        if walk.is_trace_header(line):
            return False
        if walk.is_frame(line) or "(stack is not available)" in line:
            return True
    return False
