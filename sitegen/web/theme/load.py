"""theme.toml -> Theme: which folders make up a theme, and what its options are."""

import re
import tomllib
from collections.abc import Mapping
from itertools import islice
from pathlib import Path
from typing import Any

import sitegen
from sitegen import codes
from sitegen.diagnostics import Place, Sink, nearest_hint
from sitegen.web.theme import static
from sitegen.web.theme.render import Folder, Option, Theme

THEMES = "themes"
MANIFEST = "theme.toml"
_KEYS = frozenset({"name", "extends", "options"})


def load_theme(
    name: str,
    root: Path,
    *,
    sink: Sink,
    options: Mapping[str, Option] | None = None,
    config: str = "sitegen.toml",
    cache: Path | None = None,
) -> Theme | None:
    """The theme of that name, of the project's themes/ or shipped; None, with a complaint, when none.

    `options` are those of the file `config`; templates are compiled into `cache`, if given.
    """
    folders: list[Folder] = []
    wanted, at = name, Place(config)
    while wanted:
        path = _find_folder(wanted, root, [folder.path for folder in folders])
        if path is None:
            hint = nearest_hint(wanted, _names(root))
            sink.add(codes.T001, f"there is no theme '{wanted[:80]}'", at=at, hint=hint)
            return None
        shown = path.relative_to(root).as_posix() if path.is_relative_to(root) else ""
        folder, wanted = _read_manifest(wanted, path, shown or f"{THEMES}/{wanted}", sink)
        folders.append(folder)
        at = Place(f"{folder.shown}/{MANIFEST}")
    known = {key: value for folder in reversed(folders) for key, value in folder.options.items()}
    return Theme(tuple(folders), _choose(known, options or {}, config, sink), cache)


def theme_homes(root: Path) -> tuple[Path, ...]:
    """Folders that hold themes: the project's, the wheel's, the checkout's."""
    package = Path(sitegen.__file__).resolve().parent
    return (root / THEMES, package / THEMES, package.parent / THEMES)


_NAME = re.compile(r"[A-Za-z0-9][\w-]{0,63}")


def _find_folder(name: str, root: Path, taken: list[Path]) -> Path | None:
    """The first folder of that name that the chain does not have yet (a theme may extend its namesake)."""
    if not _NAME.fullmatch(name):
        return None
    known = {path.resolve() for path in taken}
    for home in theme_homes(root):
        path = home / name
        if path.is_dir() and path.resolve() not in known:
            return path
    return None


def _names(root: Path) -> list[str]:
    homes = [home for home in theme_homes(root) if home.is_dir()]
    found = {path.parent.name for home in homes for path in home.glob(f"*/{MANIFEST}")}
    return sorted(name for name in found if _NAME.fullmatch(name))


def _read_manifest(name: str, path: Path, shown: str, sink: Sink) -> tuple[Folder, str]:
    """What theme.toml says, and the name of the theme it extends; faults keep their defaults."""
    file = f"{shown}/{MANIFEST}"
    text = ""
    raw: dict[str, Any] = {}
    try:
        text = _read_text(path / MANIFEST)
        raw = tomllib.loads(text)
    except OSError as error:
        reason = f": {error}" if type(error) is OSError and not error.errno else ""
        sink.add(codes.T003, f"theme '{name}' has no {MANIFEST}{reason}", at=Place(file))
    except RecursionError:
        sink.add(codes.T003, "nested too deeply", at=Place(file))
    except ValueError as error:  # not UTF-8, not TOML, or a number of thousands of digits
        line = re.search(r"at line (\d+)", str(error))
        sink.add(codes.T003, f"not TOML: {error}", at=Place(file, int(line[1]) if line else 0))
    for kind in ("templates", "static"):
        for strange in islice(static.unusable_files(path / kind), _MOST_SAID):
            message = f"the name '{strange[:200]}' cannot be published"
            hint = "rename the file: UTF-8, without backslashes and line ends"
            sink.add(codes.T003, message, at=Place(f"{shown}/{kind}"), hint=hint)
    for key in sorted(raw.keys() - _KEYS)[:_MOST_SAID]:
        sink.add(
            codes.T003,
            f"unknown key '{key[:80]}'",
            at=_at(file, text, key),
            hint=nearest_hint(key[:80], _KEYS),
        )
    options = raw.get("options", {})
    if not isinstance(options, dict):
        sink.add(codes.T003, "'options' is no table", at=_at(file, text, "options"))
        options = {}
    kept = {
        key: value
        for key, value in options.items()
        if isinstance(value, str) or (isinstance(value, int) and abs(value) < _MAX_NUMBER)
    }
    for key in sorted(options.keys() - kept.keys())[:_MOST_SAID]:
        sink.add(
            codes.T003, f"option '{key[:80]}' is no text, number or truth", at=_at(file, text, key)
        )
    extends = raw.get("extends", "")
    if not isinstance(extends, str):
        sink.add(codes.T003, "'extends' is no name", at=_at(file, text, "extends"))
        extends = ""
    return Folder(name, path, shown, kept), extends


def _read_text(path: Path) -> str:
    """The text of a file, which is no device and no pipe; OSError when it cannot be had."""
    if path.exists() and not path.is_file():
        raise OSError("it is no file")
    with path.open("rb") as stream:
        data = stream.read(_MAX_MANIFEST + 1)
    if len(data) > _MAX_MANIFEST:
        raise OSError(f"it is larger than {_MAX_MANIFEST >> 10} KiB")
    return data.decode("utf-8")


_MAX_MANIFEST = 64 << 10
_MAX_NUMBER = 1 << 63
_MOST_SAID = 20  # complaints of one kind: the others are not counted, either


def _at(file: str, text: str, key: str) -> Place:
    for number, line in enumerate(text.split("\n"), start=1):
        if re.match(rf"\s*\[?\s*[\"']?{re.escape(key)}\b", line):
            column = line.index(key) + 1
            return Place(file, number, column, column + len(key), line)
    return Place(file)


def _choose(
    known: dict[str, Option], chosen: Mapping[str, Option], config: str, sink: Sink
) -> dict[str, Option]:
    """The options with their defaults, and with what the project chose where the theme has it."""
    options = dict(known)
    for key, value in chosen.items():
        if key not in known:
            hint = nearest_hint(key, known)
            sink.add(codes.G003, f"the theme has no option '{key}'", at=Place(config), hint=hint)
        elif type(value) is not type(known[key]):
            message = f"option '{key}' of the theme is a {_word(known[key])}"
            sink.add(codes.G004, message, at=Place(config))
        else:
            options[key] = value
    return dict(sorted(options.items()))


def _word(value: Option) -> str:
    return "truth" if isinstance(value, bool) else "number" if isinstance(value, int) else "text"
