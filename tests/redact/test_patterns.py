"""Patterns of the configuration: which are taken, and how they are handed pieces of lines."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sitegen.redact.patterns import LONGEST, PIECE, fault_of, iter_pieces


@pytest.mark.parametrize(
    "pattern",
    [
        r"db\d+",
        r"(?:[a-z0-9-]+\.)+example\.com",
        r"db(?:-[a-z]+)*",
        r"(?<=host=)\S+",
        r"(?i)acme",
        r"S/N (\w+)",
        r"(?:\d{1,3}\.){3}\d+",
        r"(?:[a-f0-9]{2}:){5}..",
        r"a|b",
        r"[]a]+x",
        r"\(\w+\)",
        r"(?P<name>\w+)@box",
        r"(\w+) (\w+) (\w+)",
        r"host=.*, ip=.*",
        r"[\w.+-]+@[\w.-]+\.\w+",
        r"(?:[0-9a-f]{1,4}:){7}[0-9a-f]{1,4}",
        r"(?:(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)\.){3}(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)",
        r"(?:[\w-]{1,16}\.){1,8}example",
        r"\S+-\d+",
    ],
)
def test_patterns_that_match_in_one_way_are_taken(pattern):
    assert fault_of(pattern) is None


@pytest.mark.parametrize(
    ("pattern", "why"),
    [
        (r"(a+)+b", "repeats what can match in several ways"),
        (r"(a|aa)+x", "repeats what can match in several ways"),
        (r"(?:[a-z]+)*x", "repeats what can match in several ways"),
        (r"(?:.+\.)+x", "repeats what can match in several ways"),
        (r"(\w+\s*)+x", "repeats what can match in several ways"),
        (r"((a{1,30})){2,40}", "repeats what can match in several ways"),
        (r"(?:(?:x)+)+", "repeats what can match in several ways"),
        (r"x.*.*.*.*.*a", "more than 4 repeats"),
        (r"(a{1,15}){1,15}b", "repeats what can match in several ways"),
        (r"(?:(?:a|a){15}){15}b", "repeats what can match in several ways"),
        (r"(?:a?){16}b", "repeats what can match in several ways"),
        (r"(?:a|aa){1,8}(?:a|aa){1,8}b", "repeats what can match in several ways"),
        (r".*a.*a.*b1", "can match the same text"),
        (r"a+a+a+b", "can match the same text"),
        (r"(a+)(a+)(a+)b", "can match the same text"),
        (r"x*", "matches a blank, or nothing"),
        (r".", "matches a blank, or nothing"),
        (r"(", "is no regular expression"),
        (r"a{2,1}", "is no regular expression"),
    ],
)
def test_patterns_that_may_take_hours_or_match_all_are_refused(pattern, why):
    fault = fault_of(pattern)
    assert fault is not None
    assert why in fault.message
    assert fault.hint


@given(st.text(alphabet="ab()[]|*+?{}\\.,12^$", max_size=30))
def test_any_text_is_judged_without_an_exception(pattern):
    fault = fault_of(pattern)
    assert fault is None or fault.message


@given(st.text(alphabet="a\n", max_size=5000))
def test_pieces_are_of_the_text_and_leave_nothing_out(text):
    seen = set()
    for start, piece in iter_pieces(text):
        assert text[start : start + len(piece)] == piece
        assert len(piece) <= PIECE
        assert "\n" not in piece
        seen.update(range(start, start + len(piece)))
    assert seen == {index for index, char in enumerate(text) if char != "\n"}


def test_a_value_of_the_longest_size_is_whole_in_some_piece_of_a_long_line():
    for at in range(0, 3 * PIECE, 7):
        line = "x" * at + "v" * LONGEST + "x" * PIECE
        assert any("v" * LONGEST in piece for _, piece in iter_pieces(line))
