"""Names of places on a case's page that other pages link to."""

import re

PARTS = ("log", "trace", "registers", "code", "walk", "chain")
"""Anchors of the parts of a log's page: no heading of the prose may get them."""

_RESERVED = re.compile(
    rf"(?:^|-)(?:{'|'.join(PARTS)}|main|summary|raw|title|frame|table|fn|[Lw][0-9]+)(?:-|\Z)"
)


def section_anchor(log: str, number: int) -> str:
    """The anchor of the log with this id, the case's `number`th from 1: its id, if none can be alike.

    A word of `_RESERVED` in it could make it, or an anchor with it, another part's.
    """
    return f"log-{number}" if _RESERVED.search(log) else log


def anchor_prefix(log: str, number: int) -> str:
    """What tells a log's anchors from another's: nothing for the first log, so links stay good."""
    return "" if number == 1 else f"{section_anchor(log, number)}-"


def step_anchor(prefix: str, function: str) -> str:
    """Where the walk shows the function for the first time."""
    name = "-".join(function.split())  # "the function before X" is a name, too
    return f"{prefix}walk-{name}"
