"""Tokens and frame lines are what these expressions say, on whatever text."""

import random
import re
from bisect import bisect_right

import pytest

from sitegen.crash.tokens import (
    addresses_of,
    exact_ones,
    frame_of,
    tokens_of,
    without_escapes,
)

# What `sitegen.crash.tokens` does without expressions, for speed.
TOKEN = re.compile(
    rb"(?<![\w.$])([A-Za-z_.$][\w.$]{0,511})\+0x([0-9a-f]{1,8})/0x([0-9a-f]{1,8})(?!\w)"
    rb"(?=(?:[ \t]\[([A-Za-z0-9_-]{1,64})(?: ([0-9a-f]{8,64}))?\])?)"
)
FRAME = re.compile(
    rb"((?:<\d{1,2}>)?(?:[ \t]{0,8}\[[^\]\[<>]{1,40}\])*)"
    rb"[ \t]*(?:\[<[0-9a-f]{4,16}>\][ \t]*)?(\?[ \t]+)?"
    rb"[A-Za-z_.$][\w.$]{0,511}\+0x[0-9a-f]{1,8}/0x[0-9a-f]{1,8}"
    rb"(?:(?:[ \t]\[[^\]\n]{1,140}\])?\s*)\Z"
)
MARK = re.compile(
    rb"\b(?:(RIP|EIP|NIP|IP|PC|pc|epc|ERA|PSW|WARNING|calling|initcall)|(LR|lr|ra))\b(?: is at|[ :!\[]|\Z)"
)
PIECES = (
    *(b"f+0x1/0x2", b"a.isra.0+0x1f/0x2f", b"[m]", b" [ext4]", b"[ext4 0123456789abcdef]", b"+0x"),
    *(b"RIP: 0010:", b"lr : ", b"pc : ", b" ? ", b"<4>", b"<123>", b"[    1.000]", b"[<ffff81>]"),
    *(b"\t", b"  ", b"/0x", b"\n", b".x", b"1f", b"WARNING", b"calling ", b"ra", b"[", b"]", b"<"),
    *(b">", b"asm_exc_page_fault+0x1/0x20", b"\r", b"_", b"$", b"z", b"\xff", b"9" * 9, b"-"),
)


@pytest.mark.parametrize("seed", range(8))
def test_tokens_are_what_the_expressions_say(seed: int) -> None:
    chance = random.Random(seed)
    for _ in range(1500):
        text = b"".join(chance.choices(PIECES, k=chance.randrange(1, 14)))
        tokens = tokens_of(text)
        assert [tuple(token) for token in tokens] == [
            (m.start(), m.end(3), m[1], int(m[2], 16), int(m[3], 16), m[4] or b"", m[5] or b"")
            for m in TOKEN.finditer(text)
        ], text
        expected = FRAME.match(text)
        found = frame_of(text, tokens[-1]) if tokens else None
        assert (tuple(found) if found else None) == (
            (expected[1], bool(expected[2])) if expected and tokens else None
        ), text
        marks = [(m.end(), bool(m[1])) for m in MARK.finditer(text)]
        assert exact_ones(text, tokens) == [
            (at := bisect_right(marks, (token.start, True)) - 1) >= 0 and marks[at][1]
            for token in tokens
        ], text


@pytest.mark.parametrize(
    "piece",
    [
        b"RIP: 0xffffffff81000000 ",
        b"[<ffffffff81000000>] ",
        b"+0x",
        b"a",
        b"f+0x1/0x2 ",
        b"a+0x",
        b"[1] ",
        b"RIP: ",
        b"/0x",
        b"[<1234>] ? ",
        b"\x1b[1m",
        b"\x1b[",
    ],
)
def test_a_long_line_is_read_once(piece: bytes) -> None:
    text = piece * (300_000 // len(piece)) + b" f+0x1/0x2\n"
    tokens = tokens_of(text)
    exact_ones(text, tokens)
    frame_of(text, tokens[-1])
    addresses_of(text)
    assert len(without_escapes(text)) <= len(text)


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (b"[    1.0]  0xffffffff81000abc\n", [("0xffffffff81000abc", False)]),
        (b"[    1.0]  ? 0xffffffff81000abc \r\n", [("0xffffffff81000abc", False)]),
        (b"<4>[ 1.0] [<ffffffff81000abc>] 0xffffffff81000abc\n", [("0xffffffff81000abc", False)]),
        (b" [<ffffffff81000abc>] ? 0xffffffff81000abc\n", [("0xffffffff81000abc", False)]),
        (b" [<ffffffff81000abc>]\n", [("[<ffffffff81000abc>]", False)]),
        (b"RIP: 0010:0xffffffff81000abc\n", [("0xffffffff81000abc", True)]),
        (
            b"RIP: 0010:[<ffffffff81000abc>]  [<ffffffff81000abc>] 0xffffffff81000abc\n",
            [("0xffffffff81000abc", True)],
        ),
        (b"pc : 0xffff800008011abc\n", [("0xffff800008011abc", True)]),
        (b"PC is at 0xffff800008011abc\n", [("0xffff800008011abc", True)]),
        (
            b"pc : [<ffff800008011abc>] lr : [<ffff800008011cde>] pstate: 1\n",
            [("[<ffff800008011abc>]", True), ("[<ffff800008011cde>]", False)],
        ),
        (b"RIP: 0033:0x47b7a0\n", []),
        (b"RIP: 0033:0x00007fff81000abc\n", []),
        (b"Kernel Offset: 0x24200000 from 0xffffffff81000000\n", []),
        (b"epc : ffffffff80003e6e ra : ffffffff80003e60\n", []),
        (b"x29: 0xffffffff81000abc x28: 0xffffffff81000abd\n", []),
        (b" 0xffffffff81000abcd\n", []),
        (b" 0xffffffff81000abc and more\n", []),
        (b"a0xffffffff81000abc\n", []),
        (b" [<ffffffff81000abc> \n", []),
    ],
)
def test_addresses_of_code_are_told_from_others(line, expected) -> None:
    found, _ = addresses_of(line)
    assert [(line[token.start : token.end].decode(), exact) for token, exact in found] == expected
    assert all(f"{token.offset:x}".encode() in line for token, _ in found)


def test_colours_are_blanks() -> None:
    line = b"\x1b[32m[  1.0] \x1b[0m\x1b[1;33mRIP: f+0x1/0x2\x1b[0m\x1b["
    assert without_escapes(line) == (b"     [  1.0]     " + b" " * 7 + b"RIP: f+0x1/0x2" + b" " * 6)
