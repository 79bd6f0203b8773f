"""A value that was followed as a pointer -> why the kernel must not follow it."""

from sitegen.crash.arch import Arch
from sitegen.crash.explain import values
from sitegen.crash.explain.errno import find_errno
from sitegen.crash.explain.values import Meaning

NULL_END = 0x10000
"""Addresses below it belong to nobody: no process may map them."""
_PAGE = 4096


def wrong_pointer(value: int, arch: Arch, *, member: int = 0) -> Meaning | None:
    """Why the value is no pointer that the kernel may follow; None when that is not known.

    `member` is the offset at which it was followed.
    """
    if not value:
        text = "NULL: there is no object behind it."
        if member > 0:
            text = f"NULL, and followed to offset {member:#x} of the object that should be there."
        elif member < 0:
            text = f"NULL, and followed to {-member:#x} before the object that should be there."
        return Meaning("a NULL pointer", text, pattern=True)
    if not 0 < value < NULL_END and (meaning := _error(value, arch)):
        return meaning
    return wrong_address(value, arch)


def wrong_address(value: int, arch: Arch) -> Meaning | None:
    """Why the kernel may not access the address, of whatever it is the sum; None when that is not known."""
    if 0 < value < NULL_END:
        if arch.bits == 32 and (small := values.find_small_poison(value)):
            return small
        return Meaning(
            f"near NULL: no pointer, but {value:#x}",
            f"{value:#x} is no address: mostly the offset of a member, added to a NULL pointer.",
            pattern=True,
        )
    if meaning := values.find_poison(value, arch.bits) or values.find_shadow(value, arch.name):
        return meaning
    if value == (1 << arch.bits) - 1:
        return Meaning("-1, no pointer", "All bits are set: -1, and no pointer.", pattern=True)
    number = (1 << arch.bits) - value
    if 0 < number < _PAGE:
        name = find_errno(number)
        text = f"{number:#x} before the end of all addresses: mostly NULL, and followed to before the object"
        text += f"; or an error pointer, -{name}." if name else "."
        return Meaning("just before NULL", text, pattern=True)
    if meaning := values.find_error(value, arch.bits):
        return Meaning(f"no pointer: {meaning.brief}", f"No pointer. {meaning.text}", pattern=True)
    if arch.name == "aarch64" and (meaning := _unauthenticated(value)):
        return meaning
    if arch.name == "x86_64" and not values.is_canonical_4(value):
        return None if values.is_canonical(value) else _not_canonical(value, arch)
    if not is_user(value, arch) and (said := _nowhere(value, arch)):
        return Meaning(f"no address: {said}", f"No address: {said}.", pattern=True)
    if is_user(value, arch):
        return Meaning(
            "an address of user space",
            "An address of user space, in the lower half: the kernel may follow it only by "
            "copy_from_user() and its like.",
        )
    return None


def _nowhere(value: int, arch: Arch) -> str:
    """Why no memory can be at the address, by its highest bits, in words; empty where some can be."""
    if arch.name == "aarch64" and value >> 52 & 0xF not in (0, 0xF):
        return "its bits 55 to 52 are not all the same, so that it is in neither half"
    if arch.name == "riscv64" and value >> 56 not in (0, 0xFF):
        return "its highest bits are not all the same, so that it is in neither half"
    if arch.name == "ppc64le" and value >> 60 not in (0x0, 0xC, 0xD, 0xF):
        return "those of the kernel begin with c"
    return ""


def _error(value: int, arch: Arch) -> Meaning | None:
    """The error pointer that the value is; None for others."""
    number = (1 << arch.bits) - value
    name = find_errno(number) if 1 < number < _PAGE else ""
    if not name:
        return None
    text = (
        f"-{number}, followed as a pointer: either an error pointer, -{name}, of which nobody asked IS_ERR(), "
        "or NULL less the offset of a member (container_of() of NULL)."
    )
    return Meaning(f"an error pointer (-{name}), or just before NULL", text, pattern=True)


def _not_canonical(value: int, arch: Arch) -> Meaning:
    said = values.find_text(value, arch.bits)
    extra = f" {said.text}" if said else ""
    return Meaning(
        "no canonical address",
        "No canonical address: its highest bits are not all the same, so it points to nothing "
        f"on any x86-64.{extra}",
        pattern=True,
    )


# Where authentication fails, the CPU leaves bits 62 and 61 of a pointer into the kernel unlike
# the others: 01 for key A, with which the kernel signs. (0xdfff, of key B, is KASAN's shadow.)
_FAILED = 0xBFFF
_KERNEL_48 = range(0x8000, 0x10000)


def _unauthenticated(value: int) -> Meaning | None:
    """A pointer of the kernel whose authentication (PAC) failed; None for others."""
    if value >> 48 != _FAILED or value >> 32 & 0xFFFF not in _KERNEL_48:
        return None
    return Meaning(
        "looks like a pointer whose authentication failed",
        f"Looks like a pointer of the kernel whose authentication failed (PAC): "
        f"{value | 0xFFFF << 48:#x} but for two bits that the CPU turned. The pointer was "
        "written over, or signed for another place.",
        pattern=True,
    )


# The lower half, where processes are, in usual configurations.
_USER_ENDS = {
    "x86_64": 1 << 47,
    "aarch64": 1 << 52,
    "riscv64": 1 << 47,
    "loongarch64": 1 << 47,
    "ppc64le": 1 << 52,
    "mips": 1 << 31,
    "i386": 0xC0000000,
    "arm": 1 << 31,
}


def is_user(value: int, arch: Arch) -> bool:
    """Whether the address is in the half of processes. On s390 both have all addresses."""
    return NULL_END <= value < _USER_ENDS.get(arch.name, 0)
