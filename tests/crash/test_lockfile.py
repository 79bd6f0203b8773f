import hashlib
import pickle

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from sitegen.crash import lockfile
from sitegen.diagnostics import Sink, as_text
from sitegen.model import (
    Call,
    ChainStep,
    Edge,
    Evidence,
    Excerpt,
    LogEvidence,
    ReportEvidence,
    Snippet,
    Table,
    Target,
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
        (b'{"schema": 1, "logs": [{"id": "\xed\xa0\x80", "sha256": "0"}]}', "not JSON: "),
        (b'{"schema": 1, "logs": [{"id": "a", "sha256": "\xff\xfe"}]}', "not JSON: "),
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


# --- The text of snippets ----------------------------------------------------------------------


def snippet_of(text, digest=None):
    digest = digest or hashlib.sha256(text.encode()).hexdigest()
    return Snippet(file="a.c", first=1, last=2, shown=((1, 2),), sha256=digest, text=text)


def with_texts(step, table, target, excerpt):
    edge = Edge(
        kind="indirect",
        tables=(Table(symbol="ops", snippet=table),),
        targets=(Target(function="g", tables=(Table(symbol="ops2", snippet=target),)),),
    )
    chain = (ChainStep(function="f", edge=edge, snippet=step),)
    report = ReportEvidence(title="panic in f", chain=chain)
    entry = LogEvidence(
        id="panic-1",
        sha256="00",
        reports=(report,),
        excerpts=(Excerpt(asked="a.c:1-2", snippet=excerpt),),
    )
    return Evidence(schema=1, logs=(entry,))


def read(path, evidence):
    path.write_bytes(lockfile.encode(evidence))
    sink = Sink()
    return lockfile.read_lock(path, path.name, sink), [as_text(one) for one in sink]


def test_text_that_is_what_its_digest_says_is_read(tmp_path):
    evidence = with_texts(*(snippet_of(f"{name}\n{name}\n") for name in "abcd"))
    assert read(tmp_path / "case.lock.json", evidence) == (evidence, [])
    assert len(list(lockfile.iter_snippets(evidence))) == 4


@pytest.mark.parametrize("place", range(4))
def test_text_that_was_changed_is_complained_about_and_not_shown(tmp_path, place):
    snippets = [snippet_of(f"{name}\n{name}\n") for name in "abcd"]
    forged, blank = list(snippets), list(snippets)
    forged[place] = replace(snippets[place], text="<script>\n\n")
    blank[place] = replace(snippets[place], text="")
    found, said = read(tmp_path / "case.lock.json", with_texts(*forged))
    assert found == with_texts(*blank)
    assert len(said) == 1
    assert said[0].startswith(
        "case.lock.json: error[S012]: the text at a.c:1 is not what its digest says"
    )


def test_text_that_was_changed_in_several_places_is_one_complaint(tmp_path):
    forged = with_texts(*(snippet_of("a\nb\n", "11") for _ in range(4)))
    found, said = read(tmp_path / "case.lock.json", forged)
    assert not any(one.text for one in lockfile.iter_snippets(found))
    assert ["at a.c:1 and in 3 other places is not" in one for one in said] == [True]


def test_text_that_was_left_out_needs_no_digest_to_agree(tmp_path):
    evidence = with_texts(*(snippet_of("", "11") for _ in range(4)))
    assert read(tmp_path / "case.lock.json", evidence) == (evidence, [])
