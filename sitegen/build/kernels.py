"""The configured kernels as things that can be opened: images and source trees."""

from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Literal, NamedTuple

from sitegen import codes
from sitegen.diagnostics import Place, Sink
from sitegen.project import Kernel, Project

if TYPE_CHECKING:  # what decodes is imported when something is decoded
    from sitegen.crash.source import Tree
    from sitegen.crash.symbols.symbolizer import Symbolizer

_IMAGE_PROBLEMS = {
    "missing": (codes.S002, "correct the path, or leave it out and use the lock"),
    "not-elf": (codes.S003, "give the vmlinux with debug information, not the boot image"),
    "damaged": (codes.S005, "install it again"),
    "unsupported": (codes.S009, "rebuild it with another form of debug information"),
}
"""By ImageError.kind."""
_MISSING_MODULES = "correct the path, or leave it out: frames of these modules stay undecoded"
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

    def find(self, release: str, build_id: str) -> Kernel | None:
        return self._project.find_kernel(release, build_id)

    def whereabouts(self, release: str) -> Literal["here", "elsewhere", "nowhere"]:
        """Where the image for a log of this kernel is. Opens nothing."""
        kernel = self.find(release, "")
        if kernel is None or not (kernel.vmlinux or kernel.elsewhere):
            return "nowhere"
        return "here" if kernel.vmlinux is not None and kernel.vmlinux.is_file() else "elsewhere"

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

    def _open(self, kernel: Kernel) -> Opened:
        if kernel.vmlinux is None:
            where = "is not on this machine" if kernel.elsewhere else "is not configured"
            missing = f"the image of {kernel.name} {where}"
            return Opened(missing=missing, elsewhere=kernel.elsewhere)
        from sitegen.crash.symbols.symbolizer import (  # noqa: PLC0415  reason: first use
            ImageError,
            Symbolizer,
        )

        modules = []
        for path in kernel.modules:
            if path.exists():
                modules.append(path)
            else:
                name = self._project.relative(path)
                self._complain(kernel, codes.S002, f"there is no '{name}'", _MISSING_MODULES)
        try:
            symbolizer = self._stack.enter_context(
                Symbolizer(kernel.vmlinux, modules, cache=self._cache)
            )
        except ImageError as error:
            code, hint = _IMAGE_PROBLEMS[error.kind]
            self._complain(kernel, code, error.message, hint)
            return Opened(missing=error.message, elsewhere=True)
        if not symbolizer.has_lines:
            name = self._project.relative(kernel.vmlinux)
            self._complain(kernel, codes.S004, f"'{name}' has no debug information", _NO_DWARF)
        return Opened(symbolizer, self.tree(kernel))

    def _complain(self, kernel: Kernel, code: codes.Code, message: str, hint: str = "") -> None:
        at = Place(self._project.config)
        self._sink.add(code, f"kernel {kernel.name}: {message}", at=at, hint=hint)

    def _open_tree(self, kernel: Kernel) -> "Tree | None":
        if kernel.source is None:
            return None
        from sitegen.crash.source import open_tree  # noqa: PLC0415  reason: first use

        tree = open_tree(kernel.source, kernel.revision, cache=self._cache)
        if isinstance(tree, str):
            self._complain(kernel, codes.R001, tree)
            return None
        return self._stack.enter_context(tree)
