"""Calls through a fixed place of memory -> the object that holds the pointer, and where in it."""

from sitegen.crash.symbols.elf import EM_X86_64
from sitegen.crash.symbols.reader import Reader


def slot_of(reader: Reader, begin: int) -> tuple[str, int] | None:
    """The object that an x86 `call *symbol+offset` at `begin` reads, and the offset.

    None for a call through a register, or where no object of the image lies there.
    """
    image = reader.image
    section = image.section_at(begin)
    if image.machine != EM_X86_64 or section is None:
        return None
    code = image.code_at(begin, begin + 7)
    if code[:3] == b"\xff\x14\x25":
        field, base = begin + 3, 0
    elif code[:2] == b"\xff\x15":
        field, base = begin + 2, begin + 6
    else:
        return None
    at = field - begin
    place = base + int.from_bytes(code[at : at + 4], "little", signed=True) & (1 << 64) - 1
    for entry in image.relocations(section, field - section.address, field - section.address + 1):
        shift = entry.addend + (4 if base else 0)
        if not entry.defined:
            return (entry.symbol, shift) if shift >= 0 else None
        place = entry.value + shift
    symbol = reader.symbols.object_at(place)
    return (symbol.name, place - symbol.address) if symbol else None
