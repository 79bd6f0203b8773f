"""Tables of abbreviations: cut apart at zeros that may also be constants."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sitegen.crash.symbols.abbreviations import Abbreviations, read_abbreviations
from sitegen.crash.symbols.forms import F_IMPLICIT, DwarfError, to_uleb

NUMBERS = st.integers(1, 0x4FFF)
FORMS = st.sampled_from([0x01, 0x05, 0x0B, 0x0E, 0x13, 0x17, 0x18, 0x19, 0x1F01, F_IMPLICIT])
CONSTANTS = st.sampled_from([0, 1, 63, 64, 127, 128, 8192, -1, -64, -65, -8193])
ATTRIBUTES = st.lists(st.tuples(NUMBERS, FORMS, CONSTANTS), max_size=5)
TABLES = st.dictionaries(NUMBERS, st.tuples(NUMBERS, st.booleans(), ATTRIBUTES), max_size=12)


def to_sleb(value: int) -> bytes:
    out = bytearray()
    while True:
        byte = value & 0x7F
        value >>= 7
        if (value == 0 and not byte & 0x40) or (value == -1 and byte & 0x40):
            out.append(byte)
            return bytes(out)
        out.append(byte | 0x80)


def spelled(table: dict) -> bytes:
    out = b""
    for code, (tag, children, attributes) in table.items():
        out += to_uleb(code) + to_uleb(tag) + bytes([children])
        for name, form, constant in attributes:
            out += to_uleb(name) + to_uleb(form)
            out += to_sleb(constant) if form == F_IMPLICIT else b""
        out += b"\0\0"
    return out + b"\0"


def read(raw: bytes) -> Abbreviations | None:
    return read_abbreviations(raw, 4, 8)


@given(TABLES, st.binary(max_size=8))
def test_a_table_is_read_as_it_was_written(table: dict, behind: bytes) -> None:
    found = read(spelled(table) + behind)
    assert found is not None
    known = {
        code: (kind.tag, kind.children, kind.attributes)
        for code in found.spellings
        for kind in [found[code]]
    }
    assert known == {
        code: (
            tag,
            children,
            tuple((name, form, one if form == F_IMPLICIT else 0) for name, form, one in attributes),
        )
        for code, (tag, children, attributes) in table.items()
    }


@given(TABLES, st.integers(1, 40))
def test_a_table_that_is_cut_off_is_none(table: dict, cut: int) -> None:
    raw = spelled(table)[:-cut]
    found = read(raw)
    # What is left may be a table that ends earlier, never one of other declarations.
    assert found is None or all(
        found.spellings[code] == read(spelled(table)).spellings[code] for code in found.spellings
    )


@given(st.binary(max_size=200))
def test_rubbish_is_read_or_refused(raw: bytes) -> None:
    try:
        found = read(raw)
        for code in found.spellings if found is not None else ():
            found[code].has(3)
    except DwarfError:
        pass


def test_an_unknown_code_is_an_error() -> None:
    with pytest.raises(DwarfError, match="unknown abbreviation"):
        read(b"\0")[1]
