"""Evidence and logs of a case -> what its skeleton, its title and its tags are made from."""

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from sitegen.model import CrashLog, Evidence, LogEvidence, ReportEvidence
from sitegen.web.index import is_named
from sitegen.web.index.summary import crashed_step


class Facts(NamedTuple):
    """What is known of a crash before anyone has looked at it."""

    kind: str = ""
    label: str = ""
    deliberate: bool = False
    "someone asked for it (sysrq)"
    kernel: str = ""
    "of all logs; empty when they differ or do not say"
    arch: str = ""
    comm: str = ""
    pid: int | None = None
    origin: str = ""
    "where the chain comes from, in words"
    function: str = ""
    "where it crashed"
    inlined_into: str = ""
    "the function that this one is inlined in, by whose name the log knows it; empty when it is itself there"
    place: str = ""
    "`file:line` of that; empty when nothing was decoded"
    chain: bool = False
    "whether there is a chain to show"
    module: str = ""
    subsystem: str = ""
    logs: int = 1


_ASKED_FOR = re.compile(r"sysrq triggered crash|sysrq: (?:SysRq : )?Trigger a crash|lkdtm: ")


def facts_of(logs: Sequence[CrashLog], evidence: Evidence) -> Facts:
    """The facts of a case's first log, and what all of them share."""
    log = logs[0]
    report = log.lead_report
    entry = evidence.logs[0] if evidence.logs else LogEvidence("", "")
    found = entry.reports[entry.lead] if entry.reports else None
    kernel = agreed(one.release for one in logs)
    if report is None:
        return Facts(arch=log.arch, kernel=kernel, logs=len(logs))
    where = _where(found)
    lines = "\n".join(log.lines[report.first - 1 : report.first + 40])
    return Facts(
        kind=report.kind,
        label=report.label,
        deliberate=_ASKED_FOR.search(lines) is not None,
        kernel=kernel,
        arch=log.arch,
        comm=report.task.comm,
        pid=report.task.pid,
        origin=found.origin if found else "",
        function=where.function,
        inlined_into=where.inlined_into,
        place=where.place,
        chain=bool(found and found.chain),
        module=where.module,
        subsystem=where.subsystem,
        logs=len(logs),
    )


def agreed(values: Iterable[str]) -> str:
    """The value that all have; empty when they differ, or there is none."""
    found = set(values)
    return found.pop() if len(found) == 1 else ""


class _Where(NamedTuple):
    function: str = ""
    inlined_into: str = ""
    place: str = ""
    module: str = ""
    subsystem: str = ""


def _where(found: ReportEvidence | None) -> _Where:
    """Where the crash is, as far as the evidence tells."""
    if found is None or not found.chain:
        return _Where()
    step = crashed_step(found.chain)
    if not is_named(step):
        return _Where()
    # Where someone built a module is no place in the tree.
    known = step.file and step.line and not step.file.startswith("/")
    place = f"{step.file}:{step.line}" if known else ""
    frames = [frame for trace in found.traces for frame in trace.frames]
    if found.pc:
        frames.insert(0, found.pc)
    frame = next((one for one in frames if one.line == step.log_line), None)
    outer = frame.calls[-1].function if frame and frame.calls and step.inlined else ""
    return _Where(
        step.function,
        outer if outer != step.function else "",
        place,
        frame.module if frame else "",
        step.subsystem,
    )


def tags_of(facts: Facts) -> tuple[str, ...]:
    """Tags from the part of the kernel that crashed: its section of MAINTAINERS, its module."""
    words = [re.sub(r"\(.*?\)", "", facts.subsystem), facts.module, "sysrq" * facts.deliberate]
    tags = ("-".join(re.findall(r"[a-z0-9]+", word.lower())) for word in words)
    return tuple(dict.fromkeys(tag for tag in tags if tag))
