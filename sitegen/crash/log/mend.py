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
"cut lines that show where the screen ended: the longest line may have a stranger below it by chance"

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
    """Lines that were cut are put together: rests stand below lines that had no room for more."""
    if not lines or all(line.context for line in lines) or not lines[0].context:
        return lines
    width = max(line.width for line in lines)
    if width < _NARROWEST:
        return lines
    cuts = [(line, rest) for line, rest in pairwise(lines) if _is_rest(rest, line)]
    if len(cuts) < _FEWEST_CUTS:
        return lines
    if all(line.width == width for line, _ in cuts):
        glue = ""
    elif all(line.width + 1 + len(rest.text.split()[0]) > width for line, rest in cuts):
        glue = " "  # a mailer breaks between words, and drops the blank
    else:
        return lines
    joined: list[Line] = []
    rests = 0
    for above, line in zip((None, *lines), lines, strict=False):
        if above is not None and _is_rest(line, above) and rests < MOST_RESTS:
            joined[-1] = joined[-1].with_rest(line, glue)
            rests += 1
        else:
            joined.append(line)
            rests = 0
    return joined


def _is_rest(line: Line, above: Line) -> bool:
    """Whether the line bears no prefix, and stands right below one of the report."""
    return not line.context and line.number == above.number + 1 and bool(line.text.strip())
