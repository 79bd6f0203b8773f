"""The built-in classes: what addresses, mails and names of people and machines look like in a log.

Each finds its values in a text of any number of lines and never across lines. Where a form is
also that of something harmless (a version, a PCI address, bytes of code), the harmless one wins
only when the text around it says so.
"""

import re
from collections.abc import Callable, Iterator
from ipaddress import AddressValueError, IPv6Address
from typing import NamedTuple

from sitegen.redact.names import Section


class Found(NamedTuple):
    """A value in a text."""

    start: int
    end: int


class Class(NamedTuple):
    """A sort of values that is found by its form."""

    label: str
    "what pseudonyms begin with"
    says: str
    "what is found, for people"
    sign: str
    "a character without which a text holds none; empty for none such"
    find: Callable[[str], Iterator[Found]]
    section: Section = "values"


# --- Addresses -------------------------------------------------------------------------------

_OCTET = r"(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)"
_FOUR = rf"(?:{_OCTET}\.){{3}}{_OCTET}"
# Behind it a port may stand as tcpdump writes it; more numbers make it a version or an OID.
_IPV4 = re.compile(rf"(?<![\w.]){_FOUR}(?!\w)(?!\.\d(?!\d{{2,4}}(?![\w.])))", re.ASCII)
# What comes before a version: `Linux version 5.15.0.1`, `Not tainted 6.1.0.56 #1`.
_VERSION = re.compile(
    r"(?:version|release|kernel|linux|firmware|bios|driver|fw|ver|rev|v|tainted|vermagic"
    r"|tainted: [A-Z ]{1,24})[\"'`,]?[ :=(\"'`]{1,4}$",
    re.IGNORECASE,
)
_BUILD = re.compile(r" (?:#\d|SMP|mod_unload|preempt)")
# With a dash beside it, it is more often the version of a package than an address, but for
# networks of one's own, ranges, and where it is said.
_PRIVATE = re.compile(
    r"10\.|192\.168\.|172\.(?:1[6-9]|2\d|3[01])\.|169\.254\.|100\.(?:6[4-9]|[7-9]\d)\."
)
_RANGE_BEFORE = re.compile(rf"(?:{_FOUR}|\b(?:ip|addr|from|to|host|node))-$", re.IGNORECASE)
_RANGE_AFTER = re.compile(rf"-{_FOUR}(?!\w)")


def _ipv4(text: str) -> Iterator[Found]:
    for one in _IPV4.finditer(text):
        start, end = one.span()
        # 0.x is this network, 127.x this machine, 255.x a mask: they say nothing of anyone.
        if one[0].partition(".")[0] in ("0", "127", "255"):
            continue
        before = text[max(start - 40, 0) : start]
        if _VERSION.search(before) or _BUILD.match(text, end):
            continue
        dashed = before.endswith("-") or (
            text[end : end + 1] == "-" and text[end + 1 : end + 2].isalnum()
        )
        if dashed and not (
            _PRIVATE.match(one[0]) or _RANGE_BEFORE.search(before) or _RANGE_AFTER.match(text, end)
        ):
            continue
        yield Found(start, end)


_IPV6 = re.compile(
    r"(?<![\w:.])(?=[0-9a-f:.]{0,40}\d)(?:[0-9a-f]{0,4}:){2,8}"
    rf"(?:(?<=:){_FOUR}|[0-9a-f]{{1,4}})?(?![\w:])",
    re.IGNORECASE | re.ASCII,
)
_PAIRS = re.compile(r"(?:[0-9a-f]{2}:){7}[0-9a-f]{2}", re.IGNORECASE)


_EIGHT = re.compile(r":(?:[0-9a-f]{1,4}:){5}", re.IGNORECASE)


def _ipv6(text: str) -> Iterator[Found]:
    if "::" not in text and not _EIGHT.search(text):
        return
    for one in _IPV6.finditer(text):
        if _PAIRS.fullmatch(one[0]):
            continue  # the name of a port of a storage network; a MAC of 8 bytes
        try:
            value = int(IPv6Address(one[0]))
        except AddressValueError:
            continue
        if value > 1:  # neither `::` nor `::1`
            yield Found(*one.span())


# A netfilter log prints two of them and the protocol in a row: `MAC=` and 14 bytes.
_MAC = re.compile(
    r"(?<![\w:-])(?:"
    r"(?P<two>[0-9a-f]{2}(?::[0-9a-f]{2}){11}):[0-9a-f]{2}:[0-9a-f]{2}"
    r"|[0-9a-f]{2}(?P<sign>[:-])[0-9a-f]{2}(?:(?P=sign)[0-9a-f]{2}){4}(?:(?P=sign)[0-9a-f]{2}){0,2}"
    r"|(?=[0-9.]{0,13}[a-f])[0-9a-f]{4}\.[0-9a-f]{4}\.[0-9a-f]{4}"
    # The name of an interface that is called after its address.
    r"|enx(?P<name>[0-9a-f]{12})"
    r")(?![\w:]|-[0-9a-f]{2}\b)",
    re.IGNORECASE | re.ASCII,
)
_NO_MAC = frozenset({"0" * 12, "f" * 12, "0" * 16, "f" * 16})


_LIKE_MAC = re.compile(
    r":[0-9a-f]{2}:[0-9a-f]{2}:|-[0-9a-f]{2}-[0-9a-f]{2}-|\.[0-9a-f]{4}\.|enx[0-9a-f]{12}",
    re.IGNORECASE,
)


def _mac(text: str) -> Iterator[Found]:
    if not _LIKE_MAC.search(text):
        return
    for one in _MAC.finditer(text):
        start, end = one.span()
        if one["two"]:
            pieces = [Found(start, start + 17), Found(start + 18, start + 35)]
        elif one["name"]:
            pieces = [Found(*one.span("name"))]
        else:
            pieces = [Found(start, end)]
        for piece in pieces:
            digits = bare_mac(text[piece.start : piece.end])
            if digits not in _NO_MAC and len(digits) in (12, 16):
                yield piece


def bare_mac(value: str) -> str:
    """The digits of a MAC address, lower case."""
    return value.replace(":", "").replace("-", "").replace(".", "").lower()


# --- People and machines ---------------------------------------------------------------------

_EMAIL = re.compile(
    r"(?<![\w.+-])[\w.+-]{1,64}@(?:[\w-]{1,63}\.){1,8}(?P<last>[a-z]{2,24})(?![\w-])", re.IGNORECASE
)
# `getty@tty1.service` names a unit of systemd, and lists are public.
_UNITS = frozenset(
    {"service", "socket", "timer", "slice", "mount", "scope", "target", "device", "path", "swap"}
)
_LISTS = re.compile(r"@(?:vger\.kernel\.org|lists\.[\w.-]+|kvack\.org)$", re.IGNORECASE)


def _email(text: str) -> Iterator[Found]:
    for one in _EMAIL.finditer(text):
        if one["last"].lower() not in _UNITS and not _LISTS.search(one[0]):
            yield Found(*one.span())


_UUID = re.compile(
    r"(?<![\w-])[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}(?![\w-])", re.IGNORECASE | re.ASCII
)


def _uuid(text: str) -> Iterator[Found]:
    for one in _UUID.finditer(text):
        if one[0].strip("0-"):
            yield Found(*one.span())


_HOME = re.compile(
    r"(?<![\w.])(?:/home|[/\\]Users)[/\\]{1,2}(?P<name>\w(?:[\w.-]{0,62}\w)?)", re.IGNORECASE
)


def _home(text: str) -> Iterator[Found]:
    folded = text.lower()
    if "/home" not in folded and "users" not in folded:
        return iter(())
    return (Found(*one.span("name")) for one in _HOME.finditer(text))


# `Nov 23 18:40:01 db01 kernel:`, `2026-11-23T18:40:01.123+01:00 db01 kernel:` and
# `Linux version 6.1.0 (builder@buildhost) (gcc ...`.
_SYSLOG = re.compile(
    r"^[^\S\n]*(?:[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d(?:\.\d{1,9})?"
    r"|\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d{1,9})?(?:Z|[+-]\d\d:?\d\d)?)"
    r" (?P<name>[A-Za-z][\w.-]{0,253}) (?=[\w./()-]{1,64}(?:\[\d{1,10}\])?:)",
    re.MULTILINE | re.ASCII,
)
_JOURNAL = re.compile(r"_HOSTNAME\"?[=:] ?\"?(?P<name>[A-Za-z][\w.-]{0,253})", re.ASCII)
_BUILDER = re.compile(r"\bLinux version \S{1,100} \([^@()\s]{1,64}@(?P<name>[\w-][\w.-]{0,253})\)")
# As installers and test machines are called: to hide them hides nothing.
_ANYBODY = frozenset({"localhost", "(none)", "debian", "ubuntu", "fedora", "syzkaller", "kernel"})


def _host(text: str) -> Iterator[Found]:
    found = [one for form in (_SYSLOG, _JOURNAL, _BUILDER) for one in form.finditer(text)]
    for one in found:
        name = one["name"]
        if name.lower() not in _ANYBODY and not _LISTS.search(f"@{name}"):
            yield Found(*one.span("name"))


_SERIAL = re.compile(
    r"(?<![^\W_])(?:serial[ _-]?(?:number|num|no)\b\.?|serial(?==)|s/n|sn(?=[:=]))"
    r"[ \t]{0,4}[:=#]?[ \t]{0,4}[\"']?(?P<value>(?=[\w.-]{0,64}\d)[A-Za-z0-9][\w.-]{2,62}\w)",
    re.IGNORECASE | re.ASCII,
)


def _serial(text: str) -> Iterator[Found]:
    folded = text.lower()
    if "serial" not in folded and "s/n" not in folded and "sn" not in folded:
        return iter(())
    return (Found(*one.span("value")) for one in _SERIAL.finditer(text))


CLASSES: dict[str, Class] = {
    "ipv4": Class("ip", "IPv4 addresses", ".", _ipv4),
    "ipv6": Class("ip", "IPv6 addresses", ":", _ipv6),
    "mac": Class("mac", "hardware addresses of network cards", "", _mac),
    "email": Class("email", "mail addresses, but for those of public lists", "@", _email),
    "uuid": Class("uuid", "UUIDs, as of disks and machines", "-", _uuid),
    "home": Class("user", "the user's name in `/home/NAME` and `/Users/NAME`", "", _home, "homes"),
    "host": Class(
        "host", "the machine's name in lines of syslog and `Linux version`", "", _host, "placed"
    ),
    "serial": Class(
        "serial", "what stands behind `Serial Number:`, `SN:` and the like", "", _serial, "placed"
    ),
}
"""By the name that the configuration gives them."""


def normal(name: str, value: str) -> str:
    """The value as the map has it: one for all the ways to write it. `name` is the class's."""
    if name == "mac":
        digits = bare_mac(value)
        return ":".join(digits[at : at + 2] for at in range(0, len(digits), 2))
    if name == "ipv6":
        return str(IPv6Address(value))
    return value.casefold()
