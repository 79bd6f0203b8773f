"""Messages that a file wraps up, and where their characters stand in it."""

from collections.abc import Iterator

import pytest

from sitegen.crash.log.lines import Lines
from sitegen.crash.log.printk import Line


def lines_of(text: str) -> list[Line]:
    return list(Lines(text).all())


def shown(text: str, line: Line, words: str) -> Iterator[str]:
    """What stands where the words are said to."""
    at = line.span(line.text.index(words), line.text.index(words) + len(words))
    yield text.split("\n")[at.line - 1][at.column - 1 : at.end - 1]


def test_escapes_leave_columns_true() -> None:
    text = '{"PRIORITY":"4","MESSAGE":"a\\tb \\"c\\" \\u00e4\\ud83d\\ude00 d","SYSLOG_IDENTIFIER":"kernel"}'
    (line,) = lines_of(text)
    assert (line.text, line.level, line.context) == ('a\tb "c" \u00e4\U0001f600 d', "4", "console")
    for words, raw in (("b", "b"), ('"c"', '\\"c\\"'), ("\U0001f600 d", "\\ud83d\\ude00 d")):
        assert [*shown(text, line, words)] == [raw]


def test_line_feeds_within_a_message_end_lines() -> None:
    text = '{"MESSAGE":"one\\ntwo three\\n\\nfour","PRIORITY":"3"}'
    lines = lines_of(text)
    assert [(line.text, line.place) for line in lines] == [
        ("one", (1, 0)),
        ("two three", (1, 1)),
        ("", (1, 2)),
        ("four", (1, 3)),
    ]
    assert [*shown(text, lines[1], "three")] == ["three"]


def test_bytes_in_lines_are_pointed_at_one_by_one() -> None:
    text = '{\n\t"MESSAGE" : [\n\t\t98,\n\t\t195,\n\t\t164,\n\t\t255\n\t],\n\t"PRIORITY" : "4"\n}\n'
    (line,) = lines_of(text)
    assert (line.text, line.level, line.number, line.last) == ("b\u00e4\ufffd", "4", 2, 6)
    assert (line.span(0, 1).line, line.span(1, 2).line, line.span(2, 3).line) == (3, 4, 6)


def test_messages_of_other_programs_are_no_kernels() -> None:
    text = '{"MESSAGE":"x","SYSLOG_IDENTIFIER":"%s"}\n'
    assert [line.context for line in lines_of(text % "kernel" + text % "sshd")] == [
        "console",
        "sshd",
    ]


@pytest.mark.parametrize(
    "text",
    [
        '[    1.000000] x: {"MESSAGE":"BUG: y"}\n[    1.000000] y\n',
        "[    1.000000] MESSAGE=1\nMESSAGE=2\n[    1.000000] z\n",
        "[    1.000000] Booting kernel: `x' invalid\n[    1.000000] other\n",
        "[    1.000000] 4,5,6,-;x\n",
    ],
)
def test_a_console_that_only_looks_like_a_journal_is_read_as_it_is(text: str) -> None:
    assert Lines(text).form is None
    assert len(lines_of(text)) == len(text.split("\n")) - 1


def test_lines_between_records_are_read_as_they_are() -> None:
    text = 'my notes\n{"MESSAGE":"x"}\n[    1.000000] y\n\n{"OTHER":"z"}\n'
    assert [line.text for line in lines_of(text)] == ["my notes", "x", "y"]


def test_a_size_that_is_a_line_feed_is_no_message() -> None:
    data = b"__CURSOR=s=0\nMESSAGE\n" + (10).to_bytes(8, "little") + b"ten chars!\nPRIORITY=4\n\n"
    text = data.decode().replace("\x00", "\N{SYMBOL FOR NULL}")
    assert [line.text for line in lines_of(text) if line.text] == ["ten chars!"]


def test_a_piece_whose_beginning_is_lost_is_read_as_it_is() -> None:
    text = "4,9,120,-,ncfrag=25/40;rest of it\n4,10,121,-;whole\n"
    assert [line.text for line in lines_of(text)] == ["rest of it", "whole"]


def test_a_record_of_the_kernels_buffer_tells_its_caller_and_lines() -> None:
    text = "6,1,5,-,caller=T12;\\x0aone \\x5c two\\x0a\n SUBSYSTEM=pci\n"
    lines = lines_of(text)
    assert [(line.text, line.caller, line.context) for line in lines] == [
        ("", "T12", "[T12]"),
        ("one \\ two", "T12", "[T12]"),
    ]
    assert [*shown(text, lines[1], "\\ two")] == ["\\x5c two"]
