"""What the image knows of functions that pointers led to: who holds and takes them, who jumps there."""

from collections.abc import Sequence
from typing import NamedTuple

from msgspec.structs import replace

from sitegen.crash.chain.image import Image, Path
from sitegen.crash.chain.route import Answers
from sitegen.crash.chain.steps import Step
from sitegen.crash.chain.tables import Source, table_of
from sitegen.crash.names import bare_name, is_copy
from sitegen.crash.symbols.values import Decoded, Holder, Query, Taken, Undecoded
from sitegen.model import Edge, Frame, Target


class Candidate(NamedTuple):
    """A function that a pointer may have held."""

    function: str
    symbol: str = ""
    "its name in the image, with what the compiler appended"
    file: str = ""
    place: Decoded | None = None
    jumps: bool = False
    "it leads to the step by tail calls; False for the step itself"
    holders: tuple[Holder, ...] = ()
    taken: Taken | None = None
    "None where nobody can tell"

    @property
    def direct_only(self) -> bool:
        """Whether the compiler made it for direct calls: a copy whose address nothing holds."""
        held = self.holders or (self.taken and self.taken.takers)
        return is_copy(self.symbol) and not held

    @property
    def nowhere(self) -> bool:
        """Whether nothing in the image holds or takes its address, and nothing else can."""
        return bool(self.taken and self.taken.closed and not self.taken.takers and not self.holders)


class Callee(NamedTuple):
    """What is known of the step that a call through a pointer led to."""

    own: Candidate
    unknown: str = ""
    "why nothing is known of it, where no image at hand holds it"
    detours: tuple[Candidate, ...] | None = ()
    "functions that jump to it, and so may be what was called; None where nobody can tell"
    doubted: tuple[str, ...] = ()
    "functions of unreliable frames at this place of the trace that call it"

    @property
    def name(self) -> str:
        return self.own.function


class Callees:
    """Answers about the steps asked for, read from the image all at once."""

    def __init__(self, image: Image | None, answers: Answers) -> None:
        self._image = image
        self._answers = answers
        self._holders: dict[Decoded, tuple[Holder, ...]] = {}
        self._takers: dict[Decoded, Taken | None] = {}
        self._jumpers: dict[Decoded, tuple[Decoded, ...]] = {}
        self._entries: dict[Decoded, Decoded] = {}

    def ask(self, steps: Sequence[Step]) -> None:
        """Look up all steps that a pointer, or what is not known, led to."""
        image = self._image
        pointed = [step for step in steps if step.edge.kind == "indirect" or step.edge.indirect]
        reached = [*pointed, *(step for step in steps if step.edge.kind == "unknown")]
        places = dict.fromkeys(place for step in reached if (place := self._entry(step.place)))
        if image is None or not places:
            return
        goals = list(dict.fromkeys(place for step in pointed if (place := self._entry(step.place))))
        if goals:
            for goal, jumpers in zip(goals, image.jumpers(goals), strict=True):
                if jumpers is not None:
                    self._jumpers[goal] = jumpers
        jumping = [one for several in self._jumpers.values() for one in several]
        asked = list(dict.fromkeys([*places, *jumping]))
        self._holders = dict(zip(asked, image.holders(asked), strict=True))
        taken = list(dict.fromkeys([*goals, *jumping]))
        self._takers = dict(zip(taken, image.takers(taken), strict=True)) if taken else {}

    def _entry(self, place: Decoded | None) -> Decoded | None:
        """Where a function begins that is left in its `.cold` part: nothing points to that."""
        if place is None or self._image is None:
            return place
        name, cold, _ = place.calls[-1].function.partition(".cold")
        if not cold:
            return place
        if place not in self._entries:
            module = "" if place.image == "vmlinux" else place.image
            (found,) = self._image.decode([Query(name, module=module, lookup="exact")])
            self._entries[place] = found if isinstance(found, Decoded) else place
        return self._entries[place]

    def find(self, step: Step) -> Callee:
        """What is known of a step that a pointer led to."""
        place = self._entry(step.place)
        if place is None:
            own = Candidate(step.function, file=step.call.file)
            return Callee(own, unknown=self._why(step))
        jumpers = self._jumpers.get(place)
        detours: tuple[Candidate, ...] | None = None
        if jumpers is not None:
            # A part of the function that jumps back into it is no way to it.
            others = [one for one in jumpers if bare_name(_symbol(one)) != step.function]
            detours = tuple(
                self._candidate(bare_name(_symbol(one)), one, jumps=True) for one in others
            )
        return Callee(
            self._candidate(step.function, place),
            detours=detours,
            doubted=() if step.missing else self._calling(step.stop.doubted, step.function),
        )

    def _candidate(self, function: str, place: Decoded, *, jumps: bool = False) -> Candidate:
        return Candidate(
            function,
            _symbol(place),
            place.calls[-1].file,
            place,
            jumps,
            self._holders.get(place, ()),
            self._takers.get(place),
        )

    def paths(self, candidate: Candidate, callee: Callee) -> tuple[Path, ...]:
        """The ways by tail calls from a candidate to the callee; a second one is looked for, not a third."""
        goal = callee.own.place
        if self._image is None or goal is None or not candidate.jumps:
            return ()
        return self._image.tail_paths(candidate.symbol, goal, limit=2)

    def _why(self, step: Step) -> str:
        """Why no image holds the step's function."""
        symbol = step.stop.frame.symbol
        answer = self._answers.get(step.stop.frame)
        if symbol is not None and symbol.module and isinstance(answer, Undecoded) and answer.absent:
            return f"the image of the module {symbol.module} is not at hand"
        reason = answer.reason if isinstance(answer, Undecoded) else ""
        return reason or "no image at hand holds it"

    def _calling(self, frames: Sequence[Frame], function: str) -> tuple[str, ...]:
        """The functions of unreliable frames that call `function` by name."""
        places = [
            answer for frame in frames if isinstance(answer := self._answers.get(frame), Decoded)
        ]
        if self._image is None or not places:
            return ()
        names = [
            bare_name(place.calls[-1].function)
            for place, site in zip(places, self._image.sites(places), strict=True)
            if site is not None and bare_name(site.callee) == function
        ]
        return tuple(name for name in dict.fromkeys(names) if name != function)

    def led(self, edge: Edge, step: Step, source: Source) -> Edge:
        """An edge of which nothing tells the way, with the tables that may have led on."""
        place = self._entry(step.place)
        held = self._holders.get(place, ()) if place else ()
        tables = tuple(table_of(one, step.function, source) for one in held if one.type)
        if not tables:
            return edge
        names = ", ".join(dict.fromkeys(table.symbol for table in tables[:3]))
        more = f" and {len(tables) - 3} more" if len(tables) > 3 else ""
        hold = "holds" if len(tables) == 1 else "hold"
        note = f"{names}{more} {hold} it: a pointer may have led there"
        return replace(
            edge,
            targets=(Target(step.function, "", tables),),
            note=f"{edge.note}; {note}" if edge.note else note,
        )


def _symbol(place: Decoded) -> str:
    return place.calls[-1].function
