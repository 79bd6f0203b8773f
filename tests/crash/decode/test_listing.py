"""Disassembly in the form of the kernel's decodecode."""

import re
from pathlib import Path

import pytest

from sitegen.crash.decode.dumps import dump_of
from sitegen.crash.decode.listing import BIG, FAULTING, listing
from tests.crash.symbols.conftest import corpus

__all__ = ["corpus"]


def of(code: str, machine: str) -> list[str]:
    """The lines for what stands behind `Code: `."""
    dump = dump_of(f"Code: {code}".encode())
    assert dump is not None
    width = len(dump.items[0]) // 2
    order = 1 if machine in BIG else -1
    data = b"".join(bytes.fromhex(item.decode())[::order] for item in dump.items)
    mark = None if dump.mark is None else dump.mark * width
    return list(listing(data, machine, mark=mark, width=width))


def test_the_instruction_that_trapped_is_marked_and_begins_the_second_part() -> None:
    code = "01 48 8b 54 24 10 75 06 c9 c3 48 8b 05 fc 46 00 00 <8b> 40 28 8d 44 40 03 c3 cc 0f"
    assert of(code, "x86_64") == [
        "All code",
        "========",
        "   0:\t01 48 8b             \tadd    %ecx,-0x75(%rax)",
        "   3:\t54                   \tpush   %rsp",
        "   4:\t24 10                \tand    $0x10,%al",
        "   6:\t75 06                \tjne    0xe",
        "   8:\tc9                   \tleave",
        "   9:\tc3                   \tret",
        "   a:\t48 8b 05 fc 46 00 00 \tmov    0x46fc(%rip),%rax        # 0x470d",
        "  11:*\t8b 40 28             \tmov    0x28(%rax),%eax\t\t<-- trapping instruction",
        "  14:\t8d 44 40 03          \tlea    0x3(%rax,%rax,2),%eax",
        "  18:\tc3                   \tret",
        "  19:\tcc                   \tint3",
        "  1a:\t0f                   \t.byte 0xf",
        "",
        "Code starting with the faulting instruction",
        "===========================================",
        "   0:\t8b 40 28             \tmov    0x28(%rax),%eax",
        "   3:\t8d 44 40 03          \tlea    0x3(%rax,%rax,2),%eax",
        "   7:\tc3                   \tret",
        "   8:\tcc                   \tint3",
        "   9:\t0f                   \t.byte 0xf",
    ]


def test_bytes_before_the_first_instruction_that_leads_to_the_mark_stay_bytes() -> None:
    lines = of("40 00 48 c7 c2 e0 ff ff ff f7 d8 0f 05 <48> 3d 00 f0 ff ff", "x86_64")
    assert lines[2:5] == [
        "   0:\t40 00                \t.byte 0x40,0x0",
        "   2:\t48 c7 c2 e0 ff ff ff \tmov    $0xffffffffffffffe0,%rdx",
        "   9:\tf7 d8                \tneg    %eax",
    ]


def test_long_instructions_take_two_rows() -> None:
    lines = of("<66> 2e 0f 1f 84 00 00 00 00 00 48 b8 88 77 66 55 44 33 22 11 90", "x86_64")
    assert lines[2:7] == [
        "   0:*\t66 2e 0f 1f 84 00 00 \tnopw   %cs:(%rax,%rax,1)\t\t<-- trapping instruction",
        "   7:\t00 00 00 ",
        "   a:\t48 b8 88 77 66 55 44 \tmovabs $0x1122334455667788,%rax",
        "  11:\t33 22 11 ",
        "  14:\t90                   \tnop",
    ]


@pytest.mark.parametrize(
    ("machine", "code", "expected"),
    [
        ("i386", "55 89 e5 <8b> 40 28 5d c3", ["   3:*", "8b 40 28", "mov    0x28(%eax),%eax"]),
        ("aarch64", "d503233f f941f400 (b9402800)", ["   8:*", "b9402800", "ldr\tw0, [x0, #40]"]),
        ("arm", "e3a02000 (e5832000) eb000010", ["   4:*", "e5832000", "str\tr2, [r3]"]),
        ("thumb", "2300 (f8c3) 3000 bd80", ["   2:*", "f8c3 3000", "str.w\tr3, [r3]"]),
        ("mips", "afbf0014  <8c420010> 00000000", ["   4:*", "8c420010", "lw\t$v0,0x10($v0)"]),
        ("ppc64le", "7c0802a6 <81290010> 7c641b78", ["   4:*", "81290010", "lwz\tr9,0x10(r9)"]),
        ("riscv64", "4785 (a023) 00f7 8082", ["   2:*", "00f7a023", "sw\ta5,0(a5)"]),
    ],
)
def test_each_machine_s_words_are_written_as_its_log_prints_them(
    machine: str, code: str, expected: list[str]
) -> None:
    (marked,) = (line for line in of(code, machine) if "<--" in line)
    address, data, *text = marked.split("\t")
    assert [address, data.strip(), "\t".join(text[:-2])] == expected


def test_without_a_mark_the_bytes_begin_with_the_faulting_instruction() -> None:
    assert of("8b 40 28 c3 90", "x86_64") == [
        "",
        FAULTING,
        "=" * len(FAULTING),
        "   0:\t8b 40 28             \tmov    0x28(%rax),%eax",
        "   3:\tc3                   \tret",
        "   4:\t90                   \tnop",
    ]


def test_of_a_machine_that_is_not_known_nothing_is_said() -> None:
    assert listing(bytes(8), "vax", mark=0, width=4) == ()


# Where the words differ from those of binutils 2.40, which the reference was made with.
OTHER_WORDS = {
    "xchg   %ax,%ax": "nop",
    "data16 cs nopw 0x0(%rax,%rax,1)": "nopw   %cs:(%rax,%rax,1)",
    "rep stos %rax,%es:(%rdi)": "rep stos %rax,(%rdi)",
    "rep stos %al,%es:(%rdi)": "rep stos %al,(%rdi)",
    "rep movsb %ds:(%rsi),%es:(%rdi)": "rep movsb (%rsi),(%rdi)",
}
_ROW = re.compile(r" *[0-9a-f]+:\*?\t|\t\.\.\.$|$|=+$|All code$|Code starting")


def _theirs(lines: list[str], at: int) -> list[str]:
    """What the script printed from the faulting instruction on, below the line `at`."""
    block = []
    for line in lines[at + 1 :]:
        if not _ROW.match(line):
            break
        block.append(line)
    return block[block.index(FAULTING) + 2 :]


def test_every_dump_of_the_corpus_is_taken_apart_as_the_script_did(corpus: Path) -> None:
    """From the faulting instruction on, where the script knows where one begins; but for a last one cut off."""
    dumps = 0
    for path in sorted((corpus / "logs").glob("*.decoded")):
        lines = path.read_text(errors="replace").split("\n")
        machine = "aarch64" if path.name.startswith("arm64") else "x86_64"
        for at, line in enumerate(lines):
            if "Code: " not in line or dump_of(line.encode()) is None:
                continue
            ours = of(line.partition("Code: ")[2], machine)
            ours = ours[ours.index(FAULTING) + 2 :]
            theirs = _theirs(lines, at)
            whole = next((n for n, row in enumerate(ours) if ".byte" in row), len(ours))
            short = next((n for n, row in enumerate(theirs) if row == "\t..."), len(theirs))
            for mine, row in zip(ours[:whole], theirs[: min(whole, short)], strict=False):
                *begin, words = row.split("\t", 2)
                assert mine == "\t".join([*begin, OTHER_WORDS.get(words, words)]), path.name
            assert short < len(theirs) or len(theirs) >= whole, path.name
            dumps += 1
    assert dumps > 150
