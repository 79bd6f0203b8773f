"""How the pages of a taxonomy look."""

from collections.abc import Callable, Mapping
from typing import NamedTuple

from sitegen.model import Snippet
from sitegen.web.index import Taxonomy, Term

Snippets = Mapping[str, Snippet]
"""What was found of the snippets that a term's passages name, by SHA-256."""


class Shape(NamedTuple):
    """How the pages of a taxonomy look."""

    template: str
    view: Callable[[Taxonomy, Term, Snippets], object]
    snippets: bool = False
    "whether the view shows source"
