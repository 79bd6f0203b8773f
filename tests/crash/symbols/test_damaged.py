"""Images cut, overwritten and forged: a reason or an answer, within time, and never a traceback."""

import os
import random
import struct
import zlib
from pathlib import Path

import pytest

from sitegen.crash.symbols import forms
from sitegen.crash.symbols.debug import Debug
from sitegen.crash.symbols.elf import SHF_COMPRESSED
from sitegen.crash.symbols.forms import DwarfError
from sitegen.crash.symbols.image import Image
from sitegen.crash.symbols.reader import Reader
from sitegen.crash.symbols.symbolizer import ImageError, Symbolizer
from sitegen.crash.symbols.unit import Unit
from sitegen.crash.symbols.values import Decoded, Query
from tests.crash.symbols.conftest import Make

NAMES = ("third", "rarely", "driver_write", "call_open", "_start", "dispatch", "module_begin")
ALL = (
    *("gcc-4", "gcc-5", "clang-5", "gcc-5-zlib", "arm64-gcc-5"),
    *("i386-gcc-5", "s390x-gcc-5", "arm-gcc-5-thumb"),
)


ROUNDS = 1500 if os.environ.get("SITEGEN_ALL") else 60
"damaged images of each kind; with SITEGEN_ALL set a fuzz of minutes"


def _ask_everything(path: Path, module: str = "") -> None:
    """Every question there is; only ImageError may come out, and only from opening."""
    queries = [Query(name, 8, 0, module) for name in NAMES]
    vmlinux, modules = (None, [path]) if module else (path, [])
    try:
        symbolizer = Symbolizer(vmlinux, modules, cache=None)
    except ImageError:
        return
    with symbolizer:
        places = [p for p in symbolizer.decode(queries) if isinstance(p, Decoded)]
        symbolizer.sites(places)
        symbolizer.bounds(places)
        symbolizer.holders(places)
        for place in places[:1]:
            symbolizer.tail_paths("dispatch", place)
        symbolizer.identify()


@pytest.mark.parametrize("name", ALL)
def test_an_image_cut_anywhere_is_refused(name: str, make_kernel: Make, tmp_path: Path) -> None:
    data = make_kernel(name).path.read_bytes()
    path = tmp_path / "vmlinux"
    for cut in [*range(64), *range(64, len(data), len(data) // 40)]:
        path.write_bytes(data[:cut])
        with pytest.raises(ImageError):
            Symbolizer(path, cache=None)


@pytest.mark.parametrize("name", ALL)
def test_an_image_with_wrong_bytes_is_read_or_refused(
    name: str, make_kernel: Make, tmp_path: Path
) -> None:
    good = make_kernel(name).path.read_bytes()
    path = tmp_path / "vmlinux"
    chance = random.Random(name)
    for _ in range(ROUNDS):
        data = bytearray(good)
        for _ in range(chance.choice((1, 8, 64))):
            data[chance.randrange(len(data))] = chance.choice(
                (0, 0xFF, 0x7F, chance.randrange(256))
            )
        path.write_bytes(data)
        _ask_everything(path)


@pytest.mark.parametrize("part", ["info", "abbrev", "line", "str", "aranges", "rnglists", "addr"])
@pytest.mark.parametrize("name", ["gcc-5", "clang-5"])
def test_each_debug_section_may_hold_rubbish(
    name: str, part: str, make_kernel: Make, tmp_path: Path
) -> None:
    made = make_kernel(name).path
    section = Image(str(made), "vmlinux").find(".debug_" + part)
    if section is None:
        pytest.skip("this compiler writes no such section")
    path = tmp_path / "vmlinux"
    chance = random.Random(part)
    for _ in range(12):
        data = bytearray(made.read_bytes())
        start = section.offset + chance.randrange(section.size)
        for at in range(start, min(start + 64, section.offset + section.size)):
            data[at] = chance.randrange(256)
        path.write_bytes(data)
        _ask_everything(path)
    for filler in (b"\0", b"\xff", b"\x01"):
        data = bytearray(made.read_bytes())
        data[section.offset : section.offset + section.size] = filler * section.size
        path.write_bytes(data)
        _ask_everything(path)


def test_a_module_with_wrong_bytes_is_read_or_refused(make_module: Make, tmp_path: Path) -> None:
    good = make_module("gcc-5").path.read_bytes()
    path = tmp_path / "small_module.ko"
    chance = random.Random(5)
    for _ in range(ROUNDS):
        data = bytearray(good)
        for _ in range(chance.choice((1, 8, 64))):
            data[chance.randrange(len(data))] = chance.randrange(256)
        path.write_bytes(data)
        _ask_everything(path, "small_module")


@pytest.mark.parametrize("size", [1 << 62, 1 << 40, 1 << 29])
def test_a_section_that_claims_to_unfold_to_too_much_is_not_unfolded(
    size: int, make_kernel: Make, tmp_path: Path
) -> None:
    made = make_kernel("gcc-5-zlib").path
    data = bytearray(made.read_bytes())
    section = Image(str(made), "vmlinux").find(".debug_info")
    assert section is not None
    assert section.flags & SHF_COMPRESSED
    bomb = zlib.compress(bytes(1 << 16))[: section.size - 24]
    head = struct.pack("<IIQQ", 1, 0, size, 1)
    data[section.offset : section.offset + 24 + len(bomb)] = head + bomb
    path = tmp_path / "vmlinux"
    path.write_bytes(data)
    reader = Reader(str(path), "vmlinux")
    with pytest.raises(ImageError, match=r"section \.debug_info"):
        reader.debug.read("info", 0, 16)


def test_entries_that_refer_to_each_other_in_a_circle_end(
    make_kernel: Make, tmp_path: Path
) -> None:
    made = make_kernel("gcc-5").path
    image = Image(str(made), "vmlinux")
    section = image.find(".debug_info")
    assert section is not None
    data = bytearray(made.read_bytes())
    # Every abstract origin of every unit is made to point to its own entry.
    changed = 0
    debug = Debug(image)
    offset = 0
    while offset < section.size:
        unit = Unit(debug, offset)
        position = unit.after(*unit.top)
        while position < len(unit.data):
            kind, at = unit.entry(position)
            place = kind.places.get(forms.AT_ABSTRACT_ORIGIN) if kind else None
            if kind is not None and place is not None and place.form == 0x13:
                where = section.offset + offset + at + place.offset
                data[where : where + 4] = position.to_bytes(4, "little")
                changed += 1
            position = unit.after(kind, at) if kind else at
        offset = unit.end
    assert changed > 3
    path = tmp_path / "vmlinux"
    path.write_bytes(data)
    _ask_everything(path)


@pytest.mark.parametrize(
    "numbers", [b"", b"\x80" * 9, b"\x80" * 20], ids=["none", "nine", "twenty"]
)
def test_a_number_without_an_end_is_an_error(numbers: bytes) -> None:
    with pytest.raises(DwarfError):
        forms.uleb(numbers, 0)
