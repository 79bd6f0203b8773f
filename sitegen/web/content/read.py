"""The content folder -> Documents, in the order of their paths.

Nothing outside the folder is read, by no path and by no symbolic link; names that
begin with `_` or `.` are skipped. A document with problems is still a document.
"""

import os
from collections.abc import Iterator
from pathlib import Path

from sitegen import codes
from sitegen.diagnostics import Place, Sink
from sitegen.web.content.address import address
from sitegen.web.content.folder import Content, complain_unreadable, is_inside
from sitegen.web.content.frontmatter import read_front_matter
from sitegen.web.content.logs import with_logs
from sitegen.web.content.occurrences import with_occurrences
from sitegen.web.content.values import Document, FindPanics

MAX_DOCUMENT = 8 << 20
"""Bytes of a Markdown file, logs inside included."""

MAX_FOLDERS = 32
"""Folders in each other, below the content folder."""


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
    return tuple(sorted(_walk(folder, "", Content(folder, root, sink))))


def _walk(folder: Path, prefix: str, content: Content) -> Iterator[str]:
    try:
        entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
    except OSError as error:
        complain_unreadable(content, prefix.rstrip("/"), error)
        return
    for entry in entries:
        if entry.name.startswith(("_", ".")):
            continue
        path = prefix + entry.name
        if entry.is_symlink() and not _may_follow(entry, content, path):
            continue
        if entry.is_dir():
            if path.count("/") >= MAX_FOLDERS:
                content.sink.add(
                    codes.M011,
                    f"folders nested deeper than {MAX_FOLDERS} levels are not read",
                    at=Place(content.name(path)),
                    hint="move it up",
                )
                continue
            yield from _walk(folder / entry.name, f"{path}/", content)
        elif entry.is_file() and entry.name.endswith(".md"):
            if not _is_text(path):
                content.sink.add(
                    codes.M007,
                    "the name of the file or of a folder above it is not UTF-8",
                    at=Place(content.name(path)),
                    hint="rename it",
                )
            else:
                yield path


def _may_follow(entry: os.DirEntry[str], content: Content, path: str) -> bool:
    """Whether a symbolic link leads to a file inside the content folder; complains if it does not.

    Links to folders are never followed: they make circles, and two addresses for one page.
    """
    target = Path(entry.path)
    is_dir = target.is_dir()
    if is_dir or entry.name.endswith(".md"):
        if target.is_file() and is_inside(target, content.folder):
            return True
        content.sink.add(
            codes.M012,
            "a symbolic link to a folder" if is_dir else "leads out of the content folder",
            at=Place(content.name(path)),
            hint="put a copy in its place",
        )
    return False


def _is_text(name: str) -> bool:
    try:
        name.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True


# --- One document ----------------------------------------------------------------------------


def read_document(
    path: str, *, folder: Path, root: Path, sink: Sink, find_panics: FindPanics
) -> Document | None:
    """The document at `path` of the content folder; None when it cannot be read as text."""
    content = Content(folder, root, sink)
    file = content.name(path)
    text = _read_text(path, content)
    if text is None:
        return None
    front, lines = read_front_matter(text, file, sink)
    body = text if not lines else text.split("\n", lines)[-1]
    kind, slug, url = address(path, folder)
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
    if front.occurrences or front.occurrences_file:
        document = with_occurrences(document, content)
    if not blocks:
        return document
    return with_logs(document, blocks, content)


def _read_text(path: str, content: Content) -> str | None:
    try:
        with (content.folder / path).open("rb") as stream:
            data = stream.read(MAX_DOCUMENT + 1)
    except OSError as error:
        complain_unreadable(content, path, error)
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
