"""Our own JSON, and what all reports start from."""

import json

import pytest

from sitegen import codes
from sitegen.diagnostics import Diagnostic, Place
from sitegen.reporters import FORMATS, Report, in_order, repository_prefix, sum_up
from sitegen.reporters.schema import report_schema


def test_the_json_report_has_all_there_is(report) -> None:
    found = json.loads(FORMATS["json"](report))

    assert (found["schema"], found["prefix"]) == (1, "wiki/")
    assert found["counts"] == {"error": 3, "warning": 2, "note": 2}
    assert found["diagnostics"][0] == {
        "code": "G001",
        "severity": "error",
        "message": "no place at all",
    }
    assert found["diagnostics"][5] == {
        "code": "M004",
        "severity": "error",
        "message": "long line",
        "path": "content/x.md",
        "line": 10,
        "column": 400,
        "end": 410,
    }


def test_the_json_report_is_as_its_schema_says(report) -> None:
    jsonschema = pytest.importorskip("jsonschema")
    validator = jsonschema.Draft7Validator(report_schema())

    validator.validate(json.loads(FORMATS["json"](report)))
    validator.validate(json.loads(FORMATS["json"](Report(()))))
    assert not validator.is_valid(json.loads(FORMATS["json"](report)) | {"other": 1})


def test_a_sum_leaves_out_what_there_is_none_of() -> None:
    error, note = Diagnostic(codes.M004, "a"), Diagnostic(codes.S006, "b")
    assert sum_up(()) == "no problems"
    assert sum_up((error,)) == "1 error"
    assert sum_up((error, note, note)) == "1 error, 2 notes"


def test_diagnostics_are_put_in_order_and_told_once() -> None:
    late = Diagnostic(codes.M004, "late", Place("b.md", 2, 3))
    early = Diagnostic(codes.M004, "early", Place("b.md", 2, 1))
    nowhere = Diagnostic(codes.G001, "nowhere")
    other = Diagnostic(codes.X001, "other", Place("a.md", 9))

    assert in_order([late, early, late, other, nowhere]) == (nowhere, other, early, late)


def test_paths_are_relative_to_the_repository(tmp_path) -> None:
    wiki = tmp_path / "work" / "docs" / "wiki"
    wiki.mkdir(parents=True)
    assert repository_prefix(wiki, {}) == ""
    assert repository_prefix(wiki, {"GITHUB_WORKSPACE": str(tmp_path / "work")}) == "docs/wiki/"
    assert repository_prefix(wiki, {"GITHUB_WORKSPACE": str(tmp_path / "other")}) == ""

    (tmp_path / "work" / "docs" / ".git").write_text("gitdir: elsewhere\n")
    assert repository_prefix(wiki, {"GITHUB_WORKSPACE": str(tmp_path / "work")}) == "wiki/"
    (wiki / ".git").mkdir()
    assert repository_prefix(wiki, {}) == ""


@pytest.mark.parametrize("form", FORMATS)
def test_names_that_are_no_text_can_be_told(form) -> None:
    odd = Diagnostic(codes.S014, "'\udc80\x1b[2J\x00'", Place("content/\udc80\n.lock.json", 1))

    told = FORMATS[form](Report((odd,), prefix="wiki/"))

    assert told.encode("utf-8")
    assert "\x1b" not in told
    assert "\x00" not in told
