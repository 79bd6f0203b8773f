"""Mangled names of Rust and C++ -> paths as people write them; any other name as it is.

Hashes and parameters are left out.
"""

import re

from sitegen.crash.log.rust_v0 import ForgedError, read_v0

_LONGEST = 2000
"characters of a name that may be mangled"
_HASH = re.compile(r"h[0-9a-f]{16}$")
_ESCAPES = {"SP": "@", "BP": "*", "RF": "&", "LT": "<", "GT": ">", "LP": "(", "RP": ")", "C": ","}
_ESCAPE = re.compile(r"\$(?:(?P<word>[A-Z]{1,2})|u(?P<code>[0-9a-f]{1,6}))\$|(?P<dots>\.\.)")

# C++: what may stand between the parts of a nested name.
_QUALIFIERS = re.compile(r"[rVK]{0,3}[RO]?(?:St)?")
_LENGTH = re.compile(r"L?(?P<digits>[1-9]\d{0,3})")
_MAKER = re.compile(r"C[1-5]|D[0-5]")
_ANONYMOUS = "_GLOBAL__N_"


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
    if name.startswith("_Z"):
        return _read_itanium(name) or name
    return name


def _read_itanium(name: str) -> str:
    """A name of C++'s scheme, or Rust's older one, which ends in a hash; empty for what is neither.

    Of C++ only plain names are read: templates and operators are left as they are.
    """
    nested = name.startswith("_ZN")
    at = len("_ZN") if nested else len("_Z")
    if found := _QUALIFIERS.match(name, at):
        at = found.end()
    parts = ["std"] if found and found[0].endswith("St") else []
    while found := _LENGTH.match(name, at):
        end = found.end() + int(found["digits"])
        part = name[found.end() : end]
        if end > len(name):
            return ""
        parts.append("(anonymous namespace)" if part.startswith(_ANONYMOUS) else part)
        at = end
        if not nested:
            break
    if parts and (maker := _MAKER.match(name, at)):
        parts.append(parts[-1] if maker[0][0] == "C" else f"~{parts[-1]}")
        at = maker.end()
    if not parts or (nested and name[at : at + 1] != "E") or name[at : at + 1] == "I":
        return ""
    if len(parts) > 1 and _HASH.fullmatch(parts[-1]):
        return "::".join(_unescape(part) for part in parts[:-1])
    return "::".join(parts)


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
