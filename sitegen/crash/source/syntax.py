"""The parser of C: tree-sitter's trees, and what the rest of crash/source asks of them.

Only one function's text is parsed at a time. The grammar does not know the kernel's
macros, but inside a body they look like calls and statements, and it recovers.
"""

from collections.abc import Iterator
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tree_sitter import Node, Parser

MAX_PARSED = 400_000
"""Bytes of text that are parsed. No function of Linux has a tenth of it."""


@cache
def _parser() -> "Parser":
    # Some ten milliseconds, which a build from locks need not spend.
    import tree_sitter_c  # noqa: PLC0415  reason: as above
    from tree_sitter import Language, Parser  # noqa: PLC0415  reason: as above

    return Parser(Language(tree_sitter_c.language()))


def parse(text: str) -> "Node | None":
    """The root of the text's tree; None for a text too long to be a function."""
    data = text.encode()
    if len(data) > MAX_PARSED:
        return None
    tree = _parser().parse(data)
    return tree.root_node if tree else None


def iter_nodes(root: "Node", kinds: frozenset[str]) -> "Iterator[Node]":
    """The nodes of these kinds below `root`, outer before inner, in the order of the text."""
    cursor = root.walk()
    while True:
        node = cursor.node
        if node is not None and node.type in kinds:
            yield node
        if cursor.goto_first_child():
            continue
        while not cursor.goto_next_sibling():
            if not cursor.goto_parent():
                return


def text_of(node: "Node") -> str:
    """The node's text on one line, each run of white space as one space."""
    return " ".join((node.text or b"").decode(errors="replace").split())


def find_definition(text: str, line: int) -> tuple[int, int, int] | None:
    """First line, line of the brace and last line of the function definition around `line`."""
    root = parse(text)
    if root is None:
        return None
    found = None
    for node in iter_nodes(root, frozenset({"function_definition"})):
        if node.start_point.row < line <= node.end_point.row + 1:
            body = node.child_by_field_name("body")
            opening = body.start_point.row if body else node.start_point.row
            found = (node.start_point.row + 1, opening + 1, node.end_point.row + 1)
    return found


# --- Expressions ------------------------------------------------------------------------------


def called_name(node: "Node") -> str:
    """What a call expression calls, as written; empty for another node."""
    function = node.child_by_field_name("function")
    return text_of(function) if function else ""


def bare(node: "Node | None") -> "Node | None":
    """`node` without parentheses, `*` of a function pointer, casts, READ_ONCE and rcu_dereference."""
    while node is not None:
        inner: Node | None
        if node.type == "parenthesized_expression":
            inner = node.named_children[0] if node.named_children else None
        elif node.type == "pointer_expression":
            inner = node.child_by_field_name("argument")
        elif node.type == "cast_expression":
            inner = node.child_by_field_name("value")
        elif node.type == "call_expression" and called_name(node) in _READERS:
            arguments = node.child_by_field_name("arguments")
            inner = arguments.named_children[0] if arguments and arguments.named_children else None
        else:
            return node
        if inner is None:
            return node
        node = inner
    return None


_READERS = frozenset(
    {
        "READ_ONCE",
        "rcu_dereference",
        "rcu_dereference_sched",
        "rcu_dereference_raw",
        "smp_load_acquire",
    }
)


def declared_name(node: "Node") -> str:
    """The name that a declarator declares (`(*fn)(int)` declares fn), or an expression's text."""
    while True:
        inner = node.child_by_field_name("declarator")
        if inner is None and node.type == "parenthesized_declarator":
            inner = node.named_children[0] if node.named_children else None
        if inner is None:
            return text_of(node)
        node = inner
