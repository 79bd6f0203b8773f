"""`debuginfod = true`: images that are not here are fetched by build ID, and only then."""

import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.build.test_evidence import KERNEL, LOG, codes, lock, run, write_log
from tests.crash.symbols.conftest import Make, make_module
from tests.crash.symbols.test_debuginfod import Server

__all__ = ["make_module"]

BUILD_ID = "ba6130c74ca33394849a8f40b5a6637e7090068b"
NAMED = f"""
[[kernels]]
release = "6.1.0-sitegen"
build-id = "{BUILD_ID}"
"""


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    """Serves the example's kernel, whatever is asked for."""
    one = Server()
    one.data = (KERNEL / "vmlinux").read_bytes()
    thread = threading.Thread(target=one.serve_forever, daemon=True)
    thread.start()
    monkeypatch.setenv("DEBUGINFOD_URLS", one.url)
    yield one
    one.shutdown()
    one.server_close()
    thread.join()


@pytest.fixture
def wiki(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    folder = tmp_path / "wiki"
    (folder / "content" / "cases").mkdir(parents=True)
    write_log(folder, LOG)
    return folder


def configure(wiki: Path, text: str, *, debuginfod: bool = True) -> None:
    words = "debuginfod = true\n" if debuginfod else ""
    (wiki / "sitegen.toml").write_text(f'title = "Wiki"\n{words}{text}')


def test_the_image_of_a_build_id_is_fetched_once(server: Server, wiki: Path) -> None:
    configure(wiki, NAMED)
    assert codes(run(wiki)) == []
    assert lock(wiki).provenance.images[0].build_id == BUILD_ID
    assert not lock(wiki).provenance.missing
    assert run(wiki, relock=True) == []
    assert [path for path, _ in server.asked] == [f"/buildid/{BUILD_ID}/debuginfo"]


def test_without_the_key_nothing_is_fetched(server: Server, wiki: Path) -> None:
    configure(wiki, NAMED, debuginfod=False)
    run(wiki)
    assert server.asked == []
    assert lock(wiki).provenance.missing


def test_a_build_id_in_the_log_is_enough(server: Server, wiki: Path) -> None:
    configure(wiki, "")
    assert BUILD_ID in LOG
    assert codes(run(wiki)) == []
    assert lock(wiki).provenance.images[0].build_id == BUILD_ID


def test_a_configured_image_that_is_here_is_used(server: Server, wiki: Path) -> None:
    configure(wiki, f'{NAMED}vmlinux = "{KERNEL / "vmlinux"}"\n')
    assert codes(run(wiki)) == []
    assert server.asked == []


def test_an_image_that_no_server_has_leaves_the_lock_alone(server: Server, wiki: Path) -> None:
    configure(wiki, NAMED)
    server.data = b""
    assert codes(run(wiki)) == ["S002", "S010"]
    assert lock(wiki) is None
    assert (wiki / "site").is_dir()


def test_a_lock_that_is_decoded_asks_for_no_image(
    server: Server, wiki: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    configure(wiki, NAMED)
    run(wiki)
    server.asked.clear()
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "empty"))
    assert run(wiki) == []
    assert server.asked == []


def test_modules_are_fetched_by_the_build_id_of_their_frames(
    server: Server, wiki: Path, tmp_path: Path, make_module: Make
) -> None:
    module = tmp_path / "small_module.ko"
    command = ["ld", "-r", "--build-id=sha1", "-o", module, make_module("gcc-5").path]
    subprocess.run(command, check=True)
    notes = subprocess.run(["readelf", "-n", module], check=True, capture_output=True, text=True)
    build_id = notes.stdout.partition("Build ID: ")[2].split()[0]
    configure(wiki, f'{NAMED}vmlinux = "{KERNEL / "vmlinux"}"\n')
    frame = f"[    9.9]  module_begin+0x1/0x1000 [small_module {build_id}]\n"
    head, call, rest = LOG.partition("Call Trace:\n")
    write_log(wiki, head + call + rest.partition("\n")[0] + "\n" + frame + rest.partition("\n")[2])
    server.data = module.read_bytes()
    run(wiki)
    assert [path for path, _ in server.asked] == [f"/buildid/{build_id}/debuginfo"]
    frames = [one for report in lock(wiki).reports for t in report.traces for one in t.frames]
    (found,) = (one for one in frames if one.module == "small_module")
    assert found.calls[-1].file.endswith("module.c")
