"""The call on a line of a function: which of those written there is meant."""

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING

from sitegen.crash.source.assembly import find_branch, find_jump
from sitegen.crash.source.body import Body
from sitegen.crash.source.syntax import called_name
from sitegen.crash.source.values import CallText, Function

if TYPE_CHECKING:
    from tree_sitter import Node

_NEAR = 3
"""Lines by which the line table's line may miss the call it belongs to."""

_MOST_CALLS = 64
"""Calls around a line that are looked at; each may have its pointer followed through the function."""


def find_call(
    lines: Sequence[str],
    function: Function,
    line: int,
    *,
    callee: str = "",
    members: Collection[str] = (),
    argument: int | None = None,
) -> CallText | None:
    """The call on or around `line`: the one of `callee`, or the one through a pointer without it.

    Of several calls through pointers on the line, the one through a member of
    `members`; None when the text does not say which is meant. With `argument` the
    pointer described is not the one called but that argument, from 0: what an
    inlined function was handed to call.
    """
    body = Body.parse(lines, function)
    if body is None:
        return find_branch(lines, line, callee)
    calls = sorted(
        ((_distance(node, row), node) for node in body.calls if (row := line - body.first) >= 0),
        key=lambda found: (found[0], found[1].end_byte - found[1].start_byte),
    )
    near = [(distance, node) for distance, node in calls if distance <= _NEAR][:_MOST_CALLS]
    if callee:
        named = [node for _, node in near if called_name(node) == callee]
        return body.describe(named[0], argument) if named else None
    texts = [
        body.describe(node) for distance, node in near if distance == 0 and body.is_pointer(node)
    ]
    fitting = [text for text in texts if text.member and text.member in members]
    if len(fitting or texts) > 1 and len({t.pointer for t in fitting or texts}) > 1:
        return None
    return next(iter(fitting or texts), None)


def _distance(node: "Node", row: int) -> int:
    """Lines between a row and the call; 0 inside of it."""
    first, last = node.start_point.row, node.end_point.row
    return max(first - row, row - last, 0)


def find_expansion(lines: Sequence[str], function: Function, line: int) -> CallText | None:
    """What makes the call on `line` where it does not spell its callee.

    In C the only expression there that looks like a call: a macro, or another name of the
    callee. In assembly the branch through a register. None where there is none, or several.
    """
    body = Body.parse(lines, function)
    if body is None:
        return find_jump(lines, line)
    row = line - body.first
    if row < 0:
        return None
    end, found = -1, []
    for node in body.calls:
        # Outer calls come before those in their arguments.
        if node.start_byte < end or _distance(node, row):
            continue
        if called_name(node) in _TRANSPARENT:
            continue
        end = node.end_byte
        found.append(node)
    return body.describe(found[0]) if len(found) == 1 else None


_TRANSPARENT = frozenset({"likely", "unlikely", "IS_ERR", "PTR_ERR", "READ_ONCE", "WRITE_ONCE"})
"""Macros that call nothing but what they are given."""
