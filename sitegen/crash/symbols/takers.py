"""Functions -> the code that takes their address: what may hand them to others, or set a pointer.

Read from the bytes: an address as an operand (x86), a pair of instructions that makes one (arm64),
a relocation that stands for one (modules). What calls or jumps does not take the address.
"""

import re
from collections.abc import Iterator

from sitegen.crash.symbols.elf import EM_AARCH64, EM_X86_64, Section
from sitegen.crash.symbols.forms import DwarfError
from sitegen.crash.symbols.instructions import RETURNS
from sitegen.crash.symbols.reader import Reader
from sitegen.crash.symbols.sites import callee_of, sites_of
from sitegen.crash.symbols.values import ImageError, Taker

MOST = 12
"places named for one function, at most: where more take its address, none of them tells"

# What may stand before a function's address of four bytes: mov to a register, to memory with or
# without a displacement, push. (cmp does not: to compare is not to take.)
_MOVES = re.compile(
    rb"(?:[\x48-\x49]\xc7[\xc0-\xc7]|[\xb8-\xbf]|\x68"
    rb"|\xc7[\x00-\x03\x06\x07]|\xc7\x04.|\xc7[\x40-\x43\x45-\x47].|\xc7\x44.."
    rb"|\xc7[\x80-\x83\x85-\x87].{4}|\xc7\x84.{5}|\xc7\x05.{4})\Z",
    re.DOTALL,
)
# Behind 48 or 4c. A pattern that begins with one byte is searched ten times as fast.
_LEA = re.compile(rb"\x8d[\x05\x0d\x15\x1d\x25\x2d\x35\x3d]")
_WIDE = frozenset({0x48, 0x4C})
_ABSOLUTE = {EM_X86_64: frozenset({1, 10, 11}), EM_AARCH64: frozenset({257, 277})}
"types of relocations of an operand: R_X86_64_64, 32, 32S; R_AARCH64_ABS64, ADD_ABS_LO12_NC"
_PC32 = 2


def takers(reader: Reader, goals: list[int], names: list[str]) -> list[list[int]] | None:
    """For each function the addresses of the code that takes its address, sorted; None if unreadable.

    `names` are for functions of vmlinux (0 in `goals`), which a module knows by name.
    """
    if reader.image.machine not in {EM_X86_64, EM_AARCH64}:
        return None
    if reader.image.is_module:
        found = _moved(reader, goals, names)
    elif reader.image.machine == EM_X86_64:
        found = _x86(reader, goals)
    else:
        found = _arm64(reader, goals)
    places: list[set[int]] = [set() for _ in goals]
    for which, address in found:
        if len(places[which]) < MOST:
            places[which].add(address)
    return [sorted(several) for several in places]


def _code(reader: Reader) -> Iterator[Section]:
    return (one for one in reader.image.code if not one.name.startswith(".altinstr"))


def _moved(reader: Reader, goals: list[int], names: list[str]) -> Iterator[tuple[int, int]]:
    image = reader.image
    by_start = {goal: which for which, goal in enumerate(goals) if goal}
    by_name = {name: which for which, name in enumerate(names) if not goals[which]}
    kinds = _ABSOLUTE[image.machine]
    for section in _code(reader):
        for entry in image.relocations(section, 0, section.size):
            place = section.address + entry.offset
            addend = entry.addend
            if entry.type == _PC32 and image.machine == EM_X86_64:
                if not _LEA.match(image.code_at(place - 2, place)):
                    continue
                addend += 4
            elif entry.type not in kinds:
                continue
            if entry.defined:
                which = by_start.get(entry.value + addend)
            else:
                which = by_name.get(entry.symbol) if not addend else None
            if which is not None:
                yield which, place


def _x86(reader: Reader, goals: list[int]) -> Iterator[tuple[int, int]]:
    image = reader.image
    by_start = {goal: which for which, goal in enumerate(goals) if goal}
    for section in _code(reader):
        code = image.code_at(section.address, section.address + section.size)
        for goal, which in by_start.items():
            needle = (goal & 0xFFFFFFFF).to_bytes(4, "little")
            at = code.find(needle)
            while at >= 0:
                if _MOVES.search(code, max(at - 8, 0), at):
                    yield which, section.address + at
                at = code.find(needle, at + 1)
        for match in _LEA.finditer(code):
            end = match.end() + 4
            shift = int.from_bytes(code[match.end() : end], "little", signed=True)
            found = by_start.get(section.address + end + shift)
            if found is not None and code[match.start() - 1] in _WIDE:
                yield found, section.address + match.end()


_PAGE = 12
_NEAR = 64
"bytes behind an adrp in which its add is looked for"


def _arm64(reader: Reader, goals: list[int]) -> Iterator[tuple[int, int]]:
    """Places of an add that completes what an adrp before it began."""
    image = reader.image
    pages: dict[int, list[tuple[int, int]]] = {}
    for which, goal in enumerate(goals):
        if goal:
            pages.setdefault(goal >> _PAGE, []).append((goal & 0xFFF, which))
    for section in _code(reader):
        code = image.code_at(section.address, section.address + section.size)
        first, last = section.address >> _PAGE, section.address + section.size >> _PAGE
        for page in range(first, last + 1):
            low = max((page << _PAGE) - section.address, 0)
            high = min((page + 1 << _PAGE) - section.address, len(code))
            for wanted, several in pages.items():
                for at in _adrps(code, low, high, wanted - page):
                    yield from (
                        (which, section.address + place)
                        for rest, which in several
                        if (place := _add_after(code, at, rest))
                    )


def _adrps(code: bytes, low: int, high: int, shift: int) -> Iterator[int]:
    """Where in [low, high) an adrp makes the page that lies `shift` pages on."""
    if not -(1 << 20) <= shift < 1 << 20:
        return
    shift &= (1 << 21) - 1
    word = 0x90000000 | (shift & 3) << 29 | shift >> 2 << 5
    rest = word.to_bytes(4, "little")[1:]
    at = code.find(rest, low, high)
    while at >= 0:
        begin = at - 1
        if begin >= low and begin % 4 == 0 and code[begin] & 0xE0 == word & 0xE0:
            yield begin
        at = code.find(rest, at + 1, high)


def _add_after(code: bytes, at: int, rest: int) -> int:
    """Where an add to the register of the adrp at `at` puts the last twelve bits in; 0 if nowhere."""
    register = code[at] & 31
    for place in range(at + 4, min(at + 4 + _NEAR, len(code) - 3), 4):
        word = int.from_bytes(code[place : place + 4], "little")
        if word & 0xFFC00000 == 0x91000000 and word >> 5 & 31 == register:
            return place if word >> 10 & 0xFFF == rest else 0
        if word & 0x9F00001F == 0x90000000 | register:
            return 0
    return 0


# --- who they are -----------------------------------------------------------------------------

_REACH = 96
"bytes behind the place in which a call is looked for"


def describe(reader: Reader, addresses: list[int]) -> list[Taker]:
    """The functions that the places lie in, and what each calls next."""
    calls = reader.calls_at(addresses)
    found = []
    for address in addresses:
        symbol = reader.symbols.at(address)
        if symbol is not None:
            known, _ = calls[address]
            named = (*known[:-1], known[-1]._replace(function=symbol.name)) if known else ()
            found.append(Taker(symbol.name, named, reader.name, _next_call(reader, address)))
    return found


def _next_call(reader: Reader, address: int) -> str:
    try:
        unit = reader.units.find([address]).get(address)
        if unit is None:
            return ""
        behind = [
            (site.return_pc, site)
            for site in sites_of(unit, address)
            if site.return_pc is not None and address < site.return_pc <= address + _REACH
        ]
        if not behind:
            return ""
        _, site = min(behind, key=lambda one: one[0])
        name = "" if site.origin is None else callee_of(reader, unit, site.origin)
    except (DwarfError, ImageError):
        return ""
    return "" if name in RETURNS else name
