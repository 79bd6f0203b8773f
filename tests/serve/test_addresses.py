"""Where the preview may be reached from: this machine, by its own names."""

import socket

import pytest

from sitegen.serve.addresses import bind, is_loopback, is_ours, shown


@pytest.mark.parametrize("host", ["127.0.0.1", "127.8.8.8", "::1", "localhost"])
def test_addresses_of_this_machine_alone_are_taken(host) -> None:
    assert is_loopback(host)


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.5", "8.8.8.8", "example.org", ""])
def test_addresses_that_others_reach_are_not(host) -> None:
    assert not is_loopback(host)


@pytest.mark.parametrize(
    "header", ["localhost:8140", "127.0.0.1:8140", "[::1]:8140", "LOCALHOST:8140"]
)
def test_our_own_names_are_answered(header) -> None:
    assert is_ours(header, "127.0.0.1", 8140)


@pytest.mark.parametrize(
    "header",
    [
        *("", "localhost", "localhost:80", "localhost:81400", "evil.example:8140", "evil.example"),
        *("127.0.0.1.evil.example:8140", "localhost.:8140", "x@localhost:8140", "[::1]", ":8140"),
    ],
)
def test_a_name_that_was_made_to_lead_here_is_not(header) -> None:
    assert not is_ours(header, "127.0.0.1", 8140)


def test_a_port_that_is_taken_gives_the_next() -> None:
    with bind("127.0.0.1", 18140) as first, bind("127.0.0.1", first.getsockname()[1]) as second:
        assert second.getsockname()[1] > first.getsockname()[1]


def test_no_port_is_no_socket() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 65535))
        taken.listen()
        assert bind("127.0.0.1", 65535) is None


def test_an_address_of_the_sixth_protocol_is_shown_in_brackets() -> None:
    assert shown("::1", 8140) == "http://[::1]:8140/"
