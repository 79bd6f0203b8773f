"""Every address of the small images, against addr2line."""

import lzma
import subprocess
from pathlib import Path

import pytest

from sitegen.crash.names.demangle import demangle
from sitegen.crash.symbols.reader import Reader
from tests.images.build import ALL, SCOPED, Image, build_scoped
from tests.images.record import BUILT, RECORDED

Chain = list[tuple[str, str, int | None]]
"(function, base name of the file, line), innermost first"


def _ours(reader: Reader, addresses: list[int]) -> dict[int, Chain]:
    found = {}
    for address, (calls, _) in reader.calls_at(addresses).items():
        found[address] = [(c.function, c.file.rpartition("/")[2], c.line) for c in calls]
    return found


def _theirs(image: Image, addresses: list[int], section: str = "") -> dict[int, Chain]:
    program = image.recipe.addr2line
    if section and program.startswith("llvm"):
        program = "addr2line"  # the other knows no sections
    more = ["-j", section] if section else []
    out = subprocess.run(
        [program, "-afi", *more, "-e", str(image.path)],
        input="\n".join(f"{a:#x}" for a in addresses),
        capture_output=True,
        text=True,
        check=True,
    ).stdout.splitlines()
    found: dict[int, Chain] = {}
    at: Chain = []
    lines = iter(out)
    for line in lines:
        if line.startswith("0x"):
            at = found[int(line, 16)] = []
            continue
        file, _, number = next(lines).partition(" (discriminator")[0].rpartition(":")
        # llvm prefers the name of the symbol table, with `.lto_priv.0` or `.cold`.
        name = line.partition(".")[0]
        known = int(number) if number.isdigit() and int(number) else None
        at.append((name, file.rpartition("/")[2], known))
    return found


def test_every_address_is_what_addr2line_says(any_kernel: Image) -> None:
    reader = Reader(str(any_kernel.path), "vmlinux")
    step = any_kernel.recipe.step
    addresses = [
        address
        for section in reader.image.code
        if not section.name.startswith(".plt")
        for address in range(section.address, section.address + section.size, step)
    ]
    theirs = _theirs(any_kernel, addresses)
    ours = _ours(reader, addresses)
    assert len(addresses) > 100
    assert _differences(ours, theirs) == []


def _differences(ours: dict[int, Chain], theirs: dict[int, Chain]) -> list[object]:
    wrong = []
    for address, known in theirs.items():
        mine = ours[address]
        if not mine or not mine[0][1]:  # padding, which no unit covers
            mine = known if known[0][1] in {"", "??"} or known[0][2] is None else mine
        elif not mine[-1][0]:  # no entry: assembly, whose name is in the symbol table
            mine = [(known[0][0], *mine[0][1:])]
        if mine != known:
            wrong.append((hex(address), mine, known))
    return wrong


def test_text_of_a_module_is_what_addr2line_says(any_module: Image) -> None:
    reader = Reader(str(any_module.path), "small_module")
    text = next(s for s in reader.image.code if s.name.startswith(".text") and s.size)
    if text.name != ".text":
        text = next(s for s in reader.image.code if "module_write" in s.name)
    step = any_module.recipe.step
    offsets = range(0, text.size, step)
    theirs = _theirs(any_module, list(offsets), text.name)
    ours = _ours(reader, [text.address + offset for offset in offsets])
    assert _differences({offset: ours[text.address + offset] for offset in offsets}, theirs) == []


def test_sections_of_a_module_do_not_overlap(any_module: Image) -> None:
    reader = Reader(str(any_module.path), "small_module")
    found = {}
    for name in (".init.text", ".exit.text"):
        section = reader.image.find(name)
        assert section is not None
        found[name] = _ours(reader, [section.address])[section.address][-1][0]
    assert found == {".init.text": "module_begin", ".exit.text": "module_end"}


@pytest.mark.parametrize("name", RECORDED)
def test_images_of_machines_without_a_compiler_give_the_recorded_answers(
    name: str, tmp_path: Path
) -> None:
    path = tmp_path / "vmlinux"
    path.write_bytes(lzma.decompress((BUILT / f"{name}.xz").read_bytes()))
    reader = Reader(str(path), "vmlinux")
    wrong = []
    for row in (BUILT / f"{name}.txt").read_text().splitlines():
        title, first, last, answer = row.split(" ", 3)
        section = reader.image.find(title)
        assert section is not None
        offsets = range(int(first, 16), int(last, 16) + 1, ALL[name].step)
        ours = _ours(reader, [section.address + offset for offset in offsets])
        for address, chain in ours.items():
            # Padding has a line and no function; addr2line takes the symbol's name.
            named = [(function or answer.split()[0], *at) for function, *at in chain]
            said = " < ".join(f"{function} {file}:{line}" for function, file, line in named)
            if said != answer:
                wrong.append((title, hex(address), said, answer))
    assert wrong == []


@pytest.mark.parametrize("name", SCOPED)
def test_functions_of_c_plus_plus_and_rust_bear_their_scopes(name: str, tmp_path: Path) -> None:
    path = build_scoped(name, tmp_path)
    reader = Reader(str(path), "shapes")
    text = max(reader.image.code, key=lambda section: section.size)
    asked = "".join(f"{offset:#x}\n" for offset in range(text.size))
    command = ["addr2line", "-afi", "-j", text.name, "-e", str(path)]
    said = subprocess.run(command, input=asked, capture_output=True, text=True, check=True).stdout
    lines = iter(said.splitlines())
    theirs: dict[int, list[str]] = {}
    for line in lines:
        if line.startswith("0x"):
            chain = theirs[int(line, 16)] = []
        else:
            chain.append(line)
            next(lines)
    ours = _ours(reader, [text.address + offset for offset in theirs])
    deep = 0
    for offset, chain in theirs.items():
        names = [function for function, _, _ in ours[text.address + offset]]
        # Padding; and a lambda, which addr2line calls by what it is inlined into.
        if names != [""] and "operator()" not in names:
            assert [demangle(one) for one in chain] == names
            deep += len(names) > 1 and "::" in names[0]
    assert deep > 3
