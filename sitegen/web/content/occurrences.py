"""A file of occurrences beside a case -> its rows.

Comma-separated values, the names of the columns in the first line: `date`, and of `kernel`,
`host`, `count` and `link` those that are known.
"""

import csv
import io
from collections.abc import Iterator

from msgspec.structs import replace

from sitegen import codes
from sitegen.diagnostics import Place, Sink, nearest_hint
from sitegen.web.content.folder import Content, complain_unreadable, find_beside
from sitegen.web.content.fields import OCCURRENCE
from sitegen.web.content.forms import Form
from sitegen.web.content.nodes import Node, WrongError, short
from sitegen.web.content.values import Document, Occurrence

MAX_BYTES = 8 << 20
"""Of a file of occurrences."""


def with_occurrences(document: Document, content: Content) -> Document:
    """The document with the occurrences of the file that it names, all by date."""
    name = document.front.occurrences_file
    rows = list(document.front.occurrences)
    tables: tuple[str, ...] = ()
    if name:
        path, problem = find_beside(document.path, name, content)
        if problem:
            content.sink.add(
                codes.L002,
                f"'{short(name)}' {problem}",
                at=Place(document.file),
                hint="name a file beside the document, or list the occurrences",
            )
        else:
            tables = (content.name(path),)
            rows += _read(path, content)
    rows.sort(key=lambda row: row.date)
    return replace(document, front=replace(document.front, occurrences=tuple(rows)), tables=tables)


def _read(path: str, content: Content) -> Iterator[Occurrence]:
    """The rows of the file, each that is wrong left out; complains about the first of these."""
    try:
        with (content.folder / path).open("rb") as stream:
            data = stream.read(MAX_BYTES + 1)
    except OSError as error:
        complain_unreadable(content, path, error)
        return
    file = content.name(path)
    if len(data) > MAX_BYTES:
        content.sink.add(codes.M011, f"larger than {MAX_BYTES >> 20} MiB", at=Place(file))
        return
    lines = io.StringIO(data.decode("utf-8-sig", "replace"), newline="")
    reader = csv.reader(lines)
    left_out = 0
    try:
        names = [name.strip().lower() for name in next(reader, [])]
        _check_columns(names, Place(file, 1), content.sink)
        if "date" not in names:
            return
        for row in reader:
            met = Sink()
            found = _row(dict(zip(names, row, strict=False)), Place(file, reader.line_num), met)
            if found:
                yield found
            if left_out < _MOST_COMPLAINTS:
                content.sink.extend(met)
            left_out += met.found() != ()
    except csv.Error as error:
        content.sink.add(
            codes.M003, f"not comma-separated: {error}", at=Place(file, reader.line_num)
        )
    if left_out > _MOST_COMPLAINTS:
        more = left_out - _MOST_COMPLAINTS
        content.sink.add(codes.M003, f"{more} more rows with such problems", at=Place(file))


_MOST_COMPLAINTS = 20
"""Rows of a file, and columns, that are complained about one by one."""


def _check_columns(names: list[str], at: Place, sink: Sink) -> None:
    """Complains about columns that do not exist, and when there is none of dates."""
    unknown = [name for name in names if name not in OCCURRENCE]
    missing = set(OCCURRENCE) - set(names)
    for name in unknown[:_MOST_COMPLAINTS]:
        hint = nearest_hint(name[:80], missing)
        sink.add(codes.M002, f"unknown column '{short(name)}'", at=at, hint=hint)
    if len(unknown) > _MOST_COMPLAINTS:
        more = len(unknown) - _MOST_COMPLAINTS
        sink.add(codes.M002, f"{more} more unknown columns", at=at)
    if "date" not in names:
        sink.add(
            codes.M003,
            "no column 'date'",
            at=at,
            hint="begin the file with a line of names: date,kernel,host,count,link",
        )


def _row(cells: dict[str, str], at: Place, sink: Sink) -> Occurrence | None:
    values = {}
    for name, cell in cells.items():
        field = OCCURRENCE.get(name)
        if field and isinstance(field.form, Form) and cell.strip():
            try:
                values[name] = field.form.read(Node(cell, 0, 0, 0))
            except WrongError as wrong:
                sink.add(codes.M003, f"'{name}': {wrong}", at=at, hint=wrong.hint)
    if "date" not in values:
        if any(cell.strip() for cell in cells.values()) and not cells.get("date", "").strip():
            sink.add(codes.M003, "a row without 'date'", at=at)
        return None
    return Occurrence(**values)
