"""The page of a term, and the list of all terms of a taxonomy.

A taxonomy whose pages show more than their cases has a row in `_VIEWS`: the template and
the function that makes its view.
"""

from collections.abc import Callable, Mapping
from typing import NamedTuple

from sitegen.model import Snippet
from sitegen.web.index import TAXONOMIES, Taxonomy, Term
from sitegen.web.pages.terms.overview import OverviewView, overview_view
from sitegen.web.pages.terms.plain import term_view

__all__ = ["OverviewView", "Shape", "Snippets", "overview_view", "shape_of", "taxonomy_of"]


Snippets = Mapping[str, Snippet]
"""What was found of the snippets that a term's passages name, by SHA-256."""


class Shape(NamedTuple):
    """How the pages of a taxonomy look."""

    template: str
    view: Callable[[Taxonomy, Term, Snippets], object]
    snippets: bool = False
    "whether the view shows source"


_PLAIN = Shape("terms/term.html", term_view)
_VIEWS: dict[str, Shape] = {}


def shape_of(taxonomy: str) -> Shape:
    """The look of the pages of a taxonomy, by its key."""
    return _VIEWS.get(taxonomy, _PLAIN)


def taxonomy_of(term: Term) -> Taxonomy:
    return next(one for one in TAXONOMIES if one.key == term.taxonomy)
