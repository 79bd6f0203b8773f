"""sitegen.toml, or [tool.sitegen] in pyproject.toml -> Project.

Reads the configuration and nothing else; whether an image or a tree is there is
asked by those who use it. Paths are absolute in the value and relative to the
configuration file in the text; `$NAME` stands for an environment variable, so
that one committed file serves machines which keep their kernels elsewhere.
"""

import os
import re
import tomllib
from pathlib import Path
from typing import Annotated, Any, TypeVar

import msgspec

from sitegen import codes
from sitegen.diagnostics import Place, Sink, in_words, nearest_hint
from sitegen.model import Value

CONFIG_FILES = ("sitegen.toml", "pyproject.toml")


class Kernel(Value, frozen=True):
    """A kernel that logs may come from, and where its image and source are."""

    name: str
    "how diagnostics call it: its release, or its build ID"
    release: str = ""
    build_id: str = ""
    vmlinux: Path | None = None
    "None: not configured, or under an environment variable that is not set"
    elsewhere: bool = False
    "an image is configured, but under a variable that is not set here: another machine has it"
    modules: tuple[Path, ...] = ()
    source: Path | None = None
    revision: str = ""
    "of a git repository at `source`; empty for a plain folder"
    snippets: bool = True
    "whether source text may stand in the lock and on pages"
    browse: str = ""
    "URL of an online source browser with {file} and {line}"


class Project(Value, frozen=True):
    """Everything the configuration says, with defaults filled in."""

    root: Path
    config: str
    "name of the configuration file, relative to root"
    title: str
    description: str = ""
    language: str = "en"
    base_url: str = ""
    "ends with `/`; empty when the site does not know where it will be published"
    edit: str = ""
    "address at which documents are edited, with {path} relative to the root; empty for none"
    updated: bool = False
    "whether pages say when they last changed, as git remembers it"
    content: Path = Path()
    output: Path = Path()
    theme: str = "default"
    theme_options: dict[str, str | int | bool] = msgspec.field(default_factory=dict)
    kernels: tuple[Kernel, ...] = ()
    debuginfod: bool = False
    "whether images that are not here may be fetched by their build ID"
    math: bool = False
    "whether `$x$` is a formula in Markdown"
    full_text: bool = False
    "whether the search page finds words of the text, too"
    raw_html: bool = False
    "whether HTML in Markdown is let through, as far as it can do no harm"

    def find_kernel(self, release: str, build_id: str) -> Kernel | None:
        """The kernel of this build ID, else of this release; None when there is none."""
        if build_id:
            for kernel in self.kernels:
                if kernel.build_id and kernel.build_id == build_id:
                    return kernel
        for kernel in self.kernels:
            if release and kernel.release == release:
                return kernel
        return None

    def relative(self, path: Path) -> str:
        """`path` as diagnostics and outputs name it: relative to the root, with `/`."""
        return Path(os.path.relpath(path, self.root)).as_posix()


_T = TypeVar("_T")
_Text = Annotated[str, msgspec.Meta(max_length=2000)]


BASE_URL = r"https?://[^\s\"'<>]+"
"""The form of an address that a site may be published at."""


class _KernelTable(msgspec.Struct, rename="kebab", forbid_unknown_fields=True):
    release: _Text = ""
    build_id: Annotated[str, msgspec.Meta(pattern=r"^[0-9a-fA-F]*$")] = ""
    vmlinux: _Text = ""
    modules: list[_Text] = []
    source: _Text = ""
    revision: Annotated[str, msgspec.Meta(pattern=r"^[\w./^~@{}-]*$")] = ""
    snippets: bool = True
    browse: _Text = ""


class _Table(msgspec.Struct, rename="kebab", forbid_unknown_fields=True):
    title: _Text = "Crash notes"
    description: _Text = ""
    language: Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$")] = "en"
    base_url: Annotated[str, msgspec.Meta(pattern=rf"^$|^{BASE_URL}$")] = ""
    edit: Annotated[str, msgspec.Meta(pattern=rf"^$|^{BASE_URL}$")] = ""
    updated: bool = False
    content: _Text = "content"
    output: _Text = "site"
    theme: Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z0-9][\w-]*$")] = "default"
    theme_options: dict[str, str | int | bool] = {}
    kernels: list[_KernelTable] = []
    debuginfod: bool = False
    math: bool = False
    full_text: bool = False
    raw_html: bool = False


def find_root(start: Path) -> Path | None:
    """The nearest folder from `start` upwards with a configuration; None when there is none."""
    for folder in (start, *start.parents):
        if any(_has_table(folder / name) for name in CONFIG_FILES):
            return folder
    return None


def _has_table(path: Path) -> bool:
    if not path.is_file():
        return False
    return path.name != "pyproject.toml" or b"[tool.sitegen" in path.read_bytes()


def read_project(root: Path, sink: Sink) -> Project | None:
    """The project configured in `root`; None when there is no usable configuration.

    Unknown keys and wrong values are complained about and left at their defaults.
    """
    path = next((root / name for name in CONFIG_FILES if _has_table(root / name)), None)
    if path is None:
        sink.add(
            codes.G001,
            "no sitegen.toml here",
            at=Place("sitegen.toml"),
            hint="run sitegen in a project, or write a sitegen.toml with a title",
        )
        return None
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        sink.add(codes.G006, f"cannot read '{path.name}': {_reason(error)}", at=Place(path.name))
        return None
    try:
        raw: dict[str, Any] = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        sink.add(codes.G002, f"not TOML: {error}", at=_toml_place(path.name, text, str(error)))
        return None
    if path.name == "pyproject.toml":
        raw = raw.get("tool", {}).get("sitegen", {})
    table = _convert(raw, _Lines(path.name, text), sink)
    return _project(root, path.name, table)


def _project(root: Path, config: str, table: _Table) -> Project:
    return Project(
        root=root,
        config=config,
        title=table.title,
        description=table.description,
        language=table.language,
        base_url=folder_url(table.base_url),
        edit=table.edit,
        updated=table.updated,
        content=root / table.content,
        output=root / table.output,
        theme=table.theme,
        theme_options=table.theme_options,
        kernels=tuple(_kernel(root, kernel) for kernel in table.kernels),
        debuginfod=table.debuginfod,
        math=table.math,
        full_text=table.full_text,
        raw_html=table.raw_html,
    )


def folder_url(url: str) -> str:
    """`url` with one slash at its end; empty stays empty."""
    return url.rstrip("/") + "/" if url else ""


def _kernel(root: Path, table: _KernelTable) -> Kernel:
    modules = (_path(root, module) for module in table.modules)
    return Kernel(
        name=table.release or table.build_id[:12] or "(unnamed kernel)",
        release=table.release,
        build_id=table.build_id.lower(),
        vmlinux=_path(root, table.vmlinux),
        elsewhere=bool(table.vmlinux) and _path(root, table.vmlinux) is None,
        modules=tuple(module for module in modules if module is not None),
        source=_path(root, table.source),
        revision=table.revision,
        snippets=table.snippets,
        browse=table.browse,
    )


_VARIABLE = re.compile(r"\$(?:\{(\w+)\}|(\w+))")


def _path(root: Path, text: str) -> Path | None:
    """`text` below `root`, `~` and variables replaced; None when empty or a variable is unset."""
    if not text:
        return None
    names = [braced or plain for braced, plain in _VARIABLE.findall(text)]
    if any(not os.environ.get(name) for name in names):
        return None
    return root / Path(os.path.expandvars(text)).expanduser()


# --- Complaints with places ------------------------------------------------------------------


def _convert(raw: dict[str, Any], lines: "_Lines", sink: Sink) -> _Table:
    """`raw` as a table: each key that does not fit is complained about and dropped."""
    kernels = [
        _fit(entry, _KernelTable, ("kernels", index), lines, sink)
        for index, entry in enumerate(_tables(raw.get("kernels", []), lines, sink))
    ]
    rest = {key: value for key, value in raw.items() if key != "kernels"}
    table = _fit(rest, _Table, (), lines, sink)
    return msgspec.structs.replace(table, kernels=kernels)


def _tables(value: object, lines: "_Lines", sink: Sink) -> list[dict[str, Any]]:
    if isinstance(value, list) and all(isinstance(entry, dict) for entry in value):
        return value
    sink.add(
        codes.G004,
        "'kernels' is not a list of tables",
        at=lines.place(("kernels",), "kernels"),
        hint="write each kernel as a [[kernels]] table",
    )
    return []


def _fit(
    raw: dict[str, Any], kind: type[_T], where: tuple[str | int, ...], lines: "_Lines", sink: Sink
) -> _T:
    good: dict[str, Any] = {}
    known = _known(kind)
    for key, value in raw.items():
        if key not in known:
            sink.add(
                codes.G003,
                f"unknown key '{key}'",
                at=lines.place(where, key),
                hint=nearest_hint(key, known),
            )
            continue
        try:
            msgspec.convert({key: value}, kind)
        except msgspec.ValidationError as error:
            sink.add(
                codes.G004,
                f"'{key}' {in_words(error)}",
                at=lines.place(where, key),
                hint=_FORMS.get(key, ""),
            )
            continue
        good[key] = value
    return msgspec.convert(good, kind)


_FORMS = {
    "base-url": "give the http:// or https:// address the site is published at",
    "build-id": "give it in hexadecimal digits, as `file vmlinux` prints it",
    "language": "give a language tag such as en or pt-BR",
    "modules": "give a list of folders or files",
    "revision": "give a git revision such as v6.1.192",
    "theme": "give the name of a folder in themes/",
}


def _known(kind: type) -> tuple[str, ...]:
    return tuple(field.encode_name for field in msgspec.structs.fields(kind))


class _Lines:
    """Finds the line of a key, since tomllib keeps no positions."""

    def __init__(self, name: str, text: str) -> None:
        self._name = name
        self._lines = text.splitlines()

    def place(self, where: tuple[str | int, ...], key: str) -> Place:
        """Where `key` stands in the table `where`: its name, and its index in an array of tables."""
        header = re.compile(r"^\s*(\[\[?)\s*([^\]]+?)\s*\]")
        entry = re.compile(r"^\s*(?:[\w-]+\.)*[\"']?" + re.escape(key) + r"[\"']?\s*[=.\]]")
        own = re.compile(r"^\s*\[\[?\s*(?:tool\.sitegen\.)?" + re.escape(key) + r"\s*[.\]]")
        inside, index = not where, -1
        for number, line in enumerate(self._lines, start=1):
            found = header.match(line)
            if found:
                if where[:1] == () and own.match(line):
                    return self._at(number, line, key)
                name = found[2].removeprefix("tool.sitegen").removeprefix(".")
                if where and name == where[0]:
                    index += 1
                inside = name == "" if not where else name == where[0] and index == where[-1]
            elif inside and entry.match(line):
                return self._at(number, line, key)
        return Place(self._name)

    def _at(self, number: int, line: str, key: str) -> Place:
        column = line.index(key) + 1
        return Place(self._name, number, column, column + len(key), line)


def _toml_place(name: str, text: str, message: str) -> Place:
    found = re.search(r"\(at line (\d+), column (\d+)\)", message)
    if not found:
        return Place(name)
    line, column = int(found[1]), int(found[2])
    lines = text.splitlines()
    excerpt = lines[line - 1] if line <= len(lines) else ""
    return Place(name, line, column, column + 1, excerpt)


def _reason(error: OSError | UnicodeDecodeError) -> str:
    return error.strerror or "unreadable" if isinstance(error, OSError) else "not UTF-8 text"
