"""The log as text: read as it comes, written as soon as a line is whole."""

from __future__ import annotations

import os
import sys

from sitegen.crash.decode import Decoder
from sitegen.crash.decode.machine import machine_of
from sitegen.crash.symbols.symbolizer import Symbolizer
from sitegen.crash.symbols.values import Decoded, Query, Undecoded

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import Self

    from sitegen.cli.decode.arguments import Arguments
    from sitegen.crash.decode.dumps import Dumps
    from sitegen.crash.decode.slide import Slide

PIECE = 1 << 20
LARGEST = 64 << 20
"bytes that are read ahead; text has no end"
_INSTALLED = (
    *("/lib/modules/", "/usr/lib/debug/lib/modules/", "/usr/lib/debug/usr/lib/modules/"),
    "/usr/src/linux-",
)
"where modules of a release may be, asked before what knows more is loaded"
_NAMED = 5
"modules that are named, of those that are not here"
_MOST = 10_000
"functions that tell whether the image is the log's"
_HEAD = 1 << 20
"bytes of the log that are kept to tell which kernel it is of"


class Kernel:
    """The images that the command line names, and those that the log does. A context manager."""

    def __init__(self, arguments: Arguments) -> None:
        """Raises ImageError when an image named by the command line cannot be read."""
        self._fetch = "debuginfod" in arguments.flags
        self.path = self._find(arguments.vmlinux)
        "of vmlinux; empty as long as there is none"
        modules = arguments.modules
        if modules is None:
            beside = os.path.dirname(self.path) or "."
            modules = [beside] if self.path and os.path.isdir(beside) else []
        cache = None if "no-cache" in arguments.flags else ""
        self.symbolizer = Symbolizer(
            self.path or None, modules, cache=cache, outside=arguments.outside
        )
        self.contradicted = False
        "the log prints another build ID than vmlinux has"
        if arguments.modules is None:
            self._add_installed()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.symbolizer.close()

    def _find(self, word: str) -> str:
        """The image's path; fetched when it is named by its build ID or a boot image."""
        if not self._fetch or not word or word.endswith("vmlinux"):
            return word
        from sitegen.cli.decode.fetching import fetched  # noqa: PLC0415  reason: rarely asked for

        return fetched(word)

    def _add_installed(self) -> None:
        """Search modules also where those of vmlinux's release are installed."""
        release = self.release
        if release and any(os.path.isdir(place + release) for place in _INSTALLED):
            from sitegen.cli.decode.places import module_folders  # noqa: PLC0415  reason: not for images of nothing

            for folder in module_folders(release):
                self.symbolizer.add(folder)

    @property
    def release(self) -> str:
        """Of vmlinux; empty when it does not say."""
        return next(
            (one.release for one in self.symbolizer.identify() if one.name == "vmlinux"), ""
        )

    @property
    def machine(self) -> str:
        """As `uname -m` prints it; empty when it is not known."""
        return machine_of(self.path) if self.path else ""

    def meet(self, module: str, build_id: str) -> None:
        """A build ID that the log prints: fetch its image, or say that another one is at hand."""
        here = self.symbolizer.find_build_id(module)
        if here == build_id:
            return
        if self._fetch and (module or here is None):
            from sitegen.cli.decode.fetching import fetch_into  # noqa: PLC0415  reason: rarely asked for

            path = fetch_into(self.symbolizer, module, build_id)
            self.path = self.path or ("" if module else path)
        elif here:
            from sitegen.cli.decode.complaints import about_build_id  # noqa: PLC0415  reason: only a complaint pays for it

            about_build_id(module, build_id, here)
            self.contradicted = self.contradicted or not module


def run(arguments: Arguments) -> int:
    """Decode stdin to stdout; 1 when the image was of no use. Raises ImageError."""
    if os.isatty(sys.stdin.fileno()):
        from sitegen.cli.decode.complaints import about_terminal  # noqa: PLC0415  reason: only a terminal is told

        about_terminal()
    with Kernel(arguments) as kernel:
        return _Run(arguments, kernel).read()


def about_modules(names: Sequence[str]) -> str:
    """The warning that frames of these modules stay as they are, in the form of all diagnostics.

    Put together by hand: most logs have such frames, and a diagnostic takes longer to load than
    they take to decode.
    """
    few = ", ".join(f"'{name}'" for name in names[:_NAMED])
    more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    what = "a module that is" if len(names) == 1 else "modules that are"
    return (
        f"warning[S002]: the log has frames in {what} not here, left as they are: {few}{more}\n"
        "  hint: give the folder of its modules, or add --debuginfod to fetch them\n"
    )


class _Run:
    """One log on its way."""

    def __init__(self, arguments: Arguments, kernel: Kernel) -> None:
        self._arguments = arguments
        self._kernel = kernel
        self._slide: Slide | None = None
        self._functions: dict[tuple[str, int], bool] = {}
        "of vmlinux, with the size that the log prints: whether they are there so"
        self._absent: dict[str, None] = {}
        "modules that the log has frames in and no image answers for, in the order met"
        self._head: list[bytes] = []
        self._size = 0
        self._begin = 0
        "where in the file on stdin the log begins"

    def read(self) -> int:
        """All of stdin, to its end."""
        file, out = sys.stdin.fileno(), sys.stdout.buffer
        try:  # noqa: SIM105  reason: contextlib takes a tenth of our time to import
            self._begin = os.lseek(file, 0, os.SEEK_CUR)
        except OSError:
            pass  # a pipe
        decoder = Decoder(
            self._answer,
            strip=self._arguments.source,
            as_printed="return-address" in self._arguments.flags,
            machine=self._kernel.machine,
            slide=self._make_slide,
            dumps=None if "no-code" in self._arguments.flags else self._make_dumps,
            meet=self._kernel.meet,
        )
        # os.read gives what is there: a pipe is decoded line by line, a file in one piece.
        while piece := os.read(file, PIECE):
            if self._size < _HEAD:
                self._head.append(piece)
            self._size += len(piece)
            text = decoder.feed(piece)
            if text:
                out.write(text)
                out.flush()
        out.write(decoder.finish())
        out.flush()
        return self._judge()

    def _answer(self, queries: Sequence[Query]) -> Sequence[Decoded | Undecoded]:
        answers = self._kernel.symbolizer.decode(queries)
        for query, answer in zip(queries, answers, strict=True):
            if query.module and isinstance(answer, Undecoded) and answer.absent:
                self._absent[query.module] = None
        if len(self._functions) < _MOST:
            for query, answer in zip(queries, answers, strict=True):
                if query.name and query.size and not query.module:
                    absent = isinstance(answer, Undecoded) and answer.absent
                    equal = not absent and answer.size_equal is not False
                    self._functions[query.name, query.size] = equal
        return answers

    def _make_slide(self) -> Slide:
        from sitegen.crash.decode.slide import Slide, cannot_move  # noqa: PLC0415  reason: a bare list of frames needs none

        decode, machine = self._kernel.symbolizer.decode, self._kernel.machine
        self._slide = Slide(
            self._arguments.slide, ahead=self._ahead, still=lambda: cannot_move(decode, machine)
        )
        return self._slide

    def _ahead(self) -> Iterator[bytes]:
        """All of the log on stdin, where it is a file; nothing of a pipe, which cannot be read twice."""
        from stat import S_ISREG  # noqa: PLC0415  reason: few logs have addresses without symbols

        file, at = sys.stdin.fileno(), self._begin
        last = at + LARGEST
        while (
            S_ISREG(os.fstat(file).st_mode) and at < last and (piece := os.pread(file, PIECE, at))
        ):
            at += len(piece)
            yield piece

    def _make_dumps(self) -> Dumps:
        from sitegen.crash.decode.dumps import Dumps  # noqa: PLC0415  reason: only `Code:` lines need it
        from sitegen.folders import cache_folder  # noqa: PLC0415  reason: the same

        folder = "" if "no-cache" in self._arguments.flags else cache_folder()
        return Dumps(self._kernel.machine, folder)

    def _judge(self) -> int:
        """The exit code; says why nothing, or next to nothing, could be decoded."""
        kernel = self._kernel
        if self._absent and "quiet" not in self._arguments.flags:
            absent = [one for one in self._absent if kernel.symbolizer.find_build_id(one) is None]
            sys.stderr.write(about_modules(absent) if absent else "")
        bad, total = list(self._functions.values()).count(False), len(self._functions)
        unknown = self._slide.unknown if self._slide else 0
        nothing = not self._size and os.isatty(sys.stdin.fileno())
        if kernel.symbolizer.has_lines and 2 * bad <= total and not unknown and not nothing:
            return int(kernel.contradicted)
        from sitegen.cli.decode import complaints  # noqa: PLC0415  reason: only a complaint pays for it

        if nothing:
            complaints.about_nothing()
            return 2
        if unknown:
            complaints.about_addresses(unknown)
        if not kernel.path:
            complaints.about_no_kernel()
        elif not kernel.symbolizer.has_lines:
            complaints.about_lines(kernel.path)
        elif 2 * bad <= total:
            return int(kernel.contradicted)
        elif not kernel.contradicted:
            head = b"".join(self._head)[:_HEAD]
            complaints.about_kernel(kernel.path, kernel.release, bad, total, head, kernel.machine)
        return 1
