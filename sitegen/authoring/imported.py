"""What an export or a thread of mails tells of a crash, as far as a case keeps it.

The readers of each sort make this value; `importing` makes the case of it.
"""

import re
from typing import NamedTuple
from urllib.parse import quote

from sitegen.authoring.sources import Found
from sitegen.web.content import Fixes, Occurrence, Snapshot, Status

_LINK = re.compile(r"https?://[^\s\"'<>\\`|]{1,1900}\Z")


class Row(NamedTuple):
    """A line of the timeline."""

    day: str
    text: str
    "Markdown"


class Imported(NamedTuple):
    """A bug as others recorded it. Texts are plain, but for those that say otherwise."""

    title: str = ""
    "empty where the log is to say it"
    status: Status = "open"
    day: str = ""
    reported: str = ""
    repro: str = ""
    fixes: Fixes = Fixes()
    occurrences: tuple[Occurrence, ...] = ()
    snapshot: Snapshot = Snapshot()
    log: Found | None = None
    log_link: str = ""
    "where the log is to be had, when it is not in the file"
    notes: str = ""
    "Markdown: what is to stand above the log"
    fix: str = ""
    "Markdown: what is known of the fix"
    range: str = ""
    "Markdown: what is known of where it came from"
    reproduce: str = ""
    "Markdown: how it is reproduced"
    timeline: tuple[Row, ...] = ()


def link_of(text: object, base: str = "") -> str:
    """`text` as an address that front matter takes; empty when it is none. `base` heads one without a host."""
    if not isinstance(text, str):
        return ""
    text = text.strip()
    if base and text.startswith("/") and not text.startswith("//"):
        text = base + text
    return text if _LINK.match(text) else ""


def markdown_link(text: str, address: str) -> str:
    """A link in Markdown; its text alone where there is no address."""
    safe = quote(address, safe="/:?#@!$&*+,;=%~._-")
    return f"[{text}]({safe})" if address else text


def commit_of(text: object) -> str:
    """`text` as a commit that front matter takes; empty when it is none."""
    if not isinstance(text, str):
        return ""
    found = re.fullmatch(r"[0-9a-f]{7,40}", text.strip().lower())
    return found[0] if found else ""
