"""What the place of a report is called, and what the margin says of a section of a log."""

import re
from typing import Literal, NamedTuple

from sitegen.model import CallTrace, Report, Section, State
from sitegen.wording import counted


class Place(NamedTuple):
    """What is said of the innermost function: `warned here`, and of what is there: `the warning`."""

    verb: str
    noun: str


_CRASH = Place("crashed", "crash")
_PANIC = Place("panicked", "panic")
_WARNING = Place("warned", "warning")
_FINDING = Place("noticed", "report")

_PLACES = {
    "hung-task": Place("blocked", "wait"),
    "soft-lockup": Place("running", "lockup"),
    "hard-lockup": Place("running", "lockup"),
    "rcu-stall": Place("running", "stall"),
    **dict.fromkeys(("warning", "refcount", "lockdep", "rcu-usage", "spinlock"), _WARNING),
    **dict.fromkeys(("atomic-sleep", "preemptible", "ubsan", "kcsan"), _WARNING),
    **dict.fromkeys(("slub", "page-poison", "bad-page", "leak"), _FINDING),
    **dict.fromkeys(("oom", "oom-kill", "alloc-failure"), _FINDING),
    **dict.fromkeys(("workqueue", "netdev-leak", "vfs", "info", "trace"), _FINDING),
    **dict.fromkeys(("panic", "no-root", "no-init", "init-killed"), _PANIC),
}


def place_of(kind: str, *, panics: bool = False) -> Place:
    """What the place of a report of that kind is called; `panics` where panic() was called there."""
    return _PANIC if panics else _PLACES.get(kind, _CRASH)


_LABELS = {
    "header": ("Header", "what, where, which kernel"),
    "code": ("Code", "bytes around the PC"),
    "registers": ("Registers", "at the crash"),
    "modules": ("Modules", "linked in"),
    "end": ("End", ""),
    "other": ("", ""),
}


def label(report: Report, section: Section) -> tuple[str, str]:
    """What the margin says of a section: its name, and what to read there."""
    if section.kind == "trace":
        return _trace_label(report, section)
    name, gloss = _LABELS[section.kind]
    state = next((one for one in report.states if _within(one, section)), None)
    if state is not None:
        gloss = _GLOSSES[_whose(report, state)].get(section.kind, gloss)
    if section.kind == "modules":
        gloss = f"{len(report.modules) or 'none'} linked in"
    return name, gloss


_GLOSSES: dict[str, dict[str, str]] = {
    "crash": {},
    "process": {
        "registers": "the process's, saved on entry",
        "code": "bytes around the process's PC",
    },
    "interrupted": {
        "registers": "of what was interrupted",
        "code": "bytes around the interrupted PC",
    },
}


def _whose(report: Report, state: State) -> Literal["crash", "process", "interrupted"]:
    """Whose registers these are. What was interrupted stands as a frame in a trace, too."""
    if state.user:
        return "process"
    frames = (frame for trace in report.traces for frame in trace.frames)
    if state.pc is not None and any(frame.at == state.pc.at for frame in frames):
        return "interrupted"
    return "crash"


def _within(state: State, section: Section) -> bool:
    return state.first <= section.last and section.first <= state.last


def _trace_label(report: Report, section: Section) -> tuple[str, str]:
    traces = [one for one in report.traces if section.first <= one.at.line <= section.last]
    if not traces:
        return "Call trace", ""
    frames = [frame for trace in traces for frame in trace.frames]
    sure = sum(frame.reliable for frame in frames)
    gloss = f"newest first; {counted(sure, 'frame')}"
    if sure < len(frames):
        gloss += f", {len(frames) - sure} unreliable (?)"
    return _trace_name(traces[0]), gloss


def _trace_name(trace: CallTrace) -> str:
    name = trace.title.strip().rstrip(":") or "Call trace"
    if name.lower() in {"call trace", "backtrace"}:
        return "Call trace"
    name = _OFFSET.sub("", name.partition(" age=")[0])
    return name if len(name) <= _LONGEST else f"{name[:_LONGEST].rpartition(' ')[0].rstrip(',')}..."


_OFFSET = re.compile(r"\+0x[0-9a-f]{1,16}/0x[0-9a-f]{1,16}")
_LONGEST = 60
