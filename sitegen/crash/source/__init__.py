"""A kernel's source tree -> functions, call expressions, ops tables, snippets. The door to tree-sitter."""

from sitegen.crash.source.ancestry import History
from sitegen.crash.source.asked import Spots, Unfound, find_excerpt
from sitegen.crash.source.calls import find_call, find_expansion
from sitegen.crash.source.functions import find_function, find_named, is_declared
from sitegen.crash.source.snippets import excerpt, excerpt_table
from sitegen.crash.source.tables import Initializer, find_handed, find_initializer, find_setters
from sitegen.crash.source.tree import Tree, open_tree
from sitegen.crash.source.values import CallText, Function

__all__ = [
    "CallText",
    "Function",
    "History",
    "Initializer",
    "Spots",
    "Tree",
    "Unfound",
    "excerpt",
    "excerpt_table",
    "find_call",
    "find_excerpt",
    "find_expansion",
    "find_function",
    "find_handed",
    "find_initializer",
    "find_named",
    "find_setters",
    "is_declared",
    "open_tree",
]
