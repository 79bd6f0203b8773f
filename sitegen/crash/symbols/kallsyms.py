"""What a kernel's own table of symbols counts, and which of several names it prints.

As scripts/kallsyms.c of the kernel makes it: sizes in logs are distances in that table.
"""

from itertools import compress

from sitegen.crash.symbols.symtab import STB_WEAK, STT_NOTYPE, STT_SECTION, Form, both, either

_VENEERS = (b"_veneer\0", b"_from_arm\0", b"_from_thumb\0")
"ends of names of code that linkers put between far calls on ARM"
_UNPRINTED = ("__efistub_", "__kvm_nvhe_$", "__kcfi_typeid_")
_FROM_LINKER = ("__start_", "__stop_", "__end_")

_TYPED = bytes(info & 15 not in {STT_NOTYPE, STT_SECTION} for info in range(256))
_LOOSE = bytes(info & 15 == STT_NOTYPE for info in range(256))


def counted(form: Form, raw: bytes, is_code: bytes, strings: bytes) -> bytes:
    """For each entry of a symbol table a 1 when it begins a function, or ends the one before.

    Of those of code: no sections (they would cut a module's distance to the next symbol), no
    mapping symbols ($x, $d), no local labels, no veneers.
    """
    infos, names = form.infos(raw), form.names(raw)
    loose = both(is_code, infos.translate(_LOOSE))
    typed = both(is_code, infos.translate(_TYPED))
    wanted = {name for name in set(compress(names, loose)) if not _is_mark(strings, name)}
    found = either(typed, both(loose, bytes(map(wanted.__contains__, names))))
    veneers = _veneers(strings)
    return both(found, bytes(name not in veneers for name in names)) if veneers else found


def _is_mark(strings: bytes, name: int) -> bool:
    return strings[name : name + 1] in {b"$", b"\0", b""} or strings.startswith(b".L", name)


def _veneers(strings: bytes) -> set[int]:
    """Where the names of veneers stand."""
    found = set()
    for ending in _VENEERS:
        at = strings.find(ending)
        while at >= 0:
            found.add(strings.rfind(b"\0", 0, at) + 1)
            at = strings.find(ending, at + 1)
    return found


def as_printed(name: str, info: int) -> tuple[bool, bool, bool, int, str]:
    """Sorts the names of one place; logs print the first. `nm -n` has sorted by name before."""
    marks = name.startswith("__") and len(name) > 8
    return (
        name.startswith(_UNPRINTED),
        info >> 4 == STB_WEAK,
        marks and (name.startswith(_FROM_LINKER) or name.endswith(("_start", "_end"))),
        len(name) - len(name.lstrip("_")),
        name,
    )
