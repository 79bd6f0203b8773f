"""Random places of real kernels and modules: what addr2line and llvm-symbolizer say, we say.

A sample by default; with SITEGEN_ALL set 4000 call sites of vmlinux, 4000 other places of it and of
arm64's, and 1200 call sites of modules. Where the
two tools agree, we agree with them; where they do not, a reason below says who is right.
"""

import os
import random
import re
import shutil
import subprocess
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from sitegen.crash.names import bare_name
from sitegen.crash.symbols.instructions import call_before
from sitegen.crash.symbols.paths import tidy
from sitegen.crash.symbols.reader import Reader
from sitegen.crash.symbols.values import Call

pytestmark = pytest.mark.kernel

ALL = bool(os.environ.get("SITEGEN_ALL"))
SITES = 4000 if ALL else 150
MODULES = 80 if ALL else 6
SITES_OF_MODULE = 20
LLVM = shutil.which("llvm-symbolizer") or shutil.which("llvm-symbolizer-14") or ""

Chain = tuple[tuple[str, str, int], ...]
"(function without suffixes, file, line), innermost first"


class Difference(NamedTuple):
    """A call site on which not all agree."""

    image: str
    section: str
    address: int
    ours: Chain
    addr2line: Chain
    llvm: Chain


@pytest.fixture(scope="module", autouse=True)
def _tools() -> None:
    if not LLVM or not shutil.which("addr2line"):
        pytest.skip("addr2line and llvm-symbolizer are not both installed")


def _call_sites(reader: Reader, number: int, chance: random.Random) -> list[int]:
    """Return addresses, spread over the functions of the image."""
    starts = [start for start in reader.symbols.starts if reader.image.section_at(start)]
    found: set[int] = set()
    for _ in range(number * 8):
        start = chance.choice(starts)
        size = reader.symbols.size_of(start)
        address = start + chance.randrange(max(size, 1))
        for at in range(address, min(address + 64, start + size)):
            if call_before(reader.image, reader.symbols, at):
                found.add(at)
                break
        if len(found) >= number:
            break
    return sorted(found)


def _ours(reader: Reader, addresses: list[int]) -> list[Chain]:
    calls = reader.calls_at([address - 1 for address in addresses])
    return [_chain(reader, address, calls[address - 1][0]) for address in addresses]


def _chain(reader: Reader, address: int, calls: tuple[Call, ...]) -> Chain:
    symbol = reader.symbols.at(address - 1)
    name = symbol.name if symbol else ""
    return tuple((bare_name(call.function or name), call.file, call.line or 0) for call in calls)


def _run(command: list[str], addresses: list[int]) -> list[Chain]:
    """What a tool says of each address: names and places on lines of their own, after the address."""
    text = "".join(f"{address:#x}\n" for address in addresses)
    done = subprocess.run(command, input=text, capture_output=True, text=True, check=True)
    chains: list[list[tuple[str, str, int]]] = []
    lines = iter(done.stdout.splitlines())
    for line in lines:
        if re.fullmatch(r"0x[0-9a-f]+", line):
            chains.append([])
        elif line:
            file, _, number = next(lines).partition(" (disc")[0].rpartition(":")
            found = re.match(r"\d+", number)
            chains[-1].append((bare_name(line), tidy(file), int(found[0]) if found else 0))
    return [tuple(chain) for chain in chains]


def _lines(chain: Chain) -> tuple[tuple[str, int], ...]:
    """Functions and lines; of the outermost the line alone: a place of assembly has several names."""
    return (*((name, line) for name, _, line in chain[:-1]), *(("", c[2]) for c in chain[-1:]))


def _same(ours: Chain, theirs: Chain) -> bool:
    """Files by their names: the tools join what is not to be joined."""
    return _lines(ours) == _lines(theirs) and all(
        not mine or other.endswith(mine.rpartition("/")[2])
        for (_, mine, _), (_, other, _) in zip(ours, theirs, strict=True)
    )


HEADER = "we and llvm: addr2line names the unit's file for a function that a header defines"
SECTION = "we and addr2line: llvm is told no section, and takes the function of another one"
EACH = "we alone: both of the above at once, so addr2line has the line and llvm the file"


def _reason(found: Difference) -> str:
    """Who is right and why; empty when nothing explains it."""
    ours, gnu, llvm = found.ours, found.addr2line, found.llvm
    if _same(ours, llvm) and _lines(ours) == _lines(gnu):
        return HEADER
    if found.section and _same(ours, gnu):
        return SECTION
    name = ours[0][1].rpartition("/")[2]
    if found.section and _lines(ours) == _lines(gnu) and llvm and llvm[0][1].endswith(name):
        return EACH
    return ""


def _check(asked: int, found: list[Difference]) -> None:
    reasons = Counter(map(_reason, found))
    print(f"\n{asked} places, {len(found)} on which not all agree")
    for reason, number in reasons.most_common():
        print(f"  {number:5} {reason}")
    assert [one for one in found if not _reason(one)] == []


def _differences(
    reader: Reader, section: str, addresses: list[int], base: int, tool: str = "addr2line"
) -> Iterator[Difference]:
    asked = [address - base - 1 for address in addresses]
    image = str(reader.image.path)
    more = ["-j", section] if section else []
    gnu = _run([tool, "-afi", "-e", image, *more], asked)
    llvm = _run([LLVM, "-afi", "--output-style=GNU", "--no-demangle", f"--obj={image}"], asked)
    for address, ours, first, second in zip(
        addresses, _ours(reader, addresses), gnu, llvm, strict=True
    ):
        if not (_same(ours, first) and _same(ours, second)):
            yield Difference(reader.name, section, address - base, ours, first, second)


def test_call_sites_of_the_kernel_are_what_both_tools_say(kernels: Path) -> None:
    reader = Reader(str(kernels / "amd64" / "vmlinux"), "vmlinux")
    addresses = _call_sites(reader, SITES, random.Random(41))
    assert len(addresses) > SITES * 0.9
    found = list(_differences(reader, "", addresses, 0))
    _check(len(addresses), found)


@pytest.mark.parametrize(
    ("machine", "tool"), [("amd64", "addr2line"), ("arm64", "aarch64-linux-gnu-addr2line")]
)
def test_any_address_of_a_kernel_is_what_both_tools_say(
    machine: str, tool: str, kernels: Path
) -> None:
    path = kernels / machine / "vmlinux"
    if not path.exists() or not shutil.which(tool):
        pytest.skip(f"there is no kernel of {machine}, or no {tool}")
    reader = Reader(str(path), "vmlinux")
    chance = random.Random(43)
    starts = [start for start in reader.symbols.starts if reader.image.section_at(start)]
    step = 1 if machine == "amd64" else 4
    found = set()
    while len(found) < SITES:
        start = chance.choice(starts)
        found.add(start + chance.randrange(reader.symbols.size_of(start) or 1) // step * step + 1)
    addresses = sorted(found)
    differences = [
        one
        for one in _differences(reader, "", addresses, 0, tool)
        # Padding: we and one of the tools have no line there.
        if any(line for _, _, line in one.ours)
        or all(any(line for _, _, line in chain) for chain in (one.addr2line, one.llvm))
    ]
    _check(len(addresses), differences)


def test_call_sites_of_modules_are_what_the_tools_say(kernels: Path) -> None:
    chance = random.Random(42)
    paths = sorted((kernels / "amd64" / "modules").rglob("*.ko"))
    asked = 0
    found: list[Difference] = []
    for path in chance.sample(paths, min(MODULES, len(paths))):
        reader = Reader(str(path), path.stem)
        groups: dict[int, list[int]] = {}
        for address in _call_sites(reader, SITES_OF_MODULE, chance):
            section = reader.image.section_at(address - 1)
            assert section is not None
            groups.setdefault(section.number, []).append(address)
        for number, addresses in groups.items():
            section = reader.image.sections[number]
            asked += len(addresses)
            found.extend(_differences(reader, section.name, addresses, section.address))
        reader.close()
    _check(asked, found)
