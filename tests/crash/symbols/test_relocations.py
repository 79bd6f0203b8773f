"""Relocations that no compiler here writes: a module of literals."""

import struct

import pytest

from sitegen.crash.symbols.elf import (
    EM_LOONGARCH,
    EM_RISCV,
    SHT_PROGBITS,
    SHT_RELA,
    SHT_SYMTAB,
    Encoding,
    Section,
)
from sitegen.crash.symbols.relocations import Relocations

BEGIN, END = 0x100, 0x1234


def section(
    number: int, kind: int, offset: int, size: int, link: int = 0, info: int = 0
) -> Section:
    return Section(number, "", kind, 0, 0, offset, size, link, info, 1)


def applied(machine: int, there: bytes, *entries: tuple[int, int]) -> bytes:
    """A section after its (type, symbol) relocations at offset 2; symbol 1 is BEGIN, 2 is END."""
    symbols = bytes(24) + b"".join(
        struct.pack("<IBBHQQ", 0, 0, 0, 1, value, 0) for value in (BEGIN, END)
    )
    table = b"".join(struct.pack("<QQq", 2, symbol << 32 | kind, 0) for kind, symbol in entries)
    sections = (
        section(0, 0, 0, 0),
        section(1, SHT_PROGBITS, 0, len(there)),
        section(2, SHT_RELA, len(there), len(table), 3, 1),
        section(3, SHT_SYMTAB, len(there) + len(table), len(symbols), 0),
    )
    data = there + table + symbols
    return Relocations(data, Encoding(machine, 8, "little"), sections).applied(
        sections[1], 0, there
    )


@pytest.mark.parametrize(
    ("machine", "entries"),
    [(EM_RISCV, ((60, 2), (61, 1))), (EM_LOONGARCH, ((107, 2), (108, 1)))],
    ids=["riscv", "loongarch"],
)
def test_the_distance_of_two_labels_is_put_into_a_leb128_number(
    machine: int, entries: tuple[tuple[int, int], ...]
) -> None:
    assert applied(machine, b"\xff\xff\x80\x80\x00\xff", *entries) == b"\xff\xff\xb4\xa2\x00\xff"
    # What does not fit is cut, and nothing behind it is touched.
    assert applied(machine, b"\xff\xff\x80\x00\xff\xff", *entries) == b"\xff\xff\xb4\x22\xff\xff"


def test_the_distance_of_two_labels_is_added_and_taken() -> None:
    assert applied(EM_RISCV, bytes(8), (35, 2), (39, 1)) == b"\0\0\x34\x11\0\0\0\0"


def test_a_number_at_the_end_of_what_is_read_stays_inside() -> None:
    assert len(applied(EM_RISCV, b"\xff\xff\x80", (60, 2))) == 3


def test_a_field_beyond_the_end_is_left() -> None:
    assert applied(EM_RISCV, b"\1\2\3\4", (36, 2)) == b"\1\2\3\4"
