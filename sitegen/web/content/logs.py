"""`panic` blocks -> the logs of a document: their text, and where it stands."""

import hashlib
import re

from msgspec.structs import replace

from sitegen import codes
from sitegen.diagnostics import Place
from sitegen.web.content.folder import Content, complain_unreadable, find_beside
from sitegen.web.content.forms import read_day
from sitegen.web.content.frontmatter import MAX_EXCERPT
from sitegen.web.content.values import Document, EmbeddedLog, PanicBlock

MAX_LOG = 64 << 20
"""Bytes of a log in a file of its own."""


def with_logs(document: Document, blocks: tuple[PanicBlock, ...], content: Content) -> Document:
    """The document with the logs of its blocks. No two have one id."""
    logs: dict[str, EmbeddedLog] = {}
    numbers: dict[str, int] = {}  # of each id that stands twice: the last one given
    lines = document.body.split("\n")
    for number, block in enumerate(blocks, start=1):
        log = _log(document, block, f"panic-{number}", lines, content)
        if log is None:
            continue
        if log.id in logs:
            content.sink.add(
                codes.M010,
                f"two logs have the id '{log.id}'",
                at=_place(document, lines, block.line),
                hint="give one of them another ':id:'",
            )
            count = numbers.get(log.id, 1) + 1
            while f"{log.id}-{count}" in logs:
                count += 1
            numbers[log.id] = count
            log = replace(log, id=f"{log.id}-{count}")
        logs[log.id] = log
    return replace(document, logs=tuple(logs.values()))


def _log(
    document: Document, block: PanicBlock, default_id: str, lines: list[str], content: Content
) -> EmbeddedLog | None:
    """The block's log; None (and a complaint) when the file it names cannot be had."""
    options = {name: value for name, value, _ in block.options}
    at = {name: line for name, _, line in block.options}
    name = options.get("id") or default_id
    if not re.match(r"[A-Za-z][A-Za-z0-9_-]{0,63}\Z", name):
        content.sink.add(
            codes.M005,
            f"'{name[:80]}' is no id",
            at=_place(document, lines, at["id"]),
            hint="use letters, digits and dashes, a letter first",
        )
        name = default_id
    date = options.get("date", "")
    if date and read_day(date) is None:
        content.sink.add(
            codes.M003,
            f"'{date[:80]}' is no date",
            at=_place(document, lines, at["date"]),
            hint="write it as YYYY-MM-DD",
        )
        date = ""
    if wanted := options.get("file"):
        place = _place(document, lines, at["file"])
        found = _log_file(document, wanted, place, content)
        if found is None:
            return None
        path, data = found
        text, line, indent = data.decode("utf-8", "replace"), 1, 0
    else:
        path, text = document.file, block.text
        data = text.encode()
        line, indent = document.body_line + block.text_line - 1, block.indent
    return EmbeddedLog(
        id=name,
        text=text,
        sha256=hashlib.sha256(data).hexdigest(),
        path=path,
        line=line,
        indent=indent,
        block=document.body_line + block.line - 1,
        kernel=" ".join(options.get("kernel", "").split()),
        date=date,
    )


def _log_file(
    document: Document, wanted: str, place: Place, content: Content
) -> tuple[str, bytes] | None:
    """Path (relative to the root) and bytes of the file that a `panic` directive names."""
    path, problem = find_beside(document.path, wanted, content)
    if problem:
        hint = _HINTS[problem]
        content.sink.add(codes.L002, f"log file '{wanted[:200]}' {problem}", at=place, hint=hint)
        return None
    try:
        with (content.folder / path).open("rb") as stream:
            data = stream.read(MAX_LOG + 1)
    except OSError as error:
        complain_unreadable(content, path, error)
        return None
    if len(data) > MAX_LOG:
        content.sink.add(
            codes.L004, f"log file '{wanted[:200]}' is larger than {MAX_LOG >> 20} MiB", at=place
        )
        data = data[:MAX_LOG]
    return content.name(path), data


_HINTS = {
    "lies outside the content folder": "put the log beside the document",
    "does not exist": "name a file beside the document",
    "leads out of the content folder": "put a copy in its place",
}


def _place(document: Document, lines: list[str], line: int) -> Place:
    """Line `line` of the body, from 1, as a place in the file; `lines` are the body's."""
    text = lines[line - 1]
    start = len(text) - len(text.lstrip())
    shown = text if len(text) <= MAX_EXCERPT else ""
    return Place(document.file, document.body_line + line - 1, start + 1, len(text) + 1, shown)
