"""Evidence <-> `<case>.lock.json`, in the one canonical form.

UTF-8, keys in the order of the model, two-space indent with one list item a
line so that a review shows what changed, a newline at the end. A reader that
meets an unknown key keeps going; one that meets another schema number stops.
"""

import hashlib
import re
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import TypeVar, cast

import msgspec
from msgspec.structs import replace

from sitegen import codes
from sitegen.diagnostics import Place, Sink
from sitegen.model import Evidence, Snippet, to_plain
from sitegen.wording import reason_of

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
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError) as error:
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
        sink.add(codes.G006, f"cannot read '{path.name}': {reason_of(error)}", at=Place(name))
        return None
    try:
        evidence = decode(data)
    except LockError as error:
        sink.add(
            codes.S008,
            str(error),
            at=Place(name),
            hint="delete the file and run sitegen build where the image is",
        )
        return None
    forged = [one for one in iter_snippets(evidence) if not _is_genuine(one)]
    if not forged:
        return evidence
    first = next((number for number, _ in forged[0].shown), forged[0].first)
    more = f" and in {len(forged) - 1} other places" if len(forged) > 1 else ""
    sink.add(
        codes.S012,
        f"the text at {forged[0].file}:{first}{more} is not what its digest says",
        at=Place(name),
        hint="run sitegen build --relock where the source tree is",
    )
    return _without_forged(evidence)


# --- The text of snippets ----------------------------------------------------------------------


def iter_snippets(evidence: Evidence) -> Iterator[Snippet]:
    """All snippets of the evidence."""
    for log in evidence.logs:
        for report in log.reports:
            for step in report.chain:
                if step.snippet is not None:
                    yield step.snippet
                tables = (*step.edge.tables, *(t for one in step.edge.targets for t in one.tables))
                yield from (table.snippet for table in tables if table.snippet is not None)
                yield from (one.snippet for one in step.edge.handed if one.snippet is not None)
        yield from (excerpt.snippet for excerpt in log.excerpts)


def _is_genuine(snippet: Snippet) -> bool:
    """Whether the text, where there is one, is what was hashed."""
    return not snippet.text or hashlib.sha256(snippet.text.encode()).hexdigest() == snippet.sha256


_Value = TypeVar("_Value")


def _without_forged(value: _Value) -> _Value:
    """The value with the text of forged snippets left out, at any depth."""
    if isinstance(value, tuple):
        return cast("_Value", tuple(_without_forged(item) for item in value))
    if not isinstance(value, msgspec.Struct):
        return value
    if isinstance(value, Snippet):
        return value if _is_genuine(value) else replace(value, text="")
    fields = {name: getattr(value, name) for name in value.__struct_fields__}
    return replace(value, **{name: _without_forged(field) for name, field in fields.items()})
