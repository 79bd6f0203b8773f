"""What the configuration says, as values."""

import os
from pathlib import Path

import msgspec

from sitegen.diagnostics import Place, Weight
from sitegen.model import Value
from sitegen.project.places import place_in
from sitegen.redact.rules import Rules


class ModuleSource(Value, frozen=True):
    """A folder with the source of modules that were built outside of the kernel's tree."""

    name: str
    "what the paths of its files begin with: the last names of the folder where it was built"
    folder: Path | None = None
    "None under an environment variable that is not set"


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
    module_sources: tuple[ModuleSource, ...] = ()
    "by name"
    snippets: bool = True
    "whether source text may stand in the lock and on pages"
    browse: str = ""
    "URL of an online source browser with {file} and {line}"

    def outside(self) -> tuple[str, ...]:
        """What the paths of files begin with that are in none of the kernel's tree."""
        return tuple(one.name for one in self.module_sources)

    def source_folders(self) -> tuple[Path, ...]:
        """All that source is read from, whether it is there or not: the kernel's tree first."""
        folders = (self.source, *(one.folder for one in self.module_sources))
        return tuple(folder for folder in folders if folder is not None)


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
    severity: dict[str, Weight] = msgspec.field(default_factory=dict)
    "by the id of a code: what it counts as instead of its own severity"
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
    redact: Rules = Rules()
    "what is kept out of the site"

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

    def place(self, kernel: Kernel, key: str) -> Place:
        """Where the configuration has `key` of `kernel`; else where that kernel begins."""
        names = [one.name for one in self.kernels]
        where = ("kernels", names.index(kernel.name)) if kernel.name in names else ()
        key = key if where else "debuginfod"  # a kernel that only a log names
        return place_in(self.root / self.config, self.config, where, key)
