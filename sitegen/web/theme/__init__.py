"""themes/ -> Theme: a chain of folders, templates rendered, files with hashes in their names.

The one door to jinja2 and markupsafe. A theme that fails says so in diagnostics, with
the template's path and line; no exception of a template leaves this package.
"""

from sitegen.web.theme.load import load_theme, theme_homes
from sitegen.web.theme.render import Theme, trusted

__all__ = ["Theme", "load_theme", "theme_homes", "trusted"]
