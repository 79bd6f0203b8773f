"""Whole logs explained: what is told where, and what holds for every text."""

import itertools
import json
import random
from pathlib import Path

import pytest

from sitegen.crash.explain import explain, explain_log
from sitegen.crash.log import parse
from sitegen.model import CrashLog, Explanation, Instruction, State
from tests.crash.log.golden import FOLDER, paths, read_golden


def golden(name: str) -> CrashLog:
    return parse(read_golden(FOLDER / f"{name}.txt").text)


def words(log: CrashLog) -> dict[str, Explanation]:
    """By the word itself, the first of each."""
    found: dict[str, Explanation] = {}
    for one in explain_log(log)[0]:
        word = log.lines[one.at.line - 1][one.at.column - 1 : one.at.end - 1]
        found.setdefault(word, one)
    return found


def registers(log: CrashLog, *, user: bool = False) -> dict[str, str]:
    """What is said in brief of the registers of the first dump."""
    state = next(one for report in log.reports for one in report.states if one.user == user)
    told = {(one.at.line, one.at.column): one.brief for one in explain_log(log)[0]}
    return {
        one.name: told[one.at.line, one.at.column]
        for one in state.registers
        if told.get((one.at.line, one.at.column))
    }


def instructions(log: CrashLog, state: State) -> tuple[Instruction, ...]:
    """Those of the state's `Code:` line."""
    assert state.code is not None
    line = state.code.at.line
    return next((one.instructions for one in explain_log(log)[1] if one.line == line), ())


def marked(log: CrashLog, *, user: bool = False) -> Instruction:
    report = log.reports[0]
    state = next(one for one in report.states if one.user == user and one.code)
    return next(one for one in instructions(log, state) if one.mark)


# --- The fault --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "address", "said"),
    [
        ("x86_64/null-read", "0000000000000028", "reads 4 bytes at RAX + 0x28 = 0x28"),
        ("x86_64/gpf", "0xdead000000000128", "RAX is 0xdead000000000100, LIST_POISON1"),
        ("x86_64/uaf", "0x6b6b6b6b6b6b6b93", "slab poison 0x6b: a freed object"),
        ("x86_64/memcpy", "ffff888f12345000", "reads 1 byte at RSI"),
        ("x86_64/null-exec", "0000000000000000", "The CPU was to run code at 0x0"),
        ("arm64/null-read", "0000000000000028", "x0 is 0x0, a NULL pointer: offset 0x28"),
        ("arm64/gpf", "dead000000000128", "LIST_POISON1"),
        ("arm64/user-read-cpu-max", "0000ffffb35eb000", "an address of user space"),
        ("arm/null-deref", "00000008", "r4 is 0x0, a NULL pointer: offset 0x8"),
        ("i386/null-deref", "00000014", "EBX is 0x0, a NULL pointer: offset 0x14"),
        (
            "riscv/null-deref",
            "0000000000000028",
            "0x28 is no pointer: mostly the offset of a member",
        ),
    ],
)
def test_the_address_of_a_fault_is_explained_from_the_instruction(
    name: str, address: str, said: str
) -> None:
    found = words(golden(name))[address]
    assert said in found.text
    assert found.weight == "misleading"


def test_nothing_is_said_of_an_access_that_does_not_add_up() -> None:
    text = read_golden(FOLDER / "x86_64/null-read.txt").text
    log = parse(text.replace("RAX: 0000000000000000", "RAX: ffff888000001000", 1))
    found = words(log)["0000000000000028"]
    assert "RAX" not in found.text
    assert "0x28 is no pointer" in found.text
    assert "at RAX + 0x28 =" not in marked(log).note


def test_the_register_that_was_followed_is_the_one_that_misleads() -> None:
    log = golden("x86_64/uaf")
    assert registers(log)["RAX"] == "slab poison 0x6b: a freed object"


def test_a_page_fault_of_another_time_is_not_this_one() -> None:
    assert registers(golden("x86_64/gpf"))["CR2"] == "of another page fault"
    assert registers(golden("x86_64/null-read"))["CR2"] == "the address that faulted"


def test_what_the_process_handed_over_is_found_again_in_the_kernel() -> None:
    assert registers(golden("x86_64/null-read"))["R12"] == "`buf` of write()"


def test_an_address_of_the_image_is_given_as_it_is_in_vmlinux() -> None:
    assert registers(golden("x86_64/null-read"))["R11"] == (
        "in the kernel image; 0xffffffff82ad4448 in vmlinux"
    )


def test_the_stack_is_told_by_the_stack_pointer() -> None:
    assert registers(golden("x86_64/null-read"))["RBP"] == "the stack, 0x20 above the stack pointer"


# --- Code -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "text", "note"),
    [
        ("x86_64/null-read", "movl 0x28(%rax), %eax", "reads 4 bytes at RAX + 0x28 = 0x28"),
        ("x86_64/div", "idivl %esi", "divides by ESI = 0x0"),
        ("x86_64/ud2", "ud2", "no BUG() or WARN() put there"),
        ("x86_64/bug", "ud2", "BUG()"),
        ("x86_64/warn", "ud2", "WARN()"),
        ("arm64/bug", "brk #0x800", "BUG()"),
        ("arm64/int3", "brk #0x1234", "a breakpoint, number 0x1234"),
        ("arm64/null-read", "ldr w0, [x0, #0x28]", "reads 4 bytes at x0 + 0x28 = 0x28"),
        ("arm/null-deref", "ldr r3, [r4, #8]", "reads 4 bytes at r4 + 0x8 = 0x8"),
        ("i386/null-deref", "movl 0x14(%ebx), %eax", "reads 4 bytes at EBX + 0x14 = 0x14"),
        ("mips/paging", "lw $v0, 0x10($v0)", "reads 4 bytes at $2 + 0x10 = 0x10; $2 is 0x0"),
        ("powerpc/paging", "lwz r9, 0x10(r9)", ""),
    ],
)
def test_the_marked_instruction_says_what_it_did(name: str, text: str, note: str) -> None:
    one = marked(golden(name))
    assert one.text == text
    assert note in one.note


def test_a_breakpoint_stands_before_the_byte_that_the_cpu_reports() -> None:
    log = golden("x86_64/int3")
    report = log.reports[0]
    [note] = [one for one in instructions(log, report.states[0]) if "breakpoint" in one.note]
    assert note.text == "int3"
    assert not note.mark


def test_what_loaded_the_bad_pointer_is_pointed_out() -> None:
    log = golden("x86_64/null-read")
    report = log.reports[0]
    notes = [one for one in instructions(log, report.states[0]) if one.note == "sets RAX"]
    assert [one.text for one in notes] == ["movq 0x46fc(%rip), %rax"]


def test_jumps_within_the_function_name_it() -> None:
    log = golden("x86_64/warn")
    report = log.reports[0]
    texts = [one.text for one in instructions(log, report.states[0])]
    assert "je cm_warn+0x16" in texts


def test_the_process_s_code_is_said_to_be_the_process_s() -> None:
    log = golden("x86_64/sysrq-c-kaslr")
    report = log.reports[0]
    notes = [one.note for one in instructions(log, report.states[0]) if one.note]
    assert notes == [
        "1 is write",
        "the way into the kernel: write",
        "where the process goes on when the call returns",
    ]
    assert any("not of the kernel" in one.text for one in words(log).values())


def test_machines_without_a_decoder_show_no_instructions_and_say_so() -> None:
    log = golden("loongarch/paging")
    assert explain_log(log)[1] == ()
    assert "no decoder for loongarch64 is at hand" in words(log)["Code"].text


# --- The process ------------------------------------------------------------------------------


def test_the_system_call_is_read_from_the_process_s_registers() -> None:
    found = registers(golden("x86_64/sysrq-c-kaslr"), user=True)
    assert found["ORIG_RAX"].startswith("system call 1: write(fd=1, buf=0x")
    assert found["ORIG_RAX"].endswith(", count=2)")
    assert found["RAX"] == "-38, -ENOSYS until the call returns"
    assert found["RDI"] == "fd 1, standard output unless redirected"


def test_a_number_of_i386_is_another_call() -> None:
    assert registers(golden("i386/null-deref"), user=True) == {}
    text = read_golden(FOLDER / "x86_64/sysrq-c-kaslr.txt").text
    log = parse(text.replace("RIP: 0033:0x47b7a0", "RIP: 0023:0xf7f1f559"))
    assert registers(log, user=True)["ORIG_RAX"].startswith("system call 1: exit(status=")


def test_a_process_that_was_interrupted_made_no_call() -> None:
    text = read_golden(FOLDER / "x86_64/sysrq-c-kaslr.txt").text
    log = parse(text.replace("ORIG_RAX: 0000000000000001", "ORIG_RAX: ffffffffffffffff"))
    assert registers(log, user=True)["ORIG_RAX"] == "no system call"
    assert "RDI" not in registers(log, user=True)


# --- Where to look ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("x86_64/sysrq-c-kaslr", "panic() was called by `sysrq_handle_crash`"),
        ("x86_64/vfs-no-root", "panic() was called by `mount_block_root`"),
        ("x86_64/hung-mutex", "called by `cm_"),
        ("x86_64/softlockup", "The CPU was in `cm_softlockup` when it was looked at"),
        ("x86_64/memcpy", "on behalf of `cm_memcpy`"),
        ("x86_64/uaf-write", "allocated by `cm_node_new` and freed by `cm_uaf_write`"),
        ("arm64/null-exec", "`cm_null_exec` called it (the link register)"),
    ],
)
def test_the_function_to_look_at_is_named(name: str, said: str) -> None:
    assert any(said in one.text for one in explain_log(golden(name))[0])


def test_a_call_that_never_returns_has_its_address_in_the_next_function() -> None:
    log = golden("arm64/sysrq-c-kaslr")
    assert any(one.text.startswith("Offset 0:") for one in words(log).values())


def test_a_second_dump_of_the_same_registers_is_said_to_be_that() -> None:
    told = [one.text for one in explain_log(golden("x86_64/null-read"))[0]]
    assert sum("once more" in text for text in told) == 1


# --- Laws -------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", paths(), ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_words_are_in_order_apart_and_where_they_say(path: Path) -> None:
    log = parse(read_golden(path).text)
    for report in log.reports:
        found = explain(log, report)
        places = [(one.at.line, one.at.column) for one in found]
        assert places == sorted(set(places))
        for one, after in itertools.pairwise(found):
            assert one.at.line < after.at.line or one.at.end <= after.at.column
        for one in found:
            assert report.first <= one.at.line <= report.last
            assert 1 <= one.at.column < one.at.end <= len(log.lines[one.at.line - 1]) + 1
            assert one.text
            assert one.text[-1] in ".…"
    assert explain_log(log) == explain_log(parse(read_golden(path).text))


def test_every_report_of_a_crash_has_something_explained() -> None:
    for path in paths():
        log = parse(read_golden(path).text)
        for report in log.reports:
            if report.crash:
                assert explain(log, report), path.stem


def test_no_text_whatever_raises() -> None:
    chance = random.Random(7)
    for path in paths():
        lines = read_golden(path).text.split("\n")
        for _ in range(3):
            mixed = list(lines)
            chance.shuffle(mixed)
            damaged = "\n".join(
                line[: chance.randrange(len(line) + 1)] if chance.random() < 0.3 else line
                for line in (mixed if chance.random() < 0.5 else lines)
            )
            explain_log(parse(damaged))
            flipped = "".join(
                chance.choice("0123456789abcdef<>()[]: \x1b") if chance.random() < 0.02 else one
                for one in damaged
            )
            explain_log(parse(flipped))


def test_a_console_of_many_crashes_is_explained_up_to_a_bound() -> None:
    text = read_golden(FOLDER / "x86_64/null-read.txt").text
    few, many = (len(explain_log(parse(text * count))[0]) for count in (60, 240))
    assert few == many


def test_colours_of_a_terminal_do_not_move_the_words() -> None:
    log = golden("x86_64/form-ansi")
    for word, one in words(log).items():
        assert "\x1b" not in word or one.brief


# --- What must not be said ----------------------------------------------------------------------


def fault(code: str, address: str, **values: str) -> str:
    """What is said of an access by `code` to `address` with these registers."""
    dump = "".join(f"{name.upper()}: {value:>016} " for name, value in values.items())
    log = parse(
        f"BUG: unable to handle page fault for address: {address:>016}\n"
        "#PF: supervisor read access in kernel mode\n"
        "Oops: 0000 [#1] PREEMPT SMP\n"
        "CPU: 0 PID: 1 Comm: init Not tainted 6.1.9 #1\n"
        f"RIP: 0010:f+0x1/0x20\nCode: 90 {code}\n"
        f"RSP: 0018:ffffc90000003000 EFLAGS: 00010246\n{dump}\n"
        "Call Trace:\n <TASK>\n g+0x1/0x2\n entry_SYSCALL_64_after_hwframe+0x6e/0xd8\n"
    )
    found = words(log)
    return next((one.text for word, one in found.items() if word.endswith(address)), "")


def test_of_two_registers_none_is_blamed_for_being_small() -> None:
    said = fault("<8b> 04 08", "ffff888000000040", rax="ffff888000000000", rcx="40", rdx="0")
    assert "reads 4 bytes at RAX + RCX = 0xffff888000000040" in said
    assert "NULL" not in said


def test_a_look_up_of_kasan_is_told_from_the_access_that_it_is_for() -> None:
    said = fault("<80> 3c 02 00", "dffffc0000000005", rax="dffffc0000000000", rdx="5", rcx="0")
    assert "KASAN looks there before an access to 0x28, near NULL" in said


def test_a_negative_number_is_no_address_of_user_space() -> None:
    said = fault("<8b> 40 04", "ffffff8e", rax="ffffff8a", rcx="0", rdx="0")
    assert "RAX is 0xffffff8a, no pointer: -118 in 32 bits" in said


def test_a_frame_at_offset_0_is_explained_only_below_what_never_returns() -> None:
    lines = (
        "Kernel panic - not syncing: x\nCPU: 0 PID: 1 Comm: a Not tainted 6.1.9 #1\nCall Trace:\n"
    )
    above = parse(f"{lines} panic+0x1/0x20\n after+0x0/0x30\n ret_from_fork+0x1/0x2\n")
    assert any(one.text.startswith("Offset 0") for one in explain_log(above)[0])
    assert any("the function before `after`" in one.text for one in explain_log(above)[0])
    other = parse(f"{lines} panic+0x1/0x20\n g+0x4/0x8\n after+0x0/0x30\n")
    assert not any(one.text.startswith("Offset 0") for one in explain_log(other)[0])


# --- Habits -----------------------------------------------------------------------------------


def notes_of(
    code: str, *, kind: str = "BUG: kernel NULL pointer dereference, address: 0000000000000028"
) -> dict[str, str]:
    """Notes by instruction, of code at +0x10 of a function."""
    log = parse(
        f"{kind}\nOops: 0000 [#1] PREEMPT SMP\nCPU: 0 PID: 1 Comm: init Not tainted 6.1.9 #1\n"
        f"RIP: 0010:f+0x10/0x60\nCode: {code}\n"
        "RSP: 0018:ffffc90000003000 EFLAGS: 00010246\n"
        "RAX: 0000000000000007 RBX: 0000000000000009 RCX: 0000000000000000\n"
        "Call Trace:\n <TASK>\n g+0x1/0x2\n entry_SYSCALL_64_after_hwframe+0x6e/0xd8\n"
    )
    [report] = log.reports
    return {one.text: one.note for one in instructions(log, report.states[0])}


def test_room_for_tracing_and_static_keys_is_named() -> None:
    entry = "f3 0f 1e fa 0f 1f 44 00 00 55 48 89 e5 53 66 90"
    notes = notes_of(f"{entry} <8b> 40 28 0f 1f 44 00 00 c3")
    assert "IBT" in notes["endbr64"]
    # Of two with the same text the later one is kept.
    assert "static key" in notes["nopl (%rax, %rax)"]
    notes = notes_of(f"{entry} <8b> 40 28 c3")
    assert "ftrace" in notes["nopl (%rax, %rax)"]


def test_a_breakpoint_in_place_of_the_first_byte_is_a_kprobe() -> None:
    notes = notes_of("cc 48 89 e5 53 48 89 e5 53 48 89 e5 53 90 90 90 <8b> 40 28")
    assert "kprobe" in notes["int3"]


def test_registers_that_are_compared_are_shown_with_their_values() -> None:
    notes = notes_of("90 90 90 90 90 90 90 90 90 90 90 90 90 90 90 90 <48> 39 d8 74 02")
    assert notes["cmpq %rbx, %rax"] == "RBX = 0x9, RAX = 0x7"


def test_an_instruction_that_the_dump_cuts_off_is_said_to_be_cut() -> None:
    notes = notes_of("90 90 90 90 90 90 90 90 90 90 90 90 90 90 90 90 <48>")
    assert notes[""].startswith("no whole instruction")


def test_a_dump_wrapped_by_a_terminal_reads_as_one_line_does() -> None:
    wrapped, whole = (explain_log(golden(f"x86_64/form-{name}"))[1] for name in ("wrapped", "crlf"))
    assert [one.instructions for one in wrapped] == [one.instructions for one in whole]


def test_reports_in_one_line_of_a_journal_are_each_explained_from_their_own_records() -> None:
    texts = (
        (
            "BUG: unable to handle page fault for address: 0000000000000008\nRIP: 0010:one+0x1/0x2\n"
            "Code: 90 90 <90> 90\nCall Trace:\n ? two+0x1/0x2\n---[ end trace 0 ]---\n"
        ),
        (
            "BUG: KASAN: slab-use-after-free in three+0x1/0x2\nRead of size 8 at addr 8 by task sh/1\n"
            "RIP: 0010:three+0x1/0x2\nCall Trace:\n ? four+0x1/0x2\n---[ end trace 0 ]---\n"
        ),
    )
    log = parse(json.dumps({"textPayload": "".join(texts)}))
    alone = [parse(json.dumps({"textPayload": text})) for text in texts]
    assert len(log.reports) == len(texts)
    for report, other in zip(log.reports, alone, strict=True):
        found = explain(log, report)
        assert [one.text for one in found] == [one.text for one in explain(other, other.reports[0])]
        assert report.columns is not None
        begin, end = report.columns
        assert all(begin <= one.at.column <= end + 40 for one in found)
