"""Dumps of the CPU's state: whose registers, PC and code they are."""

from sitegen.crash.log import parse
from sitegen.model import State, Symbol


def states_of(*lines: str) -> tuple[State, ...]:
    (report,) = parse("\n".join(lines)).reports
    return report.states


OLD_X86 = (
    *("general protection fault: 0000 [#1] SMP", "RIP: 0010:f+0x5/0x10"),
    *("RSP: 0018:ffff8801db407e88 EFLAGS: 00010086", "RAX: 0000000000000001 RBX: 0000000000000002"),
    *("Call Trace:", " <IRQ>", " g+0x1/0x2", " </IRQ>", "RIP: 0010:idle+0x5/0x10"),
    *("RSP: 0018:ffff8801ce13fac8 EFLAGS: 00000246", "RAX: 0000000000000003 RBX: 0000000000000004"),
    *(" h+0x1/0x2", " entry_SYSCALL_64_fastpath+0x1f/0x96", "RIP: 0033:0x452a09"),
    *("RSP: 002b:00007f6b9af6ac58 EFLAGS: 00000212 ORIG_RAX: 0000000000000029",),
    *("RAX: ffffffffffffffda RBX: 0000000000000000", "Code: 0f 1f 80 00 <0f> 0b 5d c3"),
)


def test_the_code_below_a_processs_registers_is_the_kernels() -> None:
    crash, interrupted, process = states_of(*OLD_X86)
    assert (crash.pc and crash.pc.symbol, crash.code and crash.code.mark) == (
        Symbol("f", 5, 0x10),
        4,
    )
    assert (interrupted.code, process.user, process.code) == (None, True, None)


def test_a_pc_repeated_below_the_code_is_no_dump_of_its_own() -> None:
    for summary in (
        ("RIP: f+0x5/0x10 RSP: ffff8801db407e88", "CR2: 0000000000000010"),
        ("RIP  [<ffffffff81234567>] f+0x5/0x10", " RSP <ffff8801db407e88>"),
    ):
        assert states_of(*OLD_X86, *summary) == states_of(*OLD_X86)


def test_the_code_right_below_a_processs_pc_is_the_processs() -> None:
    kernel, process = states_of(
        *("BUG: unable to handle page fault for address: 0", "RIP: 0010:f+0x5/0x10"),
        *("Code: 0f 1f <0f> 0b", "RSP: 0018:ffff8801db407e88 EFLAGS: 00010086", "Call Trace:"),
        *(" g+0x1/0x2", "RIP: 0033:0x452a09", "Code: 48 3d <f0> ff", "RSP: 002b:00007f6b9af6ac58"),
    )
    assert (process.user, process.code and process.code.data) == (True, bytes.fromhex("483df0ff"))
    assert kernel.code is not None
    assert kernel.code.data == bytes.fromhex("0f1f0f0b")


def test_a_machine_check_says_where_the_processor_was() -> None:
    text = (
        "mce: [Hardware Error]: CPU 0: Machine Check Exception: 5 Bank 4: be00000000000135\n"
        "mce: [Hardware Error]: RIP{} {}:<ffffffff812345eb> {}\n"
        "Kernel panic - not syncing: Fatal machine check\nCall Trace:\n entry_SYSCALL_64+0x1/0x2\n"
    )
    (kernel,) = states_of(text.format(" !INEXACT!", "10", "{f+0xb/0x10}"))
    assert (kernel.user, kernel.pc and kernel.pc.symbol) == (False, Symbol("f", 0xB, 0x10))
    (process,) = states_of(text.format("", "33", ""))
    assert (process.user, process.pc and process.pc.address) == (True, 0xFFFFFFFF812345EB)


def arm(frame: str, psr: str) -> tuple[State, ...]:
    return states_of(
        *("Internal error: Oops: 5 [#1] SMP ARM", "PC is at f+0x24/0x5c", "pc : [<c0101234>]"),
        *("Backtrace: ", f" {frame} from g+0x20/0x2c", "Exception stack(0xc8d5dd10 to 0xc8d5dd58)"),
        "dd00:                                     00000100 00000101 00000102 00000103",
        "dd20: 00000104 00000105 00000106 00000107 00000108 00000109 0000010a 0000010b",
        f"dd40: 0000010c 0000010d 0000010e c0105678 {psr} ffffffff",
        " h from i+0x1/0x2",
    )


def test_an_exception_stack_of_arm_holds_the_registers_it_names() -> None:
    _, saved = arm("__irq_svc", "600f0013")
    assert (saved.user, saved.pc and saved.pc.address) == (False, 0xC0105678)
    assert {one.name: one.value for one in saved.registers}["lr"] == 0x10E
    assert arm("__dabt_usr", "600f0010")[1].user


def test_an_exception_stack_whose_mode_is_none_is_left_alone() -> None:
    assert len(arm("__irq_svc", "600f0005")) == 1


def test_the_stack_of_a_system_call_begins_with_its_last_arguments() -> None:
    _, saved = arm("ret_fast_syscall", "00000000")
    assert (saved.user, saved.registers[0].value) == (True, 0x102)


def test_riscv_tells_a_processs_registers_by_its_status() -> None:
    lines = (
        *("Unable to handle kernel paging request at virtual address 0000000000000010",),
        *("epc : f+0x1c/0x3e ra : g+0x1/0x2", "status: {} badaddr: 0000000000000010"),
        *(" cause: 000000000000000d", "Call Trace:", " f+0x1c/0x3e", " g+0x1/0x2"),
    )
    for status, user in (("0000000200000120", False), ("0000000200004020", True)):
        (state,) = states_of("\n".join(lines).format(status).replace("\n cause", " cause"))
        assert state.user == user


def test_a_stack_of_many_rows_ends_no_report() -> None:
    rows = [f"{0xC000 + 32 * row:04x}: " + "00000000 " * 8 for row in range(200)]
    (report,) = parse(
        "\n".join(
            (
                *(
                    "Internal error: Oops: 5 [#1] SMP ARM",
                    "PC is at f+0x24/0x5c",
                    "pc : [<c0101234>]",
                ),
                *("Stack: (0xc8d5c000 to 0xc8d5e000)", *rows, " f from g+0x20/0x2c"),
            )
        )
    ).reports
    assert [frame.symbol for trace in report.traces for frame in trace.frames] == [
        Symbol("g", 0x20, 0x2C)
    ]
    assert report.states[0].last == 204


def test_a_dump_that_another_cpu_breaks_into_is_one() -> None:
    first, second = states_of(
        *("general protection fault: 0000 [#1] SMP", "RIP: 0010:f+0x5/0x10", " ? a+0x1/0x2"),
        *("RSP: 0018:ffff8801db407e88 EFLAGS: 00010086", " ? b+0x1/0x2", " ? c+0x1/0x2"),
        *("RAX: 0000000000000001 RBX: 0000000000000002", " ? d+0x1/0x2"),
        *("R13: 0000000000000003 R14: 0000000000000004", "CR2: 0000000000000010"),
        *("RIP: 0010:g+0x5/0x10", "RSP: 0018:ffff8801db407e88 EFLAGS: 00010086"),
    )
    names = [register.name for register in first.registers]
    assert names == ["RSP", "EFLAGS", "RAX", "RBX", "R13", "R14", "CR2"]
    assert (second.pc and second.pc.symbol) == Symbol("g", 5, 0x10)


def test_what_functions_of_arm_pushed_is_no_dump() -> None:
    states = states_of(
        *("WARNING: CPU: 0 PID: 9 at a.c:12 f+0x1/0x2", "Backtrace: "),
        *("[<c0101230>] (f) from [<c0101234>] (g+0x1/0x2)", " r9:600f0193 r8:ffffffff r7:00000000"),
        *("[<c0101230>] (g) from [<c0101234>] (h+0x1/0x2)", " r5:00000000 r4:81260dfc"),
    )
    assert states == ()


def test_a_pc_that_is_null_is_an_address() -> None:
    for place in (
        "          (null)",
        "[<          (null)>]  [<          (null)>]           (null)",
    ):
        (state,) = states_of(
            *("BUG: unable to handle kernel NULL pointer dereference at 0", f"RIP: 0010:{place}"),
            *("Code: Bad RIP value.", "RSP: 0018:ffff8801afb4f3a0 EFLAGS: 00010246"),
        )
        assert (state.pc and state.pc.address, len(state.registers)) == (0, 2)
