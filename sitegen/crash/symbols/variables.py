"""Data objects -> the variables that they are in DWARF: their types, members and declarations."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from sitegen.crash.symbols import forms, functions
from sitegen.crash.symbols.forms import DwarfError, to_uleb
from sitegen.crash.symbols.members import type_at
from sitegen.crash.symbols.reader import Reader
from sitegen.crash.symbols.unit import Unit
from sitegen.crash.symbols.values import ImageError

_PIECE = 1 << 24
"bytes of .debug_info looked through at once"


class Variable(NamedTuple):
    """The entry of a variable in DWARF."""

    reader: Reader
    unit: Unit
    position: int

    def describe(self, offset: int) -> tuple[str, str, str, int | None]:
        """(type, member path at `offset`, file, line); what is not known stays empty."""
        try:
            file, line = self.reader.declared(self.unit, self.position)
            kind, member = type_at(self.reader, self.unit, self.position, offset)
        except (DwarfError, ImageError):
            return "", "", "", None
        return kind, member, file, line


def variables(reader: Reader, objects: Iterable[int], starts: Iterable[int]) -> dict[int, Variable]:
    """The entries of the objects at some addresses, by address; those not found are left out.

    Tables are mostly static in the file of the functions they name, so the units of these (that
    begin at `starts`) are looked at first, then all of .debug_info.
    """
    found: dict[int, Variable] = {}
    left = dict.fromkeys(objects)
    if not left or not reader.has_lines:
        return found
    try:
        for unit, wanted in _places(reader, left, starts):
            for address in [one for one in wanted if one in left]:
                position = _variable_in(reader, unit, address)
                if position is not None:
                    found[address] = Variable(reader, unit, position)
                    del left[address]
    except (DwarfError, ImageError):
        pass  # what was found before still counts
    return found


def _places(
    reader: Reader, left: dict[int, None], starts: Iterable[int]
) -> Iterator[tuple[Unit, list[int]]]:
    """Units, and the addresses to be looked for in each; of those that are still `left`."""
    offsets = dict.fromkeys(reader.units.covering(start for start in starts if start).values())
    if reader.image.is_module:
        offsets.update(dict.fromkeys(reader.units.offsets))
    for offset in offsets:
        if not left:
            return
        yield reader.units.at(offset), list(left)
    if left and not reader.image.is_module:
        for address, offset in _spelled(reader, list(left)):
            home = reader.units.holding(offset)
            if home is not None:
                yield home, [address]
    if left and reader.debug.section("addr") is not None:
        for address, offset in _indexed(reader, list(left)):
            yield reader.units.at(offset), [address]


def _spelled(reader: Reader, addresses: list[int]) -> Iterator[tuple[int, int]]:
    """(address, offset) of .debug_info where the location of an object stands, the first of each."""
    left = {address: _expression(reader, address) for address in addresses}
    for at in range(0, reader.debug.size("info"), _PIECE):
        if not left:
            return
        piece = reader.debug.read("info", at, at + _PIECE + 16)
        for address, needle in list(left.items()):
            place = piece.find(needle)
            if place >= 0:
                del left[address]
                yield address, at + place


def _indexed(reader: Reader, addresses: list[int]) -> Iterator[tuple[int, int]]:
    """(address, offset of a unit) where .debug_addr has the address in the unit's part: clang's way."""
    word = reader.debug.word
    bases = reader.units.address_bases
    data = reader.debug.read("addr", 0, reader.debug.size("addr"))
    for address in addresses:
        needle = address.to_bytes(word, reader.debug.order)
        at = data.find(needle)
        while at >= 0:
            which = bisect_right(bases, (at, reader.debug.size("info"))) - 1
            if which >= 0:
                yield address, bases[which][1]
            at = data.find(needle, at + 1)


def _expression(reader: Reader, address: int) -> bytes:
    """DW_OP_addr and the address, as long as an expression of its own."""
    spelled = address.to_bytes(reader.debug.word, reader.debug.order)
    return bytes([1 + len(spelled), 0x03]) + spelled


def _variable_in(reader: Reader, unit: Unit, address: int) -> int | None:
    """The position of the variable of the unit that lies at `address`."""
    needles = [_expression(reader, address)]
    index = unit.address_index(address)
    if index is not None:
        text = bytes([0xA1]) + to_uleb(index)  # DW_OP_addrx, as clang writes
        needles.append(bytes([len(text)]) + text)
    for needle in needles:
        at = unit.data.find(needle)
        while at >= 0:
            position = functions.entry_over(unit, at)
            if position is not None:
                kind, begin = unit.entry(position)
                if kind is not None and kind.tag == forms.TAG_VARIABLE:
                    where = unit.find(kind, begin, forms.AT_LOCATION)
                    if where is not None and where[1] == needle[1:]:
                        return position
            at = unit.data.find(needle, at + 1)
    return None
