"""`serve`: builds, serves, and builds again when something changed, until it is told to end."""

import asyncio
import contextlib
import gc
import signal
import socket
import threading
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, NamedTuple

from sitegen.build.run import Options
from sitegen.build.scratch import scratch_folder
from sitegen.diagnostics import Diagnostic, as_text
from sitegen.project import Project
from sitegen.serve.addresses import shown
from sitegen.serve.app import make_app, news
from sitegen.serve.listeners import Listeners
from sitegen.serve.preview import Preview, Round
from sitegen.serve.watch import Watcher, watched
from sitegen.store import default_folder
from sitegen.wording import counted

if TYPE_CHECKING:
    import uvicorn

_IDLE = 5.0
"""Seconds without a change after which what is known is written down for the next time."""


class Wishes(NamedTuple):
    """What the command line says."""

    navigate: bool = False
    open: bool = False
    verbose: bool = False
    quiet: bool = False


def serve(
    project: Project,
    listening: socket.socket,
    *,
    host: str,
    options: Options,
    wishes: Wishes,
    say: Callable[[str], None],
) -> None:
    """Serves the project on a socket that listens, until the process is told to end.

    Returns when all is whole: no build is cut short.
    """
    root = project.root
    port = listening.getsockname()[1]
    with scratch_folder(default_folder(), "serve", str(root)) as output:
        preview = Preview(root, output, options)
        say("building")
        # What is saved while it builds is not missed.
        watcher = Watcher(watched(root, project), say)
        voice = _Voice(say, verbose=wishes.verbose, quiet=wishes.quiet)
        voice.report(preview.build())
        # What is known of the wiki stays: the collector need not walk through it at every save.
        gc.collect()
        gc.freeze()
        address = shown(host, port)
        say(f"serving {address} (Ctrl-C ends)")
        if wishes.open:
            _open(address)
        navigate = wishes.navigate
        asyncio.run(_serve(preview, watcher, listening, host=host, navigate=navigate, voice=voice))
        preview.keep()


async def _serve(
    preview: Preview,
    watcher: Watcher,
    listening: socket.socket,
    *,
    host: str,
    navigate: bool,
    voice: "_Voice",
) -> None:
    loop = asyncio.get_running_loop()
    listeners = Listeners()
    server = _server(preview, listeners, host, listening.getsockname()[1])
    ended = threading.Event()

    def end() -> None:
        ended.set()
        listeners.end()
        server.should_exit = True
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.remove_signal_handler(number)  # a second one ends it at once

    def tell(done: Round) -> None:
        listeners.tell(lambda page, newest: news(preview, page, after=done, go=newest and navigate))

    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, end)
    worker = threading.Thread(
        target=_work,
        args=(preview, watcher, ended),
        kwargs={"voice": voice, "tell": lambda done: loop.call_soon_threadsafe(tell, done)},
    )
    worker.start()
    try:
        await server.serve(sockets=[listening])
    finally:
        end()
        await asyncio.to_thread(worker.join)


def _server(preview: Preview, listeners: Listeners, host: str, port: int) -> "uvicorn.Server":
    import uvicorn  # noqa: PLC0415  reason: --help needs none of it

    class Server(uvicorn.Server):
        @contextlib.contextmanager
        def capture_signals(self) -> Iterator[None]:
            yield  # ours are set

    return Server(
        uvicorn.Config(
            make_app(preview, listeners, host, port),
            lifespan="off",
            log_config=None,
            access_log=False,
            server_header=False,
            proxy_headers=False,
            timeout_graceful_shutdown=1,
        )
    )


def _work(
    preview: Preview,
    watcher: Watcher,
    ended: threading.Event,
    *,
    voice: "_Voice",
    tell: Callable[[Round], None],
) -> None:
    """Builds when something changed, one batch of changes after the other."""
    idle = 0.0
    try:
        while not ended.is_set():
            batch = frozenset(path for path in watcher.next(_PAUSE) if not preview.is_own(path))
            if not batch:
                idle += _PAUSE
                if idle >= _IDLE:
                    preview.keep()
                continue
            idle = 0.0
            before = preview.last
            done = preview.build(batch)
            tell(done)
            voice.report(done, before)
            places = watched(preview.root, preview.project)
            if places != watcher.places:
                watcher.close()
                watcher = Watcher(places, voice.say)
    finally:
        watcher.close()


_PAUSE = 0.25
"""Seconds after which the end is looked for."""


class _Voice(NamedTuple):
    """What the terminal is told."""

    say: Callable[[str], None]
    verbose: bool
    quiet: bool

    def report(self, done: Round, before: Round | None = None) -> None:
        """Says what a build did; problems that were said of the one before are not said again."""
        told = self._told(done)
        known = set(map(as_text, self._told(before))) if before else set()
        fresh = [text for one in told if (text := as_text(one)) not in known]
        for text in fresh:
            self.say(text)
        if not self.quiet:
            standing = len(told) - len(fresh)
            still = f", {counted(standing, 'problem')} as before" if standing else ""
            self.say(f"{done.sentence()}{still}")

    def _told(self, done: Round) -> list[Diagnostic]:
        return [one for one in done.problems if self.verbose or one.severity != "note"]


def _open(address: str) -> None:
    """Opens the address in the user's browser, which may take its time."""
    import webbrowser  # noqa: PLC0415  reason: only here

    threading.Thread(target=webbrowser.open, args=(address,), daemon=True).start()
