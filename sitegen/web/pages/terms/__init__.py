"""The page of a term, and the list of all terms of a taxonomy.

A taxonomy whose pages show more than their cases has a row in `_SHAPES`: the template and
the function that makes its view.
"""

from sitegen.web.index import TAXONOMIES, Taxonomy, Term
from sitegen.web.pages.terms.code import code_view
from sitegen.web.pages.terms.function import function_view
from sitegen.web.pages.terms.kind import kind_view
from sitegen.web.pages.terms.overview import OverviewView, overview_view
from sitegen.web.pages.terms.plain import term_view
from sitegen.web.pages.terms.shape import Shape, Snippets

__all__ = ["OverviewView", "Shape", "Snippets", "overview_view", "shape_of", "taxonomy_of"]

_PLAIN = Shape("terms/term.html", term_view)
_CODE = Shape("terms/code.html", code_view)
_SHAPES = {
    "functions": Shape("terms/function.html", function_view, snippets=True),
    "files": _CODE,
    "tables": _CODE,
    "layers": _CODE,
    "subsystems": _CODE,
    "kinds": Shape("terms/kind.html", kind_view),
}


def shape_of(taxonomy: str) -> Shape:
    """The look of the pages of a taxonomy, by its key."""
    return _SHAPES.get(taxonomy, _PLAIN)


def taxonomy_of(term: Term) -> Taxonomy:
    return next(one for one in TAXONOMIES if one.key == term.taxonomy)
