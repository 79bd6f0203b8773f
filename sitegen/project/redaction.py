"""The [redact] table -> Rules. Complains about each rule by itself, where it stands."""

import os
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec.structs import replace

from sitegen import codes
from sitegen.diagnostics import Sink, nearest_hint
from sitegen.project.inner import RedactRuleTable, RedactTable
from sitegen.project.places import Lines
from sitegen.project.tables import ConfigTable
from sitegen.redact.rules import Rule, Rules

if TYPE_CHECKING:  # what cannot be used is looked at where there is something
    from collections.abc import Iterator

_TABLE = ("redact",)


def read_rules(table: ConfigTable, root: Path, lines: Lines, sink: Sink) -> Rules:
    """The rules of the table, those left out that cannot be used.

    What `sink` holds when this is called is about the configuration. One error of it, and the
    rules are broken: what is misspelt may be what should have hidden something.
    """
    redact = table.redact
    rules = Rules(
        classes=tuple(_classes(redact, lines, sink)),
        rules=tuple(_rules(redact, lines, sink)),
        keep=tuple(redact.keep),
        pointers=redact.pointers,
        map=redact.map,
    )
    _check_map(rules, root, (table.content, table.output), lines, sink)
    return replace(rules, broken=any(one.severity == "error" for one in sink))


def _classes(table: RedactTable, lines: Lines, sink: Sink) -> "Iterator[str]":
    if not table.classes:
        return
    from sitegen.redact.classes import CLASSES  # noqa: PLC0415  reason: only who redacts pays for it

    for name in dict.fromkeys(table.classes):
        if name in CLASSES:
            yield name
            continue
        at = lines.place(_TABLE, "classes")
        sink.add(codes.G010, f"there is no class '{name}'", at=at, hint=nearest_hint(name, CLASSES))


def _rules(table: RedactTable, lines: Lines, sink: Sink) -> "Iterator[Rule]":
    for index, entry in enumerate(table.rules):
        rule = Rule(
            label=entry.as_,
            literal=" ".join(entry.literal.split()),
            pattern=entry.pattern,
            number=index + 1,
        )
        where = (*_TABLE, "rules", index)
        if bool(rule.literal) == bool(rule.pattern):
            both = "both 'literal' and 'pattern'" if rule.literal else "no 'literal' or 'pattern'"
            at = lines.place(where, "as")
            sink.add(codes.G010, f"rule {rule.number} has {both}", at=at, hint="give one of them")
        elif not rule.pattern or _is_good(entry, where, lines, sink):
            yield rule


def _is_good(
    entry: RedactRuleTable, where: tuple[str | int, ...], lines: Lines, sink: Sink
) -> bool:
    """Whether the rule's pattern can be used; complains if it cannot."""
    import re  # noqa: PLC0415  reason: beside the next

    from sitegen.redact.patterns import fault_of  # noqa: PLC0415  reason: only who redacts pays for it

    at = lines.place(where, "pattern")
    if fault := fault_of(entry.pattern):
        sink.add(codes.G010, f"'{entry.pattern[:80]}' {fault.message}", at=at, hint=fault.hint)
        return False
    stem = entry.as_ if entry.as_.endswith("_") else f"{entry.as_}-"
    if all(re.search(entry.pattern, f"{stem}{number}") for number in (1, 23, 456)):
        message = f"'{entry.pattern[:80]}' takes its own pseudonyms, such as '{stem}1', for values"
        sink.add(codes.G011, message, at=at, hint="give another 'as', or a narrower pattern")
        return False
    return True


def _check_map(
    rules: Rules, root: Path, folders: tuple[str, str], lines: Lines, sink: Sink
) -> None:
    """Complains about a map that would be published, or read as content."""
    if not rules:
        return
    path = os.path.realpath(root / rules.map)
    for name in folders:
        if Path(path).is_relative_to(os.path.realpath(root / name)) or not rules.map:
            at = lines.place(_TABLE, "map")
            message = f"the map of redactions lies in '{name}'" if rules.map else "'map' is empty"
            sink.add(codes.G012, message, at=at, hint="keep it beside the configuration")
            return
