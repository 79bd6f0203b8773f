"""Asks web servers whether there is something at an address. Keeps nothing of what they send.

Few at a time and one after the other for each host; no host of this machine or its networks is
spoken to, wherever a name or a redirect leads: what is looked at is whom the connection reached.
"""

import http.client
import ipaddress
import socket
import ssl
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any, NamedTuple
from urllib.error import HTTPError, URLError
from urllib.parse import quote, urljoin, urlsplit
from urllib.request import (
    HTTPHandler,
    HTTPRedirectHandler,
    HTTPSHandler,
    OpenerDirector,
    Request,
    build_opener,
    getproxies,
)

from sitegen import __version__
from sitegen.wording import reason_of

TIMEOUT = 15.0
"""Seconds that a host may take to answer."""
_HOSTS = 8
"""Hosts that are asked at a time."""
_REDIRECTS = 5
_MOVED = frozenset({301, 308})
_REDIRECTED = frozenset({301, 302, 303, 307, 308})
_NO_HEAD = frozenset({400, 403, 404, 405, 406, 409, 429, 500, 501, 503})
"""What servers answer that do not know HEAD, or do not like it: asked again with GET."""
_UNTOLD = frozenset({401, 403, 407, 429, 451, 999})
"""There is something, and it is not for programs or for strangers: no fault of the link."""


class Answer(NamedTuple):
    """What a server said; both empty when all is well."""

    problem: str = ""
    "in words that end a sentence about the address"
    moved: str = ""
    "where it is for good now"


class _Asker(NamedTuple):
    """How addresses are asked for."""

    opener: OpenerDirector
    allowed: frozenset[str]
    timeout: float


def ask_all(
    addresses: Sequence[str], *, allowed: frozenset[str] = frozenset(), timeout: float = TIMEOUT
) -> Iterator[tuple[str, Answer]]:
    """The answers, in the order of the addresses. `allowed` are hosts that are spoken to wherever they are."""
    hosts: dict[str, list[str]] = {}
    for address in addresses:
        hosts.setdefault(_host(address), []).append(address)
    proxies = {urlsplit(proxy).hostname or "" for proxy in getproxies().values()}
    trusted = allowed | proxies
    asker = _Asker(_opener(trusted), allowed, timeout)
    answers: dict[str, Answer] = {}
    with ThreadPoolExecutor(_HOSTS) as executor:
        for found in executor.map(partial(_ask_host, asker), hosts.values()):
            answers |= found
    yield from ((address, answers[address]) for address in addresses)


def _host(address: str) -> str:
    try:
        return urlsplit(address).netloc.rpartition("@")[2].lower()
    except ValueError:
        return ""


def _ask_host(asker: _Asker, addresses: Sequence[str]) -> dict[str, Answer]:
    """The addresses of one host, one after the other."""
    return {address: _ask(asker, address) for address in addresses}


def _ask(asker: _Asker, address: str) -> Answer:
    """The answer for one address: redirects followed, HEAD tried first."""
    at, forever, lasting = address, "", True
    for _ in range(_REDIRECTS + 1):
        status, location = _request(asker, at)
        if isinstance(status, str):
            return Answer(status)
        if status in _REDIRECTED and location:
            try:
                at = urljoin(at, location)
            except ValueError:
                return Answer("leads to what is no address")
            if not at.startswith(("http://", "https://")):
                return Answer("leads to what is no http or https address")
            lasting = lasting and status in _MOVED
            forever = at if lasting else forever  # as far as no step of the way is for now
            continue
        if status < 400 or status in _UNTOLD:
            return Answer(moved=forever)
        return Answer(f"answers {status} {http.client.responses.get(status, '')}".rstrip())
    return Answer(f"leads on more than {_REDIRECTS} times")


def _request(asker: _Asker, address: str) -> tuple[int | str, str]:
    """Status and `Location`, of HEAD or else of GET; or why there was no answer."""
    status, location = _send(asker, address, "HEAD")
    if status in _NO_HEAD:
        return _send(asker, address, "GET")
    return status, location


def _send(asker: _Asker, address: str, method: str) -> tuple[int | str, str]:
    opener, allowed, timeout = asker
    try:
        parts = urlsplit(address)
        if _is_inside(parts.hostname or "", allowed):
            raise _InsideError
        # What an author wrote may have letters that no request can hold.
        path, query = (
            quote(part, safe="%/:=&?~+!$,;'@()*[]") for part in (parts.path, parts.query)
        )
        url = parts._replace(path=path or "/", query=query, fragment="").geturl()
        request = Request(url, method=method, headers={"User-Agent": f"sitegen/{__version__}"})  # noqa: S310  reason: http and https alone come here
        with opener.open(request, timeout=timeout) as answer:
            return answer.status, answer.headers.get("Location", "")
    except HTTPError as error:
        with error:
            return error.code, error.headers.get("Location", "") if error.headers else ""
    except URLError as error:
        return _reason(error.reason), ""
    except (OSError, http.client.HTTPException, ValueError) as error:
        return _reason(error), ""


def _reason(error: object) -> str:
    match error:
        case _InsideError():
            return "is a host of this machine or its networks, which is not asked"
        case TimeoutError():
            return "does not answer in time"
        case ssl.SSLCertVerificationError():
            return "has a certificate that is not to be trusted"
        case ssl.SSLError():
            return "does not speak TLS as it should"
        case socket.gaierror():
            return "is at a host that does not exist"
        case ConnectionRefusedError():
            return "refuses the connection"
        case OSError():
            return f"cannot be reached: {reason_of(error)}"
        case _:
            return "does not answer as a web server does"


# --- Connections -------------------------------------------------------------------------------


class _InsideError(OSError):
    """The connection leads to this machine or its networks."""


class _Unfollowed(HTTPRedirectHandler):
    def redirect_request(self, *_: Any, **__: Any) -> None:  # noqa: ANN401  reason: urllib's signature
        """Follows nothing: every step is looked at."""


def _opener(trusted: frozenset[str]) -> OpenerDirector:
    connect = partial(_connect, trusted)

    def plain(*arguments: Any, **options: Any) -> http.client.HTTPConnection:  # noqa: ANN401  reason: http.client's
        connection = http.client.HTTPConnection(*arguments, **options)
        connection._create_connection = connect  # type: ignore[attr-defined]  # noqa: SLF001  reason: the one way to see whom it reached before anything is sent
        return connection

    def secure(*arguments: Any, **options: Any) -> http.client.HTTPSConnection:  # noqa: ANN401  reason: http.client's
        connection = http.client.HTTPSConnection(*arguments, **options)
        connection._create_connection = connect  # type: ignore[attr-defined]  # noqa: SLF001  reason: as above
        return connection

    class Plain(HTTPHandler):
        def http_open(self, request: Request) -> http.client.HTTPResponse:
            return self.do_open(plain, request)

    class Secure(HTTPSHandler):
        def https_open(self, request: Request) -> http.client.HTTPResponse:
            return self.do_open(secure, request)

    return build_opener(_Unfollowed, Plain, Secure)


def _connect(
    trusted: frozenset[str],
    address: tuple[str, int],
    *rest: Any,  # noqa: ANN401  reason: socket's
    **options: Any,  # noqa: ANN401  reason: socket's
) -> socket.socket:
    """A connection to `address`; raises `_InsideError` when it reaches this machine or its networks."""
    found = socket.create_connection(address, *rest, **options)
    if _is_inside(found.getpeername()[0], frozenset()) and address[0].lower() not in trusted:
        found.close()
        raise _InsideError
    return found


def _is_inside(host: str, allowed: frozenset[str]) -> bool:
    """Whether a host is, by its name or address alone, of this machine or its networks."""
    if host in allowed:
        return False
    try:
        address = ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return host.rstrip(".").rpartition(".")[2] == "localhost"
    return not address.is_global or address.is_multicast
