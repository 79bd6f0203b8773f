"""What a log is compared by."""

from pathlib import Path

import msgspec
import pytest

from sitegen.crash.analyse import analyse
from sitegen.crash.log import parse
from sitegen.crash.similar import fingerprint, fingerprint_of
from sitegen.crash.similar.fingerprint import MOST_FRAMES, culprit
from sitegen.model import Call, Fingerprint, LogEvidence, ReportEvidence, Trace, TraceFrame
from tests.crash.log.golden import paths, read_golden

NULL = """\
[    1.0] BUG: kernel NULL pointer dereference, address: 0000000000000008
[    1.0] #PF: supervisor read access in kernel mode
[    1.0] Oops: 0000 [#1] PREEMPT SMP
[    1.0] CPU: 1 PID: 92 Comm: sh Not tainted 6.1.0-test #1
[    1.0] RIP: 0010:lamp_set.isra.0+0x1b/0x30 [lamp]
[    1.0] Call Trace:
[    1.0]  <TASK>
[    1.0]  lamp_write+0x6b/0xb0 [lamp]
[    1.0]  ? stray+0x1/0x20
[    1.0]  vfs_write+0xc7/0x3f0
[    1.0]  ksys_write+0x6b/0xf0
[    1.0]  __x64_sys_write+0x1d/0x20
[    1.0]  do_syscall_64+0x5d/0xb0
[    1.0]  entry_SYSCALL_64_after_hwframe+0x6e/0xd8
[    1.0]  </TASK>
[    1.0] ---[ end trace 0000000000000000 ]---
"""


def test_frames_are_those_that_count_innermost_first() -> None:
    assert fingerprint(parse(NULL)) == Fingerprint(
        title="BUG: unable to handle kernel NULL pointer dereference in lamp_set",
        alt_titles=("bad-access in lamp_set",),
        kind="null-deref",
        function="lamp_set",
        frames=("lamp_set", "lamp_write", "vfs_write", "ksys_write", "sys_write"),
    )


def test_a_text_without_a_report_has_an_empty_fingerprint() -> None:
    assert fingerprint(parse("all is well\n")) == Fingerprint()


def test_a_trace_that_is_doubted_as_a_whole_is_taken() -> None:
    doubted = NULL.replace("  lamp_write", "  ? lamp_write").replace("  vfs", "  ? vfs")
    doubted = doubted.replace("  ksys", "  ? ksys").replace("  __x64", "  ? __x64")
    doubted = doubted.replace("  do_sys", "  ? do_sys").replace("  entry", "  ? entry")
    assert fingerprint(parse(doubted)).frames == (
        *("lamp_set", "lamp_write", "stray", "vfs_write", "ksys_write", "sys_write"),
    )


def test_frames_of_a_later_crash_follow() -> None:
    second = NULL.replace("lamp_set.isra.0", "fan_set").replace("lamp_write", "fan_write")
    second = second.replace("[#1]", "[#2]")
    found = fingerprint(parse(NULL + second))
    assert found.title.endswith("in lamp_set")
    assert found.frames[-2:] == ("fan_set", "fan_write")


def test_a_stack_that_something_printed_is_left_out_where_there_is_a_crash() -> None:
    printed = (
        "[    0.5] Call Trace:\n[    0.5]  hello_init+0x1/0x20\n[    0.5]  hello_more+0x1/0x20\n"
    )
    assert "hello_init" in fingerprint(parse(printed)).frames
    assert "hello_init" not in fingerprint(parse(printed + "\n" * 60 + NULL)).frames


def test_without_frames_the_function_is_the_titles() -> None:
    found = fingerprint(parse("[    1.0] BUG: KASAN: use-after-free in fan_put+0x1/0x20\n"))
    assert (found.function, found.frames) == ("fan_put", ())


def test_a_log_of_a_thousand_functions_has_a_bounded_fingerprint() -> None:
    frames = "".join(f"[    1.0]  f{number}+0x1/0x20\n" for number in range(1000))
    found = fingerprint(
        parse(NULL.replace("[    1.0]  lamp_write", f"{frames}[    1.0]  lamp_write"))
    )
    assert len(found.frames) == MOST_FRAMES


@pytest.mark.parametrize(
    ("kind", "names", "function"),
    [
        ("null-deref", ["memcpy", "kfree", "lamp_write", "vfs_write"], "lamp_write"),
        ("hung-task", ["__schedule", "schedule", "mutex_lock", "lamp_open"], "lamp_open"),
        # What the timer interrupted, and of that what the anchor called.
        (
            "soft-lockup",
            [
                *("rip", "watchdog_timer_fn", "asm_sysvec_apic_timer_interrupt"),
                *("lamp_leaf", "lamp_ioctl", "vfs_ioctl"),
            ],
            "lamp_ioctl",
        ),
        ("panic", ["panic", "dump_stack"], ""),
    ],
)
def test_the_culprit_neither_reports_nor_waits(kind: str, names: list[str], function: str) -> None:
    assert culprit(kind, names) == function


@pytest.mark.parametrize("path", paths(), ids=lambda path: path.stem)
def test_a_log_and_its_evidence_without_an_image_are_compared_by_the_same(path: Path) -> None:
    log = parse(read_golden(path).text)
    found = fingerprint_of(analyse(log, id="panic-1", sha256=""))
    assert msgspec.structs.replace(found, letters="") == fingerprint(log)


def decoded() -> LogEvidence:
    def frame(line: int, symbol: str, *calls: str) -> TraceFrame:
        given = tuple(Call(call, "f.c", 1, inlined=True) for call in calls)
        return TraceFrame(
            line=line, symbol=symbol, reliable=True, calls=(*given, Call(symbol, "f.c", 2))
        )

    report = ReportEvidence(
        title="BUG: something in lamp_set",
        kind="bug",
        crash=True,
        pc=frame(1, "lamp_set", "lamp_check", "arch_set_bit"),
        traces=(Trace("Call Trace", "task", 2, (frame(3, "lamp_write"), frame(4, "vfs_write"))),),
    )
    return LogEvidence("panic-1", "", reports=(report,))


def test_what_is_inlined_is_kept_apart() -> None:
    found = fingerprint_of(decoded())
    assert found.frames == ("lamp_set", "lamp_write", "vfs_write")
    assert found.inlined == ("lamp_check", "arch_set_bit")


def test_the_letters_of_the_chain_stand_beside_the_frames() -> None:
    found = fingerprint_of(analyse(parse(NULL), id="panic-1", sha256=""))
    assert len(found.letters) == len(found.frames)
    assert dict(zip(found.frames, found.letters, strict=True))["sys_write"] == "S"
