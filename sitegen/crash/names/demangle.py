"""Mangled names of Rust and C++ -> paths as people write them; any other name as it is.

Hashes and parameters are left out.
"""

import re

from sitegen.crash.names.itanium import read_itanium
from sitegen.crash.names.mangled import NotReadError
from sitegen.crash.names.rust_v0 import ForgedError, read_v0

_LONGEST = 2000
"characters of a name that may be mangled"
_HASH = re.compile(r"h[0-9a-f]{16}$")
_ESCAPES = {"SP": "@", "BP": "*", "RF": "&", "LT": "<", "GT": ">", "LP": "(", "RP": ")", "C": ","}
_LENGTH = re.compile(r"(?P<digits>[1-9]\d{0,3})")
_ESCAPE = re.compile(r"\$(?:(?P<word>[A-Z]{1,2})|u(?P<code>[0-9a-f]{1,6}))\$|(?P<dots>\.\.)")


def demangle(name: str) -> str:
    """The name as its source spells it.

    >>> demangle("_RNvNtCs9jEwPDbx20M_4core9panicking9panic_fmt")
    'core::panicking::panic_fmt'
    >>> demangle("_ZN7android6Looper8pollOnceEi")
    'android::Looper::pollOnce'
    >>> demangle("vfs_write")
    'vfs_write'
    """
    if len(name) > _LONGEST:
        return name
    if name.startswith("_R"):
        try:
            return read_v0(name.removeprefix("_R"))
        except (ForgedError, IndexError, ValueError):
            return name
    if name.startswith("_ZN") and (path := _older(name)):
        return path
    if name.startswith("_Z"):
        try:
            return "".join(read_itanium(name.removeprefix("_Z")))
        except (NotReadError, LookupError, ValueError):
            return name
    return name


def _older(name: str) -> str:
    """A name of Rust's older scheme: parts with their lengths, the last a hash; empty for others."""
    parts = []
    at = len("_ZN")
    while found := _LENGTH.match(name, at):
        at = found.end() + int(found["digits"])
        parts.append(name[found.end() : at])
    if len(parts) < 2 or name[at : at + 1] != "E" or not _HASH.fullmatch(parts[-1]):
        return ""
    return "::".join(_unescape(part) for part in parts[:-1])


def _unescape(part: str) -> str:
    part = part.removeprefix("_") if part.startswith("_$") else part
    return _ESCAPE.sub(_meaning, part)


def _meaning(found: re.Match[str]) -> str:
    if found["dots"]:
        return "::"
    if found["word"]:
        return _ESCAPES.get(found["word"], found[0])
    code = int(found["code"], 16)
    return chr(code) if 0x20 <= code < 0x110000 and not 0xD800 <= code < 0xE000 else found[0]
