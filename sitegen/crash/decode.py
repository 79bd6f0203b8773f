"""A log's text -> the same text with `symbol+offset/size` decoded: scripts/decode_stacktrace.sh, right.

Reads bytes as they come and keeps what it does not understand. Imports nothing of the standard
library and not the log parser: starting up is most of what a cached decode costs. What differs from the script:

- return addresses are looked up one byte before, PC lines and `+0x0` exactly (`as_printed` for the old way);
- every token of every line is decoded, wherever it stands; the script takes the last word only;
- outside frame lines all bytes stay, line ends too; the script folds blanks and drops the CR;
- a frame line has one blank after its prefix and no `[<address>]`, as the script prints it, but no blank at its end;
- a return address printed as the next function's `+0x0` keeps its token: `next+0x0/0x20 = caller (file:line)`.
"""

from __future__ import annotations

from sitegen.crash.symbols.values import Decoded, Query, Undecoded
from sitegen.crash.tokens import Frame, Token, exact_ones, frame_of, tokens_of
from sitegen.crash.traps import is_entry
from sitegen.record import Record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Literal

    Answer = Callable[[Sequence[Query]], Sequence[Decoded | Undecoded]]
    """`Symbolizer.decode`, or what stands for it."""
    Lookup = Literal["return", "exact", "printed"]

_MANGLED = ("_R", "_ZN")
_TITLES = (b"Call Trace", b"Call trace", b"Backtrace", b"Stack")


class _Asked(Record):
    """A token, and what is asked about it."""

    token: Token
    query: Query


class _Line(Record):
    text: bytes
    asked: tuple[_Asked, ...]
    frame: Frame | None


class Decoder:
    """Feeds on a log in pieces of any size, answers with the decoded text of all whole lines."""

    def __init__(self, answer: Answer, *, as_printed: bool = False, strip: str = "") -> None:
        self._answer = answer
        self._as_printed = as_printed
        "look up return addresses as they are, the old script's way"
        self._strip = strip.rstrip("/") + "/" if strip.rstrip("/") else ""
        "a folder to take off absolute paths"
        self._left: list[bytes] = []
        # What earlier lines say about the next one.
        self._inner = ""
        self._pc: tuple[object, ...] = ()
        self._titled = False
        self._entered = False

    def feed(self, piece: bytes) -> bytes:
        """The decoded text of the lines that `piece` completes."""
        whole, end, left = piece.rpartition(b"\n")
        if not end:
            self._left.append(piece)  # joined once: a line may come in very many pieces
            return b""
        text = b"".join((*self._left, whole, end))
        self._left = [left]
        return self._decode(text.splitlines(keepends=True))

    def finish(self) -> bytes:
        """The decoded text of a last line without an end."""
        left, self._left = b"".join(self._left), []
        return self._decode([left] if left else [])

    def _decode(self, texts: list[bytes]) -> bytes:
        lines = [self._read(text) for text in texts]
        queries = list(dict.fromkeys(one.query for line in lines for one in line.asked))
        answers = dict(zip(queries, self._answer(queries), strict=True)) if queries else {}
        return b"".join(self._written(line, answers) for line in lines)

    # --- reading --------------------------------------------------------------------------

    def _read(self, text: bytes) -> _Line:
        tokens = tokens_of(text)
        if b"+0x" not in text:
            titled = any(title in text for title in _TITLES)
            self._titled = titled or (self._titled and b"<" in text)
            if self._titled:
                self._entered = False
            self._inner = ""
            return _Line(text, (), None)
        frame = frame_of(text, tokens[-1]) if tokens else None
        if frame:
            queries = [self._of_frame(token, guess=frame.guess) for token in tokens]
        else:
            exact = exact_ones(text, tokens)
            queries = [self._of_other(*one) for one in zip(tokens, exact, strict=True)]
            self._inner = queries[-1].name if queries else ""
        self._titled = False
        return _Line(text, tuple(map(_Asked, tokens, queries)), frame)

    def _of_frame(self, token: Token, *, guess: bool) -> Query:
        """What to ask of a line of a trace, which says something of the next one too."""
        if guess:
            return _query(token, self._lookup("return"))
        # The first frame under the title repeats the PC on machines that print it so.
        exact = self._entered or (self._titled and self._pc == token[2:5])
        query = _query(token, self._lookup("exact" if exact else "return"), self._inner)
        # The frame under such an entry was interrupted, its address is the PC itself. Where x86
        # prints a RIP line there instead, that line has been the exact one.
        self._entered = is_entry(query.name)
        # What runs inside of an exception was not called by what it interrupted.
        self._inner = "" if self._entered else query.name
        return query

    def _of_other(self, token: Token, exact: bool) -> Query:  # noqa: FBT001  reason: zipped with its token
        """What to ask of a token anywhere else."""
        if exact:
            self._pc = token[2:5]
            self._entered = False
        return _query(token, self._lookup("exact" if exact else "return"))

    def _lookup(self, lookup: Lookup) -> Lookup:
        return "printed" if self._as_printed else lookup

    # --- writing --------------------------------------------------------------------------

    def _written(self, line: _Line, answers: dict[Query, Decoded | Undecoded]) -> bytes:
        if not line.asked:
            return line.text
        text, at = [], 0
        if line.frame:
            prefix = line.frame.prefix.lstrip()
            text.append(prefix + b" " if prefix else b"")
            text.append(b"? " if line.frame.guess else b"")
            at = line.asked[-1].token.start
        for token, query in line.asked:
            if token.start >= at:
                text.append(line.text[at : token.start])
                printed = line.text[token.start : token.end]
                text.append(self._words(printed, query, answers[query]))
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
        words = f"{_shown(name)} ({' '.join(places)})"
        if not words.isprintable():
            # Names come from an image; a hostile one must not forge lines or drive a terminal.
            words = "".join(c if c.isprintable() else "?" for c in words)
        text = words.encode("utf-8", "replace")
        return text if name == query.name else printed + b" = " + text


def _shown(name: str) -> str:
    """A name as people write it."""
    if not name.startswith(_MANGLED):
        return name
    from sitegen.crash.log.demangle import demangle  # noqa: PLC0415  reason: few kernels have Rust

    return demangle(name)


def _query(token: Token, lookup: Lookup, callee: str = "") -> Query:
    return Query(
        token.name.decode(), token.offset, token.size, token.module.decode(), lookup, None, callee
    )
