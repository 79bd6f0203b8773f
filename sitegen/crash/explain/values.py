"""What a value in a register or an address may be: poison, an error, a place.

Only patterns that the kernel writes on purpose are named; where another origin is as
likely, the words say `looks like`.
"""

from typing import NamedTuple

from sitegen.crash.explain.errno import find_errno

NEAR = 4096
"""Bytes behind a known value within which an address is taken for a member of what is there."""


class Meaning(NamedTuple):
    """What a value is."""

    brief: str
    "a few words, lower case"
    text: str
    "a sentence"
    pattern: bool = False
    "a value nobody computes: it says by itself that something went wrong"
    base: int = 0
    "the pattern's own value: what is more is an offset from it"


class _Poison(NamedTuple):
    value: int
    brief: str
    text: str


# Bytes that fill whole objects, of include/linux/poison.h and mm/slub.c.
_FILLS = {
    0x6B: (
        "slab poison 0x6b: a freed object",
        (
            "0x6b is what slab debugging writes over an object when it is freed: who reads it, reads "
            "memory that had been freed (use after free)"
        ),
    ),
    0x5A: (
        "slab poison 0x5a: a new object",
        (
            "0x5a is what slab debugging writes into an object before it is handed out: who reads it, "
            "reads what nobody has set"
        ),
    ),
    0xA5: (
        "looks like slab poison 0xa5: an object's last byte",
        "0xa5 ends the poison that slab debugging writes into an object",
    ),
    0xBB: (
        "red zone 0xbb: beside a free object",
        "0xbb is what slab debugging keeps around a free object: who reads it, reads outside of the object",
    ),
    0xCC: (
        "looks like a red zone, 0xcc: beside an object",
        (
            "0xcc is what slab debugging keeps around an object in use, what freed memory of the "
            "boot is filled with, and the code of int3"
        ),
    ),
    0xAA: (
        "looks like a freed page, 0xaa",
        (
            "0xaa is what page poisoning writes over a freed page, and what compilers fill "
            "variables of the stack with that nobody has set (CONFIG_INIT_STACK_ALL_PATTERN)"
        ),
    ),
}

_LIST1 = (
    "LIST_POISON1: a deleted list entry",
    (
        "LIST_POISON1, which list_del() leaves in the `next` of an entry: the entry is no longer "
        "on a list, and is used as if it were"
    ),
)
_LIST2 = (
    "LIST_POISON2: a deleted list entry",
    (
        "LIST_POISON2, which list_del() leaves in the `prev` (of hash lists: the `pprev`) of an "
        "entry: the entry is no longer on a list, and is used as if it were"
    ),
)
_PLACED = (
    _Poison(0xDEAD000000000100, *_LIST1),
    _Poison(0xDEAD000000000122, *_LIST2),
    # In older kernels.
    _Poison(0xDEAD000000000200, *_LIST2),
    _Poison(
        0xDEAD000000000300,
        "0xdead…300: a poisoned pointer",
        "a pointer that was poisoned on purpose (of a timer or a BPF program): its object is gone",
    ),
    _Poison(
        0xDEAD000000000400,
        "TAIL_MAPPING",
        "TAIL_MAPPING, which stands for the mapping of all pages of a compound page but the first",
    ),
    _Poison(
        0xDEAD000000000040,
        "PP_SIGNATURE: a page of a page pool",
        "PP_SIGNATURE, which marks pages of a network driver's page pool",
    ),
    _Poison(
        0xDEAD000000000000,
        "0xdead…: a poisoned pointer",
        "a pointer that was poisoned on purpose: on x86-64 and arm64 no address begins with 0xdead",
    ),
)
# Without a pointer delta (32-bit kernels) the poison is a small number, and may be one.
_SMALL = {
    0x100: ("looks like LIST_POISON1", _LIST1[1]),
    0x122: ("looks like LIST_POISON2", _LIST2[1]),
    0x200: ("looks like LIST_POISON2", _LIST2[1]),
}
_OLD = {
    0x00100100: ("LIST_POISON1 of older kernels", _LIST1[1]),
    0x00200200: ("LIST_POISON2 of older kernels", _LIST2[1]),
}
_MAGIC = {
    0xDEAD4EAD: (
        "the magic of a spinlock",
        "0xdead4ead stands in every spinlock that lock debugging looks after",
    ),
    0xDEAF1EED: (
        "the magic of an rwlock",
        "0xdeaf1eed stands in every rwlock that lock debugging looks after",
    ),
    0x57AC6E9D: (
        "the end of a stack",
        "0x57ac6e9d (STACK_END_MAGIC) marks the last word of a task's stack",
    ),
}
SHADOWS: dict[str, dict[int, int]] = {
    "x86_64": {0xDFFFFC0000000000: 3},
    # Generic, and by software tags.
    "aarch64": {0xDFFF800000000000: 3, 0xEFFF800000000000: 4},
}
"""Where KASAN's shadow of address 0 begins, in usual configurations, and by how much addresses are
shifted to look them up."""
MODULES = range(0xFFFFFFFFC0000000, 0xFFFFFFFFFF000000)
"""Where x86-64 keeps modules, of Documentation/arch/x86/x86_64/mm.rst."""
PAGES = 0xFFFFEA0000000000
"""Where x86-64's array of `struct page`s begins, without KASLR."""
SHADOW_TEXT = (
    "KASAN keeps one byte for every 8 (with tags 16) bytes of memory; that of address 0 is here."
)


_TAGS = range(0xF0, 0xFF)


def find_poison(value: int, bits: int) -> Meaning | None:
    """The pattern that `value` is or points just behind; None for none."""
    return _fill(value, bits) or (_placed(value) if bits == 64 else _old(value))


def _fill(value: int, bits: int) -> Meaning | None:
    for byte, (brief, text) in _FILLS.items():
        whole = int.from_bytes(bytes([byte]) * (bits // 8), "big")
        if value == whole or (byte in (0x6B, 0x5A) and 0 < value - whole < NEAR):
            return _poisoned(value, whole, brief, text)
        # arm64 prints a fault's address without the tag in its highest byte.
        untagged = whole & (1 << 56) - 1
        if bits == 64 and 0 <= value - untagged < NEAR:
            return _poisoned(value, untagged, brief, text)
    # The last byte of a freed object is another: 0xa56b6b6b6b6b6b6b.
    if bits == 64 and value == 0xA56B6B6B6B6B6B6B:
        return Meaning(
            _FILLS[0x6B][0], f"{_FILLS[0x6B][1]}; 0xa5 ends it.", pattern=True, base=value
        )
    if bits == 64 and value == 0x6B6B6B6B:
        return Meaning(_FILLS[0x6B][0], f"{_FILLS[0x6B][1]}.", pattern=True, base=value)
    return None


def _placed(value: int) -> Meaning | None:
    for magic, (brief, text) in _MAGIC.items():
        if value == magic or value >> 32 == magic:
            where = "" if value == magic else "; in the upper half"
            return Meaning(brief + where, f"{text}.", pattern=True, base=value)
    if value >> 48 != 0xDEAD:
        return _old(value) if value in _OLD else None
    for exact in _PLACED:
        if value == exact.value:
            return _poisoned(value, exact.value, exact.brief, exact.text)
    for near in sorted(_PLACED, key=lambda one: -one.value):
        if 0 < value - near.value < NEAR:
            return _poisoned(value, near.value, near.brief, near.text)
    return None


def _old(value: int) -> Meaning | None:
    for known in (_OLD, _MAGIC):
        for base, (brief, text) in known.items():
            if 0 <= value - base < 0x100:
                return _poisoned(value, base, brief, text)
    return None


def find_small_poison(value: int) -> Meaning | None:
    """The list poison that a pointer of a 32-bit kernel may be; None for none."""
    for base, (brief, text) in _SMALL.items():
        if value == base:
            said = f"Looks like {text}; a number may be the same."
            return Meaning(brief, said, pattern=True, base=base)
    return None


def _poisoned(value: int, base: int, brief: str, text: str) -> Meaning:
    text = text[0].upper() + text[1:]
    if value != base:
        brief = f"{value - base:#x} behind {brief}"
        text = f"{base:#x} and {value - base:#x} more. {text}"
    return Meaning(brief, f"{text}.", pattern=True, base=base)


def find_error(value: int, bits: int) -> Meaning | None:
    """The error number that `value` may be: as a pointer (`ERR_PTR`) or as a result; None for none."""
    number = (1 << bits) - value
    if number == 1:
        text = "All bits are set: -1 as a signed number; as an error, -EPERM."
        return Meaning("-1: all bits set", text)
    if 0 < number < NEAR and (name := find_errno(number)):
        text = (
            f"As a signed number it is -{number}: a function that fails returns -{name}, as a number or "
            "in place of a pointer."
        )
        return Meaning(f"-{number}; as an error, -{name}", text, pattern=True)
    number = (1 << 32) - value
    if bits == 64 and number == 1:
        return Meaning("-1 in 32 bits", "As a signed 32-bit number it is -1: all bits are set.")
    if bits == 64 and 0 < number < NEAR and (name := find_errno(number)):
        text = f"As a signed 32-bit number it is -{number}: as a result, -{name}."
        return Meaning(f"-{number} in 32 bits; as an error, -{name}", text)
    return None


def find_shadow(value: int, arch: str) -> Meaning | None:
    """What KASAN looks up at `value`, when it is the shadow of a low address or its beginning."""
    for start, shift in SHADOWS.get(arch, {}).items():
        offset = value - start
        if not 0 <= offset < NEAR:
            continue
        if not offset:
            return Meaning("where KASAN's shadow begins", SHADOW_TEXT)
        first, last = offset << shift, (offset + 1 << shift) - 1
        return Meaning(
            f"KASAN's shadow of {first:#x} to {last:#x}",
            f"KASAN keeps one byte for every {1 << shift} bytes of memory, at address / {1 << shift} + "
            f"{start:#x}: this is the one for {first:#x} to {last:#x}. The access itself was about to "
            "be made there, near a NULL pointer.",
            pattern=True,
            base=start,
        )
    return None


def find_tag(value: int, arch: str) -> int | None:
    """The tag of KASAN's (MTE) in the highest byte of an address of the kernel; None for others."""
    tag = value >> 56
    return tag if arch == "aarch64" and tag in _TAGS and value >> 48 & 0xFF == 0xFF else None


def find_text(value: int, bits: int) -> Meaning | None:
    """The characters that all bytes of `value` are; None when one is not printable."""
    if bits != 64:
        return None
    data = value.to_bytes(8, "little")
    if all(0x20 <= byte < 0x7F for byte in data) and len(set(data)) > 2:
        shown = data.decode("ascii")
        return Meaning(
            f"looks like text: '{shown}'",
            f"All its bytes are printable: '{shown}', in the order of memory.",
        )
    return None


def is_canonical(value: int) -> bool:
    """Whether an x86-64 CPU takes it for an address, with 5 levels of page tables."""
    return value >> 56 in (0, 0xFF)


def is_canonical_4(value: int) -> bool:
    """Whether an x86-64 CPU takes it for an address, with 4 levels of page tables."""
    return value >> 47 in (0, 0x1FFFF)
