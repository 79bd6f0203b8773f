"""Steps that stand in a row many times, because functions call themselves: shown once, with the count."""

from collections.abc import Sequence
from typing import NamedTuple

from sitegen.crash.chain.explain import Explained
from sitegen.model import Edge

MOST = 8
"""Steps of one round. A recursion of more functions is left as it stands."""

FEWEST = 3
"""Rounds that are folded: two are still read at a glance."""


class Folded(NamedTuple):
    """A step with how often it stands there."""

    explained: Explained
    onward: Explained | None
    "the step after it, the first time"
    repeat: int = 1
    "rounds, of the first step of a round"
    cycle: int = 1
    "steps of a round"
    again: Edge | None = None
    "how control came back to the first step of a round"


def fold(steps: Sequence[Explained]) -> list[Folded]:
    """The steps with each recursion as its first round; only its first step has the count."""
    keys = [
        _key(step, steps[at + 1] if at + 1 < len(steps) else None) for at, step in enumerate(steps)
    ]
    found: list[Folded] = []
    at = 0
    while at < len(steps):
        cycle, repeat = _longest(keys, at)
        for place in range(at, at + cycle):
            onward = steps[place + 1] if place + 1 < len(steps) else None
            folded = Folded(steps[place], onward)
            if place == at and repeat > 1:
                again = steps[at + cycle].step.edge
                folded = folded._replace(repeat=repeat, cycle=cycle, again=again)
            found.append(folded)
        at += cycle * repeat
    return found


def _key(here: Explained, after: Explained | None) -> tuple[object, ...]:
    """What makes two steps the same, but for the way to them."""
    step = here.step
    left = bool(
        after and after.step.stop is not step.stop and after.step.stop.arrival == "interrupt"
    )
    return step.function, step.call, step.inlined, step.missing, step.stop.context, left


def _longest(keys: Sequence[tuple[object, ...]], at: int) -> tuple[int, int]:
    """(steps of a round, rounds) of the recursion that covers most steps from `at`; (1, 1) for none."""
    best = (1, 1)
    for cycle in range(1, MOST + 1):
        place = at + cycle
        while place < len(keys) and keys[place] == keys[place - cycle]:
            place += 1
        repeat = (place - at) // cycle
        if repeat >= FEWEST and cycle * repeat > best[0] * best[1]:
            best = (cycle, repeat)
    return best
