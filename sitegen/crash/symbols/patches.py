"""What an x86 kernel rewrites in its own code at boot: alternatives, and calls through pv_ops.

The image holds the code as it was before; these are the places at which what ran is another
instruction, and what it may be.
"""

import struct

from sitegen.crash.symbols.elf import EM_X86_64, Section
from sitegen.crash.symbols.image import Image
from sitegen.crash.symbols.values import ImageError

_SITE = struct.Struct("<QBB6x")
"a paravirt_patch_site: address, type, length"

# Of an alt_instr: since Linux 6.3 a word of flags, since 5.13 no padding length.
_FORMS = (struct.Struct("<ii4xBB"), struct.Struct("<ii2xBB"), struct.Struct("<ii2xBBx"))
_CALL_SIZE = 5
_CHECKED = 64


def pointer_calls(image: Image) -> frozenset[int]:
    """Where calls through a pointer begin of which the kernel makes direct ones, five bytes long."""
    section = image.find(".parainstructions")
    if image.machine != EM_X86_64 or section is None:
        return frozenset()
    raw = _read(image, section)
    whole = raw[: len(raw) - len(raw) % _SITE.size]
    return frozenset(address for address, _, _ in _SITE.iter_unpack(whole))


def alternatives(image: Image) -> dict[int, tuple[int, ...]]:
    """Where a call or jump begins that the kernel may replace, and what the others go to.

    Empty for a module, and where the list of alternatives has a form that is not known.
    """
    section, home = image.find(".altinstructions"), image.find(".altinstr_replacement")
    if image.machine != EM_X86_64 or image.is_module or section is None or home is None:
        return {}
    raw = _read(image, section)
    for form in _FORMS:
        if len(raw) % form.size:
            continue
        rows = []
        for index, (place, code, _, size) in enumerate(form.iter_unpack(raw)):
            at = section.address + index * form.size
            rows.append((at + place, at + 4 + code, size))
        if all(
            home.address <= code <= code + size <= home.address + home.size
            and image.section_at(place) is not None
            for place, code, size in rows[:_CHECKED]
        ):
            return _branches(image, rows)
    return {}


def _read(image: Image, section: Section) -> bytes:
    try:
        return image.read(section, 0, section.size)
    except ImageError:
        return b""  # the code speaks for itself


def _branches(image: Image, rows: list[tuple[int, int, int]]) -> dict[int, tuple[int, ...]]:
    found: dict[int, tuple[int, ...]] = {}
    for place, code, size in rows:
        word = image.code_at(code, code + _CALL_SIZE) if size >= _CALL_SIZE else b""
        if len(word) == _CALL_SIZE and word[0] in {0xE8, 0xE9}:
            to = code + _CALL_SIZE + int.from_bytes(word[1:], "little", signed=True)
            found[place] = (*found.get(place, ()), to)
    return found
