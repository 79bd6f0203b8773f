"""The configured kernels as things that can be opened: images and source trees."""

from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Literal, NamedTuple

import msgspec

from sitegen import codes
from sitegen.diagnostics import Place, Sink
from sitegen.project import Kernel, Project

if TYPE_CHECKING:  # what decodes is imported when something is decoded
    from sitegen.crash.source import History, Tree
    from sitegen.crash.symbols.symbolizer import Symbolizer

_IMAGE_PROBLEMS = {
    "missing": (codes.S002, "correct the path, or leave it out and use the lock"),
    "not-elf": (codes.S003, "give the vmlinux with debug information, not the boot image"),
    "damaged": (codes.S005, "install it again"),
    "unsupported": (codes.S009, "rebuild it with another form of debug information"),
}
"""By ImageError.kind."""
_MISSING_MODULES = "correct the path, or leave it out: frames of these modules stay undecoded"
_NOT_FETCHED = "set DEBUGINFOD_URLS to a server that has it, or install the image"
_NO_DWARF = "install the -dbg or debuginfo package and give the vmlinux in it"


class Opened(NamedTuple):
    """A kernel's image and tree; `missing` says why there is no image."""

    symbolizer: "Symbolizer | None" = None
    tree: "Tree | None" = None
    missing: str = ""
    elsewhere: bool = False
    "there is an image, but not one that can be read on this machine"


class Kernels:
    """The configured kernels; images and trees are opened once, on first use, and closed with the stack."""

    def __init__(self, project: Project, cache: Path | None, stack: ExitStack, sink: Sink) -> None:
        self._project = project
        self._cache = cache
        self._stack = stack
        self._sink = sink
        self._opened: dict[Kernel, Opened] = {}
        self._trees: dict[Kernel, Tree | None] = {}
        self._histories: dict[Path, History] = {}
        self._unfetched: set[tuple[str, str]] = set()

    def find(self, release: str, build_id: str) -> Kernel | None:
        """The kernel of a log; with debuginfod its build ID is enough."""
        kernel = self._project.find_kernel(release, build_id)
        if self._project.debuginfod and build_id:
            if kernel is None:
                return Kernel(release or build_id[:12], release, build_id)
            if not kernel.build_id:
                return msgspec.structs.replace(kernel, build_id=build_id)
        return kernel

    def whereabouts(self, release: str) -> Literal["here", "elsewhere", "nowhere"]:
        """Where the image for a log of this kernel is. Fetches nothing."""
        kernel = self.find(release, "")
        if kernel is None:
            return "nowhere"
        if kernel.vmlinux is not None and kernel.vmlinux.is_file():
            return "here"
        if self._may_fetch(kernel):
            from sitegen.crash.symbols.fetching import find_fetched  # noqa: PLC0415  reason: rarely asked for

            return "here" if find_fetched(kernel.build_id) else "elsewhere"
        return "elsewhere" if kernel.vmlinux or kernel.elsewhere else "nowhere"

    def _may_fetch(self, kernel: Kernel) -> bool:
        return self._project.debuginfod and bool(kernel.build_id)

    def open(self, kernel: Kernel) -> Opened:
        """Image and tree of `kernel`; complains about what is configured and not there, once."""
        if kernel not in self._opened:
            self._opened[kernel] = self._open(kernel)
        return self._opened[kernel]

    def tree(self, kernel: Kernel) -> "Tree | None":
        """The source tree of `kernel`, which needs no image; complains when it cannot be had, once."""
        if kernel not in self._trees:
            self._trees[kernel] = self._open_tree(kernel)
        return self._trees[kernel]

    def place(self, kernel: Kernel) -> Place:
        """Where the configuration names the image of `kernel`."""
        return self._project.place(kernel, "vmlinux")

    def history(self, kernel: Kernel) -> "History | None":
        """The history of the git repository that a revision of is the kernel's source, if it is here."""
        path = kernel.source
        if path is None or not kernel.revision or not path.is_dir():
            return None
        if path not in self._histories:
            from sitegen.crash.source import History  # noqa: PLC0415  reason: rarely asked for

            self._histories[path] = History(path)
        return self._histories[path]

    def fetch_modules(self, kernel: Kernel, text: str) -> None:
        """Fetches the modules that a log of `kernel` prints the build IDs of, where they are not here."""
        symbolizer = self.open(kernel).symbolizer
        if symbolizer is None or not self._project.debuginfod or "+0x" not in text:
            return
        from sitegen.crash.symbols.fetching import fetch_shown  # noqa: PLC0415  reason: rarely asked for
        from sitegen.crash.symbols.symbolizer import ImageError  # noqa: PLC0415  reason: first use
        from sitegen.crash.tokens import build_ids_of  # noqa: PLC0415  reason: rarely asked for

        for module, build_id in build_ids_of(text.encode("utf-8", "replace")):
            if not module or symbolizer.find_build_id(module) == build_id:
                continue
            if (module, build_id) in self._unfetched:
                continue
            try:
                symbolizer.replace(module, fetch_shown(build_id, module))
            except ImageError as error:
                self._unfetched.add((module, build_id))
                self._complain(kernel, codes.S002, error.message, _NOT_FETCHED, "modules")

    def _open(self, kernel: Kernel) -> Opened:
        path = kernel.vmlinux
        if self._may_fetch(kernel) and not (path and path.is_file()):
            from sitegen.crash.symbols.fetching import fetch_shown  # noqa: PLC0415  reason: rarely asked for
            from sitegen.crash.symbols.values import ImageError  # noqa: PLC0415  reason: first use

            try:
                path = Path(fetch_shown(kernel.build_id, f"vmlinux of {kernel.name}"))
            except ImageError as error:
                self._complain(kernel, codes.S002, error.message, _NOT_FETCHED)
                return Opened(missing=error.message, elsewhere=True)
        return self._open_at(kernel, path)

    def _open_at(self, kernel: Kernel, path: Path | None) -> Opened:
        if path is None:
            where = "is not on this machine" if kernel.elsewhere else "is not configured"
            missing = f"the image of {kernel.name} {where}"
            return Opened(missing=missing, elsewhere=kernel.elsewhere)
        from sitegen.crash.symbols.symbolizer import (  # noqa: PLC0415  reason: first use
            ImageError,
            Symbolizer,
        )

        modules = []
        for module in kernel.modules:
            if module.exists():
                modules.append(module)
            else:
                name = self._project.relative(module)
                self._complain(
                    kernel, codes.S002, f"there is no '{name}'", _MISSING_MODULES, "modules"
                )
        try:
            opened = Symbolizer(path, modules, cache=self._cache, outside=kernel.outside())
            symbolizer = self._stack.enter_context(opened)
        except ImageError as error:
            code, hint = _IMAGE_PROBLEMS[error.kind]
            self._complain(kernel, code, error.message, hint)
            return Opened(missing=error.message, elsewhere=True)
        if not symbolizer.has_lines:
            name = self._project.relative(path)
            self._complain(kernel, codes.S004, f"'{name}' has no debug information", _NO_DWARF)
        return Opened(symbolizer, self.tree(kernel))

    def _complain(
        self, kernel: Kernel, code: codes.Code, message: str, hint: str = "", key: str = "vmlinux"
    ) -> None:
        at = self._project.place(kernel, key)
        self._sink.add(code, f"kernel {kernel.name}: {message}", at=at, hint=hint)

    def _open_tree(self, kernel: Kernel) -> "Tree | None":
        outside = self._find_outside(kernel)
        if kernel.source is None and not any(outside.values()):
            return None
        from sitegen.crash.source import Tree, open_tree  # noqa: PLC0415  reason: first use

        tree: Tree | str | None = None
        if kernel.source is not None:
            tree = open_tree(kernel.source, kernel.revision, cache=self._cache, outside=outside)
        if isinstance(tree, str):
            self._complain(kernel, codes.R001, tree, key="source")
            tree = None
        if tree is None and any(outside.values()):
            tree = Tree(None, outside)
        return self._stack.enter_context(tree) if tree is not None else None

    def _find_outside(self, kernel: Kernel) -> dict[str, Path | None]:
        """The folders of modules' sources by their names; None for what is not here."""
        found = {one.name: one.folder for one in kernel.module_sources}
        for name, folder in found.items():
            if folder is not None and not folder.is_dir():
                message = f"no folder '{self._project.relative(folder)}' with the source of {name}"
                self._complain(kernel, codes.R001, message, key="module-sources")
                found[name] = None
        return found
