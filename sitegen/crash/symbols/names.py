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
    """The name of a function; empty when it has none."""
    for home, kind, at in origins(units, unit, position):
        name = home.text(kind, at, forms.AT_NAME)
        if name:
            return name
    return ""
