"""Ops tables of the image as evidence: which slot, declared and filled on which lines."""

from collections.abc import Sequence
from typing import NamedTuple

from sitegen.crash.names import bare_name
from sitegen.crash.source import CallText, Tree, excerpt_table, find_initializer, is_declared
from sitegen.crash.source.tree import clean_path
from sitegen.crash.symbols.values import Holder
from sitegen.model import Snippet, Table

MAX_SNIPPETS = 4
"""Tables that are shown with their text; of the others the name and the lines are enough."""


class Source(NamedTuple):
    """The tree, and whether its text is to be kept."""

    tree: Tree | None
    snippets: bool


def last_member(holder: Holder) -> str:
    return holder.member.rpartition(".")[2].partition("[")[0]


def is_array(holder: Holder) -> bool:
    return holder.type.endswith("[]") or holder.member.startswith("[")


def slot_of(fitting: Sequence[Holder]) -> str:
    """The slot's name, where all candidates agree on it."""
    slots = {
        f"{holder.symbol}{holder.member}" if is_array(holder) else f"{holder.type}.{holder.member}"
        for holder in fitting
        if holder.member
    }
    return slots.pop() if len(slots) == 1 else ""


def tables_of(
    fitting: Sequence[Holder], callee: str, text: CallText | None, source: Source
) -> tuple[Table, ...]:
    member = text.member if text else ""
    return tuple(
        _table(holder, callee, member, source, shown=index < MAX_SNIPPETS)
        for index, holder in enumerate(fitting)
    )


def _table(holder: Holder, callee: str, member: str, source: Source, *, shown: bool) -> Table:
    path = clean_path(holder.file)
    lines = source.tree.lines(path) if source.tree and path else None
    found = None
    # In another version of the tree another object may stand on that line.
    if lines is not None and holder.line and is_declared(lines, holder.line, holder.symbol):
        found = find_initializer(
            lines, holder.line, callee=bare_name(callee), member=member or last_member(holder)
        )
    snippet: Snippet | None = None
    if shown and path and lines is not None and found is not None:
        snippet = excerpt_table(path, lines, found, text=source.snippets)
    return Table(
        symbol=holder.symbol,
        file=holder.file,
        line=holder.line,
        initializer=found.line if found else None,
        type=holder.type,
        snippet=snippet,
    )


def table_of(holder: Holder, callee: str, source: Source) -> Table:
    """A holder as a table of evidence, with the line of its initializer where the tree has it."""
    return _table(holder, callee, "", source, shown=False)
