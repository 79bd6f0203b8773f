"""Queries -> calls: which image, which symbol, which unit; the only class callers need.

Opening costs a stat of the file; an image is read on the first question that the cache
does not answer, and of it only the units that hold an address asked for.
"""

import os
from collections.abc import Sequence
from types import TracebackType

from sitegen.crash.symbols.values import (
    Bounds,
    CallSite,
    Decoded,
    Holder,
    ImageId,
    Jump,
    Query,
    Undecoded,
)


class ImageError(Exception):
    """An image that cannot be read at all; frames that cannot be decoded are `Undecoded`."""

    def __init__(self, path: str, kind: str, message: str) -> None:
        super().__init__(message)
        self.path = path
        self.kind = kind
        "`missing` (S002), `not-elf` (S003), `damaged` (S005) or `unsupported` (S009)"
        self.message = message
        "one line, lower case, names the file by its base name"


class Symbolizer:
    """One kernel: vmlinux and its modules. A context manager; closed, it answers nothing.

    `vmlinux` may be None (modules only); `modules` are folders (searched for `NAME.ko`,
    `NAME.ko.debug`, `NAME.ko.xz`, `NAME.ko.gz`; `-` and `_` are the same; earlier folders first) or files.
    `cache` is a folder, by default `$XDG_CACHE_HOME/sitegen`; None turns caching off.

    Only opening raises: ImageError when vmlinux, or a module file named by itself, is missing,
    no ELF, damaged or of an unsupported kind. A module found damaged later gives `Undecoded`.
    """

    def __init__(
        self,
        vmlinux: str | os.PathLike[str] | None,
        modules: Sequence[str | os.PathLike[str]] = (),
        *,
        cache: str | os.PathLike[str] | None = "",
    ) -> None:
        raise NotImplementedError

    def __enter__(self) -> "Symbolizer":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None: ...

    @property
    def has_lines(self) -> bool:
        """Whether vmlinux has DWARF (S004 when not)."""
        raise NotImplementedError

    def identify(self) -> tuple[ImageId, ...]:
        """The images read so far, vmlinux first, then modules by name."""
        raise NotImplementedError

    def decode(self, queries: Sequence[Query]) -> tuple[Decoded | Undecoded, ...]:
        """What each query means, in the same order. Ask for all frames of a log at once: units are read once."""
        raise NotImplementedError

    def sites(self, places: Sequence[Decoded]) -> tuple[CallSite | None, ...]:
        """The call that ends at each place's `address`; None where no call ends there."""
        raise NotImplementedError

    def tail_paths(
        self, function: str, goal: Decoded, *, limit: int = 4
    ) -> tuple[tuple[Jump, ...], ...]:
        """All ways from `function` by tail calls to the function of `goal`, shortest first, at most `limit`.

        `function` is a symbol of vmlinux or of the goal's module, such as `CallSite.callee`.
        Empty when there is none, or when it is the goal's function itself.
        """
        raise NotImplementedError

    def holders(self, functions: Sequence[Decoded]) -> tuple[tuple[Holder, ...], ...]:
        """For each function the objects that hold its address, ordered by image and address.

        The function is the one of the last call (`start`). Tens of milliseconds a function.
        """
        raise NotImplementedError

    def bounds(self, places: Sequence[Decoded]) -> tuple[tuple[Bounds, ...], ...]:
        """For each place, the lines of the function of each of its calls, in the order of `calls`."""
        raise NotImplementedError
