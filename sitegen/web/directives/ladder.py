"""The ladder: every function of the walk in one column, entry at the top."""

from typing import NamedTuple

from sitegen.web.directives.labels import place_of
from sitegen.web.directives.steps import Step, is_pointer, layers_of, pointer


class Rung(NamedTuple):
    """A function, or a pointer on the way to one (which is no link)."""

    number: int
    "of the step, from 1; 0 for a pointer"
    node: str
    name: str
    href: str
    tag: str
    crashed: bool


class LadderLayer(NamedTuple):
    """The rungs of one layer."""

    name: str
    letter: str
    part: str
    rungs: tuple[Rung, ...]


class LadderView(NamedTuple):
    """The map of the walk."""

    says: str
    layers: tuple[LadderLayer, ...]
    nodes: tuple[tuple[str, str], ...]
    "the marks that occur, with their meaning"


_KEY = (
    ("seen", "in the trace"),
    ("inlined", "inlined"),
    ("missing", "no frame in the log"),
    ("pointer", "through a pointer"),
)


def ladder_view(steps: tuple[Step, ...], kind: str = "") -> LadderView | None:
    """The ladder of the steps of a report of that kind; None when there are none."""
    if not steps:
        return None
    layers = tuple(
        LadderLayer(layer.name, layer.letter, layer.part, _rungs(layer.steps, kind))
        for layer in layers_of(steps)
    )
    met = {rung.node for layer in layers for rung in layer.rungs}
    last = place_of(kind, panics=steps[-1].node == "panic").noun
    functions = "1 function" if len(steps) == 1 else f"{len(steps)} functions"
    return LadderView(
        says=f"{functions}, entry at the top, {last} at the bottom",
        layers=layers,
        nodes=tuple((node, words) for node, words in _KEY if node in met),
    )


def _rungs(steps: tuple[Step, ...], kind: str) -> tuple[Rung, ...]:
    """Rungs of one layer; a pointer belongs to the function that calls through it."""
    rungs = []
    for step in steps:
        rungs.append(
            Rung(
                number=step.number,
                node=step.node,
                name=step.step.function,
                href=f"#{step.anchor}",
                tag=_tag(step, kind),
                crashed=step.crashed or step.node == "panic",
            )
        )
        if is_pointer(step.onward):
            rungs.append(Rung(0, "pointer", pointer(step.onward), "", "", crashed=False))
    return tuple(rungs)


def _tag(step: Step, kind: str) -> str:
    tags = [step.again] if step.again else []
    if step.crashed:
        tags.append(f"{place_of(kind, panics=bool(step.to)).verb} here")
    elif step.step.missing:
        tags.append("tail call" if step.onward.kind == "tail" else "no frame")
    elif step.step.inlined:
        tags.append("inlined")
    return ", ".join(tags)
