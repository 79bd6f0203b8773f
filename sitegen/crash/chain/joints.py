"""How control came from one frame to the next, as the image proves it."""

from typing import NamedTuple

from sitegen.crash.chain.image import Image, Path
from sitegen.crash.chain.syscalls import dispatched, find_dispatch
from sitegen.crash.names import bare_name
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
    "the function called, where nothing tells how control went on from there"
    note: str = ""


_PATHS = 16
"""Ways by tail calls that are looked for, so that a system call's number can pick among them."""


def join(
    image: Image, site: CallSite | None, there: Decoded | str, *, syscall: int | None = None
) -> Joint:
    """The joint between a call site and the next frame inwards, or its name when it is not decoded.

    `syscall` is the number of the system call that runs, where the log prints it: of the
    cases of a dispatching switch it picks the one, and of the table of calls the slot.
    """
    if site is None:
        return Joint("unknown", "log", note="the image has no call that returns to this address")
    if site.kind == "indirect":
        found: Path = ()
        if syscall is not None and not isinstance(there, str):
            found = find_dispatch(image, there, syscall)
        # Debug information alone says that there is a call, and of what it leaves out the callee.
        return Joint("indirect", "instruction" if site.instruction else None, jumps=found)
    name = there if isinstance(there, str) else there.calls[-1].function
    if bare_name(site.callee) == bare_name(name):
        return Joint("direct", site.proof)
    if isinstance(there, str):
        return _lost(site, name)
    paths = image.tail_paths(site.callee, there, limit=_PATHS)
    if len(paths) > 1 and syscall is not None:
        paths = dispatched(image, paths, syscall) or paths
    if len(paths) == 1:
        return Joint("direct", site.proof, jumps=paths[0])
    if paths:
        count = f"at least {_PATHS}" if len(paths) >= _PATHS else str(len(paths))
        return Joint(
            "unknown",
            site.proof,
            note=f"the call of {bare_name(site.callee)} leads to {name} by {count} ways of tail "
            "calls, and the trace does not tell which",
        )
    (callee,) = image.decode([Query(site.callee, module=_module(there), lookup="exact")])
    if isinstance(callee, Decoded) and _start(callee) == _start(there):
        return Joint("direct", site.proof)  # two names of one function
    return _lost(site, name)


# Calls of these are rewritten while the kernel runs: what the image says of them is not what ran.
_PATCHED = frozenset({"__fentry__", "mcount", "_mcount", "ftrace_caller", "ftrace_regs_caller"})


def _lost(site: CallSite, name: str) -> Joint:
    callee = bare_name(site.callee)
    if callee in _PATCHED:
        return Joint(
            "unknown", site.proof, note="the kernel rewrites this call when a probe is set"
        )
    return Joint(
        "direct",
        site.proof,
        lost=callee,
        note=f"how control came from {callee}, which left no frame to trust, to {bare_name(name)} "
        "is not known",
    )


def _module(place: Decoded) -> str:
    return "" if place.image == "vmlinux" else place.image


def _start(place: Decoded) -> tuple[str, str, int]:
    return place.image, place.section, place.start
