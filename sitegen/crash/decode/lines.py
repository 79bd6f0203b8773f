"""The lines of a log, one after the other -> what stands in each and what is to be asked about it.

Knows how what one line says changes what the next one means; knows nothing of answers.
"""

from __future__ import annotations

from sitegen.crash.symbols.values import Query
from sitegen.crash.tokens import (
    Frame,
    Token,
    addresses_of,
    exact_ones,
    frame_of,
    is_caller,
    kernel_build_id,
    tokens_of,
    without_escapes,
)
from sitegen.crash.traps import is_entry
from sitegen.record import Record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Literal

    from sitegen.crash.decode.dumps import Dumps
    from sitegen.crash.decode.loaded import Loaded
    from sitegen.crash.decode.slide import Slide

    Lookup = Literal["return", "exact", "printed"]
    Meet = Callable[[str, str], None]
    """Is told a module (vmlinux when empty) and the build ID that the log prints of it."""

_TITLES = (b"Call Trace", b"Call trace", b"Backtrace", b"Stack")
MOST_MET = 1000
"build IDs that are told of; a kernel has some hundred modules"
_NARROW = frozenset(("i386", "arm"))
"machines of 32 bits"


class Asked(Record):
    """A token, and what is asked about it."""

    token: Token
    query: Query


class Line(Record):
    """A line, and what may be decoded in it."""

    text: bytes
    asked: tuple[Asked, ...] = ()
    frame: Frame | None = None
    before: bytes = b""
    "to be printed first: instructions of a `Code:` line above that this one does not go on with"
    after: bytes = b""
    "to be printed below"


class LineReader:
    """Reads the lines of one log in their order."""

    def __init__(
        self,
        *,
        as_printed: bool = False,
        machine: str = "",
        slide: Callable[[], Slide] | None = None,
        dumps: Callable[[], Dumps] | None = None,
        meet: Meet | None = None,
    ) -> None:
        """`machine` as `uname -m` prints it, empty when it is not known.

        Without `slide` addresses without a symbol are left alone, without `dumps` `Code:` lines;
        both are called when the log has any.
        """
        self._as_printed = as_printed
        "look up return addresses as they are, the old script's way"
        self._machine = machine
        self._digits = 8 if machine in _NARROW else 16
        self._make_slide = slide
        self._slide: Slide | None = None
        self._loaded: Loaded | None = None
        self._make_dumps = dumps
        self._dumps: Dumps | None = None
        self._meet = meet
        self._met: set[tuple[bytes, bytes]] = set()
        # What earlier lines say about the next one.
        self._inner = ""
        self._pc: tuple[object, ...] = ()
        self._first = False
        "no frame stood since the last title or PC"
        self._entered = False
        self._compat = False
        "the last PC is of a 32-bit program"

    def read(self, text: bytes) -> Line:
        """The next line, its end included."""
        line = self._read_symbols(text) if b"+0x" in text else self._read_other(text)
        if self._make_dumps and (b"Code:" in text or (self._dumps and self._dumps.waiting)):
            self._dumps = self._dumps or self._make_dumps()
            before, after = self._dumps.read(text, compat=self._compat)
            return line._replace(before=before, after=after)
        return line

    def finish(self) -> bytes:
        """What is to be printed below the last line; what is new goes to the cache."""
        if self._dumps is None:
            return b""
        text = self._dumps.finish()
        self._dumps.save()
        return text

    def _read_symbols(self, text: bytes) -> Line:
        plain = text if b"\x1b" not in text else without_escapes(text)
        tokens = tokens_of(plain)
        frame = frame_of(text, tokens[-1]) if tokens else None
        if frame:
            queries = [self._of_frame(token, guess=frame.guess) for token in tokens]
        elif len(tokens) == 1 and b" from " in text and is_caller(plain, tokens[0]):
            queries = [self._of_frame(tokens[0], guess=False)]
        else:
            exact = exact_ones(plain, tokens)
            queries = [self._of_other(*one) for one in zip(tokens, exact, strict=True)]
            self._inner = queries[-1].name if queries else ""
        if self._meet:
            self._introduce(tokens)
        return Line(text, tuple(map(Asked, tokens, queries)), frame)

    def _introduce(self, tokens: list[Token]) -> None:
        """Tell of the modules that are met for the first time."""
        for token in tokens:
            who = token.module, token.build_id
            if self._meet and token.build_id and who not in self._met and len(self._met) < MOST_MET:
                self._met.add(who)
                self._meet(token.module.decode(), token.build_id.decode())

    def _of_frame(self, token: Token, *, guess: bool) -> Query:
        """What to ask of a line of a trace, which says something of the next one too."""
        name = token.name.decode()
        entry = bool(name) and is_entry(name, self._machine)
        # Right below an entry stands what was interrupted, its address is the PC itself; old
        # unwinders doubt it. An entry below another one called it. Where x86 prints a RIP line
        # instead, that line has been the exact one.
        exact = self._entered and not entry
        self._entered = False
        if guess:
            return _query(token, self._lookup("exact" if exact else "return"))
        # The first frame repeats the PC on machines that print it so, some of them without a title.
        exact = exact or (self._first and self._pc == token[2:5])
        self._first = False
        query = _query(token, self._lookup("exact" if exact else "return"), self._inner)
        self._entered = entry and not exact
        # What runs inside of an exception was not called by what it interrupted.
        self._inner = "" if entry else name
        return query

    def _of_other(self, token: Token, exact: bool) -> Query:  # noqa: FBT001  reason: zipped with its token
        """What to ask of a token anywhere else."""
        if exact:
            self._pc = token[2:5]
            self._first = True
            self._entered = self._compat = False
        return _query(token, self._lookup("exact" if exact else "return"))

    def _lookup(self, lookup: Lookup) -> Lookup:
        return "printed" if self._as_printed else lookup

    # --- lines without symbols ------------------------------------------------------------

    def _read_other(self, text: bytes) -> Line:
        if any(title in text for title in _TITLES):
            self._first = True
            self._entered = False
        self._inner = ""
        if b"RIP: " in text:
            self._compat = b"RIP: 0023:" in text
        if self._make_slide:
            if b" Live 0x" in text:
                self._read_loaded(text)
            if b"Linux v" in text or b"Kernel O" in text or b"aslr" in text or b"KASLR" in text:
                self._slide = self._slide or self._make_slide()
                self._slide.read(text)
            if b"0x" in text or b"[<" in text:
                found, frame = addresses_of(text, self._digits)
                if found:
                    self._slide = self._slide or self._make_slide()
                    return self._read_addresses(text, found, frame, self._slide)
        if self._meet and (build_id := kernel_build_id(text)):
            self._introduce([Token(0, 0, b"", 0, 0, b"", build_id)])
        return Line(text)

    def _read_addresses(
        self, text: bytes, found: list[tuple[Token, bool]], frame: Frame | None, slide: Slide
    ) -> Line:
        asked = []
        for token, exact in found:
            if frame:
                query = self._of_frame(token, guess=frame.guess)
            else:
                query = self._of_other(token, exact)
            place = self._place(token.offset, slide)
            if place is not None:
                module, address = place
                asked.append(Asked(token, query._replace(module=module, address=address)))
        return Line(text, tuple(asked), frame if asked else None)

    def _place(self, address: int, slide: Slide) -> tuple[str, int] | None:
        """The module (empty for vmlinux) and the address in its image; None where that is not known."""
        inside = self._loaded.find(address) if self._loaded else None
        if inside is not None:
            from sitegen.crash.symbols.elf import MODULE_BASE  # noqa: PLC0415  reason: few logs have it

            return inside[0], MODULE_BASE[self._digits // 2] + inside[1]
        moved = slide.find()
        return None if moved is None else ("", (address - moved) % (1 << 4 * self._digits))

    def _read_loaded(self, text: bytes) -> None:
        if self._loaded is None:
            from sitegen.crash.decode.loaded import Loaded  # noqa: PLC0415  reason: few logs have it

            self._loaded = Loaded()
        self._loaded.read(text)


def _query(token: Token, lookup: Lookup, callee: str = "") -> Query:
    if not token.name:
        return Query("", lookup=lookup, callee=callee)
    return Query(
        token.name.decode(), token.offset, token.size, token.module.decode(), lookup, None, callee
    )
