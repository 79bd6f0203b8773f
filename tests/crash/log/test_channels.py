"""One crash by whichever way it comes is the same crash."""

import random
import re
from functools import cache
from pathlib import Path

import pytest

from sitegen.crash.log import decode_bytes, parse
from sitegen.model import CrashLog, Report
from tests.crash.log.channels import CHANNELS, Records, before
from tests.crash.log.golden import FOLDER, read_golden
from tests.crash.log.test_laws import check, check_sections, unwrapped

LOGS = (
    *("x86_64/null-read.txt", "x86_64/kasan-uaf.txt", "x86_64/lockdep-circular.txt"),
    *("arm64/warn.txt", "arm64/oops-no-panic.txt", "riscv/null-deref.txt"),
)


@cache
def records_of(name: str) -> Records:
    """The lines of a golden log that has one report, without what stood before them."""
    log = parse(read_golden(Path(FOLDER / name)).text)
    return tuple(
        (12_000_000 + index * 1_234, record.text) for index, record in enumerate(log.records)
    )


def told(report: Report) -> dict[str, object]:
    """All that a report says, but for where it stands."""
    return {
        "title": report.title,
        "alt_titles": report.alt_titles,
        "corrupted": report.corrupted,
        "kind": report.kind,
        "message": report.message,
        "panicked": report.panicked,
        "task": report.task,
        "taint": report.taint,
        "release": report.release,
        "hardware": report.hardware,
        "address": report.fault_address,
        "modules": report.modules,
        "traces": [
            (
                trace.title,
                trace.context,
                [(f.symbol, f.address, f.reliable, f.lookup) for f in trace.frames],
            )
            for trace in report.traces
        ],
        "states": [
            (
                state.user,
                state.pc and state.pc.symbol,
                state.lr and state.lr.symbol,
                [(one.name, one.value) for one in state.registers],
                state.code and (state.code.data, state.code.mark),
            )
            for state in report.states
        ],
    }


@cache
def plain(name: str) -> list[dict[str, object]]:
    return [told(report) for report in parse(before("")(records_of(name)).decode()).reports]


@pytest.mark.parametrize("name", LOGS)
@pytest.mark.parametrize("channel", CHANNELS)
def test_a_log_says_the_same_by_whichever_way_it_comes(channel: str, name: str) -> None:
    log = check(decode_bytes(CHANNELS[channel](records_of(name))))
    assert [told(report) for report in log.reports] == plain(name)
    check_registers(log)


@pytest.mark.parametrize("channel", CHANNELS)
def test_a_log_that_was_damaged_on_its_way_is_survived(channel: str) -> None:
    chance = random.Random(channel)
    data = CHANNELS[channel](records_of("x86_64/lockdep-circular.txt"))
    damaged = bytearray(data)
    for _ in range(20):
        damaged[chance.randrange(len(data))] = chance.choice(b'"\\,:[]{}\n0 9u\x00\xff;=')
    lines = data.split(b"\n")
    chance.shuffle(lines)
    half = chance.randrange(len(data))
    for broken in (bytes(damaged), b"\n".join(lines), data[:half], data[half:]):
        check_sections(parse(decode_bytes(broken)))


def check_registers(log: CrashLog) -> None:
    """What a register's place shows is its name and value."""
    for report in log.reports:
        for register in (one for state in report.states for one in state.registers):
            line = log.lines[register.at.line - 1]
            shown = unwrapped(line[register.at.column - 1 : register.at.end - 1])
            if register.at.end <= len(line) and len(shown) > 1:  # of one that was cut its beginning
                assert re.search(rf"{register.value:x}\b", shown, re.IGNORECASE), shown
