"""The keys of front matter as JSON Schema, so that editors complete and check them."""

from collections.abc import Mapping

from sitegen.web.content.fields import FIELDS, Field, Fields, Group, Names, Rows
from sitegen.web.content.forms import TEXT, Form


def front_matter_schema() -> dict[str, object]:
    """What `read_front_matter` accepts, as far as a schema can say it."""
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "Front matter of a page of sitegen",
        **_mapping(FIELDS),
    }


def _mapping(fields: Fields, required: str = "") -> dict[str, object]:
    found: dict[str, object] = {
        "type": ["object", "null"],
        "additionalProperties": False,
        "properties": {name: _property(field) for name, field in fields.items()},
    }
    return found | {"type": "object", "required": [required]} if required else found


def _property(field: Field) -> dict[str, object]:
    examples = [] if field.example is None else [field.example]
    return {
        "description": field.says,
        **_schema(field),
        **({"examples": examples} if examples else {}),
    }


def _schema(field: Field) -> Mapping[str, object]:
    match field.form:
        case Form(schema=schema):
            return schema
        case Group(fields):
            return _mapping(fields)
        case Names():
            return {"type": ["object", "null"], "additionalProperties": TEXT.schema}
        case Rows(fields, required=required):
            rows = {"type": "array", "items": _mapping(fields, required)}
            return {"anyOf": [rows, {"type": ["string", "null"]}]}
