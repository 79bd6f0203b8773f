"""What the log's words mean, on a page: in place, beside the registers, below the lines."""

import re

import pytest
from msgspec.structs import replace

from sitegen.model import CrashLog, Explanation, Instruction, Listing, Register, Span
from sitegen.web.directives import Case
from sitegen.web.directives.log import Band, log_view
from sitegen.web.directives.parts import part_view, registers_view
from sitegen.web.directives.told import HANDFUL, marked, prose, register_row

TAINT = Explanation(Span(3, 40, 51), "No <b>taint</b>, as `lsmod` says.", weight="telling")
HEADLINE = Explanation(Span(2, 16, 28), "Called by `lamp_handle`.", weight="misleading")
DOUBT = Explanation(Span(7, 17, 18), "The unwinder doubts it.", weight="misleading")
END = Explanation(Span(13, 16, 20), "The end.", weight="plain")
RAX = Explanation(Span(12, 16, 37), "It is 218.", "a number")
RBX = Explanation(Span(12, 38, 59), "It is zero.", "zero", "plain")
INSTRUCTIONS = (
    Instruction(0, b"\x0f\x05", "syscall", note="the way in"),
    Instruction(2, b"\x48\x3d", "cmp <rax>", mark=True),
)


@pytest.fixture
def told(case: Case) -> Case:
    log = replace(
        case.logs[0],
        explanations=(HEADLINE, TAINT, DOUBT, RAX, RBX, END),
        listings=(Listing(11, INSTRUCTIONS),),
    )
    return replace(case, logs=(log,))


def bands(case: Case) -> dict[str, Band]:
    return {band.label: band for band in log_view(case, case.logs[0]).bands}


def test_a_word_that_misleads_is_a_button_with_its_explanation_beside_it(told: Case) -> None:
    rows = bands(told)["Header"].rows
    assert (
        '<span class="word"><button type="button" aria-describedby="w2-16">Kernel panic</button>'
        '<span role="tooltip" id="w2-16"> Called by <code>lamp_handle</code>.</span></span>'
    ) in rows
    assert "sysrq &lt;b&gt;triggered&lt;/b&gt; crash" in rows


def test_a_doubted_frame_may_carry_a_word(told: Case) -> None:
    [line] = [line for line in bands(told)["Call trace"].rows.splitlines() if 'id="L7"' in line]
    assert "<button" in line
    assert "worded" in line


def test_the_text_of_a_line_stays_what_it_is(told: Case, case: Case) -> None:
    def text(one: Case) -> str:
        html = "\n".join(band.rows for band in bands(one).values())
        html = re.sub(r'<span role="tooltip".*?</span>', "", html)
        return re.sub(r"<[^>]*>", "", html)

    assert text(told) == text(case)


def test_explanations_are_escaped_and_backticks_are_code() -> None:
    assert prose("a <b> of `x < y`") == "a &lt;b&gt; of <code>x &lt; y</code>"


def test_no_more_than_a_handful_is_marked_in_place(told: Case) -> None:
    many = tuple(
        Explanation(Span(2, 16 + at, 17 + at), f"{at}.", weight="misleading") for at in range(20)
    )
    log = replace(told.logs[0], explanations=many)
    assert sum(map(len, marked(log).values())) == HANDFUL
    shown = log_view(replace(told, logs=(log,)), log).bands
    assert sum(len(band.told.words) for band in shown) == len(many) - HANDFUL


def test_words_that_are_not_marked_wait_below_their_lines(told: Case) -> None:
    band = bands(told)["End"]
    assert [word.text for word in band.told.words] == ["The end."]
    assert band.told.says == "1 word explained"


def test_registers_with_a_meaning_stand_first_and_the_dump_folds(told: Case) -> None:
    band = bands(told)["Registers"]
    [row] = band.told.registers
    assert (row.name, row.digits, row.meaning) == ("RAX", "da", "a number")
    assert band.told.printed == "As printed, with 1 other register"
    assert [word.word for word in band.told.words] == ["RBX"]


def test_without_a_meaning_the_dump_stands_as_it_is(case: Case) -> None:
    assert bands(case)["Registers"].told.registers == ()


def test_instructions_stand_below_their_bytes(told: Case) -> None:
    listing = bands(told)["Code"].told.listing
    assert [(row.at, row.data, row.text, row.mark) for row in listing] == [
        ("0", "0f 05", "syscall", False),
        ("2", "48 3d", "cmp <rax>", True),
    ]


def test_of_a_known_function_places_count_from_its_start(told: Case) -> None:
    log = replace(told.logs[0], listings=(Listing(11, INSTRUCTIONS, "lamp_handle", 0),))
    [row] = bands(replace(told, logs=(log,)))["Code"].told.listing
    assert (row.at, row.mark) == ("+0x0", True)


def test_parts_that_the_author_places_say_the_same(told: Case) -> None:
    view = part_view(told, told.logs[0], "registers")
    assert view is not None
    assert [row.meaning for band in view.bands for row in band.told.registers] == ["a number"]
    picked = registers_view(told, told.logs[0], "rbx")
    assert picked is not None
    assert [row.meaning for row in picked.rows] == ["zero"]


def test_a_register_of_a_row_without_names_keeps_its_digits(case: Case) -> None:
    line = "GPR08: c0080000021a2130 0000000000001234"
    log = replace(case.logs[0], log=CrashLog(lines=(line,), records=(), reports=()))
    row = register_row(log, Register("GPR09", 0x1234, Span(1, 25, 41)), "")
    assert (row.name, row.zeros, row.digits) == ("GPR09", "000000000000", "1234")
