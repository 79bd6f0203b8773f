"""The cache: the same answers, from no image; damage and trouble only make it slower."""

import errno
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

from sitegen.crash.symbols import ledger
from sitegen.crash.symbols.cache import Cache, Identity
from sitegen.crash.symbols.reader import Reader
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


def _process(vmlinux: Path, cache: Path, log: bytes) -> subprocess.Popen[bytes]:
    environment = {**os.environ, "XDG_CACHE_HOME": str(cache)}
    process = subprocess.Popen(
        [sys.executable, "-m", "sitegen", "decode", str(vmlinux)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment,
    )
    assert process.stdin is not None
    process.stdin.write(log)
    process.stdin.close()
    process.stdin = None
    return process


def _log(vmlinux: Path) -> bytes:
    symbols = Reader(str(vmlinux), "vmlinux").symbols.find(["third", "dispatch", "rarely"])
    return b"Call Trace:\n" + b"".join(
        f" {s.name}+{s.size // 2:#x}/{s.size:#x}\n".encode() for (s, *_) in symbols.values() if s
    )


def test_processes_that_share_a_cache_all_answer_right(vmlinux: Path, tmp_path: Path) -> None:
    log = _log(vmlinux)
    expected = _process(vmlinux, tmp_path / "alone", log).communicate()
    assert b"third.c" in expected[0]
    for _ in range(3):
        several = [_process(vmlinux, tmp_path / "shared", log) for _ in range(4)]
        assert [one.communicate() for one in several] == [expected] * 4


def test_a_process_killed_at_any_time_leaves_a_cache_that_answers_right(
    vmlinux: Path, tmp_path: Path
) -> None:
    log = _log(vmlinux)
    expected = _process(vmlinux, tmp_path / "alone", log).communicate()
    for milliseconds in range(20, 260, 30):
        process = _process(vmlinux, tmp_path / "shared", log)
        time.sleep(milliseconds / 1000)
        process.kill()
        process.communicate()
        assert _process(vmlinux, tmp_path / "shared", log).communicate() == expected


@pytest.mark.parametrize("failing", ["open", "write", "replace"])
def test_a_write_that_fails_leaves_what_was_there(
    failing: str, vmlinux: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "frames-1"
    ledger.write(str(path), {b"a": b"1"})

    def refuse(*_: object, **__: object) -> object:
        raise OSError(errno.ENOSPC, "No space left on device")

    if failing == "open":
        monkeypatch.setattr("builtins.open", refuse)
    elif failing == "replace":
        monkeypatch.setattr("os.replace", refuse)
    else:
        full = Path("/dev/full")
        if not full.exists():
            pytest.skip("there is no /dev/full")
        (tmp_path / f"frames-2.{os.getpid()}").symlink_to(full)
        path = tmp_path / "frames-2"
        ledger.write(str(path), {b"a": bytes(1 << 20)})
        assert not path.exists()
        return
    ledger.write(str(path), {b"a": b"2"})
    monkeypatch.undo()
    assert ledger.find(ledger.read(str(path)), b"a") == b"1"
    assert [one.name for one in tmp_path.glob("frames-*")] == ["frames-1"]


def test_a_read_only_cache_is_read(vmlinux: Path, tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    fresh = _decode(vmlinux, cache)
    before = {path: path.stat().st_mtime_ns for path in cache.rglob("*")}
    for path in cache.rglob("*"):
        path.chmod(0o555 if path.is_dir() else 0o444)
    assert _decode(vmlinux, cache) == fresh
    assert {path: path.stat().st_mtime_ns for path in cache.rglob("*")} == before
    for path in cache.rglob("*"):
        path.chmod(0o755 if path.is_dir() else 0o644)


def test_an_image_replaced_while_it_is_open_gives_no_wrong_answer_later(
    vmlinux: Path, make_kernel: Make, tmp_path: Path
) -> None:
    cache = tmp_path / "cache"
    symbolizer = Symbolizer(vmlinux, cache=cache)
    other = tmp_path / "other"
    shutil.copy(make_kernel("clang-5").path, other)
    other.replace(vmlinux)
    symbolizer.decode(QUERIES)
    symbolizer.close()
    assert _decode(vmlinux, cache) == _decode(vmlinux, None)


@pytest.mark.parametrize("count", [0, 1, 2, 3, 100])
def test_every_entry_of_a_ledger_is_found(count: int, tmp_path: Path) -> None:
    known = {
        f"k{number * 7919 % 1000}".encode(): bytes([65 + number % 26]) for number in range(count)
    }
    path = tmp_path / "frames-1"
    ledger.write(str(path), known)
    data = ledger.read(str(path))
    assert ledger.entries(data) == known
    assert {key: ledger.find(data, key) for key in known} == known
    assert [ledger.find(data, key) for key in (b"", b"k", b"k0x", b"zz", b"\xff")] == [None] * 5


def test_who_was_opened_is_remembered_and_not_who_stands_there_by_then(
    vmlinux: Path, make_kernel: Make, tmp_path: Path
) -> None:
    reader = Reader(str(vmlinux), "vmlinux")
    cache = Cache(tmp_path / "cache")
    other = tmp_path / "other"
    shutil.copy(make_kernel("clang-5").path, other)
    other.replace(vmlinux)
    cache.remember(str(vmlinux), reader.image.file.status, reader.identity)
    cache.save()
    assert Cache(tmp_path / "cache").identity(str(vmlinux)) is None
