"""Images from servers on loopback: Debian's debuginfod, and one that misbehaves."""

import http.server
import shutil
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from sitegen.crash.symbols import debuginfod
from sitegen.crash.symbols.reader import Reader
from sitegen.crash.symbols.values import ImageError
from tests.crash.symbols.conftest import Make


class Server(http.server.ThreadingHTTPServer):
    """Serves one file for every build ID, whole or in parts, and remembers what was asked."""

    data = b""
    breaks_after = 0
    ranges = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.asked: list[tuple[str, str]] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"


class Handler(http.server.BaseHTTPRequestHandler):
    server: Server

    def do_GET(self) -> None:
        wanted = self.headers.get("Range", "")
        self.server.asked.append((self.path, wanted))
        start = int(wanted[6:-1]) if wanted and self.server.ranges else 0
        body = self.server.data[start:]
        if not body:
            self.send_error(416 if start else 404)
            return
        self.send_response(206 if start else 200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body[: self.server.breaks_after or None])

    def log_message(self, *_: object) -> None:
        """Says nothing."""


@pytest.fixture
def server() -> Iterator[Server]:
    one = Server()
    thread = threading.Thread(target=one.serve_forever, daemon=True)
    thread.start()
    yield one
    one.shutdown()
    one.server_close()
    thread.join()


@pytest.fixture
def vmlinux(make_kernel: Make) -> Path:
    return make_kernel("gcc-5").path


def _build_id(path: Path) -> str:
    return Reader(str(path), "vmlinux").image.build_id


def test_an_image_is_fetched_once(server: Server, vmlinux: Path, tmp_path: Path) -> None:
    server.data = vmlinux.read_bytes()
    build_id = _build_id(vmlinux)
    told: list[tuple[int, int]] = []
    for _ in range(2):
        path = debuginfod.fetch(
            build_id, str(tmp_path), [server.url], lambda *numbers: told.append(numbers)
        )
        assert Path(path).read_bytes() == server.data
    assert server.asked == [(f"/buildid/{build_id}/debuginfo", "")]
    assert told[-1] == (len(server.data), len(server.data))


@pytest.mark.parametrize("ranges", [True, False])
def test_a_download_is_taken_up_where_it_was_cut_off(
    ranges: bool, server: Server, vmlinux: Path, tmp_path: Path
) -> None:
    server.data, server.breaks_after, server.ranges = vmlinux.read_bytes(), 1000, ranges
    build_id = _build_id(vmlinux)
    with pytest.raises(ImageError, match="was fetched"):
        debuginfod.fetch(build_id, str(tmp_path), [server.url])
    (part,) = tmp_path.iterdir()
    assert part.stat().st_size == 1000
    server.breaks_after = 0
    path = debuginfod.fetch(build_id, str(tmp_path), [server.url])
    assert server.asked[-1][1] == "bytes=1000-"
    assert Path(path).read_bytes() == server.data
    assert list(tmp_path.iterdir()) == [Path(path)]


def test_what_one_server_began_is_not_mixed_with_another_s(
    server: Server, vmlinux: Path, tmp_path: Path
) -> None:
    server.data, server.breaks_after = vmlinux.read_bytes(), 1000
    other = Server()
    thread = threading.Thread(target=other.serve_forever, daemon=True)
    thread.start()
    other.data = vmlinux.read_bytes()
    try:
        path = debuginfod.fetch(_build_id(vmlinux), str(tmp_path), [server.url, other.url])
    finally:
        other.shutdown()
        other.server_close()
        thread.join()
    assert other.asked[0][1] == ""
    assert Path(path).read_bytes() == other.data


def test_an_image_that_does_not_exist_leaves_nothing(server: Server, tmp_path: Path) -> None:
    with pytest.raises(ImageError, match="not found"):
        debuginfod.fetch("ab" * 20, str(tmp_path), [server.url])
    assert list(tmp_path.iterdir()) == []


def test_processes_that_want_one_image_at_once_all_get_it(
    server: Server, vmlinux: Path, tmp_path: Path
) -> None:
    server.data = vmlinux.read_bytes()
    program = (
        "import sys; from sitegen.crash.symbols.debuginfod import fetch;"
        "print(fetch(sys.argv[1], sys.argv[2], [sys.argv[3]]))"
    )
    command = [sys.executable, "-c", program, _build_id(vmlinux), str(tmp_path), server.url]
    several = [subprocess.Popen(command, stdout=subprocess.PIPE) for _ in range(4)]
    paths = {one.communicate()[0].decode().strip() for one in several}
    assert [one.returncode for one in several] == [0] * 4
    (path,) = paths
    assert Path(path).read_bytes() == server.data
    assert list(tmp_path.iterdir()) == [Path(path)]


def test_what_the_tools_of_elfutils_fetched_is_used(
    vmlinux: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    build_id = _build_id(vmlinux)
    monkeypatch.setenv("DEBUGINFOD_CACHE_PATH", str(tmp_path / "theirs"))
    place = tmp_path / "theirs" / build_id / "debuginfo"
    place.parent.mkdir(parents=True)
    place.write_bytes(b"not an image")
    assert debuginfod.find(build_id, str(tmp_path / "ours")) == ""
    shutil.copy(vmlinux, place)
    assert debuginfod.fetch(build_id, str(tmp_path / "ours"), ()) == str(place)


@pytest.mark.parametrize(("build_id", "folder"), [("ab" * 20, ""), ("../../../etc", "here")])
def test_without_a_folder_or_a_build_id_nothing_is_asked(
    build_id: str, folder: str, server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ImageError):
        debuginfod.fetch(build_id, folder, [server.url])
    assert server.asked == []
    assert list(tmp_path.iterdir()) == []


def test_what_is_not_the_image_is_not_kept(
    server: Server, make_kernel: Make, vmlinux: Path, tmp_path: Path
) -> None:
    build_id = _build_id(vmlinux)
    for data, why in (
        (make_kernel("clang-5").path.read_bytes(), "has the build ID"),
        (b"<html>not here</html>", "is not an ELF file"),
    ):
        server.data = data
        with pytest.raises(ImageError, match=why):
            debuginfod.fetch(build_id, str(tmp_path), [server.url])
        assert list(tmp_path.iterdir()) == []


def test_the_next_server_is_asked_when_one_has_none(
    server: Server, vmlinux: Path, tmp_path: Path
) -> None:
    server.data = vmlinux.read_bytes()
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        closed = f"http://127.0.0.1:{taken.getsockname()[1]}"
        assert debuginfod.fetch(_build_id(vmlinux), str(tmp_path), [closed, server.url])


def test_without_a_server_the_reason_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DEBUGINFOD_URLS", "file:///etc ftp://x")
    assert debuginfod.servers() == ()
    with pytest.raises(ImageError, match="names no server"):
        debuginfod.fetch("ab" * 20, str(tmp_path), ())


@pytest.mark.parametrize(
    ("text", "expected"),
    [("ab" * 20, True), ("AB" * 20, False), ("vmlinux", False), ("../" * 8, False)],
)
def test_a_build_id_is_told_from_a_path(text: str, expected: bool) -> None:
    assert debuginfod.is_build_id(text) is expected


def test_debian_s_server_is_understood(vmlinux: Path, tmp_path: Path) -> None:
    program = shutil.which("debuginfod")
    if program is None:
        pytest.skip("debuginfod is not installed")
    (tmp_path / "served").mkdir()
    shutil.copy(vmlinux, tmp_path / "served" / "vmlinux")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [program, "-F", "-p", str(port), "-d", str(tmp_path / "db"), str(tmp_path / "served")]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        url, build_id = f"http://127.0.0.1:{port}", _build_id(vmlinux)
        for _ in range(100):
            try:
                urllib.request.urlopen(f"{url}/buildid/{build_id}/debuginfo").close()
                break
            except OSError:
                time.sleep(0.1)
        path = debuginfod.fetch(build_id, str(tmp_path / "cache"), [url])
        assert Path(path).read_bytes() == vmlinux.read_bytes()
    finally:
        process.terminate()
        process.wait()
