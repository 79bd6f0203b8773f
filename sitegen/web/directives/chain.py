"""The summary chain: one row a step, pointers as steps of their own, each with its proof."""

from typing import NamedTuple

from sitegen.model import Edge, Proof
from sitegen.web.directives.places import Spot, spot
from sitegen.web.directives.steps import Step, is_pointer, layer_class, pointer, steps_of
from sitegen.web.directives.tables import table_anchor
from sitegen.web.directives.values import Case, CaseLog
from sitegen.wording import counted

PROOFS: dict[Proof, str] = {
    "call-site": "named by the call site",
    "instruction": "read from the call instruction",
    "inline-tree": "by the debug information",
    "ops-table": "found in the image",
    "source": "read in the source",
    "log": "as the log prints it",
}
"""What proves an edge, in words."""


class ChainRow(NamedTuple):
    """A step: number, letter where the layer changes, mark and name, how control got there."""

    number: int
    letter: str
    "empty where the layer goes on"
    layer: str
    "its name, where the letter stands"
    part: str
    node: str
    name: str
    href: str
    crashed: bool
    how: str
    "the class of the edge"
    words: str
    "the rest of the sentence"
    table: str
    "of the ops table that led here; empty when none did"
    table_href: str
    where: Spot


class ChainView(NamedTuple):
    """The chain as a table."""

    anchor: str
    labels: str
    "ids of its headings"
    heading: str
    says: str
    trigger: str
    "what set it off; empty when the author does not say"
    origin: str
    "where it begins (`write(2) by bash, PID 969`); may be empty"
    placed: bool
    "whether any row has a place in the source"
    rows: tuple[ChainRow, ...]


def chain_view(case: Case, log: CaseLog, steps: tuple[Step, ...] | None = None) -> ChainView | None:
    """The chain of the log's first report; None when it has none."""
    steps = steps_of(case, log) if steps is None else steps
    if not steps:
        return None
    rows: list[ChainRow] = []
    layer = ""
    for step in steps:
        edge = step.step.edge
        if is_pointer(edge):
            rows.append(_pointer_row(len(rows) + 1, edge, rows[-1].part if rows else "layer-x"))
        key = step.step.layer + step.step.letter
        rows.append(_row(case, log, step, len(rows) + 1, new=bool(key) and key != layer))
        layer = key
    count = len(rows)
    says = counted(count, "step")
    return ChainView(
        anchor=case.anchor(log, "chain"),
        labels=case.labels(log, "chain"),
        heading=case.heading(log, "Chain"),
        says=f"{says}. Each says how control got there, and what proves it where it is proved.",
        trigger=case.front.trigger,
        origin=log.found.origin,
        placed=any(row.where.text for row in rows),
        rows=tuple(rows),
    )


def _pointer_row(number: int, edge: Edge, part: str) -> ChainRow:
    return ChainRow(
        number=number,
        letter="",
        layer="",
        part=part,
        node="pointer",
        name=pointer(edge),
        href="",
        crashed=False,
        how="indirect",
        words=f" through {edge.slot}" if edge.slot else _proof(edge),
        table="",
        table_href="",
        where=Spot(""),
    )


def _row(case: Case, log: CaseLog, step: Step, number: int, *, new: bool) -> ChainRow:
    found = step.step
    how, words = _how(step)
    told = is_pointer(found.edge) and not found.edge.unproved
    table = found.edge.tables[0] if told and found.edge.tables else None
    return ChainRow(
        number=number,
        letter=(found.letter or "X") if new else "",
        layer=found.layer if new else "",
        part=layer_class(found.letter),
        node=step.node,
        name=found.function + (f", {step.again}" if step.again else ""),
        href=f"#{step.anchor}",
        crashed=step.crashed or step.node == "panic",
        how=how,
        words=words,
        table=table.symbol if table else "",
        table_href=f"#{table_anchor(case, log, table)}" if table else "",
        where=spot(found.file, found.line, log.browse),
    )


def _how(step: Step) -> tuple[str, str]:
    """The class of the edge into a step, and the rest of the sentence about it."""
    edge = step.step.edge
    missing = "; no frame in the log" if step.step.missing else ""
    match edge.kind:
        case "entry":
            words = f" by {edge.mechanism}" if edge.mechanism else ""
            return "entry", f"{words}; {edge.note}" if edge.note else words
        case "direct":
            return "direct", _proof(edge) + missing
        case "inlined":
            return "inlined", f" in {step.before}" + missing
        case "indirect":
            count = len(edge.tables)
            if count == 0 or edge.unproved:
                return "", edge.note or "no table of the image holds it"
            return "", "assigned in" if count == 1 else f"assigned in {count} tables, the first"
        case "tail":
            words = (f" from {step.before}" if step.before else "") + missing
            held = edge.indirect and edge.tables and not edge.unproved
            return "tail call", f"{words}; assigned in" if held else words
        case "trap":
            return "trap", f": {edge.mechanism}" if edge.mechanism else ""
        case "unknown":
            return "unknown", f"; {edge.note}" if edge.note else ""


def _proof(edge: Edge) -> str:
    return f", {PROOFS[edge.proof]}" if edge.proof else ""
