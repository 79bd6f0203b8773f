"""The lines of a report -> the lines the kernel printed.

Undoes what consoles do to whole logs: two of them writing each line to one file, and
terminals that cut lines at their width.
"""

from collections.abc import Sequence
from itertools import pairwise

from sitegen.crash.log.printk import Line

_FEWEST_PAIRS = 4
"pairs of equal lines that may be chance"
_EQUAL = 0.9
"the part of the pairs that is equal in a doubled log: single lines get lost"
_NARROWEST = 60
"columns of a terminal; nothing is cut before"
_FEWEST_CUTS = 2
"cut lines among full ones that show where the screen ended"

MOST_RESTS = 8
"rests of one line that a terminal cut; what stands below stays a line of its own"


def mend(lines: Sequence[Line]) -> Sequence[Line]:
    """The lines, each once and whole; the very sequence when nothing is to be mended."""
    return _join(_undouble(lines))


def _undouble(lines: Sequence[Line]) -> Sequence[Line]:
    pairs = list(zip(lines[0::2], lines[1::2], strict=False))
    same = sum(1 for one, two in pairs if one.text == two.text and one.time == two.time)
    if len(pairs) < _FEWEST_PAIRS or same < len(pairs) * _EQUAL:
        return lines
    return [one for one, _ in pairs]


def _join(lines: Sequence[Line]) -> Sequence[Line]:
    """Lines that a terminal cut are put together: rests stand below the longest lines only."""
    if not lines or all(line.context for line in lines) or not lines[0].context:
        return lines
    width = max(line.width for line in lines)
    if width < _NARROWEST:
        return lines
    cuts = full = 0
    for line, following in pairwise(lines):
        full += line.width == width
        if following.context or following.number != line.number + 1:
            continue
        if line.width != width:
            return lines
        cuts += 1
    # One line that fits may be as long as the screen is wide; one stray line is no proof.
    if not cuts or (cuts < _FEWEST_CUTS and cuts < full):
        return lines
    joined: list[Line] = []
    rests = 0
    for line in lines:
        if line.context or not joined or rests == MOST_RESTS:
            joined.append(line)
            rests = 0
        else:
            joined[-1] = joined[-1].with_rest(line)
            rests += 1
    return joined
