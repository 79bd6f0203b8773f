"""Named tuples that cost nothing to declare.

`typing.NamedTuple` does the same, but importing it and declaring ten classes takes as long as
Python needs to start, and `sitegen decode` may take no longer than that when its cache is warm.
To type checkers a `Record` is a `NamedTuple`.
"""

from __future__ import annotations

from operator import itemgetter

__all__ = ["Record"]

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import NamedTuple as Record
    from typing import Self
else:

    class _Declared(type):
        """Makes the annotated names of a class its fields, their values the defaults."""

        def __new__(cls, name: str, bases: tuple, space: dict) -> type:
            fields = tuple(space.get("__annotations__", ()))
            space["_defaults"] = {field: space[field] for field in fields if field in space}
            space["_fields"] = space["__match_args__"] = fields
            space.update((field, property(itemgetter(at))) for at, field in enumerate(fields))
            return super().__new__(cls, name, bases, {"__slots__": (), **space})

    class Record(tuple, metaclass=_Declared):  # noqa: SLOT001  reason: the metaclass adds them
        """A tuple with names for its places."""

        def __new__(cls, *values: object, **named: object) -> Self:
            fields = cls._fields
            left = fields[len(values) :]
            if named and not set(named).issubset(left):
                raise TypeError(f"{cls.__name__} has no place for {sorted(set(named) - set(left))}")
            if left:
                known = {**cls._defaults, **named}
                try:
                    values += tuple([known[field] for field in left])
                except KeyError as error:
                    raise TypeError(f"{cls.__name__} wants {error}") from None
            elif len(values) > len(fields):
                raise TypeError(f"{cls.__name__} has {len(fields)} fields")
            return tuple.__new__(cls, values)

        def _replace(self, **changes: object) -> Self:
            return type(self)(**{**dict(zip(self._fields, self, strict=True)), **changes})

        def __getnewargs__(self) -> tuple:
            return tuple(self)

        def __repr__(self) -> str:
            pairs = zip(self._fields, self, strict=True)
            return f"{type(self).__name__}({', '.join(f'{name}={one!r}' for name, one in pairs)})"
