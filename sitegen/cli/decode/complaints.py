"""What `sitegen decode` says on stderr, and what to do about it. Only a complaint pays for the import."""

import os
import sys
from collections.abc import Callable

from sitegen import codes
from sitegen.cli.decode.places import package_hint
from sitegen.codes import Code
from sitegen.crash.symbols import bootimage
from sitegen.crash.symbols.debuginfod import is_build_id
from sitegen.crash.symbols.values import ImageError
from sitegen.diagnostics import Diagnostic, as_text

_CODES = {
    "missing": codes.S002,
    "not-elf": codes.S003,
    "damaged": codes.S005,
    "unsupported": codes.S009,
}
"""By ImageError.kind."""
_HEAD = 4096
_CORE = 4
"ET_CORE"


def complain(code: Code, message: str, hint: str = "") -> None:
    """One diagnostic."""
    sys.stderr.write(as_text(Diagnostic(code, message, hint=hint)) + "\n")


def about_image(error: ImageError, vmlinux: str) -> None:
    """An image that cannot be read; `vmlinux` is the one that the command line names."""
    name = os.path.basename(error.path)
    if error.path != vmlinux:
        hint = "give the path of a module or of a folder of modules"
        complain(_CODES[error.kind], error.message, hint if error.kind == "missing" else "")
        return
    boot = bootimage.read(vmlinux) if error.kind in {"not-elf", "damaged"} else None
    if boot is not None:
        whose = f" of {boot.release}" if boot.release else ""
        message = f"'{name}' is a boot image{whose}, which holds no debug information"
        complain(codes.S003, message, _instead(boot.release))
        return
    complain(_CODES[error.kind], error.message, _HINTS[error.kind](vmlinux))


def _instead(release: str) -> str:
    """What to give instead of a boot image."""
    if not release:
        return "give the vmlinux it was made of, with debug information"
    return (
        f"{package_hint(release)}, then run sitegen decode -r {release}; "
        "for a kernel of your own give the vmlinux in its build folder"
    )


def _hint_for_missing(path: str) -> str:
    if is_build_id(path):
        return "add --debuginfod to fetch the image of a build ID"
    if "/" not in path and path[:1].isdigit() and "." in path:
        return f"for an installed release run sitegen decode -r {path}"
    return "give the path of the vmlinux that crashed, or -r RELEASE for an installed one"


def _hint_for_other(path: str) -> str:
    """For what exists and is no ELF file."""
    if os.path.isdir(path):
        inside = os.path.join(path, "vmlinux")
        return f"give {inside}" if os.path.isfile(inside) else "give the file vmlinux itself"
    try:
        with open(path, "rb") as file:
            head = file.read(_HEAD)
    except OSError:
        return "give vmlinux"
    first = head.partition(b"\n")[0].split()
    if len(first) == 3 and len(first[1]) == 1 and not first[0].strip(b"0123456789abcdef"):
        return "System.map has no lines; give the vmlinux that it belongs to"
    if head and b"\0" not in head and b"\n" in head:
        return f"give vmlinux first; a log is read from standard input: sitegen decode VMLINUX < {path}"
    return "give vmlinux, with debug information"


def _hint_for_damaged(path: str) -> str:
    try:
        with open(path, "rb") as file:
            head = file.read(18)
    except OSError:
        head = b""
    if head[:4] == b"\x7fELF" and head[16:17] == bytes([_CORE]):
        return "a memory dump is no image; give the vmlinux of the kernel it was taken of"
    return "copy or unpack it again"


_HINTS: dict[str, Callable[[str], str]] = {
    "missing": _hint_for_missing,
    "not-elf": _hint_for_other,
    "damaged": _hint_for_damaged,
    "unsupported": lambda _: "",
}
"""By ImageError.kind."""


def about_terminal() -> None:
    """A person who gave no log waits for us as we for them."""
    sys.stderr.write(
        "sitegen decode: reading the log from the terminal; paste it and press Ctrl-D, or run it "
        "with < panic.log\n"
    )


def about_nothing() -> None:
    """Nothing was typed."""
    sys.stderr.write("sitegen decode: there was no log; run sitegen decode VMLINUX < panic.log\n")


def about_stream(name: str, why: str) -> None:
    """What the shell connected cannot be used."""
    complain(codes.G006, f"{name}: {why}")


def about_fetching(module: str, why: str) -> None:
    """An image that no server has."""
    complain(codes.S002, f"{module or 'vmlinux'}: {why}")


def about_build_id(module: str, printed: str, here: str) -> None:
    """The log names another build than the one at hand."""
    what = f"module '{module}'" if module else "the kernel"
    message = f"the log is of {what} with build ID {printed}, the image here has {here}"
    complain(codes.S001, message, f"give that image, or add --debuginfod to fetch {printed[:12]}")


def about_no_kernel() -> None:
    """No vmlinux was given, and the log named none."""
    message = "the log does not print the build ID of its kernel, so no vmlinux was fetched"
    complain(codes.S002, message, "give the vmlinux that crashed, or its build ID")


def about_lines(path: str) -> None:
    """The image has no debug information."""
    name = os.path.basename(path) or "the image"
    hint = "give the vmlinux with debug information"
    complain(codes.S004, f"'{name}' has no debug information, frames have no lines", hint)


def about_addresses(count: int) -> None:
    """Addresses that could not be decoded."""
    what = "an address has" if count == 1 else f"{count} addresses have"
    message = f"{what} no symbol, and nothing says where the kernel was loaded"
    hint = "give --kernel-offset with the number after `Kernel Offset:`, or 0 without KASLR"
    complain(codes.S011, message, hint)


def about_kernel(path: str, release: str, bad: int, total: int, head: bytes, machine: str) -> None:
    """Most functions are not in the image as the log prints them. `head` is the log's first part."""
    from sitegen.crash.log import decode_bytes, parse  # noqa: PLC0415  reason: a megabyte of patterns

    log = parse(decode_bytes(head))
    name = os.path.basename(path)
    whose = f" ({release})" if release else ""
    if machine and log.arch and log.arch != machine:
        message = f"the log is of {log.arch}, and '{name}'{whose} of {machine}"
    else:
        what = "the only function is" if total == 1 else f"{bad} of {total} functions are"
        message = f"{what} not in '{name}'{whose} as the log prints them: it is of another kernel"
    if not log.release:
        hint = "give the vmlinux of the kernel that crashed"
    elif log.release == release:
        hint = f"give the very build of {release} that crashed; this is another one"
    else:
        hint = f"give the vmlinux of {log.release}, which the log names"
    complain(codes.S001, message, hint)


def about_length() -> None:
    """More text than --json takes."""
    complain(
        codes.L004, "the log is longer than 64 MiB; the rest is not read", "cut out the report"
    )


def about_tree(why: str) -> None:
    """The source cannot be used."""
    complain(codes.R001, why, "give the folder of the kernel's source, or 'auto'")
