"""Walk, ladder, chain and verdict: the same steps, shown four ways."""

from collections.abc import Callable

import pytest
from msgspec.structs import replace

from sitegen.crash.chain.subsystems import FUNCTIONS, PATHS
from sitegen.model import ChainStep, Edge, Provenance, Sizes, Snippet, Table
from sitegen.web.content import Fixes, FrontMatter
from sitegen.web.directives import Case, CaseLog, source
from sitegen.web.directives.chain import chain_view
from sitegen.web.directives.ladder import ladder_view
from sitegen.web.directives.places import Browse, spot
from sitegen.web.directives.steps import MOST, steps_of
from sitegen.web.directives.verdict import facts_of, trust_of, verdict_of
from sitegen.web.directives.walk import Block, walk_view


def blocks(case: Case) -> dict[str, Block]:
    view = walk_view(case, case.logs[0])
    assert view is not None
    return {block.name: block for layer in view.layers for block in layer.blocks}


def with_chain(case: Case, chain: tuple[ChainStep, ...]) -> Case:
    log = case.logs[0]
    report = replace(log.evidence.reports[0], chain=chain)
    log = replace(log, evidence=replace(log.evidence, reports=(report,)))
    return replace(case, logs=(log,))


# --- Walk -------------------------------------------------------------------------------------


def test_steps_stand_entry_first_in_their_layers(case: Case) -> None:
    view = walk_view(case, case.logs[0])
    assert [(layer.letter, [block.name for block in layer.blocks]) for layer in view.layers] == [
        ("S", ["entry_SYSCALL_64", "__x64_sys_write"]),
        ("V", ["vfs_write", "do_write"]),
        ("D", ["lamp_handle"]),
        ("K", ["panic"]),
    ]


def test_the_call_is_underlined_and_leads_to_the_next_step(case: Case) -> None:
    lines = blocks(case)["vfs_write"].lines.splitlines()
    assert lines[1].startswith('<span class="snip">... SNIP ...')
    assert "3 lines left out" in lines[1]
    assert 'class="line call"' in lines[2]
    assert '<u>do_write(<span class="tok-string">&quot;&lt;s&gt;&quot;</span>, s)</u>;' in lines[2]
    assert 'calls <a href="#walk-do_write">do_write</a>' in lines[2]


def test_the_evidence_says_which_characters_are_the_call(case: Case) -> None:
    assert '<u>panic(<span class="tok-string">&quot;dark&quot;</span>)</u>;' in (
        blocks(case)["lamp_handle"].lines
    )


def test_the_line_that_crashed_is_marked_as_such(case: Case) -> None:
    block = blocks(case)["lamp_handle"]
    assert block.crashed
    assert 'class="line crash"' in block.lines


def test_under_an_indirect_call_stands_the_table_that_decided_it(case: Case) -> None:
    [table] = blocks(case)["do_write"].tables
    assert (table.base, table.symbol, table.type) == ("file->f_op", "lamp_fops", "file_operations")
    assert "<u>.write\t= lamp_handle</u>," in table.lines
    assert table.others == ""


def test_other_tables_that_hold_the_callee_are_named_and_none_is_preferred(case: Case) -> None:
    chain = list(case.logs[0].found.chain)
    edge = chain[4].edge
    several = replace(edge, tables=(*edge.tables, Table("other_fops"), Table("third_fops")))
    chain[4] = replace(chain[4], edge=several)
    [table] = blocks(with_chain(case, tuple(chain)))["do_write"].tables
    assert table.others == "Or other_fops or third_fops: the trace cannot tell them apart."


def test_a_missing_step_says_why_it_left_no_frame(case: Case) -> None:
    block = blocks(case)["__x64_sys_write"]
    assert (block.node, block.came) == ("missing", "direct call; not in the trace")
    assert block.note == "Left no frame: jmp vfs_write at __x64_sys_write+0x10."
    assert "jumps to" in block.lines


def test_without_source_text_the_line_number_leads_to_the_browser(
    case_log: Callable[..., CaseLog],
) -> None:
    log = case_log(text=False, browse="https://src.example/{file}#L{line}")
    case = Case(front=FrontMatter(), logs=(log,))
    block = blocks(case)["vfs_write"]
    assert block.bare
    assert '<a class="n" href="https://src.example/fs/rw.c#L40">40</a>' in block.lines
    assert "not part of this site: each line number leads to it" in walk_view(case, log).says


def test_a_step_that_the_prose_shows_is_a_link_in_the_walk(case: Case) -> None:
    case = replace(case, placed=frozenset({("frame:vfs_write", "panic-1")}))
    block = blocks(case)["vfs_write"]
    assert (block.lines, block.placed) == ("", "frame-vfs_write")


def test_a_function_that_calls_itself_is_one_step(case: Case) -> None:
    chain = case.logs[0].found.chain
    again = replace(chain[2], edge=Edge("direct"))
    found = blocks(with_chain(case, (*chain[:2], chain[2], *[again] * 211, *chain[3:])))
    assert found["vfs_write"].again == "212 times"
    assert found["vfs_write"].came == "tail call from __x64_sys_write"


def test_a_chain_of_thousands_keeps_its_ends_and_counts_the_middle(case: Case) -> None:
    steps = tuple(ChainStep(f"f{number}") for number in range(2000))
    found = steps_of(case := with_chain(case, steps), case.logs[0])
    assert len(found) == MOST
    assert (found[0].step.function, found[-1].step.function) == ("f0", "f1999")
    assert sum(step.left_out for step in found) == 2000 - MOST


# --- Ladder and chain -------------------------------------------------------------------------


def test_the_ladder_has_pointers_between_the_functions(case: Case) -> None:
    view = ladder_view(steps_of(case, case.logs[0]))
    rungs = [(rung.node, rung.name, rung.tag) for layer in view.layers for rung in layer.rungs]
    assert rungs == [
        ("seen", "entry_SYSCALL_64", ""),
        ("missing", "__x64_sys_write", "tail call"),
        ("seen", "vfs_write", ""),
        ("inlined", "do_write", "inlined"),
        ("pointer", "file->f_op->write()", ""),
        ("seen", "lamp_handle", "panicked here"),
        ("panic", "panic", ""),
    ]


def layered(case: Case, *layers: tuple[str, str, int]) -> Case:
    """The case with a chain of so many functions in each layer."""
    steps = (
        ChainStep(f"{layer}_{number}", layer=layer, letter=letter)
        for layer, letter, count in layers
        for number in range(count)
    )
    return with_chain(case, tuple(steps))


def test_the_key_says_what_the_letters_that_occur_stand_for(case: Case) -> None:
    case = layered(case, ("Exception entry", "S", 1), ("Boot", "X", 1), ("ext4", "V", 2))
    view = ladder_view(steps_of(case, case.logs[0]))
    assert view is not None
    assert view.letters == (
        ("S", "layer-s", "entry"),
        ("V", "layer-v", "file systems"),
        ("X", "layer-x", "anything else"),
    )


def test_every_letter_of_a_layer_is_in_the_key(case: Case) -> None:
    for letter in {layer.letter for layer in (*PATHS.values(), *FUNCTIONS.values())} - {""}:
        made = layered(case, ("Some layer", letter, 2))
        view = ladder_view(steps_of(made, made.logs[0]))
        assert view is not None
        assert [one[0] for one in view.letters] == [letter]


def test_a_long_ladder_folds_all_layers_but_its_ends(case: Case) -> None:
    long = layered(case, ("Calls", "S", 3), ("Files", "V", 20), ("Wait", "T", 9), ("Lamp", "D", 2))
    view = ladder_view(steps_of(long, long.logs[0]))
    assert view is not None
    assert view.folds
    assert [(layer.functions, layer.end) for layer in view.layers] == [
        ("3 functions", True),
        ("20 functions", False),
        ("9 functions", False),
        ("2 functions", True),
    ]
    short = layered(case, ("Calls", "S", 3), ("Files", "V", 20), ("Lamp", "D", 2))
    view = ladder_view(steps_of(short, short.logs[0]))
    assert view is not None
    assert not view.folds


@pytest.mark.parametrize(
    ("layers", "functions", "strip"),
    [
        (3, 4, "A.... B.... C...."),
        (7, 4, "A B C D E F G"),
        (14, 1, "A B C D E … K L M N"),
    ],
)
def test_the_strip_shows_the_first_layer_and_the_last(
    case: Case, layers: int, functions: int, strip: str
) -> None:
    letters = "ABCDEFGHIJKLMN"[:layers]
    case = layered(case, *((letter, letter, functions) for letter in letters))
    view = ladder_view(steps_of(case, case.logs[0]))
    assert view is not None
    shown = (f"{mini.letter or '…'}{'.' * len(mini.nodes)}" for mini in view.strip)
    assert " ".join(shown) == strip


def test_the_chain_gives_each_edge_its_class_and_pointers_rows_of_their_own(case: Case) -> None:
    view = chain_view(case, case.logs[0])
    assert view.trigger == "echo <c>"
    assert [(row.letter, row.name, row.how + row.words + row.table) for row in view.rows] == [
        ("S", "entry_SYSCALL_64", "entry by system call"),
        ("", "__x64_sys_write", "direct, named by the call site; no frame in the log"),
        ("V", "vfs_write", "tail call from __x64_sys_write"),
        ("", "do_write", "inlined in vfs_write"),
        ("", "file->f_op->write()", "indirect through file_operations.write"),
        ("D", "lamp_handle", "assigned inlamp_fops"),
        ("K", "panic", "direct, named by the call site"),
    ]


# --- Verdict, facts, trust --------------------------------------------------------------------


def test_the_verdict_says_what_where_and_how_far_below_the_entry(case: Case) -> None:
    found = verdict_of(case, case.logs[0])
    assert (found.label, found.message) == ("Kernel panic", "sysrq <b>triggered</b> crash")
    assert (found.function, found.where.text) == ("lamp_handle", "drivers/lamp.c:12")
    assert (found.depth, found.call) == ("4 functions below the entry", "write")
    assert (found.line, found.source) == (
        12,
        'panic(<span class="tok-string">&quot;dark&quot;</span>);',
    )


def test_depth_counts_from_the_interrupt_where_one_came_between(case: Case) -> None:
    chain = list(case.logs[0].found.chain)
    chain[2] = replace(chain[2], edge=Edge("entry", "log", mechanism="interrupt"))
    found = verdict_of(case := with_chain(case, tuple(chain)), case.logs[0])
    assert (found.depth, found.call) == ("2 functions below the interrupt", "")


def test_without_a_decode_the_verdict_has_symbol_and_offset_and_the_reason(case: Case) -> None:
    log = case.logs[0]
    chain = (ChainStep("lamp_handle", log_line=6), ChainStep("panic", log_line=5))
    log = with_chain(case, chain).logs[0]
    provenance = Provenance(missing="no image of this kernel")
    log = replace(log, evidence=replace(log.evidence, provenance=provenance))
    found = verdict_of(replace(case, logs=(log,)), log)
    assert (found.function, found.reason) == ("lamp_handle+0x16", "no image of this kernel")


def test_facts_that_are_not_known_are_left_out(case: Case) -> None:
    assert [(fact.label, fact.text) for fact in facts_of(case, case.logs[0])] == [
        ("Kernel", "6.1.0-test"),
        ("Trigger", "echo <c>"),
        ("Task", "sh, PID 92"),
        ("CPU", "1"),
        ("Taint", "none"),
        ("Architecture", "x86_64"),
    ]


@pytest.mark.parametrize(
    ("reported", "names", "fact"),
    [
        ("2024-10-02", (), ("Reported", "2024-10-02")),
        ("2024-10-02", ("A. Nother", "syzbot"), ("Reported", "2024-10-02 by A. Nother, syzbot")),
        ("", ("A. Nother",), ("Reported by", "A. Nother")),
    ],
)
def test_the_authors_facts_stand_with_those_of_the_log(
    case: Case, reported: str, names: tuple[str, ...], fact: tuple[str, str]
) -> None:
    front = FrontMatter(repro="syz", reported=reported, fixes=Fixes(reported_by=names))
    facts = facts_of(replace(case, front=front), case.logs[0])
    assert [(one.label, one.text) for one in facts[-2:]] == [("Reproducer", "syz"), fact]


def test_the_authors_facts_are_said_once_a_case(case: Case) -> None:
    second = replace(case.logs[0], id="panic-2")
    front = FrontMatter(trigger="echo c", repro="C", reported="2024-10-02")
    facts = facts_of(replace(case, front=front, logs=(*case.logs, second)), second)
    assert {one.label for one in facts}.isdisjoint({"Trigger", "Reproducer", "Reported"})


def test_trust_is_what_the_sizes_say(case: Case) -> None:
    log = case.logs[0]

    def claim(provenance: Provenance) -> tuple[str, str]:
        trust = trust_of(replace(log, evidence=replace(log.evidence, provenance=provenance)))
        return trust.state, trust.claim

    assert claim(Provenance(sizes=Sizes(equal=25), decoded_by="sitegen")) == (
        "good",
        "Verified by 25 of 25 function sizes.",
    )
    assert claim(Provenance(sizes=Sizes(equal=22, different=("a", "b", "c")))) == (
        "bad",
        "3 of 25 differ: not the kernel that crashed.",
    )
    assert claim(Provenance(missing="no kernel is configured")) == ("none", "Not verified:")


# --- Places -----------------------------------------------------------------------------------


def test_a_place_links_only_into_the_tree_and_only_by_http() -> None:
    browse = Browse("https://src.example/{file}#L{line}", ("crashme",))
    assert spot("fs/a b.c", 4, browse).href == "https://src.example/fs/a%20b.c#L4"
    for file in ("crashme/main.c", "/etc/passwd", "../x.c", "fs/../../x.c", "<stdin>"):
        assert spot(file, 4, browse) == (f"{file}:4", "")
    assert spot("crashme.c", 4, browse).href
    assert spot("fs/a.c", 4, Browse("javascript:{file}")).href == ""


@pytest.mark.parametrize(
    "shown",
    [
        ((11, 10),),
        ((25, 1), (1, 49)),
        ((1, 24), (26, 25)),
        ((1, 26),),
        ((1, 10), (5, 19)),
        ((-24, 0),),
        ((1, 10**30),),
        (),
    ],
)
def test_runs_that_are_not_those_of_the_text_show_nothing_and_raise_nothing(
    shown: tuple[tuple[int, int], ...],
) -> None:
    text = "".join(f"line {number}\n" for number in range(1, 26))
    for mark in (None, 1, 10, 26, -3, 10**30):
        snippet = Snippet("a.c", 1, 25, shown=shown, sha256="", mark=mark, text=text)
        assert source.rows(snippet, callee="x") == ""
        assert source.plain(snippet) is None


def test_an_empty_run_among_good_ones_counts_for_nothing() -> None:
    snippet = Snippet(
        "a.c", 1, 9, shown=((1, 1), (5, 4), (9, 9)), sha256="", mark=9, text="a\n b\n"
    )
    assert source.plain(snippet) == (9, "b")
    assert source.rows(snippet).count('class="line"') == 1
    assert "7 lines left out" in source.rows(snippet)
