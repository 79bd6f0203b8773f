"""How control came from one frame to the next, as the image proves it."""

from collections.abc import Sequence
from typing import NamedTuple, Protocol

from sitegen.crash.chain.names import bare_name
from sitegen.crash.symbols.values import (
    Bounds,
    CallSite,
    Decoded,
    Holder,
    Jump,
    Query,
    Undecoded,
)
from sitegen.model import EdgeKind, Proof


class Image(Protocol):
    """What a chain asks of images. A Symbolizer answers it; see there for the promises."""

    def decode(self, queries: Sequence[Query]) -> tuple[Decoded | Undecoded, ...]: ...
    def sites(self, places: Sequence[Decoded]) -> tuple[CallSite | None, ...]: ...
    def tail_paths(
        self, function: str, goal: Decoded, *, limit: int = 4
    ) -> tuple[tuple[Jump, ...], ...]: ...
    def holders(self, functions: Sequence[Decoded]) -> tuple[tuple[Holder, ...], ...]: ...
    def bounds(self, places: Sequence[Decoded]) -> tuple[tuple[Bounds, ...], ...]: ...


class Joint(NamedTuple):
    """The call between two frames that follow each other in a trace."""

    kind: EdgeKind
    "into the first missing function where there are any, else into the next frame"
    proof: Proof | None = None
    jumps: tuple[Jump, ...] = ()
    "the tail calls on the way, in order; the functions that jump left no frame"
    note: str = ""


_PATHS = 16
"""Ways by tail calls that are looked for, so that a system call's number can pick among them."""


def join(
    image: Image, site: CallSite | None, there: Decoded | str, *, syscall: int | None = None
) -> Joint:
    """The joint between a call site and the next frame inwards, or its name when it is not decoded.

    `syscall` is the number of the system call that runs, where the log prints it: of the
    cases of a dispatching switch it picks the one.
    """
    if site is None:
        return Joint("unknown", "log", note="no call ends at this frame's address")
    if site.kind == "indirect":
        return Joint("indirect", site.proof)
    name = there if isinstance(there, str) else there.calls[-1].function
    if bare_name(site.callee) == bare_name(name):
        return Joint("direct", site.proof)
    if isinstance(there, str):
        return _lost(site, name)
    paths = image.tail_paths(site.callee, there, limit=_PATHS)
    if len(paths) > 1 and syscall is not None:
        paths = _dispatched(image, paths, syscall) or paths
    if len(paths) == 1:
        return Joint("direct", site.proof, jumps=paths[0])
    if paths:
        count = f"at least {_PATHS}" if len(paths) >= _PATHS else str(len(paths))
        return Joint(
            "unknown",
            site.proof,
            note=f"{site.instruction or 'the call'} leads to {name} by {count} ways of tail calls, "
            "and the trace does not tell which",
        )
    (callee,) = image.decode([Query(site.callee, module=_module(there), lookup="exact")])
    if isinstance(callee, Decoded) and _start(callee) == _start(there):
        return Joint("direct", site.proof)  # two names of one function
    return _lost(site, name)


def _lost(site: CallSite, name: str) -> Joint:
    return Joint(
        "unknown",
        site.proof,
        note=f"{site.callee} was called; how control came from there to {name} is not known",
    )


def _module(place: Decoded) -> str:
    return "" if place.image == "vmlinux" else place.image


def _start(place: Decoded) -> tuple[str, str, int]:
    return place.image, place.section, place.start


def _dispatched(
    image: Image, paths: Sequence[tuple[Jump, ...]], syscall: int
) -> tuple[tuple[Jump, ...], ...]:
    """The paths through a function that a table of system calls has under this number."""
    targets = [[jump.target for jump in path] for path in paths]
    names = sorted({name for path in targets for name in path})
    answers = image.decode([Query(name, lookup="exact") for name in names])
    found = [answer for answer in answers if isinstance(answer, Decoded)]
    numbered = {
        place.calls[-1].function
        for place, holders in zip(found, image.holders(found), strict=True)
        if any(
            holder.symbol.endswith("sys_call_table") and holder.member == f"[{syscall}]"
            for holder in holders
        )
    }
    return tuple(
        path for path, names in zip(paths, targets, strict=True) if numbered.intersection(names)
    )
