"""A bug of a syzbot dashboard as JSON (`&json=1`) -> Imported.

Keys that are missing or have another form than they had are left out, and told: the
dashboard goes on without us. Nothing is fetched; what stands elsewhere is linked.
"""

import json
import re
from collections.abc import Sequence
from typing import Any

from sitegen import codes
from sitegen.authoring.dates import known_day
from sitegen.authoring.imported import Imported, Row, commit_of, link_of, markdown_link
from sitegen.authoring.render import code, plain
from sitegen.authoring.sources import Refused
from sitegen.diagnostics import Sink
from sitegen.web.content import Fixes, Occurrence, Snapshot, Status
from sitegen.wording import one_line

DASHBOARD = "https://syzkaller.appspot.com"
MOST_CRASHES = 20
"""Crashes whose links are kept; a bug may have thousands."""
_MOST_LINKS = 20
_LARGEST = 16 << 20

_KEYS = frozenset(
    [
        "version",
        "title",
        "display-title",
        "id",
        "status",
        "first-crash",
        "last-crash",
        "fix-time",
        "close-time",
        "fix-commits",
        "cause-commit",
        "discussions",
        "crashes",
        "parent",
        "subsystems",
        "link",
        "namespace",
    ]
)
_STATES: tuple[tuple[str, Status], ...] = (
    ("dup", "duplicate"),
    ("invalid", "invalid"),
    ("obsolete", "invalid"),
    ("fixed", "fixed"),
)
"what the dashboard's status begins with, after what stands before a colon"


def is_export(data: bytes) -> bool:
    """Whether these bytes may be such an export."""
    return data.lstrip()[:1] == b"{"


def read_export(data: bytes, name: str, sink: Sink) -> Imported | Refused:
    """The bug that the export tells of."""
    if len(data) > _LARGEST:
        return Refused(f"larger than {_LARGEST >> 20} MiB")
    try:
        bug = json.loads(data)
    except (ValueError, RecursionError):
        return Refused("not JSON", "save the bug's page with '&json=1' at the end of its address")
    if not isinstance(bug, dict) or not (_text(bug, "title") or _list(bug, "crashes")):
        hint = "save the page of one bug, not of a list, with '&json=1' at the end of its address"
        return Refused("JSON, but not a bug of a syzbot dashboard", hint)
    unknown = sorted(str(key)[:40] for key in bug.keys() - _KEYS)
    if unknown:
        shown = ", ".join(f"'{key}'" for key in unknown[:5])
        sink.add(codes.G019, f"'{name}': keys that are not understood are left out: {shown}")
    missing = [key for key in ("title", "id", "crashes") if not bug.get(key)]
    if missing:
        sink.add(codes.G017, f"'{name}': the export has no '{missing[0]}'")
    return _imported(bug)


def _imported(bug: dict[str, Any]) -> Imported:
    crashes = [one for one in _list(bug, "crashes") if isinstance(one, dict)]
    fixed, cause = _commits(bug, "fix-commits"), _commits(bug, "cause-commit")
    first, last, closed = (_day(bug, key) for key in ("first-crash", "last-crash", "close-time"))
    closed = _day(bug, "fix-time") or closed
    identity = _text(bug, "id")
    page = link_of(_text(bug, "link"), DASHBOARD)
    if not page and re.fullmatch(r"[0-9a-f]{8,64}", identity):
        page = f"{DASHBOARD}/bug?id={identity}"
    talks = [link for one in _list(bug, "discussions") if (link := link_of(one, DASHBOARD))]
    links = dict.fromkeys([page, *talks[:_MOST_LINKS]])
    extid = re.search(r"[?&]extid=([0-9a-f]{8,64})\b", " ".join([page, *talks]))
    timeline = (
        [Row(first, "first crash"), Row(last, "last crash")]
        if first != last
        else [Row(first, "crash")]
    )
    timeline.append(Row(closed, "closed"))
    return Imported(
        title=_text(bug, "display-title") or _text(bug, "title"),
        status=_status(bug, bool(fixed)),
        day=first,
        repro=_repro(crashes),
        fixes=Fixes(
            introduced=next((hash_ for hash_, _ in cause if hash_), ""),
            fixed=next((hash_ for hash_, _ in fixed if hash_), ""),
            syzbot=extid[1] if extid else "",
            reported_by=("syzbot",),
            links=tuple(link for link in links if link),
        ),
        occurrences=tuple(Occurrence(date=day) for day in dict.fromkeys((first, last)) if day),
        snapshot=Snapshot(source="syzbot", link=page),
        log_link=next(
            (link for one in crashes if (link := link_of(one.get("crash-report-link"), DASHBOARD))),
            "",
        ),
        fix="".join(f"Fixed by {said}.\n" for _, said in fixed[:5]).rstrip(),
        range="".join(f"Bisection says {said}.\n" for _, said in cause[:1]).rstrip(),
        reproduce=_table(crashes),
        timeline=tuple(row for row in timeline if row.day),
    )


def _status(bug: dict[str, Any], has_fix: bool) -> Status:  # noqa: FBT001  reason: what is asked has one name
    said = _text(bug, "status").lower()
    words = said.rpartition(": ")[2] if said.startswith("moderation") else said
    for begins, status in _STATES:
        if words.startswith(begins) or f": {begins}" in said:
            return status
    return "fixed" if has_fix and (bug.get("fix-time") or bug.get("close-time")) else "open"


def _repro(crashes: Sequence[dict[str, Any]]) -> str:
    if any(one.get("c-reproducer") for one in crashes):
        return "C"
    return "syz" if any(one.get("syz-reproducer") for one in crashes) else ""


def _commits(bug: dict[str, Any], key: str) -> list[tuple[str, str]]:
    """Hash (or nothing) and Markdown of each commit under a key, which holds one or a list."""
    value = bug.get(key)
    found = value if isinstance(value, list) else [value]
    return [
        (commit_of(one.get("hash")), _commit(one))
        for one in found
        if isinstance(one, dict) and _text(one, "title")
    ]


def _commit(one: dict[str, Any]) -> str:
    return markdown_link(plain(_text(one, "title")), link_of(one.get("link"), DASHBOARD))


_LINKS = (
    ("report", "crash-report-link"),
    ("C", "c-reproducer"),
    ("syz", "syz-reproducer"),
    ("config", "kernel-config"),
)


def _table(crashes: Sequence[dict[str, Any]]) -> str:
    """The crashes as a table of links; nothing when there are none."""
    rows = [_row(one) for one in crashes[:MOST_CRASHES]]
    if not rows:
        return ""
    more = len(crashes) - len(rows)
    rest = f"\n\n{more} more crashes are on the dashboard." if more else ""
    return "\n".join(["| kernel | built with | |", "|---|---|---|", *rows]) + rest


def _row(one: dict[str, Any]) -> str:
    commit = _text(one, "kernel-source-commit")
    kernel = (
        markdown_link(code(commit[:12]), link_of(one.get("kernel-source-git"), DASHBOARD))
        if commit
        else ""
    )
    built = " ".join(filter(None, (_text(one, "compiler-description"), _text(one, "architecture"))))
    links = (
        markdown_link(label, link)
        for label, key in _LINKS
        if (link := link_of(one.get(key), DASHBOARD))
    )
    return f"| {kernel} | {plain(built[:120])} | {', '.join(links)} |"


def _text(value: dict[str, Any], key: str) -> str:
    found = value.get(key)
    if not isinstance(found, str):
        return ""
    return one_line(found[:2000])


def _list(value: dict[str, Any], key: str) -> list[Any]:
    found = value.get(key)
    return found if isinstance(found, list) else []


def _day(bug: dict[str, Any], key: str) -> str:
    """The day of a time such as `2026-11-23T10:42:11Z`; the dashboard's zero time is none."""
    return known_day(_text(bug, key)[:10])
