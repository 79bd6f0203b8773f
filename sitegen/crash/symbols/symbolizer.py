"""Queries -> calls: which image, which symbol, which unit; the only class callers need.

Opening costs a look at the file; an image is read on the first question that the cache
does not answer, and of it only the units that hold an address asked for. The readers are
imported as late: a decode that the cache answers is done in the time that takes.
"""

from __future__ import annotations

import os

from sitegen.crash.symbols.cache import Cache, Identity
from sitegen.crash.symbols.values import (
    Bounds,
    CallSite,
    Decoded,
    Holder,
    ImageError,
    ImageId,
    Jump,
    Query,
    Undecoded,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from types import TracebackType
    from typing import Self

    from sitegen.crash.symbols.reader import Reader

__all__ = ["ImageError", "Symbolizer"]

VMLINUX = "vmlinux"
PACKED = (".xz", ".gz", ".zst")
_LAST = 1 << 20
"entries of module folders looked at, at most"


class Symbolizer:
    """One kernel: vmlinux and its modules. A context manager; closed, it answers nothing.

    `vmlinux` may be None (modules only); `modules` are folders (searched for `NAME.ko`,
    `NAME.ko.debug`, `NAME.ko.xz`, `NAME.ko.gz`, `NAME.ko.zst`; `-` and `_` are the same; earlier
    folders first) or files. Debug information may lie in a file of its own, see `separate.py`.
    `cache` is a folder, by default `$XDG_CACHE_HOME/sitegen`; None turns caching off.

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
    ) -> None:
        self._cache = Cache(cache)
        self._folders: list[str] = []
        self._files: dict[str, str] = {}
        self._images: dict[str, _Held | str] = {}
        for module in modules:
            self._add(os.fspath(module))
        self._vmlinux = os.fspath(vmlinux) if vmlinux is not None else ""
        if self._vmlinux:
            self._images[VMLINUX] = _Held(self._vmlinux, VMLINUX, self._cache)

    def _add(self, path: str) -> None:
        if os.path.isdir(path):
            self._folders.append(path)
            return
        file = os.path.basename(path)
        name = module_name(file) or _key(file.split(".")[0])
        if name not in self._images:
            self._images[name] = _Held(path, name, self._cache)

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
        for image in self._images.values():
            if isinstance(image, _Held):
                image.close()
        self._cache.save()

    # --- images ---------------------------------------------------------------------------

    def _image(self, module: str) -> _Held | str:
        """The image of a module (vmlinux when empty), or why there is none."""
        name = _key(module) or VMLINUX
        known = self._images.get(name)
        if known is not None:
            return known
        found: _Held | str
        if name == VMLINUX:
            found = "no vmlinux at hand"
        else:
            path = self._modules().get(name)
            if path is None:
                found = f"module '{module}' not found"
            else:
                try:
                    found = _Held(path, name, self._cache)
                except ImageError as error:
                    found = error.message
        self._images[name] = found
        return found

    def _modules(self) -> dict[str, str]:
        """Paths of all modules in the folders, by name; read on the first module frame."""
        if self._folders:
            for name, path in _walk(self._folders):
                self._files.setdefault(name, path)
            self._folders = []
        return self._files

    def _held(self) -> list[_Held]:
        """The images at hand, vmlinux first, then modules by name."""
        images = [image for image in self._images.values() if isinstance(image, _Held)]
        return sorted(images, key=lambda image: (image.name != VMLINUX, image.name))

    @property
    def has_lines(self) -> bool:
        """Whether vmlinux (without one: any module read) has DWARF; S004 when not."""
        images = self._held()
        main = [image for image in images if image.name == VMLINUX] or images
        return any(not image.identity.kind.startswith("bare") for image in main)

    def identify(self) -> tuple[ImageId, ...]:
        """The images read so far, vmlinux first, then modules by name."""
        return tuple(
            ImageId(image.name, image.identity.build_id, image.identity.release)
            for image in self._held()
        )

    # --- decoding -------------------------------------------------------------------------

    def decode(self, queries: Sequence[Query]) -> tuple[Decoded | Undecoded, ...]:
        """What each query means, in the same order. Ask for all frames of a log at once."""
        answers: dict[Query, Decoded | Undecoded] = {}
        groups: dict[str, list[Query]] = {}
        for query in dict.fromkeys(queries):
            groups.setdefault(_key(query.module), []).append(query)
        for module, group in groups.items():
            image = self._image(module)
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
        return tuple(answers[query] for query in queries)

    def _fresh(self, image: _Held, queries: list[Query]) -> list[Decoded | Undecoded]:
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
            reader = self._reader_of(place)
            address = _absolute(reader, place, place.address) if reader else None
            found.append(call_site(reader, address) if reader and address is not None else None)
        return tuple(found)

    def tail_paths(
        self, function: str, goal: Decoded, *, limit: int = 4
    ) -> tuple[tuple[Jump, ...], ...]:
        """All ways from `function` by tail calls to the function of `goal`, shortest first.

        At most `limit` ways. `function` is a symbol of the goal's image, such as
        `CallSite.callee`; tail calls do not leave an image. Empty when there is none, or when it
        is the goal's function itself. Up to some tenths of a second behind a large switch.
        """
        from sitegen.crash.symbols.tails import tail_paths

        reader = self._reader_of(goal)
        start = _absolute(reader, goal, goal.start) if reader else None
        if reader is None or start is None:
            return ()
        try:
            return tail_paths(reader, function, start, limit)
        except ImageError:
            return ()

    def _reader_of(self, place: Decoded) -> Reader | None:
        image = self._image("" if place.image == VMLINUX else place.image)
        try:
            return None if isinstance(image, str) else image.reader
        except ImageError:
            return None

    def holders(self, functions: Sequence[Decoded]) -> tuple[tuple[Holder, ...], ...]:
        """For each function the objects that hold its address, vmlinux first, then modules by name.

        The function is the one of the last call (`start`). Its own image is searched, and modules
        read so far, whose tables may name functions of vmlinux. Ask for all at once.
        """
        from sitegen.crash.symbols.optables import holders

        found: list[list[Holder]] = [[] for _ in functions]
        for image in self._held():
            asked = [
                (which, place)
                for which, place in enumerate(functions)
                if place.image in {image.name, VMLINUX}
            ]
            if not asked:
                continue
            try:
                starts = [_start_in(image, place) for _, place in asked]
                names = [place.calls[-1].function if place.calls else "" for _, place in asked]
                several = holders(image.reader, starts, names)
            except ImageError:
                continue  # its frames say that it is damaged
            for (which, _), more in zip(asked, several, strict=True):
                found[which].extend(more)
        return tuple(tuple(several) for several in found)

    def jumpers(self, goals: Sequence[Decoded]) -> tuple[tuple[Decoded, ...] | None, ...]:
        """For each function those of its own image that leave by a jump to its start.

        By address, at most some hundred, each looked up at its start; a `.cold` part stands for
        the function it is a part of. Only jumps to the very function count, not ways by several.
        None where the code cannot be read. Ask for all at once: vmlinux's code is read through.
        """
        from sitegen.crash.symbols.jumpers import jumpers

        found: dict[Decoded, tuple[Decoded, ...] | None] = dict.fromkeys(goals)
        for name in dict.fromkeys(goal.image for goal in goals):
            group = [goal for goal in found if goal.image == name]
            reader = self._reader_of(group[0])
            if reader is None:
                continue
            starts = {goal: _absolute(reader, goal, goal.start) for goal in group}
            try:
                known = jumpers(reader, [start for start in starts.values() if start])
            except ImageError:
                continue
            for goal, start in starts.items():
                if known is None or not start:
                    continue
                module = "" if name == VMLINUX else name
                names = dict.fromkeys(known[start])
                asked = [Query(one, 0, 0, module, "exact") for one in names]
                found[goal] = tuple(
                    dict.fromkeys(one for one in self.decode(asked) if isinstance(one, Decoded))
                )
        return tuple(found[goal] for goal in goals)

    def bounds(self, places: Sequence[Decoded]) -> tuple[tuple[Bounds, ...], ...]:
        """For each place, the lines of the function of each of its calls, in the order of `calls`."""
        from sitegen.crash.symbols.bounds import bounds_at

        found = []
        for place in places:
            reader = self._reader_of(place)
            pc = _absolute(reader, place, place.pc) if reader else None
            start = _absolute(reader, place, place.start) if reader else None
            if reader is None or pc is None or start is None:
                found.append((Bounds(""),) * len(place.calls))
            else:
                found.append(bounds_at(reader, pc, start, len(place.calls)))
        return tuple(found)


class _Held:
    """An image at hand: known by the cache, or opened on the first question it cannot answer."""

    def __init__(self, path: str, name: str, cache: Cache) -> None:
        self.path = path
        self.name = name
        self._cache = cache
        self._reader: Reader | None = None
        identity = cache.identity(path)
        if identity is None or not identity.kind.startswith("lines"):
            # A debug file may have come or gone since.
            identity = self.reader.identity
            cache.remember(path, self.reader.image.file.status, identity)
        self.identity: Identity = identity

    @property
    def reader(self) -> Reader:
        """The open image. Raises ImageError when it cannot be read."""
        if self._reader is None:
            from sitegen.crash.symbols.reader import Reader

            self._reader = Reader(self.path, self.name, self._cache)
        return self._reader

    def close(self) -> None:
        if self._reader is not None:
            self._reader.close()


def _absolute(reader: Reader, place: Decoded, value: int) -> int | None:
    """An address or start of `place` as the reader counts; None when its section is not there."""
    if not reader.image.is_module:
        return value
    section = reader.image.find(place.section)
    return None if section is None else section.address + value


def _start_in(image: _Held, place: Decoded) -> int:
    """The address of the function of `place` in an image; 0 when it is of another image."""
    if place.image != image.name:
        return 0
    return _absolute(image.reader, place, place.start) or 0


def module_name(file: str) -> str:
    """The module that a file name stands for, with `_` for `-`; empty when it is no module.

    >>> module_name("snd-hda-intel.ko.xz")
    'snd_hda_intel'
    """
    for ending in PACKED:
        file = file.removesuffix(ending)
    name, dot, _ = file.removesuffix(".debug").partition(".ko")
    whole = dot and file.removesuffix(".debug") == name + dot
    return _key(name) if whole and name.replace("-", "_").isidentifier() else ""


def _key(module: str) -> str:
    return module.replace("-", "_")


def _walk(folders: Iterable[str]) -> Iterable[tuple[str, str]]:
    """(name, path) of all module files, folder by folder, in sorted order."""
    seen = 0
    for folder in folders:
        for parent, below, files in os.walk(folder):
            below.sort()
            # Of one module in one folder, `.ko` and `.ko.debug` come before compressed ones.
            for file in sorted(files, key=lambda name: (name.endswith(PACKED), name)):
                seen += 1
                if seen > _LAST:
                    return
                name = module_name(file)
                if name:
                    yield name, os.path.join(parent, file)
