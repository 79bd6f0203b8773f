"""Markdown -> HTML and tokens: CommonMark, tables, footnotes, MyST directives and roles.

Raw HTML is text here. What directives and roles mean is told from above, where
links lead from links.py.
"""

from sitegen.web.markdown.values import (
    Directives,
    DirectiveSpec,
    DirectiveUse,
    Heading,
    PlaceDirective,
    Rendered,
    RenderRole,
    Roles,
    RoleUse,
)

__all__ = [
    "DirectiveSpec",
    "DirectiveUse",
    "Directives",
    "Heading",
    "PlaceDirective",
    "RenderRole",
    "Rendered",
    "RoleUse",
    "Roles",
]
