"""The report that GitLab documents: what each issue must have."""

import json
import re
from itertools import pairwise

from msgspec.structs import replace

from sitegen.reporters import FORMATS, Report


def test_every_issue_has_what_gitlab_asks_for(report) -> None:
    issues = json.loads(FORMATS["gitlab"](report))

    for issue in issues:
        assert set(issue) == {"description", "check_name", "fingerprint", "severity", "location"}
        assert issue["severity"] in {"info", "minor", "major", "critical", "blocker"}
        assert "\n" not in issue["description"]
        assert re.fullmatch(r"[0-9a-f]{32}", issue["fingerprint"])
        assert not issue["location"]["path"].startswith((".", "/"))
        assert issue["location"]["lines"]["begin"] >= 1
    assert [(issue["check_name"], issue["location"]["path"]) for issue in issues] == [
        ("G001", "wiki/sitegen.toml"),
        ("M009", "wiki/content/a b,c:d%é.md"),
        ("X001", "wiki/content/x.md"),
        ("S006", "wiki/content/x.md"),
        ("S006", "wiki/content/x.md"),
        ("M004", "wiki/content/x.md"),
    ]
    assert [issue["location"]["lines"]["begin"] for issue in issues] == [1, 1, 7, 8, 9, 10]


def test_no_two_issues_have_one_fingerprint_and_lines_do_not_matter(report) -> None:
    def fingerprints(told: Report) -> list[str]:
        return [issue["fingerprint"] for issue in json.loads(FORMATS["gitlab"](told))]

    moved = tuple(
        replace(one, at=replace(one.at, line=one.at.line + 5)) if one.at and one.at.line else one
        for one in report.diagnostics
    )

    assert len(set(fingerprints(report))) == len(fingerprints(report))
    assert fingerprints(report._replace(diagnostics=moved)) == fingerprints(report)
    assert all(a != b for a, b in pairwise(fingerprints(report)))


def test_no_problems_are_an_empty_list() -> None:
    assert json.loads(FORMATS["gitlab"](Report(()))) == []
