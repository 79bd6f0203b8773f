"""The words of the command line -> what to do.

Read by hand: an argument parser takes longer to load than a cached decode to finish.
"""

from __future__ import annotations

import os

USAGE = """\
usage: sitegen decode [options] VMLINUX [SOURCE|auto] [MODULES]... < panic.log
       sitegen decode [options] -r RELEASE [MODULES]... < panic.log
       sitegen decode [options] --debuginfod [BUILD-ID|VMLINUZ] < panic.log

Print a kernel log with every symbol+offset/size decoded to `function (file:line)`, and with
instructions below each `Code:` line.

  VMLINUX                the kernel's image with debug information, not vmlinuz
  SOURCE                 folder to take off absolute paths, and with --json to take snippets from;
                         `auto`, the default, finds the prefix itself and takes no snippets
  MODULES                folders or files of modules; by default the folder of VMLINUX, then those
                         where distributions install the modules of its release
  -r, --release RELEASE  find the image and modules of an installed release
  --debuginfod           fetch images by build ID from the servers in DEBUGINFOD_URLS: modules that
                         are not here, and without VMLINUX the kernel that the log names; the
                         build ID of an x86 boot image is read from it
  -R, --return-address   look up return addresses as printed, as the script did before 2026
  --kernel-offset HEX    where KASLR moved the kernel to, for addresses without a symbol
                         (default: what the log says; 0 without KASLR)
  --no-code              leave `Code:` lines as they are
  --json                 print the evidence as JSON instead of text
  --no-cache             neither read nor write the cache of decoded frames
  -h, --help             show this text

Exit codes: 0 decoded, 1 the image cannot be read, has no debug information or is another kernel's,
2 wrong usage.
"""
_FLAGS = {
    "-h": "help",
    "--help": "help",
    "--json": "json",
    "-R": "as_printed",
    "--return-address": "as_printed",
    "--debuginfod": "fetch",
    "--no-cache": "no_cache",
    "--no-code": "no_code",
}
_VALUES = {"-r": "release", "--release": "release", "--kernel-offset": "offset"}
_LONGEST_RELEASE = 200


class UsageError(Exception):
    """What is wrong with the arguments, in words."""


class Arguments:
    """What the command line says."""

    def __init__(self, argv: list[str]) -> None:
        """Raises UsageError."""
        self.flags: frozenset[str] = frozenset()
        "of those in `_FLAGS`"
        self.vmlinux = ""
        "empty: to be fetched, when the log names it"
        self.source = ""
        self.modules: list[str] | None = None
        "None when none are given"
        self.slide: int | None = None
        values, words = self._options(argv)
        if "help" in self.flags:
            return
        self.slide = _offset(values.get("offset"))
        if "release" in values:
            from sitegen.cli.decode.places import installed  # noqa: PLC0415  reason: only -r looks there

            release = values["release"]
            if not release or "/" in release or len(release) > _LONGEST_RELEASE:
                raise UsageError("-r wants a kernel release, such as 6.1.0-56-amd64")
            self.vmlinux = installed(release)
            self.modules = words or None
            return
        if not words and "fetch" not in self.flags:
            raise UsageError("a vmlinux is needed")
        self.vmlinux = words[0] if words else ""
        self.source = words[1] if len(words) > 1 and words[1] != "auto" else ""
        self.modules = words[2:] or None
        if "json" not in self.flags and os.path.isfile(self.source):
            raise UsageError(
                f"SOURCE is a folder or 'auto', and '{self.source}' a file; "
                f"the log is read from standard input: < {self.source}"
            )

    def _options(self, argv: list[str]) -> tuple[dict[str, str], list[str]]:
        """(options with a value, all other words)."""
        flags: set[str] = set()
        values: dict[str, str] = {}
        words: list[str] = []
        rest = iter(argv)
        for word in rest:
            name, equals, value = word.partition("=")
            if word == "--":
                words.extend(rest)
            elif word in _FLAGS:
                flags.add(_FLAGS[word])
            elif name in _VALUES and (not equals or name.startswith("--")):
                values[_VALUES[name]] = value if equals else next(rest, "")
            elif word.startswith("-") and word != "-":
                raise UsageError(f"there is no option '{word}'")
            else:
                words.append(word)
        self.flags = frozenset(flags)
        return values, words


def _offset(text: str | None) -> int | None:
    if text is None:
        return None
    try:
        found = int(text, 16)
    except ValueError:
        found = -1
    if not 0 <= found < 1 << 64:
        raise UsageError(
            "--kernel-offset wants a number in hexadecimal, as `Kernel Offset:` has it"
        )
    return found
