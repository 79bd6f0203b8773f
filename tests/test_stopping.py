"""What Ctrl-C and SIGTERM may not come between."""

import signal
import threading

import pytest

from sitegen.stopping import unstopped


def test_ctrl_c_waits_until_the_block_is_done() -> None:
    done = []

    def work() -> None:
        with unstopped():
            signal.raise_signal(signal.SIGINT)
            done.append("all of it")

    with pytest.raises(KeyboardInterrupt):
        work()
    assert done == ["all of it"]
    with pytest.raises(KeyboardInterrupt):  # and is heard at once again
        signal.raise_signal(signal.SIGINT)


def test_what_the_block_raises_is_not_lost() -> None:
    with pytest.raises(OSError, match="full"), unstopped():
        raise OSError("full")


def test_a_thread_that_is_not_stopped_leaves_signals_alone() -> None:
    found = []

    def look() -> None:
        with unstopped():
            found.append(signal.getsignal(signal.SIGINT))

    thread = threading.Thread(target=look)
    thread.start()
    thread.join()
    assert found == [signal.default_int_handler]
