"""The content folder -> Documents, in the order of their paths.

Nothing outside the folder is read, by no path and by no symbolic link; names that
begin with `_` or `.` are skipped. A document with problems is still a document.
"""

import hashlib
import os
import re
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from msgspec.structs import replace

from sitegen import codes
from sitegen.diagnostics import Place, Sink
from sitegen.web.content.frontmatter import MAX_EXCERPT, read_day, read_front_matter
from sitegen.web.content.values import Document, EmbeddedLog, FindPanics, Kind, PanicBlock

MAX_DOCUMENT = 8 << 20
"""Bytes of a Markdown file, logs inside included."""

MAX_LOG = 64 << 20
"""Bytes of a log in a file of its own."""

CASES = "cases"
"""The folder of the content folder that holds cases."""

_INDEX = "index.md"


def read_content(
    folder: Path, root: Path, sink: Sink, *, find_panics: FindPanics
) -> tuple[Document, ...]:
    """Every document below `folder`, sorted by path. Of two with one address the first is kept."""
    documents: dict[str, Document] = {}
    for path in find_documents(folder, root, sink):
        document = read_document(path, folder=folder, root=root, sink=sink, find_panics=find_panics)
        if document is None:
            continue
        other = documents.setdefault(document.url, document)
        if other is not document:
            sink.add(
                codes.M009,
                f"'{other.file}' has the same address, '{document.url}'",
                at=Place(document.file),
                hint="rename one of them",
            )
    return tuple(documents.values())


def find_documents(folder: Path, root: Path, sink: Sink) -> tuple[str, ...]:
    """Paths of all Markdown files below `folder`, relative to it, sorted."""
    return tuple(sorted(_walk(folder, "", _Content(folder, root, sink))))


class _Content(NamedTuple):
    """Where content is read from and problems go to."""

    folder: Path
    root: Path
    sink: Sink

    def name(self, path: str) -> str:
        """`path` of the content folder as diagnostics name it: relative to the project's root."""
        name = Path(os.path.relpath(self.folder / path, self.root)).as_posix()
        return name.encode("utf-8", "replace").decode("utf-8")


def _walk(folder: Path, prefix: str, content: _Content) -> Iterator[str]:
    try:
        entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
    except OSError as error:
        _unreadable(content, prefix.rstrip("/"), error)
        return
    for entry in entries:
        if entry.name.startswith(("_", ".")):
            continue
        path = prefix + entry.name
        if entry.is_symlink() and not _may_follow(entry, content, path):
            continue
        if entry.is_dir():
            yield from _walk(folder / entry.name, f"{path}/", content)
        elif entry.is_file() and entry.name.endswith(".md"):
            if not _is_text(entry.name):
                content.sink.add(
                    codes.M007,
                    "the name of the file is not UTF-8",
                    at=Place(content.name(path)),
                    hint="rename it",
                )
            else:
                yield path


def _may_follow(entry: os.DirEntry[str], content: _Content, path: str) -> bool:
    """Whether a symbolic link leads to a file inside the content folder; complains if it does not.

    Links to folders are never followed: they make circles, and two addresses for one page.
    """
    if entry.is_dir() or entry.name.endswith(".md"):
        if entry.is_file() and is_inside(Path(entry.path), content.folder):
            return True
        content.sink.add(
            codes.M012,
            "a symbolic link to a folder" if entry.is_dir() else "leads out of the content folder",
            at=Place(content.name(path)),
            hint="put a copy in its place",
        )
    return False


def is_inside(path: Path, folder: Path) -> bool:
    """Whether `path`, every symbolic link resolved, is in or below `folder`."""
    try:
        return path.resolve().is_relative_to(folder.resolve())
    except (OSError, RuntimeError, ValueError):  # a circle of links, a NUL in the name
        return False


def _is_text(name: str) -> bool:
    try:
        name.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True


def _unreadable(content: _Content, path: str, error: OSError) -> None:
    reason = (error.strerror or "no reason given").lower()
    content.sink.add(codes.G006, f"cannot read: {reason}", at=Place(content.name(path)))


# --- One document ----------------------------------------------------------------------------


def read_document(
    path: str, *, folder: Path, root: Path, sink: Sink, find_panics: FindPanics
) -> Document | None:
    """The document at `path` of the content folder; None when it cannot be read as text."""
    content = _Content(folder, root, sink)
    file = content.name(path)
    text = _read_text(path, content)
    if text is None:
        return None
    front, lines = read_front_matter(text, file, sink)
    body = text if not lines else text.split("\n", lines)[-1]
    kind, slug, url = _address(path, folder)
    document = Document(
        path=path,
        file=file,
        kind=kind,
        slug=slug,
        url=url,
        front=front,
        heading=_heading(body),
        body=body,
        body_line=lines + 1,
    )
    # Cheap test first: without the word there is no block, and nothing to parse.
    blocks = find_panics(body) if "panic" in body else ()
    if kind == "case" and not blocks:
        sink.add(
            codes.M008,
            "the case has no log",
            at=Place(file),
            hint="paste the log into a fenced block that begins with ```panic",
        )
    if not blocks:
        return document
    return _with_logs(document, blocks, content)


def _read_text(path: str, content: _Content) -> str | None:
    try:
        with (content.folder / path).open("rb") as stream:
            data = stream.read(MAX_DOCUMENT + 1)
    except OSError as error:
        _unreadable(content, path, error)
        return None
    if len(data) > MAX_DOCUMENT:
        content.sink.add(
            codes.M011,
            f"larger than {MAX_DOCUMENT >> 20} MiB",
            at=Place(content.name(path)),
            hint="keep the log in a file beside it, and name that by ':file:' in a panic directive",
        )
        return None
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        content.sink.add(
            codes.M007,
            f"not UTF-8: byte 0x{data[error.start]:02x}",
            at=Place(content.name(path), line),
            hint="save the file as UTF-8",
        )
        return None
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text


def _address(path: str, folder: Path) -> tuple[Kind, str, str]:
    """Kind, slug and url of the document at `path`."""
    parts = path.removesuffix(".md").split("/")
    if parts[-1] == "index":
        parts.pop()
    segments = [_segment(part) for part in parts]
    if len(parts) > 1 and parts[0] == CASES and not _beside_a_case(path, folder):
        slug = "/".join(segments[1:])
        return "case", slug, f"{CASES}/{slug}/"
    slug = "/".join(segments)
    return "page", slug, f"{slug}/" if slug else ""


def _beside_a_case(path: str, folder: Path) -> bool:
    """Whether the document belongs to the case of a folder above it (`cases/slug/index.md`)."""
    above = path.split("/")[:-1]
    if path.endswith(f"/{_INDEX}"):
        above = above[:-1]
    return any(
        (folder.joinpath(*above[:depth]) / _INDEX).is_file() for depth in range(2, len(above) + 1)
    )


def _segment(name: str) -> str:
    """`name` as a part of an address: letters, digits, `_`, `.` and `-`, whatever it was."""
    word = re.sub(r"[^\w.-]+", "-", unicodedata.normalize("NFC", name)).strip("-.")
    return word or "page"


def _heading(body: str) -> str:
    """The text of the `# heading` that the body begins with, without backticks; or nothing."""
    line = body.lstrip("\n").split("\n", 1)[0][:1000]
    if not line.startswith(("# ", "#\t")):
        return ""
    text = line[1:].strip()
    bare = text.rstrip("#")
    if bare != text and bare[-1:] in {"", " ", "\t"}:
        text = bare.rstrip()
    return text.replace("`", "")


# --- Its logs --------------------------------------------------------------------------------


def _with_logs(
    document: Document, blocks: tuple[PanicBlock, ...], content: _Content
) -> Document:
    logs: dict[str, EmbeddedLog] = {}
    for number, block in enumerate(blocks, start=1):
        log = _log(document, block, f"panic-{number}", content)
        if log is None:
            continue
        if log.id in logs:
            content.sink.add(
                codes.M010,
                f"two logs have the id '{log.id}'",
                at=_place(document, block.line),
                hint="give one of them another ':id:'",
            )
            free = next(f"{log.id}-{n}" for n in range(2, len(blocks) + 2) if f"{log.id}-{n}" not in logs)
            log = replace(log, id=free)
        logs[log.id] = log
    return replace(document, logs=tuple(logs.values()))


def _log(
    document: Document, block: PanicBlock, default_id: str, content: _Content
) -> EmbeddedLog | None:
    """The block's log; None (and a complaint) when the file it names cannot be had."""
    options = {name: value for name, value, _ in block.options}
    lines = {name: line for name, _, line in block.options}
    name = options.get("id") or default_id
    if not re.match(r"[A-Za-z][A-Za-z0-9_-]{0,63}\Z", name):
        content.sink.add(
            codes.M005,
            f"'{name[:80]}' is no id",
            at=_place(document, lines["id"]),
            hint="use letters, digits and dashes, a letter first",
        )
        name = default_id
    date = options.get("date", "")
    if date and read_day(date) is None:
        content.sink.add(
            codes.M003,
            f"'{date[:80]}' is no date",
            at=_place(document, lines["date"]),
            hint="write it as YYYY-MM-DD",
        )
        date = ""
    if wanted := options.get("file"):
        place = _place(document, lines["file"])
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
    document: Document, wanted: str, place: Place, content: _Content
) -> tuple[str, bytes] | None:
    """Path (relative to the root) and bytes of the file that a `panic` directive names."""
    path = os.path.normpath(os.path.join(os.path.dirname(document.path), wanted))  # noqa: PTH118, PTH120  reason: pure text, nothing is asked of the disk yet
    target = content.folder / path
    problem, hint = "", ""
    if path.startswith(("/", "..")) or "\0" in path:
        problem, hint = "lies outside the content folder", "put the log beside the document"
    elif not target.is_file():
        problem, hint = "does not exist", "name a file beside the document"
    elif not is_inside(target, content.folder):
        problem, hint = "leads out of the content folder", "put a copy in its place"
    if problem:
        content.sink.add(codes.L002, f"log file '{wanted[:200]}' {problem}", at=place, hint=hint)
        return None
    try:
        with target.open("rb") as stream:
            data = stream.read(MAX_LOG + 1)
    except OSError as error:
        _unreadable(content, path, error)
        return None
    if len(data) > MAX_LOG:
        content.sink.add(codes.L004, f"log file '{wanted[:200]}' is larger than 64 MiB", at=place)
        data = data[:MAX_LOG]
    return content.name(path), data


def _place(document: Document, line: int) -> Place:
    """Line `line` of the body, from 1, as a place in the file."""
    text = document.body.split("\n", line)[line - 1]
    start = len(text) - len(text.lstrip())
    shown = text if len(text) <= MAX_EXCERPT else ""
    return Place(document.file, document.body_line + line - 1, start + 1, len(text) + 1, shown)
