"""Sizes of pictures, from heads of files made of literals."""

import struct
from pathlib import Path

import pytest

from sitegen.web.pictures import Picture, measure

PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + struct.pack(">II", 640, 480) + b"\x08\2\0\0\0"
GIF = b"GIF89a" + struct.pack("<HH", 640, 480) + b"\0\0\0"
WEBP = b"RIFF\x24\0\0\0WEBP"
AVIF = b"\0\0\0\x1cftypavif\0\0\0\0" + b"\0" * 40 + b"\0\0\0\x14ispe\0\0\0\0"


def exif(orientation: int, order: str = "<") -> bytes:
    """A segment that says how a photograph was held."""
    mark = b"II*\0" if order == "<" else b"MM\0*"
    entries = struct.pack(f"{order}IH", 8, 2)
    entries += struct.pack(f"{order}HHII", 0x010F, 2, 4, 0)
    entries += struct.pack(f"{order}HHIHH", 0x0112, 3, 1, orientation, 0)
    data = b"Exif\0\0" + mark + entries
    return b"\xff\xe1" + struct.pack(">H", len(data) + 2) + data


def jpeg(*segments: bytes, frame: int = 0xC0) -> bytes:
    size = struct.pack(">BHBHH", frame, 11, 8, 480, 640)
    return b"\xff\xd8" + b"".join(segments) + b"\xff" + size + b"\1\1\x11\0\xff\xd9"


def other(marker: int, length: int) -> bytes:
    """A segment that is none of the reader's business."""
    return struct.pack(">BBH", 0xFF, marker, length) + b"\xff" * (length - 2)


def size(tmp_path: Path, name: str, data: bytes) -> tuple[int, int] | None:
    (tmp_path / name).write_bytes(data)
    found = measure(tmp_path / name)
    return (found.width, found.height) if found else None


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.png", PNG),
        ("A.PNG", PNG),
        ("a.gif", GIF),
        ("a.gif", GIF.replace(b"89a", b"87a")),
        (
            "a.webp",
            WEBP
            + b"VP8X\x0a\0\0\0\0\0\0\0"
            + (639).to_bytes(3, "little")
            + (479).to_bytes(3, "little"),
        ),
        (
            "a.webp",
            WEBP + b"VP8L\0\0\0\0\x2f" + (639 | 479 << 14).to_bytes(4, "little") + b"\0" * 5,
        ),
        ("a.webp", WEBP + b"VP8 \0\0\0\0\0\0\0\x9d\x01\x2a" + struct.pack("<HH", 640, 480)),
        ("a.avif", AVIF + struct.pack(">II", 640, 480)),
        ("a.jpg", jpeg()),
        ("a.jpeg", jpeg(other(0xE0, 16), other(0xDB, 67), frame=0xC2)),
        ("a.jpg", jpeg(*[other(0xE2, 65535)] * 5)),
        ("a.jpg", jpeg(other(0xC4, 30))),
        ("a.svg", b'<svg xmlns="http://www.w3.org/2000/svg" width="640" height="480px">'),
        ("a.svg", b"<?xml version='1.0'?>\n<!-- x -->\n<svg viewBox='0 0 640 480.5'/>"),
        ("a.svg", b'<svg\n  viewBox="-10,-5, 640.9,480"\n>'),
    ],
)
def test_a_picture_says_how_large_it_is(name: str, data: bytes, tmp_path: Path) -> None:
    assert size(tmp_path, name, data) == (640, 480)


@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_photograph_is_turned_as_it_was_held(
    order: str, orientation: int, tmp_path: Path
) -> None:
    expected = (480, 640) if orientation >= 5 else (640, 480)
    assert size(tmp_path, "a.jpg", jpeg(exif(orientation, order))) == expected


@pytest.mark.parametrize(
    "root", ['width="100%" height="100%"', 'width="10em"', 'width="640"', "viewBox='none'", ""]
)
def test_a_drawing_without_a_size_in_pixels_has_none(root: str, tmp_path: Path) -> None:
    assert size(tmp_path, "a.svg", f"<svg {root}>".encode()) == (0, 0)


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.txt", PNG),
        ("a", PNG),
        ("a.png", b""),
        ("a.png", PNG[:20]),
        ("a.png", GIF),
        ("a.png", PNG.replace(b"IHDR", b"IDAT")),
        ("a.png", PNG[:16] + b"\xff" * 8),
        ("a.gif", b"GIF90a" + GIF[6:]),
        ("a.webp", WEBP + b"VP9 " + b"\0" * 20),
        ("a.avif", AVIF),
        ("a.avif", AVIF.replace(b"ftyp", b"free") + b"\0" * 8),
        ("a.jpg", b"\xff\xd8"),
        ("a.jpg", b"\xff\xd8\xff\xe0\0\0" * 2000),
        ("a.jpg", b"\xff\xd8" + b"\xff\xe0\0\2" * 2000),
        ("a.jpg", jpeg()[:8]),
        ("a.svg", b"<html>"),
        ("a.svg", b"<svg"[:3] + b" " * 5000 + b"<svg>"),
    ],
)
def test_what_is_no_picture_is_none(name: str, data: bytes, tmp_path: Path) -> None:
    assert size(tmp_path, name, data) is None


def test_a_file_that_looks_the_same_is_not_opened_again(tmp_path: Path) -> None:
    file = tmp_path / "a.png"
    file.write_bytes(PNG)
    found = measure(file)
    assert found is not None
    known = Picture(1, 2, found.looks)
    assert measure(file, known) is known
    file.write_bytes(PNG + b"more")
    again = measure(file, known)
    assert again is not None
    assert (again.width, again.height) == (640, 480)


def test_a_file_that_cannot_be_read_is_no_picture(tmp_path: Path) -> None:
    (tmp_path / "a.png").mkdir()
    assert measure(tmp_path / "a.png") is None
    assert measure(tmp_path / "none.png") is None


@pytest.mark.parametrize(
    "data", [PNG, GIF, jpeg(exif(6)), AVIF + b"\1" * 8, WEBP + b"VP8X" + b"\1" * 20]
)
def test_a_file_cut_short_anywhere_raises_nothing(data: bytes, tmp_path: Path) -> None:
    for suffix in ("png", "gif", "jpg", "avif", "webp", "svg"):
        for end in range(len(data)):
            size(tmp_path, f"a.{suffix}", data[:end])
