"""What holds of any bytes: nothing raises, nothing is lost, and how they come in pieces does not matter."""

import random
from collections.abc import Sequence

import pytest

from sitegen.crash.decode import Decoder
from sitegen.crash.decode.dumps import Dumps
from sitegen.crash.decode.slide import Slide
from sitegen.crash.symbols.values import Call, Decoded, Query, Undecoded

PIECES = (
    *(b"f+0x1/0x2", b"a.isra.0+0x1f/0x2f", b" [ext4]", b" [ext4 0123456789abcdef]", b"+0x", b"\n"),
    *(b"RIP: 0010:", b"lr : ", b"pc : ", b" ? ", b"<4>", b"[    1.000]", b"[<ffffffff81000abc>]"),
    *(
        b"0xffffffff81000abc",
        b"0xffff",
        b"Call Trace:\n",
        b"Code: ",
        b"8b 40 28 ",
        b"<8b>",
        b"(90)",
    ),
    *(b"Kernel Offset: 0x1000 from", b"Linux version 6.1", b"KASLR disabled", b"nokaslr", b"\r\n"),
    *(b"m 4096 0 - Live 0xffffffffc0000000\n", b"\x1b[31m", b"\x1b[", b"\xff", b"\0", b"\r", b" "),
    *(b"Comm: sh 6.1 #1 " + b"ab" * 20 + b"\n", b"RIP: 0023:0x8048000\n", b"asm_exc_x+0x1/0x2\n"),
)


def text_of(seed: int) -> bytes:
    chance = random.Random(seed)
    return b"".join(chance.choices(PIECES, k=chance.randrange(1, 120)))


def decoder(*, known: bool = False, dumps: bool = True) -> Decoder:
    def answer(queries: Sequence[Query]) -> list[Decoded | Undecoded]:
        place = Decoded((Call("f", "a.c", 1),), "vmlinux", "", 0, 0)
        return [place if known else Undecoded("nothing") for _ in queries]

    return Decoder(
        answer,
        machine="x86_64",
        slide=lambda: Slide(0),
        dumps=(lambda: Dumps("x86_64")) if dumps else None,
        meet=lambda module, build_id: None,
    )


@pytest.mark.parametrize("seed", range(300))
def test_of_what_nothing_is_known_every_byte_stays(seed: int) -> None:
    text = text_of(seed)
    one = decoder(dumps=False)
    assert one.feed(text) + one.finish() == text


@pytest.mark.parametrize("seed", range(60))
def test_pieces_of_any_size_give_the_same_text(seed: int) -> None:
    text = text_of(seed)
    whole = decoder(known=True)
    expected = whole.feed(text) + whole.finish()
    for size in (1, 7, 64):
        one = decoder(known=True)
        pieces = [one.feed(text[at : at + size]) for at in range(0, len(text), size)]
        assert b"".join([*pieces, one.finish()]) == expected


@pytest.mark.parametrize("seed", range(60))
def test_listings_only_add_lines(seed: int) -> None:
    text = text_of(seed)
    one = decoder()
    lines = iter((one.feed(text) + one.finish()).split(b"\n"))
    assert all(line in lines for line in text.rstrip(b"\n").split(b"\n"))


@pytest.mark.parametrize(
    "line",
    [
        b"0xffffffff81000abc " * 20_000,
        b"[<ffffffff81000abc>] " * 20_000,
        b"RIP: 0xffffffff81000abc " * 15_000,
        b"\x1b[" * 100_000 + b"f+0x1/0x2",
        b"Kernel Offset: " * 20_000,
        b"Live 0x" * 50_000,
        b"Code: " + b"8b " * 100_000,
        b"omm: " * 60_000,
    ],
    ids=range(8),
)
def test_hostile_lines_are_read_once(line: bytes) -> None:
    one = decoder()
    assert len(one.feed(line + b"\n") + one.finish()) > len(line)
