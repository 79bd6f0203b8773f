"""`sitegen serve` as a process: what it answers, and how it ends."""

import http.client
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).parents[2]


class Serving(NamedTuple):
    """A server of a wiki with one page."""

    process: subprocess.Popen
    port: int
    wiki: Path

    def ask(self, path: str, method: str = "GET", **headers: str) -> http.client.HTTPResponse:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        connection.putrequest(method, path, skip_host="Host" in headers)
        for name, value in headers.items():
            connection.putheader(name.replace("_", "-"), value)
        connection.endheaders()
        answer = connection.getresponse()
        if "event-stream" in answer.getheader("Content-Type", ""):
            answer.body = answer.readline()
            answer.leave = lambda: (answer.close(), connection.close())
        else:
            answer.body = answer.read()
            answer.leave = lambda: None
            connection.close()
        return answer


def start(wiki: Path, cache: Path, *options: str) -> Serving:
    process = subprocess.Popen(
        [sys.executable, "-m", "sitegen", "serve", "--port", "8730", *options, str(wiki)],
        env=os.environ | {"XDG_CACHE_HOME": str(cache), "PYTHONPATH": str(ROOT)},
        stderr=subprocess.PIPE,
        text=True,
    )
    for line in process.stderr:
        if found := re.search(r"http://[^:]+:(\d+)/", line):
            return Serving(process, int(found[1]), wiki)
    raise AssertionError("it does not serve")


def end(serving: Serving, number: int = signal.SIGINT) -> str:
    serving.process.send_signal(number)
    rest = serving.process.stderr.read()
    serving.process.stderr.close()
    assert serving.process.wait(10) == 0
    return rest


@pytest.fixture
def wiki(tmp_path) -> Path:
    root = tmp_path / "wiki"
    (root / "content").mkdir(parents=True)
    (root / "sitegen.toml").write_text('title = "Wiki"\n')
    (root / "content/about.md").write_text("# About\n\nWho we are.\n")
    return root


@pytest.fixture
def serving(wiki, tmp_path) -> Iterator[Serving]:
    serving = start(wiki, tmp_path / "cache")
    yield serving
    assert "Traceback" not in end(serving)


def test_pages_are_served_and_nothing_is_kept(serving) -> None:
    answer = serving.ask("/about/")
    assert (answer.status, answer.getheader("Cache-Control")) == (200, "no-store")
    assert answer.getheader("Cross-Origin-Resource-Policy") == "same-origin"
    assert b"Who we are." in answer.body
    answer = serving.ask("/about")
    assert (answer.status, answer.getheader("Location")) == (307, "/about/")
    assert serving.ask("/about/", "HEAD").body == b""


@pytest.mark.parametrize(
    "path", ["/.manifest.json", "/nothing/", "/.sitegen/app.py", "/a%2f..%2f..%2fx"]
)
def test_what_is_not_there_is_the_page_that_says_so(serving, path) -> None:
    assert serving.ask(path).status == 404


@pytest.mark.parametrize("path", ["/", "/.sitegen/events?page=index.html", "/.sitegen/preview.js"])
def test_another_host_is_not_answered(serving, path) -> None:
    assert serving.ask(path, Host="evil.example:8730").status == 421
    answer = serving.ask(path, Host=f"localhost:{serving.port}")
    assert answer.status == 200
    answer.leave()


def test_nothing_is_taken(serving) -> None:
    answer = serving.ask("/about/", "POST")
    assert (answer.status, answer.getheader("Allow")) == (405, "GET, HEAD")


def test_a_second_one_works_beside_it(serving, tmp_path) -> None:
    second = start(serving.wiki, tmp_path / "cache")
    assert second.port != serving.port
    assert second.ask("/about/").status == 200
    end(second)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_ends_while_pages_are_open_and_leaves_nothing_half_done(wiki, tmp_path, number) -> None:
    serving = start(wiki, tmp_path / "cache")
    answer = serving.ask("/.sitegen/events?page=about/index.html")
    assert answer.body.startswith(b"retry:")
    (wiki / "content/about.md").write_text("# About\n\nJust saved.\n")
    time.sleep(0.03)
    begun = time.monotonic()
    assert "Traceback" not in end(serving, number)
    assert time.monotonic() - begun < 8
    assert not list((tmp_path / "cache").rglob(".staging"))
    assert not list(wiki.rglob(".sitegen-*"))
    answer.leave()


def test_an_address_that_others_reach_is_refused(wiki) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "sitegen", "serve", "--host", "0.0.0.0", str(wiki)],
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert "'0.0.0.0' is no address of this machine alone" in done.stderr
