"""The pages that are open in browsers, and what each waits to be told."""

import asyncio
from collections.abc import AsyncIterator, Callable

from sitegen.serve.told import News, encode

_PULSE = 15.0
"""Seconds after which a silent connection is written to, so that one that broke is noticed."""


class Listener:
    """One page that is open."""

    def __init__(self, page: str) -> None:
        self.page = page
        self.waiting: asyncio.Queue[News | None] = asyncio.Queue(8)


class Listeners:
    """All pages that are open, the one that was loaded last at the end. Of one event loop alone."""

    def __init__(self) -> None:
        self._open: list[Listener] = []
        self._ended = False

    def __len__(self) -> int:
        return len(self._open)

    async def listen(self, page: str, now: Callable[[], News]) -> AsyncIterator[str]:
        """Events for the page at this path, as server-sent events have them; how things are `now` at once."""
        listener = Listener(page)
        self._open.append(listener)
        try:
            yield _event(now())
            while not self._ended:
                try:
                    news = await asyncio.wait_for(listener.waiting.get(), _PULSE)
                except TimeoutError:
                    yield ": still here\n\n"
                    continue
                if news is None:
                    return
                yield _event(news)
        finally:
            self._open.remove(listener)

    def tell(self, make: Callable[[str, bool], News]) -> None:
        """Tells every page what `make` gives for its path; True for the one that was loaded last."""
        for listener in self._open:
            if not listener.waiting.full():  # a browser that sleeps asks again when it wakes
                listener.waiting.put_nowait(make(listener.page, listener is self._open[-1]))

    def end(self) -> None:
        """Lets all connections go."""
        self._ended = True
        for listener in self._open:
            while listener.waiting.full():
                listener.waiting.get_nowait()
            listener.waiting.put_nowait(None)


def _event(news: News) -> str:
    return f"retry: 500\ndata: {encode(news)}\n\n"
