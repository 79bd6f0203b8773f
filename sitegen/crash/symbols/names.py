"""Entries of functions -> their names, through the entries they stand for."""

from collections.abc import Iterator

from sitegen.crash.symbols import forms
from sitegen.crash.symbols.abbreviations import Abbreviation
from sitegen.crash.symbols.unit import Unit
from sitegen.crash.symbols.units import Units


def origins(units: Units, unit: Unit, position: int) -> Iterator[tuple[Unit, Abbreviation, int]]:
    """The entry, and those it takes its name and declaration from, nearest first; never for ever."""
    for _ in range(forms.MOST_HOPS):
        kind, at = unit.entry(position)
        if kind is None:
            return
        yield unit, kind, at
        target = unit.reference(kind, at, forms.AT_ABSTRACT_ORIGIN)
        if target is None:
            target = unit.reference(kind, at, forms.AT_SPECIFICATION)
        if target is None:
            return
        home = unit if unit.offset < target < unit.end else units.holding(target)
        if home is None:
            return
        unit, position = home, target - home.offset


def name_of(units: Units, unit: Unit, position: int) -> str:
    """The name of a function as people write it; empty when it has none.

    Of C++ and Rust with its scopes, which only the name for the linker tells.
    """
    if unit.has_scopes:
        mangled = _text(units, unit, position, forms.AT_LINKAGE_NAME)
        if mangled:
            from sitegen.crash.names.demangle import demangle  # noqa: PLC0415  reason: few units are of them

            return demangle(mangled)
    return _text(units, unit, position, forms.AT_NAME)


def symbol_of(units: Units, unit: Unit, position: int) -> str:
    """The name of a function as the symbol table has it, without what compilers append."""
    linked = _text(units, unit, position, forms.AT_LINKAGE_NAME) if unit.has_scopes else ""
    return linked or _text(units, unit, position, forms.AT_NAME)


def _text(units: Units, unit: Unit, position: int, attribute: int) -> str:
    for home, kind, at in origins(units, unit, position):
        text = home.text(kind, at, attribute)
        if text:
            return text
    return ""
