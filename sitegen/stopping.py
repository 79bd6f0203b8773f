"""Ctrl-C and SIGTERM: where they may not come between, and what they end.

Ctrl-C is KeyboardInterrupt, as ever; with `stop_on_sigterm` SIGTERM is SystemExit.
"""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

_STOPS = (signal.SIGINT, signal.SIGTERM)


@contextmanager
def unstopped() -> Iterator[None]:
    """Holds back Ctrl-C and SIGTERM until the block is done: it is done whole, or not begun.

    For what is over soon. Does nothing in other threads than the main one, which are not stopped.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    heard: list[int] = []

    def hear(number: int, _: FrameType | None) -> None:
        heard.append(number)

    before = {}
    try:
        for one in _STOPS:
            if signal.getsignal(one) is not None:
                before[one] = signal.signal(one, hear)
        yield
    finally:
        for one, handler in before.items():
            signal.signal(one, handler)
        for number in heard[:1]:
            signal.raise_signal(number)


def stop_on_sigterm() -> None:
    """Lets SIGTERM end the main thread as an exception does, so that it cleans up behind itself."""
    if threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGTERM, _stop)


def _stop(number: int, _: FrameType | None) -> None:
    raise SystemExit(128 + number)
