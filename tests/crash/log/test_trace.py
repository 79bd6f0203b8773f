"""Frames, and how they make traces; what whole logs look like is in the golden ones."""

import pytest

from sitegen.crash.log import parse
from sitegen.crash.log.frames import read_frame
from sitegen.crash.log.printk import read_line
from sitegen.crash.log.trace import is_secondary
from sitegen.model import Call, CallTrace, Frame, Symbol


def frame_of(text: str) -> Frame | None:
    parsed = read_frame(read_line(text, 1))
    return parsed.frame if parsed else None


@pytest.mark.parametrize(
    ("text", "symbol", "address", "reliable"),
    [
        (" vfs_write+0xc7/0x4a0", Symbol("vfs_write", 0xC7, 0x4A0), None, True),
        (" ? f.isra.0+0x1/0x2 [ext4]", Symbol("f.isra.0", 1, 2, "ext4"), None, False),
        (" f+0x1/0x2 [m(OE)]", Symbol("f", 1, 2, "m"), None, True),
        (f" f+0x1/0x2 [m {'0f' * 20}]", Symbol("f", 1, 2, "m"), None, True),
        (" [<ffffffff81234567>] f+0x1/0x2", Symbol("f", 1, 2), 0xFFFFFFFF81234567, True),
        (" [<ffffffff81234567>] ? f+0x1/0x2", Symbol("f", 1, 2), 0xFFFFFFFF81234567, False),
        (" <EOI>  [<ffffffff81234567>] f+0x1/0x2", Symbol("f", 1, 2), 0xFFFFFFFF81234567, True),
        (" [<ffffffff81234567>] 0xffffffff81234567", None, 0xFFFFFFFF81234567, True),
        (" 0xffffffffc0a10000", None, 0xFFFFFFFFC0A10000, True),
        (
            "[c000000001234560] [c000000000123456] f+0x1/0x2 (unreliable)",
            Symbol("f", 1, 2),
            0xC000000000123456,
            False,
        ),
        (" ([<000003ff80352036>] f+0x1/0x2 [m])", Symbol("f", 1, 2, "m"), 0x3FF80352036, True),
        (" f from g+0x1/0x2", Symbol("g", 1, 2), None, True),
    ],
)
def test_a_line_of_a_stack_is_a_frame(
    text: str, symbol: Symbol | None, address: int | None, *, reliable: bool
) -> None:
    frame = frame_of(text)
    assert frame is not None
    assert (frame.symbol, frame.address, frame.reliable) == (symbol, address, reliable)


@pytest.mark.parametrize(
    "text",
    [
        "caller is f+0x1/0x2",
        "calling  f+0x1/0x2 @ 1",
        "f+0x1/0x2 took 12 usecs",
        "Freed in f+0x1/0x2 age=3",
        "RAX: 0000000000000000",
        "#0: ffff8880 (&m){+.+.}-{3:3}, at: f+0x1/0x2",
        "f+0x1",
        "plain words",
        "",
    ],
)
def test_prose_with_a_symbol_in_it_is_no_frame(text: str) -> None:
    frame = frame_of(text)
    assert frame is None or frame.symbol == Symbol("f", 1, 0)


@pytest.mark.parametrize(
    ("text", "given"),
    [
        ("f (fs/a.c:12)", (Call("f", "fs/a.c", 12),)),
        (
            "f (./include/a.h:7 (discriminator 4) fs/a.c:12) ext4",
            (Call("", "include/a.h", 7, inlined=True), Call("f", "fs/a.c", 12)),
        ),
        ("f (??:?)", ()),
        ("f+0x1/0x2 fs/a.c:12:5", (Call("f", "fs/a.c", 12, 5),)),
    ],
)
def test_text_that_came_decoded_is_read(text: str, given: tuple[Call, ...]) -> None:
    frame = frame_of(f" {text}")
    assert (frame.given if frame else ()) == given


def traces_of(*lines: str) -> tuple[CallTrace, ...]:
    (report,) = parse("\n".join(("BUG: scheduling while atomic: x", *lines))).reports
    return report.traces


def shape(traces: tuple[CallTrace, ...]) -> list[tuple[str, str, list[str]]]:
    return [
        (
            trace.title,
            trace.context,
            [
                f.symbol.name + ("!" if f.lookup == "exact" else "")
                for f in trace.frames
                if f.symbol
            ],
        )
        for trace in traces
    ]


def test_marks_part_a_stack_by_context() -> None:
    found = traces_of(
        *("Call Trace:", " <NMI>", " a+0x1/0x2", " </NMI>", " <#DF>", " b+0x1/0x2", " </#DF>"),
        *(" <IRQ>", " c+0x1/0x2", " <SOFTIRQ>", " d+0x1/0x2", " </IRQ>", " <TASK>", " e+0x1/0x2"),
    )
    assert shape(found) == [
        ("Call Trace", "nmi", ["a"]),
        ("Call Trace", "exception", ["b"]),
        ("Call Trace", "irq", ["c"]),
        ("Call Trace", "softirq", ["d"]),
        ("Call Trace", "task", ["e"]),
    ]


def test_the_frame_below_an_exceptions_entry_is_exact() -> None:
    found = traces_of(
        "Call trace:", " a+0x1/0x2", " el1h_64_irq+0x64/0x68", " b+0x1/0x2", " c+0x1/0x2"
    )
    assert shape(found) == [("Call trace", "task", ["a", "el1h_64_irq", "b!", "c"])]


def test_a_pc_line_within_a_stack_is_what_was_interrupted() -> None:
    found = traces_of(
        *("Call Trace:", " <TASK>", " asm_exc_page_fault+0x22/0x30", "RIP: 0010:b+0x5/0x9"),
        *("RSP: 0018:ffffc90000000000 EFLAGS: 00000246", "RAX: 0000000000000000", " c+0x1/0x2"),
        *("RIP: 0033:0x401000", "RSP: 002b:00007ffc00000000 EFLAGS: 00000246"),
    )
    assert shape(found) == [("Call Trace", "task", ["asm_exc_page_fault", "b!", "c"])]


def test_powerpc_names_the_place_of_an_interrupt_itself() -> None:
    found = traces_of(
        "Call Trace:",
        "[c000000000001000] [c000000000002000] a+0x1/0x2",
        "--- interrupt: 900 at b+0x5/0x9",
    )
    assert shape(found) == [("Call Trace", "task", ["a", "b!"])]


def test_a_trace_that_begins_with_the_pc_repeats_it() -> None:
    text = (
        "Internal error: Oops\npstate: 60000005 (nZCv daif)\npc : a+0x1/0x8\nlr : b+0x2/0x8\n"
        "x1 : 0000000000000000 x0 : 0000000000000000\nCall trace:\n a+0x1/0x8\n c+0x1/0x2\n"
    )
    (report,) = parse(text).reports
    assert shape(report.traces) == [("Call trace", "task", ["a!", "c"])]
    assert report.states[0].lr is not None
    assert report.states[0].lr.symbol == Symbol("b", 2, 8)


def test_a_list_of_frames_bears_the_title_above_it_or_none() -> None:
    found = traces_of(
        *("Allocated by task 7:", " a+0x1/0x2", "", "Freed in b+0x1/0x2 age=1 cpu=0 pid=2"),
        *(" c+0x1/0x2", "one", "two", "three", " d+0x1/0x2"),
    )
    assert shape(found)[:2] == [
        ("Allocated by task 7", "task", ["a"]),
        ("Freed in b+0x1/0x2 age=1 cpu=0 pid=2", "task", ["c", "d"]),
    ]


@pytest.mark.parametrize(
    "title",
    [
        "Allocated by task 94",
        "Freed in cm_uaf_write+0x32/0x70 [crashme] age=2 cpu=1 pid=94",
        "allocated by task 507 on cpu 0 at 3.5s",
        "Last potentially related work creation",
        "page last free stack trace",
        "Uninit was created at",
        "-> #1 (&x){+.+.}-{3:3}",
        "{HARDIRQ-ON-W} state was registered at",
    ],
)
def test_a_stack_kept_from_before_is_known_by_its_title(title: str) -> None:
    assert is_secondary(title)


@pytest.mark.parametrize(
    "title", ["", "Call Trace", "stack backtrace", "read to 0x1 of 8 bytes by task 1 on cpu 0"]
)
def test_where_a_report_was_made_is_not_kept_from_before(title: str) -> None:
    assert not is_secondary(title)
