"""`struct file.f_path.dentry` -> where it stands in the structure: bytes, bits, size, declaration.

Members of structures and unions without a name belong to the structure around them, as in C. What
a pointer points to is no part of it.
"""

from collections.abc import Iterator
from itertools import islice
from typing import Any, NamedTuple

from sitegen.crash.symbols.members import behind, dwarf_info, size_of
from sitegen.crash.symbols.reader import Reader
from sitegen.crash.symbols.structures import Structure, find_structures
from sitegen.crash.symbols.values import Layout, Member
from sitegen.diagnostics import find_nearest
from sitegen.wording import counted

_MOST_MEMBERS = 1 << 14
_DEEPEST = 24
"structures without a name inside each other, and parts of a path"


def find_layouts(reader: Reader, member: Member, starts: list[int]) -> tuple[Layout, ...] | None:
    """Where the member stands, in each type of that name that differs; none when there is no such type.

    None where that cannot be told. A type that has no such member answers with the reason. Up to
    seconds for a kernel.
    """
    found: dict[Layout, None] = {}
    structures = find_structures(reader, member.keyword, member.name, starts)
    if structures is None:
        return None
    for one in structures:
        try:
            found[_layout(reader, one, member)] = None
        except Exception:  # noqa: BLE001, S112  reason: pyelftools raises whatever its parsers meet
            continue
    return tuple(found) if found or not structures else None


class _Part(NamedTuple):
    """A member on the way, and where it begins in bits from the outermost start."""

    die: Any
    "of the member; of the type itself at the beginning"
    type: Any
    "without typedefs and qualifiers; None for what has none"
    bits: int
    width: int | None = None
    "of a bit field"


def _layout(reader: Reader, structure: Structure, member: Member) -> Layout:
    unit, position = structure
    home = dwarf_info(reader).get_CU_at(unit.offset)
    die = home.get_DIE_from_refaddr(unit.offset + position)
    whole = behind(die) if die.tag == "DW_TAG_typedef" else die
    part = _Part(die, whole, 0)
    title = f"{member.keyword} {member.name}".lstrip()
    for name, indices in _steps(member.path):
        inside = _find_member(part, name, reader.debug.order)
        if inside is None:
            return Layout(missing=_no_member(part, name, title))
        part, title = inside, f"{title}.{name}"
        for index in indices:
            element, why = _element(part, index)
            if element is None:
                return Layout(missing=f"{title} {why}")
            part = element
    at = part.die.offset - unit.offset
    file, line = reader.declared(unit, at)
    if part.width is None:
        return Layout(part.bits // 8, size_of(part.type), file=file, line=line)
    byte, bit = divmod(part.bits, 8)
    return Layout(byte, -(-(bit + part.width) // 8), bit, part.width, file, line)


def _steps(path: str) -> Iterator[tuple[str, list[int]]]:
    """The names of a path, each with the indices behind it."""
    for part in path.split(".") if path else ():
        name, *indices = part.split("[")
        yield name, [int(index.rstrip("]")) for index in indices]


def _members(whole: Any) -> Iterator[Any]:  # noqa: ANN401  reason: elftools ships no types
    if whole is None or whole.tag not in {"DW_TAG_structure_type", "DW_TAG_union_type"}:
        return
    for child in islice(whole.iter_children(), _MOST_MEMBERS):
        if child.tag == "DW_TAG_member":
            yield child


def _find_member(part: _Part, name: str, order: str, depth: int = 0) -> _Part | None:
    """The member of that name, those of members without a name among them."""
    nameless = []
    for child in _members(part.type):
        known = child.attributes.get("DW_AT_name")
        if known is None:
            nameless.append(child)
        elif known.value.decode("utf-8", "replace") == name:
            return _member(part, child, order)
    if depth < _DEEPEST:
        for child in nameless:
            found = _find_member(_member(part, child, order), name, order, depth + 1)
            if found is not None:
                return found
    return None


def _member(part: _Part, child: Any, order: str) -> _Part:  # noqa: ANN401  reason: elftools ships no types
    """The member in its structure. Bit fields count from the lowest bit of a little-endian byte."""
    kind = behind(child)
    byte = _number(child, "DW_AT_data_member_location") or 0
    width = _number(child, "DW_AT_bit_size")
    bits = part.bits + 8 * byte
    if width is not None:
        place = _number(child, "DW_AT_data_bit_offset")
        old = _number(child, "DW_AT_bit_offset")
        if place is not None:
            bits = part.bits + place
        elif old is not None:  # before DWARF 4: from the highest bit of the unit of storage
            storage = 8 * (_number(child, "DW_AT_byte_size") or size_of(kind))
            bits += old if order == "big" else storage - old - width
    return _Part(child, kind, bits, width)


def _number(die: Any, name: str) -> int | None:  # noqa: ANN401  reason: elftools ships no types
    found = die.attributes.get(name)
    return found.value if found is not None and isinstance(found.value, int) else None


def _element(part: _Part, index: int) -> tuple[_Part | None, str]:
    """An element of an array; None and the reason where there is none."""
    array = part.type
    if array is None or array.tag != "DW_TAG_array_type":
        return None, "is no array"
    bounds = [
        child
        for child in islice(array.iter_children(), _MOST_MEMBERS)
        if child.tag == "DW_TAG_subrange_type"
    ]
    counts = [_count(one) for one in bounds]
    if len(counts) > 1:
        return None, "has several dimensions, which are not looked into"
    count = counts[0] if counts else None
    if count is not None and index >= count:
        return None, f"has {counted(count, 'element')}"
    inner = behind(array)
    return _Part(part.die, inner, part.bits + 8 * index * size_of(inner)), ""


def _count(bound: Any) -> int | None:  # noqa: ANN401  reason: elftools ships no types
    """How many elements; None for an array at a structure's end, whose length is not declared."""
    last, count = _number(bound, "DW_AT_upper_bound"), _number(bound, "DW_AT_count")
    if last is not None:
        return last + 1
    return count


def _no_member(part: _Part, name: str, title: str) -> str:
    """The reason, with the name that is nearest."""
    kind = part.type
    if kind is not None and kind.tag == "DW_TAG_pointer_type":
        return f"{title} is a pointer: what it points to is another structure"
    names: list[str] = []
    left = [kind]
    while left and len(names) < _MOST_MEMBERS:
        for child in _members(left.pop()):
            known = child.attributes.get("DW_AT_name")
            if known is None:
                left.append(behind(child))
            else:
                names.append(known.value.decode("utf-8", "replace"))
    if not names:
        return f"{title} has no members"
    near = find_nearest(name, names)
    return f"{title} has no member '{name}'" + (f", but '{near}'" if near else "")
