"""What a chain asks of images: the part of a Symbolizer that it uses."""

from collections.abc import Sequence
from typing import Protocol, runtime_checkable

from sitegen.crash.symbols.values import Bounds, CallSite, Decoded, Holder, Jump, Query, Undecoded

Path = tuple[Jump, ...]
"""Tail calls in a row."""


class Image(Protocol):
    """A Symbolizer, or what answers like one; what each promises is written there."""

    def decode(self, queries: Sequence[Query]) -> tuple[Decoded | Undecoded, ...]: ...
    def sites(self, places: Sequence[Decoded]) -> tuple[CallSite | None, ...]: ...
    def tail_paths(self, function: str, goal: Decoded, *, limit: int = 4) -> tuple[Path, ...]: ...
    def holders(self, functions: Sequence[Decoded]) -> tuple[tuple[Holder, ...], ...]: ...
    def bounds(self, places: Sequence[Decoded]) -> tuple[tuple[Bounds, ...], ...]: ...


@runtime_checkable
class KnowsJumpers(Protocol):
    """An image that also tells who jumps to a function: tail calls read backwards.

    A pointer that a frame called through need not have held the next frame's function: it may
    have held one that jumped there. Without this every pointer's target stays unproved.
    """

    def jumpers(self, goals: Sequence[Decoded]) -> tuple[tuple[Decoded, ...] | None, ...]:
        """For each function those of its own image that leave by a jump to its start.

        By address, at most some hundred, the jump's own function looked up at its start; a
        `.cold` part stands for the function it is a part of, a return thunk is no function.
        Only direct jumps to the very function count, not ways by several. None where the
        code cannot be read.
        """
        ...
