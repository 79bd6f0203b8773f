"""The lines of one report -> Report: traces, states, facts and sections."""

import re
from collections.abc import Container, Sequence
from itertools import pairwise

from sitegen.crash.arch import Arch
from sitegen.crash.log import facts
from sitegen.crash.log.cleaning import clean
from sitegen.crash.log.crashtypes import find_type
from sitegen.crash.log.cut import Draft
from sitegen.crash.log.frames import is_cut_frame, is_pushed, join_frame, read_frame
from sitegen.crash.log.kinds import classify
from sitegen.crash.log.naming import Name
from sitegen.crash.log.printk import Line
from sitegen.crash.log.skips import SKIPPED
from sitegen.crash.log.state import StateReader
from sitegen.crash.log.trace import TraceReader, is_call_trace, is_secondary, is_title
from sitegen.crash.names.demangle import demangle
from sitegen.model import CallTrace, Module, Report, Section, SectionKind, State, Task

_END = (
    *("---[ end ", "Kernel Offset: ", "Rebooting in ", "PHYS_OFFSET: ", "CPU features: "),
    *("Memory Limit: ", "SMP: stopping secondary", "Shutting down cpus", "Dumping ftrace"),
)
LEAST_CUT = 70
"columns of a line without prefix that may have been cut"
MOST_WRAPPED = 8
"lines that one decoded frame may take"
LONGEST_TAINT = 400
"characters of taint after which no further line's words are added"
# What Rust code goes through when it panics.
_PANICS = re.compile(
    r"rust_helper_BUG$|__rustc::|core::(?:panicking|result|option)::|rust_begin_unwind"
)
_HEADER = ("CPU: ", "Hardware name: ", "Comm: ", "Workqueue: ", "Tainted: ", "PREEMPT ", "mce: ")


def build_report(
    draft: Draft,
    name: Name | None,
    arch: Arch | None,
    *,
    alone: bool = False,
    silent: Container[int] = (),
) -> Report:
    """The report of the draft's lines. Without a name it gets one of our own.

    `alone` when no report of the log has a name: an oops without its headline is a crash then.
    `silent` are the lines of the log that hold no message: they go with the one above.
    """
    lines = draft.whole_lines()
    reader = _Reader(draft, arch)
    for line in lines:
        reader.feed(line)
    for above, line in pairwise(draft.lines):
        reader.kinds.setdefault(line.number, reader.kinds.get(above.number, "other"))
    traces, states = reader.finish()
    headline = draft.headline
    kind, message = classify(headline.text)
    if headline.text.startswith("WARNING: "):
        message = _words_of_warning(lines, headline.number) or message
    first = min(line.number for line in draft.lines)
    last = max(line.last for line in draft.lines)
    title = name.title if name else _own_title(kind.label, message, _guess(traces, ()))
    return Report(
        title=title,
        type=find_type(title) if name else "",
        kind=kind.key,
        label=kind.label,
        message=message,
        headline=headline.span(len(headline.text) - len(headline.text.lstrip())),
        first=first,
        last=last,
        columns=_columns(draft.lines, first, last),
        alt_titles=name.alt_titles if name else (),
        corrupted=name.corrupted if name else None,
        panicked=draft.panicked,
        guilty_file=name.guilty_file if name else "",
        fault_address=reader.fault_address,
        task=reader.task,
        release=reader.release,
        taint=reader.taint,
        hardware=reader.hardware,
        states=states,
        traces=traces,
        modules=reader.modules,
        sections=_sections(first, last, reader.kinds, silent, _begun(traces)),
        guess=_guess(traces, states) if title.endswith(" in corrupted") else "",
        crash=name is not None or (alone and bool(draft.number)),
    )


def _columns(lines: Sequence[Line], first: int, last: int) -> tuple[int, int] | None:
    """Where the first and the last of the lines begin; None where no journal wraps them up."""
    if lines[0].within is None or lines[-1].within is None:
        return None
    begin, end = lines[0].span(), lines[-1].span()
    # Bytes of a message may stand below the line that it begins in.
    return (begin.column, end.column) if (begin.line, end.line) == (first, last) else None


def _words_of_warning(lines: Sequence[Line], headline: int) -> str:
    """What WARN() was given to say: the line above the headline; empty for a bare WARN_ON()."""
    above = [line.text.strip() for line in lines if line.number < headline]
    return above[-1] if len(above) > 1 and "[ cut here ]" in above[-2] else ""


def _own_title(label: str, message: str, function: str) -> str:
    """A title for what syzkaller does not title."""
    if message and message != label:
        return clean(message)
    return f"{label} in {function}" if function else label


def _guess(traces: Sequence[CallTrace], states: Sequence[State]) -> str:
    """The innermost function that is none of those that report, lock or copy for others."""
    places = [state.pc for state in states[:1] if state.pc is not None and not state.user]
    places += [frame for trace in traces for frame in trace.frames if frame.reliable]
    names = (frame.symbol.name.partition(".")[0] for frame in places if frame.symbol is not None)
    paths = map(demangle, names)
    return next((path for path in paths if not (SKIPPED.search(path) or _PANICS.match(path))), "")


class _Reader:
    """Takes the lines of one report apart."""

    def __init__(self, draft: Draft, arch: Arch | None) -> None:
        self.kinds: dict[int, SectionKind] = {}
        self.task = Task()
        self.release = self.taint = self.hardware = ""
        self.modules: tuple[Module, ...] = ()
        self.fault_address: int | None = None
        self._draft = draft
        self._traces = TraceReader(arch)
        self._states = StateReader(arch)
        self._body = False
        "past the header: a trace or a dump was read"
        self._ended = False
        "past `---[ end trace`"
        self._title = 0
        "number of the line that is a trace's title if frames follow"
        self._cut: list[Line] = []
        "a decoded frame that goes on in the next line, and what was read of it"
        self._modules: Line | None = None
        "a `Modules linked in:` line that a wrapped line may go on"

    def finish(self) -> tuple[tuple[CallTrace, ...], tuple[State, ...]]:
        self._traces.close()
        states = self._states.states
        if self.fault_address is None and self._draft.headline.text.startswith(("BUG: ", "Oops")):
            self.fault_address = _cr2(states)
        return tuple(self._traces.traces), states

    def feed(self, line: Line) -> None:
        kind = self._read(line)
        if kind in ("trace", "registers", "code"):
            self._body = True
        self.kinds[line.number] = kind

    def _read(self, line: Line) -> SectionKind:
        text = line.text
        wrapped = not line.context and bool(self._draft.context)
        if is_pushed(text):
            return "trace"
        if state := self._read_state(line, wrapped=wrapped):
            return state
        if self._cut and (joined := self._join(line, wrapped=wrapped)):
            return joined
        if self._modules is not None:
            before, self._modules = self._modules, None
            cut = wrapped or (not line.context and before.width >= LEAST_CUT)
            if cut and facts.MODULE_REST.match(text):
                self.modules = facts.read_modules(f"{before.text.rstrip()} {text}")
                return "modules"
        if is_cut_frame(text):
            self._cut = [line]
            return "trace"
        parsed = read_frame(line)
        if parsed is not None and (parsed.frame is None or self._is_frame_here(line)):
            self._states.close()
            if self._title:
                self.kinds[self._title] = "trace"
            self._title = 0
            self._traces.frame(line, parsed)
            return "trace"
        if is_title(text):
            self._states.close()
            self._traces.title(line)
            self._title = line.number
            if is_call_trace(text):
                return "trace"
        elif text.strip():
            self._traces.other(text)
        return self._read_facts(line)

    def _join(self, line: Line, *, wrapped: bool) -> SectionKind | None:
        """Goes on with a decoded frame that was wrapped."""
        lines, self._cut = self._cut, []
        if not wrapped:
            return None
        whole = join_frame(lines[0], line.text)
        if is_cut_frame(whole.text) and len(lines) < MOST_WRAPPED:
            self._cut = [whole, *lines]
        elif parsed := read_frame(whole):
            self._traces.frame(whole, parsed)
        return "trace"

    def _read_state(self, line: Line, *, wrapped: bool) -> SectionKind | None:
        kind = self._states.feed(line, wrapped=wrapped)
        if kind is None:
            return None
        pc = self._states.take_pc()
        if pc is not None:
            if self._traces.is_interrupted and not self._states.is_user:
                self._traces.interrupted(pc)
            elif not self._states.is_user:
                self._traces.state(pc)
        return kind

    def _is_frame_here(self, line: Line) -> bool:
        """A lone frame-like line before any trace is prose: `sysrq_handle_crash+0x15/0x20` in a header."""
        return line is not self._draft.headline or self._draft.oops is None

    def _read_facts(self, line: Line) -> SectionKind:
        text = line.text
        stripped = text.lstrip()
        if stripped.startswith(_END):
            self._ended = self._ended or "[ end trace" in text
            self._traces.close()
            return "end"
        if stripped.startswith("Kernel panic") and line is not self._draft.headline:
            self._traces.close()
            return "end" if self._ended else "header"
        if facts.MODULES.match(stripped):
            self._traces.close()
            if not self.modules:
                self.modules = facts.read_modules(text)
                self._modules = line
            return "modules"
        if stripped.startswith("[last unloaded"):
            return "modules"
        if read := facts.read_task(stripped):
            task, taint, release = read
            if not self.release and not self.taint:
                self.taint, self.release = taint, release
                self.task = self.task if self.task.comm else task
            return "header"
        if words := facts.read_taint_words(stripped):
            if words not in self.taint and len(self.taint) < LONGEST_TAINT:
                self.taint = f"{self.taint} {words}".strip()
            return "header"
        if found := facts.HARDWARE.match(stripped):
            self.hardware = self.hardware or found["name"].strip()
            return "header"
        if line is self._draft.headline and (hung := facts.read_hung_task(stripped)):
            self.task = hung
        if self.fault_address is None:
            self.fault_address = facts.read_fault_address(stripped)
        if not self._body or stripped.startswith(_HEADER) or line is self._draft.headline:
            return "header"
        return "other"


def _cr2(states: Sequence[State]) -> int | None:
    for state in states:
        for register in state.registers:
            if register.name == "CR2" and not state.user:
                return register.value
    return None


def _begun(traces: Sequence[CallTrace]) -> frozenset[int]:
    """The lines where a stack kept from before begins (`Freed in ...`), or what follows one."""
    return frozenset(
        new.at.line
        for old, new in pairwise(traces)
        if new.title != old.title and (is_secondary(new.title) or is_secondary(old.title))
    )


def _sections(
    first: int,
    last: int,
    kinds: dict[int, SectionKind],
    silent: Container[int],
    begun: Container[int],
) -> tuple[Section, ...]:
    """The runs of lines of one kind, each stack for itself; blank lines and strangers' go as `other`."""
    sections: list[Section] = []
    for number in range(first, last + 1):
        goes_on = sections and number in silent
        kind = sections[-1].kind if goes_on else kinds.get(number, "other")
        if sections and sections[-1].kind == kind and number not in begun:
            sections[-1] = Section(kind, sections[-1].first, number)
        else:
            sections.append(Section(kind, number, number))
    return tuple(sections)
