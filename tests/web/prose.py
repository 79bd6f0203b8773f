"""A document of a small content folder, rendered: for the tests of what Markdown becomes."""

from collections.abc import Callable
from functools import partial
from html import escape
from pathlib import Path

from sitegen.diagnostics import Sink
from sitegen.web import links
from sitegen.web.content import PANIC_OPTIONS, Document, read_document
from sitegen.web.index import Index
from sitegen.web.markdown import (
    DirectiveSpec,
    DirectiveUse,
    Means,
    Rendered,
    find_panics,
    render,
    standard_roles,
)

PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + (640).to_bytes(4, "big") + (480).to_bytes(4, "big")

SPECS = {
    spec.name: spec
    for spec in (
        DirectiveSpec("panic", options=PANIC_OPTIONS, body="text"),
        DirectiveSpec("note", "optional", frozenset({"class"})),
        DirectiveSpec("tip"),
        DirectiveSpec("important"),
        DirectiveSpec("warning"),
        DirectiveSpec("caution"),
        DirectiveSpec("chain", body="none"),
        DirectiveSpec("frame", "required"),
        DirectiveSpec("registers", "optional", body="none"),
    )
}
FUNCTIONS = {"vfs_write": "#walk-vfs_write"}
MEANS = Means(
    SPECS,
    standard_roles(FUNCTIONS, lambda file, line: f"https://source.example/{file}#L{line or 1}"),
    FUNCTIONS,
    taken=("log",),
)
INDEX = Index(
    documents={
        "index.md": "",
        "docs/about.md": "docs/about/",
        "cases/other.md": "cases/other/",
        "cases/folder/index.md": "cases/folder/",
    },
    titles={"": "Home", "cases/": "Cases"},
)


def show(use: DirectiveUse) -> str:
    """A directive as the fixtures see it; like a partial, it escapes what is text."""
    body = escape(use.body) if use.name == "panic" else use.body
    options = "".join(f" {name}={value}" for name, value in use.options)
    head = escape(f"{use.name}|{use.argument}|{options.strip()}|{use.log}|line {use.at.line}")
    return f"<section><p>{head}</p>\n{body}</section>\n"


def document(tmp_path: Path, text: str | bytes, path: str = "docs/page.md") -> Document:
    file = tmp_path / "content" / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(text.encode() if isinstance(text, str) else text)
    found = read_document(
        path, folder=tmp_path / "content", root=tmp_path, sink=Sink(), find_panics=find_panics
    )
    assert found is not None
    return found


def rendered(
    tmp_path: Path,
    text: str,
    sink: Sink | None = None,
    *,
    place: Callable[[DirectiveUse], str] = show,
    means: Means = MEANS,
) -> Rendered:
    page = document(tmp_path, text)
    resolve = partial(links.resolve, document=page, index=INDEX, folder=tmp_path / "content")
    return render(page, means=means, place=place, resolve=resolve, sink=sink or Sink())
