"""The walk: one block a function, entry first, each with the line that leads to the next."""

from html import escape
from typing import NamedTuple

from sitegen.model import ReportEvidence, TraceFrame
from sitegen.web.directives import source
from sitegen.web.directives.handed import HandoverView, handed_of
from sitegen.web.directives.labels import place_of
from sitegen.web.directives.places import Spot, spot
from sitegen.web.directives.remarks import held_by, remark_of
from sitegen.web.directives.steps import Step, came_by, is_pointer, layers_of, steps_of
from sitegen.web.directives.tables import TableView, TargetView, tables_of, targets_of
from sitegen.web.directives.told import RegisterRow
from sitegen.web.directives.values import Case, CaseLog
from sitegen.web.index import is_named, term_url
from sitegen.web.theme import trusted
from sitegen.wording import counted


class Block(NamedTuple):
    """A step of the walk, laid out."""

    number: int
    "0 for further logs: the ladder follows the first"
    anchor: str
    node: str
    name: str
    url: str
    "of the function's page; empty when it has none"
    crashed: bool
    missing: bool
    again: str
    "how often it stands there, in words; empty for once"
    left_out: int
    where: Spot
    came: str
    "how control got here"
    lines: str
    "the source, trusted; empty when there is none"
    bare: bool
    "the lines are the call alone: the source text is elsewhere"
    reason: str
    "why there is no source"
    note: str
    "what the evidence says besides, trusted"
    held: tuple[RegisterRow, ...]
    "what registers held when control came in"
    handed: tuple[HandoverView, ...]
    "where the function that the pointer held was handed over"
    targets: tuple[TargetView, ...]
    "what the pointer may have held, where that is not known"
    prose: str
    "the author's, trusted"
    placed: str
    "anchor of the block in the prose that shows this step; empty when it is shown here"
    tables: tuple[TableView, ...]


class LayerView(NamedTuple):
    """The blocks of one layer."""

    name: str
    letter: str
    part: str
    authored: bool
    "named by the author"
    functions: str
    "how many, in words"
    blocks: tuple[Block, ...]


class PossibleView(NamedTuple):
    """A frame that may have called the crash; the unwinder doubts it, and it is no step."""

    name: str
    href: str
    "its line in the log"
    where: Spot


class WalkView(NamedTuple):
    """The whole walk."""

    anchor: str
    labels: str
    "ids of its headings"
    heading: str
    says: str
    possible: PossibleView | None
    "where the PC lies in no function"
    layers: tuple[LayerView, ...]


def walk_view(case: Case, log: CaseLog, steps: tuple[Step, ...] | None = None) -> WalkView | None:
    """The walk of the log's first report; None when it has no chain."""
    steps = steps_of(case, log) if steps is None else steps
    found = log.found
    if not (steps or found.unchained or found.possible_caller):
        return None
    layers = tuple(
        LayerView(
            layer.name,
            layer.letter,
            layer.part,
            layer.authored,
            _count(layer.steps),
            tuple(_walked(case, log, step) for step in layer.steps),
        )
        for layer in layers_of(steps)
    )
    return WalkView(
        anchor=case.anchor(log, "walk"),
        labels=case.labels(log, "walk"),
        heading=case.heading(log, "Walk"),
        says=_says(found, steps, layers),
        possible=_possible(case, log, found.possible_caller),
        layers=layers,
    )


def _possible(case: Case, log: CaseLog, frame: TraceFrame | None) -> PossibleView | None:
    if frame is None:
        return None
    offset = f"+{frame.offset:#x}" if frame.offset is not None else ""
    call = frame.calls[-1] if frame.calls else None
    return PossibleView(
        name=f"{frame.symbol}{offset}",
        href=f"#{case.prefix(log)}L{frame.line}" if frame.line else "",
        where=spot(call.file, call.line, log.browse) if call else Spot(""),
    )


def _count(steps: tuple[Step, ...]) -> str:
    return counted(len(steps), "function")


def _says(found: ReportEvidence, steps: tuple[Step, ...], layers: tuple[LayerView, ...]) -> str:
    """The sentence under the heading: what is left out, and what was put back; or why there is none."""
    why = found.unchained
    said = f"{why[0].upper()}{why[1:]}." if why else ""
    if not steps:
        return said
    return f"{said} {_route(found, steps, layers)}".lstrip()


def _route(found: ReportEvidence, steps: tuple[Step, ...], layers: tuple[LayerView, ...]) -> str:
    doors = {"entry": "the entry", "trap": "the exception"}
    first = found.origin or doors.get(steps[0].step.edge.kind, "the first frame")
    last = place_of(found.kind, panics=steps[-1].node == "panic").noun
    words = f"From {first} to the {last}, one block a function. Unreliable frames are left out"
    missing = sum(step.step.missing for step in steps)
    if missing:
        word = {1: "one function", 2: "two functions", 3: "three functions"}
        left = (
            "that left no frame is put back" if missing == 1 else "that left no frame are put back"
        )
        words += f"; {word.get(missing, f'{missing} functions')} {left}"
    blocks = [block for layer in layers for block in layer.blocks]
    if (
        blocks
        and any(block.bare for block in blocks)
        and not any(block.lines and not block.bare for block in blocks)
    ):
        words += ". The source text is not part of this site"
        if any(block.where.href for block in blocks):
            words += ": each line number leads to it"
    return f"{words}."


def _walked(case: Case, log: CaseLog, step: Step) -> Block:
    """The step in the walk: one line where the prose shows it already."""
    name = f"frame:{step.step.function}"
    if case.is_placed(name, log) and not step.anchor.rpartition("-")[2].isdigit():
        return block(case, log, step)._replace(
            lines="",
            handed=(),
            tables=(),
            targets=(),
            held=(),
            reason="",
            note=trusted(""),
            placed=frame_anchor(case, log, step),
        )
    return block(case, log, step)


def frame_anchor(case: Case, log: CaseLog, step: Step) -> str:
    """The anchor of the step's block where an author placed it."""
    return case.anchor(log, f"frame-{step.step.function}")


def block(case: Case, log: CaseLog, step: Step, *, prose: str = "") -> Block:
    """One step with its source, its call and the table behind the call."""
    indirect = is_pointer(step.onward)
    lines, bare = _lines(log, step)
    tables = tables_of(case, log, step) if indirect else ()
    found = step.step
    where = spot(found.file, found.line, log.browse)
    if found.snippet and found.snippet.file:
        bounds = found.snippet
        where = spot(bounds.file, bounds.first, log.browse, last=bounds.last)
    return Block(
        number=0 if case.prefix(log) else step.number,
        anchor=step.anchor,
        node=step.node,
        name=found.function,
        url=term_url("functions", found.function) if is_named(found) else "",
        crashed=step.crashed or step.node == "panic",
        missing=found.missing,
        again=step.again,
        left_out=step.left_out,
        where=where,
        came=came_by(step),
        lines=trusted(lines),
        bare=bare,
        reason=_reason(log, step) if not lines or (bare and found.unshown) else "",
        note=remark_of(log, step),
        held=held_by(log, step, case.prefix(log)),
        targets=targets_of(log, step),
        handed=handed_of(log, step),
        prose=trusted(prose),
        placed="",
        tables=tables,
    )


def _lines(log: CaseLog, step: Step) -> tuple[str, bool]:
    """The source of a step, and whether it is the bare call without its text."""
    found = step.step
    part = "crash" if step.crashed else "call"
    indirect = is_pointer(step.onward)
    goes = _goes(step)
    if found.snippet:
        lines = source.rows(
            found.snippet,
            expression=step.onward.expression,
            callee=step.to if goes else "",
            part=part,
            pointer=indirect,
            goes=goes,
        )
        if lines:
            return lines, False
    if found.line is None:
        return "", False
    text = step.onward.expression
    href = spot(found.file, found.line, log.browse).href
    row = source.bare_row(found.line, text, href=href, part=part, pointer=indirect, goes=goes)
    return (row, True) if text or goes else ("", False)


_VERBS = {"tail": "jumps to", "trap": "is interrupted by"}


def _goes(step: Step) -> str:
    """`calls vfs_write`, a link to the next step; trusted, empty for the last step."""
    if not step.to or step.onward.kind in {"unknown", "entry"}:
        return ""
    verb = "leads to" if step.onward.unproved else _VERBS.get(step.onward.kind, "calls")
    name = escape(step.to)
    target = f'<a href="#{escape(step.to_anchor)}">{name}</a>' if step.to_anchor else name
    return f' <span class="goes">{verb} {target}</span>'


def _reason(log: CaseLog, step: Step) -> str:
    """Why a step has no source, in a line."""
    frame = next(
        (
            frame
            for trace in log.found.traces
            for frame in trace.frames
            if step.step.log_line is not None and frame.line == step.step.log_line
        ),
        None,
    )
    if frame is not None and frame.undecoded:
        offset = f"+{frame.offset:#x}/{frame.size:#x}" if frame.offset is not None else ""
        at = f"{frame.symbol}{offset if frame.size is not None else ''}"
        missing = log.evidence.provenance.missing
        return at if frame.undecoded == missing or missing else f"{at}: {frame.undecoded}"
    provenance = log.evidence.provenance
    if step.step.unshown:
        return step.step.unshown
    if not step.step.file:
        return "" if provenance.missing else "no debug information says where it is"
    if step.step.snippet is None and provenance.decoded_by == "sitegen":
        return "not in the source tree at hand" if provenance.tree else "no source tree at hand"
    return ""
