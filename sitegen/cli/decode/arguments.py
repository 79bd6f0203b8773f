"""The words of the command line -> what to do."""

from __future__ import annotations

import os

from sitegen.cli.words import HELP, Option, UsageError, Words

WORDS = Words(
    "decode",
    usage=(
        "[options] VMLINUX [SOURCE|auto] [MODULES]... < panic.log",
        "[options] -r RELEASE [MODULES]... < panic.log",
        "[options] --debuginfod [BUILD-ID|VMLINUZ] < panic.log",
    ),
    about="""\
Print a kernel log with every symbol+offset/size decoded to `function (file:line)`, and with
instructions below each `Code:` line.""",
    places=(
        ("VMLINUX", "the kernel's image with debug information, not vmlinuz"),
        (
            "SOURCE",
            """\
folder to take off absolute paths, and with --json to take snippets from;
`auto`, the default, finds the prefix itself and takes no snippets""",
        ),
        (
            "MODULES",
            """\
folders or files of modules; by default the folder of VMLINUX, then those
where distributions install the modules of its release""",
        ),
    ),
    options=(
        Option(
            ("-r", "--release"),
            "find the image and modules of a release: of a kernel that the wiki\n"
            "around this folder configures, or an installed one",
            value="RELEASE",
            takes="release",
        ),
        Option(
            ("--debuginfod",),
            "fetch images by build ID from the servers in DEBUGINFOD_URLS: modules that\n"
            "are not here, and without VMLINUX the kernel that the log names; the\n"
            "build ID of an x86 boot image is read from it",
        ),
        Option(
            ("-R", "--return-address"),
            "look up return addresses as printed, as the script did before 2026",
        ),
        Option(
            ("--kernel-offset",),
            "where KASLR moved the kernel to, for addresses without a symbol\n"
            "(default: what the log says; 0 without KASLR)",
            value="HEX",
        ),
        Option(("--no-code",), "leave `Code:` lines as they are"),
        Option(("--json",), "print the evidence as JSON instead of text"),
        Option(("--no-cache",), "neither read nor write the cache of decoded frames"),
        Option(("-q", "--quiet"), "say nothing of modules that are not here; show no progress"),
        HELP,
    ),
    examples=(
        "sitegen decode vmlinux < panic.log",
        "dmesg | sitegen decode -r $(uname -r)",
        "sitegen decode --json build/vmlinux ~/linux < panic.log > evidence.json",
    ),
    exits="0 decoded, 1 the image cannot be read, has no debug information or is another\n"
    "kernel's, 2 wrong usage, 130 stopped",
    takes="file",
)
_LONGEST_RELEASE = 200


class Arguments:
    """What the command line says."""

    def __init__(self, argv: list[str]) -> None:
        """Raises UsageError."""
        self.vmlinux = ""
        "empty: to be fetched, when the log names it"
        self.source = ""
        self.modules: list[str] | None = None
        "None when none are given"
        self.outside: tuple[str, ...] = ()
        "last names of folders that modules were built in"
        self.slide: int | None = None
        flags, values, words = WORDS.read(argv)
        self.flags = flags
        "names of those given, without dashes"
        if "help" in flags:
            return
        self.slide = _offset(values.get("kernel-offset"))
        if "release" in values:
            from sitegen.cli.decode.places import find_image  # noqa: PLC0415  reason: only -r looks there

            release = values["release"]
            if not release or "/" in release or len(release) > _LONGEST_RELEASE:
                raise UsageError("-r wants a kernel release, such as 6.1.0-56-amd64")
            found = find_image(release)
            self.vmlinux, self.outside = found.vmlinux, found.outside
            self.modules = words or found.modules
            return
        if not words and "debuginfod" not in self.flags:
            raise UsageError("a vmlinux is needed")
        self.vmlinux = words[0] if words else ""
        self.source = words[1] if len(words) > 1 and words[1] != "auto" else ""
        self.modules = words[2:] or None
        if "json" not in self.flags and os.path.isfile(self.source):
            raise UsageError(
                f"SOURCE is a folder or 'auto', and '{self.source}' a file; "
                f"the log is read from standard input: < {self.source}"
            )


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
