"""Real crashes against the real image: every frame is what an independent reading says.

`NAME.frames.tsv` beside a log holds what addr2line says of each token, at the address and one
byte before; `NAME.decoded` what the kernel's own script made of the log. Where we differ from
either, the tables below say why.
"""

import difflib
import re
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import pytest

from sitegen.crash.decode import Decoder
from sitegen.crash.symbols.symbolizer import Symbolizer
from sitegen.crash.symbols.values import Decoded, Query, Undecoded

pytestmark = pytest.mark.kernel

NOT_A_CALL = "no call ends there: a pointer to the next function, left on the stack"
INITCALL = (
    "not of a trace: the start of a function, exact, where the reference takes the one before"
)
OVERLAP = "a function of .text.unlikely: the reference takes the one of .text at the same offset"
ALIAS = "assembly: the reference's name is an alias of the log's"
NO_ROW = "the two no-operations before a function are in no unit; the reference prints its file"
EXPLAINED = {
    "x86": {
        "proc_ns_get_link+0x110/0x110": NOT_A_CALL,
        "usleep_range_state+0x90/0x90": NOT_A_CALL,
        "cm_list_del+0x50/0x50": NOT_A_CALL,
        "lapic_can_unplug_cpu+0x70/0x70": NOT_A_CALL,
        "sort_range+0x20/0x20": NOT_A_CALL,
        "rest_init+0xd0/0xd0": NOT_A_CALL,
        "quirk_passive_release+0x0/0x80": INITCALL,
        "quirk_piix4_acpi+0x0/0x180": INITCALL,
        "type_show+0x20/0x30": "17 of the name, 8 of the size: only one has a call that ends there",
        "__memset+0x24/0x40": ALIAS,
    },
    "arm64": {
        "cm_cold_path.constprop.0+0x30/0x3c": OVERLAP,
        "cm_cold+0x18/0x28": OVERLAP,
        "cm_null_write+0x2c/0x44": OVERLAP,
        "cm_noret_caller.constprop.0+0x0/0x18": OVERLAP,
        "cm_noreturn+0x0/0x18": OVERLAP,
        "cm_cold_path.constprop.0+0x0/0x3c": OVERLAP,
        "__memcpy+0x110/0x230": ALIAS,
        "cm_softlockup+0x8/0x14": NO_ROW,
    },
}
HEADERS = "/usr/src/linux-headers-6.1.0-56-common/"
BUILD = "/build/reproducible-path/linux-6.1.192/"
BUILT_IN = "debian/build/build_arm64_none_arm64/"


class Row(NamedTuple):
    """A token of a log in the reference."""

    log: str
    token: str
    query: Query
    calls: str
    "`function file:line < function file:line`, innermost first"


def _rows(folder: Path, arch: str = "x86") -> dict[tuple[str, Query], Row]:
    rows = {}
    for path in sorted((folder / "logs").glob(f"{arch}-*.frames.tsv")):
        for line in path.read_text().splitlines()[1:]:
            _, kind, token, module, _, _, _, _, at, before = line.split("\t")
            name, offset, size = re.match(r"(.*)\+0x(\w+)/0x(\w+)", token).groups()
            exact = kind == "exact"
            query = Query(
                name,
                int(offset, 16),
                int(size, 16),
                module.strip("-"),
                "exact" if exact else "return",
            )
            rows.setdefault((token, query), Row(path.name, token, query, at if exact else before))
    return rows


def _plain(calls: str) -> str:
    """As we write it: no discriminators, paths of the tree, the outermost name without suffixes."""
    calls = re.sub(r" \(discriminator \d+\)", "", calls).replace(HEADERS, "").replace(BUILD, "")
    *inner, outer = calls.split(" < ")
    return " < ".join([*inner, re.sub(r"^([^. ]+)\.\S+ ", r"\1 ", outer)])


def _opened(kernels: Path, corpus: Path, machine: str) -> Symbolizer:
    if not (kernels / machine / "vmlinux").exists():
        pytest.skip(f"SITEGEN_KERNELS has no {machine}/vmlinux")
    modules = [corpus / "modules" / machine, kernels / machine / "modules"]
    return Symbolizer(kernels / machine / "vmlinux", modules, cache=None)


@pytest.fixture(scope="module")
def opened(kernels: Path, corpus: Path) -> Symbolizer:
    return _opened(kernels, corpus, "amd64")


@pytest.mark.parametrize(
    ("arch", "machine", "least"), [("x86", "amd64", 380), ("arm64", "arm64", 160)]
)
def test_every_frame_is_what_the_reference_says(
    arch: str, machine: str, least: int, kernels: Path, corpus: Path
) -> None:
    rows = list(_rows(corpus, arch).values())
    answers = _opened(kernels, corpus, machine).decode([row.query for row in rows])
    assert len(rows) > least
    different = {}
    for row, answer in zip(rows, answers, strict=True):
        ours = ""
        if isinstance(answer, Decoded):
            ours = " < ".join(f"{c.function} {c.file}:{c.line}" for c in answer.calls)
        if _plain(ours) != _plain(row.calls):
            different[row.token] = (row.log, ours, row.calls)
    known = EXPLAINED[arch]
    assert {token: found for token, found in different.items() if token not in known} == {}
    assert set(different) == set(known)


def test_every_printed_size_is_the_image_s(opened: Symbolizer, corpus: Path) -> None:
    rows = list(_rows(corpus).values())
    answers = opened.decode([row.query for row in rows])
    assert [r.token for r, a in zip(rows, answers, strict=True) if a.size_equal is not True] == []


# Where our text differs from the script's own, with the rule for return addresses off: what the
# frame's function is, and why.
EVERY_TOKEN = "we decode each token of each line, the script the last word"
NO_LINE = "there is no line: we keep what is printed, the script prints ??:?"
SHORT = "the script was given only the first part of this log"
AMBIGUOUS = "8 functions of the name and size: the script takes the first of the name"
SCRIPT_DIFFERS = {
    **dict.fromkeys(
        (
            *("c2_write.cold", "cm_kp_panic", "cm_cold_path.constprop.0", "cm_exit_helper"),
            *("cm_null_write", "cm_split.constprop.0.cold", "cm_cold", "ext4_handle_error.cold"),
            *("cm_init_helper", "crashme_init", "crashme_exit", "cm_die_tail.constprop.0"),
            *("cm_noret_caller.constprop.0", "cm_noreturn", "cm_dump_stack"),
        ),
        OVERLAP,
    ),
    "rest_init": NO_LINE,
    "rewind_stack_and_make_dead": NO_LINE,
    "type_show": AMBIGUOUS,
    "quirk_passive_release": EVERY_TOKEN,
    "quirk_piix4_acpi": EVERY_TOKEN,
    "native_safe_halt": EVERY_TOKEN,
    "cm_redzone": EVERY_TOKEN,
    "cm_node_new": EVERY_TOKEN,
    "cm_uaf_write": EVERY_TOKEN,
}
CUT = {"x86-kmsg-noise"}
"""Logs of which the script was given a part."""


def _tokens(text: bytes) -> list[str]:
    """The lines with decoded or undecoded frames, in the form both print."""
    found = []
    for line in text.decode("latin-1").split("\n"):
        if not re.search(r"\(\S+:(?:\d+|\?)[ )]|\+0x[0-9a-f]+/0x", line):
            continue
        plain = re.sub(r" \(discriminator \d+\)", "", line)
        for prefix in (BUILD, HEADERS, BUILT_IN):
            plain = plain.replace(prefix, "")
        plain = " ".join(re.sub(r"\[ +", "[", plain).split())
        found.append(re.sub(r" \[(\w+)\]$", r" \1", plain))
    return found


def _texts(symbolizer: Symbolizer, logs: list[bytes], *, as_printed: bool) -> list[bytes]:
    """All logs decoded; the image is asked once for what they ask."""
    asked: dict[Query, None] = {}

    def ask(queries: Sequence[Query]) -> list[Undecoded]:
        asked.update(dict.fromkeys(queries))
        return [Undecoded("later")] * len(queries)

    def answer(queries: Sequence[Query]) -> list[Decoded | Undecoded]:
        return [known[query] for query in queries]

    for log in logs:
        Decoder(ask, as_printed=as_printed).feed(log + b"\n")
    known = dict(zip(asked, symbolizer.decode(list(asked)), strict=True))
    decoders = [Decoder(answer, as_printed=as_printed) for _ in logs]
    return [one.feed(log) + one.finish() for one, log in zip(decoders, logs, strict=True)]


@pytest.mark.parametrize(("arch", "machine"), [("x86", "amd64"), ("arm64", "arm64")])
def test_every_log_is_what_the_script_prints_but_for_what_is_explained(
    arch: str, machine: str, kernels: Path, corpus: Path
) -> None:
    symbolizer = _opened(kernels, corpus, machine)
    paths = sorted((corpus / "logs").glob(f"{arch}-*.log"))
    raw = [path.read_bytes() for path in paths]
    old = _texts(symbolizer, raw, as_printed=True)
    lines = 0
    unexplained = []
    for path, text in zip(paths, old, strict=True):
        ours = _tokens(text)
        theirs = _tokens(path.with_suffix(".decoded").read_bytes())
        lines += len(theirs)
        matcher = difflib.SequenceMatcher(None, theirs, ours, autojunk=False)
        for kind, a, b, c, d in matcher.get_opcodes():
            if kind == "equal" or (kind == "insert" and path.stem in CUT):
                continue
            text_of_ours = " ".join(ours[c:d])
            if b - a != d - c or not any(name in text_of_ours for name in SCRIPT_DIFFERS):
                unexplained.append((path.name, theirs[a:b], ours[c:d]))
    assert unexplained == []
    assert lines > 600
    # With the rule on, each line that changed is one of a caller.
    new = _texts(symbolizer, raw, as_printed=False)
    changed = [
        line
        for before, after in zip(old, new, strict=True)
        for line, other in zip(after.split(b"\n"), before.split(b"\n"), strict=True)
        if line != other
    ]
    assert len(changed) > 100
    exact = re.compile(rb"\b(?:RIP: |[pP][cC] ?:|WARNING: |calling |initcall )")
    assert [line for line in changed if exact.search(line)] == []


def test_every_x86_log_is_decoded_and_keeps_its_other_lines(
    opened: Symbolizer, corpus: Path
) -> None:
    for path in sorted((corpus / "logs").glob("x86-*.log")):
        raw = path.read_bytes()
        decoder = Decoder(opened.decode)
        ours = (decoder.feed(raw) + decoder.finish()).split(b"\n")
        theirs = raw.split(b"\n")
        assert len(ours) == len(theirs), path.name
        for mine, line in zip(ours, theirs, strict=True):
            if b"+0x" not in line:
                assert mine == line, path.name


def test_a_cold_decode_takes_less_than_150_megabytes(kernels: Path, corpus: Path) -> None:
    log = (corpus / "logs" / "x86-sysrq-c-kaslr.log").read_bytes()
    vmlinux = str(kernels / "amd64" / "vmlinux")
    # The peak of its own memory, by the process itself: what wait4 says counts the parent's too.
    program = (
        "import sys; from sitegen.cli.decode import main; main(sys.argv[1:]);"
        "sys.stderr.write(open('/proc/self/status').read())"
    )
    command = [sys.executable, "-c", program, "--no-cache", vmlinux]
    done = subprocess.run(command, input=log, capture_output=True, check=True)
    peak = int(re.search(rb"VmHWM:\s+(\d+) kB", done.stderr)[1])
    assert b"ksys_write (fs/read_write.c:637)" in done.stdout
    assert peak < 150 * 1024


def test_the_way_through_the_system_call_switch_is_found(opened: Symbolizer) -> None:
    (goal,) = opened.decode([Query("ksys_write", 0x6B, 0xF0)])
    assert isinstance(goal, Decoded)
    (path,) = opened.tail_paths("x64_sys_call", goal)
    assert [(jump.function, jump.target, jump.proof) for jump in path] == [
        ("x64_sys_call", "__x64_sys_write", "call-site"),
        ("__x64_sys_write", "ksys_write", "call-site"),
    ]


def test_the_tables_of_the_sysrq_crash_are_found(opened: Symbolizer) -> None:
    names = ["proc_reg_write", "write_sysrq_trigger", "sysrq_handle_crash", "__x64_sys_write"]
    places = opened.decode([Query(name, lookup="exact") for name in names])
    found = opened.holders([place for place in places if isinstance(place, Decoded)])
    assert [
        sorted((h.symbol, h.offset, h.type, h.member, h.file, h.line) for h in several)
        for several in found
    ] == [
        [
            ("proc_iter_file_ops", 24, "file_operations", "write", "fs/proc/inode.c", 590),
            ("proc_iter_file_ops_compat", 24, "file_operations", "write", "fs/proc/inode.c", 617),
            ("proc_reg_file_ops", 24, "file_operations", "write", "fs/proc/inode.c", 578),
            ("proc_reg_file_ops_compat", 24, "file_operations", "write", "fs/proc/inode.c", 604),
        ],
        [("sysrq_trigger_proc_ops", 32, "proc_ops", "proc_write", "drivers/tty/sysrq.c", 1170)],
        [("sysrq_crash_op", 0, "sysrq_key_op", "handler", "drivers/tty/sysrq.c", 157)],
        [("sys_call_table", 8, "sys_call_ptr_t[]", "[1]", "arch/x86/entry/syscall_64.c", 20)],
    ]
