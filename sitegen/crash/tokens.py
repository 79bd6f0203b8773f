"""A line of a log -> its `symbol+0xoffset/0xsize` tokens, and whether it is a line of a trace.

Written without regular expressions: to import and compile them takes as long as all that a decode
answered by its cache does otherwise. Linear in the length of the line.
"""

from __future__ import annotations

from sitegen.record import Record

_LETTERS = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_DIGITS = b"0123456789"
_HEX = b"0123456789abcdef"
_WORD = _LETTERS + _DIGITS + b"_"
_MODULE = _WORD + b"-"
_BLANK = b" \t"
LONGEST_NAME = 512


def _only(known: bytes) -> bytes:
    """A translation that leaves what is known and makes all else blanks."""
    return bytes(byte if byte in known else 32 for byte in range(256))


_NAMES = _only(_WORD + b".$")
_WORDS = _only(_WORD)

# What stands before a token tells what it is: a program counter or an initcall is exact, a link
# register holds a return address. Only such a word with one of these behind it counts.
_MARKS = {
    **dict.fromkeys((b"RIP", b"EIP", b"NIP", b"IP", b"PC", b"pc", b"epc"), True),
    **dict.fromkeys((b"WARNING", b"calling", b"initcall"), True),
    **dict.fromkeys((b"LR", b"lr", b"ra"), False),
}
_BEHIND_MARK = frozenset((b" ", b":", b"!", b"["))


class Token(Record):
    """A place in the kernel, where it stands in its line."""

    start: int
    end: int
    name: bytes
    offset: int
    size: int
    module: bytes
    "from the brackets behind it, without its build ID; empty without any"


class Frame(Record):
    """What stands before the token of a line that is all frame."""

    prefix: bytes
    "of consoles and loggers: `<4>`, time, caller"
    guess: bool
    "marked `?`: found on the stack, not by the unwinder"


def tokens_of(text: bytes) -> list[Token]:
    """All tokens of a line, in order."""
    found = []
    names = b""
    plus = text.find(b"+0x")
    while plus >= 0:
        following = plus + 3
        names = names or text.translate(_NAMES)
        start = names.rfind(b" ", 0, plus) + 1
        slash = text.find(b"/0x", following + 1, following + 11)
        if slash >= 0 and 0 < plus - start <= LONGEST_NAME and text[start] not in _DIGITS:
            size = text[slash + 3 : slash + 12]
            digits = len(size) - len(size.lstrip(_HEX))
            if (
                0 < digits <= 8
                and (digits == len(size) or size[digits] not in _WORD)
                and not text[following:slash].strip(_HEX)
            ):
                end = slash + 3 + digits
                found.append(
                    Token(
                        start,
                        end,
                        text[start:plus],
                        int(text[following:slash], 16),
                        int(size[:digits], 16),
                        _module(text[end : end + 134]),
                    )
                )
                following = end
        plus = text.find(b"+0x", following)
    return found


def _module(behind: bytes) -> bytes:
    """The module that ` [name]` or ` [name build-id]` says."""
    close = behind.find(b"]")
    if behind[:1] not in {b" ", b"\t"} or behind[1:2] != b"[" or close < 0:
        return b""
    name, space, build = behind[2:close].partition(b" ")
    if not 0 < len(name) <= 64 or name.strip(_MODULE):
        return b""
    if space and (not 8 <= len(build) <= 64 or build.strip(_HEX)):
        return b""
    return name


def frame_of(text: bytes, token: Token) -> Frame | None:
    """The line as a frame: a prefix, perhaps an address, perhaps `?`, the token, perhaps its module."""
    tail = text[token.end :]
    if tail[:2] in {b" [", b"\t["}:
        close = tail.find(b"]", 2, 143)
        if close < 3 or b"\n" in tail[:close]:
            return None
        tail = tail[close + 1 :]
    if tail.strip():
        return None
    head = text[: token.start]
    at = _after_prefix(head)
    rest = head[at:].lstrip(_BLANK)
    if rest.startswith(b"[<"):
        address, mark, rest = rest[2:].partition(b">]")
        if not mark or not 4 <= len(address) <= 16 or address.strip(_HEX):
            return None
        rest = rest.lstrip(_BLANK)
    guess = rest[:1] == b"?" and rest[1:2] in {b" ", b"\t"}
    if guess:
        rest = rest[1:].lstrip(_BLANK)
    return None if rest else Frame(head[:at], guess)


def _after_prefix(head: bytes) -> int:
    """Where `<4>` and brackets as `[    1.000000][   T12]` end."""
    at = 0
    close = head.find(b">", 2, 4)
    if head[:1] == b"<" and close > 0 and not head[1:close].strip(_DIGITS):
        at = close + 1
    while True:
        blanks = head[at : at + 9]
        begin = at + len(blanks) - len(blanks.lstrip(_BLANK))
        close = head.find(b"]", begin + 1, begin + 42)
        inside = head[begin + 1 : close]
        if (
            begin - at > 8
            or head[begin : begin + 1] != b"["
            or close < begin + 2
            or any(other in inside for other in (b"[", b"<", b">"))
        ):
            return at
        at = close + 1


def exact_ones(text: bytes, tokens: list[Token]) -> list[bool]:
    """For each token of a line that is no frame, whether it is a program counter."""
    marks = []
    at = 0
    for word in text.translate(_WORDS).split():
        at = text.find(word, at) + len(word)
        if word in _MARKS and text[at : at + 1] in _BEHIND_MARK:
            marks.append((at, _MARKS[word]))
    found = []
    exact = False
    left = iter([*marks, (len(text), False)])
    begin, said = next(left)
    for token in tokens:
        while begin < token.start:
            exact = said
            begin, said = next(left)
        found.append(exact)
    return found
