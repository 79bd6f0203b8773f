"""A chain as plain text for mailing lists, and as plain values."""

from sitegen.crash.chain.texttree import WIDTH, chain_text
from sitegen.model import ChainStep, Edge, Handover, ReportEvidence, Table, Target

DIRECT = Edge(kind="direct", proof="call-site")


def report(*steps, **fields):
    return ReportEvidence(title="kernel panic: now", chain=steps, **fields)


WALK = report(
    ChainStep("entry", "arch/entry.S", 12, layer="Entry", edge=Edge(kind="entry")),
    ChainStep("helper", "fs/rw.c", 3, inlined=True, layer="Files", edge=Edge(kind="inlined")),
    ChainStep("dispatch", "fs/rw.c", 7, missing=True, layer="Files", edge=DIRECT),
    ChainStep(
        "driver_write",
        "drivers/d.c",
        40,
        layer="Driver",
        interrupted=True,
        edge=Edge(
            kind="indirect",
            pointer="ops->write",
            slot="ops.write",
            tables=(Table("driver_ops"), Table("other_ops")),
        ),
    ),
    ChainStep("irq", "arch/irq.c", 1, edge=Edge(kind="entry", mechanism="interrupt")),
    ChainStep("recurse", "lib/r.c", 9, repeat=214, edge=DIRECT),
    ChainStep("lost", edge=Edge(kind="unknown", note="what led here is not known")),
    origin="write(2) by sh, PID 42",
    reporting=("panic", "dump_stack"),
)


def test_one_line_a_function_with_layers_pointers_borders_and_a_legend():
    assert (
        chain_text(WALK, trigger="echo 1 > /dev/d")
        == """\
# echo 1 > /dev/d
write(2) by sh, PID 42

Entry
    entry                                                arch/entry.S:12
Files
  i helper                                                     fs/rw.c:3
  m dispatch                                                   fs/rw.c:7
  * ops->write() = ops.write of driver_ops and 1 more
Driver
    driver_write                                          drivers/d.c:40
---- interrupt ---------------------------------------------------------
  ! irq                                                     arch/irq.c:1
    recurse x 214                                              lib/r.c:9
  ? what led here is not known
  ? lost
    (2 more to report it: panic, dump_stack)

i inlined in the function above
m no frame in the log
* through a pointer
! exception or interrupt
? not known how control came here
kernel panic: now
"""
    )


def test_a_report_without_a_chain_has_no_text():
    assert chain_text(report()) == ""


def test_nothing_is_wider_than_a_mail_nor_moves_a_terminal():
    long = ChainStep(
        "f" * 300 + "\x1b[2J",
        "/" + "deep/" * 60 + "file.c",
        7,
        layer="L" * 200,
        edge=Edge(kind="indirect", pointer="p" * 400, mechanism="\x07\n" * 9, note="n " * 3000),
    )
    unknown = ChainStep("g", edge=Edge(kind="unknown", note="word " * 5000))
    text = chain_text(report(long, unknown, origin="o" * 500), trigger="t\n" * 400)
    assert max(map(len, text.split("\n"))) == WIDTH
    assert not [char for char in text if char != "\n" and not char.isprintable()]
    assert len(text.splitlines()) < 60


def test_what_a_pointer_may_have_held_is_not_told_as_a_fact():
    edge = Edge(kind="indirect", pointer="p->f", unproved=True, targets=(Target("a"), Target("b")))
    assert "p->f() (may have held a, b)" in chain_text(report(ChainStep("a", edge=edge)))
    edge = Edge(kind="indirect", unproved=True)
    assert "a pointer (not proved)" in chain_text(report(ChainStep("a", edge=edge)))


def test_a_callback_names_who_hands_it_over():
    edge = Edge(
        kind="indirect", mechanism="work item", handed=(Handover("INIT_WORK", "", "a.c", 3),)
    )
    assert "* work item = handed to INIT_WORK, a.c:3" in chain_text(
        report(ChainStep("w", edge=edge))
    )
