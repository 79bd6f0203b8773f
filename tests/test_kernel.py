"""The embedded kernel: its image, its logs, and that both are what they are said to be."""

import functools
import itertools
import platform
import re
import shutil
import subprocess
from pathlib import Path
from typing import NamedTuple

import pytest
from elftools.elf.elffile import ELFFile

ROOT = Path(__file__).parents[1]
KERNEL = ROOT / "content" / "_kernel"
IMAGE = KERNEL / "vmlinux"

KINDS = ("sysrq", "null", "bug", "warn", "irq")

STATUS = {"sysrq": 1, "null": 1, "bug": 1, "warn": 0, "irq": 1}

HEADERS = {
    "sysrq": ("Kernel panic - not syncing: sysrq triggered crash",),
    "null": (
        "BUG: kernel NULL pointer dereference, address: 0000000000000028",
        "#PF: supervisor read access in kernel mode",
        "#PF: error_code(0x0000) - not-present page",
        "Oops: 0000 [#1]",
        "RIP: 0010:desk_lamp_status+",
        "CR2: 0000000000000028",
        "Kernel panic - not syncing: Fatal exception",
    ),
    "bug": (
        "------------[ cut here ]------------",
        "kernel BUG at fs/inode.c:",
        "invalid opcode: 0000 [#1]",
        "RIP: 0010:iput+",
        "Kernel panic - not syncing: Fatal exception",
    ),
    "warn": (
        "------------[ cut here ]------------",
        "refcount_t: underflow; use-after-free.",
        "WARNING: CPU: 0 PID: 63 at lib/refcount.c:",
        "RIP: 0010:refcount_warn_saturate+",
        "---[ end trace 0000000000000000 ]---",
        "reboot: Power down",
    ),
    "irq": (
        "BUG: kernel NULL pointer dereference, address: 0000000000000024",
        "Oops: 0002 [#1]",
        "RIP: 0010:lamp_blink_fn+",
        " <IRQ>",
        " </IRQ>",
        " <TASK>",
        "RIP: 0010:lamp_wait_blinks+",
        " </TASK>",
        "Kernel panic - not syncing: Fatal exception in interrupt",
    ),
}

ENTRY = ("do_syscall_64", "entry_SYSCALL_64_after_hwframe")

# All reliable frames, innermost first, in the committed image.
CHAINS = {
    "sysrq": (
        *("dump_stack_lvl", "panic", "sysrq_handle_crash", "__handle_sysrq.cold"),
        *("write_sysrq_trigger", "proc_reg_write", "vfs_write", "ksys_write"),
        *ENTRY,
    ),
    "null": ("lamp_read", "vfs_read", "ksys_read", *ENTRY),
    "bug": ("__fput", "__x64_sys_close", *ENTRY),
    "warn": ("lamp_ioctl", "__x64_sys_ioctl", *ENTRY),
    "irq": (
        *("call_timer_fn", "__run_timers", "run_timer_softirq", "__do_softirq"),
        *("__irq_exit_rcu", "sysvec_apic_timer_interrupt", "asm_sysvec_apic_timer_interrupt"),
        *("lamp_ioctl", "__x64_sys_ioctl"),
        *ENTRY,
    ),
}

# Those that another compiler cannot do without.
ESSENTIAL = {
    "sysrq": ("panic", "__handle_sysrq", "proc_reg_write", "vfs_write", *ENTRY),
    "null": ("lamp_read", "vfs_read", *ENTRY),
    "bug": ("__fput", *ENTRY),
    "warn": ("lamp_ioctl", *ENTRY),
    "irq": ("call_timer_fn", "asm_sysvec_apic_timer_interrupt", "lamp_ioctl", *ENTRY),
}

LINE = re.compile(r"^\[ *\d+\.\d{6}\] ")
FRAME = re.compile(r"^ (\? )?([\w.]+)\+0x([0-9a-f]+)/0x([0-9a-f]+)$")
PLACE = re.compile(r"\b([\w.]+)\+0x([0-9a-f]+)/0x([0-9a-f]+)")

runs_here = pytest.mark.skipif(
    (platform.system(), platform.machine()) != ("Linux", "x86_64"),
    reason="the embedded kernel is a program for Linux on x86-64",
)


class Frame(NamedTuple):
    reliable: bool
    name: str
    offset: int
    size: int


class Text(NamedTuple):
    """The text section of an image and the symbols in it, as (address, name), sorted."""

    start: int
    data: bytes
    symbols: list[tuple[int, str]]

    def find(self, name):
        """The addresses of a name, with the distance to the next symbol."""
        places = sorted({address for address, _ in self.symbols})
        ends = dict(zip(places, [*places[1:], self.start + len(self.data)], strict=True))
        return [(a, ends[a] - a) for a, n in self.symbols if n == name]


def messages(log):
    """The lines of a log without their times."""
    lines = log.split("\n")
    assert lines.pop() == "", "the log ends in the middle of a line"
    assert all(LINE.match(line) for line in lines)
    return [LINE.sub("", line) for line in lines]


def frames(log):
    found = (FRAME.match(line) for line in messages(log))
    return [Frame(not m[1], m[2], int(m[3], 16), int(m[4], 16)) for m in found if m]


def chain(log):
    return tuple(frame.name for frame in frames(log) if frame.reliable)


def in_order(wanted, lines):
    """Whether each of `wanted` begins a line, one after the other."""
    rest = iter(lines)
    return all(any(line.startswith(start) for line in rest) for start in wanted)


def committed(kind):
    return (KERNEL / "logs" / f"{kind}.log").read_bytes().decode("ascii")


def run(image, kind):
    done = subprocess.run([image, kind], capture_output=True, timeout=10, check=False)
    assert (done.returncode, done.stderr) == (STATUS[kind], b"")
    return done.stdout.decode("ascii")


@functools.cache
def text_of(image):
    with image.open("rb") as stream:
        elf = ELFFile(stream)
        section = elf.get_section_by_name(".text")
        index = elf.get_section_index(".text")
        symbols = sorted(
            (symbol["st_value"], symbol.name)
            for symbol in elf.get_section_by_name(".symtab").iter_symbols()
            if symbol["st_shndx"] == index and symbol["st_info"]["type"] != "STT_SECTION"
        )
        return Text(section["sh_addr"], section.data(), symbols)


def ends_a_call(code):
    """Whether `code` ends with a call: e8 and four bytes, or ff /2 of any length."""
    return code[-5:-4] == b"\xe8" or any(
        code[-n] == 0xFF and (code[1 - n] >> 3) & 7 == 2 for n in range(2, 8)
    )


@pytest.fixture(scope="session")
def rebuilt(tmp_path_factory):
    """An image made from a copy of the sources at another place."""
    for tool in ("gcc", "ld", "nm", "readelf", "awk"):
        if shutil.which(tool) is None:
            pytest.skip(f"{tool} is not installed, so the kernel cannot be built")
    folder = tmp_path_factory.mktemp("kernel")
    shutil.copytree(KERNEL / "src", folder / "src")
    shutil.copy2(KERNEL / "build.sh", folder)
    subprocess.run([folder / "build.sh"], check=True, timeout=60)
    return folder / "vmlinux"


@pytest.mark.parametrize("kind", KINDS)
def test_a_committed_log_has_its_headers_and_its_chain(kind):
    log = committed(kind)
    assert in_order(HEADERS[kind], messages(log))
    assert chain(log) == CHAINS[kind]


@pytest.mark.parametrize("kind", KINDS)
def test_a_committed_log_has_words_on_the_stack_that_are_no_frames(kind):
    assert any(not frame.reliable for frame in frames(committed(kind)))


@pytest.mark.parametrize("kind", KINDS)
def test_printed_sizes_are_distances_to_the_next_symbol(kind):
    text = text_of(IMAGE)
    places = PLACE.findall(committed(kind))
    assert places
    for name, _, size in places:
        assert [width for _, width in text.find(name)] == [int(size, 16)], name


@pytest.mark.parametrize("kind", KINDS)
def test_every_reliable_frame_is_behind_a_call(kind):
    text = text_of(IMAGE)
    for frame in frames(committed(kind)):
        if frame.reliable:
            [(start, _)] = text.find(frame.name)
            end = start + frame.offset - text.start
            assert ends_a_call(text.data[end - 8 : end]), frame


@pytest.mark.parametrize("kind", KINDS)
def test_a_log_names_the_build_id_of_the_image(kind):
    with IMAGE.open("rb") as stream:
        [note] = ELFFile(stream).get_section_by_name(".note.gnu.build-id").iter_notes()
    log = committed(kind)
    [header] = {line for line in messages(log) if line.startswith("CPU: ")}
    assert header.endswith(f"Not tainted 6.1.0-sitegen #1 {note['n_desc']}")
    assert log.splitlines()[0].endswith(") #1 HOSTED")


@pytest.mark.parametrize("kind", KINDS)
def test_the_code_line_holds_the_bytes_at_rip(kind):
    text = text_of(IMAGE)
    lines = messages(committed(kind))
    for place, code in itertools.pairwise(lines):
        if not place.startswith("RIP: 0010:"):
            continue
        [(name, offset, _)] = PLACE.findall(place)
        [(start, _)] = text.find(name)
        at = start + int(offset, 16) - text.start - 42
        printed = code.removeprefix("Code: ").replace("<", "").replace(">", "")
        assert bytes.fromhex(printed) == text.data[at : at + 64]
        assert code.split().index(next(b for b in code.split() if b[0] == "<")) == 43


def test_the_image_is_small_and_knows_no_machine():
    data = IMAGE.read_bytes()
    assert len(data) < 400_000
    assert b"Linux version 6.1.0-sitegen " in data
    for folder in (b"/home/", b"/root/", b"/tmp/", b"/usr/", b"/build/", bytes(ROOT)):
        assert folder not in data


def test_units_are_named_as_in_the_tree():
    with IMAGE.open("rb") as stream:
        units = [unit.get_top_DIE() for unit in ELFFile(stream).get_dwarf_info().iter_CUs()]
    names = {unit.attributes["DW_AT_name"].value.decode() for unit in units}
    assert {unit.attributes["DW_AT_comp_dir"].value for unit in units} == {b"."}
    assert all((KERNEL / "src" / name).is_file() for name in names)
    assert {"arch/x86/entry/entry_64.S", "arch/x86/entry/common.c", "fs/proc/inode.c"} <= names


def test_calls_are_described_and_helpers_are_inlined():
    with IMAGE.open("rb") as stream:
        dies = [
            die for unit in ELFFile(stream).get_dwarf_info().iter_CUs() for die in unit.iter_DIEs()
        ]
        sites = {
            die.attributes["DW_AT_call_return_pc"].value
            for die in dies
            if die.tag == "DW_TAG_call_site" and "DW_AT_call_return_pc" in die.attributes
        }
        inlined = {
            die.get_DIE_from_attribute("DW_AT_abstract_origin").attributes["DW_AT_name"].value
            for die in dies
            if die.tag == "DW_TAG_inlined_subroutine"
        }
    assert {b"do_syscall_x64", b"pde_write", b"vfs_ioctl"} <= inlined
    text = text_of(IMAGE)
    # Calls made in assembly have no description; all others do.
    assembly = {"entry_SYSCALL_64_after_hwframe", "sysvec_apic_timer_interrupt"}
    assembly.add("asm_sysvec_apic_timer_interrupt")
    for kind in KINDS:
        for frame in frames(committed(kind)):
            if frame.reliable and frame.name not in assembly:
                [(start, _)] = text.find(frame.name)
                assert start + frame.offset in sites, frame


@runs_here
@pytest.mark.parametrize("kind", KINDS)
def test_the_committed_image_runs_and_prints_the_committed_frames(kind):
    log = run(IMAGE, kind)
    assert in_order(HEADERS[kind], messages(log))
    assert frames(log) == frames(committed(kind))


@runs_here
def test_a_kernel_without_a_program_panics_too():
    done = subprocess.run([IMAGE], capture_output=True, timeout=10, check=False)
    assert done.returncode == 1
    assert b"Kernel panic - not syncing: No program of that name." in done.stdout


@runs_here
@pytest.mark.parametrize("kind", KINDS)
def test_a_rebuilt_image_crashes_the_same_way(kind, rebuilt):
    log = run(rebuilt, kind)
    assert in_order(HEADERS[kind], messages(log))
    assert in_order(ESSENTIAL[kind], chain(log))
    text = text_of(rebuilt)
    for name, _, size in PLACE.findall(log):
        assert int(size, 16) in [width for _, width in text.find(name)], name


@runs_here
def test_the_same_compiler_makes_the_same_bytes(rebuilt):
    compilers = []
    for image in (IMAGE, rebuilt):
        with image.open("rb") as stream:
            compilers.append(ELFFile(stream).get_section_by_name(".comment").data())
    if compilers[0] != compilers[1]:
        pytest.skip("another compiler than that of the committed image")
    assert rebuilt.read_bytes() == IMAGE.read_bytes()


@pytest.mark.parametrize("script", ["build.sh", "capture.sh"])
def test_scripts_parse(script):
    assert "set -euo pipefail\n" in (KERNEL / script).read_text()
    subprocess.run(["bash", "-n", KERNEL / script], check=True)


def test_maintainers_name_files_that_exist():
    text = (KERNEL / "src" / "MAINTAINERS").read_text()
    named = re.findall(r"^[FX]:\t(.+)$", text, re.MULTILINE)
    assert named[-2:] == ["*", "*/"]
    for path in named[:-2]:
        place = KERNEL / "src" / path
        assert place.is_dir() if path.endswith("/") else place.is_file(), path


def test_a_case_that_pastes_a_log_pastes_a_captured_one():
    logs = {committed(kind) for kind in KINDS}
    pages = [page.read_text() for page in sorted((ROOT / "content" / "cases").rglob("*.md"))]
    blocks = [
        block
        for page in pages
        for block in re.findall(r"^```panic\n(.*?)^```$", page, re.MULTILINE | re.DOTALL)
        if "6.1.0-sitegen" in block
    ]
    assert blocks
    assert [block for block in blocks if block not in logs] == []
