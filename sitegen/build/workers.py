"""Jobs rendered in several processes, which stop when the build does.

Ctrl-C and SIGTERM reach the process that builds, which tells the others: one that was killed
would leave the pool waiting for it.
"""

import multiprocessing
import signal
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing.synchronize import Event

from sitegen.build.render import Job, Rendered, Shared, render_chunk
from sitegen.stopping import unstopped

CHUNK = 16
"""Pages a process renders at a time."""


def render_in_processes(shared: Shared, jobs: Sequence[Job], processes: int) -> Iterator[Rendered]:
    """What the jobs render, in their order. Closed or interrupted, it ends within a page's time."""
    chunks = [tuple(jobs[at : at + CHUNK]) for at in range(0, len(jobs), CHUNK)]
    stop = multiprocessing.Event()
    with ProcessPoolExecutor(processes, initializer=_begin, initargs=(stop,)) as executor:
        try:
            with unstopped():  # in which the processes start
                rendered = executor.map(_render, [shared] * len(chunks), chunks)
            for chunk in rendered:
                yield from chunk
        except BaseException:  # Ctrl-C, or a caller that gave up: nobody waits for the rest
            stop.set()
            executor.shutdown(cancel_futures=True)
            raise


# In the processes, for as long as they are.
_stops: list[Event] = []


def _begin(stop: Event) -> None:
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)
    _stops.append(stop)


def _render(shared: Shared, jobs: tuple[Job, ...]) -> tuple[Rendered, ...]:
    """What the jobs render; those left out that nobody waits for."""
    found: list[Rendered] = []
    for job in jobs:
        if _stops[0].is_set():
            break
        found += render_chunk(shared, (job,))
    return tuple(found)
