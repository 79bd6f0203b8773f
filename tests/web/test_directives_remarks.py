"""What is said below a step's source, and of the lines that do not spell what they call."""

import pytest
from msgspec.structs import replace

from sitegen.model import (
    Call,
    ChainStep,
    CodeDump,
    Edge,
    Explanation,
    Handover,
    Instruction,
    Listing,
    Snippet,
    Span,
    Symbol,
    Table,
    Target,
    TraceFrame,
)
from sitegen.model import Frame as LogFrame
from sitegen.web.content import FrontMatter
from sitegen.web.directives import Case
from sitegen.web.directives.chain import chain_view
from sitegen.web.directives.ladder import ladder_view
from sitegen.web.directives.log import log_view
from sitegen.web.directives.steps import layers_of, steps_of
from sitegen.web.directives.walk import Block, walk_view
from sitegen.web.index.layers import author_layer


def with_chain(case: Case, *chain: ChainStep) -> Case:
    log = case.logs[0]
    report = replace(log.evidence.reports[0], chain=chain)
    return replace(case, logs=(replace(log, evidence=replace(log.evidence, reports=(report,))),))


def blocks(case: Case) -> dict[str, Block]:
    view = walk_view(case, case.logs[0])
    assert view is not None
    return {block.name: block for layer in view.layers for block in layer.blocks}


def snippet(text: str, *, mark: int, call: str = "", file: str = "a.c") -> Snippet:
    lines = text.splitlines()
    column = lines[mark - 1].index(call) + 1 if call else None
    return Snippet(
        file=file,
        first=1,
        last=len(lines),
        shown=((1, len(lines)),),
        sha256="",
        mark=mark,
        column=column,
        end=column + len(call) if column else None,
        text=text,
    )


ASM = ".macro entry_point label\n\tbl \\label()_handler\n.endm\n"
DIRECT = Edge("direct", "call-site")


@pytest.mark.parametrize(
    ("function", "shown", "edge", "note"),
    [
        ("f", snippet("int f(void)\n{\n\tgoal(1);\n}\n", mark=3, call="goal(1)"), DIRECT, ""),
        (
            "f",
            snippet("int f(void)\n{\n\twait(goal_is);\n}\n", mark=3, call="wait(goal_is)"),
            DIRECT,
            "<code>wait</code> stands here for what calls goal.",
        ),
        (
            "f",
            snippet("int f(void)\n{\n\tx = 1;\n}\n", mark=3),
            DIRECT,
            "The lines do not name goal.",
        ),
        (
            "f",
            snippet("int f(void)\n{\n\to->go(1);\n}\n", mark=3, call="o->go(1)"),
            Edge("indirect", "ops-table"),
            "",
        ),
        (
            "f",
            snippet("int f(void)\n{\n#include <x.h>\n}\n", mark=3, call="#include <x.h>"),
            Edge("tail", "instruction"),
            "The cases stand in the file that the line includes.",
        ),
        (
            "proxy_f",
            snippet("PROXY(f, int);\n", mark=1),
            DIRECT,
            "<code>PROXY</code> makes proxy_f, and the call of goal in it.",
        ),
        (
            "f",
            snippet("DEFINE_IDTENTRY(f)\n{\n}\n", mark=1),
            DIRECT,
            "<code>DEFINE_IDTENTRY</code> makes f, and the call of goal in it.",
        ),
        (
            "asm_goal",
            snippet("DECLARE(VECTOR, goal);\n", mark=1, call="goal"),
            DIRECT,
            "<code>DECLARE</code> makes asm_goal.",
        ),
        (
            "__x64_sys_f",
            snippet("SYSCALL_DEFINE1(f, int, a)\n{\n\tgoal(1);\n}\n", mark=3, call="goal(1)"),
            DIRECT,
            "",
        ),
        (
            "el1_sync",
            snippet("\tentry_point 1, sync\n" + ASM, mark=1, file="e.S"),
            DIRECT,
            "<code>entry_point</code> makes el1_sync, and the call of goal in it.",
        ),
        (
            "memcpy",
            snippet("SYM_FUNC_START(__pi_memcpy)\n\tret\n", mark=2, file="m.S"),
            DIRECT,
            "The label __pi_memcpy has the name memcpy, too.",
        ),
        ("f", replace(snippet("int f(void)\n", mark=1), text=""), DIRECT, ""),
    ],
)
def test_what_the_lines_do_not_spell_is_said(
    case: Case, function: str, shown: Snippet, edge: Edge, note: str
) -> None:
    case = with_chain(
        case,
        ChainStep(function, shown.file, shown.mark, snippet=shown),
        ChainStep("goal", edge=edge),
    )
    assert blocks(case)[function].note == note


def test_a_function_that_was_interrupted_called_nothing(case: Case) -> None:
    shown = snippet("int f(void)\n{\n\tx = 1;\n}\n", mark=3)
    step = ChainStep("f", "a.c", 3, snippet=shown, interrupted=True, log_line=8)
    edge = Edge("trap", "log", mechanism="timer interrupt")
    case = with_chain(case, step, ChainStep("irq", edge=edge))
    assert blocks(case)["f"].note == ""


def test_the_line_of_a_frame_that_was_interrupted_says_so(case: Case) -> None:
    step = ChainStep("f", "a.c", 3, interrupted=True, log_line=8)
    edge = Edge("trap", "log", mechanism="timer <interrupt>")
    case = with_chain(case, step, ChainStep("irq", edge=edge, log_line=6))
    rows = [row for band in log_view(case, case.logs[0]).bands for row in band.rows.split("\n")]
    (row,) = [row for row in rows if "Interrupted" in row]
    assert 'id="L8"' in row
    assert "Interrupted here: timer &lt;interrupt&gt;." in row


def test_what_a_pointer_may_have_held_is_listed(case: Case) -> None:
    table = Table("ops", "fs/a.c", 7, type="file_operations")
    targets = (
        Target("goal", "", (table, Table("more", type="[]"))),
        Target("other", "jmp goal at other+0x4"),
    )
    edge = Edge("indirect", "instruction", unproved=True, targets=targets, note="who knows")
    case = with_chain(case, ChainStep("f"), ChainStep("goal", edge=edge))
    first, second = blocks(case)["f"].targets
    assert (first.name, first.symbol, first.type, first.more) == (
        *("goal", "ops", "file_operations", "and 1 more"),
    )
    assert first.where.text == "fs/a.c:7"
    assert (second.name, second.way, second.symbol) == ("other", "jmp goal at other+0x4", "")
    assert blocks(case)["goal"].targets == ()


def test_where_a_function_was_handed_over_stands_below_the_call_of_it(case: Case) -> None:
    shown = snippet("void start(void)\n{\n\trun_later(goal, 1);\n}\n", mark=3)
    place = Handover("run_later", "start", "fs/a.c", 3, shown)
    note = "the function was handed to run_later, in start (fs/a.c:3); only goal fits"
    edge = Edge("indirect", "source", mechanism="work item", note=note, handed=(place,))
    [block] = [blocks(with_chain(case, ChainStep("f"), ChainStep("goal", edge=edge)))["f"]]
    [found] = block.handed
    assert (found.name, found.lead, found.to, found.by) == (
        *("goal", "was handed to", "run_later", "start"),
    )
    assert found.where.text == "fs/a.c:3"
    assert "<u>run_later(goal, 1)</u>;" in found.lines
    assert block.note == "Only goal fits."


def test_of_several_places_none_is_sure_and_few_are_shown(case: Case) -> None:
    shown = snippet("\tops.go = goal;\n", mark=1)
    places = tuple(Handover("", "", "fs/a.c", line, shown) for line in (1, 2, 3))
    edge = Edge("indirect", "source", note="handed over in 3 places", handed=places)
    block = blocks(with_chain(case, ChainStep("f"), ChainStep("goal", edge=edge)))["f"]
    assert [(one.lead, one.where.text, one.lines) for one in block.handed] == [
        ("may have been put into a pointer", "fs/a.c:1", ""),
        ("may have been put into a pointer", "fs/a.c:2", ""),
    ]
    assert block.note == "Handed over in 3 places."


def test_a_jump_through_a_pointer_is_shown_as_a_call_through_one(case: Case) -> None:
    table = Table("ops", "fs/a.c", 7, type="file_operations")
    edge = Edge(
        "tail", "instruction", indirect=True, pointer="o->go", slot="ops.go", tables=(table,)
    )
    case = with_chain(case, ChainStep("f", "a.c", 3), ChainStep("goal", edge=edge))
    found = blocks(case)
    assert [one.symbol for one in found["f"].tables] == ["ops"]
    assert found["goal"].came == "tail call from f through ops.go"
    steps = steps_of(case, case.logs[0])
    ladder = ladder_view(steps)
    assert ladder is not None
    assert [rung.name for layer in ladder.layers for rung in layer.rungs] == [
        "f",
        "o->go()",
        "goal",
    ]
    chain = chain_view(case, case.logs[0])
    assert chain is not None
    assert [(row.name, row.how, row.words, row.table) for row in chain.rows[1:]] == [
        ("o->go()", "indirect", " through ops.go", ""),
        ("goal", "tail call", " from f; assigned in", "ops"),
    ]


# --- What the registers held ------------------------------------------------------------------


def with_pc(case: Case, note: str, text: str = "mov 0x28(%rax), %ebx") -> Case:
    """The case with the dump of a crash in the kernel, and what its instruction did."""
    log = case.logs[0]
    report = log.log.reports[0]
    at = Span(10, 20, 40)
    pc = LogFrame(at=at, symbol=Symbol("lamp_handle", 1, 2))
    code = CodeDump(at=Span(11, 16, 34), data=b"\x8b", mark=0)
    state = replace(report.states[0], user=False, pc=pc, code=code)
    parsed = replace(log.log, reports=(replace(report, states=(state,)),))
    found = replace(
        log.evidence.reports[0],
        pc=TraceFrame(line=10, symbol="lamp_handle", reliable=True),
        chain=(ChainStep("f"), ChainStep("lamp_handle", edge=DIRECT)),
    )
    listing = Listing(11, (Instruction(0, b"\x8b", text, mark=True, note=note),), "lamp_handle")
    changed = replace(
        log,
        log=parsed,
        evidence=replace(log.evidence, reports=(found,)),
        listings=(listing,),
    )
    return replace(case, logs=(changed,))


def test_the_instruction_that_crashed_says_what_it_did_with_its_registers(case: Case) -> None:
    case = with_pc(case, "reads 4 bytes at RAX + 0x28; RAX is 0x0, a <NULL> pointer")
    assert blocks(case)["lamp_handle"].note == (
        "<code>mov 0x28(%rax), %ebx</code>: reads 4 bytes at RAX + 0x28;"
        " RAX is 0x0, a &lt;NULL&gt; pointer."
    )
    assert blocks(case)["f"].note == ""


def test_an_instruction_of_which_nothing_is_known_is_named(case: Case) -> None:
    assert blocks(with_pc(case, ""))["lamp_handle"].note == (
        "At the PC stands <code>mov 0x28(%rax), %ebx</code>."
    )
    assert blocks(with_pc(case, "", ""))["lamp_handle"].note == ""


def test_what_the_process_passed_stands_with_the_entry(case: Case) -> None:
    log = case.logs[0]
    report = log.log.reports[0]
    (state,) = report.states
    rdi = replace(state.registers[0], name="RDI")
    parsed = replace(
        log.log,
        lines=tuple(line.replace("RAX:", "RDI:") for line in log.log.lines),
        reports=(replace(report, states=(replace(state, registers=(rdi, state.registers[1])),)),),
    )
    told = Explanation(at=rdi.at, text="The file.", brief="fd 1, `stdout`")
    case = replace(case, logs=(replace(log, log=parsed, explanations=(told,)),))
    (row,) = blocks(case)["entry_SYSCALL_64"].held
    assert (row.name, row.digits, row.href, row.meaning) == (
        *("RDI", "da", "#L12", "fd 1, <code>stdout</code>"),
    )
    assert not any(block.held for name, block in blocks(case).items() if "entry" not in name)


# --- What a chain lacks -----------------------------------------------------------------------


def with_report(case: Case, **changes: object) -> Case:
    log = case.logs[0]
    report = replace(log.evidence.reports[0], **changes)  # type: ignore[arg-type]  reason: fields of it
    changed = replace(log, evidence=replace(log.evidence, reports=(report,)))
    return replace(case, logs=(changed,))


def test_a_log_without_a_chain_says_why(case: Case) -> None:
    empty = with_report(case, chain=(), unchained="the log prints no call trace")
    view = walk_view(empty, empty.logs[0])
    assert view is not None
    assert (view.says, view.layers) == ("The log prints no call trace.", ())
    nothing = with_report(case, chain=())
    assert walk_view(nothing, nothing.logs[0]) is None


def test_a_chain_of_the_crash_alone_says_why_there_is_no_more(case: Case) -> None:
    short = with_report(case, chain=(ChainStep("f"),), unchained="all frames are in doubt")
    view = walk_view(short, short.logs[0])
    assert view is not None
    assert view.says.startswith("All frames are in doubt. From the first frame to the crash,")


def test_a_possible_caller_is_offered_as_such(case: Case) -> None:
    frame = TraceFrame(
        line=7,
        symbol="stray",
        offset=1,
        size=2,
        reliable=False,
        calls=(Call("stray", "lib/stray.c", 9),),
    )
    bad = with_report(case, chain=(ChainStep("0x0"),), possible_caller=frame)
    view = walk_view(bad, bad.logs[0])
    assert view is not None
    assert view.possible is not None
    assert (view.possible.name, view.possible.href) == ("stray+0x1", "#L7")
    assert view.possible.where.text == "lib/stray.c:9"


def test_the_origin_heads_walk_and_chain(case: Case) -> None:
    case = with_report(case, origin="write(2) by <sh>, PID 92")
    walk, chain = walk_view(case, case.logs[0]), chain_view(case, case.logs[0])
    assert walk is not None
    assert chain is not None
    assert walk.says.startswith("From write(2) by <sh>, PID 92 to the panic,")
    assert (chain.trigger, chain.origin) == ("echo <c>", "write(2) by <sh>, PID 92")


@pytest.mark.parametrize(
    ("repeat", "cycle", "again"),
    [
        (1, 1, ""),
        (214, 1, "214 times"),
        (12, 2, "12 times with the next"),
        (9, 4, "9 times with the next 3"),
    ],
)
def test_recursion_is_one_round_with_its_count(
    case: Case, repeat: int, cycle: int, again: str
) -> None:
    chain = (ChainStep("f", repeat=repeat, cycle=cycle), ChainStep("g"), ChainStep("h"))
    case = with_report(case, chain=chain)
    assert blocks(case)["f"].again == again
    assert blocks(case)["g"].again == ""
    rows = chain_view(case, case.logs[0]).rows  # type: ignore[union-attr]  reason: it has steps
    assert rows[0].name == (f"f, {again}" if again else "f")


# --- Layers -----------------------------------------------------------------------------------


def test_the_author_names_layers_by_function_or_path(case: Case) -> None:
    layers = {"drivers/": "Lamps & more", "vfs_write": "lamp driver"}
    case = replace(case, front=FrontMatter(layers=layers))
    found = [
        (layer.name, layer.letter, layer.part, layer.authored, len(layer.steps))
        for layer in layers_of(steps_of(case, case.logs[0]))
    ]
    assert found == [
        ("System call interface", "S", "layer-s", False, 2),
        ("lamp driver", "D", "layer-d", True, 1),
        ("Virtual File System", "V", "layer-v", False, 1),
        ("Lamps & more", "X", "layer-x", True, 1),
        ("Panic", "K", "layer-k", False, 1),
    ]


def test_a_panic_stays_a_panic_whatever_its_layer_is_called(case: Case) -> None:
    plain = steps_of(case, case.logs[0])
    case = replace(case, front=FrontMatter(layers={"panic": "The end", "lamp_handle": "Lamps"}))
    named = steps_of(case, case.logs[0])
    assert [(one.node, one.crashed) for one in named] == [(one.node, one.crashed) for one in plain]
    assert ladder_view(named) is not None


def test_a_layer_says_how_many_functions_fold_into_its_line(case: Case) -> None:
    view = walk_view(case, case.logs[0])
    assert view is not None
    assert [layer.functions for layer in view.layers] == [
        *("2 functions", "2 functions", "1 function", "1 function"),
    ]


@pytest.mark.parametrize(
    ("function", "file", "layer"),
    [
        ("f", "fs/a.c", "Files"),
        ("f", "fs/proc/a.c", "proc"),
        ("f", "fsx/a.c", ""),
        ("f", "", ""),
        ("g", "fs/a.c", "Calls"),
        ("g", "", "Calls"),
        ("f", "mm/slub.c", "Slab"),
    ],
)
def test_the_longest_path_wins_and_a_function_wins_over_it(
    function: str, file: str, layer: str
) -> None:
    layers = {"fs/": "Files", "fs/proc": "proc", "g": "Calls", "mm/slub.c": "Slab", "a.c": "no"}
    assert author_layer(layers, function, file) == layer


def test_where_a_task_waits_is_no_crash(case: Case) -> None:
    short = with_report(case, kind="hung-task", chain=(ChainStep("f"), ChainStep("mutex_lock")))
    steps = steps_of(short, short.logs[0])
    ladder = ladder_view(steps, "hung-task")
    assert ladder is not None
    assert ladder.says == "2 functions, entry at the top, wait at the bottom"
    assert [rung.tag for layer in ladder.layers for rung in layer.rungs] == ["", "blocked here"]
    view = walk_view(short, short.logs[0])
    assert view is not None
    assert view.says.startswith("From the first frame to the wait,")
