"""A mangled name of C++ -> the function's name with its scopes and template arguments.

The scheme is the Itanium ABI's. Parameters and results of functions are left out; they are read
where a name goes on behind them. Of expressions in template arguments only constants, functions
and parameters are read: any other makes the name one that cannot be.
"""

from collections.abc import Callable

from sitegen.crash.names.itanium_words import (
    BUILTIN,
    OPERATORS,
    QUALIFIERS,
    REFERENCES,
    STANDARD,
    SUFFIXES,
    THUNKS,
)
from sitegen.crash.names.mangled import Cursor, Halves, NotReadError


def read_itanium(name: str) -> tuple[str, str]:
    """The path of a name, its `_Z` taken off, and what compilers appended behind the first dot.

    Raises NotReadError, LookupError or ValueError for others.
    """
    mangled, dot, ending = name.partition(".")
    return _Reader(mangled).encoding(), dot + ending


class _Reader(Cursor):
    """A cursor over a name."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self._known: list[Halves] = []
        "what references count"
        self._arguments: list[Halves] = []
        "of the last template around"

    def encoding(self) -> str:
        """The name of a function; its parameters are left where they are."""
        if self._skip("T"):
            kind = self._next()
            self._offset(kind if kind != "c" else self._next())
            if kind == "c":
                self._offset(self._next())
            return THUNKS[kind] + self.encoding()
        return self._name()

    # --- names

    def _name(self) -> str:
        return self._part(lambda: (self._name_of(), ""))[0]

    def _name_of(self) -> str:
        if self._skip("N"):
            return self._nested()
        if self._skip("Z"):
            return self._local()
        if self._peek() == "S" and self._text[self._at + 1] != "t":
            name = self._reference()[0]
        else:
            name = ("std::" if self._skip("St") else "") + self._unqualified("")
            if self._peek() != "I":
                return name
            self._known.append((name, ""))
        return name + self._template_arguments() if self._peek() == "I" else name

    def _nested(self) -> str:
        while self._peek() in QUALIFIERS or self._peek() in "RO":
            self._next()
        path = ""
        while not self._skip("E"):
            self._count(len(path))
            if self._skip("St"):
                path = "std"
                continue
            if self._peek() == "S":
                path = self._reference()[0]
                continue
            if self._peek() == "I":
                path += self._template_arguments()
            elif self._peek() == "T" or self._text[self._at : self._at + 2] in {"Dt", "DT"}:
                path = "".join(self._type())
                continue  # a type counts as known already
            else:
                self._skip("M")  # a member whose initializer holds what follows
                path += ("::" if path else "") + self._unqualified(path)
            self._known.append((path, ""))
        self._known.pop()  # the whole is known where it is a type, and the type says so
        return path

    def _local(self) -> str:
        outer = self.encoding()
        while not self._skip("E"):
            self._type()
        if self._skip("s"):
            return f"{outer}::string literal"
        if self._skip("d"):  # in the default of a parameter
            self._number()
        inner = self._name()
        if self._skip("_"):
            self._digits() if not self._skip("_") else self._number()
        return f"{outer}::{inner}"

    def _unqualified(self, scope: str) -> str:
        """A part of a name; makers are named after their `scope`."""
        self._skip("L")
        head = self._text[self._at : self._at + 2]
        if head[:1].isdigit():
            name = self._identifier()
        elif scope and head[:1] in {"C", "D"} and head[1:].isdigit():
            self._at += 2
            name = ("~" if head[0] == "D" else "") + _last(scope)
        elif head == "Ut":
            self._at += 2
            name = f"{{unnamed type#{self._ordinal()}}}"
        elif head == "Ul":
            self._at += 2
            while not self._skip("E"):
                self._type()
            name = f"{{lambda#{self._ordinal()}}}"
        elif head == "cv":
            self._at += 2
            name = "operator " + "".join(self._type())
        elif head == "li":
            self._at += 2
            name = f'operator"" {self._identifier()}'
        elif head in OPERATORS:
            self._at += 2
            name = "operator" + OPERATORS[head]
        else:
            raise NotReadError
        while self._skip("B"):
            name += f"[abi:{self._identifier()}]"
        return f"{name} " if name.endswith("<") and self._peek() == "I" else name

    def _identifier(self) -> str:
        length = self._digits()
        name = self._text[self._at : self._at + length]
        if not length or len(name) < length:
            raise NotReadError
        self._at += length
        return "(anonymous namespace)" if name.startswith("_GLOBAL__N") else name

    # --- types

    def _type(self) -> Halves:
        return self._part(self._type_of)

    def _type_of(self) -> Halves:
        tag = self._peek()
        two = self._text[self._at : self._at + 2]
        if tag in BUILTIN or two in BUILTIN:
            self._at += 1 if tag in BUILTIN else 2
            return BUILTIN[tag if tag in BUILTIN else two], ""
        if tag == "S" and two != "St":
            found = self._reference()
            if self._peek() != "I":
                return found
            found = found[0] + self._template_arguments(), ""
        elif tag in QUALIFIERS:
            words = ""
            while self._peek() in QUALIFIERS:
                words = QUALIFIERS[self._next()] + words
            left, right = self._type()
            # The qualifiers of a function's type stand behind its parameters.
            found = (left, right + words) if right[:1] == "(" else (left + words, right)
        elif tag in REFERENCES:
            self._next()
            left, right = self._type()
            mark = REFERENCES[tag]
            wrapped = right[:1] in {"(", "["}
            found = (f"{left}({mark}", f"){right}") if wrapped else (left + mark, right)
        elif tag in {"F", "A", "M", "T", "D", "U", "u"}:
            found = self._composed()
        else:
            found = self._name(), ""
        self._known.append(found)
        return found

    def _composed(self) -> Halves:
        tag = self._next()
        if tag == "F":
            self._skip("Y")
            left, right = self._type()
            types = self._until_end(self._type)
            while types and types[-1][0] in {"R", "O"}:
                types.pop()
            parameters = ", ".join("".join(one) for one in types if one != ("void", ""))
            return f"{left} " if left[-1:] != "(" else left, f"({parameters}){right}"
        if tag == "A":
            size = "" if self._peek() == "_" else str(self._digits())
            self._expect("_")
            left, right = self._type()
            return f"{left} " if not right else left, f"[{size}]{right}"
        if tag == "M":
            owner = "".join(self._type())
            left, right = self._type()
            if right[:1] == "(":
                return f"{left}({owner}::*", f"){right}"
            return f"{left} {owner}::*", right
        if tag == "T":
            return self._parameter()
        if tag == "D" and self._skip("p"):
            return self._type()
        if tag == "D" and self._peek() in {"o", "O"}:  # noexcept
            self._next()
            return self._type()
        if tag == "u":
            return self._identifier(), ""
        raise NotReadError

    def _parameter(self) -> Halves:
        """What `T_`, `T0_` stand for; where nothing says it, a name of the parameter."""
        index = 0 if self._skip("_") else self._number() + 1
        found = self._arguments[index] if index < len(self._arguments) else ("auto", "")
        if self._peek() == "I":
            self._known.append(found)
            return found[0] + self._template_arguments(), ""
        return found

    def _reference(self) -> Halves:
        """What `S_`, `S0_` stand for, or one of the standard's abbreviations."""
        self._expect("S")
        if self._peek() in STANDARD:
            return STANDARD[self._next()], ""
        if self._skip("_"):
            return self._known[0]
        return self._known[self._number() + 1]

    # --- template arguments

    def _template_arguments(self) -> str:
        self._expect("I")
        outer = self._depth == 1
        found = self._until_end(lambda: self._part(self._argument))
        flat = [one for one in found if one != ("", "")]
        if outer:
            self._arguments = found
        text = ", ".join("".join(one) for one in flat)
        return f"<{text}>" if not text.endswith(">") else f"<{text} >"

    def _argument(self) -> Halves:
        if self._skip("J"):
            several = self._until_end(lambda: self._part(self._argument))
            return ", ".join("".join(one) for one in several), ""
        if self._skip("X"):
            found = self._expression()
            self._expect("E")
            return found, ""
        if self._skip("L"):
            return self._constant(), ""
        return self._type()

    def _expression(self) -> str:
        if self._skip("L"):
            return self._constant()
        if self._skip("adL"):
            return f"&({self._constant()})"
        if self._skip("T"):
            return "".join(self._parameter())
        raise NotReadError

    def _constant(self) -> str:
        if self._skip("_Z"):
            found = self.encoding()
            while not self._skip("E"):
                self._type()
            return found
        code = self._peek()
        kind = "".join(self._type())
        negative = "-" if self._skip("n") else ""
        if self._skip("E"):
            return f"({kind})0" if code != "D" else "nullptr"
        value = f"{negative}{self._digits()}"
        self._expect("E")
        if code == "b":
            return "true" if value == "1" else "false"
        return f"{value}{SUFFIXES[code]}" if code in SUFFIXES else f"({kind}){value}"

    def _until_end(self, read: Callable[[], Halves]) -> list[Halves]:
        found = []
        while not self._skip("E"):
            found.append(read())
        return found

    def _offset(self, kind: str) -> None:
        for _ in range({"h": 1, "v": 2}[kind]):  # from this, and from what that finds
            self._skip("n")
            self._digits()
            self._expect("_")

    def _ordinal(self) -> int:
        """The number of an unnamed thing, from 1; ends behind the `_`."""
        return 1 if self._skip("_") else self._number(10) + 2


def _last(path: str) -> str:
    """The last name of a path, without its template arguments and tags."""
    depth = 0
    end = len(path)
    for at in range(len(path) - 1, -1, -1):
        mark = path[at]
        depth += (mark in ">)]") - (mark in "<([")
        if not depth and mark in "<[":
            end = at
        if not depth and mark == ":":
            return path[at + 1 : end]
    return path[:end]
