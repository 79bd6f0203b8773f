"""The bytes of a `Code:` line as instructions, beside what binutils say of the same bytes."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sitegen.crash.code import MACHINES, around, detail, full_name, pieces
from sitegen.crash.log import parse
from sitegen.model import State
from tests.crash.log.golden import paths, read_golden

# mov 0x46fc(%rip),%rax; mov 0x28(%rax),%eax: the PC points to the second.
READ = bytes.fromhex("0f1f440000 488b05fc460000 8b4028 8d444003 c3")


def test_the_pieces_cover_the_bytes_and_one_begins_at_the_mark() -> None:
    found = pieces(READ, "x86_64", mark=12)
    assert [(piece.start, piece.size) for piece in found] == [
        (0, 5),
        (5, 7),
        (12, 3),
        (15, 4),
        (19, 1),
    ]
    assert [piece.text for piece in found][1:3] == [
        "movq 0x46fc(%rip), %rax",
        "movl 0x28(%rax), %eax",
    ]


def test_decoding_begins_as_early_as_it_lands_on_the_mark() -> None:
    # The first byte is the end of an instruction; from it, the decoder would run over the mark.
    cut = bytes.fromhex("48") + READ[12:]
    assert [(piece.start, piece.text) for piece in pieces(cut, "x86_64", mark=1)][:2] == [
        (0, ""),
        (1, "movl 0x28(%rax), %eax"),
    ]


def test_decoding_begins_anew_where_the_function_does() -> None:
    # e8 begins a call of five bytes, which would swallow the function's first instruction.
    data = bytes.fromhex("e8 0f1f00 55 4889e5 8b07".replace(" ", ""))
    with_entry = pieces(data, "x86_64", mark=8, entry=4)
    assert [(piece.start, piece.text) for piece in with_entry][-3:] == [
        (4, "push %rbp"),
        (5, "movq %rsp, %rbp"),
        (8, "movl (%rdi), %eax"),
    ]


def test_an_instruction_that_the_dump_cuts_off_has_no_text() -> None:
    assert pieces(READ[:17], "x86_64", mark=12)[-1].text == ""


def test_bytes_that_are_no_instruction_are_said_to_be_none() -> None:
    assert [
        piece.text for piece in pieces(bytes.fromhex("00000000ffffffff"), "aarch64", mark=0)
    ] == [
        "udf #0",
        "(bad)",
    ]


def test_jumps_stand_apart_from_where_they_lead() -> None:
    [jump, *_] = pieces(bytes.fromhex("eb02 9090 c3"), "x86_64", mark=0)
    assert (jump.text, jump.target) == ("jmp", 4)
    [branch] = pieces(bytes.fromhex("feffff17"), "aarch64", mark=0)
    assert (branch.text, branch.target) == ("b", -8)


def test_without_a_mark_bytes_of_any_length_are_left_alone() -> None:
    assert pieces(READ, "x86_64", mark=None) == ()
    assert len(pieces(bytes.fromhex("1f2003d5") * 2, "aarch64", mark=None)) == 2


def test_machines_without_a_decoder_give_nothing() -> None:
    assert pieces(READ, "loongarch64", mark=0) == ()
    assert detail(READ, "loongarch64") is None


def test_a_mark_within_an_instruction_is_found_out() -> None:
    inside = around(READ, "x86_64", mark=7, entry=0)
    assert inside is not None
    assert (inside.start, inside.size) == (5, 7)
    assert around(READ, "x86_64", mark=12, entry=0) is None


@pytest.mark.parametrize(
    ("machine", "data", "base", "offset", "writes"),
    [
        ("x86_64", "8b4028", "rax", 0x28, False),
        ("x86_64", "c7402801000000", "rax", 0x28, True),
        ("i386", "8b4314", "rbx", 0x14, False),
        ("aarch64", "002840b9", "x0", 0x28, False),
        ("aarch64", "002800b9", "x0", 0x28, True),
        ("arm", "083094e5", "r4", 8, False),
        ("riscv64", "03558402", "s0", 0x28, False),
    ],
)
def test_an_access_is_taken_apart(
    machine: str, data: str, base: str, offset: int, *, writes: bool
) -> None:
    taken = detail(bytes.fromhex(data), machine)
    assert taken is not None
    [memory] = taken.memory
    assert (memory.base, memory.offset, memory.writes) == (base, offset, writes)


def test_what_only_computes_an_address_accesses_nothing() -> None:
    for data in ("8d444003", "0f1f440000"):
        taken = detail(bytes.fromhex(data), "x86_64")
        assert taken is not None
        assert taken.memory == ()


@pytest.mark.parametrize(
    ("part", "register"),
    [("al", "rax"), ("r8d", "r8"), ("sil", "rsi"), ("esp", "rsp"), ("w3", "x3"), ("sp", "sp")],
)
def test_parts_of_registers_stand_for_the_whole(part: str, register: str) -> None:
    assert full_name(part) == register


@settings(max_examples=150, deadline=None)
@given(
    data=st.binary(max_size=80),
    machine=st.sampled_from(sorted(MACHINES)),
    mark=st.integers(-2, 90),
    entry=st.none() | st.integers(-2, 90),
)
def test_any_bytes_are_covered_once_and_in_order(
    data: bytes, machine: str, mark: int, entry: int | None
) -> None:
    found = pieces(data, machine, mark=mark, entry=entry)
    at = 0
    for piece in found:
        assert piece.start == at
        assert piece.size > 0
        at += piece.size
    assert at == (len(data) if found else at)
    detail(data, machine)


# --- Beside binutils ---------------------------------------------------------------------------

PREFIXES = frozenset(
    {"rep", "repz", "repe", "repne", "repnz", "lock", "cs", "ds", "data16", "notrack", "(bad)"}
)
ALIASES = {"xchg": "nop"}  # 66 90, which does nothing
_ROW = re.compile(r"^\s*(?P<at>[0-9a-f]+):\t(?P<bytes>(?:[0-9a-f]{2} )+)\s*\t(?P<text>\S+)")


def code_dumps() -> list[tuple[str, State]]:
    found = {}
    for path in paths():
        if path.parent.name == "x86_64":
            for report in parse(read_golden(path).text).reports:
                for state in report.states:
                    if state.code is not None and state.code.mark is not None:
                        found.setdefault(state.code.data, (path.stem, state))
    return list(found.values())


def mnemonic(text: str) -> str:
    """Without prefixes, and the size that one of the two prints and the other does not."""
    words = [
        word for word in text.replace(",pn", "").replace(",pt", "").split() if word not in PREFIXES
    ]
    return words[0] if words else text


@pytest.mark.skipif(shutil.which("objdump") is None, reason="needs objdump of binutils")
def test_instructions_are_those_that_objdump_finds(tmp_path: Path) -> None:
    dumps = code_dumps()
    assert len(dumps) > 20
    compared = 0
    for name, state in dumps:
        assert state.code is not None
        data, mark = state.code.data, state.code.mark
        assert mark is not None
        file = tmp_path / "code.bin"
        file.write_bytes(data[mark:])
        out = subprocess.run(
            ["objdump", "-D", "-w", "-b", "binary", "-m", "i386:x86-64", str(file)],
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        theirs = [row for line in out.splitlines() if (row := _ROW.match(line))]
        ours = [piece for piece in pieces(data, "x86_64", mark=mark) if piece.start >= mark]
        for piece, row in zip(ours, theirs, strict=False):
            if not piece.text or piece.text == "(bad)":
                break
            assert piece.start - mark == int(row["at"], 16), name
            assert piece.size == len(row["bytes"].split()), (name, piece, row[0])
            if row["text"] not in PREFIXES:
                same = [row["text"], ALIASES.get(row["text"], row["text"])]
                ours_is = mnemonic(piece.text)
                assert any(ours_is.startswith(one[:3]) for one in same), (name, piece.text, row[0])
            compared += 1
    assert compared > 150
