"""Functions -> the constant objects that hold their address: ops tables and the slot in them.

The data of an image is searched for the pointer; the symbol table says which object covers it,
DWARF which variable and which member it is.
"""

from collections.abc import Iterator
from typing import NamedTuple

from sitegen.crash.symbols.elf import (
    SHF_ALLOC,
    SHF_EXECINSTR,
    SHT_PROGBITS,
    SHT_RELA,
    Section,
)
from sitegen.crash.symbols.image import Image
from sitegen.crash.symbols.reader import Reader
from sitegen.crash.symbols.symbols import Symbol
from sitegen.crash.symbols.values import Holder
from sitegen.crash.symbols.variables import variables

# Lists that the build makes of functions; nothing is called through them.
_LISTS = (
    *("__ksymtab_", "__kstrtab", "__addressable_", "__UNIQUE_ID_", "_kbl_addr_", "_eil_addr_"),
    *("__initcall_", "__exitcall_", "__mcount", "__ksym_marker"),
)
_NOT_DATA = (".BTF", ".orc_", ".rela", ".note", "__ksymtab", "__kcrctab", "__bug_table")
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
    known = variables(reader, [symbol.address for _, symbol, _ in places], starts)
    for function, symbol, offset in places[: _MOST_PLACES * len(starts)]:
        variable = known.get(symbol.address)
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
