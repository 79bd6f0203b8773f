"""Functions -> the constant objects that hold their address: ops tables and the slot in them.

The data of an image is searched for the pointer; the symbol table says which object covers it,
DWARF which variable and which member it is.
"""

from collections.abc import Iterator
from typing import NamedTuple

from sitegen.crash.symbols import forms, functions
from sitegen.crash.symbols.elf import (
    SHF_ALLOC,
    SHF_EXECINSTR,
    SHT_PROGBITS,
    SHT_RELA,
    Section,
)
from sitegen.crash.symbols.forms import DwarfError, to_uleb
from sitegen.crash.symbols.image import Image
from sitegen.crash.symbols.members import type_at
from sitegen.crash.symbols.reader import Reader
from sitegen.crash.symbols.symbols import Symbol
from sitegen.crash.symbols.unit import Unit
from sitegen.crash.symbols.values import Holder, ImageError

# Lists that the build makes of functions; nothing is called through them.
_LISTS = (
    *("__ksymtab_", "__kstrtab", "__addressable_", "__UNIQUE_ID_", "_kbl_addr_", "_eil_addr_"),
    *("__initcall_", "__exitcall_", "__mcount", "__ksym_marker"),
)
_NOT_DATA = (".BTF", ".orc_", ".rela", ".note", "__ksymtab", "__kcrctab", "__bug_table")
_PIECE = 1 << 24
"bytes of .debug_info looked through at once"
_MOST_PLACES = 256
"places that hold one function, at most"


class _Slot(NamedTuple):
    """A place in data that holds the address of a function."""

    address: int
    function: int
    "index of the question"


def holders(reader: Reader, starts: list[int], names: list[str]) -> list[list[Holder]]:
    """For each function the objects of the image that hold its address, by address.

    `starts` are addresses of this image; a module's data may also hold functions of vmlinux,
    which have no address here (0) and are known by their names.
    """
    found: list[list[Holder]] = [[] for _ in starts]
    slots = sorted(
        _moved(reader, starts, names) if reader.image.is_module else _plain(reader, starts)
    )
    places: list[tuple[int, Symbol, int]] = []
    for slot in slots:
        symbol = reader.symbols.object_at(slot.address)
        if symbol is not None and not symbol.name.startswith(_LISTS):
            places.append((slot.function, symbol, slot.address - symbol.address))
    variables = _variables(reader, {symbol.address: symbol for _, symbol, _ in places}, starts)
    for function, symbol, offset in places[: _MOST_PLACES * len(starts)]:
        variable = variables.get(symbol.address)
        kind, member, file, line = variable.describe(offset) if variable else ("", "", "", None)
        found[function].append(Holder(symbol.name, offset, reader.name, kind, member, file, line))
    return found


def _data(reader: Reader) -> Iterator[Section]:
    for section in reader.image.sections:
        if (
            section.type == SHT_PROGBITS
            and section.flags & (SHF_ALLOC | SHF_EXECINSTR) == SHF_ALLOC
            and not section.name.startswith(_NOT_DATA)
        ):
            yield section


def _plain(reader: Reader, starts: list[int]) -> Iterator[_Slot]:
    """Slots of a linked image: the bytes of the address, or a relative relocation's addend."""
    image = reader.image
    word = image.encoding.word
    for which, start in enumerate(starts):
        for needle in image.encoding.pointers(start) if start else ():
            for section in _data(reader):
                for at in _found(image, section, needle):
                    if (section.address + at) % word == 0:
                        yield _Slot(section.address + at, which)
            for section in image.sections:
                # A relocatable kernel (arm64) holds the addresses in its own relocations.
                if section.type == SHT_RELA and section.flags & SHF_ALLOC:
                    for at in _found(image, section, needle):
                        if at % (3 * word) == 2 * word:
                            place = image.read(section, at - 2 * word, at - word)
                            yield _Slot(int.from_bytes(place, image.encoding.order), which)


def _found(image: Image, section: Section, needle: bytes) -> Iterator[int]:
    """Offsets of the bytes in a section."""
    end = section.offset + section.size
    at = image.data.find(needle, section.offset, end)
    while at >= 0:
        yield at - section.offset
        at = image.data.find(needle, at + 1, end)


def _moved(reader: Reader, starts: list[int], names: list[str]) -> Iterator[_Slot]:
    """Slots of a module: relocations against the function."""
    by_start = {start: which for which, start in enumerate(starts) if start}
    by_name = {name: which for which, name in enumerate(names) if not starts[which]}
    for section in _data(reader):
        for entry in reader.image.relocations(section, 0, section.size):
            if entry.defined:
                which = by_start.get(entry.value + entry.addend)
            else:
                which = by_name.get(entry.symbol) if not entry.addend else None
            if which is not None:
                yield _Slot(section.address + entry.offset, which)


# --- variables --------------------------------------------------------------------------------


class _Variable(NamedTuple):
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


def _variables(
    reader: Reader, objects: dict[int, Symbol], starts: list[int]
) -> dict[int, _Variable]:
    """The entries of objects, by address.

    Tables are mostly static in the file of the functions they name, so the units of the functions
    are looked at first, then all of .debug_info.
    """
    found: dict[int, _Variable] = {}
    if not objects or not reader.has_lines:
        return found
    try:
        units = dict.fromkeys(reader.units.find([start for start in starts if start]).values())
        if reader.image.is_module:
            units.update((reader.units.at(offset), None) for offset in reader.units.offsets)
        for unit in units:
            left = [address for address in objects if address not in found]
            if not left:
                break
            for address in left:
                position = _variable_in(reader, unit, address)
                if position is not None:
                    found[address] = _Variable(reader, unit, position)
        left = [address for address in objects if address not in found]
        if left and not reader.image.is_module:
            for address, place in _anywhere(reader, left).items():
                home = reader.units.holding(place)
                position = _variable_in(reader, home, address) if home else None
                if home is not None and position is not None:
                    found[address] = _Variable(reader, home, position)
    except (DwarfError, ImageError):
        return found
    return found


def _expression(reader: Reader, address: int) -> bytes:
    """DW_OP_addr and the address, as long as an expression of its own."""
    spelled = address.to_bytes(reader.debug.word, reader.debug.order)
    return bytes([1 + len(spelled), 0x03]) + spelled


def _anywhere(reader: Reader, addresses: list[int]) -> dict[int, int]:
    """Offsets in .debug_info where the location of each object stands; reads all of it in pieces."""
    found: dict[int, int] = {}
    total = reader.debug.size("info")
    left = {address: _expression(reader, address) for address in addresses}
    for at in range(0, total, _PIECE):
        if not left:
            break
        piece = reader.debug.read("info", at, at + _PIECE + 16)
        for address, needle in list(left.items()):
            place = piece.find(needle)
            if place >= 0:
                found[address] = at + place
                del left[address]
    return found


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
