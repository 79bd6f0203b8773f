"""The ladder: every function of the walk in one column, entry at the top."""

from typing import NamedTuple

from sitegen.web.directives.labels import place_of
from sitegen.web.directives.steps import Step, is_pointer, layers_of, pointer
from sitegen.wording import counted


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
    functions: str
    "how many, in words"
    end: bool
    "holds the entry, the crash or the end of the chain"


class Mini(NamedTuple):
    """A layer in the strip that stands for the ladder on a phone; without a letter: those left out."""

    letter: str
    part: str
    nodes: tuple[str, ...]


class LadderView(NamedTuple):
    """The map of the walk."""

    says: str
    layers: tuple[LadderLayer, ...]
    folds: bool
    "too long to be shown whole: the layers between its ends begin folded"
    strip: tuple[Mini, ...]
    "from the first layer to the last, as much as a phone is wide"
    letters: tuple[tuple[str, str, str], ...]
    "the letters that occur, their colour's class and what they stand for"
    nodes: tuple[tuple[str, str], ...]
    "the marks that occur, with their meaning"


_LONG = 30
"""Rungs of a ladder that is shown whole."""
_STRIP = 42
"""What fits into the strip of a narrow phone, in the width of a node."""
_LETTER = 4
"""The width of a layer's letter in that strip."""

_LETTERS = {
    "S": "entry",
    "V": "file systems",
    "P": "proc, sysfs",
    "D": "drivers",
    "N": "network",
    "B": "block devices",
    "M": "memory",
    "T": "tasks, timers, locks",
    "L": "security",
    "C": "crypto",
    "K": "panic",
    "X": "anything else",
}

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
        LadderLayer(
            layer.name,
            layer.letter,
            layer.part,
            _rungs(layer.steps, kind),
            functions=_functions(len(layer.steps)),
            end=steps[0] in layer.steps
            or steps[-1] in layer.steps
            or any(step.crashed for step in layer.steps),
        )
        for layer in layers_of(steps)
    )
    met = {rung.node for layer in layers for rung in layer.rungs}
    letters = {layer.letter: layer.part for layer in layers if layer.name}
    last = place_of(kind, panics=steps[-1].node == "panic").noun
    return LadderView(
        says=f"{_functions(len(steps))}, entry at the top, {last} at the bottom",
        layers=layers,
        folds=sum(len(layer.rungs) for layer in layers) > _LONG,
        strip=_strip(layers),
        letters=tuple(
            (letter, letters[letter], words)
            for letter, words in _LETTERS.items()
            if letter in letters
        ),
        nodes=tuple((node, words) for node, words in _KEY if node in met),
    )


def _functions(number: int) -> str:
    return counted(number, "function")


def _strip(layers: tuple[LadderLayer, ...]) -> tuple[Mini, ...]:
    """Letters with their nodes; letters alone where those are too many, and at last only the ends."""
    nodes = sum(len(layer.rungs) for layer in layers)
    fits = _LETTER * len(layers) + nodes <= _STRIP
    minis = tuple(
        Mini(layer.letter, layer.part, tuple(rung.node for rung in layer.rungs) if fits else ())
        for layer in layers
    )
    most = _STRIP // _LETTER
    if len(minis) <= most:
        return minis
    return (*minis[: most // 2], Mini("", "", ()), *minis[-(most // 2) + 1 :])


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
