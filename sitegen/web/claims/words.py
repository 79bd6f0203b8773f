"""The text of a claim -> its words; numbers, places and names as the field writes them.

No pattern here looks back: the time is linear in the text, which is bounded.
"""

import re

from sitegen.web.claims.values import Number, Operator, Range

LONGEST = 400
"""Characters of a claim."""

_WORD = re.compile(r'"[^"]*"|[=!<>]=|->|[<>=]|(?:(?!->)[^\s"<>=!])+|[!"]')
_OPERATORS: dict[str, Operator] = {
    "==": "==",
    "=": "==",
    "is": "==",
    "!=": "!=",
    "<": "<",
    "<=": "<=",
    ">": ">",
    ">=": ">=",
}
_MOST_DIGITS = 32

Words = tuple[str, ...]


def words_of(text: str) -> Words:
    """The words: operators stand alone, what is in double quotes is one word with its quotes.

    >>> words_of('edge a->b  through file_operations.write')
    ('edge', 'a', '->', 'b', 'through', 'file_operations.write')
    """
    return tuple(_WORD.findall(text[:LONGEST]))


def number_of(word: str) -> int | None:
    """A number: `0x6fc`, `12`, `-14`, `NULL`, or hex digits as a register dump prints them.

    >>> number_of("0x6fc"), number_of("00000000000006fc"), number_of("12"), number_of("-14")
    (1788, 1788, 12, -14)
    """
    if word.lower() == "null":
        return 0
    sign, digits = (-1, word[1:]) if word[:1] == "-" else (1, word)
    if not digits or len(digits) > _MOST_DIGITS or not digits.isascii():
        return None
    if digits[:2] in {"0x", "0X"}:
        return _whole(sign, digits[2:], 16)
    if len(digits) == 16 or not digits.isdigit():
        return _whole(sign, digits, 16) if len(digits) in {8, 16} else None
    return _whole(sign, digits, 10)


def _whole(sign: int, digits: str, base: int) -> int | None:
    allowed = "0123456789abcdef"[:base]
    if not digits or any(digit not in allowed for digit in digits.lower()):
        return None
    return sign * int(digits, base)


def test_of(words: Words) -> Number | Range | None:
    """`== 0x6fc`, `>= 3`, `in 0x0..0xfff`; None when the words are something else."""
    if len(words) != 2:
        return None
    if words[0].lower() == "in":
        low, dots, high = words[1].partition("..")
        first, last = number_of(low), number_of(high)
        return None if not dots or first is None or last is None else Range(first, last)
    operator = _OPERATORS.get(words[0].lower())
    value = number_of(words[1])
    return None if operator is None or value is None else Number(operator, value)


def holds(test: Number | Range, value: int, *, bits: int = 0) -> bool:
    """Whether `value` passes. With `bits`, numbers below zero are as a register of that width has them."""
    mask = (1 << bits) - 1 if bits else -1
    match test:
        case Range(low, high):
            return low & mask <= value <= high & mask
        case Number(operator, other):
            wanted = other & mask if other < 0 else other
            match operator:
                case "==":
                    return value == wanted
                case "!=":
                    return value != wanted
                case "<":
                    return value < wanted
                case "<=":
                    return value <= wanted
                case ">":
                    return value > wanted
                case ">=":
                    return value >= wanted


def shown(test: Number | Range, *, hexadecimal: bool = True) -> str:
    """The test in words: `0x6fc`, `not 0x0`, `0x0 to 0xfff`, `at least 3`."""

    def one(value: int) -> str:
        return f"{value:#x}" if hexadecimal and value >= 0 else str(value)

    match test:
        case Range(low, high):
            return f"{one(low)} to {one(high)}"
        case Number(operator, value):
            return f"{_IN_WORDS[operator]}{one(value)}"


_IN_WORDS: dict[Operator, str] = {
    "==": "",
    "!=": "not ",
    "<": "less than ",
    "<=": "at most ",
    ">": "more than ",
    ">=": "at least ",
}


def quoted(words: Words) -> str:
    """What the words say: one in quotes without them, or several as they stand; empty for none."""
    if len(words) == 1 and len(words[0]) > 1 and words[0][0] == words[0][-1] == '"':
        return words[0][1:-1]
    return " ".join(words)


def place_of(word: str) -> tuple[str, int | None] | None:
    """File and line of `fs/read_write.c:582`, or the file alone; None for what is no file's name."""
    file, colon, line = word.rpartition(":")
    if not colon:
        file, line = word, ""
    if not file or any(mark in file for mark in ':"') or "." not in file.rpartition("/")[2]:
        return None
    if not colon:
        return file, None
    number = number_of(line) if line.isascii() and line.isdigit() and len(line) < 8 else None
    return None if number is None else (file, number)


def is_symbol(word: str) -> bool:
    """Whether the word may be a function's name, as images and logs spell them."""
    return bool(word) and not word[0].isdigit() and all(c.isalnum() or c in "_.$:" for c in word)


def same_file(one: str, other: str) -> bool:
    """Whether two paths may be the same file: one may have folders before the other's."""
    return one == other or one.endswith(f"/{other}") or other.endswith(f"/{one}")


def bare(symbol: str) -> str:
    """The function's name in the source, without what compilers append (`.isra.0`, `.cold`).

    No name of C has a dot, so that all behind the first one is the compiler's.
    """
    return symbol.partition(".")[0] or symbol
