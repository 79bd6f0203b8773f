"""Whole processes whose cache cannot be written, or is cut off: right answers, and nothing worse than time.

Run as a user who is not root, for root may write where nobody may.
"""

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from sitegen.crash.symbols.reader import Reader
from tests.crash.symbols.conftest import Make

NOBODY = 65534
LEAST = "third", "dispatch", "rarely"
CODE = b"Code: 90 90 90 <8b> 40 28 c3\n"
# Decodes once to have everything loaded, which another user may not be able to read, and then as
# that user, who may write no file beyond the limit.
CHILD = """
import os, resource, signal, sys
from sitegen.cli.decode import main

log, vmlinux, user, limit, killed = sys.argv[1:]


def decode(*words):
    os.dup2(os.open(log, os.O_RDONLY), 0)
    code = main([*words, vmlinux])
    sys.stdout.flush()
    return code


kept = os.dup(1)
os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
decode("--no-cache")
os.dup2(kept, 1)
if user:
    os.setgroups([])
    os.setgid(int(user))
    os.setuid(int(user))
if killed:
    signal.signal(signal.SIGXFSZ, signal.SIG_DFL)
if limit:
    resource.setrlimit(resource.RLIMIT_FSIZE, (int(limit), int(limit)))
sys.exit(decode())
"""


class Place:
    """A folder that any user may read, with an image and a log in it."""

    def __init__(self, folder: Path, vmlinux: Path) -> None:
        self.folder = folder
        self.vmlinux = folder / "vmlinux"
        shutil.copy(vmlinux, self.vmlinux)
        symbols = Reader(str(vmlinux), "vmlinux").symbols.find(LEAST)
        self.log = b"Call Trace:\n" + CODE
        for symbol, *_ in symbols.values():
            self.log += f" {symbol.name}+{symbol.size // 2:#x}/{symbol.size:#x}\n".encode()
        self.cache = folder / "cache"
        self.cache.mkdir()

    def run(
        self, *, limit: int | None = None, killed: bool = False, cache: Path | None = None
    ) -> subprocess.CompletedProcess[bytes]:
        """`sitegen decode` as another user; `limit` is the largest file that it may write.

        `killed` when it is to die by the write that goes beyond.
        """
        log = self.folder / "log"
        log.write_bytes(self.log)
        user = str(NOBODY) if os.geteuid() == 0 else ""
        words = [log, self.vmlinux, user, "" if limit is None else limit, "killed" * killed]
        return subprocess.run(
            [sys.executable, "-c", CHILD, *map(str, words)],
            capture_output=True,
            check=False,
            timeout=120,
            env={**os.environ, "XDG_CACHE_HOME": str(cache or self.cache)},
        )

    def hand_over(self) -> None:
        """Give the cache to the user that the processes run as."""
        if os.geteuid() == 0:
            for path in (self.cache, *self.cache.rglob("*")):
                os.chown(path, NOBODY, NOBODY)

    def files(self) -> dict[str, bytes]:
        """What is in the cache, by path; the part of a name that is a version left out."""
        return {
            str(path.relative_to(self.cache)): path.read_bytes()
            for path in sorted(self.cache.rglob("*"))
            if path.is_file()
        }


@pytest.fixture
def place(make_kernel: Make) -> Iterator[Place]:
    vmlinux = make_kernel("gcc-5").path
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o755)
    one = Place(folder, vmlinux)
    yield one
    for path in (one.cache, *one.cache.rglob("*")):
        with contextlib.suppress(OSError):
            path.chmod(0o755)
    shutil.rmtree(folder)


@pytest.fixture
def expected(place: Place) -> bytes:
    done = place.run(cache=Path("/nonexistent"))
    assert (done.returncode, done.stderr) == (0, b"")
    assert b"third.c" in done.stdout
    assert b"<-- trapping instruction" in done.stdout
    return done.stdout


def is_right(done: subprocess.CompletedProcess[bytes], expected: bytes) -> None:
    assert (done.returncode, done.stdout, done.stderr) == (0, expected, b"")


def test_a_folder_that_cannot_be_written_is_no_trouble(place: Place, expected: bytes) -> None:
    place.cache.chmod(0o555)
    is_right(place.run(), expected)
    assert place.files() == {}


def test_a_folder_that_cannot_be_entered_is_no_trouble(place: Place, expected: bytes) -> None:
    place.hand_over()
    is_right(place.run(), expected)
    place.cache.chmod(0)
    is_right(place.run(), expected)


def test_a_warm_cache_that_became_read_only_answers_and_stays(
    place: Place, expected: bytes
) -> None:
    place.hand_over()
    is_right(place.run(), expected)
    for path in (place.cache, *place.cache.rglob("*")):
        path.chmod(0o555 if path.is_dir() else 0o444)
    before = place.files()
    assert {name.split("/")[-1].partition("-")[0] for name in before} == {
        *("known", "frames", "index", "listing"),
    }
    place.log += b" stop_here+0x1/0x0\n"  # is not known yet, and cannot be kept
    done = place.run()
    assert done.stdout.startswith(expected)
    assert done.stderr == b""
    assert place.files() == before


@pytest.mark.parametrize("limit", [0, 1, 100, 1000])
def test_writes_that_fail_leave_nothing(limit: int, place: Place, expected: bytes) -> None:
    place.hand_over()
    is_right(place.run(limit=limit), expected)
    assert all(len(data) <= limit for data in place.files().values())
    assert not any(name[-1].isdigit() and "." in name for name in place.files())
    is_right(place.run(limit=limit), expected)
    is_right(place.run(), expected)


@pytest.mark.parametrize("limit", [1, 40, 100, 150, 300])
def test_a_process_that_dies_in_the_middle_of_a_write_leaves_a_right_cache(
    limit: int, place: Place, expected: bytes
) -> None:
    place.hand_over()
    done = place.run(limit=limit, killed=True)
    assert done.returncode == -signal.SIGXFSZ
    cut = [name for name, data in place.files().items() if len(data) == limit]
    assert cut, "nothing was being written"
    is_right(place.run(), expected)
    is_right(place.run(), expected)
    assert not set(cut) & set(place.files())


def test_a_full_disk_is_no_trouble(place: Place, expected: bytes) -> None:
    """A file system of four pages, three of them taken, in a mount namespace of its own."""
    if os.geteuid():
        pytest.skip("only root may mount a file system")
    (place.folder / "log").write_bytes(place.log)
    mount = 'mount -t tmpfs -o size=16k,mode=777 tmpfs "$1" && head -c 12k /dev/zero > "$1/full"'
    words = [place.folder / "log", place.vmlinux, NOBODY, "", ""]
    done = subprocess.run(
        [
            *("unshare", "-m", "sh", "-c", f'{mount} || exit 9; shift; "$@" && "$@"', "sh"),
            *(str(place.cache), sys.executable, "-c", CHILD, *map(str, words)),
        ],
        capture_output=True,
        check=False,
        timeout=120,
        env={**os.environ, "XDG_CACHE_HOME": str(place.cache)},
    )
    if done.returncode == 9 or b"unshare" in done.stderr:
        pytest.skip("this machine mounts no file system for tests")
    assert done.returncode == 0, done.stderr
    assert done.stdout == 2 * expected


def test_an_image_replaced_under_a_warm_cache_is_read_anew(
    place: Place, expected: bytes, make_kernel: Make
) -> None:
    """Of the same size, and with the old times put back."""
    place.hand_over()
    is_right(place.run(), expected)
    status = place.vmlinux.stat()
    other = make_kernel("gcc-4").path.read_bytes()
    with place.vmlinux.open("r+b") as file:
        file.write(other[: status.st_size].ljust(status.st_size, b"\0"))
    os.utime(place.vmlinux, ns=(status.st_atime_ns, status.st_mtime_ns))
    again = place.vmlinux.stat()
    assert (again.st_size, again.st_mtime_ns, again.st_ino) == (
        *(status.st_size, status.st_mtime_ns, status.st_ino),
    )
    fresh = place.run(cache=Path("/nonexistent"))
    warm = place.run()
    assert (warm.returncode, warm.stdout) == (fresh.returncode, fresh.stdout)
    assert warm.stdout != expected


def test_processes_of_two_users_share_a_folder_without_harm(place: Place, expected: bytes) -> None:
    """Whoever came first owns the files; the other reads what is there."""
    place.cache.chmod(0o777)
    is_right(place.run(), expected)
    command = [sys.executable, "-m", "sitegen", "decode", str(place.vmlinux)]
    environment = {**os.environ, "XDG_CACHE_HOME": str(place.cache)}
    own = subprocess.run(
        command, input=place.log, capture_output=True, check=False, env=environment
    )
    is_right(own, expected)
    is_right(place.run(), expected)
