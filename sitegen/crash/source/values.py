"""What is found in a text: functions by their lines, calls by their words."""

from typing import NamedTuple


class Function(NamedTuple):
    """The lines of one function."""

    first: int
    "of the signature, with its return type and attributes"
    body: int
    "the line of the opening brace; for assembly the line of the label"
    last: int


MAX_EXPRESSION = 400
"""Characters of an expression that are kept; of a longer one the arguments are left out."""


class CallText(NamedTuple):
    """One call as written."""

    first: int
    last: int
    "lines of the call, from 1, both included"
    column: int
    end: int
    "the characters of line `first` that belong to it, from 1; `end` is the one after"
    function: str
    "what is called, as written: `vfs_write`, `file->f_op->write`, `write`"
    arguments: tuple[str, ...]
    pointer: str = ""
    "where the pointer was read from, local variables followed; empty when a name is called"
    member: str = ""
    "the last member of `pointer`"
    array: bool = False
    "`pointer` is an element of an array"
    parameter: int | None = None
    "`pointer`, or the array it is an element of, is the function's parameter of that index"
    table: str = ""
    "the array's name where it is known under another one than the function's own"
    assigned: tuple[int, ...] = ()
    "lines that assign the local variables the pointer was read through"

    @property
    def expression(self) -> str:
        """The call with the pointer's origin in place of the local variable."""
        called = self.pointer or self.function
        text = f"{called}({', '.join(self.arguments)})"
        if len(text) > MAX_EXPRESSION:
            text = f"{called}(...)"
        return text if len(text) <= MAX_EXPRESSION else "(...)(...)"
