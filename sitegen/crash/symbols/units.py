"""Addresses -> compile units, from .debug_aranges, or by reading every unit's first entry.

GCC and gas write .debug_aranges; clang does not, and a linked image may hold units of both.
"""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from functools import cached_property

from sitegen.crash.symbols.debug import Debug
from sitegen.crash.symbols.forms import AT_ADDR_BASE, DwarfError
from sitegen.crash.symbols.ranges import ranges_of
from sitegen.crash.symbols.unit import Unit

MOST = 1 << 64
MOST_OPEN = 64
"units kept: a unit of a kernel is a quarter of a megabyte"


class Units:
    """The compile units of one image, found by address or by offset."""

    def __init__(
        self, debug: Debug, known: Sequence[int] | None = None, *, complete: bool = False
    ) -> None:
        """`known` is what `flat` answered in an earlier run, `complete` what `scanned` did."""
        self._debug = debug
        self._known = known
        self._complete = complete
        self._open: dict[int, Unit] = {}

    def find(self, addresses: Iterable[int]) -> dict[int, Unit]:
        """The unit that covers each address; those that none covers are left out."""
        return {address: self.at(offset) for address, offset in self.covering(addresses).items()}

    def covering(self, addresses: Iterable[int]) -> dict[int, int]:
        """The offset of the unit that covers each address, as `find`; opens none."""
        found = {}
        left = []
        for address in addresses:
            offset = _covering(self._aranges, address)
            if offset is None:
                left.append(address)
            else:
                found[address] = offset
        for address in left:
            offset = _covering(self._others, address)
            if offset is not None:
                found[address] = offset
        return found

    @property
    def scanned(self) -> bool:
        """Whether `flat` holds the units without .debug_aranges too."""
        return self._complete or "_others" in self.__dict__

    def flat(self) -> list[int]:
        """All ranges found so far, by address: low, high and unit, three numbers each."""
        indexes = [self._aranges, *([self._others] if self.scanned else [])]
        rows = [
            (low, high, unit)
            for starts, ends in indexes
            for low, (high, unit) in zip(starts, ends, strict=True)
        ]
        return [number for row in sorted(rows) for number in row]

    def at(self, offset: int) -> Unit:
        """The unit whose header stands at `offset` of .debug_info. The last ones are kept."""
        unit = self._open.get(offset)
        if unit is None:
            if len(self._open) >= MOST_OPEN:
                del self._open[next(iter(self._open))]
            unit = Unit(self._debug, offset)
            if unit.dwo_name:
                from sitegen.crash.symbols.split import whole  # noqa: PLC0415  reason: few images are built so

                unit = whole(unit) or unit
            self._open[offset] = unit
        return unit

    def holding(self, offset: int) -> Unit | None:
        """The unit that the entry at `offset` of .debug_info belongs to."""
        at = bisect_right(self.offsets, offset) - 1
        if at < 0:
            return None
        unit = self.at(self.offsets[at])
        return unit if offset < unit.end else None

    @cached_property
    def offsets(self) -> list[int]:
        """Where units begin in .debug_info, in order. Reads only their headers."""
        found = []
        at, end = 0, self._debug.size("info")
        while at + 12 <= end:
            raw = self._debug.read("info", at, at + 12)
            length = int.from_bytes(raw[:4], self._debug.order)
            skip = 4
            if length == 0xFFFFFFFF:
                length, skip = int.from_bytes(raw[4:12], self._debug.order), 12
            if length < 7 or at + skip + length > end:
                break
            found.append(at)
            at += skip + length
        return found

    @cached_property
    def address_bases(self) -> list[tuple[int, int]]:
        """(where its part of .debug_addr begins, offset) of each unit that has one, sorted.

        Reads every unit's first entry: half a second for a kernel.
        """
        found = []
        for offset in self.offsets:
            try:
                unit = Unit(self._debug, offset)
                if unit.version == 5 and unit.top[0].has(AT_ADDR_BASE):
                    found.append((unit.base(AT_ADDR_BASE, 0), offset))
            except DwarfError:
                continue  # as in `_others`
        return sorted(found)

    @cached_property
    def _aranges(self) -> tuple[list[int], list[tuple[int, int]]]:
        """Starts of ranges, sorted, with (end, unit offset) of each."""
        if self._known is not None:
            ends = zip(self._known[1::3], self._known[2::3], strict=True)
            return list(self._known[::3]), list(ends)
        raw = self._debug.read("aranges", 0, self._debug.size("aranges"))
        packed, word = self._debug.image.encoding.packed, self._debug.word
        one_set, wide_set, pair = packed("IHIBB"), packed("4xQHQBB"), packed("WW")
        found: dict[int, tuple[int, int]] = {}
        at, total = 0, len(raw)
        while at + 12 <= total:
            length, _, unit, size, segment = one_set.unpack_from(raw, at)
            head = 12
            if length == 0xFFFFFFFF:
                if at + 24 > total:
                    break
                length, _, unit, size, segment = wide_set.unpack_from(raw, at)
                head = 24
            end = at + length + (4 if head == 12 else 12)
            if length < 4 or end > total:
                break
            if size == word and not segment:
                # Pairs are aligned to their own size, counted from the set's first byte.
                first = at + (head + 2 * word - 1 & -2 * word)
                pairs = pair.iter_unpack(
                    raw[first : first + (end - first) // pair.size * pair.size]
                )
                for low, size in pairs:
                    if 0 < size < MOST - low:
                        found[low] = low + size, unit
            at = end
        starts = sorted(found)
        return starts, [found[start] for start in starts]

    @cached_property
    def _others(self) -> tuple[list[int], list[tuple[int, int]]]:
        """As `_aranges`, of the units that have none. Half a second for a kernel without any."""
        if self._complete:
            return [], []
        listed = {unit for _, unit in self._aranges[1]}
        rows: list[tuple[int, int, int]] = []
        for offset in self.offsets:
            if offset not in listed:
                try:
                    unit = Unit(self._debug, offset)
                    rows.extend(
                        (low, high, offset)
                        for low, high in ranges_of(unit, *unit.top)
                        if low < high < MOST
                    )
                except DwarfError:
                    continue  # a damaged unit covers nothing; the others still answer
        rows.sort()
        return [row[0] for row in rows], [(row[1], row[2]) for row in rows]


def _covering(index: tuple[list[int], list[tuple[int, int]]], address: int) -> int | None:
    starts, rows = index
    at = bisect_right(starts, address) - 1
    # Ranges may overlap at discarded code; a few steps back find the one that covers.
    for which in range(at, max(at - 8, -1), -1):
        if address < rows[which][0]:
            return rows[which][1]
    return None
