"""The parts of an address that failed -> which register is wrong, and why the access was refused."""

from collections.abc import Mapping
from typing import NamedTuple

from sitegen.crash.arch import Arch
from sitegen.crash.code import Memory
from sitegen.crash.explain import values
from sitegen.crash.explain.access import Access
from sitegen.crash.explain.cpu.flags import SMAP
from sitegen.crash.explain.pointers import is_user, wrong_address, wrong_pointer
from sitegen.crash.explain.values import Meaning


class Found(NamedTuple):
    """What a log tells of an access."""

    values: Mapping[str, int]
    "the registers' values, by full name"
    printed: Mapping[str, str]
    "their names as the dump prints them"
    arch: Arch
    access: Access


def blame(memory: Memory, address: int, found: Found) -> tuple[str, dict[str, Meaning]]:
    """Which register is wrong, in words, and what the registers of the operand are."""
    names = [name for name in (memory.base, memory.scaled) if name in found.values]
    if not names and (before := _in_shadow(address, found)):
        return before, {}
    if len(names) > 1 or (memory.scale > 1 and names):
        return _of_two(names, address, found)
    roles: dict[str, Meaning] = {}
    said = ""
    for name in names:
        value = found.values[name]
        if memory.size == 1 and (looked := _looked_up(address, found)):
            said, roles[name] = looked
            continue
        meaning = wrong_pointer(value, found.arch, member=memory.offset)
        if meaning is None:
            roles[name] = _followed(value, found.arch)
            continue
        roles[name] = meaning
        said = f"{found.printed.get(name, name)} is {value:#x}, {meaning.brief}"
        if not value and memory.offset > 0:
            said += f": offset {memory.offset:#x} of what it should point to"
        elif not value and memory.offset < 0:
            said += f": {-memory.offset:#x} before what it should point to"
    if not names and not memory.segment:
        said = "the code itself holds this address: the compiler knew the pointer"
        if 0 <= address < values.NEAR:
            said += " to be NULL"
        return said, roles
    if not said and (meaning := wrong_address(address, found.arch)):
        said = f"that is {meaning.brief}"
    return said + _extra(address, found), roles


def _followed(value: int, arch: Arch) -> Meaning:
    tag = values.find_tag(value, arch.name)
    if tag is not None:
        text = (
            f"The pointer that was followed. Its highest byte, {tag:#x}, is a tag of KASAN's (MTE)."
        )
        return Meaning(f"the pointer that was followed, with the tag {tag:#x}", text)
    return Meaning("the pointer that was followed", "The pointer that was followed.")


def _looked_up(address: int, found: Found) -> tuple[str, Meaning] | None:
    """The access that KASAN looked up at `address`, where it is no address of anything else."""
    if not found.access.checked or found.arch.name != "x86_64" or values.is_canonical(address):
        return None
    for start, shift in values.SHADOWS["x86_64"].items():
        if address >= start:
            wanted = (address - start << shift) & (1 << 64) - 1
            said = _before(wanted, found.arch)
            return said, Meaning(
                "where KASAN looked", f"The address at which {said}.", pattern=True
            )
    return None


def _in_shadow(address: int, found: Found) -> str:
    """The access that KASAN looked up at an address that the code itself holds; empty for none."""
    for start, shift in values.SHADOWS.get(found.arch.name, {}).items():
        if 0 <= address - start < values.NEAR:
            return _before(address - start << shift, found.arch)
    return ""


def _before(wanted: int, arch: Arch) -> str:
    meaning = wrong_pointer(wanted, arch)
    return f"KASAN looks there before an access to {wanted:#x}" + (
        f", {meaning.brief}" if meaning else ""
    )


def _of_two(names: list[str], address: int, found: Found) -> tuple[str, dict[str, Meaning]]:
    """The same of an address that is the sum of two registers, either of which may be a number.

    Blames one only for a value that is poison. Of KASAN's look-ups the address is told that
    they are for.
    """
    arch = found.arch
    part = Meaning("part of the address", "Part of the address that was accessed.")
    roles = dict.fromkeys(names, part)
    for name in names:
        value = found.values[name]
        shown = found.printed.get(name, name)
        if shift := values.SHADOWS.get(arch.name, {}).get(value):
            wanted = (address - value << shift) & (1 << arch.bits) - 1
            roles[name] = Meaning("where KASAN's shadow begins", values.SHADOW_TEXT)
            return _before(wanted, arch), roles
        if meaning := values.find_poison(value, arch.bits):
            roles[name] = meaning
            return f"{shown} is {value:#x}, {meaning.brief}", roles
        if arch.name == "x86_64" and value == values.PAGES:
            text = "Where the array of `struct page`s begins, one for each page of memory."
            roles[name] = Meaning("where the `struct page`s begin", text)
            said = f"{shown} is {value:#x}, where the `struct page`s begin: the page of a pointer was looked up"
            return f"{said}, and the pointer was wrong", roles
    meaning = wrong_address(address, arch)
    parts = ", ".join(
        f"{found.printed.get(name, name)} is {found.values[name]:#x}" for name in names
    )
    said = f"that is {meaning.brief}; {parts}" if meaning else parts
    return said + _extra(address, found), roles


def _extra(address: int, found: Found) -> str:
    """What keeps the kernel from a page of user space that is there."""
    access = found.access
    if not is_user(address, found.arch) or access.mapped is None:
        return ""
    if not access.mapped:
        return ", where nothing is mapped"
    if access.how == "fetch":
        return ", which the kernel must not run (SMEP)" if found.arch.name == "x86_64" else ""
    if found.arch.name == "x86_64" and found.values.get("cr4", 0) & SMAP:
        allowed = found.values.get("eflags", found.values.get("rflags", 0)) & 1 << 18
        return "" if allowed else ", which SMAP keeps the kernel from (EFLAGS.AC is clear)"
    return (
        ", which the kernel must not touch directly (PAN)" if found.arch.name == "aarch64" else ""
    )


def verdict(address: int, size: int, found: Found) -> str:
    """Why an address that looks all right was refused, as a sentence; empty when that is not known."""
    access = found.access
    if access.unaligned:
        many = f"a multiple of {size}" if size > 1 and address % size else "aligned"
        return f"It is not {many}, as this instruction demands."
    if access.mapped is None or is_user(address, found.arch):
        return ""
    if not access.mapped:
        return (
            "Nothing is mapped there: memory that was given back, the space between two areas, or a "
            "pointer that is wrong in another way."
        )
    if access.how == "write":
        return "Memory is there, but must not be written to: code, constants, or what was made read-only."
    if access.how == "fetch":
        return "Memory is there, but must not be run: it is no code."
    return ""
