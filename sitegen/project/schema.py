"""The keys of the configuration as JSON Schema, so that editors complete and check them."""

from typing import Any

import msgspec

from sitegen.project.tables import ConfigTable


def config_schema() -> dict[str, object]:
    """What `read_project` accepts, with each table where it is used."""
    (schema,), tables = msgspec.json.schema_components([ConfigTable], ref_template="{name}")
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "Configuration of sitegen",
        **_in_place(tables[schema["$ref"]], tables),
    }


_OURS = {"title", "required"}
"""What the struct library says of a table beside its keys: the struct's name, and nothing required."""


def _in_place(schema: Any, tables: dict[str, Any]) -> Any:  # noqa: ANN401  reason: it is JSON
    """`schema` with each table in the place of the reference to it."""
    match schema:
        case {"$ref": name, **rest}:
            return _in_place(tables[name], tables) | rest
        case {"properties": properties, **rest}:
            kept = {key: value for key, value in rest.items() if key not in _OURS}
            inner = {name: _in_place(value, tables) for name, value in properties.items()}
            return {**kept, "properties": inner}
        case dict():
            return {key: _in_place(value, tables) for key, value in schema.items()}
        case list():
            return [_in_place(value, tables) for value in schema]
    return schema
