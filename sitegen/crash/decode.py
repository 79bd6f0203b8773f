"""A log's text -> the same text with `symbol+offset/size` decoded: scripts/decode_stacktrace.sh, right.

Reads bytes as they come and keeps what it does not understand. Imports nothing heavy and not the
log parser: starting up is most of what a cached decode costs. What differs from the script:

- return addresses are looked up one byte before, PC lines and `+0x0` exactly (`as_printed` for the old way);
- every token of every line is decoded, wherever it stands; the script takes the last word only;
- outside frame lines all bytes stay, line ends too; the script folds blanks and drops the CR;
- a frame line has one blank after its prefix and no `[<address>]`, as the script prints it, but no blank at its end;
- a return address printed as the next function's `+0x0` keeps its token: `next+0x0/0x20 = caller (file:line)`.
"""

import re
from bisect import bisect_right
from collections.abc import Callable, Sequence
from typing import Literal, NamedTuple

from sitegen.crash.symbols.values import Decoded, Query, Undecoded

Answer = Callable[[Sequence[Query]], Sequence[Decoded | Undecoded]]
"""`Symbolizer.decode`, or what stands for it."""
Lookup = Literal["return", "exact", "printed"]

_TOKEN = re.compile(
    rb"(?<![\w.$])([A-Za-z_.$][\w.$]{0,511})\+0x([0-9a-f]{1,8})/0x([0-9a-f]{1,8})(?!\w)"
    rb"(?=(?:[ \t]\[([A-Za-z0-9_-]{1,64})(?: [0-9a-f]{8,64})?\])?)"
)
# A frame line: prefix of consoles and loggers, perhaps an address, perhaps `?`, a token, perhaps
# its module, nothing else.
_FRAME = re.compile(
    rb"(?P<prefix>(?:<\d{1,2}>)?(?:[ \t]{0,8}\[[^\]\[<>]{1,40}\])*)"
    rb"[ \t]*(?:\[<[0-9a-f]{4,16}>\][ \t]*)?(?P<guess>\?[ \t]+)?"
    rb"(?P<token>[A-Za-z_.$][\w.$]{0,511}\+0x[0-9a-f]{1,8}/0x[0-9a-f]{1,8})"
    rb"(?P<rest>(?:[ \t]\[[^\]\n]{1,140}\])?\s*)\Z"
)
# What stands before a token tells what it is: a program counter or an initcall is exact, a link
# register holds a return address. The last such word before the token counts.
_MARK = re.compile(
    rb"\b(?:(RIP|EIP|NIP|IP|PC|pc|epc|WARNING|calling|initcall)|(LR|lr|ra))\b(?: is at|[ :!\[]|\Z)"
)
_TITLE = re.compile(rb"(?:Call [Tt]race|Backtrace|Stack):?")
# Entries from an exception or interrupt in the kernel: the frame under one was interrupted, its
# address is the PC itself. x86 prints a RIP line there instead, which then has been the exact one.
_ENTRY = re.compile(
    rb"(?:asm_(?:exc|sysvec)_\w+|asm_common_interrupt|el1h?t?_\w+|__(?:irq|fiq|dabt|pabt|und)_svc"
    rb"|ret_from_exception|handle_exception|apic_timer_interrupt|ret_from_intr|common_interrupt"
    rb"|(?:async_)?page_fault|general_protection|invalid_op|error_exit)\Z"
)


class _Token(NamedTuple):
    """A token on its way: where it stands in its line, and what was asked about it."""

    start: int
    end: int
    query: Query


class _Line(NamedTuple):
    text: bytes
    tokens: tuple[_Token, ...]
    frame: "re.Match[bytes] | None"


class Decoder:
    """Feeds on a log in pieces of any size, answers with the decoded text of all whole lines."""

    def __init__(self, answer: Answer, *, as_printed: bool = False, strip: str = "") -> None:
        self._answer = answer
        self._as_printed = as_printed
        "look up return addresses as they are, the old script's way"
        self._strip = strip.rstrip("/") + "/" if strip.rstrip("/") else ""
        "a folder to take off absolute paths"
        self._left = b""
        # What earlier lines say about the next one.
        self._inner = ""
        self._pc: tuple[bytes, ...] = ()
        self._titled = False
        self._entered = False

    def feed(self, piece: bytes) -> bytes:
        """The decoded text of the lines that `piece` completes."""
        whole, end, left = (self._left + piece).rpartition(b"\n")
        self._left = left
        return self._decode((whole + end).splitlines(keepends=True) if end else [])

    def finish(self) -> bytes:
        """The decoded text of a last line without an end."""
        left, self._left = self._left, b""
        return self._decode([left] if left else [])

    def _decode(self, texts: list[bytes]) -> bytes:
        lines = [self._read(text) for text in texts]
        queries = list(dict.fromkeys(token.query for line in lines for token in line.tokens))
        answers = dict(zip(queries, self._answer(queries), strict=True)) if queries else {}
        return b"".join(self._written(line, answers) for line in lines)

    # --- reading --------------------------------------------------------------------------

    def _read(self, text: bytes) -> _Line:
        if b"+0x" not in text:
            self._titled = bool(_TITLE.search(text)) or (self._titled and b"<" in text)
            if self._titled:
                self._entered = False
            self._inner = ""
            return _Line(text, (), None)
        frame = _FRAME.match(text)
        marks = [] if frame else [(m.end(), bool(m[1])) for m in _MARK.finditer(text)]
        tokens = []
        for match in _TOKEN.finditer(text):
            if frame:
                query = self._frame_query(match, guess=bool(frame["guess"]))
            else:
                at = bisect_right(marks, (match.start(), True)) - 1
                query = self._query(match, exact=at >= 0 and marks[at][1])
            tokens.append(_Token(match.start(), match.end(3), query))
        self._titled = False
        if not frame:
            self._inner = tokens[-1].query.name if tokens else ""
        return _Line(text, tuple(tokens), frame)

    def _frame_query(self, match: "re.Match[bytes]", *, guess: bool) -> Query:
        """What to ask of a line of a trace, which says something of the next one too."""
        if guess:
            return _asked(match, self._lookup("return"))
        # The first frame under the title repeats the PC on machines that print it so.
        exact = self._entered or (self._titled and self._pc == match.group(1, 2, 3))
        query = _asked(match, self._lookup("exact" if exact else "return"), self._inner)
        self._entered = bool(_ENTRY.match(match[1]))
        # What runs inside of an exception was not called by what it interrupted.
        self._inner = "" if self._entered else query.name
        return query

    def _query(self, match: "re.Match[bytes]", *, exact: bool) -> Query:
        """What to ask of a token anywhere else."""
        if exact:
            self._pc = match.group(1, 2, 3)
            self._entered = False
        return _asked(match, self._lookup("exact" if exact else "return"))

    def _lookup(self, lookup: Lookup) -> Lookup:
        return "printed" if self._as_printed else lookup

    # --- writing --------------------------------------------------------------------------

    def _written(self, line: _Line, answers: dict[Query, Decoded | Undecoded]) -> bytes:
        if not line.tokens:
            return line.text
        text, at = [], 0
        if line.frame:
            prefix = line.frame["prefix"].lstrip()
            text.append(prefix + b" " if prefix else b"")
            text.append(b"? " if line.frame["guess"] else b"")
            at = line.frame.start("token")
        for token in line.tokens:
            text.append(line.text[at : token.start])
            printed = line.text[token.start : token.end]
            text.append(self._words(printed, token.query, answers[token.query]))
            at = token.end
        text.append(line.text[at:])
        return b"".join(text)

    def _words(self, printed: bytes, query: Query, answer: Decoded | Undecoded) -> bytes:
        if isinstance(answer, Undecoded) or not answer.calls or not answer.calls[0].file:
            return printed
        places = []
        for call in answer.calls:
            file = call.file
            if self._strip and file.startswith(self._strip):
                file = file[len(self._strip) :]
            places.append(f"{file}:{call.line or '?'}")
        name = answer.calls[-1].function
        words = f"{name} ({' '.join(places)})".encode("utf-8", "replace")
        # Paths come from an image, but a hostile one must not forge lines of the log.
        words = words.replace(b"\n", b"?").replace(b"\r", b"?").replace(b"\x1b", b"?")
        return words if name == query.name else printed + b" = " + words


def _asked(match: "re.Match[bytes]", lookup: Lookup, callee: str = "") -> Query:
    name, offset, size, module = match.groups()
    return Query(
        name.decode(),
        int(offset, 16),
        int(size, 16),
        (module or b"").decode(),
        lookup,
        callee=callee,
    )
