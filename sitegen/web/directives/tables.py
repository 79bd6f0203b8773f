"""Ops tables as the walk shows them: under the call that went through one."""

from typing import NamedTuple

from sitegen.model import Edge, Snippet, Table, Target
from sitegen.web.directives import source
from sitegen.web.directives.places import Spot, spot
from sitegen.web.directives.steps import Step, pointer_base
from sitegen.web.directives.values import Case, CaseLog
from sitegen.web.index import term_url
from sitegen.web.theme import trusted


class TableView(NamedTuple):
    """The ops table that decided an indirect call, under the line that made it."""

    anchor: str
    base: str
    "what points to it; may be empty"
    lead: str
    "the words before the table's name: `is` or `may be` behind a base, else `Through`"
    symbol: str
    url: str
    "of the table's page"
    type: str
    where: Spot
    "of its declaration"
    assigns: Spot
    "the line that assigns the slot, where the table's text is not at hand"
    lines: str
    "trusted"
    others: str
    "what else it may have been, as a sentence; empty when nothing else"


class TargetView(NamedTuple):
    """A function that the pointer may have held instead of the next step."""

    name: str
    way: str
    "how control went on to the step; empty for the step itself"
    symbol: str
    "of the first ops table that holds it; empty when none does"
    type: str
    where: Spot
    "of that table's declaration"
    more: str
    "how many other tables hold it, in words"


def targets_of(log: CaseLog, step: Step) -> tuple[TargetView, ...]:
    """What the pointer called may have held, where nothing tells which it was."""
    return tuple(_target(one, log) for one in step.onward.targets)


def _target(target: Target, log: CaseLog) -> TargetView:
    table = target.tables[0] if target.tables else None
    others = len(target.tables) - 1
    more = f"and {others} more" if others > 0 else ""
    return TargetView(
        name=target.function,
        way=target.way,
        symbol=table.symbol if table else "",
        type=_type(table) if table else "",
        where=spot(table.file, table.line, log.browse) if table else Spot(""),
        more=more,
    )


def tables_of(case: Case, log: CaseLog, step: Step) -> tuple[TableView, ...]:
    """The table that holds the callee, and in words the others that hold it too."""
    edge = step.onward
    if not edge.tables:
        return ()
    first, *others = edge.tables
    lines = _table_lines(first.snippet, step.to, edge) if first.snippet else ""
    return (
        TableView(
            anchor=table_anchor(case, log, first),
            base=pointer_base(edge),
            lead=_lead(edge),
            symbol=first.symbol,
            url=term_url("tables", first.symbol),
            type=_type(first),
            where=spot(first.file, first.line, log.browse),
            assigns=Spot("") if lines else _assigns(first, log),
            lines=trusted(lines),
            others=_others(others, edge),
        ),
    )


def _type(table: Table) -> str:
    """The type's name; empty for a struct that has none."""
    return table.type if table.type.strip("[]") else ""


def _lead(edge: Edge) -> str:
    """Claims the table only where the evidence does: alone, and with the call proved."""
    sure = not edge.unproved and len(edge.tables) == 1
    if pointer_base(edge):
        return "is" if sure else "may be"
    return "Through" if sure else "Perhaps through"


def table_anchor(case: Case, log: CaseLog, table: Table) -> str:
    return f"{case.prefix(log)}table-{table.symbol}"


def _assigns(table: Table, log: CaseLog) -> Spot:
    if table.initializer is None:
        return Spot("")
    return Spot(f"line {table.initializer}", spot(table.file, table.initializer, log.browse).href)


def _table_lines(snippet: Snippet, callee: str, edge: Edge) -> str:
    """The table's text: the line that assigns the slot is marked as far as the name goes."""
    marked = source.plain(snippet)
    expression = ""
    if marked:
        end = marked[1].find(callee)
        expression = marked[1][: end + len(callee)] if end >= 0 else ""
    return source.rows(snippet, expression=expression or edge.slot, callee="")


def _others(others: list[Table], edge: Edge) -> str:
    """The tables besides the first that it may have been, and what can be said of that."""
    if not others:
        return ""
    names = [table.symbol for table in others[:3]]
    if len(others) > len(names):
        names.append(f"{len(others) - len(names)} more")
    listed = " or ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)
    return f"Or {listed}: {edge.note or 'the trace cannot tell them apart'}."
