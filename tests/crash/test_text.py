"""The decoded text that pages offer: from the evidence alone, the words that an image gives."""

from collections import Counter
from pathlib import Path

import pytest

from sitegen.crash.analyse import analyse
from sitegen.crash.decode import Decoder
from sitegen.crash.decode.dumps import Dumps
from sitegen.crash.decode.lines import LineReader
from sitegen.crash.decode.slide import Slide
from sitegen.crash.log import decode_bytes, parse
from sitegen.crash.symbols.symbolizer import Symbolizer
from sitegen.crash.text import decoded_text
from sitegen.model import Call, LogEvidence, Provenance, ReportEvidence, Trace, TraceFrame
from tests.crash.log.golden import FOLDER, read_golden
from tests.crash.symbols.conftest import corpus, kernels

__all__ = ["corpus", "kernels"]


def evidence(
    *frames: TraceFrame, arch: str = "x86_64", pc: TraceFrame | None = None
) -> LogEvidence:
    report = ReportEvidence(
        title="",
        type="",
        kind="",
        label="",
        pc=pc,
        traces=(Trace(title="", context="task", line=1, frames=frames),),
        chain=(),
    )
    return LogEvidence(
        id="panic-1", sha256="", kernel="", arch=arch, provenance=Provenance(), reports=(report,)
    )


def frame(line: int, column: int, where: int, **more: object) -> TraceFrame:
    """`f+0x4/0x10` at a place, decoded to a line of a.c."""
    known = {"symbol": "f", "offset": 4, "size": 16, "lookup": "return"} | more
    call = Call(str(known["symbol"]) or "f", "a.c", where)
    return TraceFrame(line=line, column=column, reliable=True, calls=(call,), **known)


def test_frames_of_one_symbol_are_told_apart_by_where_they_stand() -> None:
    text = " f+0x4/0x10\nplain\n f+0x4/0x10\n"
    known = evidence(frame(1, 2, 7, lookup="exact"), frame(3, 2, 8))
    assert decoded_text(text, known) == "f (a.c:7)\nplain\nf (a.c:8)\n"


def test_a_symbol_that_the_log_repeats_elsewhere_is_decoded_there_too() -> None:
    text = "BUG: bad in f+0x4/0x10 here\n f+0x4/0x10\n"
    assert decoded_text(text, evidence(frame(2, 2, 7))) == "BUG: bad in f (a.c:7) here\nf (a.c:7)\n"


def test_another_lookup_of_the_symbol_is_not_taken_for_it() -> None:
    text = "RIP: 0010:f+0x4/0x10\n f+0x4/0x10\n"
    assert decoded_text(text, evidence(frame(2, 2, 7))) == "RIP: 0010:f+0x4/0x10\nf (a.c:7)\n"


def test_columns_count_characters() -> None:
    text = "héé RIP: 0010:f+0x4/0x10 é\n"
    known = evidence(pc=frame(1, 15, 7, lookup="exact"))
    assert decoded_text(text, known) == "héé RIP: 0010:f (a.c:7) é\n"


def test_bare_addresses_are_decoded_where_they_stand() -> None:
    text = " 0xffffffff9f000abc\n 0xffffffff9f000abd\n"
    known = evidence(frame(1, 2, 7, symbol="", offset=None, size=None, address=0xFFFFFFFF9F000ABC))
    assert decoded_text(text, known) == ("0xffffffff9f000abc = f (a.c:7)\n 0xffffffff9f000abd\n")


def test_instructions_stand_below_code_lines() -> None:
    text = " f+0x4/0x10\nCode: 90 90 90 <8b> 40 28\n"
    assert "mov    0x28(%rax),%eax\t\t<-- trapping" in decoded_text(text, evidence(frame(1, 2, 7)))


@pytest.mark.parametrize("known", [evidence(), evidence(frame(1, 2, 7, offset=None))])
def test_where_nothing_is_known_there_is_no_text(known: LogEvidence) -> None:
    assert decoded_text(" f+0x4/0x10\n", known) == ""


@pytest.mark.parametrize("text", ["", "\r", "\n\n", "no end", "\ud800 f+0x4/0x10\n", " f+0x4/0x10"])
def test_any_text_is_taken(text: str) -> None:
    assert decoded_text(text, evidence(frame(1, 2, 7))).count("\n") == text.count("\n")


def lookups(text: str, arch: str) -> dict[tuple[int, int], str]:
    """How the streaming decoder looks up each token, by line and column."""
    reader = LineReader(machine=arch)
    found = {}
    for number, line in enumerate(text.encode("utf-8", "replace").split(b"\n"), 1):
        for token, query in reader.read(line + b"\n").asked:
            column = len(line[: token.start].decode("utf-8", "replace")) + 1
            found[number, column] = query.lookup
    return found


def asked_by_parser(text: str) -> tuple[dict[tuple[int, int], str], str]:
    """How the log parser says that each frame with a size is to be looked up."""
    log = parse(text)
    frames = [
        frame
        for report in log.reports
        for frame in (
            *(place for state in report.states for place in (state.pc, state.lr) if place),
            *(frame for trace in report.traces for frame in trace.frames),
        )
        if frame.symbol and frame.symbol.size
    ]
    return {(one.at.line, one.at.column): one.lookup for one in frames}, log.arch


@pytest.mark.parametrize("path", sorted(FOLDER.rglob("*.txt")), ids=lambda path: path.stem)
def test_the_stream_looks_frames_up_as_the_parser_says(path: Path) -> None:
    """But for frames that consoles cut in two, which it does not put together."""
    text = read_golden(path).text
    expected, arch = asked_by_parser(text)
    found = lookups(text, arch)
    seen = expected.keys() & found.keys()
    assert {place: found[place] for place in seen} == {place: expected[place] for place in seen}
    assert len(seen) >= len(expected) // 2


def test_the_stream_looks_frames_of_the_corpus_up_as_the_parser_says(corpus: Path) -> None:
    frames = 0
    for path in sorted((corpus / "logs").glob("*.log")):
        text = decode_bytes(path.read_bytes())
        expected, arch = asked_by_parser(text)
        found = lookups(text, arch)
        assert {place: found.get(place) for place in expected} == expected, path.name
        frames += len(expected)
    assert frames > 2500


# Lines of a third of the corpus that are in no report, which the evidence knows nothing of.
ELSEWHERE = {"x86-dup-name-show.log": 1}  # what a driver took too long for


@pytest.mark.kernel
def test_the_text_without_an_image_is_the_text_with_it(kernels: Path, corpus: Path) -> None:
    modules = [corpus / "modules" / "amd64", kernels / "amd64" / "modules"]
    left: Counter[str] = Counter()
    lines = 0
    with Symbolizer(kernels / "amd64" / "vmlinux", modules) as symbolizer:
        for path in sorted((corpus / "logs").glob("x86-*.log"))[::3]:
            text = decode_bytes(path.read_bytes())
            log = parse(text)
            known = analyse(log, id="panic-1", sha256="", symbolizer=symbolizer)
            decoder = Decoder(
                symbolizer.decode,
                machine="x86_64",
                slide=lambda log=log: Slide(log.slide),
                dumps=lambda: Dumps("x86_64"),
            )
            data = text.encode("utf-8", "surrogatepass")
            expected = (decoder.feed(data) + decoder.finish()).decode("utf-8", "replace")
            found = decoded_text(text, known)
            assert found.count("\n") == expected.count("\n")
            for ours, theirs in zip(found.split("\n"), expected.split("\n"), strict=True):
                lines += " (" in theirs
                if ours != theirs:
                    assert "+0x" in ours, path.name
                    left[path.name] += 1
    assert left == ELSEWHERE
    assert lines > 2500
