"""Debug information that the compiler put into files of its own (`-gsplit-dwarf`)."""

import random
import shutil
import subprocess
from pathlib import Path

import pytest

from sitegen.crash.symbols.reader import Reader
from sitegen.crash.symbols.values import Call
from tests.images.build import COMMON, SOURCES

FILES = ("driver.c", "driver.h", "other.c", "third.c")
Answers = dict[int, tuple[tuple[Call, ...], str]]


def _build(folder: Path, compiler: str, version: int, *more: str) -> Path:
    if shutil.which(compiler) is None:
        pytest.skip(f"{compiler} is not installed")
    folder.mkdir()
    for name in FILES:
        shutil.copy(SOURCES / name, folder)
    flags = [flag for flag in COMMON if compiler == "gcc" or "ipa" not in flag]
    for name in FILES:
        if name.endswith(".c"):
            command = [compiler, *flags, f"-gdwarf-{version}", *more, "-c", name]
            subprocess.run(command, cwd=folder, check=True)
    link = ["gcc", "-nostdlib", "-static", "-no-pie", "-Wl,-e,0", "-o", "vmlinux"]
    objects = [name.replace(".c", ".o") for name in FILES if name.endswith(".c")]
    subprocess.run([*link, *objects], cwd=folder, check=True)
    return folder / "vmlinux"


def _all(path: Path) -> Answers:
    reader = Reader(str(path), "vmlinux")
    text = reader.image.find(".text")
    assert text is not None
    return reader.calls_at(range(text.address, text.address + text.size))


@pytest.mark.parametrize("version", [4, 5])
@pytest.mark.parametrize("compiler", ["gcc", "clang"])
def test_split_files_give_the_same_answers(compiler: str, version: int, tmp_path: Path) -> None:
    whole = _all(_build(tmp_path / "whole", compiler, version))
    image = _build(tmp_path / "split", compiler, version, "-gsplit-dwarf")
    assert _all(image) == whole
    assert any(len(calls) > 2 for calls, _ in whole.values())

    # Moved to another machine, with the files beside the image.
    moved = tmp_path / "moved"
    (tmp_path / "split").rename(moved)
    assert _all(moved / "vmlinux") == whole


@pytest.mark.parametrize("compiler", ["gcc", "clang"])
def test_without_its_file_a_unit_has_lines_alone_and_says_so(compiler: str, tmp_path: Path) -> None:
    image = _build(tmp_path / "split", compiler, 5, "-gsplit-dwarf")
    whole = _all(image)
    (tmp_path / "split" / "driver.dwo").unlink()
    alone = _all(image)
    told = {note for _, note in alone.values()}
    assert "inlined functions are in 'driver.dwo', which is not here" in told
    for address, (calls, note) in alone.items():
        innermost = [(call.file, call.line) for call in whole[address][0][:1]]
        assert [(call.file, call.line) for call in calls[:1]] == innermost
        assert len(calls) <= 1 or not note


def test_a_file_of_another_build_is_not_taken(tmp_path: Path) -> None:
    image = _build(tmp_path / "split", "gcc", 5, "-gsplit-dwarf")
    other = _build(tmp_path / "other", "gcc", 5, "-gsplit-dwarf", "-O1").parent
    shutil.copy(other / "driver.dwo", tmp_path / "split")
    told = {note for _, note in _all(image).values()}
    assert "inlined functions are in 'driver.dwo', which is not here" in told


@pytest.mark.parametrize("name", ["/dev/zero", "."])
def test_what_is_no_file_is_not_opened(name: str, tmp_path: Path) -> None:
    image = _build(tmp_path / "split", "gcc", 5, "-gsplit-dwarf")
    folder = tmp_path / "split"
    (folder / "driver.dwo").unlink()
    (folder / "driver.dwo").symlink_to(name)
    told = {note for _, note in _all(image).values()}
    assert "inlined functions are in 'driver.dwo', which is not here" in told


def test_split_files_with_wrong_bytes_are_read_or_refused(tmp_path: Path) -> None:
    image = _build(tmp_path / "split", "gcc", 5, "-gsplit-dwarf")
    path = tmp_path / "split" / "driver.dwo"
    good = path.read_bytes()
    chance = random.Random(7)
    for _ in range(40):
        data = bytearray(good)
        for _ in range(chance.choice((1, 8, 64))):
            data[chance.randrange(len(data))] = chance.randrange(256)
        path.write_bytes(data[: chance.choice((len(data), chance.randrange(len(data))))])
        assert len(_all(image)) > 100
