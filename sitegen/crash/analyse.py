"""CrashLog -> LogEvidence: parsed reports, an image and a tree become what the lock file holds.

Total: without an image frames say why they are not decoded, without a tree there are
no snippets, and the chain is made of what is left.
"""

from collections.abc import Mapping, Sequence

from sitegen.crash.arch import Arch, find_arch, is_exception_entry
from sitegen.crash.chain.absent import absent
from sitegen.crash.chain.link import link
from sitegen.crash.chain.origin import origin
from sitegen.crash.chain.route import Answers, reporting
from sitegen.crash.decode.slide import Slides, cannot_move
from sitegen.crash.source import Tree
from sitegen.crash.symbols import values
from sitegen.crash.symbols.symbolizer import Symbolizer
from sitegen.crash.symbols.values import Decoded, Query, Undecoded
from sitegen.model import (
    Call,
    Candidate,
    ChainStep,
    CrashLog,
    Frame,
    ImageId,
    LogEvidence,
    Provenance,
    Report,
    ReportEvidence,
    Sizes,
    Subsystem,
    Trace,
    TraceFrame,
    TreeId,
)

_NO_IMAGE = "no image of this kernel"


def analyse(
    log: CrashLog,
    *,
    id: str,  # noqa: A002  reason: the lock's own word for it
    sha256: str,
    symbolizer: Symbolizer | None = None,
    tree: Tree | None = None,
    snippets: bool = True,
    missing: str = "",
) -> LogEvidence:
    """What decoding finds in a log. `missing` says why there is no symbolizer, where there is none.

    Without `snippets` the lines of the source are named and hashed, but their text is left out.
    """
    arch = find_arch(log.arch)
    answers = _decode(log, symbolizer, arch)
    reports = tuple(
        _report(log, report, answers, symbolizer, tree, arch, missing=missing, snippets=snippets)
        for report in log.reports
    )
    return LogEvidence(
        id=id,
        sha256=sha256,
        kernel=log.release,
        arch=log.arch,
        provenance=_provenance(log, answers, symbolizer, tree, reports, missing),
        reports=reports,
        subsystems=_subsystems(tree, reports),
    )


def _subsystems(tree: Tree | None, reports: Sequence[ReportEvidence]) -> tuple[Subsystem, ...]:
    names = {step.subsystem for report in reports for step in report.chain if step.subsystem}
    return tuple(tree.section(name) for name in sorted(names)) if tree is not None else ()


# --- frames ------------------------------------------------------------------------------------


def _decode(log: CrashLog, symbolizer: Symbolizer | None, arch: Arch | None) -> Answers:
    """What each frame of the log decodes to; all of them are asked for at once."""
    if symbolizer is None:
        return {}
    asked: dict[Frame, Query] = {}
    slides = Slides(log.lines, still=lambda: cannot_move(symbolizer.decode, log.arch))
    for report in log.reports:
        for state in report.states:
            if state.user:
                continue
            if state.pc is not None:
                _ask(asked, state.pc, "", slides)
            if state.lr is not None:
                inside = state.pc.symbol.name if state.pc and state.pc.symbol else ""
                _ask(asked, state.lr, inside, slides)
        after = 0
        for trace in report.traces:
            inner = _crash_symbol(report, after, trace.at.line)
            after = trace.frames[-1].at.line if trace.frames else after
            for frame in trace.frames:
                _ask(asked, frame, inner, slides)
                if frame.reliable and frame.symbol:
                    # What runs inside of an exception was not called by what it interrupted.
                    entered = is_exception_entry(frame.symbol.name, arch)
                    inner = "" if entered else frame.symbol.name
    answers = dict(zip(asked, symbolizer.decode(list(asked.values())), strict=True))
    lost = Undecoded("nothing says where KASLR moved the kernel to")
    return {
        frame: lost if query.name == "" and query.address is None else answers[frame]
        for frame, query in asked.items()
    }


def _ask(asked: dict[Frame, Query], frame: Frame, callee: str, slides: Slides) -> None:
    """Adds what is to be asked of a frame; neither name nor address where the slide is not known."""
    symbol = frame.symbol
    if frame.given and symbol and not symbol.size:
        return  # decoded already, and without the offset that would let us do it again
    if symbol is not None:
        asked[frame] = Query(
            symbol.name, symbol.offset, symbol.size, symbol.module, frame.lookup, callee=callee
        )
    elif frame.address is not None:
        slide = slides.find(frame.at.line)
        address = None if slide is None else frame.address - slide
        asked[frame] = Query("", lookup=frame.lookup, address=address, callee=callee)


def _crash_symbol(report: Report, after: int, before: int) -> str:
    """The function whose PC is printed between two lines, above a trace: its first frame called it."""
    found = ""
    for state in report.states:
        if state.pc is not None and not state.user and after < state.first < before:
            found = state.pc.symbol.name if state.pc.symbol else ""
    return found


def _frame(frame: Frame, answers: Answers, missing: str) -> TraceFrame:
    symbol = frame.symbol
    answer = answers.get(frame)
    calls: tuple[Call, ...] = ()
    candidates: tuple[Candidate, ...] = ()
    undecoded = ""
    match answer:
        case Decoded() if answer.calls[0].file:
            calls = tuple(_call(call) for call in answer.calls)
        case Decoded():
            undecoded = answer.note or "no debug information covers it"
        case Undecoded():
            undecoded = answer.reason
            candidates = tuple(
                Candidate(call.file, call.line, call.function) for call in answer.candidates
            )
        case None:
            calls = frame.given
            undecoded = "" if calls else missing or _NO_IMAGE
    return TraceFrame(
        line=frame.at.line,
        column=frame.at.column,
        symbol=symbol.name if symbol else "",
        offset=symbol.offset if symbol and not _is_bare(frame) else None,
        size=symbol.size or None if symbol else None,
        module=symbol.module if symbol else "",
        address=frame.address if symbol is None else None,
        reliable=frame.reliable,
        lookup=frame.lookup,
        calls=calls,
        undecoded=undecoded,
        candidates=candidates,
    )


def _is_bare(frame: Frame) -> bool:
    """Whether the log prints the name alone, as one that came decoded does."""
    return bool(frame.given) and frame.symbol is not None and not frame.symbol.size


def _call(call: values.Call) -> Call:
    return Call(call.function, call.file, call.line, call.column, call.inlined)


# --- reports -----------------------------------------------------------------------------------


def _report(
    log: CrashLog,
    report: Report,
    answers: Answers,
    symbolizer: Symbolizer | None,
    tree: Tree | None,
    arch: Arch | None,
    *,
    missing: str,
    snippets: bool,
) -> ReportEvidence:
    kernel = [state for state in report.states if not state.user]
    pc = next((state.pc for state in kernel if state.pc), None)
    lr = next((state.lr for state in kernel if state.lr), None)
    chain = link(report, answers, image=symbolizer, tree=tree, arch=arch, snippets=snippets)
    lacking = absent(report, answers, symbolizer)
    return ReportEvidence(
        title=report.title,
        alt_titles=report.alt_titles,
        type=report.type,
        kind=report.kind,
        label=report.label,
        crash=report.crash,
        corrupted=report.corrupted,
        message=report.message,
        pc=_frame(pc, answers, missing) if pc else None,
        lr=_frame(lr, answers, missing) if lr else None,
        traces=tuple(
            Trace(
                title=trace.title,
                context=trace.context,
                line=trace.at.line,
                frames=tuple(_frame(frame, answers, missing) for frame in trace.frames),
            )
            for trace in report.traces
        ),
        chain=chain,
        origin=origin(chain, report, log),
        reporting=reporting(report, arch),
        unchained=lacking.reason,
        possible_caller=_frame(lacking.caller, answers, missing) if lacking.caller else None,
    )


# --- provenance --------------------------------------------------------------------------------


def _provenance(
    log: CrashLog,
    answers: Mapping[Frame, Decoded | Undecoded],
    symbolizer: Symbolizer | None,
    tree: Tree | None,
    reports: Sequence[ReportEvidence],
    missing: str,
) -> Provenance:
    given = any(
        frame.given for report in log.reports for trace in report.traces for frame in trace.frames
    )
    if symbolizer is None:
        return Provenance(
            decoded_by="log" if given else None,
            missing="" if given or not log.reports else missing or _NO_IMAGE,
        )
    used = {answer.image for answer in answers.values() if isinstance(answer, Decoded)}
    return Provenance(
        images=tuple(
            ImageId(one.name, one.build_id, one.release)
            for one in symbolizer.identify()
            if one.name in used
        ),
        tree=_tree(tree, reports),
        sizes=_sizes(answers),
        mismatched=tuple(
            sorted({step.function for one in reports for step in one.chain if step.mismatch})
        ),
        decoded_by="sitegen" if used else "log" if given else None,
    )


def _tree(tree: Tree | None, reports: Sequence[ReportEvidence]) -> TreeId | None:
    """The tree's identity, by the files that the chains show: no other file matters to them."""
    steps: list[ChainStep] = [step for report in reports for step in report.chain]
    files = {step.snippet.file for step in steps if step.snippet}
    files |= {table.snippet.file for step in steps for table in step.edge.tables if table.snippet}
    return tree.identify(files) if tree is not None else None


def _sizes(answers: Mapping[Frame, Decoded | Undecoded]) -> Sizes | None:
    """The printed sizes against the image's, one vote a symbol; None when nothing was asked."""
    equal: set[tuple[str, int]] = set()
    different: dict[str, None] = {}
    absent: set[tuple[str, int]] = set()
    for frame, answer in answers.items():
        symbol = frame.symbol
        if symbol is None or not symbol.size:
            continue
        if isinstance(answer, Undecoded) and answer.absent:
            absent.add((symbol.name, symbol.size))
        elif answer.size_equal is True:
            equal.add((symbol.name, symbol.size))
        elif answer.size_equal is False:
            different[symbol.name] = None
    if not (equal or different or absent):
        return None
    return Sizes(equal=len(equal), different=tuple(sorted(different)), absent=len(absent))
