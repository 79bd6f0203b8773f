"""Known cases that a crash is like, as a case can link to them."""

import posixpath
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote

from sitegen.authoring.render import plain
from sitegen.crash.similar import Known
from sitegen.model import Fingerprint, KnownCase

MOST = 3
"""Similar cases that are named."""


class Like(NamedTuple):
    """A case that is like the new one."""

    title: str
    path: str
    "of its file, from the content folder; empty when it stands elsewhere than its address says"
    link: str
    "Markdown: its title, leading to its file"
    reason: str
    "begins a sentence, names of functions in backticks"


def find_likes(
    query: Fingerprint, cases: Sequence[KnownCase], content: Path, document: str
) -> tuple[Like, ...]:
    """The known cases that `query` is like, best first, linked from `document` of the content folder."""
    by_slug = {case.slug: case for case in cases}
    matches = Known((case.slug, case.prints) for case in cases).rank(query, MOST)
    return tuple(_like(by_slug[match.key], match.reason, content, document) for match in matches)


def _like(case: KnownCase, reason: str, content: Path, document: str) -> Like:
    places = (f"cases/{case.slug}.md", f"cases/{case.slug}/index.md")
    path = next((one for one in places if (content / one).is_file()), "")
    link = plain(case.title)
    if path:
        target = posixpath.relpath(path, posixpath.dirname(document))
        link = f"[{link}]({quote(target)})"
    return Like(case.title, path, link, reason)
