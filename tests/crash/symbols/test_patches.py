"""Calls that an x86 kernel rewrites at boot, and calls through a fixed place."""

from pathlib import Path

import pytest

from sitegen.crash.symbols.symbolizer import Symbolizer
from sitegen.crash.symbols.values import CallSite, Decoded, Query


@pytest.fixture(scope="module")
def symbolizer(kernels: Path):
    with Symbolizer(kernels / "amd64" / "vmlinux", cache=None) as found:
        yield found


def site(symbolizer: Symbolizer, name: str, offset: int) -> CallSite | None:
    (place,) = symbolizer.decode([Query(name, offset)])
    assert isinstance(place, Decoded)
    (found,) = symbolizer.sites([place])
    return found


def test_a_paravirt_call_that_became_shorter_keeps_its_slot(symbolizer: Symbolizer) -> None:
    # The return address of a kernel that runs: one byte before the end of the call in the image.
    found = site(symbolizer, "amd_e400_idle", 0x3D)
    assert found == CallSite(
        "indirect", "", "instruction", "call *pv_ops+0x108", ("pv_ops", 0x108), patched=True
    )


def test_a_call_through_a_fixed_place_names_it(symbolizer: Symbolizer) -> None:
    found = site(symbolizer, "amd_e400_idle", 0x3E)
    assert found is not None
    assert (found.slot, found.patched) == (("pv_ops", 0x108), False)
    assert site(symbolizer, "vfs_write", 0xC7)._replace(instruction="") == CallSite(
        "indirect", "", "call-site"
    )


def test_a_far_return_to_a_pushed_address_is_a_call_through_a_pointer(
    symbolizer: Symbolizer,
) -> None:
    found = site(symbolizer, "secondary_startup_64_no_verify", 0xE5)
    assert found == CallSite("indirect", "", "instruction", "lretq")


def test_a_function_that_the_kernel_puts_in_the_place_of_another_is_a_way_out(
    symbolizer: Symbolizer,
) -> None:
    (home,) = symbolizer.decode([Query("memcpy", 0, 0, "", "exact")])
    assert isinstance(home, Decoded)
    found = symbolizer.exits("memcpy", home)
    assert found is not None
    assert [[(jump.function, jump.target) for jump in way] for way in found] == [
        [("__memcpy", "memcpy_erms")]  # the other name of memcpy
    ]
