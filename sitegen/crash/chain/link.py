"""A decoded report -> its chain, entry first: the one place where the order of a trace is turned.

Evidence decides each edge: the call site in the image, its inline tree, its tail calls;
the source explains a pointer. Where nothing tells, the edge is `unknown`.
"""

from collections.abc import Sequence

from msgspec.structs import replace

from sitegen.crash.arch import Arch
from sitegen.crash.chain.callees import Callees
from sitegen.crash.chain.contexts import contexts_of
from sitegen.crash.chain.explain import explain
from sitegen.crash.chain.image import Image
from sitegen.crash.chain.joints import joints_of, with_leaf_caller
from sitegen.crash.chain.recursion import Folded, fold
from sitegen.crash.chain.reporters import machinery
from sitegen.crash.chain.route import Answers, route
from sitegen.crash.chain.steps import Step, steps_of
from sitegen.crash.chain.subsystems import NOWHERE, Layer, layer_of
from sitegen.crash.chain.syscalls import find_number
from sitegen.crash.chain.tables import Source
from sitegen.crash.chain.texts import Text, Unshown
from sitegen.crash.source import CallText, Tree, excerpt, find_expansion
from sitegen.model import ChainStep, Report


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
    path = with_leaf_caller(stops, answers, image)
    joints = joints_of(path, answers, image, syscall)
    steps = steps_of(path, answers, joints, image=image, arch=arch, syscall=syscall)
    steps = _without_machinery(steps, report.kind)
    source = Source(tree, snippets)
    return _finish(fold(explain(steps, Callees(image, answers), source, image)), source)


def _without_machinery(steps: list[Step], kind: str) -> list[Step]:
    """The steps without those inlined at the end that are no place for a report of that kind."""
    none = machinery(kind)
    while steps and steps[-1].inlined and steps[-1].function in none:
        steps = steps[:-1]
    return steps


def _finish(folded: Sequence[Folded], source: Source) -> tuple[ChainStep, ...]:
    chain: list[ChainStep] = []
    layer = NOWHERE
    contexts = contexts_of(one.explained.step for one in folded)
    for (explained, after, repeat, cycle, again), context in zip(folded, contexts, strict=True):
        step, text, call = explained
        layer = _layer(step, layer)
        onward = after.step if after else None
        made = ChainStep(
            function=step.function,
            file=step.call.file,
            line=step.call.line,
            inlined=step.inlined,
            missing=step.missing,
            layer=layer.name,
            letter=layer.letter,
            context=context,
            log_line=None if step.missing else step.stop.frame.at.line,
            edge=step.edge,
            interrupted=bool(
                onward and onward.stop is not step.stop and onward.stop.arrival == "interrupt"
            ),
            repeat=repeat,
            cycle=cycle,
            again=again,
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
