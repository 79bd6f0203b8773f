"""Problems that follow from another one are not told beside it."""

from sitegen import codes
from sitegen.check.echoes import without_echoes
from sitegen.diagnostics import Diagnostic, Place

LOG = Place("content/cases/a.md", 6)


def told(*problems: Diagnostic) -> list[str]:
    return [one.code.id for one in without_echoes(problems)]


def test_a_log_without_a_lock_is_not_said_to_be_undecoded_as_well() -> None:
    assert told(Diagnostic(codes.S006, "x", LOG), Diagnostic(codes.S007, "x", LOG)) == ["S007"]
    assert told(Diagnostic(codes.S006, "x", LOG)) == ["S006"]


def test_a_lock_that_cannot_be_read_is_said_to_be_that_alone() -> None:
    lock = Diagnostic(codes.S008, "x", Place("content/cases/a.lock.json"))
    folder = Diagnostic(codes.S007, "x", Place("content/cases/b/index.md", 3))

    assert told(lock, Diagnostic(codes.S007, "x", LOG), folder) == ["S008", "S007"]
    assert told(Diagnostic(codes.S008, "x", Place("content/cases/b/b.lock.json")), folder) == [
        "S008"
    ]


def test_claims_on_a_log_that_is_missing_wait_for_it() -> None:
    claim = Diagnostic(codes.C006, "x", Place("content/cases/a.md", 9))

    assert told(Diagnostic(codes.L002, "x", LOG), claim) == ["L002"]
    assert told(claim, Diagnostic(codes.G001, "nowhere")) == ["C006", "G001"]


def test_links_into_a_log_that_is_missing_wait_for_it() -> None:
    def link(text: str) -> Diagnostic:
        return Diagnostic(
            codes.X002, "x", Place("content/cases/a.md", 9, 5, 5 + len(text), f"[a]({text})")
        )

    missing = Diagnostic(codes.L002, "x", LOG)

    assert told(missing, link("#L370"), link("other.md#L370")) == ["L002", "X002"]
    assert told(link("#L370")) == ["X002"]
