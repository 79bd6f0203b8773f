"""Links between documents -> links between pages, as GitHub follows them: by file path.

Resolves what an author wrote against the Index and the content folder, and checks
fragments when all pages are rendered. Nothing outside the content folder is found.
"""

import posixpath
import re
from collections.abc import Collection, Iterable, Mapping
from html import unescape
from pathlib import Path
from urllib.parse import quote, unquote

from sitegen import codes
from sitegen.diagnostics import Place, Sink, find_nearest, nearest_hint
from sitegen.model import Value
from sitegen.web.content import CASES, Document, is_inside, output_path, relative_url
from sitegen.web.index import Index, Page
from sitegen.web.pictures import Picture, measure
from sitegen.wording import reason_of

MAX_ASSET = 64 << 20
"""Bytes of a file that a page may carry with it."""


class Target(Value, frozen=True):
    """Where a link leads."""

    href: str
    "relative to the page; as written where nothing was found; empty when it must not be a link"
    url: str = ""
    "of the page"
    page: bool = False
    "leads to a page of the site (whose url may be empty)"
    fragment: str = ""
    asset: str = ""
    "the file of the content folder it leads to, relative to it"
    picture: Picture | None = None
    "the asset, measured; None when it is no picture that browsers show"
    data: str = ""
    "what the build publishes beside a case: whether it does is known when all is rendered"
    problem: str = ""
    "why there is no such page or file; empty when there is"
    hint: str = ""


def resolve(
    written: str, *, document: Document, index: Index, folder: Path, known: Target | None = None
) -> Target:
    """The target of a relative link of `document`; `written` has no scheme and no host.

    `known` is where it led before: a picture that looks as it did then is not opened again.
    """
    path, _, fragment = written.partition("#")
    path, query, search = path.partition("?")
    fragment = unquote(fragment)
    if not path:
        return _page(document.url, document.url, fragment)
    wanted = _normal(unquote(path), document)
    if wanted is None:
        return Target(
            href="",
            problem=f"'{path[:200]}' lies outside the content folder",
            hint="link to a document or a file of the content folder",
        )
    url = find_page(wanted, index)
    if url is not None:
        return _page(document.url, url, fragment)
    if _is_asset(wanted, folder):
        href = relative_url(document.url, wanted) + (
            f"?{quote(search, safe='=&%')}" if query else ""
        )
        return Target(
            href=f"{href}#{quote(fragment)}" if fragment else href,
            asset=wanted,
            picture=measure(folder / wanted, known.picture if known else None),
        )
    if _is_data(wanted, index):
        return Target(href=relative_url(document.url, wanted), data=wanted)
    return Target(
        href=written,
        problem=f"there is no '{path[:200]}'",
        hint=_hint(path, wanted, document, index),
    )


def _page(page: str, url: str, fragment: str) -> Target:
    return Target(
        href=relative_url(page, url, fragment) or "#", url=url, page=True, fragment=fragment
    )


def _normal(path: str, document: Document) -> str | None:
    """`path` relative to the content folder; None when it leaves it."""
    if "\0" in path:
        return None
    if path.startswith("/"):
        # GitHub's root is the repository's; the content folder's is taken as well.
        above = document.file.removesuffix(document.path)
        path = path.lstrip("/").removeprefix(above) if above else path.lstrip("/")
        normal = posixpath.normpath(path or ".")
    else:
        normal = posixpath.normpath(posixpath.join(posixpath.dirname(document.path), path))
    if normal == ".." or normal.startswith("../"):
        return None
    return "" if normal == "." else normal


def linked_path(written: str, document: Document) -> str | None:
    """Where a link of `document` leads, relative to the content folder; None when it leaves it.

    That nothing may be there is not looked at.
    """
    path = re.split("[?#]", written, maxsplit=1)[0]
    return _normal(unquote(path), document) if path and not _SCHEME.match(path) else None


_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:|//")


def find_page(path: str, index: Index) -> str | None:
    """The url of a document by its path, its folder, or of any page by its address."""
    for candidate in (path, f"{path}/index.md" if path else "index.md"):
        if candidate in index.documents:
            return index.documents[candidate]
    bare = path.removesuffix("index.html").rstrip("/")
    for url in (f"{bare}/" if bare else "", path):
        if url in index.titles:
            return url
    return None


_DATA = re.compile(r"(?:\.json|(?:\.[A-Za-z][\w-]{0,70})?\.(?:log|txt))")


def _is_data(path: str, index: Index) -> bool:
    """Whether a case's page would have this file beside it: its logs, as embedded and decoded, its JSON."""
    folder, _, name = path.rpartition("/")
    slug = folder.rpartition("/")[2]
    if f"{folder}/" not in index.titles or not folder.startswith(CASES):
        return False
    return name.startswith(slug) and _DATA.fullmatch(name, len(slug)) is not None


def _is_asset(path: str, folder: Path) -> bool:
    """Whether `path` is a file that may be published: no Markdown, nothing hidden or put aside."""
    if any(part.startswith((".", "_")) for part in path.split("/")) or path.endswith(".md"):
        return False
    if not path.isprintable() or "\\" in path:
        return False
    file = folder / path
    try:
        return file.is_file() and is_inside(file, folder)
    except OSError:  # a name that is too long
        return False


def _hint(path: str, wanted: str, document: Document, index: Index) -> str:
    here = posixpath.dirname(document.path) or "."
    if not path.endswith(".md"):
        if f"{wanted.rstrip('/')}.md" in index.documents:
            return f"write '{posixpath.relpath(f'{wanted}.md', here)}'"
        return "put the file into the content folder, beside the document"
    others = [one for one in index.documents if one != document.path]
    near = find_nearest(wanted, others) if len(others) <= _MAX_NEAR else None
    if near and posixpath.dirname(near) == posixpath.dirname(wanted):
        # A long folder that both are in makes no two names alike.
        name = posixpath.basename(near)
        near = near if find_nearest(posixpath.basename(wanted), [name]) else None
    return f"did you mean '{posixpath.relpath(near, here)}'?" if near else ""


_MAX_NEAR = 5000  # documents among which the nearest name is still looked for

# --- Addresses elsewhere ---------------------------------------------------------------------


def commit_url(commit: str) -> str:
    """Where a commit of Linus' tree can be read; empty for what is no commit."""
    return f"https://git.kernel.org/linus/{commit}" if _COMMIT.fullmatch(commit) else ""


def cve_url(cve: str) -> str:
    """The record of a CVE; empty for what is none."""
    return f"https://www.cve.org/CVERecord?id={cve}" if _CVE.fullmatch(cve) else ""


def syzbot_url(extid: str) -> str:
    """Syzbot's page of a bug; empty for what is no id."""
    return f"https://syzkaller.appspot.com/bug?extid={extid}" if _EXTID.fullmatch(extid) else ""


_COMMIT = re.compile(r"[0-9a-f]{7,40}")
_CVE = re.compile(r"CVE-[0-9]{4}-[0-9]{4,9}")
_EXTID = re.compile(r"[0-9a-f]{8,64}")

# --- Checking --------------------------------------------------------------------------------

_ID = re.compile(r'\sid="([^"]*)"')


def anchors(html: str) -> frozenset[str]:
    """The ids of a page, which links may lead to."""
    return frozenset(unescape(name) for name in _ID.findall(html))


def check(pages: Iterable[Page], sink: Sink, *, files: Collection[str] = ()) -> None:
    """Complains about each link to an anchor that its page does not have (X002), in page order.

    Only pages that something links to by a fragment are searched. `files` are all that the
    site has: of links to others than pages, each must be among them (X001).
    """
    pages = tuple(pages)
    wanted = {link.url for page in pages for link in page.links if link.fragment}
    known: Mapping[str, frozenset[str]] = {
        page.url: anchors(page.html) for page in pages if page.url in wanted
    }
    for page in pages:
        for link in page.links:
            if link.data and link.url not in files:
                message = f"the site has no '{link.url[:200]}'"
                near = [file for file in files if _is_beside(file, link.url)]
                sink.add(codes.X001, message, at=link.at, hint=nearest_hint(link.url, near))
            names = known.get(link.url)
            if names is None or not link.fragment or link.fragment in names:
                continue
            sink.add(
                codes.X002,
                f"'{output_path(link.url)}' has no anchor '#{link.fragment[:200]}'",
                at=link.at,
                hint=nearest_hint(link.fragment[:200], names),
            )


def _is_beside(file: str, other: str) -> bool:
    return file.rpartition("/")[0] == other.rpartition("/")[0]


def read_assets(paths: Iterable[str], folder: Path, sink: Sink) -> tuple[tuple[str, bytes], ...]:
    """Name in the output and content of the files that pages need, each once, sorted."""
    found = []
    for path in sorted(set(paths)):
        if not _is_asset(path, folder):
            continue  # gone since the page was rendered
        file = folder / path
        at = Place(f"{folder.name}/{path}")
        try:
            size = file.stat().st_size
            data = file.read_bytes() if size <= MAX_ASSET else b""
        except OSError as error:
            sink.add(codes.G006, f"cannot read: {reason_of(error)}", at=at)
            continue
        if size > MAX_ASSET:
            sink.add(codes.G006, f"larger than {MAX_ASSET >> 20} MiB", at=at)
            continue
        found.append((path, data))
    return tuple(found)
