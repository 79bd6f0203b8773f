"""Single parts that an author places: the trace, registers or code of a log, one frame, a note."""

from typing import NamedTuple

from sitegen.web.directives.labels import label
from sitegen.web.directives.log import MOST, Band, band_rows, joined, marks_of
from sitegen.web.directives.steps import layers_of, steps_of
from sitegen.web.directives.told import RegisterRow, register_row, told
from sitegen.web.directives.values import Case, CaseLog
from sitegen.web.directives.walk import Block, block, frame_anchor
from sitegen.web.theme import trusted


class PartView(NamedTuple):
    """The sections of one kind."""

    anchor: str
    labels: str
    "ids of its headings"
    heading: str
    bands: tuple[Band, ...]


class RegistersView(NamedTuple):
    """Registers that the author picked, as a table."""

    caption: str
    rows: tuple[RegisterRow, ...]


class FrameView(NamedTuple):
    """One step of the walk, shown where the prose speaks of it."""

    anchor: str
    part: str
    "class of its layer"
    letter: str
    layer: str
    walk: str
    "anchor of the step in the walk"
    block: Block


class NoteView(NamedTuple):
    """A remark set apart."""

    kind: str
    title: str
    body: str
    "trusted"


_HEADINGS = {"trace": "Call trace", "registers": "Registers", "code": "Code"}


def part_view(case: Case, log: CaseLog, kind: str) -> PartView | None:
    """The sections of `kind` in the first report; None when it has none."""
    report = log.report
    if report is None:
        return None
    known = marks_of(log, steps_of(case, log))
    bands = []
    # As the log has them, or a line could stand in two parts of the page.
    of_kind = [one for one in joined(report, log.log.lines) if one.kind == kind]
    for section in of_kind or [one for one in report.sections if one.kind == kind]:
        name, gloss = label(report, section)
        last = min(section.last, section.first + MOST - 1)
        rows = band_rows(case, log, section.first, last, known)
        means = told(log, section.first, last, case.prefix(log), words=known.words)
        bands.append(Band(name, gloss, "", rows, trusted(""), "", "", means))
    if not bands:
        return None
    return PartView(
        case.anchor(log, kind),
        case.labels(log, kind),
        case.heading(log, _HEADINGS[kind]),
        tuple(bands),
    )


def registers_view(case: Case, log: CaseLog, names: str) -> RegistersView | None:
    """The registers named, in the order of the dump; None when the log has none of them."""
    wanted = frozenset(names.lower().replace(",", " ").split())
    for state in log.report.states if log.report else ():
        found = tuple(one for one in state.registers if one.name.lower() in wanted)
        if found:
            caption = "Saved on entry from user mode" if state.user else "At the crash"
            briefs = {(one.at.line, one.at.column): one.brief for one in log.explanations}
            rows = tuple(
                register_row(
                    log, one, case.prefix(log), briefs.get((one.at.line, one.at.column), "")
                )
                for one in found
            )
            return RegistersView(caption, rows)
    return None


def frame_view(case: Case, log: CaseLog, function: str, prose: str) -> FrameView | None:
    """The first step of that name with the author's prose; None when the chain has none."""
    steps = steps_of(case, log)
    found = next((step for step in steps if step.step.function == function), None)
    if found is None:
        return None
    layer = next(one for one in layers_of(steps) if found in one.steps)
    return FrameView(
        anchor=frame_anchor(case, log, found),
        part=layer.part,
        letter=layer.letter,
        layer=layer.name,
        walk=found.anchor,
        block=block(case, log, found, prose=prose),
    )


TITLES = {
    "note": "Note",
    "tip": "Tip",
    "important": "Important",
    "warning": "Warning",
    "caution": "Caution",
}
"""The remarks that an author can set apart, named as GitHub names its alerts, and their headings."""


def note_view(kind: str, title: str, body: str) -> NoteView:
    return NoteView(kind, title or TITLES[kind], trusted(body))
