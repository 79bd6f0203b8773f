"""What all values share: frozen, compared by content, written to JSON without their defaults."""

from functools import cache
from typing import Literal

import msgspec

Context = Literal["task", "irq", "softirq", "nmi", "exception"]
"""Which stack a trace was read from, as drgn's StackKind names them."""

Lookup = Literal["return", "exact"]
"""How an address stands for a line: a return address is looked up at `address - 1`."""


class Value(msgspec.Struct, frozen=True, omit_defaults=True):
    """Base of all values: compared by content, never changed, JSON without empty keys."""


def to_plain(value: object) -> object:
    """`value` as dictionaries, lists and plain values, without the keys that hold their default.

    Equal values give equal results. The struct library's own encoders leave a default out only when
    it is the very object, which it no longer is once a value came from a file or another process.
    """
    if isinstance(value, msgspec.Struct):
        return {
            key: to_plain(item)
            for name, key, default in _fields(type(value))
            if (item := getattr(value, name)) is not default and item != default
        }
    if isinstance(value, tuple | list):
        return [to_plain(item) for item in value]
    if isinstance(value, dict):
        return {key: to_plain(item) for key, item in value.items()}
    return value


@cache
def _fields(kind: type[msgspec.Struct]) -> tuple[tuple[str, str, object], ...]:
    """Name, key and default of each field, in order; a field without a default has NODEFAULT."""
    return tuple(
        (
            field.name,
            field.encode_name,
            field.default
            if field.default_factory is msgspec.NODEFAULT
            else field.default_factory(),
        )
        for field in msgspec.structs.fields(kind)
    )


class Span(Value, frozen=True):
    """A piece of one line of a log. Lines and columns count from 1, columns in characters."""

    line: int
    column: int
    end: int
    "the column after the last character"
