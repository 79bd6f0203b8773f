"""Where a page stands: path of its document -> kind, slug and url; links between urls.

A url is a page's address from the site's root: empty or ending with `/` for a folder
with an index.html, else a file's own name. Links name the index.html, so that they
work from file:// and below any path of a server.
"""

import posixpath
import re
import unicodedata
from functools import lru_cache
from pathlib import Path
from urllib.parse import quote

from sitegen.web.content.values import Kind

CASES = "cases"
"""The folder of the content folder that holds cases."""

_INDEX = "index.md"


def address(path: str, folder: Path) -> tuple[Kind, str, str]:
    """Kind, slug and url of the document at `path` of the content folder."""
    parts = path.removesuffix(".md").split("/")
    if parts[-1] == "index":
        parts.pop()
    segments = [_segment(part) for part in parts]
    if len(parts) > 1 and parts[0] == CASES and not _beside_a_case(path, folder):
        slug = "/".join(segments[1:])
        return "case", slug, f"{CASES}/{slug}/"
    slug = "/".join(segments)
    return "page", slug, f"{slug}/" if slug else ""


def _beside_a_case(path: str, folder: Path) -> bool:
    """Whether the document belongs to the case of a folder above it (`cases/slug/index.md`)."""
    above = path.split("/")[:-1]
    if path.endswith(f"/{_INDEX}"):
        above = above[:-1]
    return any(
        (folder.joinpath(*above[:depth]) / _INDEX).is_file() for depth in range(2, len(above) + 1)
    )


@lru_cache(maxsize=16384)
def _segment(name: str) -> str:
    """`name` as a part of an address: letters, digits, `_`, `.` and `-`, whatever it was.

    Never `index.html`, where the page of the folder above stands.
    """
    word = re.sub(r"[^\w.-]+", "-", unicodedata.normalize("NFC", name)).strip("-.")
    return "index-html" if word.lower() == "index.html" else word or "page"


def output_path(url: str) -> str:
    """The file that a url is written to, relative to the site's root."""
    return f"{url}index.html" if not url or url.endswith("/") else url


@lru_cache(maxsize=16384)
def relative_url(page: str, target: str, fragment: str = "") -> str:
    """The link from the page at one url to another url, percent-encoded.

    >>> relative_url("cases/a/", "cases/b/", "log")
    '../b/index.html#log'
    """
    anchor = f"#{quote(fragment, safe=_SAFE)}" if fragment else ""
    file, other = output_path(page), output_path(target)
    if file == other:
        return anchor or quote(posixpath.basename(other), safe="")
    return quote(posixpath.relpath(other, posixpath.dirname(file) or "."), safe="/") + anchor


_SAFE = ":,@!$*+;=/?"  # allowed in a fragment (RFC 3986), and harmless in an attribute
