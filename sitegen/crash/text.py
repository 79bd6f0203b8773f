"""A log and what was found in it -> the log's text, decoded. Needs no image.

The same words as `sitegen decode` prints, taken from the evidence: a frame by the line and column
it stands at, and by its symbol where the log repeats it elsewhere.
"""

from sitegen.crash.decode.dumps import Dumps
from sitegen.crash.decode.lines import Asked, LineReader
from sitegen.crash.decode.slide import Slide
from sitegen.crash.decode.words import Said, rewritten
from sitegen.crash.symbols.values import Call, Decoded
from sitegen.model import LogEvidence


def decoded_text(text: str, evidence: LogEvidence) -> str:
    """`text` with every token decoded that the evidence knows; empty when it knows none."""
    known = _Known(evidence)
    if not known.places:
        return ""
    # Addresses are found by where they stand, so it does not matter what they are moved by.
    reader = LineReader(
        machine=evidence.arch, slide=lambda: Slide(0), dumps=lambda: Dumps(evidence.arch)
    )
    pieces = []
    *lines, last = text.encode("utf-8", "surrogatepass").split(b"\n")
    for number, raw in enumerate([*(line + b"\n" for line in lines), last], start=1):
        line = reader.read(raw)
        said = [Said(one.token, known.find(number, raw, one)) for one in line.asked]
        pieces += [line.before, rewritten(raw, line.frame, said), line.after]
    return b"".join([*pieces, reader.finish()]).decode("utf-8", "replace")


class _Known:
    """The decoded frames of the evidence."""

    def __init__(self, evidence: LogEvidence) -> None:
        self.places: dict[tuple[int, int], Decoded] = {}
        self._tokens: dict[tuple[str, int, int, str, str], Decoded] = {}
        for frame in evidence.frames():
            if not frame.calls or frame.line is None or frame.column is None:
                continue
            if frame.symbol and frame.offset is None:
                continue  # the log itself came decoded
            calls = tuple(
                Call(one.function, one.file, one.line, one.column, one.inlined)
                for one in frame.calls
            )
            decoded = Decoded(calls, frame.module or "vmlinux", "", 0, 0)
            self.places[frame.line, frame.column] = decoded
            token = frame.symbol, frame.offset or 0, frame.size or 0, frame.module
            self._tokens.setdefault((*token, frame.lookup or "return"), decoded)

    def find(self, number: int, line: bytes, asked: Asked) -> Decoded | None:
        """What the evidence says of a token of a line."""
        token, query = asked
        column = len(line[: token.start].decode("utf-8", "replace")) + 1
        found = self.places.get((number, column))
        if found is None and query.name:
            found = self._tokens.get((*query[:4], query.lookup))
        return found
