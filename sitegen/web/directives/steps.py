"""The chain's steps as every view of it shows them: numbered, named, with the way on.

Walk, ladder, chain and verdict all speak of these, in the order of execution.
"""

from typing import NamedTuple

from msgspec.structs import replace

from sitegen.model import ChainStep, Edge, ReportEvidence, Trace
from sitegen.web.directives.values import Case, CaseLog
from sitegen.web.index import step_anchor
from sitegen.web.index.layers import author_layer, with_author_layers

MOST = 120
"""Steps shown: of a longer chain (a recursion of two functions) the first and the last half."""

_LETTERS = frozenset("SVPDKMTX")
_UNKNOWN = Edge(kind="unknown")


class Step(NamedTuple):
    """A step of the chain with its neighbours."""

    number: int
    "from 1"
    anchor: str
    step: ChainStep
    node: str
    "the mark: seen, inlined, missing or panic"
    crashed: bool
    "the function that crashed, or that called panic()"
    times: int
    "how often it calls itself in a row"
    left_out: int
    "steps before this one that are not shown"
    before: str
    "the function before it; empty for the first"
    onward: Edge
    "how control left it"
    to: str
    "the function it went to; empty for the last"
    to_anchor: str
    authored: bool
    "the layer is the author's word"

    @property
    def again(self) -> str:
        """How often it stands there, in words; empty for once."""
        if self.times < 2:
            return ""
        others = self.step.cycle - 1
        if not others:
            return f"{self.times} times"
        return f"{self.times} times with the next" + (f" {others}" if others > 1 else "")

    @property
    def layer_class(self) -> str:
        return layer_class(self.step.letter)


class Layer(NamedTuple):
    """Neighbouring steps of one layer."""

    name: str
    letter: str
    part: str
    "the class that gives the colour"
    authored: bool
    "named by the author"
    steps: tuple[Step, ...]


def layer_class(letter: str) -> str:
    """The colour of a layer: its own, or the one shared by layers without."""
    return f"layer-{letter.lower()}" if letter in _LETTERS else "layer-x"


def steps_of(case: Case, log: CaseLog) -> tuple[Step, ...]:
    """The steps of the log's first report, entry first."""
    chain = log.found.chain
    named = with_author_layers(chain, case.front.layers)
    runs = _runs(chain)
    crashed = _crashed(chain)
    left_out = 0
    if len(runs) > MOST:
        left_out = len(runs) - MOST
        runs = runs[: MOST // 2] + runs[-MOST // 2 :]
    anchors = _anchors(case.prefix(log), [chain[first].function for first, _ in runs])
    found = []
    for place, (first, last) in enumerate(runs):
        step = named[last]
        if last > first:  # where it stood when it went on, and how it was first reached
            step = replace(step, edge=chain[first].edge)
        more = last + 1 < len(chain)
        found.append(
            Step(
                number=first + 1,
                anchor=anchors[place],
                step=step,
                node=_node(chain[last]),
                crashed=first <= crashed <= last,
                times=sum(one.repeat for one in chain[first : last + 1]),
                left_out=left_out if place == MOST // 2 else 0,
                before=chain[first - 1].function if first else "",
                onward=chain[last + 1].edge if more else _UNKNOWN,
                to=chain[last + 1].function if more else "",
                to_anchor=anchors[place + 1] if place + 1 < len(runs) else "",
                authored=bool(author_layer(case.front.layers, step.function, step.file)),
            )
        )
    return tuple(found)


def layers_of(steps: tuple[Step, ...]) -> tuple[Layer, ...]:
    """The steps by layer, in order; a layer that is left and entered again stands twice."""
    layers: list[list[Step]] = []
    for step in steps:
        if layers and layers[-1][0].step.layer == step.step.layer:
            layers[-1].append(step)
        else:
            layers.append([step])
    return tuple(
        Layer(
            name=members[0].step.layer,
            letter=members[0].step.letter or "X",
            part=layer_class(members[0].step.letter),
            authored=any(step.authored for step in members),
            steps=tuple(members),
        )
        for members in layers
    )


def _runs(chain: tuple[ChainStep, ...]) -> list[tuple[int, int]]:
    """First and last index of each step; a function that calls itself is one step."""
    runs: list[tuple[int, int]] = []
    for index, step in enumerate(chain):
        if runs and not step.inlined:
            previous = chain[runs[-1][0]]
            if previous.function == step.function and not previous.inlined:
                runs[-1] = (runs[-1][0], index)
                continue
        runs.append((index, index))
    return runs


def _crashed(chain: tuple[ChainStep, ...]) -> int:
    """The index of the step that crashed: the last one before panic() and what it calls."""
    index = len(chain) - 1
    while index > 0 and is_panic(chain[index]):
        index -= 1
    return index


def own_trace(report: ReportEvidence) -> Trace | None:
    """The trace that the chain was made of, of one in several parts the inner one that has a step.

    The first one where there is no chain; None for a report without traces.
    """
    lines = {step.log_line for step in report.chain if step.log_line is not None}
    own = (trace for trace in report.traces if any(frame.line in lines for frame in trace.frames))
    return next(own, report.traces[0] if report.traces else None)


def is_panic(step: ChainStep) -> bool:
    """Whether the step is the panic itself and not what led to it."""
    return step.letter == "K" or step.function in {"panic", "vpanic", "nmi_panic"}


def _node(step: ChainStep) -> str:
    if step.missing:
        return "missing"
    if is_panic(step):
        return "panic"
    return "inlined" if step.inlined else "seen"


def _anchors(prefix: str, functions: list[str]) -> list[str]:
    seen: dict[str, int] = {}
    anchors: dict[str, None] = {}
    for function in functions:
        seen[function] = count = seen.get(function, 0) + 1
        first = step_anchor(prefix, function)
        anchor = first + (f"-{count}" if count > 1 else "")
        while anchor in anchors or first.endswith("walk-title"):  # the heading's
            first += "-"
            anchor = f"{first}{count}"
        anchors[anchor] = None
    return list(anchors)


def came_by(step: Step) -> str:
    """How control came into the step, in the words of the walk's margin; may be empty."""
    edge = step.step.edge
    match edge.kind:
        case "entry":
            words = f"entered by {edge.mechanism}" if edge.mechanism else "the way into the kernel"
        case "direct":
            words = "direct call"
        case "inlined":
            words = f"inlined in {step.before}"
        case "indirect":
            words = "indirect call"
            if edge.slot:
                words += f" through {edge.slot}"
            elif edge.mechanism:
                words += f", {edge.mechanism}"
        case "tail":
            words = f"tail call from {step.before}" if step.before else "tail call"
            words += f" through {edge.slot}" if edge.indirect and edge.slot else ""
        case "trap":
            words = edge.mechanism or "exception"
        case "unknown":
            words = edge.note
    return f"{words}; not in the trace" if step.step.missing else words


def is_pointer(edge: Edge) -> bool:
    """Whether control went through a pointer, by a call or by a jump."""
    return edge.kind == "indirect" or edge.indirect


def pointer(edge: Edge) -> str:
    """The call through a pointer, short: `file->f_op->write()`; else what is known of the pointer."""
    written = edge.pointer or edge.slot
    return f"{written}()" if written else edge.mechanism or "a pointer"


def pointer_base(edge: Edge) -> str:
    """What the pointer was read from: `file->f_op` of `file->f_op->write(...)`; may be empty."""
    written = pointer(edge).removesuffix("()")
    member = edge.slot.rpartition(".")[2]
    for dot in ("->", "."):
        base, found, last = written.rpartition(dot)
        if found and last == member:
            return base
    return ""
