"""Return addresses -> how the call was made: DWARF's call sites, confirmed by the instruction."""

from typing import Literal

from sitegen.crash.symbols import functions, names, subprograms
from sitegen.crash.symbols.forms import DwarfError
from sitegen.crash.symbols.functions import Site
from sitegen.crash.symbols.instructions import TRAMPOLINE, call_before
from sitegen.crash.symbols.reader import Reader
from sitegen.crash.symbols.slots import slot_of
from sitegen.crash.symbols.unit import Unit
from sitegen.crash.symbols.values import CallSite, ImageError


def call_site(reader: Reader, address: int) -> CallSite | None:
    """The call that ends at `address`; None when neither DWARF nor the code knows of one.

    The callee is named as the symbol table names it where the code shows it (`foo.constprop.0`),
    else as DWARF does. A static call's trampoline counts as a pointer: the kernel rewrites it.
    """
    code = call_before(reader.image, reader.symbols, address)
    unit, site = _recorded(reader, address)
    if code is not None and code.target.startswith(TRAMPOLINE):
        return CallSite("indirect", "", "instruction", code.text)
    if code is None:
        begin = address - _CALL_SIZE
        if begin in reader.pointer_calls:
            slot = slot_of(reader, begin)
            return CallSite("indirect", "", "instruction", _text(slot, ""), slot, patched=True)
        if site is None or unit is None:
            return None
        callee = callee_of(reader, unit, site.origin) if site.origin is not None else ""
        return CallSite("direct" if callee else "indirect", callee, "call-site")
    proof: Literal["call-site", "instruction"] = "call-site"
    if code.target:
        # Calls that the compiler makes up itself (memcpy) have no callee in DWARF.
        if site is None or site.origin is None:
            proof = "instruction"
        places = reader.alternatives.get(code.address, ())
        others = tuple(name for to in places for name in reader.symbols.names_at(to)[:1])
        return CallSite("direct", code.target, proof, code.text, instead=others)
    if site is None or unit is None:
        proof = "instruction"
    elif site.origin is not None:
        callee = callee_of(reader, unit, site.origin)
        return CallSite("direct", callee, proof, code.text)
    slot = slot_of(reader, code.address)
    return CallSite("indirect", "", proof, _text(slot, code.text), slot)


_CALL_SIZE = 5
"bytes of a direct call on x86"


def _text(slot: tuple[str, int] | None, text: str) -> str:
    return f"call *{slot[0]}+{slot[1]:#x}" if slot else text


def _recorded(reader: Reader, address: int) -> tuple[Unit | None, Site | None]:
    """DWARF's entry for the call that returns to `address`."""
    try:
        unit = reader.units.find([address - 1]).get(address - 1)
        if unit is None:
            return None, None
        for site in sites_of(unit, address - 1):
            if site.return_pc == address and not site.tail:
                return unit, site
    except (DwarfError, ImageError):
        pass  # the instruction still speaks
    return None, None


def sites_of(unit: Unit, address: int) -> list[Site]:
    """All recorded calls of the function that covers `address`."""
    position = subprograms.subprogram_at(unit, address)
    return [] if position is None else functions.sites_in(unit, position)


def callee_of(reader: Reader, unit: Unit, origin: int) -> str:
    """The symbol of what a call site calls, as DWARF has it; empty when it cannot be read."""
    try:
        home = unit if unit.offset < origin < unit.end else reader.units.holding(origin)
        return names.symbol_of(reader.units, home, origin - home.offset) if home else ""
    except (DwarfError, ImageError):
        return ""
