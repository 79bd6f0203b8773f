"""Logs and evidence as they may be published: they say the same of the crash."""

import re
from pathlib import Path

import pytest

from sitegen.build.editor import Editor
from sitegen.crash.explain import explain_log
from sitegen.crash.log import parse
from sitegen.crash.similar import fingerprint
from sitegen.model import CrashLog
from sitegen.redact.classes import CLASSES
from sitegen.redact.names import Names
from sitegen.redact.redactor import Redactor
from sitegen.redact.rules import Rules

ROOT = Path(__file__).parents[2]
OURS = sorted((ROOT / "content").rglob("*.log"))
CORPUS = sorted((ROOT.parent / "shared/corpus/qemu/logs").glob("*.log"))

_ADDRESS = re.compile("0x[0-9a-f]{11,16}")


def redacted(text: str) -> str:
    rules = Rules(classes=tuple(CLASSES), pointers=True)
    return Editor(Redactor(rules, Names()), [text], [parse(text).arch]).text(text)


def said(log: CrashLog) -> list[object]:
    """What a log says, but for values and columns."""
    return [
        (
            *(report.title, report.kind, report.type, report.corrupted, report.task),
            *(report.release, report.taint, report.hardware, report.modules, report.sections),
            [
                (trace.at.line, frame.at.line, frame.symbol, frame.reliable, frame.lookup)
                for trace in report.traces
                for frame in trace.frames
            ],
            [
                (
                    state.pc and state.pc.symbol,
                    state.code and (state.code.data, state.code.mark),
                    [(one.name, one.value & 0xFFF, not one.value) for one in state.registers],
                )
                for state in report.states
            ],
            report.fault_address is not None and report.fault_address & 0xFFF,
        )
        for report in log.reports
    ]


@pytest.mark.parametrize("path", [*OURS, *CORPUS], ids=lambda path: path.stem)
def test_a_redacted_log_says_the_same(path):
    text = path.read_bytes().decode("utf-8", "replace")
    shown = redacted(text)

    before, after = parse(text), parse(shown)
    assert said(after) == said(before)
    assert fingerprint(after) == fingerprint(before)
    assert shown.count("\n") == text.count("\n")


@pytest.mark.parametrize("path", [*OURS, *CORPUS], ids=lambda path: path.stem)
def test_nothing_is_explained_of_a_redacted_log_that_was_not_before(path):
    """Near addresses stay near and patterns patterns; what KASLR moved is not known any more."""
    text = path.read_bytes().decode("utf-8", "replace")
    before, after = (
        {
            (one.at.line, _ADDRESS.sub("ADDRESS", one.brief))
            for one in explain_log(parse(log))[0]
            if one.brief
        }
        for log in (text, redacted(text))
    )

    assert after <= before


def test_without_shared_logs_there_are_our_own():
    assert len(OURS) > 3
