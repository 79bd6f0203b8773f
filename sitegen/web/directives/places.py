"""Where a line of source can be read: as text, and as a link when the kernel has a browser."""

from html import escape
from typing import NamedTuple
from urllib.parse import quote


class Spot(NamedTuple):
    """A place in the source, and the address to read it at (empty: plain text)."""

    text: str
    href: str = ""


class Browse(NamedTuple):
    """Where a kernel's source can be read online."""

    template: str = ""
    "with {file} and {line}; empty for nowhere"
    outside: tuple[str, ...] = ()
    "what the paths of files begin with that are not in the kernel's tree, and so not there"


NOWHERE = Browse()


def spot(file: str, line: int | None, browse: Browse, *, last: int | None = None) -> Spot:
    """`file:line` (or `file:line-last`) with its link, where the file can be read online."""
    if not file:
        return Spot("")
    text = file if line is None else f"{file}:{line}"
    if last is not None and last != line:
        text += f"-{last}"
    return Spot(text, _href(file, line, browse))


def _href(file: str, line: int | None, browse: Browse) -> str:
    """Empty where there is no template, or the path is none of the kernel's tree."""
    template = browse.template
    if not template.startswith(("https://", "http://")) or file.startswith(("/", "<")):
        return ""
    if ".." in file.split("/") or any(file.startswith(f"{name}/") for name in browse.outside):
        return ""
    return template.replace("{file}", quote(file)).replace("{line}", str(line or 1))


def spot_html(found: Spot, part: str = "at") -> str:
    """The spot as one element of class `part`; empty for an empty one."""
    if not found.text:
        return ""
    text = escape(found.text)
    if found.href:
        return f'<a class="{part}" href="{escape(found.href)}">{text}</a>'
    return f'<span class="{part}">{text}</span>'
