"""What is to be said of a call through a pointer: sentences of evidence, without their full stops."""

from collections.abc import Sequence

from sitegen.crash.chain.callees import Callee
from sitegen.crash.chain.handed import Handed, said
from sitegen.crash.symbols.values import Holder
from sitegen.model import Handover, Proof


def say_targets(callee: Callee, names: list[str], *, own: bool) -> str:
    """Which functions the pointer may have held; `own` where the step itself is one of them."""
    count = len(names)
    if count > 3:
        names = [*names[:2], f"{count - 2} others"]
    jumping = " or ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)
    jumps = "jumps" if count == 1 else "jump"
    said_of = []
    if names:
        itself = f"{callee.name} itself or " if own else ""
        said_of.append(
            f"the pointer may have held {itself}{jumping}, which {jumps} to {callee.name}"
        )
    if callee.doubted:
        doubted = ", ".join(callee.doubted)
        said_of.append(
            f"between them stands a doubtful frame of {doubted}, which calls {callee.name}"
        )
    return "; ".join(said_of) + "; the trace cannot tell"


def say_tables(fitting: Sequence[Holder], name: str, *, named: bool) -> str:
    """What is unsure of tables that hold a function; empty for a single one."""
    count = len(fitting)
    if not named and count > 1:
        return f"which slot it is, is not known; {count} hold {name}"
    if count > 1:
        return f"{count} tables hold {name} in this slot; the trace cannot tell them apart"
    return ""


def say_handed(handed: Handed) -> str:
    """Where it was handed over, and to what; the code alone tells only where the address is taken."""
    if not handed.places:
        return ""
    to = {place.to for place in handed.places}
    if len(to) == 1 and "" not in to:
        how = f"the function was handed to {to.pop()}"
    elif "" in to and all(place.by for place in handed.places):
        how = "the function's address is taken"
    else:
        how = "the function was handed over at run time"
    return f"{how}, {said(handed.places)}"


def proof_of(places: Sequence[Handover]) -> Proof:
    """What tells that a function was handed over there: the code, or the source."""
    return "instruction" if places and places[0].by else "source"
