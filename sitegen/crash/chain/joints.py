"""How control came from one frame to the next, as the image proves it."""

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from sitegen.crash.chain.image import Image, Path
from sitegen.crash.chain.route import Answers, Stop, decoded
from sitegen.crash.chain.syscalls import dispatched, find_dispatch
from sitegen.crash.names import bare_name
from sitegen.crash.symbols.instructions import TRAMPOLINE
from sitegen.crash.symbols.values import CallSite, Decoded, Query
from sitegen.model import EdgeKind, Proof


class Joint(NamedTuple):
    """The call between two frames that follow each other in a trace."""

    kind: EdgeKind
    "into the first missing function where there are any, else into the next frame"
    proof: Proof | None = None
    jumps: Path = ()
    "the tail calls on the way, in order; the functions that jump left no frame"
    lost: str = ""
    "the function reached by the call and the jumps, where nothing tells how control went on"
    onward: Path = ()
    "the tail calls at the end of all the ways from `lost` to the next frame"
    note: str = ""
    slot: tuple[str, int] | None = None
    "of a call through a pointer: the object it was read from and the offset, where that is fixed"
    static: str = ""
    "of a static call its name: the kernel rewrites the place that is called"
    mechanism: str = ""
    "what led on, where that is known and no function of the kernel stands for it"

    @property
    def by_pointer(self) -> bool:
        """Whether the last jump on the way went through a pointer."""
        return bool(self.jumps) and not self.lost and not self.jumps[-1].target


_PATHS = 16
"""Ways by tail calls that are looked for, so that a system call's number can pick among them."""


def join(
    image: Image,
    site: CallSite | None,
    there: Decoded | str,
    *,
    home: Decoded | None = None,
    syscall: int | None = None,
) -> Joint:
    """The joint between a call site and the next frame inwards, or its name when it is not decoded.

    `home` is the place of the call. `syscall` is the number of the system call that runs, where
    the log prints it: of the cases of a dispatching switch it picks the one, and of the table of
    calls the slot.
    """
    if site is None:
        return Joint("unknown", "log", note="the image has no call that returns to this address")
    if site.kind == "indirect":
        found: Path = ()
        if syscall is not None and not isinstance(there, str):
            found = find_dispatch(image, there, syscall)
        # Debug information alone says that there is a call, and of what it leaves out the callee.
        proof: Proof | None = "instruction" if site.instruction else None
        note = "the kernel made a direct call of it at boot" if site.patched else ""
        static = site.instruction.partition(TRAMPOLINE)[2].partition(" ")[0]
        return Joint("indirect", proof, jumps=found, note=note, slot=site.slot, static=static)
    name = bare_name(there if isinstance(there, str) else there.calls[-1].function)
    if bare_name(site.callee) == name:
        return Joint("direct", site.proof)
    if bare_name(site.callee) in _PATCHED:
        note = f"the kernel rewrites this call of {bare_name(site.callee)} while a probe is set"
        return Joint("indirect", "instruction", note=note, mechanism="function tracing")
    if name in {bare_name(one) for one in site.instead}:
        note = f"the kernel put this call in the place of that of {bare_name(site.callee)} at boot"
        return Joint("direct", "instruction", note=note)
    if isinstance(there, str):
        paths = _by_pointer(image, site.callee, home) if home else ()
        return Joint("direct", site.proof, jumps=paths[0]) if len(paths) == 1 else _lost(site, name)
    paths = image.tail_paths(site.callee, there, limit=_PATHS)
    if len(paths) > 1 and syscall is not None:
        paths = dispatched(image, paths, syscall) or paths
    if not paths:
        (callee,) = image.decode([Query(site.callee, module=_module(there), lookup="exact")])
        if isinstance(callee, Decoded) and _start(callee) == _start(there):
            return Joint("direct", site.proof)  # two names of one function
        paths = _out_of_sight(image, site.callee, there, home or there)
    if len(paths) == 1:
        return Joint("direct", site.proof, jumps=paths[0])
    return _undecided(site, name, paths) if paths else _lost(site, name)


def _out_of_sight(image: Image, function: str, there: Decoded, home: Decoded) -> tuple[Path, ...]:
    """The ways from `function` that leave its image for `there`, or else those through a pointer."""
    ways = image.exits(function, home, limit=_PATHS) or ()
    name = bare_name(there.calls[-1].function)
    found: list[Path] = []
    for way in ways:
        target = way[-1].target
        if target and bare_name(target) == name:
            found.append(way)
        elif target:
            found += [(*way, *onward) for onward in image.tail_paths(target, there, limit=_PATHS)]
    return tuple(found) or tuple(way for way in ways if not way[-1].target)


def _by_pointer(image: Image, function: str, home: Decoded) -> tuple[Path, ...]:
    """The ways from `function` by tail calls to a jump through a pointer."""
    ways = image.exits(function, home, limit=_PATHS) or ()
    return tuple(way for way in ways if not way[-1].target)


def _undecided(site: CallSite, name: str, paths: tuple[Path, ...]) -> Joint:
    """Of several ways what they have in common, at the beginning and at the end; none is picked."""
    count = f"at least {_PATHS}" if len(paths) >= _PATHS else str(len(paths))
    first, last = _common(paths), tuple(reversed(_common([path[::-1] for path in paths])))
    lost = bare_name(first[-1].target) if first else bare_name(site.callee)
    reached = bare_name(last[0].function) if last else name
    through = " through pointers" if all(not path[-1].target for path in paths) else ""
    note = (
        f"{count} ways of tail calls{through} lead from {lost} to {reached}, "
        "and the trace does not tell which"
    )
    return Joint("direct", site.proof, jumps=first, lost=lost, onward=last, note=note)


def _common(paths: Sequence[Path]) -> Path:
    """The jumps that all ways begin with, none of them to the end."""
    shared = []
    for jumps in zip(*(path[:-1] for path in paths), strict=False):
        if len({(jump.function, jump.target) for jump in jumps}) > 1:
            break
        shared.append(jumps[0])
    return tuple(shared)


# Calls of these are rewritten while the kernel runs: what the image says of them is not what ran.
_PATCHED = frozenset({"__fentry__", "mcount", "_mcount", "ftrace_caller", "ftrace_regs_caller"})


def _lost(site: CallSite, name: str) -> Joint:
    callee = bare_name(site.callee)
    return Joint(
        "direct",
        site.proof,
        lost=callee,
        note=f"how control came from {callee}, which left no frame to trust, to {name} is not known",
    )


def _module(place: Decoded) -> str:
    return "" if place.image == "vmlinux" else place.image


def _start(place: Decoded) -> tuple[str, str, int]:
    return place.image, place.section, place.start


# --- of all frames on the way ----------------------------------------------------------------


def joints_of(
    stops: Sequence[Stop], answers: Answers, image: Image | None, syscall: int | None
) -> list[Joint | None]:
    """For each stop how control came into it from the one before; None where that was no call."""
    places = [decoded(stop, answers) for stop in stops]
    asked = [
        place
        for place, after in zip(places, stops[1:], strict=False)
        if place is not None and after.arrival == "call"
    ]
    sites = dict(zip(asked, image.sites(asked), strict=True)) if image and asked else {}
    known: dict[tuple[CallSite | None, Decoded | str], Joint] = {}
    joints: list[Joint | None] = [None]
    for (before, _), (place, stop) in pairwise(zip(places, stops, strict=True)):
        if stop.arrival != "call":
            joints.append(None)
        elif image is None:
            joints.append(Joint("unknown", "log"))
        elif before is None:
            joints.append(Joint("unknown", "log", note="what led here lies in no image at hand"))
        else:
            symbol = stop.frame.symbol
            # A PC that lies in no function was jumped to all the same.
            there = place or (symbol.name if symbol else "no function")
            key = sites[before], there
            if key not in known:
                known[key] = join(image, *key, home=before, syscall=syscall)
            joints.append(known[key])
    return joints


def with_leaf_caller(
    stops: Sequence[Stop], answers: Answers, image: Image | None
) -> Sequence[Stop]:
    """The stops, without the link register's where the image says that it is left over.

    Its call must be able to lead to the function that crashed, and the frame outside of it
    must not have called that function by itself.
    """
    if len(stops) < 2 or not stops[-2].register or image is None:
        return stops
    inner, caller = decoded(stops[-1], answers), decoded(stops[-2], answers)
    if caller is None:
        return stops
    there = inner or stops[-1].name or "no function"
    outer = decoded(stops[-3], answers) if len(stops) > 2 else None
    sites = image.sites([caller] if outer is None else [caller, outer])
    led = join(image, sites[0], there)
    without = (*stops[:-2], stops[-1])
    if led.lost or (led.kind == "unknown" and sites[0] is None):
        return without
    if len(sites) > 1:
        direct = join(image, sites[1], there)
        if direct.kind == "direct" and not direct.lost:
            return without
    return stops
