"""Files that are published as they are: the theme's, and what documents link to."""

from collections.abc import Iterator
from itertools import chain

from sitegen.web.index import Output, Site


def outputs(site: Site) -> Iterator[Output]:
    """The theme's files, then the content folder's, each in their order."""
    for path, data in chain(site.static, site.assets):
        yield Output(path, data)
