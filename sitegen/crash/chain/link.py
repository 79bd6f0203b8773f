"""A decoded report -> its chain, entry first: the one place where the order of a trace is turned.

Evidence decides each edge: the call site in the image, its inline tree, its tail calls;
the source explains a pointer. Where nothing tells, the edge is `unknown`.
"""

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from msgspec.structs import replace

from sitegen.crash.arch import Arch
from sitegen.crash.chain.callees import Callees
from sitegen.crash.chain.image import Image
from sitegen.crash.chain.joints import Joint, join
from sitegen.crash.chain.pointers import through
from sitegen.crash.chain.route import Stop, route
from sitegen.crash.chain.steps import Answers, Step, decoded, steps_of
from sitegen.crash.chain.subsystems import NOWHERE, Layer, layer_of
from sitegen.crash.chain.syscalls import find_number
from sitegen.crash.chain.tables import Source, last_member
from sitegen.crash.chain.texts import MISMATCH, Calls, Text, Unshown, find_text, is_elsewhere
from sitegen.crash.source import CallText, Tree, excerpt, find_expansion
from sitegen.crash.symbols.values import CallSite, Decoded
from sitegen.model import ChainStep, Edge, Report


def link(
    report: Report,
    answers: Answers,
    *,
    image: Image | None = None,
    tree: Tree | None = None,
    arch: Arch | None = None,
    snippets: bool = True,
) -> tuple[ChainStep, ...]:
    """The functions from the entry to the crash, each with how control came there.

    Without an image frames follow each other by unknown edges, without a tree there are no
    snippets; the chain is there all the same. Empty when the report has no frame to trust.
    """
    stops = route(report, arch)
    if not stops:
        return ()
    syscall = find_number(report, arch)
    path = _with_leaf_caller(stops, answers, image)
    joints = _joints(path, answers, image, syscall)
    steps = steps_of(path, answers, joints, image=image, arch=arch, syscall=syscall)
    known: dict[tuple[str, str, int | None], Text | Unshown] = {}
    texts = []
    for step in steps:
        key = step.function, step.call.file, step.call.line
        if key not in known:
            known[key] = find_text(tree, *key, step.bounds)
        texts.append(known[key])
    callees = Callees(image, answers)
    explained = _explain(steps, texts, callees, Source(tree, snippets))
    return _finish(explained, texts, Source(tree, snippets))


def _with_leaf_caller(
    stops: Sequence[Stop], answers: Answers, image: Image | None
) -> Sequence[Stop]:
    """The stops, without the link register's where the image says that it is left over.

    Its call must be able to lead to the function that crashed, and the frame outside of it
    must not have called that function by itself.
    """
    if len(stops) < 2 or not stops[-2].register or image is None:
        return stops
    inner, caller = decoded(stops[-1], answers), decoded(stops[-2], answers)
    if caller is None:
        return stops
    there = inner or stops[-1].name or "no function"
    outer = decoded(stops[-3], answers) if len(stops) > 2 else None
    sites = image.sites([caller] if outer is None else [caller, outer])
    led = join(image, sites[0], there)
    without = (*stops[:-2], stops[-1])
    if led.lost or (led.kind == "unknown" and sites[0] is None):
        return without
    if len(sites) > 1:
        direct = join(image, sites[1], there)
        if direct.kind == "direct" and not direct.lost:
            return without
    return stops


def _joints(
    stops: Sequence[Stop], answers: Answers, image: Image | None, syscall: int | None
) -> list[Joint | None]:
    """For each stop how control came into it from the one before; None where that was no call."""
    places = [decoded(stop, answers) for stop in stops]
    asked = [
        place
        for place, after in zip(places, stops[1:], strict=False)
        if place is not None and after.arrival == "call"
    ]
    sites = dict(zip(asked, image.sites(asked), strict=True)) if image and asked else {}
    known: dict[tuple[CallSite | None, Decoded | str], Joint] = {}
    joints: list[Joint | None] = [None]
    for (before, _), (place, stop) in pairwise(zip(places, stops, strict=True)):
        if stop.arrival != "call":
            joints.append(None)
        elif image is None or before is None:
            joints.append(Joint("unknown", "log"))
        else:
            symbol = stop.frame.symbol
            # A PC that lies in no function was jumped to all the same.
            there = place or (symbol.name if symbol else "no function")
            key = sites[before], there
            if key not in known:
                known[key] = join(image, *key, syscall=syscall)
            joints.append(known[key])
    return joints


class _Explained(NamedTuple):
    """A step, and the call in its text that leads to the next one."""

    step: Step
    call: CallText | None = None


def _explain(
    steps: Sequence[Step],
    texts: list[Text | Unshown],
    callees: Callees,
    source: Source,
) -> list[_Explained]:
    """The steps with what the source says: the calls in their lines, the pointers' origins.

    A text in which the call stands elsewhere than the image says is put out of `texts`.
    """
    callees.ask(steps)
    calls = Calls()
    found: list[_Explained] = []
    into = steps[0].edge
    for index, step in enumerate(steps):
        here = step._replace(edge=into)
        if index + 1 == len(steps):
            found.append(_Explained(here))
            break
        onward = steps[index + 1]
        into = onward.edge
        call = None
        if into.kind == "indirect":
            callee = callees.find(onward)
            members = {last_member(holder) for holder in callee.holders}
            call = calls.find(_text(texts, index), members=tuple(sorted(members)))
            into = through(
                into,
                caller=step.function,
                callee=callee,
                text=_handed(steps, texts, index, call, calls),
                source=source,
            )
        elif into.missing and into.kind == "unknown":
            into = callees.jumped(into, onward, source)
        elif into.kind not in {"entry", "trap"}:
            call = calls.find(_text(texts, index), callee=onward.function)
            if call and into == Edge(kind="unknown", proof="log"):
                # No image, but the line names the callee.
                into = Edge(kind="direct", proof="source")
            text = _text(texts, index)
            sure = into.kind == "direct" and into.proof != "source" and not onward.missing
            if call is None and text and sure and is_elsewhere(text, onward.function):
                texts[index] = MISMATCH
        found.append(_Explained(here, call))
    return found


def _text(texts: Sequence[Text | Unshown], index: int) -> Text | None:
    text = texts[index]
    return text if isinstance(text, Text) else None


def _handed(
    steps: Sequence[Step],
    texts: Sequence[Text | Unshown],
    index: int,
    call: CallText | None,
    calls: Calls,
) -> CallText | None:
    """A call of a parameter, with the pointer (or the array) that the functions around handed down."""
    while call is not None and call.parameter is not None and index:
        step = steps[index]
        if not (step.inlined or step.edge.kind in {"direct", "tail"}):
            break
        outer = calls.find(_text(texts, index - 1), callee=step.function, argument=call.parameter)
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


def _finish(
    explained: Sequence[_Explained], texts: Sequence[Text | Unshown], source: Source
) -> tuple[ChainStep, ...]:
    chain: list[ChainStep] = []
    layer = NOWHERE
    for index, ((step, call), text) in enumerate(zip(explained, texts, strict=True)):
        layer = _layer(step, layer)
        onward = explained[index + 1].step if index + 1 < len(explained) else None
        made = ChainStep(
            function=step.function,
            file=step.call.file,
            line=step.call.line,
            inlined=step.inlined,
            missing=step.missing,
            layer=layer.name,
            letter=layer.letter,
            context=step.stop.context,
            log_line=None if step.missing else step.stop.frame.at.line,
            edge=step.edge,
            interrupted=bool(
                onward and onward.stop is not step.stop and onward.stop.arrival == "interrupt"
            ),
        )
        if isinstance(text, Unshown):
            made = replace(made, unshown=text.reason, mismatch=text.mismatch)
        else:
            made = replace(
                made,
                file=text.path,
                line=text.line,
                snippet=excerpt(
                    text.path,
                    text.lines,
                    text.function,
                    text.line,
                    call=call or _expansion(text, onward),
                    text=source.snippets,
                ),
            )
        if source.tree is not None and not made.mismatch:
            made = replace(made, subsystem=source.tree.subsystem(made.file))
        chain.append(made)
    return tuple(chain)


def _expansion(text: Text, onward: Step | None) -> CallText | None:
    """What makes the call in a line that does not spell the function it leads to."""
    if onward is None or onward.edge.kind not in _CALLED or text.line is None:
        return None
    return find_expansion(text.lines, text.function, text.line)


_CALLED = frozenset({"direct", "inlined", "indirect", "tail"})
"""Kinds of edges that a call in the caller's line makes, whatever it is called there."""


def _layer(step: Step, around: Layer) -> Layer:
    """The step's layer; of an inline function of a header the one it is inlined in."""
    file = step.call.file
    if step.inlined and (file.startswith("include/") or "/include/" in file):
        return around
    return layer_of(step.function, file)
