"""What stands beside a page's text: its contents, and the files that belong to it."""

import re
from collections.abc import Iterable, Iterator
from html import unescape
from typing import NamedTuple

from sitegen.web.directives import CaseLog
from sitegen.web.index import case_files


class Entry(NamedTuple):
    """A line of the contents."""

    anchor: str
    text: str


class File(NamedTuple):
    """A file that belongs to the page."""

    url: str
    text: str


def files_beside(url: str, logs: tuple[CaseLog, ...]) -> tuple[File, ...]:
    """What is published beside the page."""
    if not logs:
        return ()
    files = case_files(url, tuple(log.id for log in logs))
    found = []
    for log, (raw, decoded) in zip(logs, files.logs, strict=True):
        found.append(File(raw, "Raw log" if len(logs) == 1 else raw.rpartition("/")[2]))
        if _is_decoded(log):
            text = "Decoded log" if len(logs) == 1 else decoded.rpartition("/")[2]
            found.append(File(decoded, text))
    return (*found, File(files.text, "Text for mail"), File(files.json, "Case as JSON"))


def _is_decoded(log: CaseLog) -> bool:
    """Whether a decoded text of the log is published: when a frame with its size was decoded."""
    for report in log.evidence.reports:
        frames = [frame for frame in (report.pc, report.lr) if frame]
        for trace in report.traces:
            frames += trace.frames
        if any(frame.calls and frame.size is not None for frame in frames):
            return True
    return False


_HEADING = re.compile(r'<h2 id="([^"]+)">(.*?)</h2>', re.DOTALL)
_TAG = re.compile(r"<[^>]*>")


def headings(parts: Iterable[str]) -> Iterator[Entry]:
    for html in parts:
        for match in _HEADING.finditer(html):
            text = unescape(_TAG.sub("", match[2])).strip()
            yield Entry(unescape(match[1]).removesuffix("-title"), text)
