"""A chain -> plain text for mailing lists and pull requests.

Needs no image: what the evidence holds is laid out, nothing is added. Lines are at most
`WIDTH` columns, and hold nothing that a terminal acts upon.
"""

from textwrap import TextWrapper

from sitegen.model import ChainStep, Edge, ReportEvidence

WIDTH = 72

_INDENT = "      "
_LEGEND = {
    "i": "inlined in the function above",
    "m": "no frame in the log",
    "t": "tail call: the function above left no frame, or jumped here",
    "*": "through a pointer",
    "!": "exception or interrupt",
    "?": "not known how control came here",
}
"""Marks in front of functions; a function without one was called directly."""


def chain_text(report: ReportEvidence, *, trigger: str = "") -> str:
    """The chain of a report, entry first, one line a function, with its legend; empty without one.

    `trigger` is what set it off, in the author's words. Ends with a newline.
    """
    if not report.chain:
        return ""
    head = [f"# {trigger}" if trigger else "", report.origin]
    lines = [wrapped for text in head if text for wrapped in _wrap(_clean(text), "")]
    if lines:
        lines.append("")
    layer = ""
    border = False
    used: dict[str, None] = {}
    for step in report.chain:
        mark, remark = _remark(step.edge)
        if remark:
            used[mark] = None
            first, *more = _wrap(_clean(remark), _INDENT)
            lines += [f"  {mark} {first.lstrip()}", *more]
        if border:
            lines.append(_border(step.edge.mechanism))
        border = step.interrupted
        if step.layer and step.layer != layer:
            lines += _wrap(_clean(step.layer), "")
            layer = step.layer
        mark = _mark(step)
        used[mark] = None
        lines += _place(mark, step)
    if report.reporting:
        count = len(report.reporting)
        words = f"{count} more {_PURPOSES.get(report.kind, 'to report it')}"
        lines += _wrap(f"({words}: {_clean(', '.join(report.reporting))})", "    ")
    lines += ["", *(f"{mark} {words}" for mark, words in _LEGEND.items() if mark in used)]
    lines += _wrap(_clean(report.title), "")
    return "\n".join(lines) + "\n"


_PURPOSES = {"hung-task": "to wait", "atomic-sleep": "to sleep, and to report it"}
"""What functions that are no steps ran for, by kind."""


def _mark(step: ChainStep) -> str:
    if step.missing:
        return "m"
    kinds = {"inlined": "i", "tail": "t", "trap": "!", "unknown": "?"}
    entered = step.edge.kind == "entry" and step.edge.mechanism in {
        "interrupt",
        "non-maskable interrupt",
    }
    return "!" if entered else kinds.get(step.edge.kind, " ")


def _remark(edge: Edge) -> tuple[str, str]:
    """What stands in front of a step, and its mark: the pointer that led to it, or why nothing is known."""
    if edge.kind == "indirect" or edge.indirect:
        pointer = f"{edge.pointer}()" if edge.pointer else edge.mechanism or "a pointer"
        return "*", f"{pointer} {_through(edge)}"
    return "?", edge.note if edge.kind == "unknown" else ""


def _border(words: str) -> str:
    return f"---- {words} ".ljust(WIDTH, "-") if words else "-" * WIDTH


def _through(edge: Edge) -> str:
    """What is known of a pointer, in a few words."""
    if edge.unproved:
        names = ", ".join(one.function for one in edge.targets)
        return f"(may have held {names})" if names else "(not proved)"
    if edge.tables:
        more = f" and {len(edge.tables) - 1} more" if len(edge.tables) > 1 else ""
        symbol = edge.tables[0].symbol
        if edge.slot.startswith(f"{symbol}["):
            return f"= {edge.slot}"
        slot = f"{edge.slot} of " if edge.slot else ""
        return f"= {slot}{symbol}{more}"
    if edge.handed:
        one = edge.handed[0]
        where = f"{one.file}:{one.line}" if one.line else one.file or one.by
        return f"= handed to {one.to}, {where}" if one.to else f"= set in {where}"
    return f"({edge.mechanism})" if edge.pointer and edge.mechanism else ""


def _place(mark: str, step: ChainStep) -> list[str]:
    """A step's name on the left and its place on the right; below where both do not fit."""
    name = _clean(step.function)
    if step.repeat > 1:
        rest = f", with the next {step.cycle - 1}" if step.cycle > 1 else ""
        name += f" x {step.repeat}{rest}"
    name = _cut(name, WIDTH - 4)
    where = f"{step.file}:{step.line}" if step.line is not None else step.file
    where = _cut(_clean(where), WIDTH - len(_INDENT), left=True)
    line = f"  {mark} {name}"
    if not where:
        return [line]
    if len(line) + 2 + len(where) <= WIDTH:
        return [line + where.rjust(WIDTH - len(line))]
    return [line, where.rjust(WIDTH)]


def _cut(text: str, most: int, *, left: bool = False) -> str:
    if len(text) <= most:
        return text
    return "..." + text[3 - most :] if left else text[: most - 3] + "..."


def _clean(text: str) -> str:
    """`text` on one line, with a mark for each character that does not print."""
    return "".join(char if char.isprintable() else " " if char.isspace() else "?" for char in text)


def _wrap(text: str, indent: str) -> list[str]:
    wrapper = TextWrapper(
        WIDTH, initial_indent=indent, subsequent_indent=indent, break_on_hyphens=False
    )
    return wrapper.wrap(text)[:_MOST_LINES] or [indent]


_MOST_LINES = 6
"""Lines that one remark may take."""
