"""Claims: what is understood, what the evidence says to them, and that no text is too much for them.

Each file of tests/web/claims names a log with its lock, and below each claim what came of it.
`--update` rewrites the answers; review decides.
"""

from pathlib import Path
from typing import get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from sitegen.crash.arch import register_names
from sitegen.crash.explain import explain_log
from sitegen.crash.lockfile import read_lock
from sitegen.crash.log import parse
from sitegen.diagnostics import Sink
from sitegen.model import (
    Call,
    ChainStep,
    Edge,
    EdgeKind,
    Handover,
    ImageId,
    Layout,
    Module,
    ReportEvidence,
    Table,
    Trace,
    TraceFrame,
)
from sitegen.web.claims import (
    KINDS,
    AtLine,
    AtStep,
    Facts,
    Fails,
    Holds,
    NotUnderstood,
    Unknown,
    check_claim,
    read_claim,
    split_log,
)
from sitegen.web.claims.chain import EDGE_KINDS
from sitegen.web.claims.values import Claim, EdgeClaim
from sitegen.web.claims.words import LONGEST, words_of

ROOT = Path(__file__).parents[2]
FILES = sorted((Path(__file__).parent / "claims").glob("*.txt"))


def facts_of(log: str, lock: str) -> Facts:
    parsed = parse((ROOT / log).read_text())
    found = read_lock(ROOT / lock, lock, Sink())
    assert found is not None
    registers = register_names(found.logs[0].arch)
    return Facts(parsed, found.logs[0], explain_log(parsed)[1], registers)


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
    forms = [form for kind in KINDS for form in kind.forms]
    assert [form for form in forms if isinstance(read_claim(form), NotUnderstood)] == []


def test_each_word_that_a_form_may_begin_with_has_an_example() -> None:
    for kind in KINDS:
        read = {type(kind.read(words_of(form))) for form in kind.forms}
        assert type(None) not in read
        for word in kind.begins:
            assert any(f"{form} ".startswith(f"{word} ") for form in kind.forms), word


def test_every_sort_of_claim_has_an_example() -> None:
    shown = {type(read_claim(form)) for kind in KINDS for form in kind.forms}
    assert shown == set(get_args(Claim))


@pytest.mark.parametrize("kind", EDGE_KINDS)
def test_each_way_of_a_call_is_understood(kind: str) -> None:
    claim = read_claim(f"edge a -> b is {kind}")
    assert isinstance(claim, EdgeClaim)
    assert claim.kind == EDGE_KINDS[kind]


def test_a_claim_names_its_log_behind_an_at() -> None:
    assert split_log("RDI == 0x6fc @ panic-2") == ("RDI == 0x6fc", "panic-2")
    assert split_log('log says "a @ b"') == ('log says "a @ b"', "")


# --- What cannot be told ----------------------------------------------------------------------


def test_a_register_that_the_dump_lacks_is_unknown_and_not_false() -> None:
    assert verdict("DR7 == 0x400", null()) == Unknown("the dump of line 12 has no register DR7")
    # Of a processor that nobody has a table of, the name may be one.
    unknown = null()._replace(registers=())
    assert verdict("RDII == 0", unknown) == Unknown("the dump of line 12 has no register RDII")


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("RDII == 0", "RDI"),
        ("RPI == 5", "RIP"),
        ("rpi == 5", "rip"),
        ("user RXA == 5", "RAX"),
        ("frmaes == 6", "frames"),
        ("Frmaes == 6", "frames"),
    ],
)
def test_what_is_no_register_of_the_processor_is_not_understood(text: str, meant: str) -> None:
    found = verdict(text, null())
    assert isinstance(found, NotUnderstood)
    assert "is no register that logs of x86_64 print" in found.message
    assert found.hint == f"did you mean '{meant}'?"
    # Not even where no registers are printed at all.
    facts = null()
    silent = facts._replace(log=parse("nothing here\n"))
    assert isinstance(verdict(text, silent), NotUnderstood)


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("kidn gpf", "kind gpf"),
        ("sycall openat", "syscall openat"),
        ("frmae do_exit at kernel/exit.c:3", "frame do_exit at kernel/exit.c:3"),
        ("noframe kfree", "no frame kfree"),
        ("syscal", "syscall write"),
    ],
)
def test_a_hint_keeps_the_words_of_the_author(text: str, meant: str) -> None:
    found = read_claim(text)
    assert isinstance(found, NotUnderstood)
    assert found.hint == f"did you mean '{meant}'?"


def test_no_frame_is_claimed_of_a_trace_that_was_not_decoded() -> None:
    facts = facts_of("content/_kernel/logs/null.log", "content/cases/sysrq-6.2.0-rc2.lock.json")
    assert isinstance(verdict("no frame pde_write", facts), Unknown)
    assert isinstance(verdict("frame pde_write", facts), Unknown)


def test_a_log_without_a_report_knows_nothing() -> None:
    facts = null()
    bare = Facts(parse("nothing here\n"), replace(facts.evidence, reports=()))
    texts = [kind.form for kind in KINDS if kind.begins[:1] not in {("count",), ("line",)}]
    assert {type(verdict(text, bare)) for text in texts} == {Unknown}


def chain_of(*steps: ChainStep, **more: object) -> Facts:
    """The facts of a report with this chain; its trace is the chain's functions."""
    facts = null()
    frames = tuple(
        TraceFrame(symbol=one.function, line=20 - index, reliable=True, calls=(Call(one.function),))
        for index, one in enumerate(reversed(steps))
    )
    found = ReportEvidence(title="x", chain=steps, traces=(Trace("", "task", 1, frames),))
    found = replace(found, **more)
    return facts._replace(evidence=replace(facts.evidence, reports=(found,)))


def step(name: str, kind: EdgeKind = "direct", **edge: object) -> ChainStep:
    return ChainStep(name, file="a.c", line=1, edge=replace(Edge(kind=kind), **edge))


FIRST = step("entry_SYSCALL_64", "entry")
FOPS = (Table("lamp_fops", type="file_operations"), Table("lamp_proc_ops", type="proc_ops"))


@pytest.mark.parametrize(
    ("edge", "claim", "reason"),
    [
        (
            {"pointer": "file->f_op->write", "note": "set at run time"},
            "through file_operations.write",
            "which slot is not known: it called file->f_op->write",
        ),
        (
            {"pointer": "fn"},
            "through file_operations.write",
            "which slot is not known: it called fn",
        ),
        ({"tables": FOPS}, "through file_operations.write", "which slot is not known"),
        ({"tables": FOPS}, "by lamp_fops", "the trace cannot tell 2 tables apart"),
        ({"note": "set at run time"}, "by lamp_fops", "which table is not known: set at run time"),
        ({"tables": FOPS, "handed": (Handover(),)}, "by other_fops", "which table is not known"),
        (
            {"slot": "file_operations.write", "unproved": True},
            "through proc_ops.proc_write",
            "that this function was called is not proved",
        ),
        ({"unproved": True, "tables": FOPS}, "by x", "that this function was called is not proved"),
        ({"unproved": True}, "is indirect", "that this function was called is not proved"),
    ],
)
def test_what_is_not_known_of_a_call_makes_no_claim_false(edge, claim, reason) -> None:
    facts = chain_of(FIRST, step("vfs_write"), step("lamp_write", "indirect", **edge))
    for form in ("edge vfs_write -> lamp_write", "vfs_write calls lamp_write"):
        assert verdict(f"{form} {claim}", facts) == Unknown(reason)


@pytest.mark.parametrize(
    ("edge", "claim", "found"),
    [
        ({"pointer": "file->f_op->write"}, "through file_operations.read", "file->f_op->write"),
        ({"slot": "file_operations.write"}, "through proc_ops.proc_write", "file_operations.write"),
        ({"tables": FOPS[:1]}, "by other_fops", "by lamp_fops"),
        ({}, "is direct", "an indirect call"),
    ],
)
def test_what_is_known_of_a_call_still_makes_a_claim_false(edge, claim, found) -> None:
    facts = chain_of(FIRST, step("vfs_write"), step("lamp_write", "indirect", **edge))
    answer = verdict(f"edge vfs_write -> lamp_write {claim}", facts)
    assert isinstance(answer, Fails)
    assert answer.found.removeprefix("through ") == found


def test_a_direct_call_goes_through_nothing() -> None:
    facts = chain_of(FIRST, step("vfs_write"), step("lamp_write"))
    for words in ("through file_operations.write", "through struct file_operations.write", "by x"):
        answer = verdict(f"edge vfs_write -> lamp_write {words}", facts)
        assert isinstance(answer, Fails)
        assert answer.found == "a direct call"


def test_a_tail_call_through_a_pointer_is_both() -> None:
    edge = {"indirect": True, "slot": "file_operations.write"}
    facts = chain_of(FIRST, step("vfs_write"), step("lamp_write", "tail", **edge))
    for claim in ("is tail", "is indirect", "through struct file_operations.write"):
        answer = verdict(f"edge vfs_write -> lamp_write {claim}", facts)
        assert isinstance(answer, Holds)
        assert answer.says == "a tail call through file_operations.write"


def test_a_chain_with_gaps_makes_no_edge_false() -> None:
    gap = chain_of(FIRST, step("vfs_write"), step("panic", "unknown"))
    assert isinstance(verdict("edge vfs_write -> lamp_write", gap), Unknown)
    assert isinstance(verdict("edge lamp_write -> panic", gap), Unknown)
    assert isinstance(verdict("edge lamp_write -> lamp_set", gap), Unknown)
    assert isinstance(verdict("steps == 4", gap), Unknown)
    assert isinstance(verdict("edge entry_SYSCALL_64 -> lamp_write", gap), Fails)
    assert isinstance(verdict("edge vfs_write -> panic", gap), Unknown)

    whole = chain_of(FIRST, step("vfs_write"), step("panic"))
    assert isinstance(verdict("edge vfs_write -> lamp_write", whole), Fails)
    assert isinstance(verdict("steps == 4", whole), Fails)
    cut = chain_of(step("vfs_write", "unknown"), step("panic"))
    assert isinstance(verdict("edge ksys_write -> vfs_write", cut), Unknown)
    corrupted = chain_of(FIRST, step("panic"), corrupted="no frames")
    for claim in ("edge vfs_write -> panic", "frame vfs_write", "module lamp"):
        assert isinstance(verdict(claim, corrupted), Unknown)


def test_a_function_that_is_met_elsewhere_makes_no_edge_false() -> None:
    facts = chain_of(FIRST, step("vfs_write"), step("lamp_write"), reporting=("panic",))
    other = TraceFrame(symbol="kfree", line=40, reliable=True, calls=(Call("kfree"),))
    found = facts.found
    traces = (*found.traces, Trace("Freed by task 7", "task", 39, (other,)))
    evidence = replace(facts.evidence, reports=(replace(found, traces=traces),))
    facts = facts._replace(evidence=evidence)

    assert verdict("edge lamp_write -> panic", facts) == Unknown(
        "panic ran to report the crash, and is no step of the chain"
    )
    assert verdict("edge lamp_write -> kfree", facts) == Unknown(
        "kfree stands on line 40, and is no step of the chain"
    )
    assert verdict("frame kfree before vfs_write", facts) == Unknown("no trace has both")


def test_a_recursion_comes_back_to_its_first_step() -> None:
    round_ = replace(step("walk_down"), repeat=3, cycle=2, again=Edge(kind="direct"))
    facts = chain_of(FIRST, round_, step("walk_one"))
    assert verdict("edge walk_one -> walk_down", facts) == Holds(
        AtStep("walk_down"), "a direct call"
    )


def test_a_place_is_false_only_where_all_that_could_be_there_is_known() -> None:
    facts = chain_of(FIRST, step("vfs_write"))
    bare = TraceFrame(symbol="lamp_set", offset=4, line=9, reliable=True, undecoded="no image")
    traces = (Trace("Call Trace", "task", 8, (bare,)),)
    found = replace(facts.found, pc=bare, traces=traces, chain=())
    facts = facts._replace(evidence=replace(facts.evidence, reports=(found,)))

    for claim in (
        "RIP in lamp_bulb",
        "RIP at a.c:3",
        "frame lamp_set at a.c:3",
        "frame lamp_set+0x4/0x20",
        "frame lamp_bulb before lamp_set",
    ):
        assert isinstance(verdict(claim, facts), Unknown), claim
    assert isinstance(verdict("RIP in lamp_set", facts), Holds)
    assert isinstance(verdict("frame lamp_set+0x5/0x20", facts), Fails)
    assert isinstance(verdict("frame lamp_bulb+0x0/0x20", facts), Fails)


def test_a_module_whose_function_ran_was_there() -> None:
    facts = chain_of(FIRST, step("vfs_write"))
    frame = TraceFrame(symbol="f", module="lamp", line=9, reliable=True, calls=(Call("f"),))
    found = replace(facts.found, traces=(Trace("Call Trace", "task", 8, (frame,)),))
    facts = facts._replace(evidence=replace(facts.evidence, reports=(found,)))
    assert verdict("module lamp", facts) == Holds(AtLine(9), "a function of [lamp]")
    assert isinstance(verdict("no module lamp", facts), Fails)
    assert isinstance(verdict("module other", facts), Fails)


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


def test_a_type_may_be_of_a_module_that_was_not_read() -> None:
    missing = Layout(asked="struct lamp.bulb", missing="no type 'struct lamp'", typeless=True)
    facts = with_layouts(missing)
    assert isinstance(verdict("member struct lamp.bulb at 8", facts), Fails)

    assert facts.report is not None
    report = replace(facts.report, modules=(Module("lamp-drv"),))
    facts = facts._replace(log=replace(facts.log, reports=(report,)))
    assert verdict("member struct lamp.bulb at 8", facts) == Unknown(
        "no type 'struct lamp', and lamp-drv was not read"
    )
    provenance = replace(facts.evidence.provenance, images=(ImageId("lamp_drv"),))
    facts = facts._replace(evidence=replace(facts.evidence, provenance=provenance))
    assert isinstance(verdict("member struct lamp.bulb at 8", facts), Fails)


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


def test_a_slot_of_an_array_of_tables_goes_by_the_type_as_well() -> None:
    table = Table(symbol="entries", type="entry[]")
    edge = Edge(kind="indirect", proof="ops-table", slot="entries[0].fn", tables=(table,))
    facts = chain_of(ChainStep(function="a"), ChainStep(function="b", edge=edge))

    assert isinstance(verdict("a calls b through entry.fn", facts), Holds)
    assert isinstance(verdict("a calls b through entries[0].fn", facts), Holds)
    assert isinstance(verdict("a calls b through other.fn", facts), Fails)
