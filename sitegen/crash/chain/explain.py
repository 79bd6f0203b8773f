"""Steps -> what the source says of the way from each to the next: the call in the text, the pointer's origin.

Steps for functions that only the evidence of a pointer puts back are added here.
"""

from collections.abc import Sequence
from typing import NamedTuple

from sitegen.crash.chain.callees import Callees
from sitegen.crash.chain.image import Image
from sitegen.crash.chain.pointers import Passage, through
from sitegen.crash.chain.steps import Step, missing_steps
from sitegen.crash.chain.tables import Source, last_member
from sitegen.crash.chain.texts import MISMATCH, Calls, Text, Texts, Unshown, is_elsewhere
from sitegen.crash.names import bare_name
from sitegen.crash.source import CallText
from sitegen.crash.symbols.values import Jump
from sitegen.model import Edge


class Explained(NamedTuple):
    """A step, its text, and the call in it that leads to the next one."""

    step: Step
    text: Text | Unshown
    call: CallText | None = None


def explain(
    steps: Sequence[Step], callees: Callees, source: Source, image: Image | None
) -> list[Explained]:
    """The steps with their texts and calls, their edges with what the source says.

    A text in which the call stands elsewhere than the image says is not shown.
    """
    callees.ask(steps)
    texts = Texts(source.tree)
    work = [Explained(step, texts.of(step)) for step in steps]
    calls = Calls()
    index = 0
    while index + 1 < len(work):
        here, onward = work[index], work[index + 1].step
        into = onward.edge
        if into.kind == "indirect" or into.indirect:
            call, passage = _passage(work, index, into, callees, calls, source)
            work[index] = here._replace(call=call)
            into = passage.edge
            if passage.jumps:
                made = missing_steps(onward.stop, into, passage.jumps, image, _modules(onward))
                work[index + 1 : index + 1] = [Explained(step, texts.of(step)) for step in made]
                index += len(made)
                into = _jumped(into, passage.jumps)
        elif into.kind == "unknown" and into != _NOTHING_KNOWN:
            into = callees.led(into, onward, source)
        elif into.kind not in {"entry", "trap"}:
            call = calls.find(_text(here), callee=onward.function)
            if into == _NOTHING_KNOWN:
                call, into = _from_source(work, index, call, callees, calls, source)
            text = _text(here)
            sure = into.kind == "direct" and into.proof != "source" and not onward.missing
            if call is None and text and sure and is_elsewhere(text, onward.function):
                here = here._replace(text=MISMATCH)
            work[index] = here._replace(call=call)
        work[index + 1] = work[index + 1]._replace(step=onward._replace(edge=into))
        index += 1
    return work


def _passage(
    work: Sequence[Explained],
    index: int,
    into: Edge,
    callees: Callees,
    calls: Calls,
    source: Source,
) -> tuple[CallText | None, Passage]:
    """The call through a pointer in a step's text, and what is known of the way to the next one."""
    here, onward = work[index], work[index + 1].step
    callee = callees.find(onward)
    members = {last_member(holder) for holder in callee.own.holders}
    members |= {last_member(holder) for one in callee.detours or () for holder in one.holders}
    call = calls.find(_text(here), members=tuple(sorted(members)))
    passage = through(
        into,
        caller=here.step.function,
        callee=callee,
        callees=callees,
        text=_handed(work, index, call, calls),
        source=source,
        slot=onward.slot,
        static=onward.static,
    )
    return call, passage


def _from_source(
    work: Sequence[Explained],
    index: int,
    named: CallText | None,
    callees: Callees,
    calls: Calls,
    source: Source,
) -> tuple[CallText | None, Edge]:
    """The call and the edge where no image tells: the line names the callee, or may call it by a pointer."""
    if named is not None:
        return named, Edge(kind="direct", proof="source")
    pointed = Edge(kind="indirect", proof="source")
    call, passage = _passage(work, index, pointed, callees, calls, source)
    if passage.edge.targets or passage.edge.handed:
        return call, passage.edge
    return None, _NOTHING_KNOWN


_NOTHING_KNOWN = Edge(kind="unknown", proof="log")
"""The edge between two frames without an image."""


def _modules(step: Step) -> list[str]:
    symbol = step.stop.frame.symbol
    return list(dict.fromkeys(["", symbol.module if symbol else ""]))


def _jumped(into: Edge, path: Sequence[Jump]) -> Edge:
    """The edge into a step that a function without a frame jumped to."""
    passed = tuple(dict.fromkeys(bare_name(jump.function) for jump in path))
    missing = (*into.missing, *passed)
    return Edge(kind="tail", proof=path[-1].proof, missing=missing, note=path[-1].instruction)


def _text(one: Explained) -> Text | None:
    return one.text if isinstance(one.text, Text) else None


def _handed(
    work: Sequence[Explained], index: int, call: CallText | None, calls: Calls
) -> CallText | None:
    """A call of a parameter, with the pointer (or the array) that the functions around handed down."""
    while call is not None and call.parameter is not None and index:
        step = work[index].step
        if not (step.inlined or step.edge.kind in {"direct", "tail"}):
            break
        outer = calls.find(_text(work[index - 1]), callee=step.function, argument=call.parameter)
        if outer is None:
            break
        if call.array:
            call = call._replace(table=outer.pointer, parameter=outer.parameter)
        else:
            call = call._replace(
                pointer=outer.pointer or call.pointer,
                member=outer.member,
                array=outer.array,
                parameter=outer.parameter,
            )
        index -= 1
    return call
