"""What the image knows of functions that were called through pointers: who holds them, who jumps there."""

from collections.abc import Sequence

from msgspec.structs import replace

from sitegen.crash.chain.image import Image, KnowsJumpers
from sitegen.crash.chain.pointers import Callee, Detour
from sitegen.crash.chain.steps import Answers, Step
from sitegen.crash.chain.tables import Source, table_of
from sitegen.crash.names import bare_name
from sitegen.crash.symbols.values import Decoded, Holder, Query, Undecoded
from sitegen.model import Edge, Frame, Target


class Callees:
    """Answers about the steps asked for, read from the image all at once."""

    def __init__(self, image: Image | None, answers: Answers) -> None:
        self._image = image
        self._answers = answers
        self._holders: dict[Decoded, tuple[Holder, ...]] = {}
        self._jumpers: dict[Decoded, tuple[Decoded, ...]] = {}
        self._entries: dict[Decoded, Decoded] = {}

    def ask(self, steps: Sequence[Step]) -> None:
        """Look up all steps that a pointer, or what is not known, led to."""
        image = self._image
        reached = [step for step in steps if step.edge.kind == "indirect" or step.edge.missing]
        places = dict.fromkeys(place for step in reached if (place := self._entry(step.place)))
        if image is None or not places:
            return
        pointed = [self._entry(step.place) for step in steps if step.edge.kind == "indirect"]
        goals = [place for place in dict.fromkeys(pointed) if place]
        if isinstance(image, KnowsJumpers) and goals:
            for goal, jumpers in zip(goals, image.jumpers(goals), strict=True):
                if jumpers is not None:
                    self._jumpers[goal] = jumpers
        asked = [*places, *(one for several in self._jumpers.values() for one in several)]
        asked = list(dict.fromkeys(asked))
        self._holders = dict(zip(asked, image.holders(asked), strict=True))

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
            return Callee(step.function, unknown=self._why(step))
        detours: list[Detour] | None = None
        if place in self._jumpers and self._image is not None:
            detours = []
            for jumper in self._jumpers[place]:
                symbol = jumper.calls[-1].function
                paths = self._image.tail_paths(symbol, place, limit=1)
                # A part of the function that jumps back into it is no way to it.
                if paths and bare_name(symbol) != step.function:
                    held = self._holders.get(jumper, ())
                    detours.append(Detour(bare_name(symbol), paths[0], held))
        return Callee(
            step.function,
            symbol=place.calls[-1].function,
            file=place.calls[-1].file,
            holders=self._holders.get(place, ()),
            detours=None if detours is None else tuple(detours),
            doubted=() if step.missing else self._calling(step.stop.doubted, step.function),
        )

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

    def jumped(self, edge: Edge, step: Step, source: Source) -> Edge:
        """An edge out of a function without a frame, with the tables that may have led on."""
        place = self._entry(step.place)
        held = self._holders.get(place, ()) if place else ()
        tables = tuple(table_of(one, step.function, source) for one in held if one.type)
        if not tables:
            return edge
        names = ", ".join(dict.fromkeys(table.symbol for table in tables[:3]))
        more = f" and {len(tables) - 3} more" if len(tables) > 3 else ""
        hold = "holds" if len(tables) == 1 else "hold"
        return replace(
            edge,
            targets=(Target(step.function, "", tables),),
            note=f"{edge.note}; {names}{more} {hold} it: a jump through a pointer may have led there",
        )
