"""Machine code -> the call that ends at an address.

Reads only calls of x86-64 and arm64; of other machines it says nothing, and
DWARF's call sites stand alone.
"""

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


class Instruction(Record):
    """A call."""

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
        text = x86_operand(code[-size:], _CALL)
        if text:
            return Instruction(address - size, "", 0, f"call *{text}")
    # Where a CPU starts, the address to go on at was pushed before a far return.
    return Instruction(address - 2, "", 0, "lretq") if code[-2:] == b"\x48\xcb" else None


_CALL = 2
"what the middle bits of the byte behind ff say"


def x86_operand(code: bytes, what: int) -> str:
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
        name, at = target_of(image, symbols, section, address - 4, arm64_target(word, address - 4))
        return Instruction(address - 4, name, at, f"bl {name}") if name else None
    # blr, and blraa and its kin, which check a signed pointer first.
    if word & 0xFFFFFC1F == 0xD63F0000 or word & 0xFEFFF800 == 0xD63F0800:
        return Instruction(address - 4, "", 0, f"blr x{word >> 5 & 31}")
    return None


def arm64_target(word: int, address: int) -> int:
    """Where a `b` or `bl` at an address goes."""
    shift = (word & 0x3FFFFFF) << 2
    return address + (shift - (1 << 28) if shift & 1 << 27 else shift)
