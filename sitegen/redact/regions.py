"""Where each architecture puts its memory: which numbers of 64 bits may be addresses at all.

A number that the processor takes for no address is a constant or was computed, and stays. Of the
architecture only the layout counts; a kernel of any configuration is meant.
"""

from collections.abc import Callable, Iterable
from typing import NamedTuple


class Region(NamedTuple):
    """Numbers that have the same bits in front."""

    mask: int
    bits: int

    def holds(self, value: int) -> bool:
        return value & self.mask == self.bits


def _under(prefix: int, digits: int) -> Region:
    """Numbers whose first hexadecimal digits, so many, are these."""
    shift = 64 - 4 * digits
    return Region(((1 << 4 * digits) - 1) << shift, prefix << shift)


_UPPER = _under(0xFF, 2)
"""Above all that processes have, with up to 57 bits of an address."""
KERNELS: dict[str, tuple[Region, ...]] = {
    # Bits 63 to 56 are alike, with four levels of tables those down to 47.
    "x86_64": (_UPPER,),
    # And with a tag of KASAN in bits 59 to 56.
    "arm64": (_UPPER, Region(0xF0FF << 48, 0xF0FF << 48)),
    "riscv": (_UPPER,),
    # The linear map; what vmalloc() and modules have, with either sort of tables.
    "powerpc": (_UPPER, _under(0xC00, 3), _under(0xD00, 3)),
    # Windows onto physical memory, cached or not; then what is mapped by tables.
    "loongarch": (_UPPER, _under(0x9000, 4)),
    "mips": (_UPPER, _under(0x9000, 4), _under(0x9800, 4), _under(0xA800, 4), _under(0xC000, 4)),
}
"""Where a kernel of 64 bits has its memory, by the architecture's name."""
_ANY = tuple(dict.fromkeys(region for regions in KERNELS.values() for region in regions))

_LEAST = 1 << 36
"""No address of a process in usual places is smaller; such values are numbers as often."""
# Where processes are put: their programs, libraries and stacks. What else begins with zeroes is
# as often a number, or an address of the bus.
_PLACES_48 = frozenset({0x55, 0x56, 0x7E, 0x7F, 0xAA, 0xAB, 0xFF})
_PLACES_40 = frozenset({0x2A, 0x3F, 0x3FF})


def address_test(arches: Iterable[str] = ()) -> Callable[[int], bool]:
    """What says of a number whether it may be an address in a log of one of the architectures.

    Of one that is not in the table, and where none is given, the addresses of all count.
    """
    named = [KERNELS.get(arch, _ANY) for arch in arches] or [_ANY]
    regions = tuple(dict.fromkeys(region for one in named for region in one))

    def is_address(value: int) -> bool:
        if value < _LEAST:
            return False
        if not value >> 48:
            return value >> 40 in _PLACES_48 or value >> 32 in _PLACES_40
        if value >> 24 == 0xFFFFFFFFFF:
            return False  # fixed addresses (vsyscall), and numbers below zero
        return any(region.holds(value) for region in regions)

    return is_address
