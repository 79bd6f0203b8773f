"""Prefixes of consoles, loggers and mailers."""

import pytest

from sitegen.crash.log import decode_bytes
from sitegen.crash.log.printk import LONGEST, read_line, split_lines

PREFIXES = (
    ("[   79.803379][  T969] ", "79.803379", "T969", ""),
    ("[   79.803379] [  T969] ", "79.803379", "T969", ""),
    ("[    1.2] ", "1.2", "", ""),
    ("<4>[    1.200000] ", "1.200000", "", "4"),
    ("[    1.200000][   C0] ", "1.200000", "C0", ""),
    ("[    1.200000][  T12@C3] ", "1.200000", "T12@C3", ""),
    ("[Mon Jan  2 15:04:05 2023] ", "Mon Jan  2 15:04:05 2023", "", ""),
    ("kern  :warn  : [    1.200000] ", "1.200000", "", "warn"),
    ("Jan  2 15:04:05 host kernel: [    1.200000] ", "1.200000", "", ""),
    ("Jan 02 15:04:05.123456 host kernel: ", "Jan 02 15:04:05.123456", "", ""),
    ("2023-01-02T15:04:05.123456+01:00 host kernel: [    1.200000] ", "1.200000", "", ""),
    ("2023-01-02T15:04:05,123456+01:00 ", "2023-01-02T15:04:05,123456+01:00", "", ""),
    ("4,881,1200000,-,caller=T500;", "1200000", "T500", "4"),
    ("> [    1.200000] ", "1.200000", "", ""),
    ("> > [    1.200000] ", "1.200000", "", ""),
    ("    [    1.200000] ", "1.200000", "", ""),
    ("\x1b[32m[    1.200000] \x1b[0m\x1b[33m", "1.200000", "", ""),
    ("** 12 printk messages dropped ** [    1.200000] ", "1.200000", "", ""),
    ("debian login: [    1.200000] ", "1.200000", "", ""),
    ("\N{SYMBOL FOR NULL}[    1.200000] ", "1.200000", "", ""),
    ("", "", "", ""),
)


@pytest.mark.parametrize(("prefix", "time", "caller", "level"), PREFIXES)
def test_a_prefix_is_taken_off_and_read(prefix: str, time: str, caller: str, level: str) -> None:
    raw = prefix + " vfs_write+0xc7/0x4a0"
    line = read_line(raw, 7)
    assert (line.text, line.time, line.caller, line.level) == (
        " vfs_write+0xc7/0x4a0",
        time,
        caller,
        level,
    )
    span = line.span(1, 10)
    assert (span.line, raw[span.column - 1 : span.end - 1]) == (7, "vfs_write")


@pytest.mark.parametrize(
    "text", [" [<ffffffff81234567>] f+0x1/0x2", "-- x", "> ", "[1] y", "<IRQ>", "note: x"]
)
def test_a_message_without_prefix_is_left_whole(text: str) -> None:
    assert read_line(text, 1).text == (text if text != "> " else "")


def test_colours_within_a_message_leave_columns_true() -> None:
    raw = "[    1.200000] \x1b[33mdriver: \x1b[0mfailed"
    line = read_line(raw, 1)
    assert line.text == "driver: failed"
    span = line.span(8, 14)
    assert raw[span.column - 1 : span.end - 1] == "failed"


def test_only_line_feeds_end_lines() -> None:
    assert split_lines("a\r\nb\x0bc\x0cd\x85e\u2028f\r\r\n") == ("a", "b\x0bc\x0cd\x85e\u2028f")


def test_bytes_that_are_no_text_keep_their_columns() -> None:
    assert decode_bytes(b"\xef\xbb\xbfa\x00\xfe\xffb") == "a\N{SYMBOL FOR NULL}\ufffd\ufffdb"
    assert decode_bytes("a\u00e4".encode("utf-16")) == "a\u00e4"


def test_of_a_line_longer_than_any_record_only_the_beginning_is_read() -> None:
    assert len(read_line("x" * 100_000, 1).text) == LONGEST
