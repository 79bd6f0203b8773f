import pickle

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sitegen.crash import lockfile
from sitegen.diagnostics import Sink, as_text
from sitegen.model import (
    Call,
    ChainStep,
    Edge,
    Evidence,
    LogEvidence,
    ReportEvidence,
    Snippet,
    Table,
    Trace,
    TraceFrame,
)

FRAME = TraceFrame(
    line=18,
    column=3,
    symbol="vfs_write",
    offset=0,
    size=1184,
    reliable=True,
    lookup="return",
    calls=(Call(function="vfs_write", file="fs/read_write.c", line=582, column=9),),
)
EVIDENCE = Evidence(
    schema=1,
    logs=(
        LogEvidence(
            id="panic-1",
            sha256="00",
            reports=(
                ReportEvidence(
                    title="panic in f",
                    traces=(Trace(title="Call Trace", context="task", line=17, frames=(FRAME,)),),
                    chain=(
                        ChainStep(
                            function="f",
                            edge=Edge(kind="indirect", tables=(Table(symbol="ops", line=3),)),
                            snippet=Snippet(
                                file="a.c", first=1, last=9, shown=((1, 2), (9, 9)), sha256="11"
                            ),
                        ),
                    ),
                ),
            ),
        ),
    ),
)


def test_a_lock_comes_back_as_it_was():
    assert lockfile.decode(lockfile.encode(EVIDENCE)) == EVIDENCE


def test_the_canonical_form_has_one_item_a_line_and_no_empty_keys():
    text = lockfile.encode(EVIDENCE).decode()

    assert text.startswith('{\n  "schema": 1,\n  "logs": [\n    {\n      "id": "panic-1",\n')
    assert '"offset": 0' in text
    assert '"reliable": true' in text
    assert '{"function": "vfs_write", "file": "fs/read_write.c", "line": 582, "column": 9}' in text
    assert "module" not in text
    assert text.endswith("}\n")


def test_a_lock_that_was_read_is_written_as_it_was():
    once = lockfile.encode(EVIDENCE)

    assert lockfile.encode(lockfile.decode(once)) == once
    assert lockfile.encode(pickle.loads(pickle.dumps(EVIDENCE))) == once


_TEXT = st.text(max_size=20)


@given(st.lists(st.builds(LogEvidence, id=_TEXT, sha256=_TEXT, kernel=_TEXT), max_size=3))
def test_any_text_survives_the_round_trip(logs):
    evidence = Evidence(schema=1, logs=tuple(logs))

    assert lockfile.decode(lockfile.encode(evidence)) == evidence


def test_the_canonical_form_is_what_any_json_reader_reads():
    assert msgspec.json.decode(lockfile.encode(EVIDENCE)) == msgspec.json.decode(
        msgspec.json.encode(EVIDENCE)
    )


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "not JSON: input data was truncated"),
        (b"[1]", "not of the form of a lock: expected `object`, got `array`"),
        (b'{"schema": 2, "logs": []}', "its schema is 2, this sitegen reads 1"),
        (b'{"schema": 1, "logs": [{"id": 3}]}', "not of the form of a lock: "),
        (b'{"schema": 1, "x": ' + b"[" * 100_000, "not JSON: "),
        (b'{"schema": 1, "logs": [{"id": "\xff', "not JSON: "),
    ],
)
def test_a_lock_of_another_form_says_why(tmp_path, data, reason):
    path = tmp_path / "case.lock.json"
    path.write_bytes(data)
    sink = Sink()

    assert lockfile.read_lock(path, "case.lock.json", sink) is None
    (text,) = map(as_text, sink)
    assert text.startswith(f"case.lock.json: error[S008]: {reason}")


def test_no_lock_is_no_problem(tmp_path):
    sink = Sink()

    assert lockfile.read_lock(tmp_path / "case.lock.json", "case.lock.json", sink) is None
    assert sink.found() == ()


def test_unknown_keys_are_read_over():
    data = lockfile.encode(EVIDENCE).replace(b'"id":', b'"new": [1], "id":')

    assert lockfile.decode(data) == EVIDENCE
