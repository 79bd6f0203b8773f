"""The text that `sitegen decode` prints: what is asked of each token, and what stays as it was."""

from collections.abc import Sequence
from itertools import pairwise
from typing import Literal

import pytest

from sitegen.crash.decode import Decoder
from sitegen.crash.symbols.values import Call, Decoded, Query, Undecoded


class Kernel:
    """Answers every question but for `unknown`, and remembers what was asked."""

    def __init__(self) -> None:
        self.asked: list[Query] = []

    def decode(self, queries: Sequence[Query]) -> list[Decoded | Undecoded]:
        self.asked.extend(queries)
        return [self._answer(query) for query in queries]

    def _answer(self, query: Query) -> Decoded | Undecoded:
        if query.name.startswith("unknown"):
            return Undecoded("no symbol 'unknown' in vmlinux", absent=True)
        name = "caller" if query.name == "next" else query.name
        inner = Call("inner", "lib/in.c", 7, inlined=True)
        calls = (inner,) if query.name == "outer" else ()
        file = "/b/linux/lib/a.c" if query.name == "absolute" else "lib/a.c"
        return Decoded((*calls, Call(name, file, query.offset)), "vmlinux", "", 0, 0)


def decoded(text: bytes, *, as_printed: bool = False, strip: str = "") -> bytes:
    decoder = Decoder(Kernel().decode, as_printed=as_printed, strip=strip)
    return decoder.feed(text) + decoder.finish()


def lookups(text: str) -> list[tuple[str, str]]:
    kernel = Kernel()
    decoder = Decoder(kernel.decode)
    decoder.feed(text.encode())
    decoder.finish()
    return [(query.name, query.lookup) for query in kernel.asked]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (b" f+0x4/0x10\n", b"f (lib/a.c:4)\n"),
        (b"[    3.002543]  f+0x4/0x10\r\n", b"[    3.002543] f (lib/a.c:4)\r\n"),
        (b"[    3.002543]  ? f+0x4/0x10 \n", b"[    3.002543] ? f (lib/a.c:4) \n"),
        (b"[   79.8][  T969]  f+0x4/0x10\n", b"[   79.8][  T969] f (lib/a.c:4)\n"),
        (b"<4>[    1.0]  f+0x4/0x10 [ext4]\n", b"<4>[    1.0] f (lib/a.c:4) [ext4]\n"),
        (
            b"[    1.0]  f+0x4/0x10 [ext4 0123456789abcdef0123]\n",
            b"[    1.0] f (lib/a.c:4) [ext4 0123456789abcdef0123]\n",
        ),
        (b"[    1.0] [<ffffffff81000004>] ? f+0x4/0x10\n", b"[    1.0] ? f (lib/a.c:4)\n"),
        (b"[    1.0]  outer+0x4/0x10\n", b"[    1.0] outer (lib/in.c:7 lib/a.c:4)\n"),
        (b"[    1.0]  unknown+0x4/0x10 \n", b"[    1.0]  unknown+0x4/0x10 \n"),
        (b"[    1.0]  next+0x0/0x9\n", b"[    1.0] next+0x0/0x9 = caller (lib/a.c:?)\n"),
        (b"[    1.0] RIP: 0010:f+0x4/0x10\n", b"[    1.0] RIP: 0010:f (lib/a.c:4)\n"),
        (b"{f+0x4/0x10}\n", b"{f (lib/a.c:4)}\n"),
        (b"(f+0x4/0x10)\n", b"(f (lib/a.c:4))\n"),
        (
            b"at  f+0x4/0x10 [m], g+0x5/0x10\t age=2\n",
            b"at  f (lib/a.c:4) [m], g (lib/a.c:5)\t age=2\n",
        ),
        (b"f.isra.0.cold+0x4/0x10 x\n", b"f.isra.0.cold (lib/a.c:4) x\n"),
        (b"RAX: 0 f+0x4 f+0x4/ 0x4/0x10 +0x4/0x10\n", b"RAX: 0 f+0x4 f+0x4/ 0x4/0x10 +0x4/0x10\n"),
        (b"1f+0x4/0x10 x\n", b"1f+0x4/0x10 x\n"),
        (b"f+0x4/0x10z x\n", b"f+0x4/0x10z x\n"),
        (b"\xff\x00\x1b[31m nothing  here \n", b"\xff\x00\x1b[31m nothing  here \n"),
        (b"\xff f+0x4/0x10 \xfe\n", b"\xff f (lib/a.c:4) \xfe\n"),
        (b"no line end f+0x4/0x10", b"no line end f (lib/a.c:4)"),
        (b"\n\n\r\n", b"\n\n\r\n"),
        (b"", b""),
    ],
)
def test_a_line_is_decoded(line: bytes, expected: bytes) -> None:
    assert decoded(line) == expected


def test_a_folder_is_taken_off_absolute_paths() -> None:
    assert decoded(b"x absolute+0x1/0x2 y\n") == b"x absolute (/b/linux/lib/a.c:1) y\n"
    assert decoded(b"x absolute+0x1/0x2 y\n", strip="/b/linux/") == b"x absolute (lib/a.c:1) y\n"


def test_any_cutting_of_the_input_gives_the_same_text() -> None:
    text = b"[ 1.0] Call Trace:\r\n[ 1.0]  f+0x4/0x10\r\nx f+0x5/0x10 y\nlast g+0x1/0x2"
    whole = decoded(text)
    for size in range(1, len(text)):
        decoder = Decoder(Kernel().decode)
        pieces = [decoder.feed(text[at : at + size]) for at in range(0, len(text), size)]
        assert b"".join([*pieces, decoder.finish()]) == whole


def test_whole_lines_are_answered_at_once() -> None:
    decoder = Decoder(Kernel().decode)
    assert decoder.feed(b"f+0x4/0x10 x\ng+0x") == b"f (lib/a.c:4) x\n"
    assert decoder.feed(b"5/0x10 y\n") == b"g (lib/a.c:5) y\n"


def test_all_frames_of_a_piece_are_asked_for_together() -> None:
    calls: list[int] = []
    kernel = Kernel()

    def answer(queries: Sequence[Query]) -> list[Decoded | Undecoded]:
        calls.append(len(queries))
        return kernel.decode(queries)

    Decoder(answer).feed(b" f+0x1/0x9\n g+0x1/0x9\n f+0x1/0x9\nplain\n")
    assert calls == [3]  # the second f was called by another one, so it is another question


@pytest.mark.parametrize(
    ("line", "lookup"),
    [
        ("RIP: 0010:f+0x4/0x10", "exact"),
        ("pc : f+0x4/0x10", "exact"),
        ("lr : f+0x4/0x10", "return"),
        ("epc : f+0x4/0x10", "exact"),
        (" ra : f+0x4/0x10", "return"),
        ("PC is at f+0x4/0x10", "exact"),
        ("LR is at f+0x4/0x10", "return"),
        ("NIP [c0000000] f+0x4/0x10", "exact"),
        ("LR [c0000000] f+0x4/0x10", "return"),
        ("IP: [<ffffffff81000004>] f+0x4/0x10", "exact"),
        ("mce: RIP !INEXACT! 10:<ffffffff> {f+0x4/0x10}", "exact"),
        ("WARNING: CPU: 0 PID: 1 at lib/a.c:4 f+0x4/0x10", "exact"),
        ("calling  f+0x0/0x41 @ 1", "exact"),
        ("initcall f+0x0/0x41 returned 0 after 1 usecs", "exact"),
        ("BUG: KASAN: slab-use-after-free in f+0x4/0x10", "return"),
        ("Freed in f+0x4/0x10 [m] age=2", "return"),
        ("[ 1.0]  f+0x4/0x10", "return"),
        ("[ 1.0]  ? f+0x4/0x10", "return"),
    ],
)
def test_pc_lines_are_exact_and_traces_are_not(line: str, lookup: str) -> None:
    assert lookups(line + "\n") == [("f", lookup)]


def test_the_first_frame_that_repeats_the_pc_is_exact() -> None:
    text = "pc : f+0x4/0x10\nlr : g+0x8/0x10\nsp : 00\nCall trace:\n f+0x4/0x10\n g+0x8/0x10\n"
    assert lookups(text) == [("f", "exact"), ("g", "return"), ("g", "return")]
    other = "pc : f+0x4/0x10\nCall trace:\n g+0x8/0x10\n f+0x4/0x10\n"
    assert ("f", "return") in lookups(other)


@pytest.mark.parametrize("entry", ["el1h_64_irq", "el1_irq", "__irq_svc", "apic_timer_interrupt"])
def test_the_frame_under_an_entry_from_the_kernel_is_exact(entry: str) -> None:
    text = f"Call trace:\n handler+0x8/0x10\n {entry}+0x64/0x68\n idle+0x4/0x10\n up+0x4/0x10\n"
    assert lookups(text) == [
        ("handler", "return"),
        (entry, "return"),
        ("idle", "exact"),
        ("up", "return"),
    ]


def test_a_pc_line_between_an_entry_and_the_next_frame_was_the_exact_one() -> None:
    text = (
        "Call Trace:\n <IRQ>\n asm_sysvec_apic_timer_interrupt+0x16/0x20\n </IRQ>\n"
        "RIP: 0010:native_halt+0xb/0x10\n RAX: 00\n idle+0x4/0x10\n"
    )
    assert lookups(text)[1:] == [("native_halt", "exact"), ("idle", "return")]


def test_each_frame_is_asked_for_with_the_one_that_it_called() -> None:
    kernel = Kernel()
    decoder = Decoder(kernel.decode)
    decoder.feed(b"RIP: 0010:a+0x1/0x9\nCall Trace:\n b+0x1/0x9\n ? x+0x1/0x9\n c+0x1/0x9\n")
    assert [(q.name, q.callee) for q in kernel.asked] == [
        ("a", ""),
        ("b", ""),
        ("x", ""),
        ("c", "b"),
    ]


def test_the_old_way_asks_for_addresses_as_printed() -> None:
    kernel = Kernel()
    Decoder(kernel.decode, as_printed=True).feed(b" f+0x4/0x10\nRIP: 0010:g+0x4/0x10\n")
    assert {query.lookup for query in kernel.asked} == {"printed"}


@pytest.mark.parametrize("kind", ["\n", "\r", "\x1b"])
def test_a_hostile_path_forges_no_line(kind: Literal["\n", "\r", "\x1b"]) -> None:
    def answer(queries: Sequence[Query]) -> list[Decoded | Undecoded]:
        return [Decoded((Call(q.name, f"a{kind}b.c", 1),), "vmlinux", "", 0, 0) for q in queries]

    assert Decoder(answer).feed(b"x f+0x1/0x2 y\n") == b"x f (a?b.c:1) y\n"


@pytest.mark.parametrize(
    "line",
    [
        b"a" * 200_000 + b"+0x1/0x2",
        b"f+0x" * 50_000,
        b"f+0x1/0x2 [" * 20_000,
        b"[" * 200_000 + b" f+0x1/0x2",
        b"[1] " * 50_000 + b"f+0x1/0x2",
        b"RIP:" * 50_000 + b" f+0x1/0x2",
        b" " * 200_000 + b"f+0x1/0x2 ",
        b"f+0x1/0x2" + b" " * 200_000 + b"x",
    ],
    ids=range(8),
)
def test_long_hostile_lines_are_read_once(line: bytes) -> None:
    assert decoded(line + b"\n").endswith(b"\n")


def test_a_mangled_name_is_written_as_people_do() -> None:
    line = b" _RNvNtCs1234_7mycrate3foo3bar+0x4/0x10\n"
    assert decoded(line) == b"mycrate::foo::bar (lib/a.c:4)\n"
    assert decoded(b" _ZN4core9panicking5panic17h0123456789abcdefE+0x4/0x10\n") == (
        b"core::panicking::panic (lib/a.c:4)\n"
    )
    assert decoded(b" _Rubbish+0x4/0x10\n") == b"_Rubbish (lib/a.c:4)\n"


def test_a_line_in_very_many_pieces_is_put_together_once():
    pieces = 40_000
    decoder = Decoder(lambda queries: [Undecoded("no image") for _ in queries])
    for _ in range(pieces):
        decoder.feed(b"x" * 4096)
    assert len(decoder.finish()) == 4096 * pieces


def test_what_an_image_says_cannot_drive_a_terminal():
    call = Call("f", "a\x1b[2Jb\x9bc\x07\x7f.c", 1)
    decoder = Decoder(lambda queries: [Decoded((call,), "vmlinux", "", 1, 0) for _ in queries])

    text = decoder.feed(b" f+0x1/0x2\n").decode()

    assert text.isascii()
    assert all(c.isprintable() or c == "\n" for c in text)


def test_what_lies_between_two_entries_of_arm64_was_called():
    text = (
        "Call trace:\n el1_interrupt+0x34/0x68\n el1h_64_irq_handler+0x18/0x24\n"
        " el1h_64_irq+0x64/0x68\n idle+0x4/0x10\n"
    )
    assert [lookup for _, lookup in lookups(text)] == ["return", "return", "return", "exact"]


def test_modules_are_told_of_once_with_their_build_ids():
    met = []
    decoder = Decoder(Kernel().decode, meet=lambda *who: met.append(who))
    build_id = b"ab" * 20
    decoder.feed(
        b"CPU: 0 PID: 1 Comm: a b Not tainted 6.1 #1 " + b"cd" * 20 + b" \r\n"
        b" f+0x1/0x2 [m " + build_id + b"]\n f+0x1/0x2 [m " + build_id + b"]\n g+0x1/0x2 [n]\n"
        b"Comm: sh\n"
    )
    assert met == [("", "cd" * 20), ("m", "ab" * 20)]


def test_a_log_of_very_many_build_ids_tells_of_some():
    met = []
    decoder = Decoder(Kernel().decode, meet=lambda *who: met.append(who))
    decoder.feed(b"".join(b" f+0x1/0x2 [m %040x]\n" % number for number in range(5000)))
    assert len(met) == 1000


@pytest.mark.parametrize(
    "form", [" {} from {}+0x8/0x10", "[<c01>] ({}) from [<c02>] ({}+0x8/0x10)"]
)
def test_frames_of_arm_name_the_callee_first(form):
    names = ["handler", "__irq_svc", "idle", "up"]
    lines = [form.format(*pair) for pair in pairwise(names)]
    text = "".join(f"{line}\n" for line in ["PC is at handler+0x4/0x10", *lines])
    assert lookups(text)[1:] == [("__irq_svc", "return"), ("idle", "exact"), ("up", "return")]
    assert decoded(lines[0].encode()) == lines[0].encode().replace(
        b"__irq_svc+0x8/0x10", b"__irq_svc (lib/a.c:8)"
    )
