"""Claims about the chain: how control went from one function to the next, and how it came in."""

from collections.abc import Iterator
from typing import NamedTuple

from sitegen.diagnostics import meant_hint
from sitegen.model import ChainStep, Edge
from sitegen.web.claims.values import (
    Anchor,
    AtPart,
    AtStep,
    EdgeClaim,
    EntryClaim,
    Facts,
    Fails,
    Holds,
    Unknown,
    Verdict,
)
from sitegen.web.claims.words import Words, bare, is_symbol

EDGE_KINDS = {
    "direct": "direct",
    "inlined": "inlined",
    "indirect": "indirect",
    "tail": "tail",
    "tail call": "tail",
    "trap": "trap",
    "exception": "trap",
    "interrupt": "trap",
}
"""What an author may call an edge, and what the evidence calls it."""


def read_edge(words: Words) -> EdgeClaim | None:
    """`edge a -> b`, `a calls b`, then `is indirect`, `through struct.member`, `by table`."""
    rest = words[1:] if words[0].lower() in {"edge", "frame"} else words
    if len(rest) < 3 or rest[1].lower() not in {"->", "calls"}:
        return None
    caller, callee = (name.removesuffix("()") for name in (rest[0], rest[2]))
    if not (is_symbol(caller) and is_symbol(callee)):
        return None
    kind = slot = table = ""
    rest = rest[3:]
    while rest:
        match rest[0].lower(), rest[1:]:
            case "is", (one, two, *_) if not kind and f"{one} {two}".lower() in EDGE_KINDS:
                kind, rest = EDGE_KINDS[f"{one} {two}".lower()], rest[3:]
            case "is", (one, *_) if not kind and one.lower() in EDGE_KINDS:
                kind, rest = EDGE_KINDS[one.lower()], rest[2:]
            case "through", ("struct", one, *_) if not slot:
                slot, rest = one, rest[3:]
            case "through", (one, *_) if not slot:
                slot, rest = one, rest[2:]
            case "by", (one, *_) if not table and is_symbol(one):
                table, rest = one, rest[2:]
            case _:
                return None
    return EdgeClaim(caller, callee, kind, slot, table)


def read_entry(words: Words) -> EntryClaim | None:
    """`syscall write`, `entry write(2)`, `entry interrupt`."""
    name = " ".join(words[1:])
    if not name or '"' in name:
        return None
    if words[0].lower() == "syscall" or name.endswith("(2)"):
        return EntryClaim(name.removesuffix("(2)").removesuffix("()"), syscall=True)
    return EntryClaim(name)


# --- Checking --------------------------------------------------------------------------------


class _Passage(NamedTuple):
    """How control went from one step to another."""

    caller: str
    step: ChainStep
    "the one that was called"
    edge: Edge

    @property
    def callee(self) -> str:
        return bare(self.step.function)

    @property
    def open(self) -> bool:
        """Whether other functions may have run between the two."""
        return self.edge.kind == "unknown" or self.edge.unproved


def _passages(chain: tuple[ChainStep, ...]) -> list[_Passage]:
    """All of a chain, entry first; of a recursion also how it came back to its first step."""
    found = []
    for index, step in enumerate(chain):
        if index:
            found.append(_Passage(bare(chain[index - 1].function), step, step.edge))
        last = index + step.cycle - 1
        if step.again is not None and last < len(chain):
            found.append(_Passage(bare(chain[last].function), step, step.again))
    return found


def check_edge(claim: EdgeClaim, facts: Facts) -> Verdict:
    chain = facts.found.chain
    if not chain:
        return Unknown(facts.found.unchained or "the report has no chain")
    caller, callee = bare(claim.caller), bare(claim.callee)
    passages = _passages(chain)
    met = [one for one in passages if (one.caller, one.callee) == (caller, callee)]
    if not met:
        return _no_edge(claim, facts, passages)
    verdicts = [_check_step(claim, one) for one in met]
    for wanted in (Holds, Unknown):
        found = next((one for one in verdicts if isinstance(one, wanted)), None)
        if found is not None:
            return found
    return verdicts[0]


def _no_edge(claim: EdgeClaim, facts: Facts, passages: list[_Passage]) -> Verdict:
    """What is to be said of two functions that do not follow each other in the chain."""
    chain = facts.found.chain
    expected = f"{claim.caller} -> {claim.callee}"
    names = [bare(step.function) for step in chain]
    missing = [one for one in (claim.caller, claim.callee) if bare(one) not in names]
    for one in missing:
        if why := _outside(bare(one), facts):
            return Unknown(f"{one} {why}")
    hint = meant_hint(missing[0], set(names)) if missing else ""
    if _may_lead_on(bare(claim.caller), names, facts, passages) and _may_be_reached(
        bare(claim.callee), names, facts, passages
    ):
        return Unknown("not all that ran between the steps of the chain is known", hint)
    if missing:
        return Fails(expected, f"no function {missing[0]} in the chain", AtPart("chain"), hint)
    index = names.index(bare(claim.caller))
    after = chain[index + 1].function if index + 1 < len(chain) else ""
    at = AtStep(chain[index].function)
    if not after:
        return Fails(expected, f"the chain ends with {claim.caller}", at)
    return Fails(expected, f"{claim.caller} -> {after}", at)


def _outside(name: str, facts: Facts) -> str:
    """Where a function that is no step was met all the same; empty where it was not."""
    if name in {bare(one) for one in facts.found.reporting}:
        return "ran to report the crash, and is no step of the chain"
    for trace in facts.found.traces:
        for frame in trace.frames:
            if name in {bare(frame.symbol), *(bare(call.function) for call in frame.calls)}:
                return f"stands on line {frame.line}, and is no step of the chain"
    return ""


def _may_lead_on(name: str, names: list[str], facts: Facts, passages: list[_Passage]) -> bool:
    """Whether the function may have called another one than the next step."""
    if facts.found.corrupted:
        return True
    if name not in names:
        begun = facts.found.chain[0].edge.kind != "unknown"
        return not begun or any(one.open for one in passages)
    last = facts.found.chain[-1]
    unseen = name == bare(last.function) and not last.file  # what is inlined there
    return unseen or any(one.open for one in passages if one.caller == name)


def _may_be_reached(name: str, names: list[str], facts: Facts, passages: list[_Passage]) -> bool:
    """Whether the function may have been called by another one than the step before."""
    if facts.found.corrupted:
        return True
    first, last = facts.found.chain[0], facts.found.chain[-1]
    if name not in names:
        return not last.file or any(one.open for one in passages)
    unseen = name == bare(first.function) and first.edge.kind == "unknown"
    return unseen or any(one.open for one in passages if one.callee == name)


def _check_step(claim: EdgeClaim, passage: _Passage) -> Verdict:
    edge = passage.edge
    at: Anchor = AtStep(passage.step.function)
    expected = f"{claim.caller} -> {claim.callee}"
    if edge.kind == "unknown":
        return Unknown(edge.note or "nothing says how control got there")
    words = _SHOWN.get(edge.kind, edge.kind)
    if claim.kind and claim.kind not in {edge.kind, "indirect" if edge.indirect else edge.kind}:
        return Fails(f"{expected} is {claim.kind}", words, at)
    verdicts = []
    if claim.slot:
        verdicts.append(_check_slot(claim, edge, f"{expected} through {claim.slot}", at))
    if claim.table:
        verdicts.append(_check_table(claim, edge, f"{expected} by {claim.table}", at))
    for wanted in (Fails, Unknown):
        for verdict in verdicts:
            if isinstance(verdict, wanted):
                return verdict
    if edge.unproved:
        return Unknown(edge.note or _UNPROVED)
    if edge.slot and _is_pointer(edge):
        words += f" through {edge.slot}"
    return Holds(at, words)


_SHOWN = {
    "direct": "a direct call",
    "inlined": "inlined",
    "indirect": "an indirect call",
    "tail": "a tail call",
    "trap": "an exception or interrupt",
    "entry": "the entry",
}
_UNPROVED = "that this function was called is not proved"


def _is_pointer(edge: Edge) -> bool:
    return edge.kind == "indirect" or edge.indirect


def _check_slot(claim: EdgeClaim, edge: Edge, expected: str, at: Anchor) -> Verdict | None:
    """None when the pointer was read from the slot. A slot that is not known is not another one."""
    if not _is_pointer(edge):
        return Fails(expected, _SHOWN.get(edge.kind, edge.kind), at)
    if any(_same_slot(claim.slot, slot) for slot in _slots(edge)):
        return None
    member = _member(edge.pointer)
    if member and member != claim.slot.replace("->", ".").rpartition(".")[2]:
        return Fails(expected, f"through {edge.slot or edge.pointer}", at)
    if edge.unproved:
        return Unknown(edge.note or _UNPROVED)
    if edge.slot:
        return Fails(expected, f"through {edge.slot}", at)
    called = f": it called {edge.pointer}" if edge.pointer else ""
    return Unknown(f"which slot is not known{called}")


def _slots(edge: Edge) -> Iterator[str]:
    """The slot as the evidence names it, and by the type of the tables: `entry.fn` of `entries[0].fn`."""
    yield edge.slot
    member = edge.slot.rpartition(".")[2] if "." in edge.slot else ""
    yield from (f"{table.type.partition('[')[0]}.{member}" for table in edge.tables if member)


def _member(pointer: str) -> str:
    """The member that a call as written reads its pointer from; empty where it names none.

    >>> _member("file->f_op->write"), _member("fn"), _member("ops[i]")
    ('write', '', '')
    """
    path = pointer.replace("->", ".")
    last = path.rpartition(".")[2]
    return last if "." in path and last.isidentifier() else ""


def _check_table(claim: EdgeClaim, edge: Edge, expected: str, at: Anchor) -> Verdict | None:
    """None when that table held the callee, and no other may have."""
    if not _is_pointer(edge):
        return Fails(expected, _SHOWN.get(edge.kind, edge.kind), at)
    tables = [table.symbol for table in edge.tables]
    if edge.unproved:
        return Unknown(edge.note or _UNPROVED)
    if claim.table not in tables:
        # A pointer that was set at run time was set in an object that no image shows.
        if tables and not edge.handed:
            return Fails(expected, f"by {' or '.join(tables[:3])}", at)
        return Unknown("which table is not known" + (f": {edge.note}" if edge.note else ""))
    if len(tables) > 1:
        return Unknown(f"the trace cannot tell {len(tables)} tables apart")
    return None


def _same_slot(claimed: str, slot: str) -> bool:
    """`file_operations.write`, `struct.file_operations.write`; the arrow is as good as the dot."""
    return claimed.removeprefix("struct.").replace("->", ".") == slot


def check_entry(claim: EntryClaim, facts: Facts) -> Verdict:
    chain = facts.found.chain
    first = chain[0] if chain else None
    if first is None or first.edge.kind not in {"entry", "trap"}:
        return Unknown(facts.found.unchained or "where the chain begins is not known")
    edge = first.edge
    at = AtStep(first.function)
    if claim.syscall:
        if not edge.call:
            return Unknown("which system call it was is not known")
        if edge.call == claim.name:
            return Holds(at, facts.found.origin or f"{edge.call}(2)")
        return Fails(f"{claim.name}(2)", f"{edge.call}(2)", at)
    known = [one for one in (edge.mechanism, edge.call, first.function) if one]
    wanted = claim.name.lower()
    if any(wanted in {one.lower(), bare(one).lower()} for one in known):
        return Holds(at, facts.found.origin or edge.mechanism or first.function)
    return Fails(f"entry {claim.name}", edge.mechanism or first.function, at)
