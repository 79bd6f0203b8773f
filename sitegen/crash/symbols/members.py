"""A variable and an offset in it -> its type's name and the member that stands there.

Types are read with pyelftools, one entry at a time, from windows on the image's sections. Nothing
on the way of a plain decode comes here, so only questions about ops tables pay for importing it.
"""

import io
from itertools import islice
from typing import Any

from sitegen.crash.symbols.forms import DwarfError
from sitegen.crash.symbols.reader import Reader
from sitegen.crash.symbols.unit import Unit

_MOST_MEMBERS = 1 << 14
"members of one type that are looked at: sibling references may go in a circle"
_DEEPEST = 12
"types inside types, and typedefs of typedefs"


class _Window(io.RawIOBase):
    """A debug section as a stream that reads, unpacks and relocates only what is asked for."""

    def __init__(self, reader: Reader, name: str) -> None:
        super().__init__()
        self._reader = reader
        self._name = name
        self._at = 0

    def seek(self, offset: int, whence: int = 0) -> int:
        base = {0: 0, 1: self._at, 2: self._reader.debug.size(self._name)}[whence]
        self._at = base + offset
        return self._at

    def tell(self) -> int:
        return self._at

    def read(self, size: int = -1) -> bytes:
        end = self._reader.debug.size(self._name) if size < 0 else self._at + size
        found = self._reader.debug.read(self._name, self._at, end)
        self._at += len(found)
        return found


def type_at(reader: Reader, unit: Unit, position: int, offset: int) -> tuple[str, str]:
    """(type's name, member path at `offset`) of the variable whose entry stands at `position`.

    An array's type is its element's with `[]`; what is not known stays empty.
    """
    if unit.debug is not reader.debug:  # in a .dwo file
        return "", ""
    try:
        info = dwarf_info(reader)
        home = info.get_CU_at(unit.offset)
        die = behind(home.get_DIE_from_refaddr(unit.offset + position))
        if die is None:
            return "", ""
        member = _member(die, offset)
        if die.tag == "DW_TAG_array_type":
            inner = behind(die)
            if inner is not None and inner.tag == "DW_TAG_pointer_type":
                inner = behind(die, stop="DW_TAG_typedef")
            return f"{_name(inner)}[]", member
        return _name(die), member
    except Exception as error:  # pyelftools raises whatever its parsers meet in a bad image
        raise DwarfError(f"a type that cannot be read ({error})") from error


def dwarf_info(reader: Reader) -> Any:  # noqa: ANN401  reason: elftools ships no types
    """The image for pyelftools: windows on its sections, nothing copied, nothing relocated twice."""
    known = _infos.get(id(reader))
    if known is not None and known[0] is reader:
        return known[1]
    from elftools.dwarf.dwarfinfo import (  # noqa: PLC0415  reason: see the module's docstring
        DebugSectionDescriptor,
        DwarfConfig,
        DWARFInfo,
    )

    def section(name: str) -> Any:  # noqa: ANN401  reason: as above
        if reader.debug.section(name) is None:
            return None
        size = reader.debug.size(name)
        stream: Any = _Window(reader, name)
        return DebugSectionDescriptor(stream, ".debug_" + name, None, size, 0)

    read = (
        *("info", "aranges", "abbrev", "str", "loc", "ranges", "line", "addr", "str_offsets"),
        *("line_str", "loclists", "rnglists", "types"),
    )
    unread = ("debug_frame", "eh_frame", "debug_pubtypes", "debug_pubnames", "debug_sup")
    made = DWARFInfo(
        config=DwarfConfig(
            little_endian=reader.debug.order == "little",
            machine_arch="",  # only the values of registers would need it
            default_address_size=reader.debug.word,
        ),
        gnu_debugaltlink_sec=None,
        **{f"debug_{name}_sec": section(name) for name in read},
        **{f"{name}_sec": None for name in unread},
    )
    _infos.clear()
    _infos[id(reader)] = reader, made
    return made


_infos: dict[int, tuple[Reader, Any]] = {}
"the image last asked about"


def behind(die: Any, *, stop: str = "") -> Any:  # noqa: ANN401  reason: elftools ships no types
    """The type of an entry, without typedefs and qualifiers; None for void.

    With `stop` the first entry of that tag on the way is taken.
    """
    for _ in range(_DEEPEST):
        for link in ("DW_AT_type", "DW_AT_specification", "DW_AT_abstract_origin"):
            if link in die.attributes:
                die = die.get_DIE_from_attribute(link)
                break
        else:
            return None
        if die.tag == stop or die.tag not in {
            *("DW_TAG_const_type", "DW_TAG_volatile_type", "DW_TAG_typedef"),
            *("DW_TAG_variable", "DW_TAG_member", "DW_TAG_atomic_type"),
        }:
            return die
    return None


def _name(die: Any) -> str:  # noqa: ANN401  reason: elftools ships no types
    if die is None:
        return ""
    if die.tag == "DW_TAG_pointer_type":
        # A pointer to a function has no name of its own.
        return "(*)()"
    name = die.attributes.get("DW_AT_name")
    return name.value.decode("utf-8", "replace") if name else ""


def _member(die: Any, offset: int, depth: int = 0) -> str:  # noqa: ANN401  reason: elftools ships no types
    """The path from a type to the pointer at `offset` in it: `write`, `ops.open`, `[1].handler`."""
    if die is None or depth > _DEEPEST:
        return ""
    if die.tag == "DW_TAG_array_type":
        inner = behind(die)
        size = size_of(inner)
        if not size:
            return ""
        rest = _member(inner, offset % size, depth + 1)
        return f"[{offset // size}]{'.' if rest and rest[0] != '[' else ''}{rest}"
    if die.tag not in {"DW_TAG_structure_type", "DW_TAG_union_type"}:
        return ""
    best = None
    for child in islice(die.iter_children(), _MOST_MEMBERS):
        if child.tag != "DW_TAG_member":
            continue
        place = child.attributes.get("DW_AT_data_member_location")
        at = place.value if place else 0
        if isinstance(at, int) and at <= offset and (best is None or at > best[0]):
            best = at, child
    if best is None:
        return ""
    at, child = best
    name = child.attributes.get("DW_AT_name")
    path = name.value.decode("utf-8", "replace") if name else ""
    rest = _member(behind(child), offset - at, depth + 1)
    return f"{path}{'.' if path and rest and rest[0] != '[' else ''}{rest}"


def size_of(die: Any) -> int:  # noqa: ANN401  reason: elftools ships no types
    """Bytes of a type; 0 when not known."""
    if die is None:
        return 0
    if die.tag == "DW_TAG_pointer_type":
        return int(die.cu["address_size"])
    if die.tag == "DW_TAG_array_type":
        count = 1
        for child in islice(die.iter_children(), _MOST_MEMBERS):
            bound = child.attributes.get("DW_AT_upper_bound") or child.attributes.get("DW_AT_count")
            if bound is None or not isinstance(bound.value, int):
                return 0
            count *= bound.value + ("DW_AT_upper_bound" in child.attributes)
        return count * size_of(behind(die))
    size = die.attributes.get("DW_AT_byte_size")
    return size.value if size is not None and isinstance(size.value, int) else 0
