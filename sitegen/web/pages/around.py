"""Which page comes before and which after another: pages of a folder that has an index page.

They come in the order in which the index page links to them, then those that it does not
link to, by their paths. An index page belongs to the folder above its own.
"""

from collections.abc import Mapping
from itertools import pairwise

import msgspec

from sitegen.model import Value
from sitegen.web.index import Index, PageSummary
from sitegen.web.links import find_page
from sitegen.web.pages.chrome import NavItem


class Around(Value, frozen=True):
    """The pages beside a page; None where it is the first or the last, or stands alone."""

    before: NavItem | None = None
    after: NavItem | None = None


def find_around(index: Index, orders: Mapping[str, tuple[str, ...]]) -> dict[str, Around]:
    """The pages beside each page, by its address.

    `orders` are the paths that each index page links to, by its own path.
    """
    folders: dict[str, list[PageSummary]] = {}
    for page in index.pages:
        folder = _folder(page.source)
        if f"{folder}/index.md" in index.documents and folder:
            folders.setdefault(folder, []).append(page)
    found: dict[str, Around] = {}
    for folder, members in folders.items():
        linked = [find_page(path, index) for path in orders.get(f"{folder}/index.md", ())]
        places = {url: place for place, url in reversed(list(enumerate(linked))) if url is not None}
        members.sort(key=lambda page: (places.get(page.url, len(linked)), page.source))
        items = [NavItem(page.url, page.title) for page in members]
        for item in items:
            found[item.url] = Around()
        for one, other in pairwise(items):
            found[one.url] = msgspec.structs.replace(found[one.url], after=other)
            found[other.url] = msgspec.structs.replace(found[other.url], before=one)
    return found


def _folder(path: str) -> str:
    """The folder whose page a document is: `docs` for `docs/a.md` and for `docs/more/index.md`."""
    return path.removesuffix("/index.md").rpartition("/")[0]
