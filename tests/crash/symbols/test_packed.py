"""Compressed sections: any part in any order, and no more of them than is asked for."""

import random
import struct
import zlib
from pathlib import Path

import pytest

from sitegen.crash.symbols import packed
from sitegen.crash.symbols.elf import SHF_COMPRESSED, Encoding, Section
from sitegen.crash.symbols.files import File
from sitegen.crash.symbols.packed import Packed
from sitegen.crash.symbols.unpack import UnpackError

WIDE = Encoding(62, 8, "little")
INSIDE = random.Random(1).randbytes(5000) * 40 + bytes(range(256)) * 900


def section(path: Path, body: bytes, claimed: int, kind: int = 1) -> Packed:
    """A file that is nothing but a compressed section behind the bytes that make it an ELF file."""
    head = struct.pack("<IIQQ", kind, 0, claimed, 1)
    path.write_bytes(b"\x7fELF\x02\x01" + head + body)
    size = len(head) + len(body)
    one = Section(1, ".debug_info", 1, SHF_COMPRESSED, 0, 6, size, 0, 0, 1)
    return Packed(File(str(path)), one, WIDE)


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packed, "_PAGE", 1000)
    monkeypatch.setattr(packed, "_MOST_PAGES", 3)
    monkeypatch.setattr(packed, "_INPUT", 512)


def test_parts_are_read_in_any_order(small: None, tmp_path: Path) -> None:
    found = section(tmp_path / "one", zlib.compress(INSIDE), len(INSIDE))
    assert found.size == len(INSIDE)
    chance = random.Random(2)
    for _ in range(200):
        start = chance.randrange(len(INSIDE))
        end = start + chance.choice((0, 1, 16, 999, 1000, 1001, 5000))
        assert found.read(start, end) == INSIDE[start:end]
    assert found.read(len(INSIDE) - 3, len(INSIDE) + 100) == INSIDE[-3:]
    assert found.read(len(INSIDE), len(INSIDE) + 1) == b""
    assert found.read(10, 5) == b""


def test_what_is_not_asked_for_is_not_unpacked(small: None, tmp_path: Path) -> None:
    body = zlib.compress(INSIDE)
    damaged = body[: len(body) // 2] + bytes(50) + body[len(body) // 2 + 50 :]
    found = section(tmp_path / "one", damaged, len(INSIDE))
    assert found.read(0, 1000) == INSIDE[:1000]
    for _ in range(2):  # it does not become readable by asking again
        with pytest.raises(UnpackError):
            found.read(len(INSIDE) - 1000, len(INSIDE))
    assert found.read(0, 1000) == INSIDE[:1000]


@pytest.mark.parametrize(
    ("body", "claimed", "kind", "why"),
    [
        (zlib.compress(INSIDE), len(INSIDE) + 1, 1, "less inside than it says"),
        (zlib.compress(INSIDE)[:-400], len(INSIDE), 1, "less inside than it says"),
        (zlib.compress(INSIDE)[:-1], len(INSIDE), 1, "does not end where it says"),
        (zlib.compress(INSIDE), len(INSIDE) - 1, 1, "does not end where it says"),
        (b"", 10, 1, "less inside than it says"),
        (b"nothing", 10, 1, "header check"),
        (zlib.compress(bytes(1 << 20)), 1 << 30, 1, "it claims to hold"),
        (zlib.compress(bytes(1 << 20)), 1 << 63, 2, "it claims to hold"),
        (b"", 10, 77, "compressed in a way 77"),
    ],
)
def test_what_does_not_hold_is_an_error(
    body: bytes, claimed: int, kind: int, why: str, tmp_path: Path
) -> None:
    with pytest.raises(UnpackError, match=why):
        section(tmp_path / "one", body, claimed, kind).read(0, claimed)


def test_a_section_without_a_header_is_an_error(tmp_path: Path) -> None:
    path = tmp_path / "one"
    path.write_bytes(b"\x7fELF\x02\x01" + bytes(10))
    one = Section(1, ".debug_info", 1, SHF_COMPRESSED, 0, 6, 10, 0, 0, 1)
    with pytest.raises(UnpackError, match="no header"):
        Packed(File(str(path)), one, WIDE)
