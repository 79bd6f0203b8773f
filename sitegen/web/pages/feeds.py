"""What programs read of the whole site: the feed of new cases, the map of all pages, redirects."""

from collections.abc import Iterable
from typing import NamedTuple
from urllib.parse import quote

from sitegen.web.index import CaseSummary, Index

FEED = "feed.xml"
SITEMAP = "sitemap.xml"
ROBOTS = "robots.txt"

_MOST = 50
"""Cases in the feed."""
_MOST_PLACES = 50_000
"""Pages in a map, as its protocol allows."""


class FeedEntry(NamedTuple):
    """A case in the feed."""

    url: str
    title: str
    published: str
    "YYYY-MM-DD"
    updated: str
    "YYYY-MM-DD: the newest date that the case knows"
    summary: str
    tags: tuple[str, ...]
    authors: tuple[str, ...]


class FeedView(NamedTuple):
    """The feed of new cases."""

    title: str
    subtitle: str
    updated: str
    "YYYY-MM-DD: of the first entry; without entries the beginning of time, since it must stand"
    entries: tuple[FeedEntry, ...]


class PlaceView(NamedTuple):
    """A page in the map of the site."""

    url: str
    changed: str
    "YYYY-MM-DD; empty where it is not known"


class SitemapView(NamedTuple):
    """The map of the site."""

    places: tuple[PlaceView, ...]


def feed_view(index: Index, *, title: str, description: str = "") -> FeedView:
    """The cases that changed last, newest first. Undated ones cannot stand in a feed."""
    dated = [case for case in index.cases if _changed(case)]
    newest = sorted(dated, key=_changed, reverse=True)[:_MOST]
    entries = tuple(_entry(case) for case in newest)
    updated = entries[0].updated if entries else "1970-01-01"
    return FeedView(_printable(title), _printable(description), updated, entries)


def _changed(case: CaseSummary) -> str:
    return max(case.date, case.last)


def _entry(case: CaseSummary) -> FeedEntry:
    where = f" in {case.function}" if case.function else ""
    place = f", {case.file}:{case.line}" if case.file and case.line else ""
    return FeedEntry(
        url=case.url,
        title=_printable(case.title),
        published=case.date or case.first,
        updated=_changed(case),
        summary=_printable(f"{case.label}{where}{place}" if case.label else case.crash),
        tags=tuple(map(_printable, case.tags)),
        authors=tuple(map(_printable, case.authors)),
    )


def _printable(text: str) -> str:
    """Without the control characters that XML has no way to write."""
    return "".join(c for c in text if c.isprintable())


def sitemap_view(index: Index, lists: Iterable[str]) -> SitemapView:
    """All pages: documents and cases first, then `lists`, then terms."""
    places = [PlaceView(page.url, "") for page in index.pages]
    places += [PlaceView(case.url, _changed(case)) for case in index.cases]
    places += [PlaceView(url, "") for url in lists]
    places += [
        PlaceView(term.url, term.mentions[0].case.date)
        for terms in index.terms.values()
        for term in terms
    ]
    unique = {place.url: place for place in reversed(places)}
    places = [place._replace(url=quote(place.url)) for place in sorted(unique.values())]
    return SitemapView(tuple(places[:_MOST_PLACES]))
