"""Where the preview is served: an address of this machine that no other can reach.

A page of a stranger's site may have its name lead to 127.0.0.1 and then read what is
there; the name it calls us by is in the `Host` header, which is why only ours are answered.
"""

import errno
import ipaddress
import socket

PORT = 8140
"""The port where none is asked for."""
_MOST = 50
"""Ports that are tried, from the one that is asked for."""


def is_loopback(host: str) -> bool:
    """Whether an address, or the name `localhost`, is of this machine alone.

    >>> is_loopback("127.0.0.1"), is_loopback("::1"), is_loopback("0.0.0.0")
    (True, True, False)
    """
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def bind(host: str, port: int) -> socket.socket | None:
    """A socket that listens at `port`, or at the next one that is free; None when none is near.

    Raises OSError when the host cannot be bound at all.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    for number in range(port, min(port + _MOST, 1 << 16)):
        found = socket.socket(family, socket.SOCK_STREAM)
        found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            found.bind((host, number))
            # Another may be bound there and not listen yet.
            found.listen(128)
        except OSError as error:
            found.close()
            if not isinstance(error, PermissionError) and error.errno != errno.EADDRINUSE:
                raise
            continue
        return found
    return None


def shown(host: str, port: int) -> str:
    """The address to type.

    >>> shown("::1", 8140)
    'http://[::1]:8140/'
    """
    return f"http://{f'[{host}]' if ':' in host else host}:{port}/"


def is_ours(header: str, host: str, port: int) -> bool:
    """Whether the `Host` of a request names this server: `localhost` or its address, with its port.

    >>> is_ours("localhost:8140", "127.0.0.1", 8140), is_ours("evil.example:8140", "127.0.0.1", 8140)
    (True, False)
    """
    names = {"localhost", "127.0.0.1", "[::1]", f"[{host}]" if ":" in host else host}
    bare, _, number = header.lower().rpartition(":")
    if port == 80 and header.lower() in names:
        return True
    return bare in names and number == str(port)
