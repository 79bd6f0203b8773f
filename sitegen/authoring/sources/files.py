"""One file, or standard input -> the bytes of a log, or why there is none.

What is compressed is unpacked; what is no text is refused with what to do about it.
"""

import bz2
import gzip
import lzma
import re
import stat
import zlib
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import BinaryIO, NamedTuple

from sitegen.authoring.dates import day_of_name
from sitegen.authoring.sources.apport import is_apport, read_apport
from sitegen.authoring.sources.values import Found, Refused
from sitegen.wording import reason_of

LARGEST = 64 << 20
"""Bytes of a log, unpacked: what a build reads of a file."""
_UNNAMED = "panic.log"
"what a log is called that came without a name"
_LOOKED_AT = 1 << 16


class _Magic(NamedTuple):
    """What a file begins with that is no log, and what to do with it."""

    begins: bytes
    message: str
    hint: str


_DUMP = "take the log out of it: makedumpfile --dump-dmesg VMCORE dmesg.txt, or crash's `log`"
_MAGICS = (
    _Magic(b"KDUMP   ", "a memory dump, not a log", _DUMP),
    _Magic(b"DISKDUMP", "a memory dump, not a log", _DUMP),
    _Magic(b"makedumpfile", "a memory dump, not a log", _DUMP),
    _Magic(b"\x7fELF", "an ELF file (a memory dump or an image), not a log", _DUMP),
    _Magic(b"\x28\xb5\x2f\xfd", "compressed with zstd", "unpack it: zstd -d FILE"),
    _Magic(b"\x04\x22\x4d\x18", "compressed with LZ4", "unpack it: lz4 -d FILE"),
    _Magic(b"LPKSHHRH", "a journal of systemd", "read it: journalctl -k --file FILE"),
    _Magic(b"PK\x03\x04", "a ZIP archive", "unpack it, and give the log in it"),
    _Magic(b"%PDF", "a PDF", "copy the text of the log into a file"),
)
_PACKED: tuple[
    tuple[bytes, Callable[[BytesIO], gzip.GzipFile | lzma.LZMAFile | bz2.BZ2File]], ...
] = (
    (b"\x1f\x8b", lambda stream: gzip.GzipFile(fileobj=stream)),
    (b"\xfd7zXZ\x00", lzma.LZMAFile),
    (b"BZh", bz2.BZ2File),
)
_RINGS = frozenset({Path("/proc/kmsg"), Path("/dev/kmsg")})
"files that have no end, and wait for more"
_ENDS = re.compile(r"\.(?:gz|xz|bz2)\Z")
_ENCODED = re.compile(r".*\.enc(?:\.z)?")
"what pstore calls a record that it could not unpack"


def read_log(path: Path, name: str = "") -> Found | Refused:
    """The log in the file at `path`. Takes no more than `LARGEST` bytes of it."""
    name = name or str(path)
    if _ENCODED.fullmatch(path.name):
        return Refused(
            "a record of pstore that is still compressed",
            "read it on a kernel with the same pstore compression, or boot with pstore.compress=none",
        )
    try:
        mode = path.stat().st_mode
        if path.resolve() in _RINGS:
            return Refused(
                "this machine's log", "read it with --from-dmesg, or give dmesg's output"
            )
        if not (stat.S_ISREG(mode) or stat.S_ISFIFO(mode)):
            return Refused("neither a file nor a folder")
        with path.open("rb") as stream:
            data = _unpacked(stream)
    except PermissionError:
        return Refused("may not be read", f"give its text: sudo cat '{name}' | sitegen new -")
    except OSError as error:
        return Refused(reason_of(error))
    except ValueError:  # a name with a zero in it
        return Refused("no such file")
    if isinstance(data, Refused):
        return data
    if stat.S_ISFIFO(mode):  # `<(dmesg)`: its name is a number
        return _log(data, name, _UNNAMED, "")
    return _log(data, name, _ENDS.sub("", path.name), day_of_name(str(path.absolute())))


def read_stream(stream: BinaryIO, name: str = "standard input") -> Found | Refused:
    """The log that a stream holds."""
    return _log(stream.read(LARGEST + 1), name, _UNNAMED, "")


def _unpacked(stream: BinaryIO) -> bytes | Refused:
    data = stream.read(LARGEST + 1)
    for magic, opened in _PACKED:
        if data.startswith(magic):
            try:
                with opened(BytesIO(data)) as packed:
                    return packed.read(LARGEST + 1)
            except (OSError, EOFError, lzma.LZMAError, zlib.error):
                return Refused("compressed, and damaged", "unpack what can be had of it")
    return data


def _log(data: bytes, name: str, file: str, day: str) -> Found | Refused:
    if len(data) > LARGEST:
        return Refused(f"larger than {LARGEST >> 20} MiB", "cut it to the part around the crash")
    for magic in _MAGICS:
        if data.startswith(magic.begins):
            return Refused(magic.message, magic.hint)
    if not data.strip():
        return Refused("empty")
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        data = data.decode("utf-16", "replace").encode()
    if _is_binary(data):
        return Refused("no text", "give the kernel's log, as dmesg prints it")
    if is_apport(data):
        return read_apport(data, name, day)
    return Found(name, file, data, day)


def _is_binary(data: bytes) -> bool:
    """Whether more of the beginning is control characters than a serial line's noise explains."""
    head = data[:_LOOKED_AT]
    odd = len(head) - len(head.translate(None, bytes(range(9)) + bytes(range(14, 27))))
    return odd * 4 > len(head)
