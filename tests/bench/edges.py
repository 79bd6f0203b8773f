"""What the chains of real logs claim, counted by kind of edge and checked against the image.

    python tests/bench/edges.py [--arch amd64|arm64] [--list] [LOG...]

Every direct edge is compared with the target of the call instruction that returns to the frame's
address, every tail call with the jump it names, and every table shown with the bytes and
relocations of the object: all are read here from the ELF files, not by sitegen. The kernels are
those that SITEGEN_KERNELS points to, logs and test modules those of the corpus. Exit code 1 when an
edge claims something that is not so, when more than one in twenty is unknown, or when more than
one in ten of those through pointers has neither table nor mechanism nor the place that set it.
"""

import argparse
import os
import re
import struct
import sys
from collections import Counter
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

from elftools.elf.elffile import ELFFile
from elftools.elf.relocation import RelocationSection

ROOT = Path(__file__).parent.parent.parent
sys.path.insert(0, str(ROOT))

from sitegen.crash.analyse import analyse  # noqa: E402  reason: run as a script
from sitegen.crash.log import parse  # noqa: E402  reason: as above
from sitegen.crash.names import bare_name  # noqa: E402  reason: as above
from sitegen.crash.source import open_tree  # noqa: E402  reason: as above
from sitegen.crash.symbols.symbolizer import Symbolizer  # noqa: E402  reason: as above
from sitegen.crash.symbols.values import Decoded, Query  # noqa: E402  reason: as above
from sitegen.model import ChainStep, Edge, ReportEvidence, Table, TraceFrame  # noqa: E402  reason: as above

CORPUS = ROOT.parent / "shared" / "corpus" / "qemu"
POINTERS = ("__x86_indirect_thunk_", "__SCT__")
"what a jump goes to that goes through a pointer"
JUMP = re.compile(r"(?:j\w+|b|br) (\S+) at (\S+)\+0x([0-9a-f]+)")
PREFIX = {"amd64": "x86-", "arm64": "arm64-"}


class Elf:
    """Calls and pointers of one image, read without sitegen's readers."""

    def __init__(self, path: Path) -> None:
        self._stream = path.open("rb")
        self._elf = ELFFile(self._stream)
        self.moves = self._elf["e_type"] == "ET_REL"
        self.arm = self._elf["e_machine"] == "EM_AARCH64"

    @cached_property
    def sections(self) -> list[tuple[str, int, int, int, int]]:
        """(name, address, size, offset, number) of what is loaded."""
        return [
            (one.name, one["sh_addr"], one["sh_size"], one["sh_offset"], number)
            for number, one in enumerate(self._elf.iter_sections())
            if one["sh_flags"] & 2 and one["sh_type"] != "SHT_NOBITS"
        ]

    @cached_property
    def symbols(self) -> list[tuple[str, int, int, int | str]]:
        """(name, value, size, section number)."""
        table = self._elf.get_section_by_name(".symtab")
        return [
            (one.name, one["st_value"], one["st_size"], one["st_shndx"])
            for one in table.iter_symbols()
        ]

    @cached_property
    def named(self) -> dict[str, list[tuple[int, int, int | str]]]:
        found: dict[str, list[tuple[int, int, int | str]]] = {}
        for name, value, size, home in self.symbols:
            found.setdefault(name, []).append((value, size, home))
        return found

    @cached_property
    def at(self) -> dict[tuple[int | str, int], set[str]]:
        """Names by (section number, value); in a linked image the section does not matter."""
        found: dict[tuple[int | str, int], set[str]] = {}
        for name, value, _, home in self.symbols:
            found.setdefault((home if self.moves else 0, value), set()).add(name)
        return found

    @cached_property
    def moved(self) -> dict[tuple[int, int], tuple[str, int | str, int]]:
        """(section, offset) -> (symbol, its section, value with addend) of a module's relocations."""
        found = {}
        for section in self._elf.iter_sections():
            if not isinstance(section, RelocationSection):
                continue
            home = section["sh_info"]
            for entry in section.iter_relocations():
                name, value, _, where = self.symbols[entry["r_info_sym"]]
                addend = entry["r_addend"]
                found[home, entry["r_offset"]] = (name, where, value + addend)
        return found

    @cached_property
    def relative(self) -> dict[int, int]:
        """Place -> address, of the relative relocations of a linked image."""
        table = self._elf.get_section_by_name(".rela.dyn")
        if table is None:
            return {}
        data = table.data()
        return {place: addend for place, _, addend in struct.iter_unpack("<QQQ", data)}

    def read(self, number: int, offset: int, size: int) -> bytes:
        """Bytes of a section of a module, or with number -1 at an address of a linked image."""
        for _, address, length, start, at in self.sections:
            if (at == number) if self.moves else (address <= offset < address + length):
                self._stream.seek(start + offset - (0 if self.moves else address))
                return self._stream.read(size)
        return b""

    def number(self, section: str) -> int:
        return next((at for name, *_, at in self.sections if name == section), -1)

    def targets(self, section: str, address: int) -> set[str] | None:
        """Names of what the call that returns to `address` calls; None when it is no direct call."""
        number = self.number(section) if self.moves else -1
        code = self.read(number, address - 8, 8)
        if self.arm:
            word = int.from_bytes(code[4:], "little")
            if word >> 26 != 0b100101:
                return None
            shift = (word & 0x3FFFFFF) << 2
            field, to = address - 4, address - 4 + (shift - (1 << 28) if shift >> 27 else shift)
        else:
            if code[3] != 0xE8:
                return None
            field = address - 4
            to = address + int.from_bytes(code[4:], "little", signed=True)
        if not self.moves:
            return self.at.get((0, to), set())
        name, where, value = self.moved.get((number, field), ("", number, to))
        value += 0 if self.arm or (number, field) not in self.moved else 4
        if name and where == "SHN_UNDEF":
            return {name}
        return self.at.get((where, value), set()) | ({name} if name else set())

    def jumps(self, function: str, offset: int) -> set[str]:
        """Names of what the jump at an offset of a function goes to; `*` for one through a pointer."""
        found: set[str] = set()
        for value, _, home in self.named.get(function, ()):
            number = home if self.moves and isinstance(home, int) else -1
            place = value + offset
            code = self.read(number, place, 8)
            if len(code) < (4 if self.arm else 2):
                continue
            if self.arm:
                word = int.from_bytes(code[:4], "little")
                if word & 0xFFFFFC1F == 0xD61F0000:
                    found.add("*")
                    continue
                shift = (word & 0x3FFFFFF) << 2
                field, to = place, place + (shift - (1 << 28) if shift >> 27 else shift)
            else:
                if code[0] == 0xFF or code[:2] == b"\x41\xff":
                    found.add("*")
                    continue
                short = code[0] == 0xEB or code[0] & 0xF0 == 0x70
                begin = 2 if code[0] == 0x0F else 1
                width = 1 if short else 4
                field = place + begin
                shift = int.from_bytes(code[begin : begin + width], "little", signed=True)
                to = field + width + shift
            name, where, value_there = self.moved.get((number, field), ("", number, to))
            value_there += 0 if self.arm or (number, field) not in self.moved else 4
            if name and where == "SHN_UNDEF":
                found.add(name)
            else:
                found |= self.at.get((where if self.moves else 0, value_there), set())
        return {"*" if name.startswith(POINTERS) else name for name in found}

    def holds(self, table: str, callee: str) -> set[int]:
        """The offsets at which an object of that name holds the address of a function of that name."""
        starts = {
            (home if self.moves else 0, value)
            for name, several in self.named.items()
            if bare_name(name) == callee
            for value, _, home in several
        }
        found = set()
        for value, size, home in self.named.get(table, ()):
            for offset in range(0, min(size, 1 << 16), 8):
                if self.moves:
                    entry = (
                        self.moved.get((home, value + offset)) if isinstance(home, int) else None
                    )
                    if entry and (entry[1:] in starts or bare_name(entry[0]) == callee):
                        found.add(offset)
                else:
                    word = int.from_bytes(self.read(-1, value + offset, 8), "little")
                    if {(0, word), (0, self.relative.get(value + offset, -1))} & starts:
                        found.add(offset)
        return found


class Kernel(NamedTuple):
    """One architecture's images."""

    symbolizer: Symbolizer
    files: dict[str, Path]
    elves: dict[str, Elf]

    def elf(self, image: str) -> Elf:
        if image not in self.elves:
            self.elves[image] = Elf(self.files[image])
        return self.elves[image]


def kernel(root: Path, arch: str) -> Kernel:
    """The kernel of an architecture, with the corpus' test modules."""
    folders = sorted((CORPUS / "modules" / arch).iterdir())
    files = {"vmlinux": root / arch / "vmlinux"}
    for folder in [root / arch / "modules", *folders]:
        for path in sorted(folder.rglob("*.ko*")):
            files.setdefault(path.name.split(".")[0].replace("-", "_"), path)
    modules = [root / arch / "modules", *folders]
    names = [folder.name for folder in folders]
    symbolizer = Symbolizer(files["vmlinux"], modules, cache=None, outside=names)
    return Kernel(symbolizer, files, {})


def frames(report: ReportEvidence) -> dict[int, TraceFrame]:
    every = [frame for trace in report.traces for frame in trace.frames]
    every += [frame for frame in (report.pc, report.lr) if frame]
    return {frame.line: frame for frame in every if frame.line is not None}


def direct(chain: tuple[ChainStep, ...]) -> Iterator[tuple[ChainStep, ChainStep]]:
    """The direct edges, each with the last step outside of it that has a line of the log."""
    outer = None
    for step in chain:
        if outer is not None and step.edge.kind == "direct" and step.edge.proof != "source":
            yield outer, step
        if step.log_line is not None:
            outer = step


def fault_of_direct(
    here: Kernel, seen: dict[int, TraceFrame], outer: ChainStep, step: ChainStep
) -> str:
    """What is wrong with a direct edge; empty when the instruction agrees."""
    frame = seen.get(outer.log_line or 0)
    if frame is None or not frame.symbol:
        return f"{outer.function}: no frame on its line"
    query = Query(
        frame.symbol,
        frame.offset or 0,
        frame.size or 0,
        frame.module,
        "return",
        callee=step.function,
    )
    (place,) = here.symbolizer.decode([query])
    if not isinstance(place, Decoded):
        return f"{outer.function}: {place.reason}"
    targets = here.elf(place.image).targets(place.section, place.address)
    if targets is None:
        return f"{outer.function} -> {step.function}: no direct call ends at {place.address:#x}"
    # A module calls vmlinux by one of the names that stand at one address.
    main = here.elf("vmlinux")
    places = [(0, value) for name in targets for value, *_ in main.named.get(name, ())]
    if here.elf(place.image).moves:
        targets = targets.union(*(main.at[place] for place in places))
    if step.function in {bare_name(name) for name in targets}:
        return ""
    return f"{outer.function} -> {step.function}: calls {sorted(targets)}"


def fault_of_tables(here: Kernel, tables: tuple[Table, ...], callee: str, *, slot: bool) -> str:
    """What is wrong with tables that are said to hold a function, in one slot where `slot` says so."""
    offsets = []
    for table in tables:
        images = [name for name in here.elves if table.symbol in here.elf(name).named]
        held = set().union(*(here.elf(name).holds(table.symbol, callee) for name in images))
        if not held:
            return f"{table.symbol} does not hold {callee}"
        offsets.append(held)
    if slot and offsets and not set.intersection(*offsets):
        return f"the tables hold {callee} in different slots"
    return ""


def fault_of_jump(here: Kernel, edge: Edge) -> str:
    """What is wrong with a tail call; empty when the instruction is what the edge says."""
    match = JUMP.search(edge.note)
    if match is None:
        # The kernel puts an alternative in the jump's place at boot: the image has another.
        return "" if "puts there at boot" in edge.note else f"no jump is named in '{edge.note}'"
    target, function, offset = match[1], match[2], int(match[3], 16)
    found = set().union(*(elf.jumps(function, offset) for elf in here.elves.values()))
    wanted = "*" if edge.indirect else target
    if wanted in found or bare_name(wanted) in {bare_name(name) for name in found}:
        return ""
    return f"{function}+{offset:#x} jumps to {sorted(found)}, not to {wanted}"


KNOWN, EXPLAINED = 0.95, 0.9


def words(edge: Edge) -> str:
    """The kind of an edge, and of one through a pointer what is known of it."""
    if edge.kind != "indirect" and not edge.indirect:
        return edge.kind
    kind = "tail through a pointer" if edge.indirect else "indirect"
    sure = "unproved" if edge.unproved else "proved"
    if edge.tables or any(target.tables for target in edge.targets):
        return f"{kind}, {sure}, tables"
    if edge.handed:
        return f"{kind}, {sure}, the place that hands it over"
    if edge.mechanism:
        return f"{kind}, {sure}, mechanism"
    return f"{kind}, {sure}, {'reason' if edge.note else 'nothing said'}"


def main() -> int:
    """Prints the counts and every fault."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--arch", choices=tuple(PREFIX))
    parser.add_argument("--list", action="store_true", help="print unknown and unproved edges")
    parser.add_argument("logs", nargs="*", type=Path)
    options = parser.parse_args()
    root = Path(os.environ.get("SITEGEN_KERNELS", ""))
    faults = 0
    for arch, prefix in PREFIX.items():
        logs = options.logs or sorted((CORPUS / "logs").glob("*.log"))
        logs = [path for path in logs if path.name.startswith(prefix)]
        if (options.arch or arch) != arch or not logs or not (root / arch / "vmlinux").is_file():
            continue
        here = kernel(root, arch)
        sources = {folder.name: folder for folder in (CORPUS / "modules" / arch).iterdir()}
        tree = open_tree(root / "linux-source-6.1", outside=sources)
        counts: Counter[str] = Counter()
        checked: Counter[str] = Counter()
        for path in logs:
            log = parse(path.read_bytes().decode(errors="replace"))
            found = analyse(
                log,
                id=path.stem,
                sha256="",
                symbolizer=here.symbolizer,
                tree=None if isinstance(tree, str) else tree,
            )
            for image in found.provenance.images:
                here.elf(image.name)
            for report in found.reports:
                for name in _wrong(here, report, checked):
                    faults += 1
                    print(f"WRONG {path.stem}: {name}")
                counts.update(words(step.edge) for step in report.chain[1:])
                for step in report.chain[1:] if options.list else ():
                    if step.edge.kind == "unknown" or step.edge.unproved:
                        print(f"{path.stem}: {step.function}: {step.edge.kind}: {step.edge.note}")
        _print(arch, len(logs), counts, checked)
        faults += _short(counts)
    return 1 if faults else 0


def _short(counts: Counter[str]) -> int:
    """How many of the two marks the counts of one architecture miss; prints the shares."""
    total = sum(counts.values())
    pointers = {
        name: count for name, count in counts.items() if "pointer" in name or "indirect" in name
    }
    explained = sum(
        count
        for name, count in pointers.items()
        if name.endswith(("tables", "hands it over", "mechanism"))
    )
    known = 1 - counts["unknown"] / max(total, 1)
    said = explained / max(sum(pointers.values()), 1)
    print(f"  {100 * known:.1f} % of the edges are other than unknown (95 wanted)")
    print(f"  {100 * said:.1f} % of those through pointers are explained (90 wanted)")
    return (known < KNOWN) + (said < EXPLAINED)


def _wrong(here: Kernel, report: ReportEvidence, checked: Counter[str]) -> Iterator[str]:
    """The faults of one chain."""
    seen = frames(report)
    for outer, step in direct(report.chain):
        checked["direct edges against the call instruction"] += 1
        fault = fault_of_direct(here, seen, outer, step)
        if fault:
            yield fault
    for step in report.chain:
        held = [(step.edge.tables, step.function, bool(step.edge.slot))]
        held += [(one.tables, one.function, False) for one in step.edge.targets]
        for tables, function, slot in held:
            checked["tables against the object"] += len(tables)
            fault = fault_of_tables(here, tables, function, slot=slot)
            if fault:
                yield fault
    for step in report.chain:
        if step.edge.kind == "tail":
            checked["tail calls against the jump instruction"] += 1
            fault = fault_of_jump(here, step.edge)
            if fault:
                yield f"{step.function}: {fault}"
    for step in report.chain:
        if step.snippet is not None:
            checked["snippets"] += 1
            checked["snippets that mark a call"] += step.snippet.column is not None


def _print(arch: str, logs: int, counts: Counter[str], checked: Counter[str]) -> None:
    total = sum(counts.values())
    print(f"{arch}: {logs} logs, {total} edges")
    for name, count in sorted(counts.items()):
        print(f"  {count:6} {100 * count / total:5.1f} %  {name}")
    for name, count in sorted(checked.items()):
        print(f"  {count:6}          {name}")


if __name__ == "__main__":
    sys.exit(main())
