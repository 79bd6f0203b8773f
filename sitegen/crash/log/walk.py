"""Lines of a report -> the function it is named after.

Goes by the rules of syzkaller (pkg/report), so that the same function is found: steps are
taken strictly downwards, and what one step has passed no later step sees.
"""

import re
from collections.abc import Sequence
from functools import cache
from typing import NamedTuple

from sitegen.crash.log.oopses import HEADER, STACK, Format, Pick
from sitegen.crash.log.skips import ANCHORS, SKIPPED, SYSCALL_PREFIXES, WAITING
from sitegen.crash.names.demangle import demangle

_FUNC = r"(?P<f>[A-Za-z0-9_]+)[.+]"
_PC = r"\[<?(?:0x)?[0-9a-f]+>?\]"
_SRC = r"(?<![A-Za-z0-9_/.\-])[A-Za-z0-9_/.\-]+\.[a-z]+:[0-9]+"


@cache
def pattern(text: str) -> re.Pattern[str]:
    """The pattern of a table, what stands in angle brackets written out.

    >>> pattern("pc : <FUNC>").search("pc : cm_bug+0x40/0x44")["f"]
    'cm_bug'
    """
    text = text.replace("<PC>", _PC).replace("<SRC>", _SRC).replace("<FUNC>", _FUNC)
    parts = text.split("?P<f>")  # a group's name stands once in a pattern: number the others
    numbered = (f"?P<f{index or ''}>{part}" for index, part in enumerate(parts[1:]))
    return re.compile("".join((parts[0], *numbered)), re.MULTILINE)


FRAME = pattern(r"^ *(?:<PC> ){0,2}<FUNC>")
# Old ARM kernels name callee and caller.
_ARM_FRAME = re.compile(
    r"^ *\[<[0-9a-f]+>\] \((?P<callee>[A-Za-z0-9_]+)(?:[.+][^)]*)?\) from \[<[0-9a-f]+>\] \((?P<f>[A-Za-z0-9_]+)[.+]"
)
TRACE_HEADERS = (
    re.compile(r"Call (?:T|t)race"),
    re.compile(r"Allocated:"),
    re.compile(r"Allocated by task [0-9]+:"),
    re.compile(r"Freed:"),
    re.compile(r"Freed by task [0-9]+:"),
    # Match '[<space> ]backtrace:', but not 'stack backtrace:'.
    re.compile(r"(?:^|[^k]) backtrace(?: \(crc [0-9a-f]*\))?:"),
    re.compile(r"Backtrace:"),
    re.compile(r"Uninit was stored to memory at"),
    re.compile(r"status: [0-9a-f]{16} badaddr: [0-9a-f]{16} cause: [0-9a-f]{16}"),
)
_GRACE_PERIOD = re.compile("synchronize_(?:rcu|srcu|net|sched)")
RISCV_HEADER = TRACE_HEADERS[-1]
_TRACE_HEADER = re.compile("|".join(header.pattern for header in TRACE_HEADERS))
_FAIL = re.compile(r"^(?: *\[<?(?:0x)?[0-9a-f]+>?\])? should_fail(?:slab)?(?:\.[a-z0-9.]+)?\+0x")


class Found(NamedTuple):
    """Where a walk ended."""

    function: str
    "as printed up to its first dot or plus; empty when there is none"
    name: str
    "what a title calls it: a system call without its prefix, one word for what comes in variants"
    bad: bool = False
    "the walk found no function, or met a stack that another report was mixed into"
    origin: "Found | None" = None
    "the function of the second stack, where the format asks for one"


NOTHING = Found("", "", bad=True)


def is_trace_header(line: str) -> bool:
    if ":" not in line and "Call" not in line and "Uninit" not in line:
        return False
    return _TRACE_HEADER.search(line) is not None


def is_frame(line: str) -> bool:
    return FRAME.search(line) is not None or _ARM_FRAME.search(line) is not None


def walk(lines: Sequence[str], form: Format) -> Found:
    """The function that a report whose header stands in the first of `lines` is named after."""
    header = form.needs[0] if form.needs else form.header
    skip = re.compile(form.skip) if form.skip else None
    if form.origin:
        return _two_stacks(lines, form, skip)
    found = NOTHING
    for attempt in form.walk:
        steps = [header if step == HEADER else step for step in attempt]
        found = _attempt(_Walker(lines, skip), steps, form)
        if not found.bad:
            break
    return found


def _two_stacks(lines: Sequence[str], form: Format, skip: re.Pattern[str] | None) -> Found:
    walker = _Walker(lines, skip)
    origin = pattern(form.origin)
    if not walker.stack(origin):
        walker.find(origin)
    first = pick(walker.candidates, form.pick)
    walker.candidates = []
    walker.stack(None)
    second = pick(walker.candidates, form.pick)
    return first._replace(bad=walker.bad or first.bad or second.bad, origin=second)


def _attempt(walker: "_Walker", steps: Sequence[str], form: Format) -> Found:
    done = False
    for index, step in enumerate(steps):
        if done:
            done = False
            continue
        following = steps[index + 1] if index + 1 < len(steps) else STACK
        if step == STACK:
            done = walker.stack(pattern(following) if following != STACK else None)
        else:
            walker.find(pattern(step))
    found = pick(walker.candidates, form.pick)
    return found._replace(bad=found.bad or walker.bad)


class _Walker:
    """A cursor over the lines of a report, and the candidates met so far."""

    def __init__(self, lines: Sequence[str], skip: re.Pattern[str] | None) -> None:
        self.candidates: list[str] = []
        self.bad = False
        self._lines = lines
        self._at = 0
        self._skip = skip

    def find(self, wanted: re.Pattern[str]) -> None:
        """Moves past the first line that matches, or to the end; what it captures are candidates."""
        while self._at < len(self._lines):
            line = self._lines[self._at]
            self._at += 1
            if "should_fail" in line and _FAIL.search(line):
                self.bad = True
                return
            if found := wanted.search(line):
                self._add_captured(found)
                return

    def stack(self, following: re.Pattern[str] | None) -> bool:
        """Reads frames up to the next trace header. Whether the line of the next step ended it."""
        while self._at < len(self._lines):
            line = self._lines[self._at]
            self._at += 1
            if "should_fail" in line and _FAIL.search(line):
                self.bad = True
                return False
            if is_trace_header(line):
                return False
            if line.endswith(" (unreliable)"):
                continue
            if following is not None and (found := following.search(line)):
                self._add_captured(found)
                return True
            if found := _ARM_FRAME.search(line):
                self._add(found["callee"])
                self._add(found["f"])
            elif found := FRAME.search(line):
                self._add(found["f"])
        return False

    def _add_captured(self, found: re.Match[str]) -> None:
        for name, text in found.groupdict().items():
            if name.startswith("f") and text:
                self._add(text)

    def _add(self, function: str) -> None:
        function = demangle(function)
        if SKIPPED.search(function) or (self._skip and self._skip.search(function)):
            return
        self.candidates.append(function)


def pick(candidates: Sequence[str], how: Pick) -> Found:
    """The culprit among the candidates, innermost first.

    >>> pick(["a_leaf", "my_dev_write", "__vfs_write", "vfs_write"], "stall").name
    'my_dev_write'
    """
    match how:
        case "stall":
            return _pick_stalled(candidates)
        case "hung":
            return _pick_hung(candidates)
        case _:
            return _found(candidates[0]) if candidates else NOTHING


def _found(function: str) -> Found:
    return Found(function, strip_syscall(function))


def _pick_stalled(candidates: Sequence[str]) -> Found:
    """The candidate that an anchor called; the anchor itself when it is innermost."""
    previous = ""
    for candidate in candidates:
        name = strip_syscall(candidate)
        if ANCHORS.search(name):
            if "smp_call_function" in name:
                return Found(candidate, "smp_call_function")
            return _found(previous or candidate)
        previous = candidate
    return NOTHING


def _pick_hung(candidates: Sequence[str]) -> Found:
    """What everybody waits for, if it is one of the well-known; else who waits."""
    for candidate in candidates:
        if "rtnl_lock" in candidate:
            return _found(candidate)
        if _GRACE_PERIOD.search(candidate):
            return Found(candidate, "synchronize_rcu")
    waiting = next((one for one in candidates if not WAITING.search(one)), None)
    return NOTHING if waiting is None else _found(waiting)


def strip_syscall(function: str) -> str:
    """The function without the longest of the prefixes of system calls, taken off once.

    >>> strip_syscall("__x64_sys_rmdir")
    'sys_rmdir'
    """
    prefix = max((one for one in SYSCALL_PREFIXES if function.startswith(one)), key=len, default="")
    return function.removeprefix(prefix)
