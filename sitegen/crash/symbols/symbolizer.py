"""Queries -> calls: which image, which symbol, which unit; the only class callers need.

Opening costs a look at the file; an image is read on the first question that the cache
does not answer, and of it only the units that hold an address asked for. The readers are
imported as late: a decode that the cache answers is done in the time that takes.
"""

from __future__ import annotations

from sitegen.crash.symbols.cache import Cache
from sitegen.crash.symbols.images import VMLINUX, Held, Images, absolute, key, start_in
from sitegen.crash.symbols.outside import Outside
from sitegen.crash.symbols.values import (
    Bounds,
    CallSite,
    Decoded,
    Holder,
    ImageError,
    ImageId,
    Jump,
    Layout,
    Member,
    Query,
    Taken,
    Undecoded,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    import os
    from collections.abc import Sequence
    from types import TracebackType
    from typing import Self

    from sitegen.crash.symbols.reader import Reader

__all__ = ["ImageError", "Symbolizer"]


class Symbolizer:
    """One kernel: vmlinux and its modules. A context manager; closed, it answers nothing.

    `vmlinux` may be None (modules only); `modules` are folders (searched for `NAME.ko`,
    `NAME.ko.debug`, `NAME.ko.xz`, `NAME.ko.gz`, `NAME.ko.zst`; `-` and `_` are the same; earlier
    folders first) or files. Debug information may lie in a file of its own, see `separate.py`.
    `cache` is a folder, by default `$XDG_CACHE_HOME/sitegen`; None turns caching off. `outside` are
    the last names of folders that modules were built in: what stands before them in a path is left out
    of every answer.

    Only opening raises: ImageError when vmlinux, or a module file or folder, is missing, and when
    vmlinux or a module file named by itself is no ELF, damaged or of an unsupported kind. A module
    found damaged later gives `Undecoded`.
    """

    def __init__(
        self,
        vmlinux: str | os.PathLike[str] | None,
        modules: Sequence[str | os.PathLike[str]] = (),
        *,
        cache: str | os.PathLike[str] | None = "",
        outside: Sequence[str] = (),
    ) -> None:
        self._cache = Cache(cache)
        self._outside = Outside(outside)
        self._images = Images(vmlinux, modules, self._cache)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Write what is new to the cache, and let go of all files."""
        self._images.close()

    @property
    def has_lines(self) -> bool:
        """Whether vmlinux (without one: any module read) has DWARF; S004 when not."""
        images = self._images.held()
        main = [image for image in images if image.name == VMLINUX] or images
        return any(not image.identity.kind.startswith("bare") for image in main)

    def identify(self) -> tuple[ImageId, ...]:
        """The images read so far, vmlinux first, then modules by name."""
        return tuple(
            ImageId(image.name, image.identity.build_id, image.identity.release)
            for image in self._images.held()
        )

    def add(self, modules: str) -> None:
        """A module's file, or a folder of modules that is searched after those known before."""
        self._images.add(modules)

    def replace(self, module: str, path: str) -> None:
        """The file that from now on is the image of a module (vmlinux when empty).

        Raises ImageError when it cannot be read; the image is the old one then.
        """
        self._images.replace(module, path)

    def find_build_id(self, module: str) -> str | None:
        """The build ID of the image of a module (vmlinux when empty), empty when it has none.

        None when there is no such image.
        """
        image = self._images.find(module)
        return None if isinstance(image, str) else image.identity.build_id

    # --- decoding -------------------------------------------------------------------------

    def decode(self, queries: Sequence[Query]) -> tuple[Decoded | Undecoded, ...]:
        """What each query means, in the same order. Ask for all frames of a log at once."""
        answers: dict[Query, Decoded | Undecoded] = {}
        groups: dict[str, list[Query]] = {}
        for query in dict.fromkeys(queries):
            groups.setdefault(key(query.module), []).append(query)
        for module, group in groups.items():
            image = self._images.find(module)
            if isinstance(image, str):
                answers.update((query, Undecoded(image, absent=True)) for query in group)
                continue
            left = []
            for query in group:
                known = self._cache.find(image.identity, query)
                if known is None:
                    left.append(query)
                else:
                    answers[query] = known
            if left:
                answers.update(zip(left, self._fresh(image, left), strict=True))
        return self._outside.named(tuple(answers[query] for query in queries))

    def _fresh(self, image: Held, queries: list[Query]) -> list[Decoded | Undecoded]:
        """Answers read from the image, and kept for the next run."""
        from sitegen.crash.symbols.answers import answer

        try:
            found = answer(image.reader, queries)
        except ImageError as error:
            return [Undecoded(error.message) for _ in queries]
        for query, one in zip(queries, found, strict=True):
            self._cache.keep(image.identity, query, one)
        return found

    def sites(self, places: Sequence[Decoded]) -> tuple[CallSite | None, ...]:
        """The call that ends at each place's `address`; None where no call ends there."""
        from sitegen.crash.symbols.sites import call_site

        found = []
        for place in places:
            reader = self._images.reader_of(place)
            address = absolute(reader, place, place.address) if reader else None
            found.append(call_site(reader, address) if reader and address is not None else None)
        return self._outside.named(tuple(found))

    def tail_paths(
        self, function: str, goal: Decoded, *, limit: int = 4
    ) -> tuple[tuple[Jump, ...], ...]:
        """All ways from `function` by tail calls to the function of `goal`, shortest first.

        At most `limit` ways. `function` is a symbol of the goal's image, such as
        `CallSite.callee`; tail calls do not leave an image. Empty when there is none, or when it
        is the goal's function itself. Up to some tenths of a second behind a large switch.
        """
        from sitegen.crash.symbols.tails import tail_paths

        reader = self._images.reader_of(goal)
        start = absolute(reader, goal, goal.start) if reader else None
        if reader is None or start is None:
            return ()
        try:
            return self._outside.named(tail_paths(reader, function, start, limit))
        except ImageError:
            return ()

    def exits(
        self, function: str, home: Decoded, *, limit: int = 4
    ) -> tuple[tuple[Jump, ...], ...] | None:
        """All ways from `function` by tail calls out of the sight of its image, nearest first.

        `function` is a symbol of the image of `home`, or else of vmlinux. The last jump of each
        way goes through a pointer (no target), to a function of another image, or to one that the
        kernel may put in its place at boot. None when there may be others than were looked at.
        """
        from sitegen.crash.symbols.exits import exits

        for image in dict.fromkeys((home.image, VMLINUX)):
            reader = self._images.reader_of(home._replace(image=image))
            try:
                if reader is not None and reader.symbols.find([function])[function]:
                    return self._outside.named(exits(reader, function, limit))
            except ImageError:
                return None
        return ()

    def holders(self, functions: Sequence[Decoded]) -> tuple[tuple[Holder, ...], ...]:
        """For each function the objects that hold its address, vmlinux first, then modules by name.

        The function is the one of the last call (`start`). Its own image is searched, and modules
        read so far, whose tables may name functions of vmlinux. Ask for all at once.
        """
        from sitegen.crash.symbols.optables import holders

        found: list[list[Holder]] = [[] for _ in functions]
        for image in self._images.held():
            asked = [
                (which, place)
                for which, place in enumerate(functions)
                if place.image in {image.name, VMLINUX}
            ]
            if not asked:
                continue
            try:
                starts = [start_in(image, place) for _, place in asked]
                names = [place.calls[-1].function if place.calls else "" for _, place in asked]
                several = holders(image.reader, starts, names)
            except ImageError:
                continue  # its frames say that it is damaged
            for (which, _), more in zip(asked, several, strict=True):
                found[which].extend(more)
        return self._outside.named(tuple(tuple(several) for several in found))

    def jumpers(self, goals: Sequence[Decoded]) -> tuple[tuple[Decoded, ...] | None, ...]:
        """For each function those of its own image that leave by a jump to its start.

        Those that jump to one that does are among them; nearest first, each looked up at its start.
        A `.cold` part is no function by itself. None where the code cannot be read, or too many
        do. The first question reads all of vmlinux's code.
        """
        from sitegen.crash.symbols.answers import at_start

        found: dict[Decoded, tuple[Decoded, ...] | None] = dict.fromkeys(goals)
        for name in dict.fromkeys(goal.image for goal in goals):
            group = [goal for goal in found if goal.image == name]
            reader = self._images.reader_of(group[0])
            if reader is None:
                continue
            try:
                for goal in group:
                    start = absolute(reader, goal, goal.start)
                    known = reader.jumps.reaching(start) if start is not None else None
                    if known is not None:
                        whole = [one for one in known if not reader.symbols.is_part(one)]
                        found[goal] = tuple(at_start(reader, whole))
            except ImageError:
                continue
        return self._outside.named(tuple(found[goal] for goal in goals))

    def takers(self, functions: Sequence[Decoded]) -> tuple[Taken | None, ...]:
        """For each function the places in code that take its address, vmlinux's first, by address.

        Searched as `holders` does; what calls or jumps to it does not count. None where code
        cannot be read.
        """
        from sitegen.crash.symbols.takers import describe, takers

        found: list[Taken | None] = [
            Taken((), closed=_is_closed(self._images.reader_of(place), place))
            for place in functions
        ]
        for image in self._images.held():
            asked = [
                (which, place)
                for which, place in enumerate(functions)
                if place.image in {image.name, VMLINUX}
            ]
            if not asked:
                continue
            try:
                starts = [start_in(image, place) for _, place in asked]
                names = [place.calls[-1].function if place.calls else "" for _, place in asked]
                several = takers(image.reader, starts, names)
            except ImageError:
                several = None
            for number, (which, _) in enumerate(asked):
                known = found[which]
                if known is None or several is None:
                    found[which] = None
                    continue
                more = describe(image.reader, several[number])
                found[which] = known._replace(takers=(*known.takers, *more))
        return self._outside.named(tuple(found))

    def layouts(
        self, members: Sequence[Member], near: Sequence[Decoded] = ()
    ) -> tuple[tuple[Layout, ...] | None, ...]:
        """For each member, where it stands in the types of that name: several only where they differ.

        Images are asked in order, the first that has the type answers; `near` are places whose units
        may know it. Empty where no image read so far has the type, None where that cannot be told.
        Up to seconds a member.
        """
        from sitegen.crash.symbols.layouts import find_layouts

        found = []
        for member in members:
            answers: list[tuple[Layout, ...] | None] = []
            for image in self._images.held():
                try:
                    starts = [start_in(image, place) for place in near if place.image == image.name]
                    answers.append(find_layouts(image.reader, member, starts))
                except ImageError:
                    answers.append(None)
                if answers[-1]:
                    break
            known = next((one for one in answers if one), ())
            found.append(known or (None if not answers or None in answers else ()))
        return self._outside.named(tuple(found))

    def bounds(self, places: Sequence[Decoded]) -> tuple[tuple[Bounds, ...], ...]:
        """For each place, the lines of the function of each of its calls, in the order of `calls`."""
        from sitegen.crash.symbols.bounds import bounds_at

        found = []
        for place in places:
            reader = self._images.reader_of(place)
            pc = absolute(reader, place, place.pc) if reader else None
            start = absolute(reader, place, place.start) if reader else None
            if reader is None or pc is None or start is None:
                found.append((Bounds(""),) * len(place.calls))
            else:
                found.append(bounds_at(reader, pc, start, len(place.calls)))
        return self._outside.named(tuple(found))


def _is_closed(reader: Reader | None, place: Decoded) -> bool:
    """Whether the function of a place is static: a symbol of that name is local in its image."""
    start = absolute(reader, place, place.start) if reader else None
    return bool(reader and start is not None and reader.symbols.is_local(start))
