"""How functions leave the sight of an image: by jumps through pointers, and into other images.

A jump through a pointer is believed where DWARF records a tail call without a callee, or where it
goes through a thunk that only pointers go through; the tables of a switch jump the same way.
"""

from collections.abc import Iterator

from sitegen.crash.names import bare_name
from sitegen.crash.symbols.elf import EM_AARCH64, EM_X86_64
from sitegen.crash.symbols.forms import DwarfError
from sitegen.crash.symbols.functions import Site
from sitegen.crash.symbols.instructions import RETURNS, THUNK, TRAMPOLINE
from sitegen.crash.symbols.jumps import jumps_in, pointer_jump
from sitegen.crash.symbols.reader import Reader
from sitegen.crash.symbols.sites import sites_of
from sitegen.crash.symbols.tails import NEAR, THUNKS, jump_of, tail_paths
from sitegen.crash.symbols.values import ImageError, Jump
from sitegen.record import Record

MOST = 128
"functions read in one search; of more nothing is said"

_JUMPS = {EM_X86_64: frozenset({2, 4}), EM_AARCH64: frozenset({282})}
"types of the relocations of a jump (and on x86 of a call): PC32, PLT32; JUMP26"


class Exit(Record):
    """A jump out of sight."""

    address: int
    target: str
    "a function of another image, or one that the kernel may let it go to; empty for a pointer"
    word: str
    "the instruction, in words"
    recorded: bool
    "DWARF has a tail call there"


def exits(reader: Reader, function: str, limit: int) -> tuple[tuple[Jump, ...], ...] | None:
    """The ways by tail calls from the functions of a name out of sight, nearest first.

    The last jump of each has no target, or one in another image, or one that the kernel puts in
    its place at boot. None when more functions can be reached than are looked at.
    """
    symbols = reader.symbols.find({function, *RETURNS, *THUNKS})
    thunks = {one.address: name for name in THUNKS for one in symbols[name]}
    returns = {one.address for name in RETURNS for one in symbols[name]}
    starts = frozenset(reader.symbols.starts) - returns
    level = [symbol.address for symbol in symbols[function]]
    own = set(level)
    "where the function begins, its parts included"
    found: list[tuple[Jump, ...]] = []
    seen: dict[int, None] = {}
    for _ in range(NEAR + 1):
        following: dict[int, None] = {}
        for start in level:
            if start in seen:
                continue
            if len(seen) == MOST:
                return None
            seen[start] = None
            leaving, onward = _exits_of(reader, start, starts, thunks)
            following.update(dict.fromkeys(onward))
            if start in own:
                own.update(to for to in onward if _is_part(reader, to, function))
            if leaving:
                ways = ((),) if start in own else tail_paths(reader, function, start, limit)
                found += [
                    (
                        *way,
                        jump_of(reader, one.address, one.target, one.word, recorded=one.recorded),
                    )
                    for way in ways
                    for one in leaving
                ]
        level = list(following)
    return tuple(found[:limit])


def _is_part(reader: Reader, start: int, function: str) -> bool:
    """Whether the compiler split off from a function what begins at `start`."""
    names = reader.symbols.names_at(start)
    return any(".cold" in name and bare_name(name) == bare_name(function) for name in names)


def _exits_of(
    reader: Reader, start: int, starts: frozenset[int], thunks: dict[int, str]
) -> tuple[list[Exit], list[int]]:
    """The jumps of a function out of sight, and the functions that it jumps to."""
    end = start + reader.symbols.size_of(start)
    tails = _tails(reader, start)
    recorded = {place for site in tails for place in (site.call_pc, site.return_pc) if place}
    found: dict[int, Exit] = {}
    onward = []
    branches = jumps_in(reader.image, starts, start, end)
    for branch in branches:
        known = bool({branch.address, branch.end} & recorded)
        if branch.to in thunks:
            word = f"{branch.word} *%{thunks[branch.to].removeprefix(THUNK)}"
            found[branch.address] = Exit(branch.address, "", word, known)
            continue
        name = next(iter(reader.symbols.names_at(branch.to)), "")
        if name.startswith(TRAMPOLINE):
            found[branch.address] = Exit(branch.address, "", f"{branch.word} {name}", known)
        elif branch.sure or known:
            onward.append(branch.to)
    for address, goals in reader.alternatives.items():
        for to in goals if start <= address < end else ():
            name = next(iter(reader.symbols.names_at(to)), "")
            if name and to not in {branch.to for branch in branches}:
                text = f"jmp {name}, which the kernel puts there at boot,"
                found[address] = Exit(address, name, text, recorded=False)
    for address, size, word, name in _loose(reader, start, end):
        known = bool({address, address + size} & recorded)
        if name.startswith(THUNK):
            found[address] = Exit(address, "", f"{word} *%{name.removeprefix(THUNK)}", known)
        elif name not in RETURNS:
            target = "" if name.startswith(TRAMPOLINE) else name
            found[address] = Exit(address, target, f"{word} {name}", known)
    for site in tails:
        if site.origin is None:
            jump = pointer_jump(reader.image, begin=site.call_pc or 0, end=site.return_pc or 0)
            if jump is not None:
                found[jump[0]] = Exit(jump[0], "", jump[1], recorded=True)
    return sorted(found.values(), key=lambda one: one.address), onward


def _loose(reader: Reader, start: int, end: int) -> Iterator[tuple[int, int, str, str]]:
    """(address, size, mnemonic, symbol) of a module function's jumps to what other images define."""
    image = reader.image
    section = image.section_at(start)
    if not image.is_module or section is None:
        return
    kinds = _JUMPS.get(image.machine, frozenset())
    for entry in image.relocations(section, start - section.address, end - section.address):
        if entry.defined or entry.type not in kinds:
            continue
        field = section.address + entry.offset
        if image.machine == EM_AARCH64:
            yield field, 4, "b", entry.symbol
            continue
        before = image.code_at(field - 2, field)
        if before[1:] == b"\xe9":
            yield field - 1, 5, "jmp", entry.symbol
        elif before[:1] == b"\x0f" and before[1] & 0xF0 == 0x80:
            yield field - 2, 6, "jcc", entry.symbol


def _tails(reader: Reader, start: int) -> list[Site]:
    """The tail calls that DWARF has of a function."""
    try:
        unit = reader.units.find([start]).get(start)
        return [site for site in sites_of(unit, start) if site.tail] if unit else []
    except (DwarfError, ImageError):
        return []
