"""Calls through pointers: the expression in the source, and what proves which function was called.

Tables of the image that hold the callee in the slot, and places that handed it over. A function
that jumps to the step may as well be what the pointer held; it is told apart where the evidence
allows it, and then stands in the chain as a step without a frame.
"""

from collections.abc import Sequence
from typing import NamedTuple

from msgspec.structs import replace

from sitegen.crash.chain.assigned import assigned
from sitegen.crash.chain.callees import Callee, Callees, Candidate
from sitegen.crash.chain.handed import FEW, Handed, handed_over, said, set_in
from sitegen.crash.chain.image import Path
from sitegen.crash.chain.mechanisms import STATIC_CALL, Mechanism, mechanism_of
from sitegen.crash.chain.sayings import proof_of, say_handed, say_tables, say_targets
from sitegen.crash.chain.tables import Source, is_array, last_member, slot_of, tables_of
from sitegen.crash.source import CallText
from sitegen.crash.symbols.values import Holder
from sitegen.model import Edge, Target


class Passage(NamedTuple):
    """An edge through a pointer, and the way on where what it held is not the step."""

    edge: Edge
    jumps: Path = ()
    "by which the function that the pointer held led to the step; it left no frame"


class _Site(NamedTuple):
    """The call or jump itself."""

    text: CallText | None
    slot: tuple[str, int] | None
    mechanism: Mechanism | None
    key: str
    "of a static call its name"

    @property
    def named(self) -> bool:
        """Whether it is known which slot the pointer was read from."""
        return bool(self.slot or (self.text and (self.text.member or self.text.array)))


class _Standing(NamedTuple):
    """What speaks for a candidate."""

    candidate: Candidate
    fitting: list[Holder]
    "what holds it in the slot, where that is known"
    handed: Handed
    possible: bool


def through(
    edge: Edge,
    *,
    caller: str,
    callee: Callee,
    callees: Callees,
    text: CallText | None,
    source: Source,
    slot: tuple[str, int] | None = None,
    static: str = "",
) -> Passage:
    """The edge of an indirect call, or jump, with its expression, slot and tables.

    A table is named only when it holds the callee in the slot that the source calls
    through; where the source does not say the slot, all that hold it are. That the call
    was of the callee is proved when a table, a line or the code says so and no function
    that the slot may also have held jumps to it. Where only one that jumps to it can have
    been held, and something says so, the passage has its `jumps`. Else the edge is `unproved`,
    and its targets are what is possible. `static` is the name of a static call.
    """
    site = _Site(text, slot, STATIC_CALL if static else mechanism_of(caller), static)
    found = replace(
        edge,
        expression=text.expression if text else "",
        pointer=(text.pointer or text.function) if text else "",
        mechanism=edge.mechanism or (site.mechanism.name if site.mechanism else ""),
    )
    if callee.name.startswith("0x"):
        why, passage = f"the pointer led to {callee.name}, where no function of the image is", None
        found = replace(found, unproved=False)
    elif callee.unknown:
        passage, why = _from_source(found, callee, site, source)
        found = passage.edge
    elif edge.mechanism and not site.mechanism:
        # What the kernel put there by itself is not to be found in tables.
        why, passage = "", None
    else:
        passage, why = _weigh(found, callee, callees, site, source)
        found = passage.edge
    note = "; ".join(filter(None, (why, edge.note)))
    return Passage(replace(found, note=note), passage.jumps if passage else ())


def _weigh(
    edge: Edge, callee: Callee, callees: Callees, site: _Site, source: Source
) -> tuple[Passage, str]:
    """The passage, and what is to be said of it."""
    own = _standing(callee.own, site, source)
    others = [_standing(one, site, source) for one in callee.detours or ()]
    text = site.text
    if text and text.pointer == callee.name:
        edge = replace(edge, proof="source", unproved=False)
        return Passage(edge), f"the caller passed {callee.name} itself"
    others = [one for one in others if one.possible]
    if callee.doubted or others:
        likely = own.possible and bool(own.fitting or not site.named or site.mechanism)
        if len(others) == 1 and not likely and not callee.doubted:
            told = _told(edge, others[0], callee, callees, site, source)
            if told is not None:
                return told
        targets = [_target(one, callee, callees, text, source) for one in others[:MAX_TARGETS]]
        if likely and not callee.doubted:
            targets.insert(
                0, Target(callee.name, "", tables_of(own.fitting, callee.name, text, source))
            )
        edge = replace(edge, targets=tuple(targets), unproved=True)
        names = [one.candidate.function for one in others]
        return Passage(edge), say_targets(callee, names, own=likely)
    return _direct(edge, callee, own, site, source)


def _from_source(edge: Edge, callee: Callee, site: _Site, source: Source) -> tuple[Passage, str]:
    """The edge where no image at hand holds the callee: what the source says, which proves nothing."""
    own = callee.own
    unknown = f"whether the pointer held {own.function} cannot be known: {callee.unknown}"
    edge = replace(edge, unproved=True)
    member = site.text.member if site.text else ""
    found = assigned(own.function, own.file, member, source)
    if found.tables:
        edge = replace(edge, proof="source", slot=found.slot)
        count = len(found.tables)
        objects = (
            f"{count} objects of the source assign"
            if count > 1
            else "one object of the source assigns"
        )
        why = f"{objects} {own.function} to .{member}; {unknown}"
        return Passage(replace(edge, targets=(Target(own.function, "", found.tables),))), why
    handed = handed_over(own.function, own.file, None, source, mechanism=site.mechanism)
    if handed.by_name:
        edge = replace(edge, proof="source", handed=handed.places)
        return Passage(edge), f"{say_handed(handed)}; {unknown}"
    setters = set_in(own.function, own.file, member, source) if member else ()
    if setters:
        edge = replace(edge, proof="source", handed=setters)
        return Passage(edge), f"set at run time, {said(setters[:FEW])}; {unknown}"
    return Passage(edge), unknown


MAX_TARGETS = 12
"""Functions named of those that a pointer may have held."""


def _standing(candidate: Candidate, site: _Site, source: Source) -> _Standing:
    fitting = _fitting(site, candidate.holders)
    handed = Handed()
    if site.mechanism is not None or not fitting:
        handed = handed_over(
            candidate.function,
            candidate.file,
            candidate.taken,
            source,
            mechanism=site.mechanism,
            key=site.key,
        )
    possible = not candidate.direct_only
    if not (site.mechanism and site.mechanism.listed):
        possible = possible and not candidate.nowhere
    if not fitting and candidate.jumps and site.named:
        # The slot is known: what no table of the image holds there, it may hold since run time.
        possible = possible and bool(site.mechanism and candidate.taken and candidate.taken.takers)
    if not fitting and site.mechanism is not None:
        possible = possible and not handed.elsewhere
    return _Standing(candidate, fitting, handed, possible)


def _told(
    edge: Edge, one: _Standing, callee: Callee, callees: Callees, site: _Site, source: Source
) -> tuple[Passage, str] | None:
    """The passage by the one function that can have been held; None when nothing says so."""
    name = one.candidate.function
    paths = callees.paths(one.candidate, callee)
    if len(paths) != 1:
        return None
    if one.fitting and (site.named or callee.own.nowhere):
        slot = slot_of(one.fitting) if site.named else ""
        edge = replace(edge, proof="ops-table", slot=slot)
        edge = replace(edge, tables=tables_of(one.fitting, name, site.text, source))
        why = say_tables(one.fitting, name, named=site.named)
    elif one.handed.by_name or (one.handed.places and callee.own.nowhere):
        edge = replace(edge, handed=one.handed.places, proof=proof_of(one.handed.places))
        why = say_handed(one.handed)
    else:
        return None
    because = f"only {name} jumps to {callee.name} and can have been called"
    passage = Passage(replace(edge, unproved=False), paths[0])
    return passage, "; ".join(filter(None, (why, because)))


def _direct(
    edge: Edge, callee: Callee, own: _Standing, site: _Site, source: Source
) -> tuple[Passage, str]:
    """The edge where no other function can have been called than the step itself."""
    text, mine = site.text, own.fitting
    certain = callee.detours is not None
    edge = replace(
        edge,
        tables=tables_of(mine, callee.name, text, source),
        slot=slot_of(mine),
        proof="ops-table" if mine and site.named else edge.proof,
        unproved=not certain,
    )
    if own.candidate.direct_only:
        why = f"the compiler made {own.candidate.symbol} for direct calls: a function between left no frame"
        return Passage(replace(edge, unproved=True)), why
    if mine:
        why = say_tables(mine, callee.name, named=site.named)
        unsure = (
            "" if certain else "whether another function of this slot jumped here was not looked at"
        )
        return Passage(edge), "; ".join(filter(None, (why, unsure)))
    handed = own.handed
    if handed.by_name:
        proof = proof_of(handed.places)
        return Passage(replace(edge, handed=handed.places, proof=proof)), say_handed(handed)
    setters = set_in(callee.name, own.candidate.file, text.member, source) if text else ()
    if setters:
        edge = replace(edge, proof="source", handed=setters)
        return Passage(edge), f"set at run time, {said(setters[:FEW])}"
    if text is not None and text.array:
        handed = Handed()
    why = say_handed(handed)
    edge = replace(edge, handed=handed.places if why else ())
    if text and text.parameter is not None and not text.member:
        passed = f"the caller passed the function to call, as its parameter '{text.pointer}'"
        return Passage(edge), "; ".join(filter(None, (passed, why)))
    if site.mechanism:
        return Passage(
            edge
        ), why or "the function to call was handed over at run time, and stands in no table"
    if why and text is None:
        return Passage(replace(edge, proof=proof_of(handed.places))), why
    as_member = f" as .{text.member}" if text and text.member else ""
    nothing = (
        f"no table of the image holds {callee.name}{as_member}: it was set at run time, "
        "or a function that left no frame led to it"
    )
    return Passage(replace(edge, unproved=True)), "; ".join(filter(None, (nothing, why)))


def _fitting(site: _Site, holders: Sequence[Holder]) -> list[Holder]:
    """The holders that a call may have gone through, by place in the source."""
    ordered = sorted(holders, key=lambda one: (one.file, one.line or 0, one.symbol, one.offset))
    text = site.text
    if site.slot is not None:
        return [holder for holder in ordered if (holder.symbol, holder.offset) == site.slot]
    if text is None:
        return [] if site.mechanism else [holder for holder in ordered if holder.type]
    if text.array:
        arrays = [holder for holder in ordered if is_array(holder)]
        return [holder for holder in arrays if holder.symbol == text.table] or arrays
    if text.member:
        return [holder for holder in ordered if last_member(holder) == text.member]
    return []


def _target(
    one: _Standing, callee: Callee, callees: Callees, text: CallText | None, source: Source
) -> Target:
    name = one.candidate.function
    paths = callees.paths(one.candidate, callee)
    way = paths[0][0].instruction if paths else ""
    return Target(name, way, tables_of(one.fitting, name, text, source))
