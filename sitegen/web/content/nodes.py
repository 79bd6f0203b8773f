"""YAML as a tree of nodes, each with its place.

Read from the parser's events: they carry the place of every key and value, an
alias is seen before it is expanded, and depth is bounded. (Composing nodes
recurses in C: 60 000 brackets end the process.) Every value stays the text
that was written, so `kernel: 6.10` is not 6.1 and `commit: 0123456` no octal.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from yaml import Event

QUOTE = "put a value with special characters in quotes"

MAX_DEPTH = 3  # the mapping, a list or mapping in it, what stands in that


class Node(NamedTuple):
    """A value as written, and where."""

    value: "str | list[Node] | dict[str, tuple[Node, Node]]"
    "text, items, or key -> (key, value)"
    line: int
    "from 0, within the YAML"
    column: int
    end: int
    "the column after; 0 when it ends on another line"


class WrongError(Exception):
    """A value of the wrong form."""

    def __init__(self, node: Node, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.node = node
        self.hint = hint


def build_nodes(events: "Iterator[Event]", root: list[Node]) -> None:
    """Fills `root` with the node of the first document, if any. Never deeper than `MAX_DEPTH`."""
    from yaml import events as kind  # noqa: PLC0415  reason: as above

    stack: list[Node] = []  # open lists and mappings
    keys: list[Node | None] = []  # beside it: the key that waits for its value
    for event in events:
        match event:
            case kind.AliasEvent():
                raise WrongError(_at(event, ""), "an alias ('*name')", "write the value again")
            case kind.ScalarEvent():
                null = event.implicit[0] and event.value in {"~", "null"}
                # An escape can write half of a surrogate pair, which no file can hold.
                text = event.value.encode("utf-8", "replace").decode("utf-8")
                node = _at(event, "" if null else text)
            case kind.SequenceStartEvent() | kind.MappingStartEvent():
                empty: list[Node] | dict[str, tuple[Node, Node]]
                empty = [] if isinstance(event, kind.SequenceStartEvent) else {}
                node = _at(event, empty)
                if len(stack) == MAX_DEPTH:
                    raise WrongError(node, "lists and keys nested too deeply")
            case kind.CollectionEndEvent():
                stack.pop()
                keys.pop()
                continue
            case kind.DocumentEndEvent():
                break
            case _:
                continue
        _attach(node, root, stack, keys)
        if not isinstance(node.value, str):
            stack.append(node)
            keys.append(None)


def _attach(node: Node, root: list[Node], stack: list[Node], keys: list[Node | None]) -> None:
    """Puts `node` where it belongs: the root, the open list, or the open mapping as key or value."""
    if not stack:
        root.append(node)
        return
    parent = stack[-1].value
    if isinstance(parent, list):
        parent.append(node)
    elif isinstance(parent, dict):
        key = keys[-1]
        if key is not None:
            parent[str(key.value)] = (key, node)
            keys[-1] = None
        elif not isinstance(node.value, str):
            raise WrongError(node, "a key that is no plain word")
        elif node.value in parent:
            raise WrongError(node, f"'{short(node.value)}' stands twice", "keep one of them")
        else:
            keys[-1] = node


def _at(event: "Event", value: "str | list[Node] | dict[str, tuple[Node, Node]]") -> Node:
    start, end = event.start_mark, event.end_mark
    if start is None or end is None:
        return Node(value, 0, 0, 0)
    same = start.line == end.line and isinstance(value, str)
    return Node(value, start.line, start.column, end.column if same else 0)


def short(text: str) -> str:
    """What an author wrote, as far as a message has room for it."""
    return text if len(text) <= _ROOM else f"{text[: _ROOM - 3]}..."


_ROOM = 80
