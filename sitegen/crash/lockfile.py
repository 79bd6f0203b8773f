"""Evidence <-> `<case>.lock.json`, in the one canonical form.

UTF-8, keys in the order of the model, two-space indent with one list item a
line so that a review shows what changed, a newline at the end. A reader that
meets an unknown key keeps going; one that meets another schema number stops.
"""

import re
import stat
from pathlib import Path

import msgspec

from sitegen import codes
from sitegen.diagnostics import Place, Sink
from sitegen.model import Evidence, to_plain

SCHEMA = 1
MAX_BYTES = 64 << 20


def encode(evidence: Evidence) -> bytes:
    """The canonical form. `decode(encode(e)) == e`, and equal evidence gives equal bytes."""
    return _lines(to_plain(evidence), "").encode() + b"\n"


_FLAT = 100  # columns up to which a table of plain values stays on one line


def _lines(value: object, indent: str) -> str:
    """`value` as JSON; what holds only plain values and is short stays on one line."""
    match value:
        case dict() | list() | tuple() if not value:
            return "{}" if isinstance(value, dict) else "[]"
        case dict():
            items = [(f"{_plain(key)}: ", item) for key, item in value.items()]
            opening, closing = "{}"
        case list() | tuple():
            items = [("", item) for item in value]
            opening, closing = "[]"
        case _:
            return _plain(value)
    if not any(isinstance(item, dict | list | tuple) for _, item in items):
        flat = opening + ", ".join(key + _plain(item) for key, item in items) + closing
        if len(indent) + len(flat) <= _FLAT:
            return flat
    inner = indent + "  "
    body = ",\n".join(f"{inner}{key}{_lines(item, inner)}" for key, item in items)
    return f"{opening}\n{body}\n{indent}{closing}"


def _plain(value: object) -> str:
    return msgspec.json.encode(value).decode()


def decode(data: bytes) -> Evidence:
    """The evidence in `data`; raises `LockError` with the reason when it is of another form."""
    try:
        schema = msgspec.json.decode(data, type=_Head).schema
        if schema != SCHEMA:
            raise LockError(f"its schema is {schema}, this sitegen reads {SCHEMA}")
        return msgspec.json.decode(data, type=Evidence)
    except msgspec.ValidationError as error:
        raise LockError(f"not of the form of a lock: {_reason(error)}") from None
    except (msgspec.DecodeError, RecursionError) as error:
        raise LockError(f"not JSON: {_reason(error)}") from None


class LockError(ValueError):
    """A lock file that cannot be used; its text is the reason, lower case."""


class _Head(msgspec.Struct):
    schema: int


def _reason(error: Exception) -> str:
    text = re.sub(r"^JSON is malformed: ", "", str(error))
    return text[:1].lower() + text[1:]


def read_lock(path: Path, name: str, sink: Sink) -> Evidence | None:
    """The lock at `path`; None when there is none, or (with a complaint) when it cannot be used."""
    try:
        found = path.stat()
        if not stat.S_ISREG(found.st_mode):
            sink.add(codes.S008, f"'{path.name}' is no file", at=Place(name))
            return None
        if found.st_size > MAX_BYTES:
            sink.add(
                codes.S008, f"'{path.name}' is larger than {MAX_BYTES >> 20} MiB", at=Place(name)
            )
            return None
        data = path.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        sink.add(codes.G006, f"cannot read '{path.name}': {error.strerror}", at=Place(name))
        return None
    try:
        return decode(data)
    except LockError as error:
        sink.add(
            codes.S008,
            str(error),
            at=Place(name),
            hint="delete the file and run sitegen build where the image is",
        )
        return None
