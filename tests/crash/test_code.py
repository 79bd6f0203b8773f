"""The bytes of a `Code:` line as instructions, beside what binutils say of the same bytes."""

import re
import shutil
import subprocess
import sys
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
    likely=st.booleans(),
)
def test_any_bytes_are_covered_once_and_in_order(
    data: bytes, machine: str, mark: int, entry: int | None, *, likely: bool
) -> None:
    found = pieces(data, machine, mark=mark, entry=entry, likely=likely)
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
    found: dict[bytes, tuple[str, State]] = {}
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
            # Older kernels trap by `ud0`, to which binutils count bytes that they do not.
            if not piece.text or piece.text in ("(bad)", "ud0"):
                break
            assert piece.start - mark == int(row["at"], 16), name
            assert piece.size == len(row["bytes"].split()), (name, piece, row[0])
            if row["text"] not in PREFIXES:
                same = [row["text"], ALIASES.get(row["text"], row["text"])]
                ours_is = mnemonic(piece.text)
                assert any(ours_is.startswith(one[:3]) for one in same), (name, piece.text, row[0])
            compared += 1
    assert compared > 150


# --- Machines ----------------------------------------------------------------------------------


def words(text: str) -> bytes:
    """Words as logs print them, in the memory of a little-endian machine."""
    return b"".join(bytes.fromhex(word)[::-1] for word in text.split())


@pytest.mark.parametrize(
    ("machine", "data", "texts"),
    [
        ("ppc64le", words("7c0802a6 e9230078 4e800020"), ["mflr r0", "ld r9, 0x78(r3)", "blr"]),
        ("mips", bytes.fromhex("27bdffe88c420010"), ["addiu $sp, $sp, -0x18", "lw $v0, 0x10($v0)"]),
        (
            "mips64",
            bytes.fromhex("67bdffe0dc820010"),
            ["daddiu $sp, $sp, -0x20", "ld $v0, 0x10($a0)"],
        ),
        ("s390x", bytes.fromhex("e3102010000407fe"), ["lg %r1, 0x10(%r2)", "br %r14"]),
        (
            "riscv64",
            bytes.fromhex("9863 23b0e700 0290"),
            ["c.ld a4, 0(a5)", "sd a4, 0(a5)", "c.ebreak"],
        ),
    ],
)
def test_each_machine_is_decoded(machine: str, data: bytes, texts: list[str]) -> None:
    assert [piece.text for piece in pieces(data, machine, mark=0)] == texts


@pytest.mark.parametrize(
    ("machine", "data", "target"),
    [
        ("riscv64", "6ff0dff3", -0xC4),
        ("s390x", "a7f4fffa", -0xC),
        ("mips", "1000fffd", -8),
        ("aarch64", "feffff17", -8),
        ("x86_64", "ebfe", 0),
    ],
)
def test_branches_backwards_lead_backwards(machine: str, data: str, target: int | None) -> None:
    [piece] = pieces(bytes.fromhex(data), machine, mark=0)
    assert piece.target == target


def test_jumps_to_whole_addresses_have_no_place_in_a_dump() -> None:
    # jal 0x48d14
    [piece] = pieces(bytes.fromhex("0c012345"), "mips", mark=0)
    assert (piece.text, piece.target) == ("jal 0x48d14", None)


@pytest.mark.parametrize(
    ("machine", "data", "memory"),
    [
        ("ppc64le", words("7c69582e"), ("r9", "r11", 1, 0, 4, False)),
        ("ppc64le", words("7c0048a8"), ("", "r9", 1, 0, 8, False)),
        ("ppc64le", words("f821ffd1"), ("r1", "", 1, -48, 8, True)),
        ("ppc64le", words("7c001fec"), ("r3", "", 1, 0, 0, True)),
        ("mips", bytes.fromhex("a0820001"), ("a0", "", 1, 1, 1, True)),
        ("s390x", bytes.fromhex("e310c0000024"), ("r12", "", 1, 0, 0, True)),
        ("riscv64", bytes.fromhex("9863"), ("a5", "", 1, 0, 8, False)),
        ("riscv64", bytes.fromhex("2fa5a500"), ("a1", "", 1, 0, 4, True)),
        ("aarch64", words("f862d820"), ("x1", "x2", 8, 0, 8, False)),
        ("aarch64", words("a9bf7bfd"), ("sp", "", 1, -16, 16, True)),
        ("aarch64", words("c8027c20"), ("x1", "", 1, 0, 8, True)),
        ("aarch64", words("d50b7420"), ("x0", "", 1, 0, 0, True)),
        ("arm", words("e8930018"), ("r3", "", 1, 0, 8, False)),
        ("arm", words("e92d4010"), ("sp", "", 1, -8, 8, True)),
        ("arm", words("e7112003"), ("r1", "r3", -1, 0, 4, False)),
        ("arm", words("e599a004"), ("r9", "", 1, 4, 4, False)),
        ("x86_64", bytes.fromhex("f348ab"), ("rdi", "", 1, 0, 8, True)),
        ("x86_64", bytes.fromhex("f00fb117"), ("rdi", "", 1, 0, 4, True)),
        ("x86_64", bytes.fromhex("d918"), ("rax", "", 1, 0, 4, True)),
    ],
)
def test_operands_are_what_the_instruction_touches(
    machine: str, data: bytes, memory: tuple[str, str, int, int, int, bool]
) -> None:
    taken = detail(data, machine)
    assert taken is not None
    [one] = taken.memory
    found = (one.base, one.scaled, one.scale, one.offset, one.size, one.writes)
    assert found == memory


def test_what_reads_and_writes_does_both() -> None:
    for data in ("f00fb117", "8700", "f0480fc10f"):
        taken = detail(bytes.fromhex(data), "x86_64")
        assert taken is not None
        assert all(one.reads and one.writes for one in taken.memory), data


def test_two_places_are_told_in_the_order_of_operands() -> None:
    taken = detail(bytes.fromhex("f3a4"), "x86_64")
    assert taken is not None
    assert taken.repeats
    assert [(one.base, one.reads, one.writes) for one in taken.memory] == [
        ("rsi", True, False),
        ("rdi", False, True),
    ]


@pytest.mark.parametrize(
    ("machine", "data", "through"),
    [
        ("x86_64", bytes.fromhex("ffe0"), "rax"),
        ("aarch64", words("d63f0000"), "x0"),
        ("arm", words("e12fff33"), "r3"),
        ("arm", words("e1a0f00e"), "lr"),
        ("ppc64le", words("4e800421"), "ctr"),
        ("mips", bytes.fromhex("0320f809"), "t9"),
        ("riscv64", bytes.fromhex("0290")[:2], ""),
        ("riscv64", bytes.fromhex("8297"), "a5"),
        ("s390x", bytes.fromhex("07fe"), "r14"),
    ],
)
def test_a_jump_through_a_register_tells_it(machine: str, data: bytes, through: str) -> None:
    taken = detail(data, machine)
    assert taken is not None
    assert taken.through == through


def test_what_an_instruction_does_to_the_stack_is_counted() -> None:
    for data, stack in (("e800000000", 8), ("50", 8), ("58", -8), ("c3", -8), ("89c0", 0)):
        taken = detail(bytes.fromhex(data), "x86_64")
        assert taken is not None
        assert taken.stack == stack


# --- Where decoding begins --------------------------------------------------------------------


def test_of_two_ways_that_land_on_the_mark_the_likelier_is_taken() -> None:
    # rolb $0x48, (%rcx); movl would swallow the prefix of subq's neighbour.
    data = bytes.fromhex("c0 01 48 8b 54 24 10 65 48 2b 14 25 28 00 00 00 75 06 c9 c3")
    found = pieces(data, "x86_64", mark=16, likely=True)
    assert [(one.start, one.text) for one in found][:2] == [(0, ""), (2, "movq 0x10(%rsp), %rdx")]
    assert pieces(data, "x86_64", mark=16)[0].text.startswith("rolb")


def test_a_mark_at_the_first_and_at_the_last_byte_is_one() -> None:
    [first, *_] = pieces(READ[12:], "x86_64", mark=0)
    assert (first.start, first.text) == (0, "movl 0x28(%rax), %eax")
    found = pieces(READ[:13], "x86_64", mark=12)
    assert (found[-1].start, found[-1].text) == (12, "")
    assert found[-2].text == "movq 0x46fc(%rip), %rax"


def test_bytes_without_a_mark_are_read_where_all_instructions_are_as_long() -> None:
    assert len(pieces(words("60000000 7c0802a6"), "ppc64le", mark=None)) == 2
    assert pieces(bytes.fromhex("9863"), "riscv64", mark=None) == ()


def test_capstone_is_imported_only_for_bytes() -> None:
    script = (
        "import sys; from sitegen.crash.log import parse; from sitegen.crash.explain import explain_log;"
        "log = parse('BUG: kernel NULL pointer dereference, address: 0000000000000028\\n"
        "RIP: 0010:f+0x1/0x2\\nRSP: 0018:ffffc90000003000 EFLAGS: 00010246\\n"
        "RAX: 0000000000000000 RBX: 0000000000000000 RCX: 0000000000000000\\n"
        "Call Trace:\\n f+0x1/0x2\\n'); assert explain_log(log)[0]; assert 'capstone' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", script], check=True)
