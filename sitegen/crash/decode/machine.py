"""An image's first bytes -> the machine it is for, without opening it as an image."""

from __future__ import annotations

import os

# e_machine and whether it is of 64 bits: as `uname -m` prints it. A row a machine in `crash/arch`.
_MACHINES = {
    (62, True): "x86_64",
    (3, False): "i386",
    (183, True): "aarch64",
    (40, False): "arm",
    (243, True): "riscv64",
    (21, True): "ppc64le",
    (22, True): "s390x",
    (8, True): "mips",
    (8, False): "mips",
    (258, True): "loongarch64",
}
_HEAD = 20
_GZIP, _XZ = b"\x1f\x8b", b"\xfd7"
"how packed files begin"


def machine_of(path: str) -> str:
    """As `crash/arch` calls it; empty for what is no ELF file or of another machine."""
    try:
        file = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)
        try:
            head = os.read(file, _HEAD)
        finally:
            os.close(file)
        if head[:2] == _GZIP:
            head = _gunzipped(path)
        elif head[:2] == _XZ:
            head = _unxzed(path)
    except OSError:
        return ""
    if head[:4] != b"\x7fELF" or len(head) < _HEAD:
        return ""
    number = int.from_bytes(head[18:20], "big" if head[5] == 2 else "little")
    return _MACHINES.get((number, head[4] == 2), "")


def _gunzipped(path: str) -> bytes:
    import gzip  # noqa: PLC0415  reason: few images are packed
    import zlib  # noqa: PLC0415  reason: the same

    try:
        with gzip.open(path) as file:
            return file.read(_HEAD)
    except (EOFError, zlib.error):
        return b""


def _unxzed(path: str) -> bytes:
    import lzma  # noqa: PLC0415  reason: few images are packed

    try:
        with lzma.open(path) as file:
            return file.read(_HEAD)
    except (EOFError, lzma.LZMAError):
        return b""
