"""A kernel's source tree -> functions, call expressions, ops tables, snippets. The door to tree-sitter."""

from sitegen.crash.source.body import CallText
from sitegen.crash.source.calls import find_call, find_expansion
from sitegen.crash.source.functions import Function, find_function, is_declared
from sitegen.crash.source.snippets import excerpt, excerpt_table
from sitegen.crash.source.tables import Initializer, find_handed, find_initializer, find_setters
from sitegen.crash.source.tree import Tree, open_tree

__all__ = [
    "CallText",
    "Function",
    "Initializer",
    "Tree",
    "excerpt",
    "excerpt_table",
    "find_call",
    "find_expansion",
    "find_function",
    "find_handed",
    "find_initializer",
    "find_setters",
    "is_declared",
    "open_tree",
]
