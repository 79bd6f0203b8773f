"""Which machine an image is for, by its first bytes."""

import gzip
import lzma
import struct

import pytest

from sitegen.crash.arch import ARCHES
from sitegen.crash.decode.machine import _MACHINES, machine_of


def head(number: int, *, bits: int = 64, big: bool = False) -> bytes:
    begin = b"\x7fELF" + bytes([2 if bits == 64 else 1, 2 if big else 1, 1]) + bytes(9)
    return begin + struct.pack(">HH" if big else "<HH", 2, number) + bytes(44)


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (head(62), "x86_64"),
        (head(183), "aarch64"),
        (head(40, bits=32), "arm"),
        (head(22, big=True), "s390x"),
        (gzip.compress(head(62)), "x86_64"),
        (lzma.compress(head(243)), "riscv64"),
        (gzip.compress(head(62))[:12], ""),
        (lzma.compress(head(62))[:20] + b"x" * 40, ""),
        (head(9999), ""),
        (head(62)[:10], ""),
        (b"MZ", ""),
        (b"", ""),
    ],
)
def test_the_machine_is_read_from_the_head(data, expected, tmp_path):
    path = tmp_path / "vmlinux"
    path.write_bytes(data)

    assert machine_of(str(path)) == expected


def test_what_is_no_file_is_of_no_machine(tmp_path):
    assert machine_of(str(tmp_path)) == machine_of(str(tmp_path / "none")) == ""


def test_every_machine_is_an_architecture():
    assert set(_MACHINES.values()) == {arch.name for arch in ARCHES}
