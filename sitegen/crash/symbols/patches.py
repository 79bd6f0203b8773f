"""What an x86 kernel rewrites in its own code at boot: alternatives, and calls through pv_ops.

The image holds the code as it was before; these are the places at which what ran is another
instruction, and what it may be.
"""

import struct
from collections.abc import Iterator

from sitegen.crash.symbols.elf import EM_X86_64
from sitegen.crash.symbols.reader import Reader

_SITE = struct.Struct("<QBB6x")
"a paravirt_patch_site: address, type, length"

# Of an alt_instr: since Linux 6.3 a word of flags, since 5.13 no padding length.
_FORMS = (struct.Struct("<ii4xBB"), struct.Struct("<ii2xBB"), struct.Struct("<ii2xBBx"))
_CALL_SIZE = 5
_CHECKED = 64


def patched_pointer(reader: Reader, address: int) -> int | None:
    """Where a call through a pointer begins of which the kernel made a direct one that returns to `address`."""
    section = reader.image.find(".parainstructions")
    begin = address - _CALL_SIZE
    if reader.image.machine != EM_X86_64 or section is None:
        return None
    raw = reader.image.read(section, 0, section.size)
    whole = raw[: len(raw) - len(raw) % _SITE.size]
    if all(at != begin for at, _, _ in _SITE.iter_unpack(whole)):
        return None
    return begin if reader.image.code_at(begin, begin + 2) in {b"\xff\x14", b"\xff\x15"} else None


def instead(reader: Reader, address: int) -> tuple[str, ...]:
    """The functions that the call or jump at `address` may go to once the kernel has patched it."""
    image = reader.image
    section, home = image.find(".altinstructions"), image.find(".altinstr_replacement")
    if image.machine != EM_X86_64 or image.is_module or section is None or home is None:
        return ()
    names: list[str] = []
    for place, code, size in _alternatives(reader):
        if place != address or size < _CALL_SIZE:
            continue
        word = image.code_at(code, code + _CALL_SIZE)
        if len(word) == _CALL_SIZE and word[0] in {0xE8, 0xE9}:
            to = code + _CALL_SIZE + int.from_bytes(word[1:], "little", signed=True)
            names += reader.symbols.names_at(to)[:1]
    return tuple(dict.fromkeys(names))


def _alternatives(reader: Reader) -> Iterator[tuple[int, int, int]]:
    """(address, address of the replacement, its size) of all alternatives; none when not understood."""
    image = reader.image
    section, home = image.find(".altinstructions"), image.find(".altinstr_replacement")
    if section is None or home is None:
        return
    raw = image.read(section, 0, section.size)
    for form in _FORMS:
        if len(raw) % form.size:
            continue
        found = []
        for index, (place, code, _, size) in enumerate(form.iter_unpack(raw)):
            at = section.address + index * form.size
            found.append((at + place, at + 4 + code, size))
        if all(
            home.address <= code <= code + size <= home.address + home.size
            and image.section_at(place) is not None
            for place, code, size in found[:_CHECKED]
        ):
            yield from found
            return
