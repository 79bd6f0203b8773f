"""A fake image of functions and calls, and reports made of names."""

from itertools import pairwise

import pytest

from sitegen.crash.symbols.values import (
    Bounds,
    Call,
    CallSite,
    Decoded,
    Holder,
    Jump,
    Taken,
    Taker,
    Undecoded,
)
from sitegen.model import CallTrace, Frame, Register, Report, Span, State, Symbol


class FakeImage:
    """Answers from tables; a function's address is its place in them."""

    def __init__(self):
        self.places = {}
        self.call_sites = {}
        self.paths = {}
        self.held = {}
        self.limits = {}
        self.jumping = {}
        "who jumps to a function; None for one of which nobody can tell"
        self.leaving = {}
        "the ways out of an image's sight; None for a function of which nobody can tell"
        self.taken = {}
        "who takes a function's address; of one that is not in it nobody can tell"

    def put(self, name, file="", line=None, *, inlined=(), first=None, last=None):
        """A function that has come to a line; `inlined` are (name, file, line), outermost first."""
        calls = (Call(name, file, line), *(Call(*each, inlined=True) for each in inlined))
        start = 0x1000 * (len(self.places) + 1)
        self.places[name] = Decoded(tuple(reversed(calls)), "vmlinux", "", start + 8, start, True)
        self.limits[name] = Bounds(file, first, last)
        return self.places[name]

    def calls(self, caller, callee, proof="call-site"):
        kind = "direct" if callee else "indirect"
        self.call_sites[caller] = CallSite(kind, callee, proof, f"call {callee or '*%rax'}")

    def jumps(self, *names, line=None, file=""):
        """The last of `names` is a frame, the others jump."""
        path = tuple(
            Jump(a, b, (Call(a, file, line),), f"jmp {b} at {a}+0x1", "call-site")
            for a, b in pairwise(names)
        )
        key = names[0], names[-1]
        self.paths[key] = (*self.paths.get(key, ()), path)

    def holds(self, function, symbol, **about):
        one = Holder(symbol, 0, "vmlinux", **about)
        self.held[function] = (*self.held.get(function, ()), one)

    def decode(self, queries):
        none = Undecoded("no such symbol", absent=True)
        return tuple(self.places.get(query.name, none) for query in queries)

    def sites(self, places):
        return tuple(self.call_sites.get(place.calls[-1].function) for place in places)

    def tail_paths(self, function, goal, *, limit=4):
        return self.paths.get((function, goal.calls[-1].function), ())[:limit]

    def holders(self, functions):
        return tuple(self.held.get(place.calls[-1].function, ()) for place in functions)

    def jumpers(self, goals):
        names = [self.jumping.get(goal.calls[-1].function, ()) for goal in goals]
        return tuple(
            several if several is None else tuple(self.places[name] for name in several)
            for several in names
        )

    def leaves(self, *names, target="", line=None, file=""):
        """The last of `names` jumps through a pointer, or to `target`; the others to the next."""
        path = tuple(
            Jump(a, b, (Call(a, file, line),), f"jmp {b or '*%rax'} at {a}+0x1", "call-site")
            for a, b in pairwise((*names, target))
        )
        self.leaving[names[0]] = (*self.leaving.get(names[0], ()), path)

    def exits(self, function, home, *, limit=4):
        found = self.leaving.get(function, ())
        return None if found is None else found[:limit]

    def takes(self, taker, function, *, before="", file="", line=None, closed=True):
        """The code of `taker` takes the address of `function`, and calls `before` next."""
        known = self.taken.get(function, Taken((), closed))
        one = Taker(taker, (Call(taker, file, line),), "vmlinux", before)
        self.taken[function] = Taken((*known.takers, one), closed)

    def takers(self, functions):
        return tuple(self.taken.get(place.calls[-1].function) for place in functions)

    def bounds(self, places):
        return tuple(
            tuple(self.limits.get(call.function, Bounds("")) for call in place.calls)
            for place in places
        )

    def answers(self, report):
        """What `analyse` would have asked for."""
        frames = [frame for trace in report.traces for frame in trace.frames]
        frames += [frame for state in report.states for frame in (state.pc, state.lr) if frame]
        named = [(frame, self.places.get(frame.symbol.name)) for frame in frames if frame.symbol]
        return {frame: place for frame, place in named if place}


@pytest.fixture
def image():
    return FakeImage()


class Maker:
    """Frames, traces and reports; each frame stands on a line of its own."""

    def __init__(self):
        self.line = 0

    def frame(self, text, lookup="return"):
        """`? name` is unreliable, `name!` an exact address, `0x12` an address without a name."""
        self.line += 1
        name = text.removeprefix("? ").removesuffix("!")
        symbol = None if name.startswith("0x") else Symbol(name, 16, 64)
        return Frame(
            Span(self.line, 1, 1 + len(text)),
            symbol,
            int(name, 16) if symbol is None else None,
            reliable=not text.startswith("? "),
            lookup="exact" if text.endswith("!") else lookup,
        )

    def trace(self, *names, title="Call Trace", context="task"):
        self.line += 1
        at = Span(self.line, 1, 2)
        return CallTrace(title, at, tuple(self.frame(name) for name in names), context)

    def state(self, pc="", *, lr="", user=False, **registers):
        self.line += 1
        at = Span(self.line, 1, 2)
        values = tuple(Register(name, value, at) for name, value in registers.items())
        frame = self.frame(pc, "exact") if pc else None
        link = self.frame(lr) if lr else None
        return State(at.line, self.line, user=user, pc=frame, lr=link, registers=values)

    def report(self, *parts):
        return Report(
            title="crash",
            type="",
            kind="panic",
            label="",
            message="",
            headline=Span(1, 1, 2),
            first=1,
            last=self.line,
            states=tuple(part for part in parts if isinstance(part, State)),
            traces=tuple(part for part in parts if isinstance(part, CallTrace)),
        )


@pytest.fixture
def make():
    return Maker()
