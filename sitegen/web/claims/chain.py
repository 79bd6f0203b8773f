"""Claims about the chain: how control went from one function to the next, and how it came in."""

from itertools import pairwise

from sitegen.diagnostics import meant_hint
from sitegen.model import ChainStep
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


def check_edge(claim: EdgeClaim, facts: Facts) -> Verdict:
    chain = facts.found.chain
    if not chain:
        return Unknown(facts.found.unchained or "the report has no chain")
    caller, callee = bare(claim.caller), bare(claim.callee)
    pairs = [(one, two) for one, two in pairwise(chain)]
    met = [
        two for one, two in pairs if (bare(one.function), bare(two.function)) == (caller, callee)
    ]
    if not met:
        return _no_edge(claim, chain)
    verdicts = [_check_step(claim, step) for step in met]
    return next((one for one in verdicts if isinstance(one, Holds)), verdicts[0])


def _no_edge(claim: EdgeClaim, chain: tuple[ChainStep, ...]) -> Verdict:
    expected = f"{claim.caller} -> {claim.callee}"
    names = [bare(step.function) for step in chain]
    for one in (claim.caller, claim.callee):
        if bare(one) not in names:
            found = f"no function {one} in the chain"
            return Fails(expected, found, AtPart("chain"), meant_hint(one, set(names)))
    index = names.index(bare(claim.caller))
    after = chain[index + 1].function if index + 1 < len(chain) else ""
    at = AtStep(chain[index].function)
    if not after:
        return Fails(expected, f"the chain ends with {claim.caller}", at)
    return Fails(expected, f"{claim.caller} -> {after}", at)


def _check_step(claim: EdgeClaim, step: ChainStep) -> Verdict:
    edge = step.edge
    at: Anchor = AtStep(step.function)
    expected = f"{claim.caller} -> {claim.callee}"
    if edge.kind == "unknown":
        return Unknown(edge.note or "nothing says how control got there")
    if claim.kind and edge.kind != claim.kind:
        return Fails(f"{expected} is {claim.kind}", _SHOWN.get(edge.kind, edge.kind), at)
    slot = edge.slot or edge.mechanism
    if claim.slot and not _same_slot(claim.slot, edge.slot):
        found = f"through {slot}" if slot else _SHOWN.get(edge.kind, edge.kind)
        return Fails(f"{expected} through {claim.slot}", found, at)
    tables = [table.symbol for table in edge.tables]
    if claim.table and claim.table not in tables:
        found = f"by {' or '.join(tables[:3])}" if tables else "no table is known"
        return Fails(f"{expected} by {claim.table}", found, at)
    if edge.unproved:
        return Unknown(edge.note or "that this function was called is not proved")
    if claim.table and len(tables) > 1:
        return Unknown(f"the trace cannot tell {len(tables)} tables apart")
    words = _SHOWN.get(edge.kind, edge.kind)
    if edge.slot and edge.kind == "indirect":
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


def _same_slot(claimed: str, slot: str) -> bool:
    """`file_operations.write` and `struct file_operations.write`; the arrow is as good as the dot."""
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
