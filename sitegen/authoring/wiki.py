"""A new wiki: its configuration, a worked example, and what CI needs. All of it or nothing."""

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Literal, NamedTuple

from sitegen import codes
from sitegen.authoring.front import one_line
from sitegen.diagnostics import Sink
from sitegen.wording import reason_of

_TEMPLATES = Path(__file__).parent / "templates"

Ci = Literal["github", "gitlab"]
CI: tuple[Ci, ...] = ("github", "gitlab")
_CI_FILES: dict[Ci, tuple[str, str]] = {
    "github": ("github.yml", ".github/workflows/wiki.yml"),
    "gitlab": ("gitlab-ci.yml", ".gitlab-ci.yml"),
}
_IGNORE = ".gitignore"
IGNORED = "/site/"
"""What git is to leave alone."""


class LocalKernel(NamedTuple):
    """A kernel whose debug image is on this machine."""

    release: str
    vmlinux: str


class NewWiki(NamedTuple):
    """A wiki to be made."""

    title: str
    base_url: str = ""
    kernel: LocalKernel | None = None
    ci: Sequence[Ci] = CI


class Written(NamedTuple):
    """What was made of a wiki."""

    files: tuple[str, ...]
    "relative to its folder, sorted"
    ignored: bool
    "whether git leaves the site alone: False where a .gitignore of another kind stood"
    above: tuple[Path, ...] = ()
    "CI files in the root of the git repository that the folder lies in"
    displaced: tuple[str, ...] = ()
    "CI files that belong there, but stand in the wiki's folder: others have their places"


def repository_above(folder: Path) -> Path | None:
    """The root of the git repository that the wiki is a folder of; None where it is the root, or there is none."""
    folder = folder.resolve()
    if (folder / ".git").exists():
        return None
    return next((one for one in folder.parents if (one / ".git").exists()), None)


def make_wiki(folder: Path, wanted: NewWiki, sink: Sink) -> Written | None:
    """Makes the wiki in `folder`, which may hold other files; None, with a complaint, when it cannot.

    Nothing is written unless all can be. CI files go to the root of the repository around the
    folder, where services look for them, unless something stands there.
    """
    files = dict(_files(wanted))
    top = repository_above(folder)
    name_there = folder.resolve().relative_to(top).as_posix() if top else "."
    services = {
        place: data.replace(b'"@wiki@"', _toml(name_there).encode())
        for place, data in _services(wanted)
    }
    displaced = tuple(name for name in services if top and _stands(top, name))
    above = {top / name: data for name, data in services.items() if top and name not in displaced}
    files |= {name: data for name, data in services.items() if not top or name in displaced}
    ignore = folder / _IGNORE
    ignored = True
    if ignore.is_file():
        del files[_IGNORE]
        ignored = IGNORED.strip("/") in ignore.read_text(encoding="utf-8", errors="replace")
    there = [name for name in files if _stands(folder, name)]
    if (folder / "pyproject.toml").is_file() and b"[tool.sitegen" in (
        folder / "pyproject.toml"
    ).read_bytes():
        there.append("pyproject.toml")
    for name in there:
        sink.add(
            codes.G015,
            f"there is '{name}' already",
            hint="name an empty folder: sitegen init DIR",
        )
    if there:
        return None
    written: list[Path] = []
    try:
        places = above | {folder / name: data for name, data in files.items()}
        for path, data in sorted(places.items()):
            written += [one for one in (path, *path.parents) if not one.exists()]
            path.parent.mkdir(parents=True, exist_ok=True)
            with path.open("xb") as file:
                file.write(data)
    except OSError as error:
        _remove(written)
        sink.add(codes.G006, f"cannot write '{folder}': {reason_of(error)}")
        return None
    return Written(tuple(sorted(files)), ignored, tuple(sorted(above)), displaced)


def _stands(folder: Path, name: str) -> bool:
    """Whether something stands at `name`, or a file where one of its folders would be."""
    path = folder / name
    if path.exists() or path.is_symlink():
        return True
    above = (
        folder.joinpath(*path.relative_to(folder).parts[:n]) for n in range(1, name.count("/") + 1)
    )
    return any(one.exists() and not one.is_dir() for one in above)


def _remove(paths: Sequence[Path]) -> None:
    """Takes away what was just written, and folders that were made for it."""
    for path in sorted(set(paths), key=lambda one: -len(one.parts)):
        try:
            path.rmdir() if path.is_dir() else path.unlink(missing_ok=True)
        except OSError:
            continue


def _files(wanted: NewWiki) -> Iterator[tuple[str, bytes]]:
    """Every file of the wiki but those for CI, and what it holds."""
    yield "sitegen.toml", _configuration(wanted).encode()
    yield _IGNORE, (_TEMPLATES / "gitignore").read_bytes()
    content = _TEMPLATES / "content"
    for path in sorted(content.rglob("*")):
        if path.is_file():
            yield path.relative_to(_TEMPLATES).as_posix(), path.read_bytes()


def _services(wanted: NewWiki) -> Iterator[tuple[str, bytes]]:
    """The CI files, by their paths from a repository's root."""
    for name in dict.fromkeys(wanted.ci):
        template, place = _CI_FILES[name]
        yield place, (_TEMPLATES / template).read_bytes()


def _configuration(wanted: NewWiki) -> str:
    text = (_TEMPLATES / "sitegen.toml").read_text(encoding="utf-8")
    url = (
        f"base-url = {_toml(wanted.base_url)}" if wanted.base_url else f"#base-url = {_toml(_URL)}"
    )
    return (
        text.replace('"@title@"', _toml(wanted.title))
        .replace("@base-url@", url)
        .replace("@kernels@\n", _kernels(wanted.kernel))
    )


_URL = "https://crashes.example/"
_KERNEL = (
    ("release", '"6.1.0-56-amd64"', 'what `uname -r` prints; or build-id = "..."'),
    ("vmlinux", '"/usr/lib/debug/boot/vmlinux-6.1.0-56-amd64"', "with debug information"),
    ("modules", '["/usr/lib/debug/lib/modules/6.1.0-56-amd64"]', ""),
    ("source", '"~/src/linux"', 'a folder, a tar archive, or git with revision = "v6.1.192"'),
    ("snippets", "false", "keep source text out of locks and pages"),
    ("browse", '"https://elixir.bootlin.com/linux/v6.1/source/{file}#L{line}"', ""),
)


def _kernels(kernel: LocalKernel | None) -> str:
    """The tables of kernels: the one at hand, or an example that is commented out."""
    if kernel is not None:
        return (
            f"[[kernels]]\nrelease = {_toml(kernel.release)}\nvmlinux = {_toml(kernel.vmlinux)}\n"
            '#source = "~/src/linux"\n'
        )
    lines = ["#[[kernels]]"]
    for key, value, note in _KERNEL:
        lines.append(f"#{key} = {value}" + (f"  # {note}" if note else ""))
    return "\n".join([*lines, ""])


def _toml(text: str) -> str:
    """`text` as a string of TOML, whose escapes are JSON's but for DEL."""
    return json.dumps(one_line(text), ensure_ascii=False).replace("\x7f", "\\u007f")
