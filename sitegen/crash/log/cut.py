"""Lines of a log -> the lines of each report in it.

A report begins where a line of the table of `oopses` (or one of ours below) stands, takes the lines
of its context as long as they look like a report's, and the panic that follows from it.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import islice

from sitegen.crash.log.frames import read_frame
from sitegen.crash.log.lines import Lines
from sitegen.crash.log.mend import mend
from sitegen.crash.log.naming import is_repeated
from sitegen.crash.log.oopses import Oops
from sitegen.crash.log.parts import NOTICE_WORDS, is_notice, is_part
from sitegen.crash.log.prelude import MOST_PRELUDE, count_prelude
from sitegen.crash.log.printk import Line
from sitegen.crash.log.trace import is_call_trace
from sitegen.crash.log.triggers import TRIGGER, find_oops, said

_FRAME = re.compile(r"\+0x[0-9a-f]{1,8}/0x[0-9a-f]{1,8}|Call [Tt]race:|Backtrace:")
_CANDIDATE = re.compile("|".join((TRIGGER.pattern, *map(re.escape, NOTICE_WORDS), _FRAME.pattern)))

# What goes on with the report before it, where one is open.
_FOLLOWS = re.compile(
    r"kernel BUG at rust/helpers|INFO: (?:Slab|Object|Freed|Allocated|0x)|INFO: lockdep is turned off"
    r"|Kernel panic - not syncing: (?:.*Fatal exception|(?:\w+: )?panic_on_warn set|hung_task: blocked tasks"
    r"|softlockup: hung tasks|RCU Stall|Hard LOCKUP|Aiee, killing interrupt handler"
    r"|Oops|Fatal |kernel: panic_on_warn|scheduling while atomic|Out of memory|NMI: Not continuing|BUG!"
    r"|kernel stack overflow|Asynchronous SError|sched: Unexpected|Machine halted|corrupted stack end|UBSAN|KASAN|KFENCE|KCSAN|lockdep|Machine check)"
    r"|BUG kmalloc-.*: Object already free|Unhandled fault:|fatal error: |general protection fault: 0000 \[#"
)
# Headlines below which the kernel prints the number of the oops; other reports do not die.
_DIES = re.compile(
    r"[Kk]ernel BUG|nable to handle|NULL pointer|stack guard page|general protection|Insufficient stack"
    r"|rust_kernel|KASAN|double fault|Alignment trap|Unhandled fault|\[#\d"
)
_OOPS_NUMBER = re.compile(r"\[#(?P<number>\d{1,5})\]")
_PANIC = "Kernel panic - not syncing"
_END_TRACE = re.compile(r"---\[ end trace ")
_END_PANIC = re.compile(r"---\[ end Kernel panic|Rebooting in \d{1,6} seconds")

MOST_FOREIGN = 40
"lines of a report's context that are none of its own, after which it has ended"
MOST_FOREIGN_AFTER_END = 6
MOST_OPEN = 64
"reports that are written at the same time, one a context"
MOST_BARE = 2
"frames in a row, without headline or title, that make a report"
MOST_ABOVE = 200
"lines above a headline among which its prelude is looked for"


class Draft:
    """The lines of one report, in order."""

    def __init__(self, headline: Line, oops: Oops | None) -> None:
        self.headline = headline
        self.oops = oops
        "None for a report that only we count as one"
        self.trigger = headline
        "the line that names the report"
        self.lines: list[Line] = [headline]
        self.panicked = False
        self.number = _oops_number(headline.text)
        self.foreign: list[Line] = []
        "lines after the last one that is a report's; they belong only if another follows"
        self.ended = False
        self.before: Draft | None = None
        "a report of the same context that this one broke into, before its own oops line came"
        self._whole: Sequence[Line] | None = None

    def whole_lines(self) -> Sequence[Line]:
        """The lines as the kernel printed them. Asked for when no line comes any more."""
        if self._whole is None:
            self._whole = mend(self.lines)
            if self._whole is not self.lines:
                whole = {line.place: line for line in self._whole}
                self.headline = whole.get(self.headline.place, self.headline)
                self.trigger = whole.get(self.trigger.place, self.trigger)
        return self._whole

    @property
    def context(self) -> str:
        return self.headline.context

    def keep(self, line: Line) -> None:
        self.lines += self.foreign
        self.foreign = []
        self.lines.append(line)

    @property
    def most_foreign(self) -> int:
        return MOST_FOREIGN_AFTER_END if self.ended else MOST_FOREIGN


class Cutter:
    """Finds the reports of a log. One pass; lines far from any report are only searched."""

    def __init__(self, lines: Lines) -> None:
        self._lines = lines
        self._open: dict[str, Draft] = {}
        self._closed: list[Draft] = []
        self._bare: list[Line] = []
        "lines of a stack that has no headline, until they are enough for a report"
        self._bare_frames = 0

    def cut(self) -> list[Draft]:
        """The reports in the order they begin."""
        plain = self._lines.form is None
        for number, raw in enumerate(self._lines.raw, 1):
            # Idle: the line belongs to nothing that stands above it.
            idle = not self._open and not self._bare
            if plain and idle and not _CANDIDATE.search(raw):
                continue
            for line in self._lines.at(number):
                if plain or self._open or self._bare or _CANDIDATE.search(line.text):
                    self._feed(line)
        for draft in list(self._open.values()):
            self._close(draft)
        return sorted(self._closed, key=lambda draft: draft.trigger.place)

    def _feed(self, line: Line) -> None:
        draft = self._open_for(line)
        oops = find_oops(line.text)
        if oops is not None and self._is_replayed(line):
            oops = None
        notice = oops is None and is_notice(line.text)
        if oops or notice:
            if draft is None or not self._follows(draft, line):
                self._begin(line, oops, draft)
                return
            if draft.oops is None and oops is not None:
                draft.oops, draft.trigger = oops, line
        if draft is None:
            self._feed_bare(line)
            return
        self._go_on(draft, line)

    def _is_replayed(self, line: Line) -> bool:
        raw = self._lines.raw
        following = raw[line.number] if line.number < len(raw) else ""
        return "** replaying previous printk message **" in following

    def _open_for(self, line: Line) -> Draft | None:
        """The open report that the line may belong to."""
        draft = self._open.get(line.context)
        if draft is None and not line.context and self._open:
            # A line without any prefix among lines with one: wrapped, or another program's.
            return max(self._open.values(), key=lambda one: one.lines[-1].number)
        if (
            draft is None
            and _PANIC in line.text
            and self._open
            and _FOLLOWS.search(said(line.text))
        ):
            return max(self._open.values(), key=lambda one: one.lines[-1].number)
        return draft

    def _follows(self, draft: Draft, line: Line) -> bool:
        """Whether a line that could begin a report goes on with the open one."""
        text = line.text
        if line.number == draft.lines[-1].number + 1 and is_repeated(draft.headline.text, text):
            return True
        number = _oops_number(text)
        if number:
            if not draft.number and _DIES.search(draft.headline.text):
                draft.number = number
                return True
            return number == draft.number
        if _PANIC in text:
            if draft.panicked:
                return True
            return _FOLLOWS.search(said(text)) is not None or _is_oops(draft)
        return _FOLLOWS.search(said(text)) is not None

    def _begin(self, line: Line, oops: Oops | None, before: Draft | None) -> None:
        draft = Draft(line, oops)
        if before is not None:
            lines = before.lines + before.foreign
            own = lines.index(before.headline) + 1
            height = count_prelude(reversed(lines[own:]), bare=oops is None)
            keep = len(lines) - height
            draft.lines = [*lines[keep:], line]
            before.lines, before.foreign = lines[:keep], []
            self._close(before)
        else:
            above = list(islice(self._above(line), MOST_PRELUDE))
            height = count_prelude(iter(above), bare=oops is None)
            draft.lines = [*reversed(above[:height]), line]
        draft.panicked = _PANIC in line.text
        self._bare, self._bare_frames = [], 0
        if len(self._open) >= MOST_OPEN:
            self._close(next(iter(self._open.values())))
        self._open[line.context] = draft
        # Two CPUs at once: BUG() has printed its place, and waits for the other's oops to end.
        if (
            before is not None
            and before.number
            and not before.ended
            and "kernel BUG at" in line.text
        ):
            draft.before = before

    def _above(self, line: Line) -> Iterator[Line]:
        """The lines of its context above the line that no report has taken, nearest first."""
        taken = self._closed[-1].lines[-1].place if self._closed else (0, 0)
        for above in self._lines.above(line, MOST_ABOVE):
            if above.place <= taken:
                return
            if above.context == line.context:
                yield above
            elif not line.context:
                return

    def _go_on(self, draft: Draft, line: Line) -> None:
        text = line.text
        if draft.before is not None:
            if not draft.number and _belongs(line, draft.before):
                draft.before.lines.append(line)
                return
            if draft.number:
                draft.before = None
        if _PANIC in text:
            draft.panicked = True
            draft.ended = False
        elif draft.ended and not draft.panicked and text.startswith("CPU: "):
            # The stack of something else: a report prints its own CPU before it ends.
            self._close(draft)
            return
        if _belongs(line, draft):
            draft.keep(line)
            if _END_TRACE.search(text):
                draft.ended = True
            elif _END_PANIC.search(text):
                self._close(draft)
            return
        draft.foreign.append(line)
        if len(draft.foreign) > draft.most_foreign:
            self._close(draft)

    def _close(self, draft: Draft) -> None:
        if self._open.get(draft.context) is draft:
            del self._open[draft.context]
            self._closed.append(draft)

    def _feed_bare(self, line: Line) -> None:
        """Frames without any headline: a stack that something printed."""
        parsed = read_frame(line)
        is_frame = parsed is not None and parsed.frame is not None
        if not (is_frame or is_call_trace(line.text) or (parsed is not None and self._bare)):
            if self._bare and self._bare[-1].context == line.context:
                self._bare.clear()
                self._bare_frames = 0
            return
        self._bare.append(line)
        self._bare_frames += is_frame
        if self._bare_frames >= MOST_BARE or (is_frame and is_call_trace(self._bare[0].text)):
            first, *rest = self._bare
            self._begin(first, None, None)
            for following in rest:
                self._go_on(self._open[first.context], following)


def _is_oops(draft: Draft) -> bool:
    return bool(draft.number) and not draft.panicked


def _oops_number(text: str) -> str:
    found = _OOPS_NUMBER.search(text) if "[#" in text else None
    return found["number"] if found else ""


def _belongs(line: Line, draft: Draft) -> bool:
    return (line.context == draft.context or _PANIC in line.text) and is_part(line)
