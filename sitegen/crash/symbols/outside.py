"""Files outside of the kernel's tree -> paths that begin with a name of one's own.

Debug information has the absolute path of the machine that built a module. Of the folder that
the module was built in, the last names are known here (`crashme`, `dkms/crashme/1.0`), and what
stands before them is taken off.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import TypeVar

    T = TypeVar("T")


class Outside:
    """The folders that modules were built in, each by its last names, without slashes around."""

    def __init__(self, names: Sequence[str] = ()) -> None:
        self._names = tuple(names)

    def path(self, path: str) -> str:
        """`path` from the name of its folder on; as it is where it lies in none of them.

        Of several names the one that ends deepest counts. A name that the path has twice counts
        for nothing, since it could be either.

        >>> Outside(["crashme"]).path("/lab/qemu/crashme/crashme_mem.c")
        'crashme/crashme_mem.c'
        >>> Outside(["crashme"]).path("/home/crashme/crashme/main.c")
        '/home/crashme/crashme/main.c'
        """
        if not path.startswith("/"):
            return path
        ends: list[tuple[int, int]] = []
        for name in self._names:
            inside = f"/{name}/"
            at = path.find(inside)
            if at >= 0 and path.find(inside, at + 1) < 0:
                ends.append((at + len(inside), -at))
        return path[1 - max(ends)[1] :] if ends else path

    def named(self, value: T) -> T:
        """An answer of a Symbolizer with the paths of all places in it so named."""
        return self._walk(value) if self._names else value  # type: ignore[return-value]  # reason: of the same type

    def _walk(self, value: object) -> object:
        if not isinstance(value, tuple):
            return value
        inner = [self._walk(one) for one in value]
        fields: tuple[str, ...] = getattr(value, "_fields", ())
        if not fields:
            return tuple(inner)
        if "file" in fields:
            at = fields.index("file")
            inner[at] = self.path(value[at])
        record: type = type(value)
        return record(*inner)
