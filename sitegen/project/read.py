"""The file -> Project. Complains about each key by itself, where it stands."""

import os
import re
import tomllib
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from sitegen import codes
from sitegen.diagnostics import Place, Sink, find_nearest, in_words, nearest_hint
from sitegen.project.base import Table
from sitegen.project.inner import KernelTable
from sitegen.project.keys import Key, keys_of
from sitegen.project.places import Lines, Where, fault_place
from sitegen.project.redaction import read_rules
from sitegen.project.tables import ConfigTable
from sitegen.project.values import Kernel, ModuleSource, Project
from sitegen.project.weights import fit_weights
from sitegen.redact.rules import Rules
from sitegen.wording import reason_of

CONFIG_FILES = ("sitegen.toml", "pyproject.toml")

_T = TypeVar("_T", bound=Table)


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
            hint="run sitegen in a wiki, or make one with sitegen init",
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
        sink.add(codes.G002, f"not TOML: {error}", at=fault_place(path.name, text, str(error)))
        return None
    if path.name == "pyproject.toml":
        raw = raw.get("tool", {}).get("sitegen", {})
    lines = Lines(path.name, text)
    if "severity" in raw:
        raw = raw | {"severity": fit_weights(raw["severity"], lines, sink)}
    table = _fit(raw, ConfigTable, (), lines, sink)
    # Who misspells the table must not publish what it should have hidden.
    known = [key.name for key in keys_of(ConfigTable)]
    meant = (find_nearest(name, known) for name in raw if name not in known)
    redacts = "redact" in raw or "redact" in meant
    rules = read_rules(table, root, lines, sink) if redacts else Rules()
    return msgspec.structs.replace(_project(root, path.name, table), redact=rules)


def _reason(error: OSError | UnicodeDecodeError) -> str:
    return reason_of(error) if isinstance(error, OSError) else "not UTF-8 text"


# --- Tables -> values ------------------------------------------------------------------------


def _project(root: Path, config: str, table: ConfigTable) -> Project:
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
        severity=table.severity,
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


def _kernel(root: Path, table: KernelTable) -> Kernel:
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
        module_sources=tuple(
            ModuleSource(name, _path(root, folder))
            for name, folder in sorted(table.module_sources.items())
        ),
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


# --- TOML -> tables --------------------------------------------------------------------------


def _fit(raw: dict[str, Any], kind: type[_T], where: Where, lines: Lines, sink: Sink) -> _T:
    """`raw` as a table: each key that does not fit is complained about and left at its default."""
    good: dict[str, Any] = {}
    inner: dict[str, Any] = {}
    known = {key.name: key for key in keys_of(kind)}
    for name, value in raw.items():
        key = known.get(name)
        if key is None:
            at, hint = lines.place(where, name), nearest_hint(name, known)
            sink.add(codes.G003, f"unknown key '{name}'", at=at, hint=hint)
        elif key.inner is not None:
            inner[name.replace("-", "_")] = _fit_inner(value, key, where, lines, sink)
        else:
            try:
                msgspec.convert({name: value}, kind)
            except msgspec.ValidationError as error:
                at = lines.place(where, name)
                sink.add(codes.G004, f"'{name}' {in_words(error)}", at=at, hint=key.form)
                continue
            good[name] = value
    return msgspec.structs.replace(msgspec.convert(good, kind), **inner)


def _fit_inner(value: object, key: Key, where: Where, lines: Lines, sink: Sink) -> object:
    """The table, or the list of tables, that is the value of `key`; its default for anything else."""
    if key.inner is None:
        return key.default
    inside = (*(part for part in where if isinstance(part, str)), key.name)
    if not key.many and isinstance(value, dict):
        return _fit(value, key.inner, inside, lines, sink)
    if key.many and isinstance(value, list) and all(isinstance(entry, dict) for entry in value):
        return [
            _fit(entry, key.inner, (*inside, index), lines, sink)
            for index, entry in enumerate(value)
        ]
    header = f"[[{'.'.join(inside)}]]" if key.many else f"[{'.'.join(inside)}]"
    sink.add(
        codes.G004,
        f"'{key.name}' is not a {'list of tables' if key.many else 'table'}",
        at=lines.place(where, key.name),
        hint=f"write {'each' if key.many else 'it'} as a {header} table",
    )
    return key.default
