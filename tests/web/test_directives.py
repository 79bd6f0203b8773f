"""Directives: what each shows of a case, and how one is added."""

from collections.abc import Callable
from pathlib import Path

import pytest
from msgspec.structs import replace

from sitegen.diagnostics import Place, Sink
from sitegen.web import directives
from sitegen.web.content import FrontMatter
from sitegen.web.directives import Case, CaseLog
from sitegen.web.markdown import DirectiveUse

TEMPLATES = Path(__file__).parents[2] / "themes/default/templates/directives"
AT = Place("content/cases/lamp.md", 7, 5)


def use(name: str, argument: str = "", **rest: object) -> DirectiveUse:
    return DirectiveUse(name=name, argument=argument, at=AT, **rest)  # type: ignore[arg-type]  reason: as above


def view(case: Case, name: str, argument: str = "", **rest: object) -> object | None:
    return directives.view_of(use(name, argument, **rest), case, Sink())


def test_every_directive_has_its_partial_and_every_partial_its_directive() -> None:
    assert {path.stem for path in TEMPLATES.glob("*.html")} == set(directives.SPECS)


def test_a_frame_that_the_chain_does_not_have_is_an_error_naming_the_nearest(case: Case) -> None:
    sink = Sink()
    assert directives.view_of(use("frame", "vfs_wrte"), case, sink) is None
    [found] = sink.found()
    assert (found.code.id, found.at, found.hint) == ("C001", AT, "did you mean 'vfs_write'?")


def test_a_frame_shows_its_step_with_the_authors_prose(case: Case) -> None:
    found = view(case, "frame", "vfs_write", body="<p>why</p>")
    assert found.block.prose == "<p>why</p>"
    assert (found.letter, found.layer) == ("V", "Virtual File System")
    assert found.anchor == "frame-vfs_write"


def test_a_log_that_does_not_exist_is_an_error(case: Case) -> None:
    sink = Sink()
    assert directives.view_of(use("chain", options=(("log", "panic-9"),)), case, sink) is None
    assert [found.code.id for found in sink] == ["M005"]


def test_registers_are_a_table_of_those_named_in_the_order_of_the_dump(case: Case) -> None:
    rows = view(case, "registers", "rbx rax").rows
    assert [(row.name, row.zeros, row.digits) for row in rows] == [
        ("RAX", "00000000000000", "da"),
        ("RBX", "000000000000000", "0"),
    ]


def test_a_register_that_the_log_does_not_have_is_an_error(case: Case) -> None:
    sink = Sink()
    assert directives.view_of(use("registers", "raxx"), case, sink) is None
    assert [(found.code.id, found.hint) for found in sink] == [("M005", "did you mean 'rax'?")]


@pytest.mark.parametrize("name", ["panic", "trace", "registers", "code", "walk", "chain", "frame"])
def test_without_a_log_there_is_nothing_to_show(name: str) -> None:
    assert view(Case(front=FrontMatter()), name, "vfs_write") is None


def test_anchors_of_a_second_log_have_its_id_and_those_of_the_first_stay(
    case_log: Callable[..., CaseLog],
) -> None:
    first, second = case_log(), case_log(name="panic-2")
    case = Case(front=FrontMatter(), logs=(first, second))
    assert case.anchor(first, "walk") == "walk"
    assert case.anchor(second, "walk") == "panic-2-walk"


def test_the_verdict_is_about_the_first_report_that_is_a_crash(
    case_log: Callable[..., CaseLog],
) -> None:
    made = case_log()
    crash = made.log.reports[0]
    informs = replace(crash, crash=False, title="an OOM kill")
    log = replace(made, log=replace(made.log, reports=(informs, crash)))
    assert log.report == crash
