"""Debug information in a file of its own, and images that are packed: the same answers."""

import builtins
import gzip
import lzma
import shutil
import subprocess
from pathlib import Path

import pytest

from sitegen.crash.symbols import separate
from sitegen.crash.symbols.elf import SHF_COMPRESSED
from sitegen.crash.symbols.reader import Reader
from sitegen.crash.symbols.symbolizer import ImageError, Symbolizer
from sitegen.crash.symbols.values import CallSite, Decoded, Query
from tests.crash.symbols.conftest import Make

QUERIES = (Query("third", 4), Query("dispatch", 9), Query("rarely", 3), Query("vanished", 1, 2))


def _run(*command: str | Path) -> None:
    subprocess.run([str(word) for word in command], check=True, capture_output=True)


def _everything(path: Path) -> tuple[object, ...]:
    with Symbolizer(path, cache=None) as symbolizer:
        answers = symbolizer.decode(QUERIES)
        places = [one for one in answers if isinstance(one, Decoded)]
        return answers, symbolizer.sites(places), symbolizer.bounds(places)


@pytest.fixture
def whole(make_kernel: Make, tmp_path: Path) -> Path:
    path = tmp_path / "whole"
    shutil.copy(make_kernel("gcc-5").path, path)
    return path


def _build_id(path: Path) -> str:
    return Reader(str(path), "vmlinux").image.build_id


@pytest.mark.parametrize("strip", ["--strip-debug", "--strip-all"])
def test_a_debug_file_is_found_by_build_id(
    strip: str, whole: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = _everything(whole)
    build_id = _build_id(whole)
    bare, debug = tmp_path / "vmlinux", tmp_path / ".build-id" / build_id[:2]
    debug.mkdir(parents=True)
    _run("objcopy", "--only-keep-debug", whole, debug / f"{build_id[2:]}.debug")
    _run("objcopy", strip, whole, bare)
    assert _everything(bare) != expected
    monkeypatch.setattr(separate, "ROOTS", (str(tmp_path),))
    assert _everything(bare) == expected


@pytest.mark.parametrize("where", [".", ".debug"])
def test_a_debug_file_is_found_by_its_link(where: str, whole: Path, tmp_path: Path) -> None:
    expected = _everything(whole)
    bare, debug = tmp_path / "vmlinux", tmp_path / where / "vmlinux.debug"
    debug.parent.mkdir(exist_ok=True)
    _run("objcopy", "--only-keep-debug", whole, debug)
    _run("objcopy", "--strip-debug", f"--add-gnu-debuglink={debug}", whole, bare)
    assert _everything(bare) == expected


def test_a_debug_file_of_another_kernel_is_not_taken(
    whole: Path, make_kernel: Make, tmp_path: Path
) -> None:
    bare, debug = tmp_path / "vmlinux", tmp_path / "vmlinux.debug"
    _run("objcopy", "--only-keep-debug", whole, debug)
    _run("objcopy", "--strip-debug", f"--add-gnu-debuglink={debug}", whole, bare)
    without = tmp_path / "without"
    _run("objcopy", "--strip-debug", whole, without)
    shutil.copy(make_kernel("clang-5").path, debug)
    assert _everything(bare) == _everything(without)


def test_a_debug_file_that_comes_later_is_seen_behind_a_warm_cache(
    whole: Path, tmp_path: Path
) -> None:
    bare, debug = tmp_path / "vmlinux", tmp_path / "vmlinux.debug"
    _run("objcopy", "--only-keep-debug", whole, debug)
    _run("objcopy", "--strip-debug", f"--add-gnu-debuglink={debug}", whole, bare)
    debug.rename(tmp_path / "away")
    lines = []
    for _ in range(2):
        with Symbolizer(bare, cache=tmp_path / "cache") as symbolizer:
            (answer, *_) = symbolizer.decode(QUERIES)
            assert isinstance(answer, Decoded)
            lines.append((symbolizer.has_lines, answer.calls[0].line is not None))
        if not debug.exists():
            (tmp_path / "away").rename(debug)
    assert lines == [(False, False), (True, True)]


@pytest.mark.parametrize("form", ["xz", "gz", "zst"])
def test_a_packed_module_is_unpacked(form: str, make_module: Make, tmp_path: Path) -> None:
    data = make_module("gcc-5").path.read_bytes()
    if form == "zst":
        zstandard = pytest.importorskip("zstandard")
        packed = zstandard.ZstdCompressor().compress(data)
    else:
        packed = lzma.compress(data) if form == "xz" else gzip.compress(data)
    plain, folder = tmp_path / "plain", tmp_path / "packed"
    plain.mkdir()
    folder.mkdir()
    (plain / "small-module.ko").write_bytes(data)
    (folder / f"small-module.ko.{form}").write_bytes(packed)
    reader = Reader(str(plain / "small-module.ko"), "small_module")
    queries = [
        Query(symbol.name, 1, symbol.size, "small_module")
        for start in sorted(set(reader.symbols.starts))
        if (symbol := reader.symbols.starting_at(start)) is not None
    ]
    assert len(queries) > 3
    answers = [Symbolizer(None, [one], cache=None).decode(queries) for one in (plain, folder)]
    assert answers[0] == answers[1]
    assert any(isinstance(one, Decoded) for one in answers[0])


def test_zstd_without_its_package_is_a_reason(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "m.ko.zst"
    path.write_bytes(b"\x28\xb5\x2f\xfd" + bytes(40))
    real = builtins.__import__

    def without(name: str, *rest: object) -> object:
        if name == "zstandard":
            raise ImportError(name)
        return real(name, *rest)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(ImageError, match="install the package 'zstandard'") as caught:
        Symbolizer(None, [path], cache=None)
    assert caught.value.kind == "unsupported"


def test_a_packed_image_that_unfolds_to_too_much_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from sitegen.crash.symbols import unpack

    bomb = b"\x7fELF" + bytes(1 << 20)
    for form, packed in (("xz", lzma.compress(bomb)), ("gzip", gzip.compress(bomb))):
        with pytest.raises(unpack.BombError):
            unpack.unpack(form, packed, 1 << 16)
        assert unpack.unpack(form, packed, 1 << 21) == bomb


def test_sites_need_the_code_that_the_debug_file_does_not_have(whole: Path, tmp_path: Path) -> None:
    debug = tmp_path / "only-debug"
    _run("objcopy", "--only-keep-debug", whole, debug)
    with Symbolizer(debug, cache=None) as symbolizer:
        answers = symbolizer.decode(QUERIES)
        assert [isinstance(one, Decoded) for one in answers] == [True, True, True, False]
        places = [one for one in answers if isinstance(one, Decoded)]
        assert {type(one) for one in symbolizer.sites(places)} <= {CallSite, type(None)}


def test_sections_in_zstd_are_read(whole: Path, tmp_path: Path) -> None:
    pytest.importorskip("zstandard")
    packed = tmp_path / "vmlinux"
    command = ["objcopy", "--compress-debug-sections=zstd", str(whole), str(packed)]
    if subprocess.run(command, check=False, capture_output=True).returncode:
        pytest.skip("this objcopy has no zstd")
    section = Reader(str(packed), "vmlinux").image.find(".debug_info")
    assert section is not None
    assert section.flags & SHF_COMPRESSED
    assert _everything(packed) == _everything(whole)


def test_a_damaged_zstd_file_is_a_reason(tmp_path: Path) -> None:
    pytest.importorskip("zstandard")
    path = tmp_path / "m.ko.zst"
    path.write_bytes(b"\x28\xb5\x2f\xfd" + bytes(40))
    with pytest.raises(ImageError, match=r"does not unpack|is not an ELF file"):
        Symbolizer(None, [path], cache=None)
