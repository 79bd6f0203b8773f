"""What holds for every text whatever: nothing raises, spans point back, sections cover, time is linear."""

import random
import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sitegen.crash.log import decode_bytes, parse
from sitegen.model import CrashLog, Frame, Report, Span
from tests.crash.log.golden import FOLDER, paths, read_golden, texts

# Pieces of which kernels make lines; in any order they are nonsense that must be survived.
PIECES = (
    *("BUG: ", "WARNING: ", "INFO: ", "Kernel panic - not syncing: ", "kernel BUG at ", "KASAN: "),
    *("Call Trace:", " <TASK>", "</IRQ>", "? ", "f+0x1/0x2", " [m(OE)]", "[<ffffffff81000000>] "),
    *(
        "RIP: 0010:",
        "pc : ",
        "lr : ",
        "x0 : ",
        "RAX: 0000000000000000",
        "Code: ",
        "<0f> ",
        "(d503201f)",
    ),
    *("Modules linked in: ", "a(O) b", "CPU: 1 PID: 2 Comm: x ", "Tainted: G ", "6.1.0 #1"),
    *("[    1.000000] ", "[    1.000000][    T1] ", "[    1.000000][    C0] ", "<4>", "> ", "    "),
    *(
        "---[ end trace 0 ]---",
        "------------[ cut here ]------------",
        " (fs/a.c:12)",
        " fs/a.c:12 [inline]",
    ),
    *(
        "\n",
        "\r\n",
        "\x1b[31m",
        "\x00",
        "\ufffd",
        " in ",
        " at ",
        "[#1]",
        "_RNvC1a1b",
        "_ZN1aE",
        ")",
        "(",
    ),
    *('{"MESSAGE":"', '"}', "\\n", "\\u00e4", "\\ud83d", '"MESSAGE" : [', "98, ", "]", "\x1e"),
    *("__CURSOR=s=0\n", "MESSAGE=", "MESSAGE\n", "PRIORITY=4", "4,1,2,-,ncfrag=0/9;", "\\x0a"),
)
PASTED = st.lists(st.one_of(st.sampled_from(PIECES), st.text(max_size=5)), max_size=60).map("".join)


def frames_of(report: Report) -> list[Frame]:
    frames = [frame for trace in report.traces for frame in trace.frames]
    for state in report.states:
        frames += [frame for frame in (state.pc, state.lr) if frame is not None]
    return frames


def piece(log: CrashLog, span: Span) -> str:
    assert 1 <= span.line <= len(log.lines)
    line = log.lines[span.line - 1]
    assert 1 <= span.column <= span.end <= len(line) + 1
    return line[span.column - 1 : span.end - 1]


def unwrapped(token: str) -> str:
    """What stood in a journal's array of bytes, or on both sides of a header of netconsole."""
    if re.fullmatch(r"\d{1,3}(?:, ?\d{1,3})*", token):
        return bytes(int(one) for one in token.split(",")).decode()
    return re.sub(r"6\.4\.0,4,\d+,\d+,-,ncfrag=\d+/\d+;", "", token)


def check_spans(log: CrashLog) -> None:
    for record in log.records:
        shown = piece(log, record.at)
        line = log.lines[record.at.line - 1]
        if "\x1b" not in line and record.text in line:  # else something stands within it
            assert shown == record.text
    for report in log.reports:
        piece(log, report.headline)
        for frame in frames_of(report):
            token = piece(log, frame.at)
            if frame.symbol is None or "\x1b" in token:
                continue
            symbol = frame.symbol
            printed = (
                f"{symbol.name}+{symbol.offset:#x}/{symbol.size:#x}" if symbol.size else symbol.name
            )
            if (plain := unwrapped(token)) != token:
                assert printed.startswith(plain[: len(printed)])
                continue
            # Of a token that a terminal cut in two only the beginning can be pointed at.
            whole = frame.at.end <= len(log.lines[frame.at.line - 1])
            assert token.startswith(printed) if whole else printed.startswith(token[: len(printed)])
        for trace in report.traces:
            piece(log, trace.at)
        for state in report.states:
            for register in state.registers:
                assert piece(log, register.at)
            if state.code is not None:
                assert piece(log, state.code.at)


def check_sections(log: CrashLog) -> None:
    for report in log.reports:
        assert 1 <= report.first <= report.headline.line <= report.last <= len(log.lines)
        covered = [n for one in report.sections for n in range(one.first, one.last + 1)]
        assert covered == list(range(report.first, report.last + 1))
        for frame in frames_of(report):
            assert report.first <= frame.at.line <= report.last


def check(text: str) -> CrashLog:
    log = parse(text)
    check_spans(log)
    check_sections(log)
    return log


@given(PASTED)
@settings(deadline=None, max_examples=300)
def test_no_text_pasted_from_kernel_words_raises(text: str) -> None:
    check(text)


@given(st.binary(max_size=300))
@settings(deadline=None)
def test_no_bytes_raise(data: bytes) -> None:
    check(decode_bytes(data))


@pytest.mark.parametrize("path", paths(), ids=lambda path: str(path.relative_to(FOLDER)))
def test_laws_hold_for_a_golden_log_whole_and_cut(path: Path) -> None:
    text = read_golden(path).text
    assert check(text) == parse(text)
    lines = text.split("\n")
    for end in range(1, len(lines), max(1, len(lines) // 3)):
        check("\n".join(lines[:end]))
        check("\n".join(lines[end:]))
        check("\n".join(lines[:end])[:-7])


@given(st.data())
@settings(deadline=None, max_examples=60)
def test_laws_hold_for_golden_logs_that_were_shuffled_mixed_and_damaged(
    data: st.DataObject,
) -> None:
    known = list(texts())
    chance = random.Random(data.draw(st.integers(0, 2**32)))
    one, two = chance.choice(known), chance.choice(known)
    lines = one.split("\n") + two.split("\n")
    match chance.randrange(3):
        case 0:
            chance.shuffle(lines)
        case 1:
            lines = sorted(lines, key=lambda line: (chance.random() < 0.3, line[:14]))
        case _:
            lines = [
                line.replace(chance.choice(line), chance.choice("\x00\x1b[]<>+/: ?\ufffd"))
                if line and chance.random() < 0.5
                else line
                for line in lines
            ]
    check("\n".join(lines))


def test_lines_of_two_cpus_that_alternate_are_told_apart_by_their_callers() -> None:
    text = read_golden(FOLDER / "x86_64/form-no-time.txt").text
    one = [f"[    1.000000][   C0] {line}" for line in text.split("\n")]
    two = [f"[    1.000000][   C1] {line.replace('widget', 'gadget')}" for line in text.split("\n")]
    log = check("\n".join(line for pair in zip(one, two, strict=True) for line in pair))
    assert [report.title for report in log.reports] == [
        "BUG: unable to handle kernel NULL pointer dereference in widget_set",
        "BUG: unable to handle kernel NULL pointer dereference in gadget_set",
    ]
    names = [[f.symbol.name for f in r.traces[0].frames if f.symbol] for r in log.reports]
    assert names[0][0] == "widget_ioctl"
    assert names[1] == [name.replace("widget", "gadget") for name in names[0]]
