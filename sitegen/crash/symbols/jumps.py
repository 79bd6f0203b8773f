"""Machine code -> the jumps to other functions, and through pointers. Of x86-64 and arm64."""

import re

from sitegen.crash.symbols.elf import EM_AARCH64, EM_X86_64
from sitegen.crash.symbols.image import Image
from sitegen.crash.symbols.instructions import arm64_target, x86_operand
from sitegen.record import Record

_JUMP_TO = 4
"what the middle bits of the byte behind ff say"

# Looked ahead, since any byte may begin one.
_JUMP = re.compile(rb"(?=\xe9.{4}|\xeb.|\x0f[\x80-\x8f].{4}|[\x70-\x7f].)", re.DOTALL)
_CONDITIONS = (
    *("jo", "jno", "jb", "jae", "je", "jne", "jbe", "ja"),
    *("js", "jns", "jp", "jnp", "jl", "jge", "jle", "jg"),
)


class Branch(Record):
    """A jump to the start of another function."""

    address: int
    end: int
    to: int
    word: str
    sure: bool
    "False for a short jump: two bytes that chance may well have made"


def jumps_in(image: Image, starts: frozenset[int], low: int, high: int) -> list[Branch]:
    """Jumps in [low, high) to a member of `starts` outside of it, by address.

    Without a disassembler: on x86 every byte that could begin `jmp rel32` or `jcc rel32` is taken
    for one when it leads to the very start of a function, which chance all but rules out.
    """
    section = image.section_at(low)
    code = image.code_at(low, high)
    if section is None or not code:
        return []
    moved = {}
    if image.is_module:
        base = section.address
        shift = 4 if image.machine == EM_X86_64 else 0
        for entry in image.relocations(section, low - base, high - base):
            # What stands in the field of a jump to another image is no distance.
            to = entry.value + entry.addend + shift if entry.defined else 0
            moved[entry.offset + base - low] = to
    found = []
    if image.machine == EM_X86_64:
        for at, field, width, word in _x86_fields(code):
            end = field + width
            to = low + end + int.from_bytes(code[field:end], "little", signed=True)
            to = moved.get(field, to)
            if to in starts and not low <= to < high:
                found.append(Branch(low + at, low + end, to, word, sure=width == 4))
    elif image.machine == EM_AARCH64:
        for at in range(0, len(code) - 3, 4):
            bits = int.from_bytes(code[at : at + 4], "little")
            if bits & 0xFC000000 != 0x14000000:
                continue
            to = moved.get(at, arm64_target(bits, low + at))
            if to in starts and not low <= to < high:
                found.append(Branch(low + at, low + at + 4, to, "b", sure=True))
    return found


def _x86_fields(code: bytes) -> list[tuple[int, int, int, str]]:
    """(begin, displacement, its bytes, mnemonic) of whatever may be a jump, in order."""
    found = []
    for match in _JUMP.finditer(code):
        at = match.start()
        first = code[at]
        if first == 0xE9:
            found.append((at, at + 1, 4, "jmp"))
        elif first == 0xEB:
            found.append((at, at + 1, 1, "jmp"))
        elif first == 0x0F:
            found.append((at, at + 2, 4, _CONDITIONS[code[at + 1] & 15]))
        else:
            found.append((at, at + 1, 1, _CONDITIONS[first & 15]))
    return found


def pointer_jump(image: Image, *, begin: int, end: int) -> tuple[int, str] | None:
    """Address and words of the jump through a pointer that begins at `begin`, or (0) ends at `end`.

    `ff /4` of x86, `br` of arm64: the tables of a switch are jumped through the same way.
    """
    sizes = {EM_AARCH64: (4,), EM_X86_64: range(2, 9)}.get(image.machine, ())
    for size in sizes:
        at = begin or end - size
        code = image.code_at(at, at + size)
        if len(code) < size:
            continue
        if image.machine == EM_X86_64:
            text = x86_operand(code, _JUMP_TO)
            if text:
                return at, f"jmp *{text}"
            continue
        word = int.from_bytes(code, "little")
        # br, and braa and its kin, which check a signed pointer first.
        if word & 0xFFFFFC1F == 0xD61F0000 or word & 0xFEFFF800 == 0xD61F0800:
            return at, f"br x{word >> 5 & 31}"
    return None
