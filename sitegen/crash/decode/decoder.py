"""A log's bytes, piece by piece -> the same with `symbol+offset/size` decoded.

Keeps what it does not understand. What differs from the kernel's script:

- return addresses are looked up one byte before, PC lines and `+0x0` exactly (`as_printed` for the old way);
- every token of every line is decoded, wherever it stands; the script takes the last word only;
- outside frame lines all bytes stay, line ends too; the script folds blanks and drops the CR;
- a return address printed as the next function's `+0x0` keeps its token: `next+0x0/0x20 = caller (file:line)`;
- addresses without a symbol are decoded where it is known to where the kernel was moved;
- the instructions below a `Code:` line lead to the one that trapped, see `listing.py`.
"""

from __future__ import annotations

from sitegen.crash.decode.lines import Line, LineReader
from sitegen.crash.decode.words import Said, rewritten
from sitegen.crash.symbols.values import Decoded, Query, Undecoded

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from sitegen.crash.decode.dumps import Dumps
    from sitegen.crash.decode.lines import Meet
    from sitegen.crash.decode.slide import Slide

    Answer = Callable[[Sequence[Query]], Sequence[Decoded | Undecoded]]
    """`Symbolizer.decode`, or what stands for it."""


class Decoder:
    """Feeds on a log in pieces of any size, answers with the decoded text of all whole lines."""

    def __init__(
        self,
        answer: Answer,
        *,
        strip: str = "",
        as_printed: bool = False,
        machine: str = "",
        slide: Callable[[], Slide] | None = None,
        dumps: Callable[[], Dumps] | None = None,
        meet: Meet | None = None,
    ) -> None:
        """`strip` is a folder to take off absolute paths; for the others see `LineReader`."""
        self._answer = answer
        self._strip = strip.rstrip("/") + "/" if strip.rstrip("/") else ""
        self._reader = LineReader(
            as_printed=as_printed, machine=machine, slide=slide, dumps=dumps, meet=meet
        )
        self._left: list[bytes] = []

    def feed(self, piece: bytes) -> bytes:
        """The decoded text of the lines that `piece` completes."""
        whole, end, left = piece.rpartition(b"\n")
        if not end:
            self._left.append(piece)  # joined once: a line may come in very many pieces
            return b""
        text = b"".join((*self._left, whole))
        self._left = [left]
        return self._decode([line + end for line in text.split(b"\n")])

    def finish(self) -> bytes:
        """The decoded text of a last line without an end."""
        left, self._left = b"".join(self._left), []
        return self._decode([left] if left else []) + self._reader.finish()

    def _decode(self, texts: list[bytes]) -> bytes:
        lines = [self._reader.read(text) for text in texts]
        queries = list(dict.fromkeys(one.query for line in lines for one in line.asked))
        answers = dict(zip(queries, self._answer(queries), strict=True)) if queries else {}
        return b"".join(self._written(line, answers) for line in lines)

    def _written(self, line: Line, answers: dict[Query, Decoded | Undecoded]) -> bytes:
        said = [Said(token, answers[query]) for token, query in line.asked]
        text = rewritten(line.text, line.frame, said, self._strip)
        return line.before + text + line.after
