"""Names that differ by capitals alone, and one bug in two cases."""

from pathlib import Path

import pytest


@pytest.fixture
def wiki(tmp_path, monkeypatch):
    """Makes a wiki of cases with the front matter given, and looks at it."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    folder = tmp_path / "wiki"
    (folder / "content" / "cases").mkdir(parents=True)
    (folder / "sitegen.toml").write_text('title = "Wiki"\n[severity]\nM008 = "ignore"\n')

    def make(*fronts: str) -> Path:
        for number, front in enumerate(fronts):
            path = folder / "content" / "cases" / f"c{number}.md"
            path.write_text(f"---\ntitle: Case {number}\n{front}\n---\n\nProse.\n")
        return folder

    return make


def said(found) -> list[str]:
    return [f"{one.at.path}:{one.at.line}: {one.code.id}: {one.message}" for one in found]


def test_the_rarer_spelling_is_told_wherever_it_stands(wiki, look) -> None:
    found = look(
        wiki(
            "tags: [sysrq]",
            "tags: [vfs, Sysrq]",
            "tags: [sysrq]",
            "tags:\n  - x\n  - Sysrq",
            "tags: [sysrq]",
        )
    )

    assert said(found) == [
        "content/cases/c1.md:3: G025: the tag 'Sysrq' is 'sysrq' elsewhere",
        "content/cases/c3.md:5: G025: the tag 'Sysrq' is 'sysrq' elsewhere",
    ]


def test_of_two_spellings_as_frequent_the_first_counts(wiki, look) -> None:
    found = look(wiki("authors: [Ann]", "authors: [ANN]"))

    assert said(found) == ["content/cases/c1.md:3: G025: the author 'ANN' is 'Ann' elsewhere"]


def test_one_bug_in_two_cases_is_told_unless_one_is_a_duplicate(wiki, look) -> None:
    bug = "fixes: {syzbot: 0123456789abcdef}"
    found = look(wiki(bug, bug, f"status: duplicate\n{bug}"))

    assert said(found)[0] == (
        "content/cases/c1.md:3: G026: 'content/cases/c0.md' is about the same syzbot bug"
    )
    assert [one.code.id for one in found] == ["G026", "M021"]


def test_one_cve_is_one_bug_only_under_one_title(wiki, look) -> None:
    cve = "fixes: {cve: CVE-2026-12345}"
    folder = wiki(cve, cve)
    assert said(look(folder)) == []

    path = folder / "content" / "cases" / "c1.md"
    path.write_text(path.read_text().replace("Case 1", "case 0"))

    assert [one.code.id for one in look(folder)] == ["G026"]


def test_a_value_that_is_wrong_is_not_said_to_be_missing_as_well(wiki, look) -> None:
    found = look(wiki("status: fixed\nfixes: {fixed: soon}"))

    assert [one.code.id for one in found] == ["M003"]
