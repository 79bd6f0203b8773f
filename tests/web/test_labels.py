"""What stands in the margin of a log, on logs of the example kernel."""

from pathlib import Path

import pytest

from sitegen.crash.log import parse
from sitegen.web.directives.labels import label, place_of

LOGS = Path(__file__).parent.parent.parent / "content" / "_kernel" / "logs"


def glosses(name: str, kind: str) -> list[str]:
    report = parse((LOGS / f"{name}.log").read_text()).reports[0]
    found = [label(report, section)[1] for section in report.sections if section.kind == kind]
    return list(dict.fromkeys(found))


def test_registers_of_the_crash_the_interrupted_and_the_process_are_told_apart() -> None:
    assert glosses("irq", "registers") == [
        "at the crash",
        "of what was interrupted",
        "the process's, saved on entry",
    ]


def test_code_bytes_are_told_apart_too() -> None:
    assert glosses("irq", "code") == [
        "bytes around the PC",
        "bytes around the interrupted PC",
        "bytes around the process's PC",
    ]


def test_a_panic_from_a_system_call_shows_the_process_alone() -> None:
    assert set(glosses("sysrq", "registers")) == {"the process's, saved on entry"}


SLUB = """\
[    3.7] BUG kmalloc-64 (Tainted: G           OE     ): Poison overwritten
[    3.7] Allocated in cm_node_new+0x22/0xb0 [crashme] age=2 cpu=1 pid=94
[    3.7]  kmalloc_trace+0x26/0x90
[    3.7]  cm_node_new+0x22/0xb0 [crashme]
[    3.7] Freed in cm_uaf_write+0x32/0x70 [crashme] age=2 cpu=1 pid=94
[    3.7]  cm_write+0x6b/0xb0 [crashme]
[    3.7] Slab 0xfffff6aac07f3800 objects=16 used=11 fp=0xffff894edfce0440
[    3.7] Call Trace:
[    3.7]  dump_stack_lvl+0x44/0x5c
[    3.7]  check_object+0x22b/0x280
"""


def test_each_stack_kept_from_before_is_a_section_called_after_its_function() -> None:
    report = parse(SLUB).reports[0]
    traces = [section for section in report.sections if section.kind == "trace"]
    assert [label(report, section) for section in traces] == [
        ("Allocated in cm_node_new [crashme]", "newest first; 2 frames"),
        ("Freed in cm_uaf_write [crashme]", "newest first; 1 frame"),
        ("Call trace", "newest first; 2 frames"),
    ]


def test_a_long_title_of_a_stack_is_cut_between_words() -> None:
    title = "page last allocated via order 0, migratetype Unmovable, gfp_mask 0xcc0, pid 1"
    lines = ["BUG: Bad page state in process sh  pfn:1", title, " get_page+0x1/0x2"]
    report = parse("".join(f"[    3.7] {line}\n" for line in lines)).reports[0]
    section = next(one for one in report.sections if one.kind == "trace")
    name, _ = label(report, section)
    assert name == "page last allocated via order 0, migratetype Unmovable..."


@pytest.mark.parametrize(
    ("kind", "verb", "noun"),
    [
        ("hung-task", "blocked", "wait"),
        ("soft-lockup", "running", "lockup"),
        ("rcu-stall", "running", "stall"),
        ("refcount", "warned", "warning"),
        ("slub", "noticed", "report"),
        ("panic", "panicked", "panic"),
        ("null-deref", "crashed", "crash"),
        ("", "crashed", "crash"),
    ],
)
def test_the_place_is_called_after_the_kind(kind: str, verb: str, noun: str) -> None:
    assert place_of(kind) == (verb, noun)
    assert place_of(kind, panics=True) == ("panicked", "panic")
