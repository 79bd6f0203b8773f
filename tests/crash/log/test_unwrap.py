"""A console that is one string of JSON, as lines."""

import json

import pytest

from sitegen.crash.log import parse, unwrap
from sitegen.crash.log.wrapped.json_text import LONGEST
from tests.crash.log.golden import paths, read_golden

CONSOLE = '[    1.0] BUG: one\t\u00e9\r\n[    1.1]  two "quoted"\n'


@pytest.mark.parametrize("indent", [None, 4])
@pytest.mark.parametrize("name", ["Output", "message", "log"])
def test_a_console_in_a_string_is_its_lines(name: str, indent: int | None) -> None:
    text = json.dumps({"InstanceId": "i-0", name: CONSOLE, "Timestamp": "2023"}, indent=indent)
    assert unwrap(text) == CONSOLE
    assert unwrap(f"{text}\n") == CONSOLE


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        CONSOLE,
        json.dumps({"log": "one line\n"}),
        json.dumps({"log": CONSOLE}) + "\n" + json.dumps({"log": CONSOLE}),
        json.dumps({"other": CONSOLE}),
        json.dumps({"MESSAGE": [98, 10, 98]}),
        "[    1.0] {" + json.dumps({"log": CONSOLE}),
        "{" + "\n" * 1000 + json.dumps({"log": CONSOLE}),
        '{"log": "\\u',
    ],
    ids=range(10),
)
def test_any_other_text_stays_what_it_is(text: str) -> None:
    assert unwrap(text) == text


def test_what_is_longer_than_is_read_is_cut() -> None:
    assert len(unwrap(json.dumps({"log": "x\n" * LONGEST}))) <= LONGEST


def test_every_log_is_read_alike_from_a_string() -> None:
    for path in paths():
        text = read_golden(path).text
        if not text.startswith("{") and text.count("\n") > 1 and len(text) < LONGEST // 2:
            assert parse(unwrap(json.dumps({"Output": text}))) == parse(text), path.name
