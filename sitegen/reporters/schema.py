"""The JSON Schema of our own JSON report."""

from typing import Any, get_args

from sitegen.diagnostics import Severity
from sitegen.reporters.plain import SCHEMA

_SEVERITIES = get_args(Severity)


def report_schema() -> dict[str, Any]:
    """What `--format json` prints."""
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "Report of sitegen check and sitegen build",
        "description": "Problems as `--format json` prints them.",
        **_object(
            {
                "schema": {
                    "const": SCHEMA,
                    "description": "Counts up when a key changes its meaning or goes.",
                },
                "sitegen": {"type": "string", "description": "The version that made the report."},
                "prefix": {
                    "type": "string",
                    "description": "What makes a path relative to the top of the git repository, when"
                    " it is put before it.",
                },
                "counts": {
                    "description": "How many there are of each severity.",
                    **_object({name: _number(0, "") for name in _SEVERITIES}, _SEVERITIES),
                },
                "diagnostics": {
                    "type": "array",
                    "description": "From `sitegen check` by file, line and column.",
                    "items": _object(_DIAGNOSTIC, ("code", "severity", "message")),
                },
            },
            ("schema", "sitegen", "prefix", "counts", "diagnostics"),
        ),
    }


def _object(properties: dict[str, Any], required: tuple[str, ...]) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": properties,
        "required": list(required),
        "additionalProperties": False,
    }


def _number(least: int, says: str) -> dict[str, Any]:
    found = {"type": "integer", "minimum": least}
    return found | {"description": says} if says else found


_DIAGNOSTIC: dict[str, Any] = {
    "code": {
        "type": "string",
        "pattern": "^[A-Z][0-9]{3}$",
        "description": "`sitegen explain CODE` tells more.",
    },
    "severity": {"enum": list(_SEVERITIES)},
    "message": {"type": "string", "description": "One line that says what is."},
    "hint": {"type": "string", "description": "What to do about it."},
    "path": {"type": "string", "description": "The file, relative to the project's root."},
    "line": _number(1, "From 1; left out when the whole file is meant."),
    "column": _number(1, "From 1, in characters; left out when the whole line is meant."),
    "end": _number(1, "The column after the last character."),
    "text": {"type": "string", "description": "The line itself."},
}
