"""CrashLog, or LogEvidence -> Fingerprint. The same from both, but for what decoding adds.

A log that is only parsed and one that was decoded must be comparable: frames are the
functions that printed symbols name, whatever is inlined in them.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple, TypeVar

from sitegen.crash.arch import is_exception_entry
from sitegen.crash.log.skips import ANCHORS, SKIPPED, WAITING
from sitegen.crash.similar.names import counts, plain_name
from sitegen.model import (
    CrashLog,
    Fingerprint,
    Frame,
    LogEvidence,
    Report,
    ReportEvidence,
    TraceFrame,
)

_Report = TypeVar("_Report", Report, ReportEvidence)

MOST_FRAMES = 48
"""Frames of a log that are kept."""
MOST_INLINED = 48
MOST_READ = 4096
"""Frames of a log that are looked at."""

STALLS = frozenset({"rcu-stall", "soft-lockup", "hard-lockup"})
"""Kinds whose culprit is what runs, not where it was met."""
WAITS = frozenset({"hung-task"})
"""Kinds whose culprit waits for another."""


def fingerprint(log: CrashLog) -> Fingerprint:
    """What a parsed log is compared by; nothing is decoded."""
    reports = _about(log.reports)
    stacks: list[Sequence[_Seen]] = []
    for report in reports:
        kernel = [state for state in report.states if not state.user]
        pc = next((_seen(state.pc) for state in kernel if state.pc), None)
        lr = next((_seen(state.lr) for state in kernel if state.lr), None)
        stacks += _stacks((pc, lr), (map(_seen, trace.frames) for trace in report.traces))
    return _made(reports[0], stacks) if reports else Fingerprint()


def fingerprint_of(evidence: LogEvidence) -> Fingerprint:
    """What a log is compared by, from what decoding found in it."""
    reports = _about(evidence.reports)
    stacks: list[Sequence[_Seen]] = []
    letters: dict[str, str] = {}
    missing: dict[str, None] = {}
    for report in reports:
        pc, lr = (_seen_decoded(frame) if frame else None for frame in (report.pc, report.lr))
        stacks += _stacks((pc, lr), (map(_seen_decoded, trace.frames) for trace in report.traces))
        for step in reversed(report.chain):
            letters.setdefault(plain_name(step.function), step.letter)
            if step.missing:
                missing[step.function] = None
    return _made(reports[0], stacks, missing, letters) if reports else Fingerprint()


def _about(reports: Sequence[_Report]) -> Sequence[_Report]:
    """The reports of crashes; what the kernel only notes counts where there is nothing else."""
    return [report for report in reports if report.crash] or reports


class _Seen(NamedTuple):
    """A frame, as far as comparing goes."""

    line: int
    symbol: str
    reliable: bool
    inlined: tuple[str, ...] = ()


def _seen(frame: Frame) -> _Seen:
    name = frame.symbol.name if frame.symbol else ""
    inlined = tuple(call.function for call in frame.given if call.inlined and call.function)
    return _Seen(frame.at.line, name, frame.reliable, inlined)


def _seen_decoded(frame: TraceFrame) -> _Seen:
    inlined = tuple(call.function for call in frame.calls if call.inlined and call.function)
    return _Seen(frame.line or 0, frame.symbol, frame.reliable, inlined)


def _stacks(
    places: Iterable[_Seen | None], traces: Iterable[Iterable[_Seen]]
) -> Iterator[Sequence[_Seen]]:
    """PC, link register and traces of one report in the order printed, frames in doubt left out.

    A trace of an unwinder that doubts all it finds is taken whole.
    """
    stacks = [[place] for place in places if place is not None]
    for trace in traces:
        frames = list(trace)
        stacks.append([frame for frame in frames if frame.reliable] or frames)
    stacks.sort(key=lambda stack: stack[0].line if stack else 0)
    yield from stacks


def _made(
    lead: Report | ReportEvidence,
    stacks: Iterable[Sequence[_Seen]],
    missing: Iterable[str] = (),
    letters: Mapping[str, str] | None = None,
) -> Fingerprint:
    seen = [frame for stack in stacks for frame in stack][:MOST_READ]
    names = [plain_name(frame.symbol) for frame in seen if frame.symbol]
    frames = tuple(name for name in dict.fromkeys(names) if counts(name))[:MOST_FRAMES]
    inlined = (function for frame in seen for function in frame.inlined)
    others = dict.fromkeys(map(plain_name, (*inlined, *missing)))
    marks = "".join((letters or {}).get(name) or "." for name in frames)
    return Fingerprint(
        title=lead.title,
        alt_titles=lead.alt_titles,
        kind=lead.kind,
        function=culprit(lead.kind, names) or _named(lead.title),
        frames=frames,
        inlined=tuple(one for one in others if one not in frames and counts(one))[:MOST_INLINED],
        letters=marks if marks.strip(".") else "",
    )


def _named(title: str) -> str:
    """The function that a title ends with; nothing where it says that none could be found."""
    _, found, name = title.rpartition(" in ")
    return plain_name(name) if found and name.isidentifier() and name != "corrupted" else ""


def culprit(kind: str, names: Sequence[str]) -> str:
    """The function, of those of all frames innermost first, that a crash of this kind is likely about.

    >>> culprit("null-deref", ["memcpy", "lamp_write", "vfs_write"])
    'lamp_write'
    """
    if kind in STALLS:
        entry = next((index for index, name in enumerate(names) if is_exception_entry(name)), -1)
        names = names[entry + 1 :]
    own = [name for name in names if counts(name) and not SKIPPED.search(name)]
    if kind in WAITS:
        own = [name for name in own if not WAITING.search(name)]
    elif kind in STALLS:
        at = next((index for index, name in enumerate(own) if ANCHORS.search(name)), 0)
        own = own[max(at - 1, 0) :]
    return next(iter(own), "")
