"""The verdict, the facts and the trust line: what a reader wants before anything else."""

import re
from typing import NamedTuple

from sitegen.model import ImageId, LogEvidence, Report
from sitegen.web import links
from sitegen.web.content import Fixes, FrontMatter
from sitegen.web.directives import source
from sitegen.web.directives.places import Spot, spot
from sitegen.web.directives.steps import Step, own_trace, steps_of
from sitegen.web.directives.values import Case, CaseLog
from sitegen.web.index import is_named, term_url
from sitegen.web.theme import trusted
from sitegen.wording import counted


class Verdict(NamedTuple):
    """Where and why it crashed."""

    label: str
    "the kind, in words"
    kind_url: str
    "of the kind's page; empty when there is none"
    message: str
    "the kernel's own"
    function: str
    "or symbol+offset, where nothing was decoded"
    function_url: str
    "of the function's page; empty when it has none"
    where: Spot
    depth: str
    "how far below the entry; empty when not known"
    call: str
    "the system call it came from; empty when not known"
    reason: str
    "why there is no line"
    line: int
    "of the source line; 0 when it is not at hand"
    source: str
    "the line itself, trusted"
    corrupted: str
    more: tuple[Spot, ...]
    "the log's further reports, and where they stand"


class Fact(NamedTuple):
    """A label and what is known."""

    label: str
    text: str
    href: str = ""
    "address elsewhere"
    url: str = ""
    "address in this site"
    mono: bool = False
    wide: bool = False
    "longer than the others"


class Trust(NamedTuple):
    """How far the decoding can be believed."""

    state: str
    "good, bad or none"
    claim: str
    words: str


def verdict_of(case: Case, log: CaseLog, steps: tuple[Step, ...] | None = None) -> Verdict | None:
    """The verdict on the log's first report; None when it has none."""
    report = log.report
    if report is None:
        return None
    steps = steps_of(case, log) if steps is None else steps
    found = next((step for step in steps if step.crashed), None)
    function, where, reason = _place(log, report, found)
    line = source.plain(found.step.snippet) if found and found.step.snippet else None
    prefix = case.prefix(log)
    unit = "function" if log.evidence.provenance.decoded_by == "sitegen" else "frame"
    depth = _depth(steps, found, unit)
    return Verdict(
        label=report.label or report.kind or "Crash",
        kind_url=term_url("kinds", log.found.kind) if log.found.kind else "",
        message=report.message or report.title,
        function=function,
        function_url=_function_url(steps, function),
        where=where,
        depth=depth,
        call=_system_call(steps) if depth.endswith("the entry") else "",
        reason=reason,
        line=line[0] if line else 0,
        source=trusted(source.line_html(line[1], found.step.file if found else "") if line else ""),
        corrupted=report.corrupted or "",
        more=tuple(
            Spot(other.title, f"#{prefix}L{other.headline.line}")
            for other in log.log.reports
            if other is not report
        ),
    )


def _place(log: CaseLog, report: Report, step: Step | None) -> tuple[str, Spot, str]:
    """The function (or the symbol as printed), its place, and why it has none."""
    missing = log.evidence.provenance.missing
    if step is not None and step.step.file:
        return step.step.function, spot(step.step.file, step.step.line, log.browse), ""
    evidence = log.found
    frames = [evidence.pc] if evidence.pc else []
    trace = own_trace(evidence)
    frames += trace.frames if trace else ()
    frame = next(
        (
            one
            for one in frames
            if one.symbol and (step is None or step.step.log_line in (None, one.line))
        ),
        None,
    )
    if frame is not None and (step is None or _is_same(frame.symbol, step.step.function)):
        offset = f"+{frame.offset:#x}" if frame.offset is not None else ""
        return f"{frame.symbol}{offset}", Spot(""), missing or frame.undecoded
    if step is not None:
        return step.step.function, Spot(""), missing
    name = re.search(r"\bin (\S+)$", report.title)
    return (name[1] if name else ""), Spot(""), missing if name else ""


def _function_url(steps: tuple[Step, ...], function: str) -> str:
    """The function's page, which functions of a chain have."""
    known = any(step.step.function == function and is_named(step.step) for step in steps)
    return term_url("functions", function) if known else ""


def _is_same(symbol: str, function: str) -> bool:
    """Whether a printed symbol is this function, or a part that the compiler cut off from it."""
    return symbol == function or symbol.startswith(f"{function}.")


def _depth(steps: tuple[Step, ...], crashed: Step | None, unit: str) -> str:
    """`11 functions below the entry` (frames where no inlined ones are known); below the interrupt or exception where one came between.

    Empty where the chain begins at no entry.
    """
    if crashed is None:
        return ""
    above = [one for one in steps if one.number <= crashed.number]
    doors = [one for one in above if one.step.edge.kind in {"entry", "trap"}]
    if not doors:
        return ""
    door = doors[-1]
    below = crashed.number - door.number
    name = "entry" if door.number == 1 else door.step.edge.mechanism or "exception"
    return f"{counted(below, unit)} below the {name}"


def _system_call(steps: tuple[Step, ...]) -> str:
    """The system call that the chain begins with; empty when it is none or not known."""
    return next((step.step.edge.call for step in steps if step.step.edge.call), "")


# --- Facts ------------------------------------------------------------------------------------


def facts_of(case: Case, log: CaseLog) -> tuple[Fact, ...]:
    """What is known, in the order people ask; nothing that is not."""
    report = log.report
    task = report.task if report else None
    first = log is case.logs[0]
    facts = [
        _kernel(case, log),
        Fact("Trigger", case.front.trigger if first else "", mono=True, wide=True),
        Fact("Task", _task(report)),
        Fact("CPU", str(task.cpu) if task and task.cpu is not None else ""),
        Fact("Hardware", report.hardware if report else "", wide=True),
        Fact("Taint", _taint(report.taint) if report else ""),
        Fact("Architecture", log.evidence.arch or log.log.arch),
        Fact("Fault address", f"{report.fault_address:#x}", mono=True)
        if report and report.fault_address is not None
        else Fact("Fault address", ""),
        Fact("Seen", log.embedded.date),
    ]
    if first:
        facts.append(Fact("Reproducer", case.front.repro))
        facts.append(_reported(case.front))
        facts += _fixes(case.front.fixes)
    return tuple(fact for fact in facts if fact.text)


def _kernel(case: Case, log: CaseLog) -> Fact:
    """The kernel; those that lists know have a page."""
    known = case.front.kernel if log is case.logs[0] else ""
    release = log.evidence.kernel or log.log.release or case.front.kernel
    listed = release and release in {log.evidence.kernel, known}
    return Fact("Kernel", release, url=term_url("kernels", release) if listed else "", wide=True)


def _task(report: Report | None) -> str:
    if report is None:
        return ""
    pid = f"PID {report.task.pid}" if report.task.pid is not None else ""
    return ", ".join(part for part in (report.task.comm, pid) if part)


def _taint(taint: str) -> str:
    return "none" if taint.startswith("Not tainted") else " ".join(taint.split())


def _reported(front: FrontMatter) -> Fact:
    """When it was reported and by whom, as far as either is known."""
    names = ", ".join(front.fixes.reported_by)
    if not front.reported:
        return Fact("Reported by", names, wide=True)
    return Fact("Reported", f"{front.reported} by {names}" if names else front.reported, wide=True)


_SHORT = 12


def _fixes(fixes: Fixes) -> list[Fact]:
    return [
        Fact("Fixed by", fixes.fixed[:_SHORT], links.commit_url(fixes.fixed), mono=True),
        Fact(
            "Introduced by",
            fixes.introduced[:_SHORT],
            links.commit_url(fixes.introduced),
            mono=True,
        ),
        Fact("CVE", fixes.cve, links.cve_url(fixes.cve)),
        Fact("syzbot", fixes.syzbot, links.syzbot_url(fixes.syzbot), mono=True),
        *(Fact("Link", _link_text(link), link, wide=True) for link in fixes.links),
    ]


def _link_text(link: str) -> str:
    text = link.partition("://")[2].rstrip("/")
    return text if len(text) <= 60 else f"{text[:57]}..."


# --- Trust ------------------------------------------------------------------------------------


def trust_of(log: CaseLog) -> Trust:
    """What the function sizes say of the image that the log was decoded with."""
    provenance = log.evidence.provenance
    sizes = provenance.sizes
    image = _image(provenance.images)
    if provenance.decoded_by == "log":
        return Trust("none", "Not verified.", "The log came decoded, and no image is at hand.")
    if sizes and sizes.different:
        total = sizes.equal + len(sizes.different)
        shown = ", ".join(sizes.different[:5])
        more = len(sizes.different) - 5
        rest = f" and {more} more" if more > 0 else ""
        claim = f"{len(sizes.different)} of {total} differ: not the kernel that crashed."
        return Trust("bad", claim, f"The sizes of {shown}{rest} are others in {image}.")
    if sizes and sizes.equal:
        words = f"Every size in the log agrees with {image}."
        if sizes.absent:
            words += f" {sizes.absent} more are of code that no image at hand holds."
        return Trust("good", f"Verified by {sizes.equal} of {sizes.equal} function sizes.", words)
    if provenance.missing:
        words = provenance.missing
        return Trust("none", "Not verified:", words if words.endswith(".") else f"{words}.")
    if not _has_frames(log.evidence):
        return Trust("none", "Nothing to verify:", "the log prints no functions.")
    return Trust("none", "Not verified:", "the log prints no function sizes to compare.")


def _has_frames(evidence: LogEvidence) -> bool:
    return any(trace.frames for report in evidence.reports for trace in report.traces)


def _image(images: tuple[ImageId, ...]) -> str:
    if not images:
        return "the image"
    first = images[0]
    name = f"this {first.name}"
    if first.build_id:
        name += f" (build ID {first.build_id[:_SHORT]})"
    if len(images) > 1:
        modules = len(images) - 1
        name += f" and {counted(modules, 'module')}"
    return name
