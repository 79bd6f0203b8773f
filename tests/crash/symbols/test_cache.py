"""The cache: the same answers, from no image; damage and trouble only make it slower."""

import os
import shutil
from pathlib import Path

import pytest

from sitegen.crash.symbols.cache import Cache, Identity
from sitegen.crash.symbols.symbolizer import Symbolizer
from sitegen.crash.symbols.values import Call, Decoded, Query, Undecoded
from tests.crash.symbols.conftest import Make

QUERIES = (
    Query("third", 4),
    Query("twin", 0, 0, lookup="exact"),
    Query("vanished", 1, 2),
    Query("show", 9, 0xFFFF),
    Query("rarely", 30, callee="dispatch"),
)


def _decode(path: Path, cache: Path | None) -> tuple[Decoded | Undecoded, ...]:
    with Symbolizer(path, cache=cache) as symbolizer:
        return symbolizer.decode(QUERIES)


@pytest.fixture
def vmlinux(make_kernel: Make, tmp_path: Path) -> Path:
    """A small kernel of one's own, to be changed."""
    path = tmp_path / "vmlinux"
    shutil.copy(make_kernel("gcc-5").path, path)
    return path


def test_a_second_run_answers_the_same_without_the_image(
    vmlinux: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fresh = _decode(vmlinux, None)
    assert _decode(vmlinux, tmp_path / "cache") == fresh

    def refuse(*_: object) -> None:
        pytest.fail("the image was opened")

    monkeypatch.setattr("sitegen.crash.symbols.reader.Reader", refuse)
    assert _decode(vmlinux, tmp_path / "cache") == fresh


def test_an_image_that_was_replaced_is_read_anew(
    vmlinux: Path, make_kernel: Make, tmp_path: Path
) -> None:
    _decode(vmlinux, tmp_path / "cache")
    shutil.copy(make_kernel("clang-5").path, vmlinux)
    assert _decode(vmlinux, tmp_path / "cache") == _decode(vmlinux, None)


def test_a_stripped_image_does_not_spoil_its_debug_twin(vmlinux: Path, tmp_path: Path) -> None:
    import subprocess

    bare = tmp_path / "bare"
    subprocess.run(["strip", "-g", "-o", bare, vmlinux], check=True)
    _decode(bare, tmp_path / "cache")
    assert _decode(vmlinux, tmp_path / "cache") == _decode(vmlinux, None)


@pytest.mark.parametrize("damage", ["cut", "flip", "fill", "text"])
def test_a_damaged_cache_counts_as_none(damage: str, vmlinux: Path, tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    fresh = _decode(vmlinux, cache)
    files = [path for path in sorted(cache.rglob("*")) if path.is_file()]
    assert {path.name.partition("-")[0] for path in files} == {"known", "frames", "index"}
    for path in files:
        data = bytearray(path.read_bytes())
        if damage == "cut":
            data = data[: len(data) // 2]
        elif damage == "flip":
            for at in range(5, len(data), 11):
                data[at] ^= 0x15
        elif damage == "fill":
            data = bytearray(len(data))
        else:
            data = bytearray(b"not a cache\n" * 20)
        path.write_bytes(data)
    assert _decode(vmlinux, cache) == fresh
    assert _decode(vmlinux, cache) == fresh


def test_a_folder_that_cannot_be_written_is_no_trouble(vmlinux: Path, tmp_path: Path) -> None:
    (tmp_path / "cache").write_text("a file where the folder should be")
    assert _decode(vmlinux, tmp_path / "cache") == _decode(vmlinux, None)


def test_answers_of_another_run_are_kept(vmlinux: Path, tmp_path: Path) -> None:
    one = Symbolizer(vmlinux, cache=tmp_path / "cache")
    two = Symbolizer(vmlinux, cache=tmp_path / "cache")
    one.decode(QUERIES[:2])
    two.decode(QUERIES[2:])
    one.close()
    two.close()
    (frames,) = (tmp_path / "cache").rglob("frames-*")
    assert frames.read_bytes().count(b"\n") == len(QUERIES)
    assert not [path for path in frames.parent.iterdir() if path.name.endswith(str(os.getpid()))]


@pytest.mark.parametrize(
    "answer",
    [
        Decoded((Call("f", "a b.c", 3, 4, inlined=True), Call("g")), "vmlinux", "", 16, 0),
        Decoded((Call("f", "é.c", 1),), "m", ".text", 1, 0, size_equal=False, exact=True, note="n"),
        Undecoded("no symbol 'x' in vmlinux", (), None, absent=True),
        Undecoded("several", (Call("f", "a.c", 1), Call("f", "b.c", None)), size_equal=True),
    ],
)
def test_answers_come_back_as_they_went_in(answer: Decoded | Undecoded, tmp_path: Path) -> None:
    who = Identity("abc123", "6.1", "lines-code")
    query = Query("f", 1, 2, callee="g")
    cache = Cache(tmp_path)
    cache.keep(who, query, answer)
    cache.save()
    assert Cache(tmp_path).find(who, query) == answer
    assert Cache(tmp_path).find(who, query._replace(lookup="exact")) is None


def test_what_would_break_a_line_is_not_kept(tmp_path: Path) -> None:
    who = Identity("abc123", "6.1", "lines-code")
    cache = Cache(tmp_path)
    cache.keep(who, Query("f"), Decoded((Call("f", "a\nb.c", 1),), "vmlinux", "", 0, 0))
    cache.save()
    assert Cache(tmp_path).find(who, Query("f")) is None
