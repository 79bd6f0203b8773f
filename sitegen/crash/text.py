"""A log and what was found in it -> the log's text, decoded. Needs no image.

The same words as `sitegen decode` prints, taken from the evidence.
"""

from collections.abc import Iterator, Sequence

from sitegen.crash.decode import Decoder
from sitegen.crash.symbols.values import Call, Decoded, Query, Undecoded
from sitegen.model import LogEvidence, TraceFrame

_Key = tuple[str, int, int, str]


def decoded_text(text: str, evidence: LogEvidence) -> str:
    """`text` with every token decoded that the evidence knows; empty when it knows none."""
    known: dict[_Key, dict[str, Decoded]] = {}
    for frame in _frames(evidence):
        for key, lookup, found in _answers(frame):
            known.setdefault(key, {}).setdefault(lookup, found)
    if not known:
        return ""

    def answer(queries: Sequence[Query]) -> list[Decoded | Undecoded]:
        return [_answer(known.get(_key(query), {}), query.lookup) for query in queries]

    decoder = Decoder(answer)
    data = text.encode("utf-8", "surrogatepass")
    return (decoder.feed(data) + decoder.finish()).decode("utf-8", "replace")


def _answer(found: dict[str, Decoded], lookup: str) -> Decoded | Undecoded:
    """The evidence's own lookup counts: it was chosen with the whole log in sight."""
    return found.get(lookup) or next(iter(found.values()), None) or _UNKNOWN


_UNKNOWN = Undecoded("not in the evidence")


def _key(query: Query) -> _Key:
    return query.name, query.offset, query.size, query.module


def _frames(evidence: LogEvidence) -> Iterator[TraceFrame]:
    for report in evidence.reports:
        yield from (frame for frame in (report.pc, report.lr) if frame is not None)
        for trace in report.traces:
            yield from trace.frames


def _answers(frame: TraceFrame) -> Iterator[tuple[_Key, str, Decoded]]:
    if not frame.calls or frame.offset is None or frame.size is None:
        return
    calls = tuple(
        Call(call.function, call.file, call.line, call.column, call.inlined) for call in frame.calls
    )
    decoded = Decoded(calls, frame.module or "vmlinux", "", 0, 0)
    yield (frame.symbol, frame.offset, frame.size, frame.module), frame.lookup or "return", decoded
