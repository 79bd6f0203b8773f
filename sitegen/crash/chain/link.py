"""A decoded report -> its chain, entry first: the one place where the order of a trace is turned.

Evidence decides each edge: the call site in the image, its inline tree, its tail calls;
the source explains a pointer. Where nothing tells, the edge is `unknown`.
"""

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from sitegen.crash.arch import Arch
from sitegen.crash.chain.image import Image
from sitegen.crash.chain.joints import Joint, join
from sitegen.crash.chain.pointers import last_member, through
from sitegen.crash.chain.route import Stop, route
from sitegen.crash.chain.steps import Answers, Step, decoded, steps_of
from sitegen.crash.chain.subsystems import NOWHERE, Layer, layer_of
from sitegen.crash.chain.syscalls import find_number
from sitegen.crash.chain.texts import Calls, Text, find_text
from sitegen.crash.source import CallText, Tree, excerpt
from sitegen.crash.symbols.values import CallSite, Decoded, Holder
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
    joints = _joints(stops, answers, image, syscall)
    steps = steps_of(stops, answers, joints, image=image, arch=arch, syscall=syscall)
    known: dict[tuple[str, str, int | None], Text | None] = {}
    texts = []
    for step in steps:
        key = step.function, step.call.file, step.call.line
        if key not in known:
            known[key] = find_text(tree, *key, step.bounds)
        texts.append(known[key])
    explained = _explain(steps, texts, image, tree, snippets=snippets)
    return _finish(explained, texts, snippets=snippets)


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
    texts: Sequence[Text | None],
    image: Image | None,
    tree: Tree | None,
    *,
    snippets: bool,
) -> list[_Explained]:
    """The steps with what the source says: the calls in their lines, the pointers' origins."""
    pointed = {
        step.place: None
        for step in steps
        if step.edge.kind == "indirect" and step.place is not None
    }
    held: dict[Decoded, tuple[Holder, ...]] = {}
    if image and pointed:
        held = dict(zip(pointed, image.holders(list(pointed)), strict=True))
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
            holders = held.get(onward.place, ()) if onward.place else ()
            members = tuple(sorted({last_member(holder) for holder in holders}))
            call = calls.find(texts[index], members=members)
            into = through(
                into,
                caller=step.function,
                callee=onward.function,
                text=_handed(steps, texts, index, call, calls),
                holders=holders,
                tree=tree,
                snippets=snippets,
            )
        elif into.kind not in {"entry", "trap"}:
            call = calls.find(texts[index], callee=onward.function)
            if call and into == Edge(kind="unknown", proof="log"):
                # No image, but the line names the callee.
                into = Edge(kind="direct", proof="source")
        found.append(_Explained(here, call))
    return found


def _handed(
    steps: Sequence[Step],
    texts: Sequence[Text | None],
    index: int,
    call: CallText | None,
    calls: Calls,
) -> CallText | None:
    """A call of a parameter, with the pointer that the functions around handed down."""
    while call is not None and call.parameter is not None and steps[index].inlined and index:
        outer = calls.find(texts[index - 1], callee=steps[index].function, argument=call.parameter)
        if outer is None:
            break
        call = call._replace(
            pointer=outer.pointer or call.pointer,
            member=outer.member,
            array=outer.array,
            parameter=outer.parameter,
        )
        index -= 1
    return call


def _finish(
    explained: Sequence[_Explained], texts: Sequence[Text | None], *, snippets: bool
) -> tuple[ChainStep, ...]:
    chain: list[ChainStep] = []
    layer = NOWHERE
    for (step, call), text in zip(explained, texts, strict=True):
        layer = _layer(step, layer)
        snippet = None
        if text is not None:
            snippet = excerpt(
                text.path, text.lines, text.function, text.line, call=call, text=snippets
            )
        chain.append(
            ChainStep(
                function=step.function,
                file=text.path if text else step.call.file,
                line=text.line if text else step.call.line,
                inlined=step.inlined,
                missing=step.missing,
                layer=layer.name,
                letter=layer.letter,
                context=step.stop.context,
                log_line=None if step.missing else step.stop.frame.at.line,
                edge=step.edge,
                snippet=snippet,
            )
        )
    return tuple(chain)


def _layer(step: Step, around: Layer) -> Layer:
    """The step's layer; of an inline function of a header the one it is inlined in."""
    file = step.call.file
    if step.inlined and (file.startswith("include/") or "/include/" in file):
        return around
    return layer_of(step.function, file)
