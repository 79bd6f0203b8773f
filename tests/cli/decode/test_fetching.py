"""`--debuginfod`: images by the build IDs that the command line and the log name."""

import shutil
import socket
import subprocess
import threading
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from sitegen.crash.symbols import fetching
from sitegen.crash.symbols.reader import Reader
from tests.cli.decode.test_run import log_of, run
from tests.crash.symbols.conftest import Make, make_kernel, make_module
from tests.crash.symbols.test_debuginfod import Server

__all__ = ["make_kernel", "make_module"]


class ById(Server):
    """Serves a file a build ID."""

    def __init__(self) -> None:
        super().__init__()
        self.files: dict[str, Path] = {}

    @property
    def data(self) -> bytes:  # type: ignore[override]
        path = self.files.get(self.asked[-1][0].split("/")[2])
        return path.read_bytes() if path else b""


@pytest.fixture
def server() -> Iterator[ById]:
    one = ById()
    thread = threading.Thread(target=one.serve_forever, daemon=True)
    thread.start()
    yield one
    one.shutdown()
    one.server_close()
    thread.join()


@pytest.fixture
def vmlinux(make_kernel: Make, server: ById) -> Path:
    path = make_kernel("gcc-5").path
    server.files[Reader(str(path), "vmlinux").image.build_id] = path
    return path


@pytest.fixture
def build_id(vmlinux: Path, server: ById) -> str:
    return next(iter(server.files))


@pytest.fixture
def module(make_module: Make, server: ById, tmp_path: Path) -> tuple[Path, str]:
    """A module with a build ID, as those of kernels have."""
    path = tmp_path / "small_module.ko"
    made = make_module("gcc-5").path
    subprocess.run(["ld", "-r", "--build-id=sha1", "-o", path, made], check=True)
    found = Reader(str(path), "small_module").image.build_id
    server.files[found] = path
    return path, found


def test_an_image_is_fetched_by_its_build_id_only_when_asked_to(
    server: ById, vmlinux: Path, build_id: str, tmp_path: Path
) -> None:
    log = log_of(vmlinux)
    silent = run(build_id, log=log, cache=tmp_path, DEBUGINFOD_URLS=server.url)
    assert (silent.returncode, server.asked) == (1, [])
    for _ in range(2):
        done = run("--debuginfod", build_id, log=log, cache=tmp_path, DEBUGINFOD_URLS=server.url)
        assert (done.returncode, done.stderr) == (0, b"")
        assert b"third (third.c:13)" in done.stdout
    assert len(server.asked) == 1
    assert (tmp_path / "sitegen" / "debuginfod" / f"{build_id}.debug").exists()


def test_the_kernel_that_the_log_names_is_fetched(
    server: ById, vmlinux: Path, build_id: str, tmp_path: Path
) -> None:
    line = f"CPU: 0 PID: 1 Comm: sh Not tainted 6.1 #1 {build_id}\n".encode()
    code = b"Code: 90 90 90 <8b> 40 28 c3\n"
    done = run(
        "--debuginfod",
        log=line + log_of(vmlinux) + code,
        cache=tmp_path,
        DEBUGINFOD_URLS=server.url,
    )
    assert (done.returncode, done.stderr) == (0, b"")
    assert b"third (third.c:13)" in done.stdout
    assert b"<-- trapping instruction" in done.stdout


def test_a_log_that_names_no_kernel_is_said_so(server: ById, tmp_path: Path) -> None:
    done = run("--debuginfod", log=b" f+0x1/0x2\n", cache=tmp_path, DEBUGINFOD_URLS=server.url)
    assert done.returncode == 1
    assert done.stdout == b" f+0x1/0x2\n"
    assert b"the log does not print the build ID of its kernel" in done.stderr


def test_modules_are_fetched_by_the_build_id_behind_their_name(
    server: ById, vmlinux: Path, module: tuple[Path, str], tmp_path: Path
) -> None:
    _, build_id = module
    frame = f" module_begin+0x1/0x1000 [small_module {build_id}]\n".encode()
    expected = f"[small_module {build_id}]\n".encode()
    plain = run(vmlinux, log=frame, cache=tmp_path, DEBUGINFOD_URLS=server.url)
    assert plain.stdout == frame
    assert server.asked == []
    done = run("--debuginfod", vmlinux, log=frame, cache=tmp_path, DEBUGINFOD_URLS=server.url)
    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout.startswith(b"module_begin (")
    assert done.stdout.endswith(b") " + expected)


def test_a_module_that_no_server_has_is_said_once(
    server: ById, vmlinux: Path, tmp_path: Path
) -> None:
    frame = b" f+0x1/0x2 [gone " + b"cd" * 20 + b"]\n"
    done = run("--debuginfod", vmlinux, log=frame * 3, cache=tmp_path, DEBUGINFOD_URLS=server.url)
    assert done.returncode == 0
    assert done.stdout == frame * 3
    assert done.stderr.count(b"gone: no image of build ID cdcd") == 1
    assert len(server.asked) == 1


def test_a_module_at_hand_of_another_build_is_said_so(
    vmlinux: Path, module: tuple[Path, str]
) -> None:
    path, _ = module
    frame = b" module_begin+0x1/0x1000 [small_module " + b"cd" * 20 + b"]\n"
    done = run(vmlinux, "auto", path, log=frame)
    assert b"the log is of module 'small_module' with build ID cdcd" in done.stderr


def test_evidence_is_made_with_what_was_fetched(
    server: ById, vmlinux: Path, module: tuple[Path, str], tmp_path: Path
) -> None:
    import json

    _, build_id = module
    frame = f"Call Trace:\n module_begin+0x1/0x1000 [small_module {build_id}]\n"
    log = b"BUG: kernel NULL pointer dereference, address: 0\n" + frame.encode()
    done = run(
        "--json", "--debuginfod", vmlinux, log=log, cache=tmp_path, DEBUGINFOD_URLS=server.url
    )
    assert done.returncode == 0, done.stderr
    (report,) = json.loads(done.stdout)["logs"][0]["reports"]
    assert report["traces"][0]["frames"][0]["calls"][-1]["function"] == "module_begin"


class Screen:
    """A terminal that keeps what it is shown."""

    def __init__(self, *, watched: bool) -> None:
        self.text = ""
        self._watched = watched

    def isatty(self) -> bool:
        return self._watched

    def write(self, text: str) -> None:
        self.text += text

    def flush(self) -> None:
        """Shows nothing more."""


@pytest.mark.parametrize(
    ("watched", "expected"),
    [
        (True, "\r\x1b[Kfetching it [###############               ] 5 MiB of 10\r\x1b[K"),
        (False, ""),
    ],
)
def test_a_bar_is_drawn_where_someone_watches(
    watched: bool, expected: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    screen = Screen(watched=watched)
    monkeypatch.setattr("sys.stderr", screen)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.delenv("CI", raising=False)
    bar = fetching.Bar("it")
    bar.show(5 << 20, 10 << 20)
    bar.close()
    assert screen.text == expected


def test_a_bar_without_an_end_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    screen = Screen(watched=True)
    monkeypatch.setattr("sys.stderr", screen)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.delenv("CI", raising=False)
    fetching.Bar("it").show(3 << 20, 0)
    assert screen.text.endswith("fetching it 3 MiB")


def test_debian_s_server_gives_kernel_and_module(
    vmlinux: Path, build_id: str, module: tuple[Path, str], tmp_path: Path
) -> None:
    program = shutil.which("debuginfod")
    if program is None:
        pytest.skip("debuginfod is not installed")
    served = tmp_path / "served"
    served.mkdir()
    shutil.copy(vmlinux, served / "vmlinux")
    shutil.copy(module[0], served / "small_module.ko")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [program, "-F", "-p", str(port), "-d", str(tmp_path / "db"), str(served)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        url = f"http://127.0.0.1:{port}"
        for wanted in (build_id, module[1]):
            for _ in range(200):
                try:
                    urllib.request.urlopen(f"{url}/buildid/{wanted}/debuginfo").close()
                    break
                except OSError:
                    time.sleep(0.1)
        line = f"CPU: 0 PID: 1 Comm: sh Not tainted 6.1 #1 {build_id}\n".encode()
        frame = f" module_begin+0x1/0x1000 [small_module {module[1]}]\n".encode()
        log = line + log_of(vmlinux) + frame
        done = run("--debuginfod", log=log, cache=tmp_path / "cache", DEBUGINFOD_URLS=url)
        assert (done.returncode, done.stderr) == (0, b"")
        assert b"third (third.c:13)" in done.stdout
        assert b"module_begin (" in done.stdout
    finally:
        process.terminate()
        process.wait()
