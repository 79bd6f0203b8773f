"""The frames on the way to the crash -> steps: calls inlined unfolded, functions without a frame put back."""

from collections.abc import Sequence
from typing import NamedTuple

from sitegen.crash.arch import Arch
from sitegen.crash.chain.entries import entered, interrupted
from sitegen.crash.chain.image import Image
from sitegen.crash.chain.joints import Joint
from sitegen.crash.chain.names import is_wrapped, syscall_name
from sitegen.crash.chain.route import Answers, Stop, decoded
from sitegen.crash.names import bare_name
from sitegen.crash.symbols.instructions import TRAMPOLINE
from sitegen.crash.symbols.values import Bounds, Call, Decoded, Jump, Query
from sitegen.model import Edge, Frame, Proof


class Step(NamedTuple):
    """A step before its source is looked at."""

    function: str
    call: Call
    "where it had come to; without a file where nothing is known"
    edge: Edge
    stop: Stop
    place: Decoded | None = None
    "of the function itself, where an image holds it: what tables may hold its address"
    bounds: Bounds | None = None
    inlined: bool = False
    missing: bool = False
    slot: tuple[str, int] | None = None
    "the object that the pointer to it was read from and the offset, where the code names them"
    static: str = ""
    "of a static call that led to it, the name"


def steps_of(
    stops: Sequence[Stop],
    answers: Answers,
    joints: Sequence[Joint | None],
    *,
    image: Image | None,
    arch: Arch | None,
    syscall: int | None,
) -> list[Step]:
    """The functions active at the stops, entry first; `joints` lead into each stop."""
    names = [_function(stop, answers) for stop in stops]
    jumped = [jump.function for joint in joints if joint for jump in joint.jumps]
    syscall_called = next(filter(None, map(syscall_name, [*names, *jumped])), "")
    bounds = _bounds(stops, answers, image)
    steps: list[Step] = []
    modules = [""]
    for stop, joint, name in zip(stops, joints, names, strict=True):
        symbol = stop.frame.symbol
        modules = list(dict.fromkeys(["", symbol.module if symbol else "", modules[-1]]))
        if joint is None:
            edge = (
                entered(name, arch, number=syscall, call=syscall_called)
                if stop.arrival == "start"
                else interrupted(stop)
            )
            steps += _expanded(stop, edge, name, answers, bounds.get(stop.frame, ()))
            continue
        between, edge = _between(stop, joint, image, modules)
        static = _static(joint.jumps[-1].instruction) if joint.by_pointer else ""
        stepped = _expanded(stop, edge, name, answers, bounds.get(stop.frame, ()))
        stepped[0] = stepped[0]._replace(static=static)
        reached = [*between, *stepped]
        if between or not joint.by_pointer:
            reached[0] = reached[0]._replace(slot=joint.slot, static=joint.static)
        steps += reached
    return steps


def _static(instruction: str) -> str:
    """The name of the static call in the words of an instruction; empty when it is none."""
    return instruction.partition(TRAMPOLINE)[2].partition(" ")[0]


def _between(
    stop: Stop, joint: Joint, image: Image | None, modules: Sequence[str]
) -> tuple[list[Step], Edge]:
    """The functions without a frame on the way to a stop, and the edge into what the frame stands for."""
    said = ["" if joint.lost else joint.note, _LEFT_OUT if stop.register else ""]
    note = "; ".join(filter(None, said))
    edge = Edge(kind=joint.kind, proof=joint.proof, note=note, mechanism=joint.mechanism)
    steps = missing_steps(stop, edge, joint.jumps, image, modules)
    passed = tuple(dict.fromkeys(bare_name(jump.function) for jump in joint.jumps))
    if joint.jumps:
        edge = _jumped(joint.jumps, passed, by_pointer=joint.by_pointer)
    if joint.lost:
        found, limits = _definition(joint.lost, image, modules)
        bounds = limits[0] if limits else None
        call = Call(joint.lost, bounds.file if bounds else "")
        steps.append(Step(joint.lost, call, edge, stop, found, bounds, missing=True))
        passed = (*passed, joint.lost)
        edge = Edge(kind="unknown", missing=passed, note=joint.note)
    if joint.onward:
        steps += missing_steps(stop, edge, joint.onward, image, modules)
        passed = (*passed, *(bare_name(jump.function) for jump in joint.onward))
        edge = _jumped(joint.onward, tuple(dict.fromkeys(passed)))
    return steps, edge


def _jumped(jumps: Sequence[Jump], passed: tuple[str, ...], *, by_pointer: bool = False) -> Edge:
    """The edge by the last of some tail calls; `passed` are all functions that left no frame."""
    last = jumps[-1]
    return Edge(
        kind="tail",
        proof=last.proof,
        missing=passed,
        note=last.instruction,
        indirect=by_pointer,
    )


_LEFT_OUT = "the trace leaves it out: its return address stands in the link register"


def _function(stop: Stop, answers: Answers) -> str:
    place = decoded(stop, answers)
    if place is not None:
        return bare_name(place.calls[-1].function)
    return stop.name or f"{stop.frame.address or 0:#x}"


def _bounds(
    stops: Sequence[Stop], answers: Answers, image: Image | None
) -> dict[Frame, tuple[Bounds, ...]]:
    found = [(stop.frame, place) for stop in stops if (place := decoded(stop, answers))]
    if image is None or not found:
        return {}
    every = image.bounds([place for _, place in found])
    return {frame: each for (frame, _), each in zip(found, every, strict=True)}


def _expanded(
    stop: Stop, edge: Edge, name: str, answers: Answers, bounds: Sequence[Bounds]
) -> list[Step]:
    """The functions active at one frame, outermost first; `edge` leads into the outermost."""
    place = decoded(stop, answers)
    calls: Sequence[Call] = place.calls if place else ()
    if not calls:
        # A log that came decoded names the places; of inlined functions often not the names.
        calls = [
            Call(call.function, call.file, call.line, call.column, call.inlined)
            for call in stop.frame.given
            if call.function
        ]
    if not calls:
        return [Step(name, Call(name), edge, stop)]
    proof: Proof = "inline-tree" if place else "log"
    found: list[Step] = []
    for index in range(len(calls) - 1, -1, -1):
        call = calls[index]
        limits = bounds[index] if index < len(bounds) else None
        function = name if not found else bare_name(call.function)
        if not found:
            found.append(Step(function, call, edge, stop, place, limits))
        elif _is_same(function, found[-1]) or (is_wrapped(function) and len(found) == 1):
            # One definition in the source: SYSCALL_DEFINE makes three functions of it.
            found[-1] = found[-1]._replace(call=call, bounds=limits)
        else:
            within = Edge(kind="inlined", proof=proof)
            found.append(Step(function, call, within, stop, bounds=limits, inlined=True))
    return found


def _is_same(function: str, outer: Step) -> bool:
    """Whether a function inlined in one of its own name is the rest of it, and no recursion.

    GCC splits functions (`.part.0`): the outer half has then come to its signature only.
    """
    limits = outer.bounds
    return (
        function == outer.function
        and limits is not None
        and limits.first is not None
        and limits.first == outer.call.line
    )


def missing_steps(
    stop: Stop, edge: Edge, jumps: Sequence[Jump], image: Image | None, modules: Sequence[str]
) -> list[Step]:
    """The functions that left no frame before `stop`, because each jumped to the next."""
    found: list[Step] = []
    for jump in jumps:
        place, limits = _definition(jump.function, image, modules)
        jumper = Stop(stop.frame, stop.context, "call")
        calls = jump.calls or (Call(jump.function),)
        # What is known is the function's own definition, not of those inlined where it jumps.
        limits = (*(Bounds("") for _ in calls[1:]), *limits)
        steps = _expanded(jumper, edge, bare_name(jump.function), {stop.frame: _at(calls)}, limits)
        steps[0] = steps[0]._replace(place=place)
        found += [step._replace(missing=True) for step in steps]
        edge = Edge(kind="tail", proof=jump.proof, note=jump.instruction)
    return found


def _at(calls: tuple[Call, ...]) -> Decoded:
    return Decoded(calls, image="", section="", address=0, start=0)


def _definition(
    function: str, image: Image | None, modules: Sequence[str]
) -> tuple[Decoded | None, tuple[Bounds, ...]]:
    """A function that no frame stands for, and where it is defined: in the first module that has it."""
    if image is None:
        return None, ()
    answers = image.decode([Query(function, module=one, lookup="exact") for one in modules])
    for answer in answers:
        if isinstance(answer, Decoded):
            return answer, (image.bounds([answer])[0][-1:])
    return None, ()
