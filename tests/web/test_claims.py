"""Claims: what is understood, what the evidence says to them, and that no text is too much for them.

Each file of tests/web/claims names a log with its lock, and below each claim what came of it.
`--update` rewrites the answers; review decides.
"""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from sitegen.crash.explain import explain_log
from sitegen.crash.lockfile import read_lock
from sitegen.crash.log import parse
from sitegen.diagnostics import Sink
from sitegen.model import Layout
from sitegen.web.claims import (
    KINDS,
    Facts,
    Fails,
    Holds,
    NotUnderstood,
    Unknown,
    check_claim,
    read_claim,
    split_log,
)
from sitegen.web.claims.words import LONGEST

ROOT = Path(__file__).parents[2]
FILES = sorted((Path(__file__).parent / "claims").glob("*.txt"))


def facts_of(log: str, lock: str) -> Facts:
    parsed = parse((ROOT / log).read_text())
    found = read_lock(ROOT / lock, lock, Sink())
    assert found is not None
    return Facts(parsed, found.logs[0], explain_log(parsed)[1])


def null() -> Facts:
    return facts_of("content/_kernel/logs/null.log", "content/cases/lamp-null.lock.json")


def verdict(text: str, facts: Facts) -> object:
    claim = read_claim(text)
    return claim if isinstance(claim, NotUnderstood) else check_claim(claim, facts)


def in_words(found: object) -> str:
    match found:
        case Holds(at, says):
            return f"holds, {' '.join(map(str, at))}: {says}"
        case Fails(expected, other, _, hint):
            return f"fails, expected {expected}, found {other}" + (f" ({hint})" if hint else "")
        case Unknown(reason, hint):
            return f"unknown, {reason}" + (f" ({hint})" if hint else "")
        case NotUnderstood(message, hint):
            return f"{message} ({hint})"
    raise AssertionError(found)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_the_evidence_answers_each_claim(path: Path, update: bool) -> None:
    text = path.read_text()
    log, lock, *lines = [line for line in text.split("\n") if line]
    facts = facts_of(log.removeprefix("LOG: "), lock.removeprefix("LOCK: "))
    claims = [line for line in lines if not line.startswith(" ")]

    answers = [f"{claim}\n    {in_words(verdict(claim, facts))}" for claim in claims]

    found = "\n".join([log, lock, "", *answers, ""])
    if update:
        path.write_text(found)
    assert found == text or update


def test_every_form_that_a_hint_names_is_understood() -> None:
    assert [kind.form for kind in KINDS if isinstance(read_claim(kind.form), NotUnderstood)] == []


def test_a_claim_names_its_log_behind_an_at() -> None:
    assert split_log("RDI == 0x6fc @ panic-2") == ("RDI == 0x6fc", "panic-2")
    assert split_log('log says "a @ b"') == ('log says "a @ b"', "")


# --- What cannot be told ----------------------------------------------------------------------


def test_a_register_that_the_dump_lacks_is_unknown_and_not_false() -> None:
    assert verdict("DR7 == 0x400", null()) == Unknown("the dump of line 12 has no register DR7")
    assert verdict("RDII == 0", null()) == Unknown(
        "the dump of line 12 has no register RDII", "did you mean 'RDI'?"
    )


def test_no_frame_is_claimed_of_a_trace_that_was_not_decoded() -> None:
    facts = facts_of("content/_kernel/logs/null.log", "content/cases/sysrq-6.2.0-rc2.lock.json")
    assert isinstance(verdict("no frame pde_write", facts), Unknown)
    assert isinstance(verdict("frame pde_write", facts), Unknown)


def test_a_log_without_a_report_knows_nothing() -> None:
    facts = null()
    bare = Facts(parse("nothing here\n"), replace(facts.evidence, reports=()))
    texts = [kind.form for kind in KINDS if kind.begins[:1] not in {("count",), ("line",)}]
    assert {type(verdict(text, bare)) for text in texts} == {Unknown}


# --- Members ----------------------------------------------------------------------------------


def with_layouts(*layouts: Layout) -> Facts:
    facts = null()
    return facts._replace(evidence=replace(facts.evidence, layouts=layouts))


def test_a_member_is_where_the_lock_says() -> None:
    facts = with_layouts(
        Layout(asked="struct file.f_op", offset=0x28, size=8, file="include/linux/fs.h", line=12)
    )
    for text in (
        "member struct file.f_op at 0x28",
        "member struct file.f_op at 40",
        "offset 0x28 of struct file is f_op",
    ):
        assert isinstance(verdict(text, facts), Holds)
    found = verdict("member struct file.f_op at 0x30", facts)
    assert isinstance(found, Fails)
    assert (found.expected, found.found) == ("struct file.f_op at 0x30", "0x28")


def test_structures_of_one_name_that_differ_are_told() -> None:
    facts = with_layouts(
        Layout(asked="struct lamp.bulb", offset=8, size=8, file="a.c", line=1),
        Layout(asked="struct lamp.bulb", offset=16, size=8, file="b.c", line=2),
    )
    assert verdict("member struct lamp.bulb at 8", facts) == Unknown(
        "types of the name 'struct lamp' differ: 0x8 (a.c:1), 0x10 (b.c:2)"
    )
    assert isinstance(verdict("member struct lamp.bulb at 0x20", facts), Fails)


def test_a_member_that_the_image_does_not_have_is_false() -> None:
    facts = with_layouts(
        Layout(asked="struct file.f_opp", missing="struct file has no member 'f_opp'")
    )
    found = verdict("member struct file.f_opp at 0x28", facts)
    assert isinstance(found, Fails)
    assert found.found == "struct file has no member 'f_opp'"


def test_a_bit_field_is_at_its_bit() -> None:
    facts = with_layouts(Layout(asked="struct page.locked", offset=4, size=1, bit=3, bits=1))
    assert isinstance(verdict("member struct page.locked at 4", facts), Holds)
    assert isinstance(verdict("member struct page.locked at 4:3", facts), Holds)
    assert isinstance(verdict("member struct page.locked at 4:2", facts), Fails)


# --- Hostile texts ----------------------------------------------------------------------------

HOSTILE = (
    "",
    " ",
    '"',
    '"' * LONGEST,
    "->" * (LONGEST // 2),
    "-" * LONGEST,
    "=" * LONGEST,
    "a" * (LONGEST + 1),
    "a " * 10_000_000,
    "frame " + "(" * 300,
    "frame " + "a." * 150,
    "member struct a" + "[0]" * 100 + " at 0",
    "member struct a" + ".a" * 100 + " at 0",
    f"member struct a.b[{'9' * 100}] at 0",
    f"RAX == 0x{'f' * 300}",
    f"RAX == {'9' * 300}",
    "RAX == ٣",
    "RAX == ²",
    "line ² says x",
    "line 99999999999999999999 says x",
    "RAX in 0x5..",
    "RAX in ..",
    "\N{FULLWIDTH LATIN CAPITAL LETTER R} == 1",
    "frame \N{RIGHT-TO-LEFT OVERRIDE}x",
    "frame <script>alert(1)</script>",
    "kernel " + "6" * 300,
    "tainted " + "G" * 300,
    "\0",
    "user user user",
    "no no no",
    "edge a -> b is",
    "edge a -> b is is is is",
    "a calls",
    "offset of is",
    "sizeof ==",
    "frame f+",
    "frame f+0x",
    "frame f at :",
    "frame f at a:1:2",
)


@pytest.mark.parametrize(
    "text", ["frame at 0x8", "frame vfs_write is wrong", "frame vfs_write inlined"]
)
def test_a_claim_about_a_frame_is_read_as_no_other(text: str) -> None:
    found = read_claim(text)
    assert isinstance(found, NotUnderstood)
    assert "write it as 'frame " in found.hint


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_no_text_is_too_much(text: str) -> None:
    in_words(verdict(text, null()))


FACTS = null()
WORDS = st.sampled_from(
    sorted(
        {word for kind in KINDS for word in kind.form.split()} | {"no", "user", "not", "==", '"'}
    )
)


@settings(deadline=None)
@given(st.lists(st.one_of(WORDS, st.text(max_size=8)), max_size=10).map(" ".join))
def test_words_in_any_order_are_answered(text: str) -> None:
    in_words(verdict(text, FACTS))
