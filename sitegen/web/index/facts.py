"""What other pages tell of a case: each function on its way to the crash, each report's kind.

Document and evidence -> CaseFacts; the terms that cases share are made from these.
"""

from collections.abc import Iterator, Mapping

from sitegen.model import ChainStep, Edge, EdgeKind, Evidence, Subsystem, Value
from sitegen.web.content import Document
from sitegen.web.index.anchors import anchor_prefix, step_anchor
from sitegen.web.index.layers import with_author_layers
from sitegen.web.index.summary import CaseSummary, crashed_step, summarize


class Holder(Value, frozen=True, kw_only=True):
    """An ops table that led to a function."""

    symbol: str
    type: str = ""
    file: str = ""
    line: int | None = None
    slot: str = ""
    "`struct.member` that was called through"
    snippet: str = ""
    "SHA-256 of the snippet in the evidence; empty where there is none"


class Passage(Value, frozen=True, kw_only=True):
    """A function on the way of one report, with its neighbours."""

    function: str
    file: str = ""
    line: int | None = None
    "where it called the next one, or crashed"
    layer: str = ""
    letter: str = ""
    subsystem: str = ""
    missing: bool = False
    "no frame in the log"
    kind: EdgeKind = "unknown"
    "how control came in"
    slot: str = ""
    holders: tuple[Holder, ...] = ()
    before: str = ""
    "the function before it; empty for the entry"
    before_letter: str = ""
    "of its layer"
    after: str = ""
    "the function after it; empty for the last"
    after_letter: str = ""
    onward: str = ""
    "`struct.member` that it called the next one through; empty for a call by name"
    crashed: bool = False
    "where the report ended: by a crash, or by what its kind is"
    report: str = ""
    "the report's kind"
    number: int = 1
    "of the step, from 1, entry first"
    steps: int = 1
    "of the chain"
    anchor: str = ""
    "on the case's page; empty where the page does not walk it"
    snippet: str = ""
    "SHA-256 of the snippet in the evidence; empty where there is none"


class Finding(Value, frozen=True, kw_only=True):
    """A report, by its kind."""

    kind: str
    label: str
    title: str
    message: str = ""
    "the kernel's own words"
    function: str = ""
    "where it crashed"
    lead: bool = True
    "whether it is the one that the log's page is about"


class CaseFacts(Value, frozen=True, kw_only=True):
    """What other pages tell of a case."""

    summary: CaseSummary
    passages: tuple[Passage, ...] = ()
    "each function once a report, in the order of logs, reports and steps"
    findings: tuple[Finding, ...] = ()
    "in the order of logs and reports"
    builds: tuple[tuple[str, str], ...] = ()
    "kernel release and build ID of each image that a log was decoded with, each once"
    subsystems: tuple[Subsystem, ...] = ()
    "those that the chains pass through, each once, by name"


def facts_of(document: Document, evidence: Evidence | None) -> CaseFacts:
    """The facts of a case. Without evidence: its summary."""
    return CaseFacts(
        summary=summarize(document, evidence),
        passages=tuple(_passages(evidence, document.front.layers)) if evidence else (),
        findings=tuple(_findings(evidence)) if evidence else (),
        builds=_builds(evidence) if evidence else (),
        subsystems=_subsystems(evidence) if evidence else (),
    )


def _builds(evidence: Evidence) -> tuple[tuple[str, str], ...]:
    return tuple(
        dict.fromkeys(
            (log.kernel, image.build_id)
            for log in evidence.logs
            for image in log.provenance.images
            if log.kernel and image.build_id and image.name == "vmlinux"
        )
    )


def _subsystems(evidence: Evidence) -> tuple[Subsystem, ...]:
    known = {one.name: one for entry in reversed(evidence.logs) for one in entry.subsystems}
    return tuple(known[name] for name in sorted(known))


def _findings(evidence: Evidence) -> Iterator[Finding]:
    for entry in evidence.logs:
        for number, report in enumerate(entry.reports):
            yield Finding(
                kind=report.kind,
                label=report.label,
                title=report.title,
                message=report.message,
                function=crashed_step(report.chain).function if report.chain else "",
                lead=number == entry.lead,
            )


def _passages(evidence: Evidence, layers: Mapping[str, str]) -> Iterator[Passage]:
    for place, entry in enumerate(evidence.logs, 1):
        prefix = anchor_prefix(entry.id, place)
        for number, report in enumerate(entry.reports):
            walked = number == entry.lead
            chain = with_author_layers(report.chain, layers)
            yield from _way(chain, report.kind, prefix if walked else None)


_LAST = Edge(kind="unknown")


def is_named(step: ChainStep) -> bool:
    """Whether the step is a function known by name, and not one that is only known to have been there."""
    return not (step.missing and " " in step.function)


def _way(chain: tuple[ChainStep, ...], kind: str, prefix: str | None) -> Iterator[Passage]:
    """The functions of one chain, each where control stood in it for the first time."""
    if not chain:
        return
    crashed = crashed_step(chain)
    seen = set()
    for index, step in enumerate(chain):
        if step.function in seen or not is_named(step):
            continue
        seen.add(step.function)
        before = chain[index - 1] if index else None
        after = chain[index + 1] if index + 1 < len(chain) else None
        onward = after.edge if after else _LAST
        yield Passage(
            function=step.function,
            file=step.file,
            line=step.line,
            layer=step.layer,
            letter=step.letter,
            subsystem=step.subsystem,
            missing=step.missing,
            kind=step.edge.kind,
            slot=step.edge.slot,
            holders=_holders(step.edge),
            before=before.function if before and is_named(before) else "",
            before_letter=before.letter if before else "",
            after=after.function if after and is_named(after) else "",
            after_letter=after.letter if after else "",
            onward=onward.slot or onward.pointer if onward.kind == "indirect" else "",
            crashed=step is crashed,
            report=kind,
            number=index + 1,
            steps=len(chain),
            anchor="" if prefix is None else step_anchor(prefix, step.function),
            snippet=step.snippet.sha256 if step.snippet else "",
        )


def _holders(edge: Edge) -> tuple[Holder, ...]:
    return tuple(
        Holder(
            symbol=table.symbol,
            type=table.type,
            file=table.file,
            line=table.line,
            slot=edge.slot,
            snippet=table.snippet.sha256 if table.snippet else "",
        )
        for table in edge.tables
    )
