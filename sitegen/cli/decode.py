"""`sitegen decode`: a log on stdin, decoded on stdout. The words of the kernel's own script.

Arguments are read by hand, and the evidence, the diagnostics and the readers are imported when
they are needed: a decode that the cache answers is done before an argument parser is loaded.
"""

import os
import sys

USAGE = """\
usage: sitegen decode [options] VMLINUX [SOURCE|auto] [MODULES]... < panic.log
       sitegen decode [options] -r RELEASE [MODULES]... < panic.log

Print a kernel log with every symbol+offset/size decoded to `function (file:line)`.

  VMLINUX                the kernel's image with debug information;
                         with --debuginfod also its build ID
  SOURCE                 folder to take off absolute paths, and with --json to take snippets from;
                         `auto`, the default, finds the prefix itself and takes no snippets
  MODULES                folders or files of modules (default: beside VMLINUX)
  -r, --release RELEASE  find the image and modules of an installed release
  -R, --return-address   look up return addresses as printed, as the script did before 2026
  --json                 print the evidence as JSON instead of text
  --debuginfod           fetch the image of a build ID from the servers in DEBUGINFOD_URLS
  --no-cache             neither read nor write the cache of decoded frames
  -h, --help             show this text
"""
PIECE = 1 << 20
LARGEST = 64 << 20
"bytes of a log that --json reads; text has no end"


class _Usage(Exception):  # noqa: N818  reason: not an error of ours, a way out to the usage text
    """What is wrong with the arguments, in words."""


class _Arguments:
    """The command line. Mutable only while it is read."""

    def __init__(self, argv: list[str]) -> None:
        self.json = self.as_printed = self.help = self.fetch = False
        self.cache = True
        self.release = ""
        words: list[str] = []
        rest = iter(argv)
        for word in rest:
            if word == "--":
                words.extend(rest)
            elif word in {"-h", "--help"}:
                self.help = True
            elif word == "--json":
                self.json = True
            elif word in {"-R", "--return-address"}:
                self.as_printed = True
            elif word == "--debuginfod":
                self.fetch = True
            elif word == "--no-cache":
                self.cache = False
            elif word in {"-r", "--release"}:
                self.release = next(rest, "")
                if not self.release or "/" in self.release:
                    raise _Usage(f"{word} wants a kernel release, such as 6.1.0-56-amd64")
            elif word.startswith("--release="):
                self.release = word.partition("=")[2]
            elif word.startswith("-") and word != "-":
                raise _Usage(f"there is no option '{word}'")
            else:
                words.append(word)
        self.vmlinux = ""
        self.source = ""
        if self.help:
            self.modules: list[str] = []
            return
        if self.release:
            self.vmlinux, found = _installed(self.release)
            self.modules = words or found
            return
        if not words:
            raise _Usage("a vmlinux is needed")
        self.vmlinux = words[0]
        self.source = words[1] if len(words) > 1 and words[1] != "auto" else ""
        self.modules = words[2:] or [os.path.dirname(self.vmlinux) or "."]


def _installed(release: str) -> tuple[str, list[str]]:
    """The vmlinux and the module folders of an installed release, in the places the script looks at."""
    places = [
        f"{root}/boot/vmlinux-{release}{end}"
        for root in ("", "/usr/lib/debug")
        for end in ("", ".debug")
    ]
    places += [f"/lib/modules/{release}{end}/vmlinux" for end in ("", "/build")]
    # Fedora's, and openSUSE's.
    apart = [f"/usr/lib/debug{root}/lib/modules/{release}" for root in ("", "/usr")]
    places += [f"{folder}/vmlinux{end}" for folder in apart for end in ("", ".debug")]
    folders = [*apart, f"/lib/modules/{release}"]
    vmlinux = next((place for place in places if os.path.exists(place)), "")
    if not vmlinux:
        raise _Usage(f"no vmlinux of release {release} is installed")
    return vmlinux, [folder for folder in folders if os.path.isdir(folder)]


def main(argv: list[str]) -> int:
    """Decode stdin; 0 when all went well, 1 when an image cannot be read, 2 for wrong usage."""
    try:
        arguments = _Arguments(argv)
    except _Usage as error:
        sys.stderr.write(f"sitegen decode: {error}\n\n{USAGE}")
        return 2
    if arguments.help:
        sys.stdout.write(USAGE)
        return 0
    from sitegen.crash.symbols.values import ImageError  # noqa: PLC0415  reason: usage needs no reader

    try:
        if arguments.fetch and not os.path.exists(arguments.vmlinux):
            arguments.vmlinux = _fetched(arguments.vmlinux)
        status = _json(arguments) if arguments.json else _text(arguments)
        sys.stdout.flush()
    except ImageError as error:
        _complain(error.kind, error.message)
        return 1
    except BrokenPipeError:
        # The reader went away, as `| head` does; Python must not complain at exit either.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except KeyboardInterrupt:
        return 130
    return status


def _fetched(build_id: str) -> str:
    """The path of the image of a build ID, from the cache or a server; anything else as it is."""
    from sitegen.crash.symbols.debuginfod import fetch, is_build_id, servers  # noqa: PLC0415  reason: rarely asked for
    from sitegen.folders import cache_folder  # noqa: PLC0415  reason: the same

    if not is_build_id(build_id):
        return build_id
    folder = os.path.join(cache_folder() or ".", "debuginfod")
    shown = sys.stderr.isatty()

    def report(here: int, total: int) -> None:
        if shown:
            part = f"{'#' * (30 * here // total):<30} of {total >> 20} MiB" if total else ""
            sys.stderr.write(f"\r{build_id[:12]} {here >> 20:6} MiB {part}")

    try:
        return fetch(build_id, folder, servers(), report)
    finally:
        sys.stderr.write("\n" if shown else "")


def _text(arguments: _Arguments) -> int:
    from sitegen.crash.decode import Decoder  # noqa: PLC0415  reason: --help needs no reader
    from sitegen.crash.symbols.symbolizer import Symbolizer  # noqa: PLC0415  reason: the same

    out = sys.stdout.buffer
    cache = "" if arguments.cache else None
    with Symbolizer(arguments.vmlinux, arguments.modules, cache=cache) as symbolizer:
        decoder = Decoder(
            symbolizer.decode, as_printed=arguments.as_printed, strip=arguments.source
        )
        # os.read gives what is there: a pipe is decoded line by line, a file in one piece.
        while piece := os.read(sys.stdin.fileno(), PIECE):
            text = decoder.feed(piece)
            if text:
                out.write(text)
                out.flush()
        out.write(decoder.finish())
        out.flush()
        if not symbolizer.has_lines:
            name = os.path.basename(arguments.vmlinux)
            _complain("no-dwarf", f"'{name}' has no debug information, frames have no lines")
    return 0


def _json(arguments: _Arguments) -> int:
    """The evidence of the whole log, in the lock file's form."""
    # The parser, the chain and their values are ten times what the text needs.
    from hashlib import sha256  # noqa: PLC0415  reason: see above
    from pathlib import Path  # noqa: PLC0415  reason: see above

    from sitegen.crash.analyse import analyse  # noqa: PLC0415  reason: see above
    from sitegen.crash.lockfile import SCHEMA, encode  # noqa: PLC0415  reason: see above
    from sitegen.crash.log import decode_bytes, parse  # noqa: PLC0415  reason: see above
    from sitegen.crash.source import open_tree  # noqa: PLC0415  reason: see above
    from sitegen.crash.symbols.symbolizer import Symbolizer  # noqa: PLC0415  reason: see above
    from sitegen.model import Evidence  # noqa: PLC0415  reason: see above

    data = sys.stdin.buffer.read(LARGEST + 1)
    if len(data) > LARGEST:
        _complain("too-long", "the log is longer than 64 MiB; the rest is not read")
        data = data[:LARGEST]
    tree = open_tree(Path(arguments.source)) if arguments.source else None
    if isinstance(tree, str):
        _complain("no-tree", tree)
        tree = None
    cache = "" if arguments.cache else None
    with Symbolizer(arguments.vmlinux, arguments.modules, cache=cache) as symbolizer:
        log = analyse(
            parse(decode_bytes(data)),
            id="panic-1",
            sha256=sha256(data).hexdigest(),
            symbolizer=symbolizer,
            tree=tree,
        )
    sys.stdout.buffer.write(encode(Evidence(schema=SCHEMA, logs=(log,))))
    return 0


def _complain(kind: str, message: str) -> None:
    """One diagnostic on stderr."""
    from sitegen import codes  # noqa: PLC0415  reason: only a complaint pays for it
    from sitegen.diagnostics import Diagnostic, as_text  # noqa: PLC0415  reason: the same

    code, hint = {
        "missing": (codes.S002, "give the path of the vmlinux that crashed"),
        "not-elf": (codes.S003, "give vmlinux, not vmlinuz or bzImage"),
        "damaged": (codes.S005, "copy or unpack it again"),
        "unsupported": (codes.S009, ""),
        "too-long": (codes.L004, "cut out the report"),
        "no-tree": (codes.R001, "give the folder of the kernel's source, or 'auto'"),
        "no-dwarf": (codes.S004, "install the -dbg or debuginfo package of this kernel"),
    }[kind]
    sys.stderr.write(as_text(Diagnostic(code, message, hint=hint)) + "\n")
