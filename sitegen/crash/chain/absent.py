"""Why a report has no chain, or a short one, and who may have called where the PC is bad."""

from typing import NamedTuple

from sitegen.crash.chain.image import Image
from sitegen.crash.chain.route import Answers
from sitegen.crash.chain.stacks import crash_stack, crash_state
from sitegen.crash.symbols.values import Decoded
from sitegen.model import Frame, Report


class Absent(NamedTuple):
    """What a chain lacks."""

    reason: str = ""
    "why it has not more steps, lower case and no full stop; empty for a chain with frames"
    caller: Frame | None = None
    "a frame that the unwinder doubts, nearest to a PC that lies in no function: it may have called"


def absent(report: Report, answers: Answers, image: Image | None = None) -> Absent:
    """What the chain of a report lacks.

    Of the doubted frames only one whose call may have led to a bad PC, one through a pointer, is
    the possible caller; without an image the nearest.
    """
    stack = crash_stack(report.traces)
    frames = [frame for trace in stack for frame in trace.frames]
    state = crash_state(report, stack)
    pc = state.pc if state else None
    doubted = []
    for frame in frames:
        if frame.reliable:
            break
        doubted.append(frame)
    is_bad = pc is not None and pc.symbol is None
    caller = _caller(doubted, answers, image) if is_bad else None
    if any(frame.reliable for frame in frames):
        return Absent(caller=caller)
    if frames:
        where = ", and the PC lies in no function" if is_bad else ""
        said = (
            f"the kernel vouches for none of the trace's frames, of which there are {len(frames)}"
        )
        return Absent(f"{said}{where}", caller)
    if stack:
        return Absent("the call trace has no frames")
    if pc is None:
        return Absent("the log prints neither a call trace nor where it crashed")
    return Absent("the log prints no call trace")


def _caller(doubted: list[Frame], answers: Answers, image: Image | None) -> Frame | None:
    places = [
        (frame, answer)
        for frame in doubted
        if isinstance(answer := answers.get(frame), Decoded) and not answer.exact
    ]
    if image is None or not places:
        return next((frame for frame in doubted if frame.symbol), None)
    sites = image.sites([place for _, place in places])
    for (frame, _), site in zip(places, sites, strict=True):
        if site is not None and site.kind == "indirect":
            return frame
    return None
