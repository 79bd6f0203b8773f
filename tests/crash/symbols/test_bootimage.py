"""Boot images: no image to decode with, but they say whose they are."""

import gzip
import lzma
import struct
import subprocess
from pathlib import Path

import pytest

from sitegen.crash.symbols.bootimage import BootImage, read
from sitegen.crash.symbols.reader import Reader
from tests.crash.symbols.conftest import Make, kernels, make_kernel

__all__ = ["kernels", "make_kernel"]

RELEASE = b"6.1-x (me@here) #1 SMP\0"


def bzimage(inside: bytes = b"", release: bytes = RELEASE) -> bytes:
    """An x86 boot image of four sectors of set-up code and what is packed behind them."""
    head = bytearray(5 * 512)
    head[0x1F1] = 4
    head[0x202:0x206] = b"HdrS"
    struct.pack_into("<H", head, 0x20E, 0x300)
    struct.pack_into("<II", head, 0x248, 64, len(inside))
    head[0x500 : 0x500 + len(release)] = release
    return bytes(head) + bytes(64) + inside + b"rest"


IMAGE = bytes(0x38) + b"ARM\x64" + bytes(0x400) + b"Linux version 6.1-arm (gcc)\0" + bytes(99)
ZBOOT = b"MZ\0\0zimg" + struct.pack("<II", 0x300, len(gzip.compress(IMAGE, mtime=0)))


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (bzimage(), BootImage("6.1-x")),
        (bzimage(release=b"\xff\0"), BootImage("")),
        (IMAGE, BootImage("6.1-arm")),
        (gzip.compress(IMAGE + bytes(range(256)) * 8), BootImage("6.1-arm")),
        (ZBOOT.ljust(0x300, b"\0") + gzip.compress(IMAGE, mtime=0), BootImage("6.1-arm")),
        (IMAGE.replace(b"Linux v", b"Lynux v"), BootImage("")),
        (b"MZ" + bytes(4000), None),
        (b"\x7fELF" + bzimage()[4:], None),
        (bzimage()[:0x210], None),
        (b"\x1f\x8b" + bytes(4000), None),
        (b"", None),
    ],
    ids=range(11),
)
def test_the_release_is_read(data: bytes, expected: BootImage | None, tmp_path: Path) -> None:
    path = tmp_path / "vmlinuz"
    path.write_bytes(data)
    assert read(str(path)) == expected


@pytest.mark.parametrize("pack", [gzip.compress, lzma.compress])
def test_the_build_id_is_that_of_the_kernel_inside(pack, make_kernel: Make, tmp_path: Path) -> None:
    vmlinux = make_kernel("gcc-5").path
    bare = tmp_path / "vmlinux.bin"
    subprocess.run(["strip", "-s", "-o", bare, vmlinux], check=True)
    path = tmp_path / "vmlinuz"
    path.write_bytes(bzimage(pack(bare.read_bytes())))
    expected = Reader(str(vmlinux), "vmlinux").image.build_id
    assert read(str(path), deep=True) == BootImage("6.1-x", expected)
    assert read(str(path)) == BootImage("6.1-x")


@pytest.mark.parametrize(
    "inside",
    [
        *(b"", b"not packed", gzip.compress(b"no ELF"), lzma.compress(b"x" * 90)[:-20]),
        gzip.compress(b"\x7fELF\x02\x01" + b"\xff" * 200),
        gzip.compress(b"\x7fELF\x02\x01" + bytes(20)),
    ],
    ids=range(6),
)
def test_what_is_damaged_has_no_build_id(inside: bytes, tmp_path: Path) -> None:
    path = tmp_path / "vmlinuz"
    path.write_bytes(bzimage(inside))
    assert read(str(path), deep=True) == BootImage("6.1-x")


def test_what_is_no_file_is_no_boot_image(tmp_path: Path) -> None:
    assert read(str(tmp_path)) is read(str(tmp_path / "none")) is None


@pytest.mark.kernel
def test_the_distribution_s_boot_image_is_known(kernels: Path) -> None:
    expected = Reader(str(kernels / "amd64" / "vmlinux"), "vmlinux").image.build_id
    found = read(str(kernels / "amd64" / "vmlinuz"), deep=True)
    assert found == BootImage("6.1.0-56-amd64", expected)
