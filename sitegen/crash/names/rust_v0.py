"""Rust's v0 scheme of mangling (RFC 2603) -> paths as people write them.

Hashes, crate disambiguators and the types of constants are left out.
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
_MOST_DIGITS = 32
"hexadecimal ones of a constant: none is wider than 128 bits"

_BASIC_TYPES = dict(
    part.split("=")
    for part in [
        *("a=i8", "b=bool", "c=char", "d=f64", "e=str", "f=f32", "h=u8", "i=isize", "j=usize"),
        *("l=i32", "m=u32", "n=i128", "o=u128", "p=_", "s=i16", "t=u16", "u=()", "v=...", "x=i64"),
        *("y=u64", "z=!"),
    ]
)
_POINTERS = {"P": "*const ", "O": "*mut "}
_REFERENCES = {"R": "", "Q": "mut "}
_TYPES = frozenset((*_BASIC_TYPES, *_POINTERS, *_REFERENCES, *"SATBFD"))
"what a type that is no path begins with"
_SPACES = {"C": "closure", "S": "shim"}


class ForgedError(Exception):
    """The name is none of the scheme."""


def read_v0(name: str) -> str:
    """The path of a name, its `_R` taken off. Raises ForgedError, IndexError or ValueError for others."""
    return _Reader(name).path(value=True)


class _Reader:
    """A cursor over a name."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0
        self._depth = 0
        self._left = _MOST
        self._bound = 0
        "lifetimes named by the `for<...>` around"

    def path(self, *, value: bool = False) -> str:
        """A path; one of a `value` has `::` before its arguments, a type's has not."""
        return self._part(lambda: self._path_of(value=value))

    def _part(self, read: _Read) -> str:
        """What `read` reads, within bounds: a forged name can nest and repeat without end."""
        self._depth += 1
        self._left -= 1
        if self._depth > _DEEPEST or self._left < 0:
            raise ForgedError
        text = read()
        if len(text) > _LONGEST:
            raise ForgedError
        self._depth -= 1
        return text

    # --- paths

    def _path_of(self, *, value: bool) -> str:
        match self._next():
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
                return self._nested(value=value)
            case "I":
                inner = self.path(value=value)
                arguments = ", ".join(self._until_end(self._argument))
                return f"{inner}{'::' if value else ''}<{arguments}>"
            case "B":
                return self._again(lambda: self.path(value=value))
            case _:
                raise ForgedError

    def _nested(self, *, value: bool) -> str:
        space = self._next()
        inner = self.path(value=value)
        number = self._disambiguator()
        name = self._identifier()
        if space.isupper():
            what = _SPACES.get(space, space)
            return f"{inner}::{{{what}{f':{name}' if name else ''}#{number}}}"
        return f"{inner}::{name}" if name else inner

    def _impl_path(self) -> None:
        self._disambiguator()
        self.path()

    def _argument(self) -> str:
        if self._peek() == "L":
            return self._lifetime()
        if self._skip("K"):
            return self._constant()
        return self._type()

    # --- types

    def _type(self) -> str:
        return self._part(self._type_of)

    def _type_of(self) -> str:
        tag = self._peek()
        if not tag or tag not in _TYPES:
            return self.path()
        self._next()
        if tag in _BASIC_TYPES:
            return _BASIC_TYPES[tag]
        if tag in _POINTERS:
            return _POINTERS[tag] + self._type()
        if tag in _REFERENCES:
            named = self._lifetime() if self._peek() == "L" else "'_"
            lifetime = "" if named == "'_" else f"{named} "
            return f"&{lifetime}{_REFERENCES[tag]}{self._type()}"
        match tag:
            case "S":
                return f"[{self._type()}]"
            case "A":
                return f"[{self._type()}; {self._constant()}]"
            case "T":
                parts = self._until_end(self._type)
                return f"({parts[0]},)" if len(parts) == 1 else f"({', '.join(parts)})"
            case "F":
                return self._function()
            case "D":
                return self._object()
            case _:
                return self._again(self._type)

    def _function(self) -> str:
        """`for<'a> unsafe extern "C" fn(A, B) -> C`."""
        before = self._bound
        words = self._binder()
        words += "unsafe " if self._skip("U") else ""
        if self._skip("K"):
            abi = "C" if self._skip("C") else self._identifier().replace("_", "-")
            words += f'extern "{abi}" '
        arguments = ", ".join(self._until_end(self._type))
        result = self._type()
        self._bound = before
        return f"{words}fn({arguments})" + ("" if result == "()" else f" -> {result}")

    def _object(self) -> str:
        """`dyn for<'a> A<B, Item = C> + Send + 'static`."""
        before = self._bound
        words = f"dyn {self._binder()}" + " + ".join(self._until_end(self._trait))
        self._bound = before
        lifetime = self._lifetime()
        return words if lifetime == "'_" else f"{words} + {lifetime}"

    def _trait(self) -> str:
        path = self.path()
        bound = []
        while self._skip("p"):
            name = self._identifier()
            bound.append(f"{name} = {self._constant() if self._skip('K') else self._type()}")
        if not bound:
            return path
        if path.endswith(">") and not path.startswith("<"):
            return f"{path[:-1]}, {', '.join(bound)}>"
        return f"{path}<{', '.join(bound)}>"

    # --- lifetimes, constants

    def _binder(self) -> str:
        if not self._skip("G"):
            return ""
        count = self._number() + 1
        if count > len(_BASE_62):
            raise ForgedError
        self._bound += count
        names = (_lifetime_name(index) for index in range(self._bound - count, self._bound))
        return f"for<{', '.join(names)}> "

    def _lifetime(self) -> str:
        if not self._skip("L"):
            raise ForgedError
        number = self._number()
        if number > self._bound:
            raise ForgedError
        return _lifetime_name(self._bound - number) if number else "'_"

    def _constant(self) -> str:
        return self._part(self._constant_of)

    def _constant_of(self) -> str:
        if self._skip("B"):
            return self._again(self._constant)
        tag = self._next()
        if tag == "p":
            return "_"
        if tag not in "abchijlmnostxy":
            raise ForgedError  # structures and strings: not in names of functions so far
        sign = "-" if self._skip("n") else ""
        digits = ""
        while (digit := self._next()) != "_":
            digits += digit
            if len(digits) > _MOST_DIGITS:
                raise ForgedError
        value = int(digits or "0", 16)
        if tag == "b":
            return "true" if value else "false"
        if tag == "c":
            return f"'{chr(value)}'" if value < 0x110000 else "'?'"
        return f"{sign}{value}"

    # --- letters

    def _until_end(self, read: _Read) -> list[str]:
        parts = []
        while not self._skip("E"):
            parts.append(read())
        return parts

    def _again(self, read: _Read) -> str:
        """What stands at an earlier place."""
        start = self._at - 1
        place = self._number()
        if place >= start:
            raise ForgedError
        after, self._at = self._at, place
        text = read()
        self._at = after
        return text

    def _disambiguator(self) -> int:
        return self._number() + 1 if self._skip("s") else 0

    def _number(self) -> int:
        digits = ""
        while (digit := self._next()) != "_":
            digits += digit
            if len(digits) > 20:
                raise ForgedError
        value = 0
        for digit in digits:
            value = value * 62 + _BASE_62.index(digit)
        return value + 1 if digits else 0

    def _identifier(self) -> str:
        coded = self._skip("u")
        digits = ""
        while self._peek().isdigit() and len(digits) < 4:
            digits += self._next()
            if digits == "0":
                break
        self._skip("_")
        end = self._at + int(digits)
        name = self._text[self._at : end]
        if len(name) != int(digits):
            raise ForgedError
        self._at = end
        return _uncoded(name) if coded else name

    def _skip(self, letter: str) -> bool:
        if self._peek() != letter:
            return False
        self._at += 1
        return True

    def _peek(self) -> str:
        return self._text[self._at] if self._at < len(self._text) else ""

    def _next(self) -> str:
        self._at += 1
        return self._text[self._at - 1]


def _lifetime_name(index: int) -> str:
    return f"'{chr(ord('a') + index)}" if index < 26 else f"'_{index}"


def _uncoded(name: str) -> str:
    """An identifier of other letters than ASCII's. Raises ValueError when it is none."""
    plain, _, rest = name.rpartition("_")
    return (f"{plain}-{rest}" if plain else rest).encode().decode("punycode")
