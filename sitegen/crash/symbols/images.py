"""The images of one kernel: vmlinux and its modules, each opened on the first question asked of it."""

from __future__ import annotations

import os

from sitegen.crash.symbols.cache import Cache, Identity
from sitegen.crash.symbols.values import Decoded, ImageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sitegen.crash.symbols.reader import Reader

VMLINUX = "vmlinux"
PACKED = (".xz", ".gz", ".zst")
_LAST = 1 << 20
"entries of module folders looked at, at most"


class Images:
    """Where the images are, as `Symbolizer` describes it; module folders are read when first needed."""

    def __init__(
        self,
        vmlinux: str | os.PathLike[str] | None,
        modules: Sequence[str | os.PathLike[str]],
        cache: Cache,
    ) -> None:
        self._cache = cache
        self._folders: list[str] = []
        self._files: dict[str, str] = {}
        self._images: dict[str, Held | str] = {}
        for module in modules:
            self.add(os.fspath(module))
        if vmlinux is not None and os.fspath(vmlinux):
            self._images[VMLINUX] = Held(os.fspath(vmlinux), VMLINUX, cache)

    def add(self, path: str) -> None:
        """A module's file, or a folder of modules that is searched after those known before."""
        if os.path.isdir(path):
            self._folders.append(path)
            self._images = {k: v for k, v in self._images.items() if not isinstance(v, str)}
            return
        file = os.path.basename(path)
        name = module_name(file) or key(file.split(".")[0])
        if name not in self._images:
            self._images[name] = Held(path, name, self._cache)

    def replace(self, module: str, path: str) -> None:
        """The file that from now on is the image of a module (vmlinux when empty)."""
        name = key(module) or VMLINUX
        old = self._images.get(name)
        self._images[name] = Held(path, name, self._cache)
        if isinstance(old, Held):
            old.close()

    def find(self, module: str) -> Held | str:
        """The image of a module (vmlinux when empty), or why there is none."""
        name = key(module) or VMLINUX
        known = self._images.get(name)
        if known is not None:
            return known
        found: Held | str
        if name == VMLINUX:
            found = "no vmlinux at hand"
        else:
            path = self._path_of(name)
            if path is None:
                from sitegen.crash.symbols.runtime import why_absent

                found = why_absent("", module) or f"module '{module}' not found"
            else:
                try:
                    found = Held(path, name, self._cache)
                except ImageError as error:
                    found = error.message
        self._images[name] = found
        return found

    def _path_of(self, name: str) -> str | None:
        """Where a module lies; the folders are read one after the other, until one has it."""
        while name not in self._files and self._folders:
            for other, path in _walk(self._folders.pop(0)):
                self._files.setdefault(other, path)
        return self._files.get(name)

    def held(self) -> list[Held]:
        """The images at hand, vmlinux first, then modules by name."""
        images = [image for image in self._images.values() if isinstance(image, Held)]
        return sorted(images, key=lambda image: (image.name != VMLINUX, image.name))

    def reader_of(self, place: Decoded) -> Reader | None:
        """The open image that a place lies in; None when it cannot be read."""
        image = self.find("" if place.image == VMLINUX else place.image)
        try:
            return None if isinstance(image, str) else image.reader
        except ImageError:
            return None

    def close(self) -> None:
        """Write what is new to the cache, and let go of all files."""
        for image in self._images.values():
            if isinstance(image, Held):
                image.close()
        self._cache.save()


class Held:
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


def absolute(reader: Reader, place: Decoded, value: int) -> int | None:
    """An address or start of `place` as the reader counts; None when its section is not there."""
    if not reader.image.is_module:
        return value
    section = reader.image.find(place.section)
    return None if section is None else section.address + value


def start_in(image: Held, place: Decoded) -> int:
    """The address of the function of `place` in an image; 0 when it is of another image."""
    if place.image != image.name:
        return 0
    return absolute(image.reader, place, place.start) or 0


def module_name(file: str) -> str:
    """The module that a file name stands for, with `_` for `-`; empty when it is no module.

    >>> module_name("snd-hda-intel.ko.xz")
    'snd_hda_intel'
    """
    for ending in PACKED:
        file = file.removesuffix(ending)
    name, dot, _ = file.removesuffix(".debug").partition(".ko")
    whole = dot and file.removesuffix(".debug") == name + dot
    return key(name) if whole and name.replace("-", "_").isidentifier() else ""


def key(module: str) -> str:
    return module.replace("-", "_")


def _walk(folder: str) -> Iterable[tuple[str, str]]:
    """(name, path) of all module files in a folder, in sorted order."""
    seen = 0
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
