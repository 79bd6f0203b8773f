"""Mangled Rust names -> paths as people write them; any other name as it is.

Reads the v0 scheme (RFC 2603) and the older `_ZN...E`. Hashes and crate
disambiguators are left out, as are parameters.
"""

from collections.abc import Callable

_Read = Callable[[], str]
_BASE_62 = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
_DEEPEST = 100
"nested parts; a name that goes deeper is forged"
_LONGEST = 1000
"characters of a demangled name: references let short names grow"
_MOST = 2000
"paths, types and constants read for one name: references let short names be read over and over"

_BASIC_TYPES = dict(
    part.split("=")
    for part in [
        "a=i8",
        "b=bool",
        "c=char",
        "d=f64",
        "e=str",
        "f=f32",
        "h=u8",
        "i=isize",
        "j=usize",
        "l=i32",
        "m=u32",
        "n=i128",
        "o=u128",
        "p=_",
        "s=i16",
        "t=u16",
        "u=()",
        "v=...",
        "x=i64",
        "y=u64",
        "z=!",
    ]
)
_ESCAPES = dict(
    part.split("=")
    for part in [
        "$LT$=<",
        "$GT$=>",
        "$RF$=&",
        "$BP$=*",
        "$LP$=(",
        "$RP$=)",
        "$C$=,",
        "$SP$=@",
        "$u7b$={",
        "$u7d$=}",
        "..=::",
    ]
)
_HASH_LENGTH = 17


def demangle(name: str) -> str:
    """The name as its source spells it.

    >>> demangle("_RNvNtCs9jEwPDbx20M_4core9panicking9panic_fmt")
    'core::panicking::panic_fmt'
    >>> demangle("vfs_write")
    'vfs_write'
    """
    if name.startswith("_R"):
        try:
            return _Reader(name.removeprefix("_R")).path()
        except (_ForgedError, IndexError, ValueError):
            return name
    if name.startswith("_ZN"):
        return _older(name) or name
    return name


def _older(name: str) -> str:
    """A name of the older scheme: parts with their lengths, the last a hash."""
    parts = []
    at = len("_ZN")
    while at < len(name) and name[at].isdigit():
        end = at
        while end < len(name) and name[end].isdigit() and end - at < 4:
            end += 1
        length = int(name[at:end])
        parts.append(name[end : end + length])
        at = end + length
    if len(parts) > 1 and len(parts[-1]) == _HASH_LENGTH and parts[-1].startswith("h"):
        parts.pop()
    path = "::".join(part.removeprefix("_") if part.startswith("_$") else part for part in parts)
    for escape, meaning in _ESCAPES.items():
        path = path.replace(escape, meaning)
    return path


class _ForgedError(Exception):
    """The name is none of the scheme."""


class _Reader:
    """A cursor over a name of the v0 scheme, without its `_R`."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0
        self._depth = 0
        self._left = _MOST

    def path(self) -> str:
        return self._part(lambda: self._path_of(self._next()))

    def _part(self, read: _Read) -> str:
        """What `read` reads, within bounds: a forged name can nest and repeat without end."""
        self._depth += 1
        self._left -= 1
        if self._depth > _DEEPEST or self._left < 0:
            raise _ForgedError
        text = read()
        if len(text) > _LONGEST:
            raise _ForgedError
        self._depth -= 1
        return text

    def _path_of(self, tag: str) -> str:
        match tag:
            case "C":
                self._disambiguator()
                return self._identifier()
            case "M":
                self._impl_path()
                return f"<{self._type()}>"
            case "X":
                self._impl_path()
                return f"<{self._type()} as {self.path()}>"
            case "Y":
                return f"<{self._type()} as {self.path()}>"
            case "N":
                return self._nested()
            case "I":
                inner = self.path()
                arguments = ", ".join(self._until_end(self._argument))
                return f"{inner}::<{arguments}>"
            case "B":
                return self._again(self.path)
            case _:
                raise _ForgedError

    def _nested(self) -> str:
        space = self._next()
        inner = self.path()
        number = self._disambiguator()
        name = self._identifier()
        if space.isupper():
            what = {"C": "closure", "S": "shim"}.get(space, space)
            return f"{inner}::{{{what}{f':{name}' if name else ''}#{number}}}"
        return f"{inner}::{name}" if name else inner

    def _impl_path(self) -> None:
        self._disambiguator()
        self.path()

    def _argument(self) -> str:
        if self._peek() == "L":
            self._next()
            self._number()
            return "'_"
        if self._peek() == "K":
            self._next()
            return self._constant()
        return self._type()

    def _type(self) -> str:
        return self._part(self._type_of)

    def _type_of(self) -> str:
        tag = self._peek()
        if tag in _BASIC_TYPES:
            self._next()
            text = _BASIC_TYPES[tag]
        elif tag and tag in "RQPO":
            self._next()
            if tag in "RQ" and self._peek() == "L":
                self._next()
                self._number()
            text = {"R": "&", "Q": "&mut ", "P": "*const ", "O": "*mut "}[tag] + self._type()
        elif tag == "S":
            self._next()
            text = f"[{self._type()}]"
        elif tag == "A":
            self._next()
            text = f"[{self._type()}; {self._constant()}]"
        elif tag == "T":
            self._next()
            text = f"({', '.join(self._until_end(self._type))})"
        elif tag == "B":
            self._next()
            text = self._again(self._type)
        elif tag and tag in "FD":
            raise _ForgedError  # function pointers and dyn: rare in names of functions
        else:
            text = self.path()
        return text

    def _constant(self) -> str:
        return self._part(self._constant_of)

    def _constant_of(self) -> str:
        if self._peek() == "B":
            self._next()
            return self._again(self._constant)
        self._type()
        negative = self._peek() == "n"
        if negative:
            self._next()
        digits = ""
        while (digit := self._next()) != "_":
            digits += digit
        return ("-" if negative else "") + str(int(digits or "0", 16))

    def _until_end(self, read: _Read) -> list[str]:
        parts = []
        while self._peek() != "E":
            parts.append(read())
        self._next()
        return parts

    def _again(self, read: _Read) -> str:
        """What stands at an earlier place."""
        start = self._at - 1
        place = self._number()
        if place >= start:
            raise _ForgedError
        after, self._at = self._at, place
        text = read()
        self._at = after
        return text

    def _disambiguator(self) -> int:
        if self._peek() != "s":
            return 0
        self._next()
        return self._number() + 1

    def _number(self) -> int:
        digits = ""
        while (digit := self._next()) != "_":
            digits += digit
            if len(digits) > 20:
                raise _ForgedError
        value = 0
        for digit in digits:
            value = value * 62 + _BASE_62.index(digit)
        return value + 1 if digits else 0

    def _identifier(self) -> str:
        if self._peek() == "u":
            self._next()
        digits = ""
        while self._at < len(self._text) and self._text[self._at].isdigit() and len(digits) < 4:
            digits += self._next()
            if digits == "0":
                break
        length = int(digits)
        if self._peek() == "_":
            self._next()
        name = self._text[self._at : self._at + length]
        self._at += length
        return name

    def _peek(self) -> str:
        return self._text[self._at] if self._at < len(self._text) else ""

    def _next(self) -> str:
        self._at += 1
        return self._text[self._at - 1]
