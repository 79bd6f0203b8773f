"""Machine code -> the call that ends at an address, and the jumps to other functions.

Reads only calls and jumps of x86-64 and arm64; of other machines it says nothing, and
DWARF's call sites stand alone.
"""

import re

from sitegen.crash.symbols.elf import EM_AARCH64, EM_X86_64, Section
from sitegen.crash.symbols.image import Image
from sitegen.crash.symbols.symbols import Symbols
from sitegen.record import Record

THUNK = "__x86_indirect_thunk_"
"`call __x86_indirect_thunk_rax` is `call *%rax` under retpolines"
TRAMPOLINE = "__SCT__"
"static calls go through a trampoline that the kernel rewrites"
RETURNS = frozenset({"__x86_return_thunk", "srso_return_thunk", "retbleed_return_thunk"})
"`jmp __x86_return_thunk` is `ret`"

_REGISTERS = (
    *("rax", "rcx", "rdx", "rbx", "rsp", "rbp", "rsi", "rdi"),
    *("r8", "r9", "r10", "r11", "r12", "r13", "r14", "r15"),
)

# Looked ahead, since any byte may begin one.
_JUMP = re.compile(rb"(?=\xe9.{4}|\xeb.|\x0f[\x80-\x8f].{4}|[\x70-\x7f].)", re.DOTALL)
_CONDITIONS = (
    *("jo", "jno", "jb", "jae", "je", "jne", "jbe", "ja"),
    *("js", "jns", "jp", "jnp", "jl", "jge", "jle", "jg"),
)


class Instruction(Record):
    """A call or a jump."""

    address: int
    target: str
    "symbol; empty when it goes through a pointer"
    to: int
    "address of the target; 0 when it is in another image, or through a pointer"
    text: str


def call_before(image: Image, symbols: Symbols, address: int) -> Instruction | None:
    """The call instruction that ends at `address`; None when there is none, or no code in the file."""
    section = image.section_at(address - 1)
    if section is None:
        return None
    if image.machine == EM_X86_64:
        return _x86_call(image, symbols, section, address)
    if image.machine == EM_AARCH64:
        return _arm64_call(image, symbols, section, address)
    return None


def target_of(
    image: Image, symbols: Symbols, section: Section, field: int, target: int
) -> tuple[str, int]:
    """(symbol, address) that a branch goes to; `field` is where a relocation of it would stand.

    The symbol is empty when the branch does not go to the start of a function.
    """
    if image.is_module:
        for entry in image.relocations(
            section, field - section.address, field - section.address + 1
        ):
            if not entry.defined:
                return entry.symbol, 0
            # x86 counts from behind the field, four bytes on.
            target = entry.value + entry.addend + (4 if image.machine == EM_X86_64 else 0)
            break
    home = image.section_at(target)
    if home is None or not home.is_code:
        return "", 0
    names = symbols.names_at(target)
    # Labels around the thunks share the first thunk's address.
    thunk = next((name for name in names if name.startswith(THUNK)), "")
    return thunk or next(iter(names), ""), target


def _x86_call(image: Image, symbols: Symbols, section: Section, address: int) -> Instruction | None:
    code = image.code_at(max(address - 8, section.address), address)
    if code[-5:-4] == b"\xe8":
        to = address + int.from_bytes(code[-4:], "little", signed=True)
        name, at = target_of(image, symbols, section, address - 4, to)
        if name.startswith(THUNK):
            register = name.removeprefix(THUNK)
            return Instruction(address - 5, "", 0, f"call *%{register}")
        if name:
            return Instruction(address - 5, name, at, f"call {name}")
    for size in range(2, min(len(code), 8) + 1):
        text = _x86_pointer(code[-size:], _CALL)
        if text:
            return Instruction(address - size, "", 0, f"call *{text}")
    # Where a CPU starts, the address to go on at was pushed before a far return.
    return Instruction(address - 2, "", 0, "lretq") if code[-2:] == b"\x48\xcb" else None


_CALL, _JUMP_TO = 2, 4
"what the middle bits of the byte behind ff mean"


def _x86_pointer(code: bytes, what: int) -> str:
    """The operand of `ff /what` when `code` is one such instruction; else empty."""
    rex = 0
    if code[0] & 0xF0 == 0x40:
        rex, code = code[0], code[1:]
    if len(code) < 2 or code[0] != 0xFF or code[1] >> 3 & 7 != what:
        return ""
    mode, low = code[1] >> 6, code[1] & 7
    if mode == 3:
        return f"%{_REGISTERS[low | (rex & 1) << 3]}" if len(code) == 2 else ""
    at = 2
    base = f"%{_REGISTERS[low | (rex & 1) << 3]}"
    inner = f"({base})"
    wide = {0: 0, 1: 1, 2: 4}[mode]
    if low == 4:
        if len(code) < 3:
            return ""
        scale, index, low = 1 << (code[2] >> 6), code[2] >> 3 & 7 | (rex & 2) << 2, code[2] & 7
        at = 3
        base = f"%{_REGISTERS[low | (rex & 1) << 3]}"
        if low == 5 and mode == 0:
            base, wide = "", 4
        inner = (
            f"({base},%{_REGISTERS[index]},{scale})" if index != 4 else f"({base})" if base else ""
        )
    elif low == 5 and mode == 0:
        inner, wide = "(%rip)", 4
    if len(code) != at + wide:
        return ""
    shift = int.from_bytes(code[at:], "little", signed=True)
    number = f"{'-' if shift < 0 else ''}{abs(shift):#x}" if wide else ""
    return f"{number}{inner}"


def _arm64_call(
    image: Image, symbols: Symbols, section: Section, address: int
) -> Instruction | None:
    code = image.code_at(address - 4, address)
    if len(code) < 4:
        return None
    word = int.from_bytes(code, "little")
    if word & 0xFC000000 == 0x94000000:
        name, at = target_of(image, symbols, section, address - 4, _arm64_target(word, address - 4))
        return Instruction(address - 4, name, at, f"bl {name}") if name else None
    # blr, and blraa and its kin, which check a signed pointer first.
    if word & 0xFFFFFC1F == 0xD63F0000 or word & 0xFEFFF800 == 0xD63F0800:
        return Instruction(address - 4, "", 0, f"blr x{word >> 5 & 31}")
    return None


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
            text = _x86_pointer(code, _JUMP_TO)
            if text:
                return at, f"jmp *{text}"
            continue
        word = int.from_bytes(code, "little")
        # br, and braa and its kin, which check a signed pointer first.
        if word & 0xFFFFFC1F == 0xD61F0000 or word & 0xFEFFF800 == 0xD61F0800:
            return at, f"br x{word >> 5 & 31}"
    return None


def _arm64_target(word: int, address: int) -> int:
    shift = (word & 0x3FFFFFF) << 2
    return address + (shift - (1 << 28) if shift & 1 << 27 else shift)


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
            to = moved.get(at, _arm64_target(bits, low + at))
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
