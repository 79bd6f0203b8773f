"""Where a kernel was loaded, and addresses without a symbol."""

from collections.abc import Iterable, Sequence

import pytest

from sitegen.crash.decode import Decoder
from sitegen.crash.decode.slide import Slide, Slides, cannot_move
from sitegen.crash.symbols.values import Call, Decoded, Query, Undecoded

OFFSET = b"[ 9.1] Kernel Offset: 0x1e000000 from 0xffffffff81000000 (relocation range: 0x0-0x1)\n"
FRAME = b"[ 9.0]  0xffffffff9f000abc\n"
DECODED = b"[ 9.0] 0xffffffff9f000abc = f (a.c:1)\n"


class Kernel:
    """Has one function of 4 KiB at 0xffffffff81000000."""

    def __init__(self) -> None:
        self.asked: list[Query] = []

    def decode(self, queries: Sequence[Query]) -> list[Decoded | Undecoded]:
        self.asked.extend(queries)
        return [self._answer(query) for query in queries]

    def _answer(self, query: Query) -> Decoded | Undecoded:
        if query.name == "f":
            return Decoded((Call("f", "a.c", 2),), "vmlinux", "", 0, 0)
        if query.address is None or not 0 <= query.address - 0xFFFFFFFF81000000 < 4096:
            return Undecoded("no function of vmlinux there", absent=True)
        return Decoded((Call("f", "a.c", 1),), "vmlinux", "", query.address, query.address & ~0xFFF)


def decoded(text: bytes, slide: Slide, *, piece: int = 1 << 20, machine: str = "x86_64") -> bytes:
    decoder = Decoder(Kernel().decode, slide=lambda: slide, machine=machine)
    pieces = [text[at : at + piece] for at in range(0, len(text), piece)]
    return b"".join([decoder.feed(one) for one in pieces] + [decoder.finish()])


def ahead(text: bytes, size: int = 64) -> Slide:
    return Slide(ahead=lambda: (text[at : at + size] for at in range(0, len(text), size)))


def test_an_option_is_believed_before_the_log() -> None:
    text = FRAME + OFFSET
    assert decoded(text, Slide(0x1E000000)) == DECODED + OFFSET
    assert decoded(text, Slide(0)) == text


def test_what_the_log_said_before_counts_line_by_line() -> None:
    assert decoded(FRAME + OFFSET + FRAME, Slide(), piece=1) == FRAME + OFFSET + DECODED


def test_a_log_that_can_be_read_ahead_is() -> None:
    text = FRAME + OFFSET
    assert decoded(text, ahead(text)) == DECODED + OFFSET


@pytest.mark.parametrize("size", [1, 7, 1000])
def test_each_boot_has_its_own_slide(size: int) -> None:
    boot = b"[ 0.0] Linux version 6.1.0 (gcc)\n"
    other = FRAME.replace(b"9f000", b"a1000")
    text = boot + FRAME + OFFSET + boot + other + OFFSET.replace(b"1e00", b"2000") + boot + FRAME
    expected = text.replace(FRAME, DECODED, 1).replace(other, DECODED.replace(b"9f000", b"a1000"))
    slide = ahead(text, size)
    assert decoded(text, slide, piece=17) == expected
    assert slide.unknown == 1  # of the last boot nothing is known


@pytest.mark.parametrize(
    "line",
    [
        b"Kernel Offset: disabled\n",
        b"[ 0.0] KASLR disabled due to lack of seed\n",
        b"[ 0.0] Kernel command line: ro quiet nokaslr console=ttyS0\n",
        b"[ 0.0] Command line: nokaslr\n",
    ],
)
def test_a_log_may_say_that_nothing_was_moved(line: bytes) -> None:
    frame = FRAME.replace(b"9f000", b"81000")
    assert decoded(line + frame, Slide()) == line + DECODED.replace(b"9f000", b"81000")


@pytest.mark.parametrize(
    "line",
    [
        b"Kernel Offset: 0x from 0xffffffff81000000\n",
        b"Kernel Offset: 0x" + b"1" * 40 + b" from\n",
        b"Kernel Offset: 1e000000\n",
        b"Kernel Offset: \n",
        b"use nokaslr to switch it off\n",
        b"Kernel command line: nokaslrx\n",
    ],
)
def test_other_words_say_nothing(line: bytes) -> None:
    slide = Slide()
    assert decoded(line + FRAME, slide) == line + FRAME
    assert slide.unknown == 1


def test_a_kernel_that_cannot_move_was_not_moved() -> None:
    frame = FRAME.replace(b"9f000", b"81000")
    assert decoded(frame, Slide(still=lambda: True)) == DECODED.replace(b"9f000", b"81000")


@pytest.mark.parametrize(
    ("machine", "functions", "expected"),
    [
        ("aarch64", (), True),
        ("aarch64", ("kaslr_init",), False),
        ("arm", (), True),
        ("x86_64", (), False),
        ("", (), False),
    ],
)
def test_whether_an_image_can_move_is_told_by_its_functions(
    machine: str, functions: tuple[str, ...], expected: bool
) -> None:
    def answer(queries: Sequence[Query]) -> list[Decoded | Undecoded]:
        there = Decoded((Call("f"),), "vmlinux", "", 0, 0)
        return [there if q.name in functions else Undecoded("", absent=True) for q in queries]

    assert cannot_move(answer, machine) is expected


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (b"RIP: 0010:0xffffffff81000abc\n", b"RIP: 0010:0xffffffff81000abc = f (a.c:1)\n"),
        (b"[ 1.0] [<ffffffff81000abc>]\n", b"[ 1.0] [<ffffffff81000abc>] = f (a.c:1)\n"),
        (
            b"[ 1.0] [<ffffffff81000abc>] ? 0xffffffff81000abc\n",
            b"[ 1.0] ? 0xffffffff81000abc = f (a.c:1)\n",
        ),
        (b"[ 1.0] [<ffffffff81000abc>] f+0xabc/0x1000\n", b"[ 1.0] f (a.c:2)\n"),
        (b"RIP: 0033:0x47b7a0\n", b"RIP: 0033:0x47b7a0\n"),
        (b"CR2: ffffffff81000abc\n", b"CR2: ffffffff81000abc\n"),
        (b"pc : 0xffffffffc0000abc\n", b"pc : 0xffffffffc0000abc\n"),
    ],
)
def test_addresses_stay_and_their_place_stands_behind(line: bytes, expected: bytes) -> None:
    assert decoded(line, Slide(0)) == expected


def test_addresses_of_32_bits_are_read_in_logs_of_such_machines() -> None:
    kernel = Kernel()
    text = b"PC is at 0xc0008abc\n [<c0008abe>]\n"
    Decoder(kernel.decode, slide=lambda: Slide(0x8000), machine="arm").feed(text)
    assert [query.address for query in kernel.asked] == [0xC0000ABC, 0xC0000ABE]
    kernel.asked.clear()
    Decoder(kernel.decode, slide=lambda: Slide(0), machine="x86_64").feed(text)
    assert kernel.asked == []


def test_addresses_are_looked_up_as_symbols_are() -> None:
    kernel = Kernel()
    text = (
        b"RIP: 0010:0xffffffff81000abc\nCall Trace:\n 0xffffffff81000abc\n 0xffffffff81000abd\n"
        b" asm_exc_page_fault+0x1/0x2\n 0xffffffff81000abe\n"
    )
    Decoder(kernel.decode, slide=lambda: Slide(0)).feed(text)
    assert [(q.address and q.address & 0xFFF, q.lookup) for q in kernel.asked] == [
        (0xABC, "exact"),
        (0xABD, "return"),
        (None, "return"),
        (0xABE, "exact"),
    ]


def test_without_lines_the_function_is_named() -> None:
    def answer(queries: Sequence[Query]) -> Iterable[Decoded]:
        return [Decoded((Call("f"),), "vmlinux", "", q.address or 0, 0) for q in queries]

    decoder = Decoder(answer, slide=lambda: Slide(0xFFFFFFFF81000000))  # type: ignore[arg-type]
    assert decoder.feed(b" 0xffffffff81000abc\n") == b"0xffffffff81000abc = f+0xabc\n"


def test_a_long_log_is_read_ahead_once_and_in_linear_time() -> None:
    calls = []

    def pieces() -> Iterable[bytes]:
        calls.append(1)
        return (b"x" * (1 << 16) for _ in range(200))

    slide = Slide(ahead=pieces)
    assert decoded(FRAME * 2000, slide) == FRAME * 2000
    assert (len(calls), slide.unknown) == (1, 2000)


def test_a_whole_log_is_asked_by_line() -> None:
    boot, offset = "[ 0.0] Linux version 6.1", "Kernel Offset: 0x{:x} from 0x0"
    lines = [boot, "a", offset.format(1), boot, "b", offset.format(2), "c", boot, "d"]
    slides = Slides(lines)
    assert [slides.find(number) for number in (1, 2, 3, 5, 7, 9)] == [1, 1, 1, 2, 2, None]
    assert Slides(lines, still=lambda: True).find(9) == 0
    assert Slides([]).find(1) is None
