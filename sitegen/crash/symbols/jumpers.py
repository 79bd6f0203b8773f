"""Tail calls read backwards: which functions of an image leave by a jump to the start of another."""

import re

from sitegen.crash.symbols.elf import EM_AARCH64, EM_X86_64, Section
from sitegen.crash.symbols.jumps import jumps_in
from sitegen.crash.symbols.reader import Reader

MOST = 256
"functions named for one goal, at most"

_LONG = re.compile(rb"(?=(?:\xe9|\x0f[\x80-\x8f])(.{4}))", re.DOTALL)
_BRANCH = re.compile(rb"[\x14-\x17]")


def jumpers(reader: Reader, goals: list[int]) -> dict[int, list[str]] | None:
    """For each goal the names of the functions that jump to it, by address; None when unreadable.

    On x86 only jumps of four bytes count: those of one are within a function, or too few to tell
    from data.
    """
    if reader.image.machine not in {EM_X86_64, EM_AARCH64}:
        return None
    wanted = frozenset(goals)
    found: dict[int, dict[int, None]] = {goal: {} for goal in goals}
    for section in reader.image.code:
        for place in _places(reader, section, wanted):
            symbol = reader.symbols.at(place)
            if symbol is None:
                continue
            end = symbol.address + reader.symbols.size_of(symbol.address)
            for branch in jumps_in(reader.image, wanted, symbol.address, end):
                if branch.sure and len(found[branch.to]) < MOST:
                    found[branch.to][symbol.address] = None
    return {
        goal: [_whole(reader, start) for start in sorted(starts)] for goal, starts in found.items()
    }


def _whole(reader: Reader, start: int) -> str:
    """The name of the function; of its `.cold` part without the ending."""
    symbol = reader.symbols.starting_at(start)
    return symbol.name.partition(".cold")[0] if symbol else ""


def _places(reader: Reader, section: Section, wanted: frozenset[int]) -> list[int]:
    """Addresses, one a function at least, that may hold a jump to one of the goals."""
    image = reader.image
    if image.is_module:
        end = section.address + section.size
        return [start for start in reader.symbols.starts if section.address <= start < end]
    code = image.code_at(section.address, section.address + section.size)
    if image.machine == EM_X86_64:
        return [
            section.address + match.start()
            for match in _LONG.finditer(code)
            if section.address + match.end(1) + int.from_bytes(match[1], "little", signed=True)
            in wanted
        ]
    found = []
    for match in _BRANCH.finditer(code[3::4]):
        at = match.start() * 4
        word = int.from_bytes(code[at : at + 4], "little")
        shift = (word & 0x3FFFFFF) << 2
        if section.address + at + (shift - (1 << 28) if shift & 1 << 27 else shift) in wanted:
            found.append(section.address + at)
    return found
