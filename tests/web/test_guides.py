"""What is said of each kind of crash."""

import re

import pytest

from sitegen.crash.log.kinds import KINDS
from sitegen.web.index import TAXONOMIES, CaseRow, Finding, Mention, Term
from sitegen.web.pages.terms.guides import GUIDES
from sitegen.web.pages.terms.kind import kind_view

KIND = next(one for one in TAXONOMIES if one.key == "kinds")


def test_every_kind_of_crash_has_its_guide_and_no_other() -> None:
    assert set(GUIDES) == {kind.key for kind in KINDS}


@pytest.mark.parametrize("key", sorted(GUIDES))
def test_a_guide_is_sentences_with_whole_code(key: str) -> None:
    guide = GUIDES[key]
    assert guide.read
    assert guide.next
    for text in (guide.means, *guide.read, *guide.next):
        assert text.endswith((".", "`."))
        assert text.count("`") % 2 == 0
        assert "  " not in text
        assert not re.search(r"[<>]", text.replace("<#DF>", ""))


def test_a_kind_counts_where_its_crashes_were() -> None:
    def mention(*functions: str) -> Mention:
        found = tuple(
            Finding(kind="bug", label="BUG()", title="t", function=one) for one in functions
        )
        return Mention(CaseRow(url="cases/a/", title="A"), (), found)

    term = Term(
        "kinds", "bug", "BUG()", "kinds/bug/", (mention("f", "g"), mention("g"), mention(""))
    )
    view = kind_view(KIND, term, {})
    assert view.says == "4 reports in 3 cases."
    assert [(one.name, one.reports) for one in view.functions] == [("g", 2), ("f", 1)]
    assert "<code>BUG()</code>" in view.means


def test_a_kind_that_nobody_wrote_of_lists_its_cases() -> None:
    term = Term("kinds", "new", "New", "kinds/new/", (Mention(CaseRow(url="c/", title="A")),))
    view = kind_view(KIND, term, {})
    assert (view.means, view.read, len(view.rows)) == ("", (), 1)
