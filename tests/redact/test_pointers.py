"""Addresses: what of them stays, and what is read off them stays true."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sitegen.redact.pointers import Pointers, find_pointers
from sitegen.redact.redactor import apply
from sitegen.redact.regions import KERNELS, address_test

POISON = 0xDEAD000000000100


def mask(text: str) -> str:
    pointers = Pointers(find_pointers(text), lambda value: value == POISON)
    return apply(text, pointers.edits(text))


def test_region_and_place_in_the_page_stay_and_the_page_does_not():
    text = mask("RAX: ffff8dc103a26018 RSP: 0018:ffffc90000567e58 RIP: ffffffff9a234567")

    assert text == "RAX: ffff8dc000016018 RSP: 0018:ffffc90000017e58 RIP: ffffffff91004567"


def test_equal_pages_stay_equal_and_near_ones_as_near():
    text = mask("ffff8dc103a26018 ffff8dc103a26fff ffff8dc103a27000 ffff8dc203a20000")

    assert text == "ffff8dc000016018 ffff8dc000016fff ffff8dc000017000 ffff8dc000030000"


def test_what_is_no_address_stays():
    text = (
        "RBX: 0000000000000000 RCX: 0000000000000008 R1: dead000000000100 R2: fffffffffffffff2 "
        "CR3: 0000000103a26000 CR0: 0000000080050033 R3: 6b6b6b6b6b6b6b6b x: 0x1ffffffffff "
        "Code: ff ff 88 01 03 a2 60 18 id ffff888103a26018ab vfs_write+0x1d2/0x9f0 "
        "R4: ffffffffff600000 hashed 00000000a1b2c3d4 commit 7f0123456789 mem 0x0000008000000000"
    )

    assert mask(text) == text


def test_addresses_of_processes_are_masked_as_they_are_printed():
    text = mask(
        "RSP: 002b:00007ffd12345678 segfault at 7f1234567890 ip 000055d012345678 0x7ffd12346000"
    )

    assert text == (
        "RSP: 002b:00007ff000015678 segfault at 7f1000017890 ip 000055d000015678 0x7ff000016000"
    )


def test_what_the_kernel_was_moved_by_is_hidden_and_the_constants_beside_it_stay():
    text = "Kernel Offset: 0x2a000000 from 0xffffffff81000000 (relocation range: 0xffffffff80000000-0xffffffffbfffffff)"

    assert mask(text + "\nffffffffab000000") == (
        text.replace("0x2a000000", "(hidden)") + "\nffffffffa1000000"
    )
    assert mask("Kernel Offset: disabled") == "Kernel Offset: disabled"


ADDRESS = st.one_of(
    st.integers(0xFFFF888000000000, 0xFFFF888000FFFFFF),
    st.integers(0xFFFF888000000000, 0xFFFFC87FFFFFFFFF),
    st.integers(0xFFFFFFFF81000000, 0xFFFFFFFFC0FFFFFF),
    st.integers(0x7F0000000000, 0x7FFFFFFFFFFF),
)


@given(st.lists(ADDRESS, min_size=2, max_size=40))
def test_order_equality_alignment_and_near_distances_stay(found):
    pointers = Pointers(found, lambda _: False)

    for one in found:
        masked = pointers.mask(one)
        assert masked >> 36 == one >> 36
        assert masked & 0xFFFF == one & 0xFFFF
        for other in found:
            if one >> 24 == other >> 24:
                moved = pointers.mask(other)
                assert (one == other) == (masked == moved)
                assert (one < other) == (masked < moved)
                if abs(one - other) < 0x10000:
                    assert moved - masked == other - one


def test_more_pages_than_a_region_has_room_for_are_only_kept_apart():
    found = [0xFFFFFFFF80000000 + page * 0x11000 for page in range(4000)]
    pointers = Pointers(found, lambda _: False)

    assert len({pointers.mask(one) for one in found}) == len(found)
    assert all(pointers.mask(one) >> 28 == 0xFFFFFFFF8 for one in found[:3855])


# --- What an address looks like, by architecture ---------------------------------------------


@pytest.mark.parametrize(
    ("arch", "value"),
    [
        ("x86_64", 0xFFFF888103A26018),
        ("x86_64", 0xFF11000103A26018),  # five levels of tables
        ("x86_64", 0x00007FFD12345678),
        ("arm64", 0xFFFF000103A26018),
        ("arm64", 0xF2FF000103A26018),  # a tag of KASAN
        ("arm64", 0x0000AAAADEADBEE8),
        ("riscv", 0xFFFFFFD803A26018),
        ("powerpc", 0xC000000103A26018),
        ("powerpc", 0xC0000000FFFFEFFF),
        ("powerpc", 0xD000000003A26018),
        ("loongarch", 0x9000000103A26018),
        ("mips", 0x9800000103A26018),
        ("mips", 0xC000000003A26018),
    ],
)
def test_addresses_of_an_architecture_are_addresses_there_and_where_nobody_knows(arch, value):
    assert address_test([arch])(value)
    assert address_test()(value)
    assert address_test(["s390"])(value)  # not in the table


@pytest.mark.parametrize(
    ("arch", "value"),
    [
        ("x86_64", 0xC0000000FFFFEFFF),
        ("x86_64", 0xFEFF646D686B6D68),
        ("x86_64", 0x9000000103A26018),
        ("arm64", 0xC000000103A26018),
        ("riscv", 0xF2FF000103A26018),
        ("powerpc", 0x9000000103A26018),
        ("loongarch", 0xC000000103A26018),
        ("mips", 0xD000000103A26018),
    ],
)
def test_what_the_processor_takes_for_no_address_stays(arch, value):
    assert not address_test([arch])(value)


def test_texts_of_two_architectures_have_the_addresses_of_both():
    is_address = address_test(["x86_64", "powerpc"])

    assert is_address(0xC000000103A26018)
    assert is_address(0xFFFF888103A26018)
    assert not is_address(0x9000000103A26018)


def test_no_architecture_takes_small_numbers_or_those_below_zero():
    for arch in (*KERNELS, ""):
        for value in (0, 0x28, 0x1FFFFFFFFF, 0xFFFFFFFFFFFFFFF2, 0xDEAD000000000100):
            assert not address_test([arch])(value)
