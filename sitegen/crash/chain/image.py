"""What a chain asks of images: the part of a Symbolizer that it uses."""

from collections.abc import Sequence
from typing import Protocol

from sitegen.crash.symbols.values import (
    Bounds,
    CallSite,
    Decoded,
    Holder,
    Jump,
    Query,
    Taken,
    Undecoded,
)

Path = tuple[Jump, ...]
"""Tail calls in a row."""


class Image(Protocol):
    """A Symbolizer, or what answers like one; what each promises is written there."""

    def decode(self, queries: Sequence[Query]) -> tuple[Decoded | Undecoded, ...]: ...
    def sites(self, places: Sequence[Decoded]) -> tuple[CallSite | None, ...]: ...
    def tail_paths(self, function: str, goal: Decoded, *, limit: int = 4) -> tuple[Path, ...]: ...
    def exits(self, function: str, home: Decoded, *, limit: int = 4) -> tuple[Path, ...] | None: ...
    def jumpers(self, goals: Sequence[Decoded]) -> tuple[tuple[Decoded, ...] | None, ...]: ...
    def holders(self, functions: Sequence[Decoded]) -> tuple[tuple[Holder, ...], ...]: ...
    def takers(self, functions: Sequence[Decoded]) -> tuple[Taken | None, ...]: ...
    def bounds(self, places: Sequence[Decoded]) -> tuple[tuple[Bounds, ...], ...]: ...
