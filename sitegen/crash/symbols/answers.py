"""Queries to one image -> answers: places resolved, looked up all at once, named as the log names them."""

import gc
from collections.abc import Sequence

from sitegen.crash.names import bare_name
from sitegen.crash.symbols.reader import Reader
from sitegen.crash.symbols.resolve import Found, Several, resolve
from sitegen.crash.symbols.values import Call, Decoded, Query, Undecoded


def answer(reader: Reader, queries: Sequence[Query]) -> list[Decoded | Undecoded]:
    """As `Symbolizer.decode`, of one image. Raises ImageError when it turns out damaged.

    The tables of a kernel are half a million values without circles among them: looking for
    some to collect would take a sixteenth of the time.
    """
    collecting = gc.isenabled()
    gc.disable()
    try:
        return _answers(reader, queries)
    finally:
        if collecting:
            gc.enable()


def _answers(reader: Reader, queries: Sequence[Query]) -> list[Decoded | Undecoded]:
    found = resolve(reader, queries)
    hints = {
        place.pc: (place.start, bare_name(place.name)) for one in found for place in _places(one)
    }
    calls = reader.calls_at(hints, hints)
    answers: list[Decoded | Undecoded] = []
    for one in found:
        match one:
            case Undecoded():
                answers.append(one)
            case Found():
                answers.append(_found(reader, one, *calls[one.pc]))
            case Several():
                several = [_decoded(reader, place, *calls[place.pc]) for place in one.places]
                if len({each.calls for each in several}) == 1 and several[0].calls[0].file:
                    # One source compiled twice (compat_binfmt_elf includes binfmt_elf).
                    note = f"{one.reason}, all of them at the same lines"
                    answers.append(several[0]._replace(note=note))
                    continue
                candidates = tuple(each.calls[0] for each in several)
                answers.append(Undecoded(one.reason, candidates, size_equal=one.size_equal))
    return answers


def at_start(reader: Reader, starts: Sequence[int]) -> list[Decoded]:
    """The functions that begin at some addresses, looked up there."""
    calls = reader.calls_at(starts)
    found = []
    for start in starts:
        symbol = reader.symbols.starting_at(start)
        if symbol is not None:
            place = Found(start, start, start, symbol.name, None)
            found.append(_decoded(reader, place, *calls[start]))
    return found


def _found(reader: Reader, place: Found, calls: tuple[Call, ...], note: str) -> Decoded | Undecoded:
    if place.at_end and reader.has_lines and not (calls and calls[0].file):
        # Padding is no code: what looks like a return address is the address of a function.
        return Undecoded(
            f"no code before the end of '{place.name}': a pointer to what follows it",
            size_equal=place.size_equal,
        )
    return _decoded(reader, place, calls, note)


def _places(one: Found | Several | Undecoded) -> tuple[Found, ...]:
    if isinstance(one, Found):
        return (one,)
    return one.places if isinstance(one, Several) else ()


def _decoded(reader: Reader, place: Found, calls: tuple[Call, ...], note: str) -> Decoded:
    """The outermost call gets the symbol's name: the log's own, and the only one assembly has."""
    named = (*calls[:-1], calls[-1]._replace(function=place.name)) if calls else (Call(place.name),)
    base, section = 0, ""
    if reader.image.is_module:
        home = reader.image.section_at(place.start)
        if home is not None:
            base, section = home.address, home.name
    return Decoded(
        named,
        reader.name,
        section,
        place.address - base,
        place.start - base,
        place.size_equal,
        exact=place.pc == place.address,
        note=note,
    )
