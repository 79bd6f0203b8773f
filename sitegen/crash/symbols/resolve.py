"""Queries -> addresses: which symbol of an image a log means, by name, size and call.

A name alone proves little: hundreds of static functions share theirs. The printed size is the
distance to the next symbol and survives KASLR; a return address has a call before it.
"""

from collections.abc import Sequence

from sitegen.crash.names import bare_name
from sitegen.crash.symbols.elf import EM_AARCH64, EM_X86_64
from sitegen.crash.symbols.instructions import call_before
from sitegen.crash.symbols.reader import Reader
from sitegen.crash.symbols.symbols import Symbol
from sitegen.crash.symbols.values import Query, Undecoded
from sitegen.record import Record


class Found(Record):
    """A place in an image."""

    address: int
    "as printed"
    pc: int
    "where to look it up"
    start: int
    name: str
    "of the function, as it is to be shown"
    size_equal: bool | None
    at_end: bool = False
    "behind the last byte of the symbol"


class Several(Record):
    """Places that fit equally well."""

    places: tuple[Found, ...]
    reason: str
    size_equal: bool | None


def resolve(reader: Reader, queries: Sequence[Query]) -> list[Found | Several | Undecoded]:
    """The place of each query, in the same order. The symbol table is read once for all."""
    symbols = reader.symbols.find({query.name for query in queries if query.name})
    return [_resolve(reader, query, symbols.get(query.name, ())) for query in queries]


def _resolve(
    reader: Reader, query: Query, named: tuple[Symbol, ...]
) -> Found | Several | Undecoded:
    if not query.name:
        return _by_address(reader, query)
    if not named:
        from sitegen.crash.symbols.runtime import why_absent  # noqa: PLC0415  reason: few are not found

        where = "table" if reader.symbols.is_empty else f"'{query.name}'"
        reason = why_absent(query.name, query.module) or f"no symbol {where} in {reader.name}"
        return Undecoded(reason, absent=True)
    fitting, size_equal = _of_size(named, query.size)
    if not fitting:
        sizes = ", ".join(sorted({f"{symbol.size:#x}" for symbol in named})[:4])
        return Undecoded(
            f"size differs: '{query.name}' is {sizes} in {reader.name}, {query.size:#x} in the log",
            size_equal=False,
        )
    to_end = query.lookup != "exact"
    inside = [
        symbol
        for symbol in fitting
        if query.offset < symbol.size or (to_end and query.offset == symbol.size)
    ]
    if not inside:
        return Undecoded(
            f"offset {query.offset:#x} is beyond '{query.name}'", size_equal=size_equal
        )
    places = [_place(reader, query, symbol, size_equal=size_equal) for symbol in inside]
    if len(places) > 1:
        places = _told_apart(reader, query, places)
    if len(places) == 1:
        return places[0]
    same = f" of size {query.size:#x}" if query.size else ""
    return Several(tuple(places), f"{len(places)} functions '{query.name}'{same} fit", size_equal)


def _of_size(named: tuple[Symbol, ...], size: int) -> tuple[list[Symbol], bool | None]:
    """Those of the printed size; all when none is printed."""
    if not size:
        return list(named), None
    fitting = [symbol for symbol in named if symbol.size == size]
    # Tools other than the kernel print `st_size`.
    return fitting or [symbol for symbol in named if symbol.st_size == size], True


def _place(reader: Reader, query: Query, symbol: Symbol, *, size_equal: bool | None) -> Found:
    address = symbol.address + query.offset
    if query.lookup != "return":
        return Found(address, address, symbol.address, symbol.name, size_equal)
    if query.offset:
        at_end = query.offset == symbol.size
        return Found(address, address - 1, symbol.address, symbol.name, size_equal, at_end)
    # A return address at the start of a function belongs to the one before, which called
    # something that never returns with its last instruction; without a call there it is no
    # return address at all.
    before = reader.symbols.at(address - 1)
    if before is not None and _callee(reader, address) is not None:
        return Found(address, address - 1, before.address, before.name, size_equal)
    return Found(address, address, symbol.address, symbol.name, size_equal)


def _told_apart(reader: Reader, query: Query, places: list[Found]) -> list[Found]:
    """Those with a call that ends there, and of these the ones that call the next frame inwards."""
    if query.lookup != "return":
        return places
    callees = [(place, _callee(reader, place.address)) for place in places]
    calls = [(place, callee) for place, callee in callees if callee is not None]
    if not calls:
        return places
    if query.callee:
        inner = bare_name(query.callee)
        direct = [place for place, callee in calls if bare_name(callee) == inner]
        if direct:
            return direct
        # Through a pointer, or to a function that left by a tail call: it may still be.
        pointers = [place for place, callee in calls if not callee]
        if pointers:
            return pointers
    return [place for place, _ in calls]


def _callee(reader: Reader, address: int) -> str | None:
    """What the call that ends at `address` calls: empty through a pointer, None without a call."""
    if reader.image.machine in {EM_X86_64, EM_AARCH64}:
        call = call_before(reader.image, reader.symbols, address)
        return call.target if call else None
    # The code is not read; DWARF knows of the calls of functions in C.
    from sitegen.crash.symbols.sites import call_site  # noqa: PLC0415  reason: of few machines

    site = call_site(reader, address)
    return site.callee if site else None


def _by_address(reader: Reader, query: Query) -> Found | Undecoded:
    if query.address is None:
        return Undecoded("neither a symbol nor an address is printed")
    pc = query.address - (query.lookup == "return")
    symbol = reader.symbols.at(pc)
    if symbol is None:
        return Undecoded(f"no function of {reader.name} at {query.address:#x}", absent=True)
    return Found(query.address, pc, symbol.address, symbol.name, None)
