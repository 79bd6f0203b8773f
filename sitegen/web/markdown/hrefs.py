"""Links and pictures as written -> hrefs; collects what the page needs and leads to."""

import re
from html import escape

from sitegen import codes
from sitegen.diagnostics import Sink
from sitegen.web.index import Link
from sitegen.web.links import Target
from sitegen.web.markdown.places import Places
from sitegen.web.markdown.values import Resolve

_SCHEMES = frozenset({"http", "https", "mailto", "ftp", "git", "irc", "ircs"})
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):")


class Hrefs:
    """The links of one document. Lines are of the body, from 0: where the block of a link begins."""

    def __init__(self, places: Places, resolve: Resolve, sink: Sink) -> None:
        self._places = places
        self._resolve = resolve
        self._sink = sink
        self.links: list[Link] = []
        "to anchors and data of the site, to be checked when all pages are rendered"
        self.assets: set[str] = set()

    def href(self, written: str, line: int) -> str | None:
        """The href of a link as written; None when its scheme is refused."""
        if found := _SCHEME.match(written):
            if found[1].lower() in _SCHEMES:
                return written
            message = f"the link '{written[:80]}' has the scheme '{found[1].lower()}'"
            at = self._places.at_link(line, written)
            self._sink.add(codes.X004, message, at=at, hint="use http, https or mailto")
            return None
        if written.startswith("//"):
            return written
        return self._inside(written, line).href or None

    def _inside(self, written: str, line: int) -> Target:
        """Where a link inside the site leads."""
        target = self._resolve(written)
        if target.problem:
            at = self._places.at_link(line, written)
            self._sink.add(codes.X001, target.problem, at=at, hint=target.hint)
        if target.asset:
            self.assets.add(target.asset)
        elif target.data:
            at = self._places.at_link(line, written)
            self.links.append(Link(at, target.data, data=True))
        elif target.page and target.fragment:
            at = self._places.at_link(line, written)
            self.links.append(Link(at, target.url, target.fragment))
        return target

    def link(self, written: str, title: str, line: int) -> tuple[str, str]:
        """What stands before and after a link's text; nothing for a link that is refused."""
        href = self.href(written, line)
        if href is None:
            return "", ""
        return f'<a href="{escape(href)}"{_title(title)}>', "</a>"

    def picture(self, written: str, says: str, title: str, line: int) -> str:
        """A picture of the site, or a link to one elsewhere: pages load nothing from other hosts."""
        alternative = escape(says)
        href = self.href(written, line)
        if href is None:
            return alternative
        if _SCHEME.match(written) or written.startswith("//"):
            self._sink.add(
                codes.X003,
                f"a picture from another host, '{written[:200]}'",
                at=self._places.at_link(line, written),
                hint="put a copy beside the document",
            )
            return f'<a href="{escape(href)}">{alternative or escape(href)}</a>'
        return f'<img src="{escape(href)}" alt="{alternative}"{_title(title)} loading="lazy">'


def _title(title: str) -> str:
    return f' title="{escape(title)}"' if title else ""
