"""A line of a log -> its `symbol+0xoffset/0xsize` tokens and bare addresses, and whether it is a line of a trace.

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
    **dict.fromkeys((b"RIP", b"EIP", b"NIP", b"IP", b"PC", b"pc", b"epc", b"ERA", b"PSW"), True),
    **dict.fromkeys((b"WARNING", b"calling", b"initcall"), True),
    **dict.fromkeys((b"LR", b"lr", b"ra"), False),
}
_BEHIND_MARK = frozenset((b" ", b":", b"!", b"["))


class Token(Record):
    """A place in the kernel, where it stands in its line."""

    start: int
    end: int
    name: bytes
    "empty for a bare address"
    offset: int
    "from the start of the function; the address itself where there is no name"
    size: int
    module: bytes
    "from the brackets behind it, without its build ID; empty without any"
    build_id: bytes = b""
    "of the module, from the same brackets"


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
                        *_module(text[end : end + 134]),
                    )
                )
                following = end
        plus = text.find(b"+0x", following)
    return found


def _module(behind: bytes) -> tuple[bytes, bytes]:
    """The module that ` [name]` or ` [name build-id]` says, and its build ID."""
    close = behind.find(b"]")
    if behind[:1] not in {b" ", b"\t"} or behind[1:2] != b"[" or close < 0:
        return b"", b""
    name, space, build = behind[2:close].partition(b" ")
    if not 0 < len(name) <= 64 or name.strip(_MODULE):
        return b"", b""
    if space and (not 8 <= len(build) <= 64 or build.strip(_HEX)):
        return b"", b""
    return name, build


def build_ids_of(text: bytes) -> dict[tuple[str, str], None]:
    """The modules of a log with the build ID printed of each; the kernel's own has an empty name.

    In the order in which they are met.
    """
    found: dict[tuple[str, str], None] = {}
    for line in text.split(b"\n"):
        if b"+0x" in line:
            for token in tokens_of(line):
                if token.build_id:
                    found.setdefault((token.module.decode(), token.build_id.decode()))
        elif build_id := kernel_build_id(line):
            found.setdefault(("", build_id.decode()))
    return found


def kernel_build_id(text: bytes) -> bytes:
    """The build ID of vmlinux at the end of a `CPU: 0 PID: 1 Comm: ...` line; empty without one."""
    word = text.rstrip().rpartition(b" ")[2] if b"omm: " in text else b""
    return word if len(word) == 40 and not word.strip(_HEX) else b""


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


def is_caller(text: bytes, token: Token) -> bool:
    """Whether the line is a frame of 32-bit ARM: `callee from token`, perhaps with addresses."""
    head = text[: token.start]
    if head.endswith(b">] ("):
        head = head[: head.rfind(b"[<")]
    return head.endswith(b" from ") and b"+0x" not in head


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
    return [said is not None and said[1] for said in _marks_of(text, tokens)]


def _marks_of(text: bytes, tokens: list[Token]) -> list[tuple[int, bool] | None]:
    """For each token the last mark before it: where it ends, and whether a PC follows; None without."""
    marks: list[tuple[int, bool]] = []
    at = 0
    for word in text.translate(_WORDS).split():
        at = text.find(word, at) + len(word)
        if word in _MARKS and text[at : at + 1] in _BEHIND_MARK:
            marks.append((at, _MARKS[word]))
    found = []
    last = None
    left = iter([*marks, (len(text), False)])
    following = next(left)
    for token in tokens:
        while following[0] < token.start:
            last = following
            following = next(left)
        found.append(last)
    return found


# --- Bare addresses ---------------------------------------------------------------------------


def addresses_of(text: bytes, digits: int = 16) -> tuple[list[tuple[Token, bool]], Frame | None]:
    """The kernel's addresses that stand for a place of its code, each with whether it is a PC.

    In a line of a trace, and behind what marks a PC or return address; registers and what prose
    says are not meant. Of several ways to print one address the last counts. An address has
    `digits`; those of kernels are in the upper half, of 32-bit ones above the lowest quarter.
    """
    found = _addresses(text, digits)
    if not found:
        return [], None
    frame = _bare_frame(text, found)
    if frame is not None:
        return [(found[-1], False)], frame
    places = {}
    for token, mark in zip(found, _marks_of(text, found), strict=True):
        if mark is not None:
            places[mark[0]] = token, mark[1]
    return list(places.values()), None


def _addresses(text: bytes, width: int) -> list[Token]:
    """All `0x` and `[<>]` with the digits of a kernel's address, in order."""
    found = []
    first = b"89abcdef" if width == 16 else b"456789abcdef"
    for opening, closing in ((b"0x", b""), (b"[<", b">]")):
        start = text.find(opening)
        while start >= 0:
            last = start + 2 + width
            digits = text[start + 2 : last]
            end = last + len(closing)
            if (
                len(digits) == width
                and digits[0] in first
                and not digits.strip(_HEX)
                and text[last:end] == closing
                and (closing or text[end : end + 1] not in _WORD_BYTES)
                and (closing or text[max(start - 1, 0) : start] not in _WORD_BYTES)
            ):
                found.append(Token(start, end, b"", int(digits, 16), 0, b""))
            start = text.find(opening, start + 2)
    return sorted(found)


_WORD_BYTES = frozenset(bytes([byte]) for byte in _WORD)


def _bare_frame(text: bytes, found: list[Token]) -> Frame | None:
    """The line as a frame of nothing but an address, printed once or twice."""
    if len(found) > 2 or text[found[-1].end :].strip():
        return None
    at = _after_prefix(text[: found[0].start])
    rest = text[at : found[0].start].strip(_BLANK)
    between = text[found[0].end : found[-1].start].strip(_BLANK) if len(found) == 2 else b""
    if {rest, between} <= {b"", b"?"} and len(rest + between) < 2:
        return Frame(text[:at], b"?" in rest + between)
    return None


def without_escapes(text: bytes) -> bytes:
    """The line with blanks for what drives a terminal: its colours, which some logs keep."""
    pieces = []
    at = 0
    while (start := text.find(b"\x1b[", at)) >= 0:
        end = start + 2
        while text[end : end + 1] and text[end] in b"0123456789;?" and end - start < 24:
            end += 1
        end += text[end : end + 1].isalpha()
        pieces += [text[at:start], b" " * (end - start)]
        at = end
    return b"".join([*pieces, text[at:]])
