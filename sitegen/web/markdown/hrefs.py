"""Links and pictures as written -> hrefs; collects what the page needs and leads to."""

import re
from html import escape

from sitegen import codes
from sitegen.diagnostics import Sink
from sitegen.web.index import Link
from sitegen.web.links import Target
from sitegen.web.markdown.places import Places
from sitegen.web.markdown.values import Resolve
from sitegen.web.pictures import Picture

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

    def picture(
        self,
        written: str,
        says: str,
        title: str,
        line: int,
        *,
        wanted: tuple[str, str] = ("", ""),
        linked: bool = False,
    ) -> str:
        """A picture of the site, which keeps its room while it loads: its size is in the page.

        A link to it where it cannot be shown, since pages load nothing from other hosts; its
        words alone inside a link (`linked`). `wanted` are width and height that an author asks for.
        """
        alternative = escape(says)
        if _SCHEME.match(written) or written.startswith("//"):
            href = self.href(written, line)
            if href is not None:
                self._sink.add(
                    codes.X003,
                    f"a picture from another host, '{written[:200]}'",
                    at=self._places.at_link(line, written),
                    hint="put a copy beside the document",
                )
            return self._instead(href, alternative, linked=linked)
        target = self._inside(written, line)
        if target.problem or target.picture is None:
            if not target.problem:
                self._sink.add(
                    codes.X006,
                    f"'{written[:200]}' is no picture that browsers show",
                    at=self._places.at_link(line, written),
                    hint="write a link, without the '!' before it",
                )
            return self._instead(target.href or None, alternative, linked=linked)
        if not says.strip():
            self._sink.add(
                codes.X005,
                f"the picture '{written[:200]}' has no words beside it",
                at=self._places.at_link(line, written),
                hint="say between the brackets what it shows",
            )
        size = _size(target.picture, wanted)
        return f'<img src="{escape(target.href)}" alt="{alternative}"{_title(title)}{size} loading="lazy">'

    def _instead(self, href: str | None, alternative: str, *, linked: bool) -> str:
        if href is None or linked:
            return alternative
        return f'<a href="{escape(href)}">{alternative or escape(href)}</a>'


def _size(picture: Picture, wanted: tuple[str, str]) -> str:
    """Width and height as attributes; where one is asked for, the other follows."""
    width, height = (int(one) if one else 0 for one in wanted)
    if picture.width and picture.height:
        if not width and not height:
            width, height = picture.width, picture.height
        elif not height:
            height = round(picture.height * width / picture.width)
        elif not width:
            width = round(picture.width * height / picture.height)
    sides = (("width", width), ("height", height))
    return "".join(f' {name}="{value}"' for name, value in sides if value)


def _title(title: str) -> str:
    return f' title="{escape(title)}"' if title else ""
