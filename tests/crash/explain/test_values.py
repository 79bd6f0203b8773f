"""Values that the kernel writes on purpose, and those that only look like it."""

import pytest

from sitegen.crash.explain.errno import find_errno
from sitegen.crash.explain.values import (
    find_error,
    find_poison,
    find_shadow,
    find_small_poison,
    find_text,
    is_canonical,
    is_canonical_4,
)


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (0x6B6B6B6B6B6B6B6B, "slab poison 0x6b: a freed object"),
        (0x6B6B6B6B6B6B6B93, "0x28 behind slab poison 0x6b: a freed object"),
        (0x006B6B6B6B6B6B93, "0x28 behind slab poison 0x6b: a freed object"),  # untagged on arm64
        (0xA56B6B6B6B6B6B6B, "slab poison 0x6b: a freed object"),
        (0x5A5A5A5A5A5A5A5A, "slab poison 0x5a: a new object"),
        (0xDEAD000000000100, "LIST_POISON1: a deleted list entry"),
        (0xDEAD000000000108, "0x8 behind LIST_POISON1: a deleted list entry"),
        (0xDEAD000000000122, "LIST_POISON2: a deleted list entry"),
        (0xDEAD000000000200, "LIST_POISON2: a deleted list entry"),
        (0xAAAAAAAAAAAAAAAA, "looks like a freed page, 0xaa"),
        (0x57AC6E9D, "the end of a stack"),
    ],
)
def test_poison_of_64_bits_is_known(value: int, said: str) -> None:
    meaning = find_poison(value, 64)
    assert meaning is not None
    assert meaning.brief == said
    assert meaning.pattern


@pytest.mark.parametrize("value", [0x28, 0x100, 0xFFFF888012345678, 0x6B6B, 0xDEAE000000000100])
def test_other_values_are_no_poison(value: int) -> None:
    assert find_poison(value, 64) is None


def test_poison_that_a_number_may_be_looks_like_it_only() -> None:
    meaning = find_small_poison(0x100)
    assert meaning is not None
    assert meaning.brief.startswith("looks like")
    assert "a number may be the same" in meaning.text
    assert find_small_poison(0x104) is None


def test_poison_of_32_bits_is_known() -> None:
    for value in (0x6B6B6B6B, 0x00100100):
        assert find_poison(value, 32) is not None


@pytest.mark.parametrize(
    ("value", "bits", "name"),
    [
        (2**64 - 12, 64, "ENOMEM"),
        (2**32 - 22, 32, "EINVAL"),
        (2**32 - 14, 64, "EFAULT"),  # a 32-bit result in a 64-bit register
        (2**64 - 512, 64, "ERESTARTSYS"),
    ],
)
def test_errors_are_named(value: int, bits: int, name: str) -> None:
    meaning = find_error(value, bits)
    assert meaning is not None
    assert name in meaning.text


def test_large_values_are_no_errors() -> None:
    assert find_error(0xFFFFEFFF, 64) is None
    assert find_error(2**64 - 4096, 64) is None
    assert find_errno(0) == find_errno(41) == find_errno(5000) == ""


def test_a_shadow_is_turned_back_into_what_it_stands_for() -> None:
    meaning = find_shadow(0xDFFFFC0000000005, "x86_64")
    assert meaning is not None
    assert meaning.brief == "KASAN's shadow of 0x28 to 0x2f"
    assert find_shadow(0xDFFFFC0000000005, "riscv64") is None


def test_text_in_a_register_is_shown_in_the_order_of_memory() -> None:
    meaning = find_text(0x27646165722D6C6C, 64)
    assert meaning is not None
    assert meaning.brief == "looks like text: 'll-read''"
    assert find_text(0x2020202020202020, 64) is None
    assert find_text(0x27646165722D6C01, 64) is None


def test_addresses_are_canonical_when_their_highest_bits_are_the_same() -> None:
    assert is_canonical_4(0xFFFF800000000000)
    assert is_canonical_4(0x00007FFFFFFFFFFF)
    assert not is_canonical_4(0x0000800000000000)
    assert is_canonical(0x0000800000000000)
    assert not is_canonical(0xDEAD000000000100)
