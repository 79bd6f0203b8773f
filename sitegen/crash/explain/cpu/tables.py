"""The page tables on the way to an address that failed, as x86 and ARM print them: where the walk ended."""

import re
from collections.abc import Iterator

from sitegen.crash.explain.words import Word
from sitegen.crash.lazy import Lazy

_X86 = Lazy(r"\b(?P<name>PGD|P4D|PUD|PMD|PTE) (?P<value>[0-9a-f]{1,16}|BAD)\b")
_I386 = Lazy(r"\*(?P<name>pdpt|pde|pte) = (?P<value>[0-9a-f]{8,16})\b")


def x86_words(text: str) -> Iterator[Word]:
    """`PGD 1bfb7067 P4D 1bfb7067 PUD 1bfb8067 PMD 0`: where the walk to the address ended."""
    entries = list(_X86.finditer(text)) or list(_I386.finditer(text))
    if not entries:
        return
    last = entries[-1]
    if len(entries) == 1 and last["value"] not in ("BAD", "0") and not _ends(last):
        # Older kernels print one entry a line: the last of them says where the walk ended.
        return
    names = ", ".join(one["name"] for one in entries)
    many = "entries" if len(entries) > 1 else "entry"
    on_the_way = f"The page table {many} on the way to the address ({names})."
    if last["value"] == "BAD":
        said = f"{on_the_way} The last one could not be read."
    elif int(last["value"], 16) == 0:
        said = f"{on_the_way} The {last['name']} is 0: nothing is mapped from there on."
    else:
        said = f"{on_the_way} {_rights(last['name'], int(last['value'], 16))}"
    yield Word(entries[0].start(), last.end(), said)


_LARGE = 1 << 7
_LEAVES = frozenset({"PTE", "pte"})


def _ends(entry: re.Match[str]) -> bool:
    """Whether the walk ended at the entry."""
    value = int(entry["value"], 16)
    return not value or entry["name"] in _LEAVES or bool(value & _LARGE)


def _rights(name: str, value: int) -> str:
    """What the last entry printed says; above the PTE it is one of a table, or of a large page."""
    if name not in _LEAVES and not value & _LARGE:
        return f"The {name} points to the next table."
    rights = [
        "present" if value & 1 else "not present",
        "writable" if value & 2 else "read-only",
        "for user mode" if value & 4 else "for the kernel only",
    ]
    if value >> 63:
        rights.append("not executable")
    size = "" if name in _LEAVES else ", of a large page"
    return f"The last one, the {name}{size}, says {', '.join(rights)}."


_ARM = Lazy(r"\*(?P<name>p[gum4]d|pte|ppte)=(?P<value>[0-9a-f]{8,16})")


def arm_words(text: str) -> Iterator[Word]:
    """`[00000008] *pgd=00000000`: where the walk to the address ended."""
    entries = list(_ARM.finditer(text))
    if not entries:
        return
    last = entries[-1]
    names = ", ".join(one["name"] for one in entries)
    empty = not int(last["value"], 16)
    if len(entries) == 1 and not empty:
        return
    end = f"The {last['name']} is 0: nothing is mapped from there on." if empty else ""
    said = f"The page table entries on the way to the address ({names}). {end}".rstrip()
    yield Word(entries[0].start(), last.end(), said)


_ARM64 = Lazy(r"\b(?P<name>pgd|p4d|pud|pmd|pte)=(?P<value>[0-9a-f]{16})")
_READ_ONLY, _USER, _NO_KERNEL, _NO_USER = 1 << 7, 1 << 6, 1 << 53, 1 << 54


def arm64_words(text: str) -> Iterator[Word]:
    """`[0000000000000028] pgd=..., p4d=..., pud=..., pmd=0000000000000000`: where the walk ended."""
    entries = list(_ARM64.finditer(text))
    if not entries:
        return
    last = entries[-1]
    value = int(last["value"], 16)
    names = ", ".join(one["name"] for one in entries)
    if not value & 1:
        end = f"The {last['name']} is {'0' if not value else 'not valid'}: nothing is mapped from there on."
    elif last["name"] == "pte" or not value & 2:
        rights = ["read-only" if value & _READ_ONLY else "writable"]
        rights.append("for user mode" if value & _USER else "for the kernel only")
        if value & (_NO_USER if value & _USER else _NO_KERNEL):
            rights.append("not executable")
        end = f"The last one, the {last['name']}, says {', '.join(rights)}."
    else:
        end = f"The {last['name']} points to the next table."
    said = f"The page table entries on the way to the address ({names}). {end}"
    yield Word(entries[0].start(), last.end(), said)
