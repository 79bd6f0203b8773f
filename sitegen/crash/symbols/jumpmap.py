"""All jumps of an image from one function to the start of another, read backwards from a goal."""

import re
import sys
from array import array
from bisect import bisect_left
from collections.abc import Iterator
from functools import cached_property

from sitegen.crash.symbols import functions, subprograms
from sitegen.crash.symbols.elf import EM_AARCH64, EM_X86_64, Section
from sitegen.crash.symbols.forms import DwarfError
from sitegen.crash.symbols.image import Image
from sitegen.crash.symbols.instructions import arm64_target
from sitegen.crash.symbols.jumps import Branch, jumps_in
from sitegen.crash.symbols.symbols import Symbols
from sitegen.crash.symbols.units import Units
from sitegen.crash.symbols.values import ImageError

DEEPEST = 8
"jumps in a row; one into a `.cold` part of a function counts, too"

MOST = 256
"functions that lead to a goal, at most; of more nothing is said"

# No byte of either stands for the other's first, so matches need not overlap.
_LONG = re.compile(rb"\xe9|\x0f[\x80-\x8f]")
_BRANCH = re.compile(rb"[\x14-\x17]")
_SHORT = 130
"bytes that a jump of two bytes reaches, itself included"


class JumpMap:
    """Who jumps to a function, of one image of x86-64 or arm64."""

    def __init__(self, image: Image, symbols: Symbols, units: Units) -> None:
        self._image = image
        self._symbols = symbols
        self._units = units
        self._direct: dict[int, list[int]] = {}

    @property
    def readable(self) -> bool:
        return self._image.machine in {EM_X86_64, EM_AARCH64}

    def reaching(self, goal: int) -> dict[int, None] | None:
        """The starts of the functions that jump to the goal, or to one that does; nearest first.

        Parts of functions stand for themselves. None where the code cannot be read, or more
        lead there than are looked at.
        """
        if not self.readable:
            return None
        found: dict[int, None] = {}
        level = [goal]
        for _ in range(DEEPEST):
            following: dict[int, None] = {}
            for target in level:
                following.update(dict.fromkeys(self.direct(target)))
            level = [one for one in following if one not in found and one != goal]
            found.update(dict.fromkeys(level))
            if len(found) > MOST:
                return None
        return found

    def direct(self, goal: int) -> list[int]:
        """The starts of the functions with a jump to the very goal, sorted.

        On x86 a jump of two bytes, which chance may well have made, counts where DWARF has a
        tail call there.
        """
        if goal not in self._direct:
            self._direct[goal] = self._read_direct(goal)
        return self._direct[goal]

    def _read_direct(self, goal: int) -> list[int]:
        places = set(self._places.get(goal, ()))
        starts = self._symbols.starts
        if self._image.machine == EM_X86_64:
            first = max(bisect_left(starts, goal - _SHORT) - 1, 0)
            places.update(starts[first : bisect_left(starts, goal + _SHORT)])
            places.discard(goal)
        found: set[int] = set()
        for place in places:
            symbol = self._symbols.at(place)
            if symbol is None or symbol.address in found:
                continue
            end = symbol.address + self._symbols.size_of(symbol.address)
            branches = jumps_in(self._image, frozenset({goal}), symbol.address, end)
            if any(branch.sure or self.is_recorded(branch) for branch in branches):
                found.add(symbol.address)
        return sorted(found)

    def is_recorded(self, branch: Branch) -> bool:
        """Whether DWARF has a tail call at the jump."""
        try:
            unit = self._units.find([branch.address]).get(branch.address)
            position = subprograms.subprogram_at(unit, branch.address) if unit else None
            if unit is None or position is None:
                return False
            return any(
                site.tail and (site.call_pc == branch.address or site.return_pc == branch.end)
                for site in functions.sites_in(unit, position)
            )
        except (DwarfError, ImageError):
            return False

    @cached_property
    def _places(self) -> dict[int, list[int]]:
        """For each start of a function the places that may hold a long jump there.

        Bytes that look like one may be data, or a part of another instruction. Half a second
        for a vmlinux.
        """
        starts = frozenset(self._symbols.starts)
        found: dict[int, list[int]] = {}
        for section in self._image.code:
            if self._image.is_module:
                pairs = self._of_module(section, starts)
            elif self._image.machine == EM_X86_64:
                pairs = self._of_x86(section)
            else:
                pairs = self._of_arm64(section)
            for to, place in pairs:
                if to in starts:
                    found.setdefault(to, []).append(place)
        return found

    def _of_module(self, section: Section, starts: frozenset[int]) -> Iterator[tuple[int, int]]:
        for start in starts:
            if section.address <= start < section.address + section.size:
                end = start + self._symbols.size_of(start)
                for branch in jumps_in(self._image, starts, start, end):
                    yield branch.to, branch.address

    def _of_x86(self, section: Section) -> Iterator[tuple[int, int]]:
        code = self._image.code_at(section.address, section.address + section.size)
        ends = [match.end() for match in _LONG.finditer(code, 0, max(len(code) - 4, 0))]
        # The distances as numbers, wherever they begin: a quarter of them at each remainder by four.
        views = [_numbers(code[at : at + (len(code) - at & -4)]) for at in range(4)]
        behind = section.address + 4
        for end in ends:
            # `e9` is one byte, `0f 8x` two; what a jump begins with does not matter to its place.
            yield behind + end + views[end & 3][end >> 2], behind + end - 5

    def _of_arm64(self, section: Section) -> Iterator[tuple[int, int]]:
        code = self._image.code_at(section.address, section.address + section.size)
        for match in _BRANCH.finditer(code[3::4]):
            at = 4 * match.start()
            address = section.address + at
            yield arm64_target(int.from_bytes(code[at : at + 4], "little"), address), address


def _numbers(code: bytes) -> "array[int]":
    """Little-endian words with their sign."""
    found = array("i")
    found.frombytes(code)
    if sys.byteorder == "big":
        found.byteswap()
    return found
