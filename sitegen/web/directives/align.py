"""Two ways to a crash, side by side: what they share, and where they part. Pure, and bounded."""

from collections.abc import Sequence
from difflib import SequenceMatcher
from typing import Literal, NamedTuple

from sitegen.model import ChainStep, ReportEvidence
from sitegen.web.directives.steps import own_trace

MOST = 240
"""Functions of a way that are compared: of a longer one those nearest to the crash."""


class Passed(NamedTuple):
    """A function on the way."""

    name: str
    file: str = ""
    line: int | None = None
    inlined: bool = False
    times: int = 1
    "how often it calls itself in a row"


class Pair(NamedTuple):
    """A function of one way or of both; one of the two is there."""

    kind: Literal["same", "moved", "left", "right"]
    left: Passed | None
    right: Passed | None


def way_of_chain(report: ReportEvidence) -> tuple[Passed, ...]:
    """The chain's functions, entry first; one that calls itself stands once."""
    found: list[Passed] = []
    for step in report.chain:
        if found and _is_again(found[-1], step):
            found[-1] = found[-1]._replace(line=step.line, times=found[-1].times + step.repeat)
        else:
            found.append(Passed(step.function, step.file, step.line, step.inlined, step.repeat))
    return tuple(found[-MOST:])


def _is_again(last: Passed, step: ChainStep) -> bool:
    return last.name == step.function and not step.inlined and not last.inlined


def way_of_trace(report: ReportEvidence) -> tuple[Passed, ...]:
    """The reliable frames of the report's own trace, inlined functions unfolded, outermost first."""
    found: list[Passed] = []
    trace = own_trace(report)
    for frame in trace.frames if trace else ():
        if not frame.reliable:
            continue
        if frame.calls:
            found += [Passed(one.function, one.file, one.line, one.inlined) for one in frame.calls]
        elif frame.symbol:
            found.append(Passed(frame.symbol))
    return tuple(reversed(found[:MOST]))


def align(left: Sequence[Passed], right: Sequence[Passed]) -> tuple[Pair, ...]:
    """Both ways in one order: functions of one name beside each other, the others where they stand.

    >>> pairs = align([Passed("a"), Passed("b")], [Passed("a"), Passed("c")])
    >>> [(pair.kind, (pair.left or pair.right).name) for pair in pairs]
    [('same', 'a'), ('left', 'b'), ('right', 'c')]
    """
    names = [one.name for one in left], [one.name for one in right]
    pairs: list[Pair] = []
    for tag, i, j, m, n in SequenceMatcher(None, *names, autojunk=False).get_opcodes():
        if tag == "equal":
            pairs += [_both(one, other) for one, other in zip(left[i:j], right[m:n], strict=True)]
        else:
            pairs += [Pair("left", one, None) for one in left[i:j]]
            pairs += [Pair("right", None, one) for one in right[m:n]]
    return tuple(pairs)


def _both(left: Passed, right: Passed) -> Pair:
    same = (left.file, left.line) == (right.file, right.line)
    return Pair("same" if same else "moved", left, right)


def joining(pairs: Sequence[Pair]) -> str:
    """The first function from which on both took the same; empty where they never part, or never join."""
    first = ""
    for pair in reversed(pairs):
        if pair.left is None or pair.right is None:
            return first
        first = pair.left.name
    return ""


def parting(pairs: Sequence[Pair]) -> str:
    """The last function that both took before they part; empty where they never do, or at once."""
    last = ""
    for pair in pairs:
        if pair.left is None or pair.right is None:
            return last
        last = pair.left.name
    return ""
