"""Tokens and frame lines are what these expressions say, on whatever text."""

import random
import re
import time
from bisect import bisect_right

import pytest

from sitegen.crash.tokens import exact_ones, frame_of, tokens_of

# What `sitegen.crash.tokens` does without expressions, for speed.
TOKEN = re.compile(
    rb"(?<![\w.$])([A-Za-z_.$][\w.$]{0,511})\+0x([0-9a-f]{1,8})/0x([0-9a-f]{1,8})(?!\w)"
    rb"(?=(?:[ \t]\[([A-Za-z0-9_-]{1,64})(?: [0-9a-f]{8,64})?\])?)"
)
FRAME = re.compile(
    rb"((?:<\d{1,2}>)?(?:[ \t]{0,8}\[[^\]\[<>]{1,40}\])*)"
    rb"[ \t]*(?:\[<[0-9a-f]{4,16}>\][ \t]*)?(\?[ \t]+)?"
    rb"[A-Za-z_.$][\w.$]{0,511}\+0x[0-9a-f]{1,8}/0x[0-9a-f]{1,8}"
    rb"(?:(?:[ \t]\[[^\]\n]{1,140}\])?\s*)\Z"
)
MARK = re.compile(
    rb"\b(?:(RIP|EIP|NIP|IP|PC|pc|epc|WARNING|calling|initcall)|(LR|lr|ra))\b(?: is at|[ :!\[]|\Z)"
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
            (m.start(), m.end(3), m[1], int(m[2], 16), int(m[3], 16), m[4] or b"")
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
    "piece", [b"+0x", b"a", b"f+0x1/0x2 ", b"a+0x", b"[1] ", b"RIP: ", b"/0x", b"[<1234>] ? "]
)
def test_a_long_line_takes_linear_time(piece: bytes) -> None:
    text = piece * (300_000 // len(piece)) + b" f+0x1/0x2\n"
    began = time.monotonic()
    tokens = tokens_of(text)
    exact_ones(text, tokens)
    frame_of(text, tokens[-1])
    assert time.monotonic() - began < 3
