"""The keys of a table of the configuration, as its reader and its describers see them."""

from functools import cache
from typing import Annotated, NamedTuple, get_args, get_origin

import msgspec

from sitegen.project.base import Table


class Key(NamedTuple):
    """A key: what `tables.py` says of it."""

    name: str
    default: object
    says: str
    examples: tuple[object, ...]
    form: str
    "how a wrong value is put right, in the imperative; may be empty"
    inner: type[Table] | None
    "the table that its value is"
    many: bool
    "whether its value is a list of such tables"


@cache
def keys_of(table: type[Table]) -> tuple[Key, ...]:
    """The keys of a table, in the order in which it declares them."""
    return tuple(_key(field) for field in msgspec.structs.fields(table))


def _key(field: msgspec.structs.FieldInfo) -> Key:
    bare, metas = _bare(field.type)
    many = get_origin(bare) is list
    inner, _ = _bare(get_args(bare)[0]) if many else (bare, ())
    is_table = isinstance(inner, type) and issubclass(inner, Table)
    return Key(
        name=field.encode_name,
        default=field.default
        if field.default_factory is msgspec.NODEFAULT
        else field.default_factory(),
        says=next((meta.description for meta in metas if meta.description), ""),
        examples=next((tuple(meta.examples) for meta in metas if meta.examples), ()),
        form=next((meta.extra["form"] for meta in metas if meta.extra), ""),
        inner=inner if is_table else None,  # type: ignore[arg-type]  # reason: asked just above
        many=many and is_table,
    )


def _bare(kind: object) -> tuple[object, tuple[msgspec.Meta, ...]]:
    """A type without its annotations, and those."""
    if get_origin(kind) is not Annotated:
        return kind, ()
    bare, *metas = get_args(kind)
    return bare, tuple(meta for meta in metas if isinstance(meta, msgspec.Meta))
