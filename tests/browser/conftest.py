"""Chromium on the example wiki: built once, served below a sub-path of a server and read from disk.

A test asks for `page`, or for `visit` when it wants another window, scheme or no JavaScript. Either
way the test fails on any message of the console, any error of a script and any request that leaves
the wiki. Everything is skipped, with the reason, where playwright, Chromium or node is absent.
"""

import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import quote

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

ROOT = Path(__file__).parents[2]
SUB_PATH = "a team/crash notes"
"""Where the wiki stands below the server's root: its links must not care."""


# --- The wiki ----------------------------------------------------------------------------------


class Wiki(NamedTuple):
    """The example wiki, built."""

    folder: Path
    http: str
    "its address on a server of this machine, with `/` at the end"
    served: Path
    "what the server shows: a test may put another wiki there"
    server: str
    "the server's own address"

    @property
    def file(self) -> str:
        return f"{self.folder.as_uri()}/"

    def pages(self) -> dict[str, str]:
        """One page of each kind: what kind, and its path in the wiki. The largest stands for all."""
        kinds: dict[str, Path] = {}
        for path in sorted(self.folder.rglob("*.html")):
            inside = path.relative_to(self.folder)
            kind = _kind(inside.parts)
            known = kinds.get(kind)
            if known is None or known.stat().st_size < path.stat().st_size:
                kinds[kind] = path
        return {kind: path.relative_to(self.folder).as_posix() for kind, path in kinds.items()}


def _kind(parts: tuple[str, ...]) -> str:
    """`cases` for the list, `cases/…` for all below it; a top-level page is of a kind by itself."""
    return parts[0] if len(parts) <= 2 else f"{parts[0]}/…"


class _Quiet(SimpleHTTPRequestHandler):
    """Serves files and says nothing."""

    def log_message(self, *_arguments: object) -> None:
        pass


@pytest.fixture(scope="session")
def wiki(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Wiki]:
    """The example wiki, built from its locks, and a server for it."""
    served = tmp_path_factory.mktemp("served")
    folder = served / SUB_PATH
    folder.parent.mkdir(parents=True)
    build_wiki(ROOT, folder, cache=tmp_path_factory.mktemp("cache"))
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(served))) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        address = f"http://127.0.0.1:{server.server_port}/"
        yield Wiki(folder, f"{address}{quote(SUB_PATH)}/", served, address)
        server.shutdown()


def build_wiki(project: Path, output: Path, *, cache: Path) -> None:
    """Builds a project as a user does, by its locks alone."""
    environment = {name: text for name, text in os.environ.items() if name != "SITEGEN_KERNELS"}
    done = subprocess.run(
        [sys.executable, "-m", "sitegen", "build", "-q", "--locked", "--output", output, project],
        env=environment | {"XDG_CACHE_HOME": str(cache), "PYTHONPATH": str(ROOT)},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


@pytest.fixture(params=["http", "file"])
def root(request: pytest.FixtureRequest, wiki: Wiki) -> str:
    """The wiki's address: the test runs twice, on the server and from disk."""
    return wiki.http if request.param == "http" else wiki.file


# --- The browser -------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def chromium() -> "Iterator[Browser]":
    """Debian's Chromium, driven by playwright."""
    sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    program = shutil.which("chromium")
    if program is None:
        pytest.skip("no chromium: `.ci/setup test` installs it where apt-get is")
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=program,
            # Neither root nor a container has one, and the pages are our own.
            args=["--no-sandbox"],
        )
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def node_file() -> Callable[[str], Path]:
    """Finds a file of a node package; the test is skipped where that is not installed."""
    modules = os.environ.get("SITEGEN_NODE_MODULES", ROOT / ".cache" / "npm" / "node_modules")

    def find(name: str) -> Path:
        path = Path(modules, name)
        if not path.is_file():
            package = name.partition("/")[0]
            pytest.skip(f"no {package}: `.ci/setup test` installs it where npm is")
        return path

    return find


class Guard:
    """Remembers what a page must not do."""

    def __init__(self, wiki: Wiki) -> None:
        self._wiki = wiki
        self.found: list[str] = []

    def watch(self, page: "Page") -> None:
        page.on(
            "console",
            lambda one: self.found.append(f"console: {one.text} ({one.location['url']})"),
        )
        page.on("pageerror", lambda error: self.found.append(f"error: {error}"))
        page.on("request", lambda request: self._look_at(request.url))

    def _look_at(self, address: str) -> None:
        if not address.startswith((self._wiki.server, self._wiki.served.as_uri())):
            self.found.append(f"request: {address}")


Visit = Callable[..., "Page"]


@pytest.fixture
def visit(chromium: "Browser", wiki: Wiki) -> Iterator[Visit]:
    """Opens an address in a window of its own: `visit(root + "cases/index.html", width=390)`.

    `javascript=False` turns scripts off, `scheme="dark"` sets the system's, `policy=False` lets a
    test add a script of its own; `media` is "print" for paper, `forced=True` forces colours.
    """
    guard = Guard(wiki)
    contexts = []

    def open_page(
        address: str,
        *,
        width: int = 1440,
        height: int = 900,
        scheme: str = "light",
        javascript: bool = True,
        policy: bool = True,
        media: str = "screen",
        forced: bool = False,
    ) -> "Page":
        context = chromium.new_context(
            viewport={"width": width, "height": height},
            color_scheme=scheme,  # type: ignore[arg-type]  reason: a plain str by its values
            java_script_enabled=javascript,
            bypass_csp=not policy,
            forced_colors="active" if forced else "none",
        )
        context.set_default_timeout(10_000)
        contexts.append(context)
        page = context.new_page()
        page.emulate_media(media=media)  # type: ignore[arg-type]  reason: as above
        guard.watch(page)
        page.goto(address)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert guard.found == []


@pytest.fixture
def page(visit: Visit, root: str) -> "Page":
    """The first page of the wiki in a wide window, from the server and from disk."""
    return visit(f"{root}index.html")
